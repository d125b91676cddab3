/* diag_test.c: diagnostics, whole and rendered. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/diag.h"

#include <stdio.h>

struct fixture {
    struct arena arena;
    struct diags diags;
    struct buf out;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ 0 };
    fixture.diags.arena = &fixture.arena;
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    buf_release(&fixture->out);
    arena_release(&fixture->arena);
    return 0;
}

static struct source source_of(const char *path, const char *text)
{
    return (struct source){ .path = path, .text = text, .size = strlen(text) };
}

static void assert_text(struct fixture *fixture, const char *expected)
{
    diag_render_text(&fixture->diags, (struct diag_style){ 0 }, &fixture->out);
    assert_string_equal(buf_view(&fixture->out).s, expected);
}

static void test_nothing_to_say(void **state)
{
    assert_text(*state, "");
}

static void test_sorted_with_caret_hint_and_note(void **state)
{
    struct fixture *fixture = *state;
    struct diags *diags = &fixture->diags;
    struct source source = source_of("app.schema",
                                     "one\n\ttwo \xC3\xA9t\xC3\xA9;\nfour");
    struct span late = { &source, 9, 14 };
    struct span early = { &source, 0, 3 };
    struct diag *diag = diag_error(diags, 231, late, "no column \"%s\"", "ete");
    diag_hint(diags, diag, "did you mean \"%s\"?", "two");
    diag = diag_warning(diags, 7, early, "hm");
    diag->other = late;
    diag->note = "this one";
    assert_text(fixture, "app.schema:1:1: warning[W0007]: hm\n"
                         "    1 | one\n"
                         "      | ^^^\n"
                         "app.schema:2:6: note: this one\n"
                         "    2 | \ttwo \xC3\xA9t\xC3\xA9;\n"
                         "      | \t    ^^^\n"
                         "app.schema:2:6: error[E0231]: no column \"ete\"\n"
                         "    2 | \ttwo \xC3\xA9t\xC3\xA9;\n"
                         "      | \t    ^^^ did you mean \"two\"?\n"
                         "1 error, 1 warning\n");
}

static void test_one_error_a_place(void **state)
{
    struct fixture *fixture = *state;
    struct source source = source_of("a", "word");
    struct span span = { &source, 0, 4 };
    (void)diag_error(&fixture->diags, 1, span, "first");
    struct diag *dropped = diag_error(&fixture->diags, 2, span, "second");
    diag_hint(&fixture->diags, dropped, "lost");
    assert_int_equal(fixture->diags.nerrors, 1);
    assert_text(fixture, "a:1:1: error[E0001]: first\n"
                         "    1 | word\n"
                         "      | ^^^^\n"
                         "1 error\n");
}

static void test_files_in_order_of_mention_and_nowhere(void **state)
{
    struct fixture *fixture = *state;
    struct source z = source_of("z", "z");
    struct source a = source_of("a", "");
    (void)diag_error(&fixture->diags, 1, (struct span){ &z, 1, 1 }, "end of z");
    (void)diag_error(&fixture->diags, 2, (struct span){ &a, 0, 0 }, "empty");
    struct diag *diag = diag_error(&fixture->diags, 3, (struct span){ 0 }, "nowhere");
    diag_hint(&fixture->diags, diag, "look elsewhere");
    assert_text(fixture, "z:1:2: error[E0001]: end of z\n"
                         "    1 | z\n"
                         "      |  ^\n"
                         "a:1:1: error[E0002]: empty\n"
                         "    1 | \n"
                         "      | ^\n"
                         "error[E0003]: nowhere\n"
                         "  look elsewhere\n"
                         "3 errors\n");
}

static void test_at_most_twenty_errors(void **state)
{
    struct fixture *fixture = *state;
    struct source source = source_of("a", "0123456789012345678901234567890");
    for (uint32_t i = 0; i < 25; i++) {
        (void)diag_error(&fixture->diags, 1, (struct span){ &source, 24 - i, 25 - i },
                         "e%u", 24 - i);
    }
    diag_render_text(&fixture->diags, (struct diag_style){ 0 }, &fixture->out);
    assert_non_null(strstr(fixture->out.s, "]: e19\n"));
    assert_null(strstr(fixture->out.s, "]: e20\n"));
    assert_non_null(strstr(fixture->out.s, "25 errors (20 shown)\n"));
}

static void test_terminal_is_safe_and_long_lines_are_cut(void **state)
{
    struct fixture *fixture = *state;
    char text[400];
    memset(text, 'x', sizeof text);
    text[0] = '\033';
    text[299] = '\xFF';
    text[399] = '\0';
    struct source source = source_of("a", text);
    (void)diag_error(&fixture->diags, 1, (struct span){ &source, 299, 300 }, "bad\033");
    diag_render_text(&fixture->diags, (struct diag_style){ 0 }, &fixture->out);
    char expected[600];
    (void)snprintf(expected, sizeof expected,
                   "a:1:300: error[E0001]: bad?\n    1 | ...%.60s?%.99s\n"
                   "      |    %60s^\n1 error\n",
                   text + 1, text + 300, "");
    assert_string_equal(fixture->out.s, expected);
}

static void test_color(void **state)
{
    struct fixture *fixture = *state;
    struct source source = source_of("a", "w");
    (void)diag_error(&fixture->diags, 1, (struct span){ &source, 0, 1 }, "bad");
    diag_render_text(&fixture->diags, (struct diag_style){ .color = true },
                     &fixture->out);
    assert_string_equal(fixture->out.s,
                        "\033[1ma:1:1: \033[0m\033[1;31merror[E0001]\033[0m: bad\n"
                        "    1 | w\n"
                        "      | \033[1;32m^\033[0m\n"
                        "1 error\n");
}

static void test_json(void **state)
{
    struct fixture *fixture = *state;
    struct source source = source_of("a", "w\xFF");
    struct diag *diag = diag_error(&fixture->diags, 12, (struct span){ &source, 0, 1 },
                                   "b\xFF\"d");
    diag->other = (struct span){ &source, 1, 2 };
    diag->note = "here";
    diag_render_json(&fixture->diags, &fixture->out);
    assert_string_equal(fixture->out.s, "{\n"
                                        "  \"diagnostics\": [\n"
                                        "    {\n"
                                        "      \"code\": \"E0012\",\n"
                                        "      \"severity\": \"error\",\n"
                                        "      \"message\": \"b\xEF\xBF\xBD\\\"d\",\n"
                                        "      \"hint\": null,\n"
                                        "      \"file\": \"a\",\n"
                                        "      \"line\": 1,\n"
                                        "      \"column\": 1,\n"
                                        "      \"end_line\": 1,\n"
                                        "      \"end_column\": 2,\n"
                                        "      \"related\": [\n"
                                        "        {\n"
                                        "          \"message\": \"here\",\n"
                                        "          \"file\": \"a\",\n"
                                        "          \"line\": 1,\n"
                                        "          \"column\": 2,\n"
                                        "          \"end_line\": 1,\n"
                                        "          \"end_column\": 3\n"
                                        "        }\n"
                                        "      ]\n"
                                        "    }\n"
                                        "  ],\n"
                                        "  \"errors\": 1,\n"
                                        "  \"warnings\": 0\n"
                                        "}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_to_say, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sorted_with_caret_hint_and_note, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_one_error_a_place, setup, teardown),
        cmocka_unit_test_setup_teardown(test_files_in_order_of_mention_and_nowhere,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_at_most_twenty_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_terminal_is_safe_and_long_lines_are_cut,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_color, setup, teardown),
        cmocka_unit_test_setup_teardown(test_json, setup, teardown),
    };
    return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
