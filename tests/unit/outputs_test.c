/* outputs_test.c: a set of files is written as a whole, and only where it changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/outputs.h"
#include "tests/support/scratch.h"

#define MARK       "made by us"
#define OURS(text) "/* " MARK " */\n" text

struct place {
    struct arena arena;
    struct outputs outputs;
    struct scratch scratch;
};

static int enter(void **state)
{
    static struct place place;
    place = (struct place){ 0 };
    place.outputs = (struct outputs){ .arena = &place.arena, .origin = "app.schema" };
    *state = &place;
    return scratch_open(&place.scratch);
}

static int leave(void **state)
{
    struct place *place = *state;
    arena_release(&place->arena);
    return scratch_close(&place->scratch);
}

static const char *in(struct place *place, const char *name)
{
    return path_join(&place->arena, place->scratch.path, name);
}

/* Forgets the set, so that a next one can be made in the same folder. */
static void again(struct place *place)
{
    place->outputs = (struct outputs){ .arena = &place->arena, .origin = "app.schema" };
}

static void add(struct place *place, const char *name, const char *text)
{
    outputs_add(&place->outputs, in(place, name), str_of(text), MARK);
}

static const char *plan(struct place *place)
{
    const char *error = outputs_sweep(&place->outputs, in(place, "gen"), MARK);
    return error != NULL ? error : place->outputs.error;
}

static const char *run(struct place *place)
{
    const char *error = plan(place);
    return error != NULL ? error : outputs_commit(&place->outputs);
}

