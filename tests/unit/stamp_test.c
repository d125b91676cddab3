/* stamp_test.c: a run is over before it compiled only if compiling would change nothing and
 * say nothing: after each thing that may have happened to the files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "emit/emit.h"
#include "tests/support/scratch.h"

static const char SCHEMA[] = "include \"more.schema\";\n"
                             "// include \"other.schema\";\n"
                             "schema a {\n"
                             "    table t { id int8 primary key; include text; }\n"
                             "}\n";
static const char MORE[] = "INCLUDE \"sub/../sub/deep.schema\";\n"
                           "schema b { table u { id int8 primary key; } }\n";
static const char DEEP[] = "schema c { enum e { x, y } }\n";

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void append(const char *path, const char *text)
{
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* A command of the shell; the tests' own folder is the current one, ".." nobody else's. */
static void sh(const char *command)
{
    assert_int_equal(system(command), 0);
}

static struct settings settings_of(enum command_id id)
{
    static const char *arguments[] = { "s.schema", NULL };
    static const char *name[] = { "init", NULL };
    struct settings settings = { .quiet = true };
    settings.command = command_find(id == COMMAND_COMPILE ? "compile" : "make");
    settings.arguments = id == COMMAND_COMPILE ? arguments : name;
    settings.schema = "s.schema";
    return settings;
}

static bool is_done(const struct settings *settings)
{
    struct arena arena = { 0 };
    struct job job;
    assert_int_equal(job_start(&job, &arena, settings), EXIT_DONE);
    bool done = job_is_done(&job);
    arena_release(&arena);
    return done;
}

static int compile_with(const struct settings *settings)
{
    struct arena arena = { 0 };
    int status = cmd_compile(&arena, settings);
    arena_release(&arena);
    return status;
}

static bool done(void)
{
    struct settings settings = settings_of(COMMAND_COMPILE);
    return is_done(&settings);
}

static void compile(void)
{
    struct settings settings = settings_of(COMMAND_COMPILE);
    assert_int_equal(compile_with(&settings), EXIT_DONE);
}

static int enter(void **state)
{
    static struct scratch scratch;
    if (scratch_open(&scratch) != 0 || chdir(scratch.path) != 0 ||
        mkdir("work", 0777) != 0 || chdir("work") != 0 || mkdir("sub", 0777) != 0) {
        return -1;
    }
    *state = &scratch;
    put("s.schema", SCHEMA);
    put("more.schema", MORE);
    put("sub/deep.schema", DEEP);
    put("other.schema", "");
    compile();
    return 0;
}

static int leave(void **state)
{
    return chdir("/") != 0 || scratch_close(*state) != 0;
}

/* Nothing is there; then all is; and it stays so. */
static void test_done_after_a_run_and_not_before(void **state)
{
    (void)state;
    assert_true(done());
    compile();
    assert_true(done());
    sh("rm -r gen");
    assert_false(done());
}

/* Each shell command changes something that a run reads or makes. After it a run is not
 * done, the next one mends what it is about, and then it is done again. */
static void test_every_change_is_seen(void **state)
{
    static const char *const changes[] = {
        "echo '/* more */' >>gen/a_t.c",
        "sed -i s/struct/struck/ gen/a_t.h",
        "printf x | dd of=gen/b_u.c bs=1 seek=300 conv=notrunc 2>/dev/null",
        "rm gen/b_u.h",
        "rm gen/s.h",
        "head -c 200 gen/a_t.c >x; mv x gen/a_t.c",
        "cp gen/a_t.c gen/gone.c",
        "cp gen/s.h gen/gone.h",
        "sed -i 's/SCHEMA_FINGERPRINT/FINGERPRINT/' gen/s.h",
        "sed -i '/Stamp/d' gen/s.h",
        "mv gen/a_t.c gen/gone.c",
        "mv gen/a_t.c x; mv gen/b_u.c gen/a_t.c; mv x gen/b_u.c",
        "echo '-- more' >>gen/migrations/0001_init.up.sql",
        "rm gen/migrations/0001_init.down.sql",
        "rm -r gen/migrations",
        ": >gen/a_t.c.tmp2147483646",
        ": >gen/migrations/0001_init.up.sql.tmp2147483646",
        "sed -i 's/int8 primary/int4 primary/' s.schema",
        "sed -i 's/id int8/no int8/' more.schema",
        "sed -i 's/x, y/x, z/' sub/deep.schema",
        "echo 'schema d { enum f { x } }' >>sub/deep.schema",
        "echo 'include \"other.schema\"; schema z { enum f { x } }' >>more.schema",
        "sed -i '1s/.*/schema b { enum f { x } }/' s.schema",
    };
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sh(changes[i]);
        if (done()) {
            fail_msg("not seen: %s", changes[i]);
        }
        compile();
        if (!done()) {
            fail_msg("not mended: %s", changes[i]);
        }
    }
    sh("! ls gen gen/migrations | grep -q tmp");
}

