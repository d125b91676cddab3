/* trips_test.c: how often each sort of call waits for the server, at its first use and
 * later, as libpq's own trace tells it: the table in docs/RUNTIME.md. */
#include "tests/db/support/round_trips.h"
#include "tests/db/support/scene.h"

typedef enum sc_status call(struct scene *scene, struct sc_db *db);

/* How many round trips a call takes on db, whose connection is `on`'s. */
static int trips(struct scene *scene, struct sc_db *on, struct sc_db *db, call *run)
{
    FILE *trace = trace_on(on);
    EXPECT(SC_OK, run(scene, db));
    return trace_off(on, trace);
}

/* ---- calls ------------------------------------------------------------------------------- */

static int made; /* rows so far: makes their keys */

static enum sc_status do_count(struct scene *scene, struct sc_db *db)
{
    int64_t n;
    return count_people(db, &n, &scene->err);
}

static enum sc_status do_list(struct scene *scene, struct sc_db *db)
{
    struct note *notes;
    size_t n;
    const char *id = "nobody";
    const void *args[] = { &id };
    enum sc_status st = sc__run(db, &note_list, 0, args, &notes, &n, &scene->err);
    sc_free(notes);
    return st;
}

static enum sc_status do_get(struct scene *scene, struct sc_db *db)
{
    struct person *person;
    enum sc_status st = get_person(db, "p", &person, &scene->err);
    sc_free(person);
    return st;
}

static enum sc_status do_nested(struct scene *scene, struct sc_db *db)
{
    const char *id = "p";
    const void *args[] = { &id };
    struct person_notes *with;
    enum sc_status st = sc__run_nested(db, &person_notes, 0, args, &with, NULL,
                                       &scene->err);
    sc_free(with);
    return st;
}

static enum sc_status do_purge(struct scene *scene, struct sc_db *db)
{
    const char *like = "none%";
    const void *args[] = { &like };
    int64_t n;
    return sc__run(db, &person_purge, 0, args, NULL, &n, &scene->err);
}

static enum sc_status do_insert(struct scene *scene, struct sc_db *db)
{
    const struct note_new note = { .person_id = "p" };
    struct note *out;
    enum sc_status st = sc__run_insert(db, &note_insert, &note, &out, &scene->err);
    sc_free(out);
    return st;
}

static enum sc_status do_insert_blind(struct scene *scene, struct sc_db *db)
{
    const struct note_new note = { .person_id = "p", .body = "b" };
    return sc__run_insert(db, &note_insert, &note, NULL, &scene->err);
}

static enum sc_status do_insert_many(struct scene *scene, struct sc_db *db)
{
    const struct note_new notes[] = {
        { "p", NULL }, { "p", NULL }, { "p", "x" }, { "p", "y" }
    };
    struct note *out;
    size_t n;
    enum sc_status st = sc__insert_many(db, &note_insert, notes, sizeof(*notes), 4,
                                        &out, &n, &scene->err);
    sc_free(out);
    return st;
}

static enum sc_status do_load(struct scene *scene, struct sc_db *db)
{
    const struct note_new notes[] = { { "p", "x" }, { "p", "y" } };
    return sc__load(db, &note_insert, notes, sizeof(*notes), 2, &scene->err);
}

static enum sc_status do_update(struct scene *scene, struct sc_db *db)
{
    const struct person_patch patch = { .name = SC("n") };
    const char *id = "p";
    const void *key[] = { &id };
    struct person *out;
    enum sc_status st = sc__run_update(db, &person_update, key, &patch, &out,
                                       &scene->err);
    sc_free(out);
    return st;
}

static enum sc_status do_upsert(struct scene *scene, struct sc_db *db)
{
    const struct person_new values = { .id = "p", .email = "p", .name = "n" };
    struct person *out;
    enum sc_status st = sc__run_upsert(db, &person_upsert, &values, &out, &scene->err);
    sc_free(out);
    return st;
}

static enum sc_status do_query(struct scene *scene, struct sc_db *db)
{
    const char *params[] = { "1" };
    return sc_query(db, "select $1", params, 1, NULL, &scene->err);
}

