/* history_test.c: which migrations of a folder are sealed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "migrate/history.h"
#include "tests/support/scratch.h"

struct place {
    struct arena arena;
    struct scratch scratch;
};

static int enter(void **state)
{
    static struct place place;
    place = (struct place){ 0 };
    *state = &place;
    return scratch_open(&place.scratch);
}

static int leave(void **state)
{
    struct place *place = *state;
    arena_release(&place->arena);
    return scratch_close(&place->scratch);
}

static void put(struct place *place, const char *name)
{
    FILE *file = fopen(path_join(&place->arena, place->scratch.path, name), "w");
    assert_non_null(file);
    fclose(file);
}

static void put_sealed(struct place *place, const char *id)
{
    static const char *const suffixes[] = { ".up.sql", ".down.sql", ".snapshot" };
    for (size_t i = 0; i < 3; i++) {
        put(place, arena_printf(&place->arena, "%s%s", id, suffixes[i]));
    }
}

static void a_missing_folder_has_no_history(void **state)
{
    struct place *place = *state;
    struct history history;
    const char *nowhere = path_join(&place->arena, place->scratch.path, "nowhere");
    assert_null(history_read(&place->arena, nowhere, &history));
    assert_null(history_head(&history));
}

static void drafts_and_other_files_are_not_sealed(void **state)
{
    struct place *place = *state;
    static const char *const names[] = { "0001_init.up.sql",   "0001_init.down.sql",
                                         "notes.snapshot",     "001_short.snapshot",
                                         "0000_zero.snapshot", "0001_.snapshot.bak",
                                         "0001.snapshot",      "0001_.snapshot" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        put(place, names[i]);
    }
    struct history history;
    assert_null(history_read(&place->arena, place->scratch.path, &history));
    assert_int_equal(history.sealed.n, 0);
}

static void the_head_has_the_highest_number(void **state)
{
    struct place *place = *state;
    put_sealed(place, "0010_later");
    put_sealed(place, "0001_init");
    put_sealed(place, "0002_phone");
    struct history history;
    assert_null(history_read(&place->arena, place->scratch.path, &history));
    assert_int_equal(history.sealed.n, 3);
    assert_string_equal(history.sealed.items[0].id, "0001_init");
    assert_string_equal(history.sealed.items[1].id, "0002_phone");
    assert_string_equal(history_head(&history)->id, "0010_later");
    assert_int_equal(history_head(&history)->number, 10);
}

static void a_sealed_migration_must_be_whole(void **state)
{
    struct place *place = *state;
    put_sealed(place, "0001_init");
    remove(path_join(&place->arena, place->scratch.path, "0001_init.down.sql"));
    struct history history;
    const char *expected = arena_printf(
        &place->arena,
        "\"%s/0001_init.down.sql\" is missing: the sealed migration "
        "0001_init is not whole",
        place->scratch.path);
    assert_string_equal(history_read(&place->arena, place->scratch.path, &history),
                        expected);
}

static void says_why_a_folder_cannot_be_read(void **state)
{
    struct place *place = *state;
    put(place, "file");
    const char *path = path_join(&place->arena, place->scratch.path, "file");
    const char *expected = arena_printf(
        &place->arena, "cannot read the folder \"%s\": Not a directory", path);
    struct history history;
    assert_string_equal(history_read(&place->arena, path, &history), expected);
}

static void names_are_plain_words(void **state)
{
    (void)state;
    char longest[HISTORY_NAME_MAX + 2] = { 0 };
    memset(longest, 'x', HISTORY_NAME_MAX);
    assert_true(history_name_ok("init"));
    assert_true(history_name_ok("add_phone_2"));
    assert_true(history_name_ok(longest));
    longest[HISTORY_NAME_MAX] = 'x';
    assert_false(history_name_ok(longest));
    assert_false(history_name_ok(""));
    assert_false(history_name_ok("Add"));
    assert_false(history_name_ok("a/b"));
    assert_false(history_name_ok("../x"));
    assert_false(history_name_ok("a b"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        CASE(a_missing_folder_has_no_history),
        CASE(drafts_and_other_files_are_not_sealed),
        CASE(the_head_has_the_highest_number),
        CASE(a_sealed_migration_must_be_whole),
        CASE(says_why_a_folder_cannot_be_read),
        CASE(names_are_plain_words),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
