/* copy_line_test.c: the row that a COPY's error is about, out of contexts in many
 * languages and over tables with names that look like a part of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "runtime/bulk/load.h"
#include "runtime/sc_internal.h"

struct context {
    int line;
    const char *table; /* as SQL has it */
    const char *text;
};

static void expect_all(const struct context *contexts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t line = sc__copy_line(contexts[i].text, contexts[i].table);
        if (line != contexts[i].line)
            fail_msg("%s: %lld", contexts[i].text, (long long)line);
    }
}
#define EXPECT_ALL(contexts) expect_all(contexts, sizeof(contexts) / sizeof(*contexts))

/* As PostgreSQL 15's translations have it. */
static void languages(void **state)
{
    (void)state;
    const struct context contexts[] = {
        { 12, "q.people", "COPY people, line 12, column email" },
        { 3, "q.people", "COPY people, line 3" },
        { 12, "q.people", "COPY people, Zeile 12, Spalte email" },
        { 12, "q.people", "COPY people, línea 12, columna email" },
        { 12, "q.people", "COPY people, ხაზი 12, სვეტი email" },
        { 12, "q.people", "COPY people, строка 12, столбец email" },
        { 12, "q.people", "COPY people, 第 12 行, 列 email" },
        { 12, "q.people", "peopleのCOPY、行 12、列 email" },
        { 3, "q.people", "peopleのCOPY、行 3" },
        { 12, "q.people", "people 복사, 12번째 줄, email 열" },
        { 3, "q.people", "people 복사, 3번째 줄" },
    };
    EXPECT_ALL(contexts);
}

static void names(void **state)
{
    (void)state;
    const struct context contexts[] = {
        { 12, "q.\"a COPY, 77\"", "COPY a COPY, 77, line 12, column n" },
        { 12, "q.\"a COPY, 77\"", "a COPY, 77のCOPY、行 12、列 n" },
        { 12, "q.\"a COPY, 77\"", "a COPY, 77 복사, 12번째 줄, n 열" },
        { 12, "q.people", "COPY people, line 12, column COPY x, line 9" },
        { 12, "\"q.1\".\"t.\"\"2\"\"\"", "COPY t.\"2\", line 12" },
        { 12, "q.\"2\"", "COPY 2, line 12" },
        { 12, "q.\"COPY\"", "COPY COPY, line 12, column 5" },
        { 12, "\"COPY\"", "COPY COPY, line 12, column 5" },
    };
    EXPECT_ALL(contexts);
}

static void others(void **state)
{
    (void)state;
    const struct context contexts[] = {
        { 0, "q.people", NULL },
        { 0, "q.people", "" },
        { 0, "q.people", "COPY people" },
        { 0, "q.people", "COPY persons, line 12" },
        { 0, "q.people", "PL/pgSQL function people() line 3 at RAISE" },
        { 0, "q.\"PL\"", "PL/pgSQL function f() line 3 at RAISE" },
        { 0, "q.\"SQL\"", "SQL function \"f\" statement 1" },
        { 0, "q.people",
          "COPY people, line 3\nPL/pgSQL function f() line 4 at EXECUTE" },
        { 12, "q.people",
          "COPY logs, line 3\nSQL statement \"copy logs\n from '/x'\"\n"
          "PL/pgSQL function f() line 4 at EXECUTE\nCOPY people, line 12" },
        { 0, "q.", "COPY , line 12" },
    };
    EXPECT_ALL(contexts);
    char name[400] = "", context[500];
    memset(name, 'n', sizeof(name) - 1);
    snprintf(context, sizeof(context), "COPY %s, line 12", name);
    assert_int_equal(sc__copy_line(context, name), 0);
    name[255] = 0;
    snprintf(context, sizeof(context), "COPY %s, line 12", name);
    assert_int_equal(sc__copy_line(context, name), 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages),
        cmocka_unit_test(names),
        cmocka_unit_test(others),
    };
    return cmocka_run_group_tests_name("copy_line", tests, NULL, NULL);
}