static enum sc_status do_reads(struct scene *scene, struct sc_db *db)
{
    struct sc_batch *batch;
    enum sc_status st = sc_batch_open(db, &batch, &scene->err);
    for (int i = 0; st == SC_OK && i < 3; i++) {
        assert_int_equal(do_count(scene, sc_queue(batch)), SC_QUEUED);
        assert_int_equal(get_person(sc_queue(batch), "p", NULL, NULL), SC_QUEUED);
    }
    if (st == SC_OK)
        st = sc_batch_run(batch, &scene->err);
    sc_batch_close(batch);
    return st;
}

static enum sc_status do_mixed(struct scene *scene, struct sc_db *db)
{
    struct sc_batch *batch;
    enum sc_status st = sc_batch_open(db, &batch, &scene->err);
    for (int i = 0; st == SC_OK && i < 3; i++) {
        char id[16];
        snprintf(id, sizeof(id), "m%d", made++);
        assert_int_equal(add_person(sc_queue(batch), id, id, NULL, NULL), SC_QUEUED);
        assert_int_equal(do_count(scene, sc_queue(batch)), SC_QUEUED);
        assert_int_equal(do_insert_blind(scene, sc_queue(batch)), SC_QUEUED);
    }
    if (st == SC_OK)
        st = sc_batch_run(batch, &scene->err);
    sc_batch_close(batch);
    return st;
}

static enum sc_status do_transaction(struct scene *scene, struct sc_db *db)
{
    struct sc_db *tx, *inner;
    const struct sc_tx_options options = { .isolation = SC_REPEATABLE_READ,
                                           .statement_timeout_ms = 9000,
                                           .lock_timeout_ms = 8000,
                                           .idle_timeout_ms = 7000 };
    enum sc_status st = sc_tx_begin(db, &options, &tx, &scene->err);
    if (st != SC_OK)
        return st;
    st = sc_tx_begin(tx, NULL, &inner, &scene->err);
    if (st == SC_OK)
        st = sc_tx_commit(inner, &scene->err);
    if (st == SC_OK)
        return sc_tx_commit(tx, &scene->err);
    sc_tx_rollback(tx);
    return st;
}

/* ---- the table ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    call *run;
    bool enums; /* t.mood is looked up first */
    int first;
    int later;
} promises[] = {
    { "a read of a value", do_count, false, 1, 1 },
    { "a read of rows", do_list, false, 1, 1 },
    { "a read with an enum", do_get, true, 1, 1 },
    { "related rows", do_nested, true, 1, 1 },
    { "a write that gives no rows", do_purge, false, 1, 1 },
    { "an insert that gives its row", do_insert, false, 2, 1 },
    { "an insert that gives none", do_insert_blind, false, 1, 1 },
    { "an update that gives its row", do_update, true, 2, 1 },
    { "an upsert that gives its row", do_upsert, true, 2, 1 },
    { "many rows, of two forms", do_insert_many, false, 2, 1 },
    { "a load", do_load, false, 3, 3 },
    { "SQL of one's own", do_query, false, 1, 1 },
    { "a batch of reads", do_reads, true, 1, 1 },
    { "a batch of reads and writes", do_mixed, true, 2, 1 },
    { "begin, savepoint, release, commit", do_transaction, false, 4, 4 },
};
enum { PROMISES = sizeof(promises) / sizeof(*promises) };

static void expect_trips(const char *name, int got, int want)
{
    if (got != want)
        fail_msg("%s: %d round trips, not %d", name, got, want);
}

static void calls_take_the_round_trips_promised(void **state)
{
    struct scene *scene = *state;
    EXPECT(SC_OK, add_person(scene->db, "p", "p", NULL, &scene->err));
    for (size_t i = 0; i < PROMISES; i++) {
        struct sc_db *db; /* a connection that knows nothing */
        EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
        int first = promises[i].first + promises[i].enums;
        expect_trips(promises[i].name, trips(scene, db, db, promises[i].run), first);
        for (int again = 0; again < 2; again++)
            expect_trips(promises[i].name, trips(scene, db, db, promises[i].run),
                         promises[i].later);
        sc_close(db);
    }
}

/* A call's own time costs no round trip. */
static void they_are_the_same_with_a_timeout(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    EXPECT(SC_OK, add_person(scene->db, "p", "p", NULL, &scene->err));
    for (size_t i = 0; i < PROMISES; i++) {
        struct sc_db *db;
        EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
        struct sc_db *timed = sc_with(db, &(struct sc_call){ .timeout_ms = 60000 },
                                      &view);
        int first = promises[i].first + promises[i].enums;
        expect_trips(promises[i].name, trips(scene, db, timed, promises[i].run), first);
        expect_trips(promises[i].name, trips(scene, db, timed, promises[i].run),
                     promises[i].later);
        sc_close(db);
    }
}