static void test_an_error_is_seen_each_time(void **state)
{
    static const char *const changes[] = {
        "echo 'int main(void) { return 0; }' >gen/theirs.c",
        "rm gen/theirs.c; mkdir gen/theirs.c",
        "rmdir gen/theirs.c; rm gen/a_t.c; mkdir gen/a_t.c",
        "rmdir gen/a_t.c; mv sub/deep.schema sub/shallow.schema",
        "mv sub/shallow.schema sub/deep.schema; echo 'table {' >>s.schema",
    };
    (void)state;
    struct settings settings = settings_of(COMMAND_COMPILE);
    int saved = dup(STDERR_FILENO);
    assert_non_null(freopen("/dev/null", "w", stderr));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sh(changes[i]);
        assert_false(done());
        assert_int_not_equal(compile_with(&settings), EXIT_DONE);
        assert_false(done());
    }
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
}

static void test_other_options_are_seen(void **state)
{
    (void)state;
    struct settings unity = settings_of(COMMAND_COMPILE);
    unity.unity = true;
    assert_false(is_done(&unity));
    assert_int_equal(compile_with(&unity), EXIT_DONE);
    assert_true(is_done(&unity));
    assert_false(done());
    compile();
    assert_true(done());

    struct settings elsewhere = settings_of(COMMAND_COMPILE);
    elsewhere.migrations = "steps";
    assert_false(is_done(&elsewhere));
    assert_int_equal(compile_with(&elsewhere), EXIT_DONE);
    assert_true(is_done(&elsewhere));
    elsewhere.out = "gen2";
    assert_false(is_done(&elsewhere));
}

static void test_another_name_of_the_schema_is_seen(void **state)
{
    static const char *arguments[] = { "u.schema", NULL };
    (void)state;
    struct settings other = settings_of(COMMAND_COMPILE);
    other.arguments = arguments;
    sh("cp s.schema u.schema; cp gen/s.h gen/u.h");
    assert_false(is_done(&other));
}

static void test_a_depfile_is_written(void **state)
{
    (void)state;
    struct settings settings = settings_of(COMMAND_COMPILE);
    settings.depfile = "s.d";
    assert_false(is_done(&settings));
    assert_int_equal(compile_with(&settings), EXIT_DONE);
    assert_true(is_done(&settings));
    assert_true(done());
    sh("grep -qx 'gen/s.h: s.schema more.schema sub/deep.schema' s.d");
    append("s.d", "x: y\n");
    assert_false(is_done(&settings));
    settings.check = true; /* which is not about the depfile */
    assert_true(is_done(&settings));
    settings = settings_of(COMMAND_COMPILE);
    settings.depfile = "gen/a_t.c";
    assert_false(is_done(&settings));
}

static void test_sealing_is_seen_and_done_with(void **state)
{
    (void)state;
    struct settings make = settings_of(COMMAND_MAKE);
    struct arena arena = { 0 };
    assert_int_equal(cmd_make(&arena, &make), EXIT_DONE);
    arena_release(&arena);
    assert_true(done());
    sh("cp gen/s.h sealed.h; rm gen/*.[ch]");
    compile();
    sh("cmp gen/s.h sealed.h");
    assert_true(done());

    static const char *const changes[] = {
        "mv gen/migrations/0001_init.snapshot x",
        "mv x gen/migrations/0001_init.snapshot; echo '// x' "
        ">>gen/migrations/*.snapshot",
        "for i in up.sql down.sql snapshot; do"
        "    cp gen/migrations/0001_init.$i gen/migrations/0002_next.$i; done",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sh(changes[i]);
        assert_false(done());
    }
}