static void put(struct place *place, const char *name, const char *text)
{
    FILE *file = fopen(in(place, name), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_holds(struct place *place, const char *name, const char *text)
{
    struct str found;
    assert_int_equal(file_read(&place->arena, in(place, name), &found), 0);
    assert_string_equal(found.s, text);
}

static bool exists(struct place *place, const char *name)
{
    return access(in(place, name), F_OK) == 0;
}

static long changed_at(struct place *place, const char *name)
{
    struct stat status;
    assert_int_equal(stat(in(place, name), &status), 0);
    return status.st_mtim.tv_nsec + 1000000000L * (status.st_mtim.tv_sec % 1000);
}

static void writes_into_folders_it_makes(void **state)
{
    struct place *place = *state;
    add(place, "gen/a.h", OURS("1"));
    add(place, "gen/deep/er/b.sql", "select 1");
    assert_null(run(place));
    assert_holds(place, "gen/a.h", OURS("1"));
    assert_holds(place, "gen/deep/er/b.sql", "select 1");
    assert_int_equal(outputs_count(&place->outputs, OUTPUT_NEW), 2);
}

static void leaves_unchanged_files_alone(void **state)
{
    struct place *place = *state;
    add(place, "gen/a.h", OURS("1"));
    add(place, "gen/b.h", OURS("1"));
    assert_null(run(place));
    long a = changed_at(place, "gen/a.h");
    long b = changed_at(place, "gen/b.h");
    nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    again(place);
    add(place, "gen/a.h", OURS("1"));
    add(place, "gen/b.h", OURS("2"));
    assert_null(run(place));
    assert_int_equal(outputs_count(&place->outputs, OUTPUT_UNCHANGED), 1);
    assert_int_equal(outputs_count(&place->outputs, OUTPUT_CHANGED), 1);
    assert_true(changed_at(place, "gen/a.h") == a);
    assert_true(changed_at(place, "gen/b.h") != b);
    assert_holds(place, "gen/b.h", OURS("2"));
}

/* Longer than a piece of the comparison, and differing at its very end or in length. */
static void compares_to_the_end(void **state)
{
    struct place *place = *state;
    enum { SIZE = 40000 };
    char *text = arena_alloc(&place->arena, SIZE + 2);
    memset(text, 'x', SIZE);
    memcpy(text, OURS(""), strlen(OURS("")));
    add(place, "gen/a.c", text);
    assert_null(run(place));
    const char *edits[] = { "y", "", "xx" };
    for (size_t i = 0; i < 3; i++) {
        char *edited = arena_copy(&place->arena, text, SIZE + 1);
        memcpy(edited + SIZE - 1, edits[i], strlen(edits[i]) + 1);
        again(place);
        add(place, "gen/a.c", edited);
        assert_null(plan(place));
        assert_int_equal(outputs_count(&place->outputs, OUTPUT_CHANGED), 1);
    }
    again(place);
    add(place, "gen/a.c", text);
    assert_null(plan(place));
    assert_int_equal(outputs_count(&place->outputs, OUTPUT_UNCHANGED), 1);
}

static void removes_what_is_gone_and_ours(void **state)
{
    struct place *place = *state;
    add(place, "gen/a.h", OURS("1"));
    add(place, "gen/gone.h", OURS("1"));
    add(place, "gen/gone.c", OURS("1"));
    assert_null(run(place));
    put(place, "gen/notes.txt", "not C, so nobody's business");
    again(place);
    add(place, "gen/a.h", OURS("1"));
    assert_null(plan(place));
    assert_int_equal(place->outputs.gone.n, 2);
    assert_string_equal(place->outputs.gone.items[0], in(place, "gen/gone.c"));
    assert_null(outputs_commit(&place->outputs));
    assert_false(exists(place, "gen/gone.h"));
    assert_false(exists(place, "gen/gone.c"));
    assert_true(exists(place, "gen/a.h"));
    assert_true(exists(place, "gen/notes.txt"));
}

static void refuses_a_folder_of_other_people(void **state)
{
    struct place *place = *state;
    assert_int_equal(mkdir(in(place, "gen"), 0777), 0);
    put(place, "gen/main.c", "int main(void) { return 0; }\n");
    add(place, "gen/a.h", OURS("1"));
    const char *expected = arena_printf(
        &place->arena,
        "\"%s\" was not generated from app.schema: generated files need a "
        "folder of their own",
        in(place, "gen/main.c"));
    assert_string_equal(run(place), expected);
    assert_false(exists(place, "gen/a.h"));
}

/* Files of another schema, after a renaming perhaps. */
static void names_the_other_schema(void **state)
{
    struct place *place = *state;
    place->outputs.banner = "/* made of ";
    assert_int_equal(mkdir(in(place, "gen"), 0777), 0);
    put(place, "gen/old.h", "/* made of old.schema: do not edit. */\n");
    add(place, "gen/a.h", OURS("1"));
    const char *expected = arena_printf(
        &place->arena,
        "\"%s\" was generated from old.schema, not from app.schema: each schema needs "
        "a "
        "folder of its own (if the schema was renamed, remove that file)",
        in(place, "gen/old.h"));
    assert_string_equal(run(place), expected);
}

static void refuses_to_replace_a_file_of_other_people(void **state)
{
    struct place *place = *state;
    assert_int_equal(mkdir(in(place, "gen"), 0777), 0);
    put(place, "gen/a.h", "#define A 1\n");
    add(place, "gen/a.h", OURS("1"));
    assert_non_null(run(place));
    assert_holds(place, "gen/a.h", "#define A 1\n");
}

static void reports_what_is_in_the_way(void **state)
{
    struct place *place = *state;
    assert_int_equal(mkdir(in(place, "gen"), 0777), 0);
    assert_int_equal(mkdir(in(place, "gen/a.sql"), 0777), 0);
    outputs_add(&place->outputs, in(place, "gen/a.sql"), STR("x"), NULL);
    const char *expected = arena_printf(&place->arena,
                                        "\"%s\" is in the way: it is no ordinary file",
                                        in(place, "gen/a.sql"));
    assert_string_equal(run(place), expected);
}

/* The second file cannot be written: the first must not appear, nor its folder. */
static void writes_nothing_when_one_fails(void **state)
{
    struct place *place = *state;
    add(place, "gen/a.h", OURS("1"));
    outputs_add(&place->outputs, in(place, "blocked/b.h"), STR("x"), NULL);
    assert_null(plan(place));
    put(place, "blocked", "a file where a folder should be");
    const char *expected = arena_printf(&place->arena,
                                        "cannot write \"%s\": Not a directory",
                                        in(place, "blocked/b.h"));
    assert_string_equal(outputs_commit(&place->outputs), expected);
    assert_false(exists(place, "gen/a.h"));
    assert_false(exists(place, "gen"));
}

/* A process that has ended: its number is not used again soon. */
static long dead_process(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return pid;
}

static const char *leftover(struct place *place, const char *name, long pid)
{
    return arena_printf(&place->arena, "%s.tmp%ld", name, pid);
}

static void tells_leftovers_by_their_names(void **state)
{
    struct place *place = *state;
    long dead = dead_process();
    const char *const ours[] = { "a.c", "a.h", "0001_init.up.sql",
                                 "0001_init.snapshot" };
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        assert_true(outputs_is_leftover(leftover(place, ours[i], dead)));
        assert_false(outputs_is_leftover(leftover(place, ours[i], getpid())));
        assert_false(outputs_is_leftover(ours[i]));
    }
    const char *const others[] = {
        "a.h.tmp",       "a.h.tmp0",     "a.h.tmp-1",     "a.h.tmp2147483646x",
        "a.h.tmp 1",     ".h.tmp",       ".tmp99999999",  "a.txt.tmp2147483646",
        "a.h.old999999", "a.h.tmp01234", "h.tmp99999999", "a.h.tmp99999999999999999999",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(outputs_is_leftover(others[i]));
    }
}

static void removes_leftovers_of_dead_runs(void **state)
{
    struct place *place = *state;
    const char *dead = leftover(place, "gen/a.h", dead_process());
    const char *empty = leftover(place, "gen/b.c", dead_process());
    const char *strange = leftover(place, "gen/c.c", dead_process());
    const char *alive = leftover(place, "gen/a.h", getppid());
    const char *namesake = leftover(place, "gen/a.h", getpid());
    const char *sql = leftover(place, "steps/0001_init.up.sql", dead_process());
    assert_int_equal(mkdir(in(place, "gen"), 0777), 0);
    assert_int_equal(mkdir(in(place, "steps"), 0777), 0);
    put(place, dead, OURS("half"));
    put(place, empty, "");
    put(place, strange, "somebody's");
    put(place, alive, OURS("half"));
    put(place, namesake, OURS("half"));
    put(place, sql, "begin;");
    add(place, "gen/a.h", OURS("1"));
    outputs_tidy(&place->outputs, in(place, "steps"));
    assert_null(plan(place));
    assert_true(exists(place, dead) && exists(place, sql));
    assert_null(outputs_commit(&place->outputs));
    assert_false(exists(place, dead));
    assert_false(exists(place, empty));
    assert_false(exists(place, sql));
    assert_false(exists(place, namesake)); /* its name was needed */
    assert_true(exists(place, strange));
    assert_true(exists(place, alive));
    assert_holds(place, "gen/a.h", OURS("1"));
}

/* Written when they are added, seen when they are committed. */
static void writes_early(void **state)
{
    struct place *place = *state;
    place->outputs.early = true;
    assert_true(outputs_is_bare(in(place, "gen")));
    add(place, "gen/a.h", OURS("1"));
    add(place, "gen/sub/b.h", OURS("2"));
    add(place, "gen/c.h", OURS("3"));
    const char *aside = leftover(place, "gen/c.h", getpid());
    assert_holds(place, aside, OURS("3"));
    assert_false(exists(place, "gen/c.h"));
    assert_true(outputs_is_bare(in(place, "gen")));
    assert_null(run(place));
    assert_false(exists(place, aside));
    assert_false(outputs_is_bare(in(place, "gen")));
    assert_holds(place, "gen/sub/b.h", OURS("2"));
    assert_int_equal(outputs_count(&place->outputs, OUTPUT_NEW), 3);
    outputs_abandon(&place->outputs);
    assert_holds(place, "gen/a.h", OURS("1"));
}

static bool is_blocked(int signal)
{
    sigset_t now;
    sigprocmask(SIG_BLOCK, NULL, &now);
    return sigismember(&now, signal) == 1;
}

static void takes_back_what_was_early(void **state)
{
    struct place *place = *state;
    place->outputs.early = true;
    assert_false(is_blocked(SIGINT));
    add(place, "gen/deep/a.h", OURS("1"));
    assert_true(is_blocked(SIGINT));
    outputs_abandon(&place->outputs);
    assert_false(is_blocked(SIGINT));
    assert_false(exists(place, "gen"));

    /* And so does a commit that fails, whichever file it is. */
    put(place, "blocked", "a file where a folder should be");
    again(place);
    place->outputs.early = true;
    add(place, "gen/a.h", OURS("1"));
    outputs_add(&place->outputs, in(place, "blocked/b.h"), STR("x"), NULL);
    add(place, "gen/c.h", OURS("1"));
    assert_non_null(outputs_commit(&place->outputs));
    assert_false(is_blocked(SIGINT));
    assert_false(exists(place, "gen"));
}

static void removes_named_files_if_they_exist(void **state)
{
    struct place *place = *state;
    put(place, "draft.sql", "x");
    outputs_remove(&place->outputs, in(place, "draft.sql"));
    outputs_remove(&place->outputs, in(place, "never-was.sql"));
    assert_int_equal(place->outputs.gone.n, 1);
    assert_null(outputs_commit(&place->outputs));
    assert_false(exists(place, "draft.sql"));
}

static void keeps_modes_and_links(void **state)
{
    struct place *place = *state;
    put(place, "real.schema", "old");
    assert_int_equal(chmod(in(place, "real.schema"), 0640), 0);
    assert_int_equal(symlink("real.schema", in(place, "link.schema")), 0);
    outputs_add(&place->outputs, in(place, "link.schema"), STR("new"), NULL);
    assert_null(outputs_commit(&place->outputs));
    struct stat status;
    assert_int_equal(lstat(in(place, "link.schema"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat(in(place, "real.schema"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
    assert_holds(place, "real.schema", "new");
}

static void knows_what_was_added(void **state)
{
    struct place *place = *state;
    add(place, "gen/a.h", OURS("1"));
    assert_true(outputs_has(&place->outputs, in(place, "gen/a.h")));
    assert_false(outputs_has(&place->outputs, in(place, "gen/b.h")));
}

static void joins_paths(void **state)
{
    struct place *place = *state;
    assert_string_equal(path_join(&place->arena, "a/b//", "c"), "a/b/c");
    assert_string_equal(path_join(&place->arena, "/", "c"), "/c");
    assert_string_equal(path_join(&place->arena, "", "c"), "c");
    assert_string_equal(path_join(&place->arena, ".", "c"), "./c");
}

/* ---- what stays ---- */

/* The C library's own, listened to: what was made sure of, renamed and removed. */
static char heard[512];

static void hear(const char *what)
{
    snprintf(heard + strlen(heard), sizeof heard - strlen(heard), "%s;", what);
}

int fsync(int fd)
{
    struct stat status;
    hear(fstat(fd, &status) == 0 && S_ISDIR(status.st_mode) ? "folder" : "file");
    return 0;
}

int rename(const char *old, const char *new)
{
    hear("rename");
    return renameat(AT_FDCWD, old, AT_FDCWD, new);
}

int unlink(const char *path)
{
    hear("unlink");
    return unlinkat(AT_FDCWD, path, 0);
}

/* Before what it replaces is gone, a migration is on the disk with its name. */
static void test_durable(void **state)
{
    struct place *place = *state;
    put(place, "old.sql", "old");
    heard[0] = '\0';
    outputs_remove(&place->outputs, in(place, "old.sql"));
    outputs_add(&place->outputs, in(place, "gen/app.h"), STR("code"), NULL);
    place->outputs.durable = true;
    outputs_add(&place->outputs, in(place, "gen/migrations/1.sql"), STR("one"), NULL);
    assert_null(outputs_commit(&place->outputs));
    assert_string_equal(heard, "file;rename;rename;folder;folder;folder;unlink;");
    again(place);
    heard[0] = '\0';
    place->outputs.durable = true;
    outputs_add(&place->outputs, in(place, "gen/migrations/1.sql"), STR("one"), NULL);
    place->outputs.durable = false;
    outputs_add(&place->outputs, in(place, "gen/app.h"), STR("other"), NULL);
    assert_null(outputs_commit(&place->outputs));
    assert_string_equal(heard, "rename;");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        CASE(test_durable),
        CASE(writes_into_folders_it_makes),
        CASE(leaves_unchanged_files_alone),
        CASE(compares_to_the_end),
        CASE(removes_what_is_gone_and_ours),
        CASE(refuses_a_folder_of_other_people),
        CASE(names_the_other_schema),
        CASE(refuses_to_replace_a_file_of_other_people),
        CASE(reports_what_is_in_the_way),
        CASE(writes_nothing_when_one_fails),
        CASE(tells_leftovers_by_their_names),
        CASE(removes_leftovers_of_dead_runs),
        CASE(writes_early),
        CASE(takes_back_what_was_early),
        CASE(removes_named_files_if_they_exist),
        CASE(keeps_modes_and_links),
        CASE(knows_what_was_added),
        CASE(joins_paths),
    };
    return cmocka_run_group_tests_name("outputs", tests, NULL, NULL);
}