/* Without names, or when the last use tells nothing of this one, each is like the first, but
 * for what is known of types. */
static void expect_first_ones(struct scene *scene, enum sc_statements statements)
{
    const struct sc_options options = { .statements = statements };
    EXPECT(SC_OK, add_person(scene->db, "p", "p", NULL, &scene->err));
    for (size_t i = 0; i < PROMISES; i++) {
        struct sc_db *db;
        EXPECT(SC_OK, sc_open_with(scene->test.url, &options, &db, &scene->err));
        int first = promises[i].first + promises[i].enums;
        expect_trips(promises[i].name, trips(scene, db, db, promises[i].run), first);
        for (int again = 0; again < 2; again++)
            expect_trips(promises[i].name, trips(scene, db, db, promises[i].run),
                         promises[i].first);
        sc_close(db);
    }
}

static void pooled_every_use_is_a_first_one(void **state)
{
    expect_first_ones(*state, SC_STATEMENTS_POOLED);
}

static void unnamed_every_use_is_a_first_one(void **state)
{
    struct scene *scene = *state;
    struct sc_db *none;
    expect_first_ones(scene, SC_STATEMENTS_UNNAMED);
    const struct sc_options wrong = { .statements = (enum sc_statements)7 };
    EXPECT(SC_MISUSE, sc_open_with(scene->test.url, &wrong, &none, &scene->err));
    assert_null(none);
    EXPECT(SC_MISUSE,
           sc_pool_open(scene->test.url, &(struct sc_pool_options){ .conn = wrong },
                        &none, &scene->err));
}

/* A transaction's own begin and commit apart, everything takes as many inside one. */
static void it_is_the_same_in_a_transaction(void **state)
{
    struct scene *scene = *state;
    EXPECT(SC_OK, add_person(scene->db, "p", "p", NULL, &scene->err));
    for (size_t i = 0; i < PROMISES; i++) {
        struct sc_db *db, *tx;
        if (promises[i].run == do_transaction)
            continue;
        EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
        EXPECT(SC_OK, sc_tx_begin(db, NULL, &tx, &scene->err));
        int first = promises[i].first + promises[i].enums;
        expect_trips(promises[i].name, trips(scene, tx, tx, promises[i].run), first);
        expect_trips(promises[i].name, trips(scene, tx, tx, promises[i].run),
                     promises[i].later);
        EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
        sc_close(db);
    }
}

/* What is wrong before anything is sent costs nothing. */
static enum sc_status fails_at_once(struct scene *scene, struct sc_db *db)
{
    const struct person_new nothing = { .id = "x" };
    const struct person_patch empty = { .rating = SC_NULL, .mood = SC(MOOD_UNKNOWN) };
    const char *id = "p";
    const void *key[] = { &id };
    EXPECT(SC_NOT_NULL,
           sc__run_insert(db, &person_insert, &nothing, NULL, &scene->err));
    EXPECT(SC_BAD_VALUE,
           sc__run_update(db, &person_update, key, &empty, NULL, &scene->err));
    EXPECT(SC_OK, sc__insert_many(db, &person_insert, NULL, sizeof(nothing), 0, NULL,
                                  NULL, &scene->err));
    EXPECT(SC_OK, sc__load(db, &person_insert, NULL, sizeof(nothing), 0, &scene->err));
    return SC_OK;
}

static void a_mistake_of_the_caller_takes_none(void **state)
{
    struct scene *scene = *state;
    expect_trips("mistakes", trips(scene, scene->db, scene->db, fails_at_once), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(calls_take_the_round_trips_promised),
        SCENE_TEST(they_are_the_same_with_a_timeout),
        SCENE_TEST(unnamed_every_use_is_a_first_one),
        SCENE_TEST(pooled_every_use_is_a_first_one),
        SCENE_TEST(it_is_the_same_in_a_transaction),
        SCENE_TEST(a_mistake_of_the_caller_takes_none),
    };
    return cmocka_run_group_tests_name("trips", tests, NULL, NULL);
}
