/* text.c: the hash of a text's tokens, and places in it. Must not know of statements. */
#include "sqltext.h"

#include <sys/types.h>
#include <sha256.h>
#include <stdint.h>
#include <string.h>

/* ---- hash -------------------------------------------------------------------------- */

static void add_word(SHA256_CTX *sha, const char *s, size_t n)
{
    uint8_t low[64];
    while (n > 0) {
        size_t part = n < sizeof low ? n : sizeof low;
        for (size_t i = 0; i < part; i++) {
            char c = s[i];
            low[i] = (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        }
        SHA256_Update(sha, low, part);
        s += part;
        n -= part;
    }
}

void sc__sql_hash(const char *text, size_t size, char hash[SC__SQL_HASH_SIZE])
{
    static const uint8_t END = 0; /* in no text, so that "a b" is not "ab" */
    struct sc__sql_scan scan = sc__sql_begin(text, size);
    SHA256_CTX sha;
    SHA256_Init(&sha);
    for (;;) {
        struct sc__sql_token token = sc__sql_token(&scan);
        if (token.kind == SC__SQL_END)
            break;
        if (token.kind == SC__SQL_WORD)
            add_word(&sha, text + token.start, token.size);
        else
            SHA256_Update(&sha, (const uint8_t *)text + token.start, token.size);
        SHA256_Update(&sha, &END, 1);
        if (token.kind == SC__SQL_BAD)
            break;
    }
    SHA256_End(&sha, hash);
}

/* ---- places ------------------------------------------------------------------------ */

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

void sc__sql_place(const char *text, size_t at, size_t *line, size_t *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (!continues(text[i])) {
            ++*column;
        }
    }
    if (at > 0 && continues(text[at]) && *column > 1)
        --*column;
}

size_t sc__sql_character(const char *text, size_t size, size_t nth)
{
    size_t seen = 0;
    for (size_t i = 0; i < size; i++) {
        if (!continues(text[i]) && ++seen == nth)
            return i;
    }
    return size;
}

/* Bytes of the character at s, 0 when it is none: RFC 3629, so neither surrogates nor
 * what is longer than it need be. s[left] can be read: the NUL. */
static size_t utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return s[0] ? 1 : 0;
    if (s[0] < 0xC2 || s[0] > 0xF4 || (s[1] & 0xC0) != 0x80)
        return 0;
    if (s[0] < 0xE0)
        return 2;
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
        (s[2] & 0xC0) != 0x80)
        return 0;
    if (s[0] < 0xF0)
        return 3;
    if ((s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F) ||
        (s[3] & 0xC0) != 0x80)
        return 0;
    return 4;
}

size_t sc__sql_bad_utf8(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        size_t n = utf8_length((const unsigned char *)text + at);
        if (n == 0)
            return at;
        at += n;
    }
    return size;
}
