/* writer_test.c: templates, wrapping, comments and literals of emit/writer.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "emit/writer.h"

static void expect(struct writer *w, const char *text)
{
    assert_string_equal(w->out.s ? w->out.s : "", text);
    buf_release(&w->out);
}

static void fills_holes_and_indents(void **state)
{
    (void)state;
    struct writer w = { .indent = 1 };
    WRITE(&w, "int ${name}(${args})\n\n{ cost $5; }\n", { "args", STR("void") },
          { "name", STR("f") });
    expect(&w, "    int f(void)\n\n    { cost $5; }\n");
}

static void wraps_under_the_first_item(void **state)
{
    (void)state;
    struct writer w = { 0 };
    struct str item = STR("const char *a_rather_long_parameter");
    const struct str items[] = { item, item, item };
    write_wrapped(&w, (struct write_list){ STR("enum sc_status f("), items, 3, ");" });
    expect(&w, "enum sc_status f(const char *a_rather_long_parameter, const char "
               "*a_rather_long_parameter,\n"
               "                 const char *a_rather_long_parameter);\n");
}

static void writes_an_empty_list(void **state)
{
    (void)state;
    struct writer w = { 0 };
    write_wrapped(&w, (struct write_list){ STR("f("), NULL, 0, ");" });
    expect(&w, "f();\n");
}

static void writes_short_and_long_comments(void **state)
{
    (void)state;
    struct writer w = { .indent = 1 };
    write_doc(&w, STR("One line."));
    write_doc(&w, STR("First.\n\nThird."));
    write_doc(&w, STR(""));
    expect(&w, "    /** One line. */\n"
               "    /**\n     * First.\n     *\n     * Third.\n     */\n");
}

static void breaks_long_comment_lines(void **state)
{
    (void)state;
    struct writer w = { 0 };
    char text[200];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = i % 10 == 9 ? ' ' : 'x';
    }
    write_doc(&w, (struct str){ text, sizeof text });
    const char *line = w.out.s;
    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        assert_true(end - line <= WRITER_COLUMNS);
    }
    buf_release(&w.out);
}

/* A comment's end, its start, a trigraph that splices lines, a reordering character. */
static void defuses_comments(void **state)
{
    (void)state;
    struct writer w = { 0 };
    write_doc(&w, STR("a*/b /* c ?"
                      "?/ d\\ e\xe2\x80\xae"
                      "f\x01g"));
    expect(&w, "/** a* /b / * c ? ?/ d\\. ef g */\n");
}

static void documents_behind_or_above(void **state)
{
    (void)state;
    struct writer w = { 0 };
    write_documented(&w, STR("int a;"), STR("short"));
    write_documented(&w, STR("int b;"), STR(""));
    write_documented(&w, STR("int c;"), STR("two\nlines"));
    expect(&w, "int a; /**< short */\nint b;\n/**\n * two\n * lines\n */\nint c;\n");
}

static void escapes_literals(void **state)
{
    (void)state;
    struct buf text = { 0 };
    buf_c_string(&text, STR("a\"b\\c\nd\te?"
                            "?(f\x7f \xc3\xa9 \xe6\x97\xa5 \xe2\x80\xae"));
    assert_string_equal(text.s, "\"a\\\"b\\\\c\\nd\\011e?\\?(f\\177 \xc3\xa9 "
                                "\xe6\x97\xa5 \\342\\200\\256\"");
    buf_release(&text);
}

static void continues_literals(void **state)
{
    (void)state;
    struct writer w = { .indent = 1 };
    char text[150];
    memset(text, 'x', sizeof text);
    text[60] = ' ';
    write_string(&w, ".sql = ", (struct str){ text, sizeof text }, ",");
    /* The pieces, joined, are the text: as many x as there were, one blank. */
    size_t x = 0, blanks = 0, quotes = 0;
    for (const char *p = strchr(w.out.s, '"'); *p != ','; p++) {
        quotes += *p == '"';
        x += *p == 'x';
        blanks += quotes % 2 && *p == ' ';
    }
    assert_int_equal(x, sizeof text - 1);
    assert_int_equal(blanks, 1);
    assert_int_equal(quotes % 2, 0);
    assert_true(quotes >= 4);
    buf_release(&w.out);
}

static void marks_literals_beyond_the_standard(void **state)
{
    (void)state;
    struct writer w = { 0 };
    static char text[4200];
    memset(text, 'x', sizeof text);
    write_string(&w, ".sql = ", (struct str){ text, sizeof text }, ",");
    assert_ptr_equal(strstr(w.out.s, "__extension__"), w.out.s + strlen(".sql = "));
    buf_release(&w.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_holes_and_indents),
        cmocka_unit_test(wraps_under_the_first_item),
        cmocka_unit_test(writes_an_empty_list),
        cmocka_unit_test(writes_short_and_long_comments),
        cmocka_unit_test(breaks_long_comment_lines),
        cmocka_unit_test(defuses_comments),
        cmocka_unit_test(documents_behind_or_above),
        cmocka_unit_test(escapes_literals),
        cmocka_unit_test(continues_literals),
        cmocka_unit_test(marks_literals_beyond_the_standard),
    };
    return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
