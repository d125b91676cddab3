/* options_test.c: the command line as a table of cases, failures included, and the help
 * that is made of the same tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "cli/options.h"

enum { MAX_WORDS = 12 };

struct parsed {
    struct arena arena;
    struct settings settings;
    const char *error;
};

/* Words are separated by one blank; "''" is an empty word. */
static struct parsed parse(const char *line)
{
    static char program[] = "schemac";
    static char empty[] = "";
    struct parsed parsed = { 0 };
    char *copy = arena_copy(&parsed.arena, line, strlen(line));
    char *argv[MAX_WORDS + 1] = { program };
    int argc = 1;
    while (*copy != '\0') {
        size_t n = strcspn(copy, " ");
        char *next = copy + n + (copy[n] == ' ');
        copy[n] = '\0';
        argv[argc++] = strcmp(copy, "''") == 0 ? empty : copy;
        copy = next;
    }
    parsed.error = options_parse(&parsed.arena, argc, argv, &parsed.settings);
    return parsed;
}

static void reads_a_compilation(void **state)
{
    (void)state;
    struct parsed p = parse("schema/app.schema -o gen/ --migrations db --unity "
                            "--depfile=gen.d --format json --color=never -q");
    assert_null(p.error);
    assert_string_equal(p.settings.command->name, "compile");
    assert_int_equal(p.settings.narguments, 1);
    assert_string_equal(p.settings.arguments[0], "schema/app.schema");
    assert_null(p.settings.arguments[1]);
    assert_string_equal(p.settings.out, "gen/");
    assert_string_equal(p.settings.migrations, "db");
    assert_string_equal(p.settings.depfile, "gen.d");
    assert_int_equal(p.settings.format, FORMAT_JSON);
    assert_int_equal(p.settings.color, COLOR_NEVER);
    assert_true(p.settings.unity && p.settings.quiet && !p.settings.check);
    arena_release(&p.arena);
}

static void finds_the_command(void **state)
{
    (void)state;
    static const struct {
        const char *line, *command, *argument;
    } cases[] = {
        { "make init", "make", "init" },
        { "--color never make init", "make", "init" },
        { "compile app.schema", "compile", "app.schema" },
        { "app.schema", "compile", "app.schema" },
        { "./make", "compile", "./make" },
        { "-- app", "compile", "app" },
        { "-ogen app.schema", "compile", "app.schema" },
        { "-qo gen app.schema", "compile", "app.schema" },
        { "fmt -- -odd.schema", "fmt", "-odd.schema" },
        { "fmt -", "fmt", "-" },
        { "fmt make", "fmt", "make" },
        { "help make", "help", "make" },
        { "-h", "help", NULL },
        { "make -h", "make", NULL },
        { "--version", "compile", NULL },
        { "compile", "compile", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed p = parse(cases[i].line);
        assert_null(p.error);
        assert_string_equal(p.settings.command->name, cases[i].command);
        if (cases[i].argument == NULL) {
            assert_null(p.settings.arguments[0]);
        } else {
            assert_string_equal(p.settings.arguments[0], cases[i].argument);
        }
        arena_release(&p.arena);
    }
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *line, *error;
    } cases[] = {
        { "", "nothing to do" },
        { "mkae init", "there is no command \"mkae\" (did you mean \"make\"?)" },
        { "zzzzzz", "there is no command \"zzzzzz\"" },
        { "a.schema --uot x", "there is no option --uot (did you mean --out?)" },
        { "a.schema --wholly", "there is no option --wholly" },
        { "a.schema -x", "there is no option -x" },
        { "a.schema -qx", "there is no option -x" },
        { "a.schema -o", "--out needs a value: PATH" },
        { "a.schema --out=", "--out needs a value: PATH" },
        { "a.schema --out ''", "--out needs a value: PATH" },
        { "a.schema --check=yes", "--check takes no value" },
        { "a.schema -o a -o b", "--out is given twice" },
        { "a.schema --format xml", "--format is one of: text json" },
        { "a.schema --color=text", "--color is one of: auto always never" },
        { "a.schema b.schema", "compile does not know what to do with \"b.schema\"" },
        { "make", "make needs NAME" },
        { "make a b", "make does not know what to do with \"b\"" },
        { "make a --check", "make takes no --check" },
        { "fmt", "fmt needs FILE..." },
        { "fmt a -o b", "fmt takes no --out" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed p = parse(cases[i].line);
        assert_non_null(p.error);
        assert_string_equal(p.error, cases[i].error);
        arena_release(&p.arena);
    }
}

static void help_shows_each_command_and_option(void **state)
{
    (void)state;
    static const char *const names[] = { "compile", "make", "fmt", "help" };
    struct buf overview = { 0 };
    options_help(&overview, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct command *command = command_find(names[i]);
        assert_non_null(strstr(overview.s, command->summary));
        struct buf own = { 0 };
        options_help(&own, command);
        assert_non_null(strstr(own.s, command->details));
        assert_non_null(strstr(own.s, "\nexamples:\n  schemac "));
        assert_non_null(strstr(own.s, "--color WHEN"));
        buf_release(&own);
    }
    buf_release(&overview);
    assert_null(command_find("nothing"));
}

/* One command's help in full: the shape of all of them. */
static void help_of_make_reads_well(void **state)
{
    (void)state;
    struct buf out = { 0 };
    options_help(&out, command_find("help"));
    assert_string_equal(
        out.s, "schemac help: tell about schemac or one of its commands\n"
               "\n"
               "usage: schemac help [COMMAND] [options]\n"
               "\n"
               "options:\n"
               "  --color WHEN          auto (on a terminal, unless NO_COLOR is "
               "set), always or never\n"
               "  --man                 print the manual page, for man(1)\n"
               "  -h, --help            tell about the command\n"
               "  -V, --version         print the version\n"
               "\n"
               "examples:\n"
               "  schemac help make\n"
               "      what make does and takes\n");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_compilation),
        cmocka_unit_test(finds_the_command),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(help_shows_each_command_and_option),
        cmocka_unit_test(help_of_make_reads_well),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
