/* conf_test.c: files of variables, and which of several settings counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/conf.h"

/* ---- dotenv ---- */

struct case_ {
    const char *text;
    const char *read; /* "NAME=value|" a variable, or the message */
};
static const struct case_ cases[] = {
    { "", "" },
    { "A=1", "A=1|" },
    { "A=1\r\nB=2\r\n", "A=1|B=2|" },
    { "# c\n\n  A = 1  # one\n", "A=1|" },
    { "A=p#ss", "A=p#ss|" },
    { "A=#none", "A=|" },
    { "export A=1", "A=1|" },
    { "export=1", "export=1|" },
    { "A=\"two words\\n\\$x \\\"q\\\" \\\\\" # c", "A=two words\n$x \"q\" \\|" },
    { "A='as $it is\\n'", "A=as $it is\\n|" },
    { "A=\"over\nlines\"\nB=2", "A=over\nlines|B=2|" },
    { "A=a b  c", "A=a b  c|" },
    { "\xef\xbb\xbf"
      "A=1",
      "A=1|" },
    { "A=1\nA=2", "A=1|A=2|" },
    { "A", "line 1: a variable is written NAME=value" },
    { "A=1\n1B=2", "line 2: a variable is written NAME=value" },
    { "\nA=\"x\ny", "line 2: the quote is not closed" },
    { "A='x' y", "line 1: nothing may follow the closing quote" },
};

static void reads_variables(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = { 0 };
        dotenv_variables variables = { 0 };
        const char *error = dotenv_read(&arena, str_of(cases[i].text), &variables);
        struct buf read = { 0 };
        for (size_t k = 0; error == NULL && k < variables.n; k++) {
            buf_printf(&read, "%s=%s|", variables.items[k].name,
                       variables.items[k].value);
        }
        buf_puts(&read, error == NULL ? "" : error);
        assert_string_equal(read.n == 0 ? "" : read.s, cases[i].read);
        buf_release(&read);
        arena_release(&arena);
    }
}

static void refuses_a_zero_byte(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    dotenv_variables variables = { 0 };
    const struct str text = { "A=1\0B=2", 7 };
    assert_string_equal(dotenv_read(&arena, text, &variables), "it holds a zero byte");
    arena_release(&arena);
}

/* ---- conf, in a folder of its own ---- */

static char folder[] = "/tmp/schemac-conf.XXXXXX";

static int enter(void **state)
{
    (void)state;
    unsetenv("DATABASE_URL");
    unsetenv("PGHOST");
    unsetenv("SCHEMAC_PROTECTED");
    return mkdtemp(folder) == NULL ? -1 : chdir(folder);
}

static int leave(void **state)
{
    (void)state;
    return chdir("/") != 0 ? -1 : rmdir(folder);
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int clean(void **state)
{
    (void)state;
    unlink("schemac.conf");
    unlink(".env");
    unlink(".env.test");
    unsetenv("DATABASE_URL");
    unsetenv("PGHOST");
    return 0;
}

static void has_defaults(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct settings settings = { 0 };
    struct conf conf;
    assert_null(conf_read(&arena, &settings, &conf));
    assert_null(conf.schema);
    assert_string_equal(conf.out, "gen");
    assert_string_equal(conf.migrations, "gen/migrations");
    assert_string_equal(conf.seeds, "seeds");
    assert_string_equal(conf.history, "schemac");
    assert_null(conf.url);
    assert_false(conf.protected_);
    arena_release(&arena);
}

static void reads_settings(void **state)
{
    (void)state;
    put("schemac.conf", "schema = db/my.schema\nout = \"c code\" # here\nseeds=s\n");
    struct arena arena = { 0 };
    struct settings settings = { .schema = "other.schema" };
    struct conf conf;
    assert_null(conf_read(&arena, &settings, &conf));
    assert_string_equal(conf.schema, "other.schema");
    assert_string_equal(conf.out, "c code");
    assert_string_equal(conf.migrations, "c code/migrations");
    assert_string_equal(conf.seeds, "s");
    put("schemac.conf", "shema = x\n");
    assert_string_equal(conf_read(&arena, &settings, &conf),
                        "schemac.conf: there is no setting \"shema\" (did you mean "
                        "\"schema\"?)");
    put("schemac.conf", "schema\n");
    assert_string_equal(conf_read(&arena, &settings, &conf),
                        "schemac.conf: line 1: a variable is written NAME=value");
    arena_release(&arena);
}

static const char *url(struct arena *arena, const char *env)
{
    struct settings settings = { .env = env };
    struct conf conf;
    assert_null(conf_read(arena, &settings, &conf));
    return conf.url;
}

static void ranks_variables(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    put(".env", "DATABASE_URL=plain\nPGHOST=plainhost\n");
    put(".env.test", "DATABASE_URL=named\nSCHEMAC_PROTECTED=1\nPATH=/nowhere\n");
    assert_string_equal(url(&arena, NULL), "plain");
    assert_string_equal(url(&arena, "test"), "named");
    setenv("DATABASE_URL", "process", 1);
    assert_string_equal(url(&arena, NULL), "process");
    assert_string_equal(url(&arena, "test"), "named");

    struct settings settings = { .env = "test", .url = "given" };
    struct conf conf;
    assert_null(conf_read(&arena, &settings, &conf));
    assert_string_equal(conf.url, "given");
    assert_true(conf.protected_);
    char path[32];
    snprintf(path, sizeof path, "%.20s", getenv("PATH"));
    conf_apply(&conf);
    assert_string_equal(getenv("DATABASE_URL"), "named");
    assert_string_equal(getenv("PGHOST"), "plainhost");
    assert_memory_equal(getenv("PATH"), path, strlen(path));
    unsetenv("SCHEMAC_PROTECTED");
    arena_release(&arena);
}

static void misses_a_named_file(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct settings settings = { .env = "nowhere" };
    struct conf conf;
    assert_string_equal(conf_read(&arena, &settings, &conf),
                        "cannot read \".env.nowhere\": No such file or directory");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_variables),
        cmocka_unit_test(refuses_a_zero_byte),
        cmocka_unit_test_teardown(has_defaults, clean),
        cmocka_unit_test_teardown(reads_settings, clean),
        cmocka_unit_test_teardown(ranks_variables, clean),
        cmocka_unit_test_teardown(misses_a_named_file, clean),
    };
    return cmocka_run_group_tests_name("conf", tests, enter, leave);
}
