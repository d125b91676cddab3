/* memory_bulk_test.c: writes and reads of many rows, with each of their allocations failing.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "tests/db/support/sweep_calls.h"

static enum sc_status call_insert_many(struct sc_db *db, struct sc_error *err)
{
    const char *tags[] = { "x" };
    struct person_new people[] = {
        { .id = "m1", .email = "m1" },
        { .id = "m2", .email = "m2" },
        { .id = "m3", .email = "m3", .mood = SC(MOOD_CALM) }
    };
    people[1].tags = (struct sc_texts)SC_LIST(tags, 1);
    struct person *made = (void *)1;
    size_t n = 7;
    enum sc_status st = sc__insert_many(db, &person_insert, people, sizeof(*people), 3,
                                        &made, &n, err);
    assert_true((st == SC_OK) == (made != NULL));
    assert_true((st == SC_OK) == (n == 3));
    sc_free(made);
    return st;
}

static int next_person(void *arg, void *row)
{
    struct person_new *person = row;
    static const char *const keys[] = { "f1", "f2", "f3" };
    int i = (*(int *)arg)++;
    if (i == 3)
        return 0;
    *person = (struct person_new){ .id = keys[i], .email = keys[i] };
    return 1;
}

static enum sc_status call_load_from(struct sc_db *db, struct sc_error *err)
{
    int given = 0;
    int64_t n = 7;
    const struct sc__supply supply = { next_person, &given, sizeof(struct person_new) };
    enum sc_status st = sc__load_from(db, &person_insert, &supply, &n, err);
    assert_true(n == (st == SC_OK ? 3 : 0));
    return st;
}

static enum sc_status call_upsert_many(struct sc_db *db, struct sc_error *err)
{
    static const uint16_t key[] = { 2, 0 };
    static const struct sc__upsert upsert = { .insert = { .label = "person_upsert_many",
                                                          .name = "t.people",
                                                          .returning = P_COLS,
                                                          .row = &person_row,
                                                          .flags = SC__WRITE },
                                              .target = "(email)",
                                              .key = key,
                                              .nkey = 2,
                                              .nunique = 1 };
    const struct person_new people[] = { { .id = "u1", .email = "u1", .name = "x" },
                                         { .id = "u2", .email = "u2", .name = "y" } };
    struct person *made = (void *)1;
    size_t n = 7;
    enum sc_status st = sc__upsert_many(db, &upsert, people, sizeof(*people), 2, &made,
                                        &n, err);
    assert_true((st == SC_OK) == (made != NULL));
    assert_true(n == (st == SC_OK ? 2 : 0));
    sc_free(made);
    return st;
}

/* Reads one row, or all. */
static enum sc_status read_stream(struct sc_stream *stream, bool all,
                                  struct sc_error *err)
{
    struct person *person = NULL;
    enum sc_status st;
    int count = 0;
    do {
        st = sc__next(stream, &person_row, &person, err);
        count += person != NULL;
    } while (all && st == SC_OK && person);
    assert_true(st != SC_OK || count > 0);
    sc_stream_close(stream);
    return st;
}

static enum sc_status stream_with(struct sc_db *db, bool all, struct sc_error *err)
{
    struct sc_stream *stream = (void *)1;
    enum sc_status st = sc__stream(db, &person_list, 0, NULL, &stream, err);
    assert_true((st == SC_OK) == (stream != NULL));
    return st == SC_OK ? read_stream(stream, all, err) : st;
}

static enum sc_status call_stream(struct sc_db *db, struct sc_error *err)
{
    return stream_with(db, true, err);
}

static enum sc_status call_stream_half(struct sc_db *db, struct sc_error *err)
{
    return stream_with(db, false, err);
}

static enum sc_status call_scan(struct sc_db *db, struct sc_error *err)
{
    static const struct sc__scan scan = { .label = "person_scan",
                                          .select = "select " P_COLS " from t.people",
                                          .row = &person_row };
    struct sc_stream *stream = (void *)1;
    enum sc_status st = sc__run_scan(db, &scan, &stream, err);
    assert_true((st == SC_OK) == (stream != NULL));
    return st == SC_OK ? read_stream(stream, true, err) : st;
}

static const struct named_call calls[] = {
    { "many", call_insert_many },    { "load", call_load },
    { "load_from", call_load_from }, { "upsert_many", call_upsert_many },
    { "stream", call_stream },       { "stream, closed half-way", call_stream_half },
    { "scan", call_scan },
};

static void every_allocation_of_a_call(void **state)
{
    sweep_calls(*state, calls, sizeof(calls) / sizeof(*calls), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_allocation_of_a_call),
    };
    return cmocka_run_group_tests_name("memory_bulk", tests, NULL, NULL);
}
