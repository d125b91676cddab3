/* sqltext_fuzz.c: whatever text is cut, its statements stand in order inside it, a hash
 * does not change when white space is added at both ends, and reading ends. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sqltext/sqltext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_statements(const char *text, size_t size)
{
    struct sc__sql_scan scan = sc__sql_begin(text, size);
    struct sc__sql_statement one;
    size_t end = 0;
    while (sc__sql_next(&scan, &one)) {
        check(one.start >= end && one.size > 0 && one.ntokens > 0);
        check(one.start + one.size <= one.end && one.end <= size);
        end = one.end;
    }
    check(!scan.error || scan.error_at < size);
}

static void check_hash(const char *text, size_t size)
{
    char plain[SC__SQL_HASH_SIZE], padded[SC__SQL_HASH_SIZE];
    char *more = malloc(size + 5);
    check(more != NULL);
    more[0] = '\n';
    memcpy(more + 1, text, size);
    memcpy(more + 1 + size, "\n \n", 4);
    sc__sql_hash(text, size, plain);
    sc__sql_hash(more, size + 4, padded);
    struct sc__sql_scan scan = sc__sql_begin(text, size);
    while (sc__sql_token(&scan).kind != SC__SQL_END && !scan.error)
        continue;
    bool mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    check(scan.error || mark || strcmp(plain, padded) == 0);
    free(more);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    size_t line, column;
    check(text != NULL);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    check_statements(text, size);
    check_hash(text, size);
    size_t bad = sc__sql_bad_utf8(text, size);
    check(bad <= size);
    sc__sql_place(text, bad, &line, &column);
    check(line > 0 && column > 0);
    check(sc__sql_character(text, size, 2) <= size);
    free(text);
    return 0;
}