/* The schema makes another database than the last migration: each run says so. */
static void test_a_draft_is_looked_at(void **state)
{
    (void)state;
    struct settings make = settings_of(COMMAND_MAKE);
    struct arena arena = { 0 };
    assert_int_equal(cmd_make(&arena, &make), EXIT_DONE);
    arena_release(&arena);
    append("s.schema", "schema d { table v { id int8 primary key; } }\n");
    compile();
    assert_true(done());
    append("gen/migrations/0002_draft.up.sql", "-- edited\n");
    assert_false(done());
    compile();
    assert_true(done());
    sh("rm gen/migrations/0002_draft.down.sql");
    assert_false(done());
}

static void test_a_warning_is_repeated(void **state)
{
    (void)state;
    append("s.schema", "schema d { table v { id int8 primary key; n int8; }\n"
                       "           query q() many v page by n, id; }\n");
    int saved = dup(STDERR_FILENO);
    assert_non_null(freopen("/dev/null", "w", stderr));
    compile();
    compile();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    assert_false(done());
    sh("grep -q '^/\\* Stamp: " EMIT_NO_STAMP " \\*/$' gen/s.h");
}

/* What changes no file but for the stamp touches none. */
static void test_a_stamp_alone_is_not_written(void **state)
{
    (void)state;
    append("s.schema", "// a comment\n");
    sh("cp gen/s.h before.h");
    assert_false(done());
    compile();
    sh("cmp gen/s.h before.h");
    assert_false(done());
    sh("rm gen/a_t.c");
    compile();
    sh("! cmp -s gen/s.h before.h");
    assert_true(done());

    sh("sed -i '/Stamp/s/[0-9a-f]\\{32\\} /" /* the inputs' half */
       "00000000000000000000000000000001 /' gen/s.h; cp gen/s.h before.h");
    assert_false(done());
    compile();
    sh("cmp gen/s.h before.h");
}

/* Nor does a run that is done leave anything. */
static void test_nothing_is_touched(void **state)
{
    (void)state;
    sh("find . -printf '%p %i %T@ %s\\n' | sort >../before");
    assert_true(done());
    compile();
    struct settings check = settings_of(COMMAND_COMPILE);
    check.check = true;
    assert_int_equal(compile_with(&check), EXIT_DONE);
    sh("find . -printf '%p %i %T@ %s\\n' | sort | cmp - ../before");
}

/* What can be read but once is not read ahead. */
static void test_a_pipe_is_read_once(void **state)
{
    (void)state;
    sh("mkfifo pipe.schema");
    static const char *arguments[] = { "pipe.schema", NULL };
    struct settings settings = settings_of(COMMAND_COMPILE);
    settings.arguments = arguments;
    settings.out = "piped";
    for (int i = 0; i < 2; i++) {
        sh("printf 'schema a { table t { id int8 primary key; } }' >pipe.schema &");
        assert_int_equal(compile_with(&settings), EXIT_DONE);
    }
    assert_false(is_done(&settings));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_done_after_a_run_and_not_before),
        CASE(test_every_change_is_seen),
        CASE(test_an_error_is_seen_each_time),
        CASE(test_other_options_are_seen),
        CASE(test_another_name_of_the_schema_is_seen),
        CASE(test_a_depfile_is_written),
        CASE(test_sealing_is_seen_and_done_with),
        CASE(test_a_draft_is_looked_at),
        CASE(test_a_warning_is_repeated),
        CASE(test_a_stamp_alone_is_not_written),
        CASE(test_nothing_is_touched),
        CASE(test_a_pipe_is_read_once),
    };
    return cmocka_run_group_tests_name("stamp", tests, NULL, NULL);
}
