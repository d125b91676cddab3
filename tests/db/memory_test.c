/* memory_test.c: every call, with each of its allocations failing once, and with all of
 * them failing from there on: a status, no output, no leak, and the next call works.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "tests/db/support/scene.h"
#include <pthread.h>
#include <pwd.h>
#include <time.h>
#include <unistd.h>
#include "tests/db/support/failing.h"

/* ---- the calls --------------------------------------------------------------------------------- */

typedef enum sc_status call(struct sc_db *db, struct sc_error *err);

static enum sc_status call_get(struct sc_db *db, struct sc_error *err)
{
    struct person *person = (void *)1;
    enum sc_status st = get_person(db, "a", &person, err);
    assert_true((st == SC_OK) == (person != NULL));
    sc_free(person);
    return st;
}

static enum sc_status call_list(struct sc_db *db, struct sc_error *err)
{
    struct person *people = (void *)1;
    size_t n = 9;
    enum sc_status st = sc__run(db, &person_list, 0, NULL, &people, &n, err);
    assert_true((st == SC_OK) == (people != NULL));
    assert_true(st == SC_OK ? n >= 2 : n == 0);
    sc_free(people);
    return st;
}

static enum sc_status call_count(struct sc_db *db, struct sc_error *err)
{
    int64_t n = 9;
    enum sc_status st = count_people(db, &n, err);
    assert_true(st == SC_OK ? n >= 2 : n == 0);
    return st;
}

static enum sc_status call_text(struct sc_db *db, struct sc_error *err)
{
    static const struct sc__column column[] = { { COLUMN("v", TEXT(0)) } };
    static const struct sc__row row = { column, 1, sizeof(char *) };
    static const struct sc__stmt text = {
        .label = "text", .sql = "select 'text'", .row = &row, .want = SC__WANT_VALUE
    };
    char *value = NULL;
    enum sc_status st = sc__run(db, &text, 0, NULL, &value, NULL, err);
    assert_true((st == SC_OK) == (value != NULL));
    sc_free(value);
    return st;
}

static enum sc_status call_insert(struct sc_db *db, struct sc_error *err)
{
    const enum mood moods[] = { MOOD_CROSS };
    const struct person_new values = {
        .id = "new", .email = "new", .moods = SC_LIST(moods, 1), .score = { "1.5" }
    };
    struct person *person = (void *)1;
    enum sc_status st = sc__run_insert(db, &person_insert, &values, &person, err);
    assert_true((st == SC_OK) == (person != NULL));
    sc_free(person);
    return st;
}

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

static enum sc_status call_upsert(struct sc_db *db, struct sc_error *err)
{
    const struct person_new values = { .id = "up", .email = "up", .name = "new" };
    struct person *person = (void *)1;
    enum sc_status st = sc__run_upsert(db, &person_upsert, &values, &person, err);
    assert_true((st == SC_OK) == (person != NULL));
    sc_free(person);
    return st;
}

static enum sc_status call_maybe(struct sc_db *db, struct sc_error *err)
{
    const char *id = "nobody";
    const void *args[] = { &id };
    struct person *person = (void *)1;
    enum sc_status st = sc__run(db, &person_maybe, 0, args, &person, NULL, err);
    assert_null(person);
    return st;
}

static enum sc_status call_delete(struct sc_db *db, struct sc_error *err)
{
    const char *id = "gone";
    const void *args[] = { &id };
    enum sc_status st = add_person(db, id, id, NULL, err);
    if (st != SC_OK && st != SC_UNIQUE)
        return st;
    return sc__run(db, &person_delete, 0, args, NULL, NULL, err);
}

static enum sc_status call_purge(struct sc_db *db, struct sc_error *err)
{
    const char *like = "nobody%";
    const void *args[] = { &like };
    int64_t n = 9;
    enum sc_status st = sc__run(db, &person_purge, 0, args, NULL, &n, err);
    assert_int_equal(n, 0);
    return st;
}

/* With a version: the statement that gives a row in any case. */
static enum sc_status call_version(struct sc_db *db, struct sc_error *err)
{
    const struct note_new values = { .person_id = "b" };
    const struct note_patch patch = { .body = SC("changed") };
    struct note *made, *note = (void *)1;
    enum sc_status st = sc__run_insert(db, &note_insert, &values, &made, err);
    if (st != SC_OK)
        return st;
    const void *key[] = { &made->id, &made->version };
    st = sc__run_update(db, &note_update, key, &patch, &note, err);
    assert_true((st == SC_OK) == (note != NULL));
    sc_free(note);
    sc_free(made);
    return st;
}

static enum sc_status call_load(struct sc_db *db, struct sc_error *err)
{
    const struct person_new people[] = { { .id = "l1", .email = "l1" },
                                         { .id = "l2", .email = "l2" } };
    return sc__load(db, &person_insert, people, sizeof(*people), 2, err);
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

static enum sc_status call_update(struct sc_db *db, struct sc_error *err)
{
    const struct person_patch patch = { .name = SC("changed"), .score = SC({ "2" }) };
    const char *id = "a";
    const void *key[] = { &id };
    struct person *person = (void *)1;
    enum sc_status st = sc__run_update(db, &person_update, key, &patch, &person, err);
    assert_true((st == SC_OK) == (person != NULL));
    sc_free(person);
    return st;
}

static enum sc_status call_nested(struct sc_db *db, struct sc_error *err)
{
    const char *id = "a";
    const void *args[] = { &id };
    struct person_notes *with = (void *)1;
    enum sc_status st = sc__run_nested(db, &person_notes, 0, args, &with, NULL, err);
    assert_true((st == SC_OK) == (with != NULL));
    if (with)
        assert_int_equal(with->notes.count, 2);
    sc_free(with);
    return st;
}

static enum sc_status call_query(struct sc_db *db, struct sc_error *err)
{
    struct sc_rows *rows = (void *)1;
    const char *params[] = { "a" };
    enum sc_status st = sc_query(db, "select * from t.people where id = $1", params, 1,
                                 &rows, err);
    assert_true((st == SC_OK) == (rows != NULL));
    sc_rows_free(rows);
    return st;
}

static enum sc_status call_tx(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *tx, *inner;
    enum sc_status st = sc_tx_begin(db, NULL, &tx, err);
    if (st != SC_OK)
        return st;
    st = call_count(tx, err);
    if (st == SC_OK)
        st = sc_tx_begin(tx, NULL, &inner, err);
    if (st == SC_OK) {
        st = call_update(inner, err);
        if (st == SC_OK)
            st = sc_tx_commit(inner, err);
        else
            sc_tx_rollback(inner);
    }
    if (st == SC_OK)
        return sc_tx_commit(tx, err);
    sc_tx_rollback(tx);
    return st;
}

static enum sc_status read_and_change(struct sc_db *tx, void *arg, struct sc_error *err)
{
    (void)arg;
    enum sc_status st = call_get(tx, err);
    return st == SC_OK ? call_update(tx, err) : st;
}

static enum sc_status call_tx_run(struct sc_db *db, struct sc_error *err)
{
    const struct sc_tx_options options = { .isolation = SC_SERIALIZABLE,
                                           .statement_timeout_ms = 60000,
                                           .lock_timeout_ms = 60000 };
    struct sc_view view;
    struct sc_db *timed = sc_with(db, &(struct sc_call){ .timeout_ms = 60000 }, &view);
    return sc_tx_run(timed, &options, read_and_change, NULL, err);
}

static enum sc_status call_timed(struct sc_db *db, struct sc_error *err)
{
    struct sc_view view;
    uint64_t lsn;
    struct sc_db *timed = sc_with(db, &(struct sc_call){ .timeout_ms = 60000 }, &view);
    enum sc_status st = call_list(timed, err);
    if (st == SC_OK)
        st = sc_lsn(timed, &lsn, err);
    assert_true(st != SC_OK || lsn > 0);
    return st == SC_OK ? call_load(timed, err) : st;
}

/* Opened only: nobody connects. */
static enum sc_status call_replicas(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *pool = (void *)1;
    const struct sc_pool_options options = { .replicas = "host=/a,/b user=u" };
    (void)db;
    enum sc_status st = sc_pool_open("host=/c user=u", &options, &pool, err);
    assert_true((st == SC_OK) == (pool != NULL));
    sc_close(pool);
    return st;
}

static enum sc_status call_batch(struct sc_db *db, struct sc_error *err)
{
    struct sc_batch *batch;
    struct person *read = NULL, *taken = NULL;
    int64_t n;
    enum sc_status st = sc_batch_open(db, &batch, err);
    if (st != SC_OK)
        return st;
    /* what cannot be queued fails the run */
    (void)!get_person(sc_queue(batch), "a", &read, NULL);
    (void)!get_person(sc_queue(batch), "b", NULL, NULL);
    (void)!count_people(sc_queue(batch), &n, NULL);
    st = sc_batch_run(batch, err);
    if (st == SC_OK)
        st = sc__take(batch, 1, &person_row, &taken, NULL, err);
    assert_true((st == SC_OK) == (taken != NULL));
    sc_free(read);
    sc_free(taken);
    sc_batch_close(batch);
    return st;
}

/* Calls of every form that a batch can hold. */
static enum sc_status call_mixed_batch(struct sc_db *db, struct sc_error *err)
{
    const struct person_new people[] = { { .id = "q1", .email = "q1" },
                                         { .id = "q2", .email = "q2" } };
    const struct person_patch patch = { .name = SC("changed") };
    const char *id = "a", *like = "q%";
    const void *args[] = { &id }, *purged[] = { &like };
    struct person_notes *with = NULL;
    struct person *made = NULL;
    size_t n = 0;
    struct sc_batch *batch;
    enum sc_status st = sc_batch_open(db, &batch, err);
    if (st != SC_OK)
        return st;
    struct sc_db *queue = sc_queue(batch);
    (void)sc__insert_many(queue, &person_insert, people, sizeof(*people), 2, NULL, NULL,
                          NULL);
    (void)sc__run_upsert(queue, &person_upsert, &people[0], NULL, NULL);
    (void)sc__run_update(queue, &person_update, args, &patch, NULL, NULL);
    (void)sc__run_nested(queue, &person_notes, 0, args, &with, NULL, NULL);
    (void)sc__run(queue, &person_purge, 0, purged, NULL, NULL, NULL);
    st = sc_batch_run(batch, err);
    if (st == SC_OK)
        st = sc__take(batch, 0, &person_row, &made, &n, err);
    assert_true((st == SC_OK) == (made != NULL));
    sc_free(with);
    sc_free(made);
    sc_batch_close(batch);
    return st;
}

/* The same with a Sync a call, and with BEGIN and COMMIT. A batch that failed is used again. */
static enum sc_status call_set_batch(struct sc_db *db,
                                     const struct sc_batch_options *how,
                                     struct sc_error *err)
{
    const struct person_new people[] = { { .id = "q1", .email = "q1" },
                                         { .id = "q2", .email = "q2" } };
    struct person *read = NULL, *made = NULL;
    struct sc_batch *batch;
    enum sc_status st = sc_batch_open(db, &batch, err);
    if (st == SC_OK)
        st = sc_batch_set(batch, how, err);
    for (int again = 0; st == SC_OK && again < 2; again++) {
        struct sc_db *queue = sc_queue(batch);
        (void)sc__insert_many(queue, &person_insert, people, sizeof(*people), 2, NULL,
                              NULL, NULL);
        (void)!get_person(queue, "a", &read, NULL);
        (void)!get_person(queue, "a", NULL, NULL);
        st = sc_batch_run(batch, err);
        sc_free(read);
        read = NULL;
        if (st == SC_OK && sc__take(batch, 2, &person_row, &made, NULL, err) == SC_OK)
            sc_free(made);
        sc_batch_reset(batch);
    }
    sc_batch_close(batch);
    return st;
}

static enum sc_status call_apart_batch(struct sc_db *db, struct sc_error *err)
{
    return call_set_batch(db, &(struct sc_batch_options){ .mode = SC_INDEPENDENT },
                          err);
}

static enum sc_status call_tx_batch(struct sc_db *db, struct sc_error *err)
{
    const struct sc_tx_options options = { .isolation = SC_SERIALIZABLE };
    return call_set_batch(db, &(struct sc_batch_options){ .tx = &options }, err);
}

static enum sc_status call_cursor(struct sc_db *db, struct sc_error *err)
{
    static const struct sc__column columns[] = { { COLUMN("v", TEXT(0)) } };
    static const struct sc__cursor cursor = { "c", columns, 1, sizeof(char *) };
    const char *value = "somewhere";
    char *text = (void *)1;
    const char **back = NULL;
    (void)db;
    enum sc_status st = sc__cursor_text(&cursor, &value, &text, err);
    if (st == SC_OK)
        st = sc__cursor_parse(&cursor, text, &back, err);
    assert_true((st == SC_OK) == (back != NULL));
    sc_free(back);
    sc_free(text);
    return st;
}

static const struct {
    const char *name;
    call *call;
} calls[] = {
    { "get", call_get },
    { "list", call_list },
    { "count", call_count },
    { "text", call_text },
    { "insert", call_insert },
    { "many", call_insert_many },
    { "load", call_load },
    { "load_from", call_load_from },
    { "upsert_many", call_upsert_many },
    { "stream", call_stream },
    { "stream, closed half-way", call_stream_half },
    { "scan", call_scan },
    { "update", call_update },
    { "nested", call_nested },
    { "query", call_query },
    { "tx", call_tx },
    { "tx_run", call_tx_run },
    { "timed", call_timed },
    { "replicas", call_replicas },
    { "batch", call_batch },
    { "batch, independent", call_apart_batch },
    { "batch with a transaction", call_tx_batch },
    { "cursor", call_cursor },
    { "upsert", call_upsert },
    { "maybe", call_maybe },
    { "delete", call_delete },
    { "purge", call_purge },
    { "version", call_version },
    { "mixed", call_mixed_batch },
};

/* ---- the sweep ------------------------------------------------------------------------------------ */

static void arm(size_t at, bool on)
{
    seen = 0;
    until = at;
    persistent = on;
    armed = true;
}

/* The server may have done what the client could not be told. */
static bool may_be_done(enum sc_status st)
{
    return st == SC_OK || st == SC_UNIQUE;
}

/* Whether the at-th allocation was reached. */
static bool sweep_call(struct scene *scene, size_t which, size_t at, bool on)
{
    struct sc_db *db;
    struct sc_error err;
    EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
    for (int again = 0; again < 2; again++) { /* unprepared, and then prepared */
        memset(&err, 0x55, sizeof(err));
        arm(at, on);
        enum sc_status st = calls[which].call(db, &err);
        armed = false;
        bool expected = may_be_done(st) || st == SC_NO_MEMORY || st == SC_CONNECTION ||
                        st == SC_COMMIT_UNKNOWN || st == SC_NOT_RUN;
        if (!expected || (st != SC_OK && err.status != st))
            fail_msg("%s, allocation %zu: %s: %s", calls[which].name, at,
                     sc_status_name(st), err.message);
        st = calls[which].call(db, &err);
        if (!may_be_done(st))
            fail_msg("%s, after allocation %zu failed: %s: %s", calls[which].name, at,
                     sc_status_name(st), err.message);
    }
    bool reached = seen >= at;
    sc_close(db);
    EXPECT(SC_OK, sc_query(scene->db, "delete from t.people where id not in ('a', 'b')",
                           NULL, 0, NULL, &scene->err));
    return reached;
}

static void *do_nothing(void *arg)
{
    return arg;
}

/* The first thread's memory is kept for the next one: a cancel goes by one. */
static void keep_a_thread(void)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, do_nothing, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void every_allocation_of_every_call(void **state)
{
    struct scene *scene = *state;
    enum { MOST = 400 };
    keep_a_thread();
    if (!INTERPOSED) {
        print_message("malloc is not ours here: not tested\n");
        skip();
    }
    elsewhere(scene, "insert into t.people (id, email, tags, score) values"
                     " ('a', 'a', '{x,y}', 1.5), ('b', 'b', null, null);"
                     "insert into t.notes (person_id) values ('a'), ('a')");
    (void)getpwuid(
        geteuid()); /* libc keeps what it needs for it, whenever libpq asks */
    for (size_t which = 0; which < sizeof(calls) / sizeof(*calls); which++)
        for (int on = 0; on < 2; on++) {
            sweep_call(scene, which, MOST,
                       on); /* what libraries keep is kept from here on */
            long before = live;
            size_t at = 1;
            while (at < MOST && sweep_call(scene, which, at, on)) {
                if (live != before)
                    fail_msg("%s leaks at allocation %zu", calls[which].name, at);
                at++;
            }
            assert_true(at > 1 && at < MOST);
        }
}

/* ---- transactions ------------------------------------------------------------------------- */

static enum sc_status rename_in_tx(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *tx;
    const struct person_patch patch = { .name = SC("new") };
    const char *id = "a";
    const void *key[] = { &id };
    enum sc_status st = sc_tx_begin(db, NULL, &tx, err);
    if (st != SC_OK)
        return st;
    st = sc__run_update(tx, &person_update, key, &patch, NULL, err);
    if (st == SC_OK)
        return sc_tx_commit(tx, err);
    sc_tx_rollback(tx);
    return st;
}

/* Whether no client has a transaction open. */
static bool is_idle_now(struct scene *scene)
{
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db,
                           "select 1 from pg_stat_activity where state like 'idle in%'"
                           " and datname = current_database()",
                           NULL, 0, &rows, &scene->err));
    bool idle = sc_rows_count(rows) == 0;
    sc_rows_free(rows);
    return idle;
}

/* The server needs a moment to see that a client has hung up. */
static bool is_idle(struct scene *scene)
{
    const struct timespec moment = { .tv_nsec = 20000000 };
    for (int i = 0; i < 100; i++) {
        if (is_idle_now(scene))
            return true;
        nanosleep(&moment, NULL);
    }
    return false;
}

static enum sc_status load_one(struct sc_db *db, struct sc_error *err)
{
    const struct person_new person = { .id = "b", .email = "b", .name = "new" };
    return sc__load(db, &person_insert, &person, sizeof(person), 1, err);
}

static enum sc_status rename_in_batch(struct sc_db *db, struct sc_error *err)
{
    const struct sc_tx_options serializable = { .isolation = SC_SERIALIZABLE };
    const struct sc_batch_options options = { .tx = &serializable };
    const struct person_patch patch = { .name = SC("new") };
    const char *id = "a";
    const void *key[] = { &id };
    struct sc_batch *batch;
    enum sc_status st = sc_batch_open(db, &batch, err);
    if (st == SC_OK)
        st = sc_batch_set(batch, &options, err);
    if (st == SC_OK) {
        (void)sc__run_update(sc_queue(batch), &person_update, key, &patch, NULL, NULL);
        (void)!get_person(sc_queue(batch), "a", NULL, NULL);
        st = sc_batch_run(batch, err);
    }
    sc_batch_close(batch);
    return st;
}

static bool was_done(struct scene *scene)
{
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db, "select 1 from t.people where name = 'new'", NULL,
                           0, &rows, &scene->err));
    bool done = sc_rows_count(rows) > 0;
    sc_rows_free(rows);
    return done;
}

static bool sweep_truth(struct scene *scene, struct sc_db *db, call *told, size_t at)
{
    struct sc_error err;
    int64_t n;
    EXPECT(SC_OK, count_people(db, &n, &scene->err)); /* connected */
    EXPECT(SC_OK, sc_query(scene->db, "delete from t.people where id <> 'a'", NULL, 0,
                           NULL, &scene->err));
    EXPECT(SC_OK, sc_query(scene->db, "update t.people set name = 'old'", NULL, 0, NULL,
                           &scene->err));
    arm(at, persistent);
    enum sc_status st = told(db, &err);
    armed = false;
    bool reached = seen >= at;
    EXPECT(SC_OK, count_people(db, &n, &scene->err)); /* a broken one is made again */
    if (!is_idle(scene))
        fail_msg("allocation %zu leaves a transaction open (%s)", at,
                 sc_status_name(st));
    bool done = was_done(scene);
    if (st != SC_COMMIT_UNKNOWN && done != (st == SC_OK))
        fail_msg("allocation %zu: %s, but it was %scommitted", at, sc_status_name(st),
                 done ? "" : "not ");
    return reached;
}

/* What is told of a transaction, and of a load that makes its own, is so. */
static void a_transaction_tells_the_truth(void **state)
{
    struct scene *scene = *state;
    call *const told[] = { rename_in_tx, load_one, rename_in_batch };
    enum { MOST = 300 };
    if (!INTERPOSED)
        skip();
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    for (int i = 0; i < 6; i++) {
        struct sc_db *db;
        EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
        persistent = i & 1;
        size_t at = 1;
        while (at < MOST && sweep_truth(scene, db, told[i / 2], at))
            at++;
        assert_true(at > 1 && at < MOST);
        sc_close(db);
    }
}

/* ---- opening ------------------------------------------------------------------------------ */

static bool sweep_open(struct scene *scene, size_t at, bool on)
{
    struct sc_db *db = (void *)1;
    struct sc_error err;
    arm(at, on);
    enum sc_status st = sc_open(scene->test.url, &db, &err);
    armed = false;
    bool reached = seen >= at;
    assert_true((st == SC_OK) == (db != NULL));
    if (st != SC_OK && st != SC_NO_MEMORY && st != SC_CONNECTION)
        fail_msg("opening, allocation %zu: %s: %s", at, sc_status_name(st),
                 err.message);
    sc_close(db);
    return reached;
}

static bool sweep_pool(struct scene *scene, size_t at, bool on)
{
    struct sc_db *db = (void *)1;
    struct sc_error err;
    int64_t n;
    arm(at, on);
    enum sc_status st = sc_pool_open(scene->test.url, NULL, &db, &err);
    assert_true((st == SC_OK) == (db != NULL));
    if (st == SC_OK)
        st = count_people(db, &n, &err);
    armed = false;
    bool reached = seen >= at;
    if (st != SC_OK && st != SC_NO_MEMORY && st != SC_CONNECTION)
        fail_msg("pool, allocation %zu: %s: %s", at, sc_status_name(st), err.message);
    if (db)
        EXPECT(SC_OK, count_people(db, &n, &scene->err));
    sc_close(db);
    return reached;
}

static bool sweep_adopt(struct scene *scene, size_t at, bool on)
{
    struct sc_db *db = (void *)1;
    struct sc_error err;
    int64_t n;
    PGconn *pg = PQconnectdb(scene->test.url);
    assert_int_equal(PQstatus(pg), CONNECTION_OK);
    arm(at, on);
    enum sc_status st = sc_adopt((struct pg_conn *)pg, &db, &err);
    assert_true((st == SC_OK) == (db != NULL));
    if (st == SC_OK)
        st = count_people(db, &n, &err);
    armed = false;
    bool reached = seen >= at;
    if (st != SC_OK && st != SC_NO_MEMORY && st != SC_CONNECTION)
        fail_msg("adopting, allocation %zu: %s: %s", at, sc_status_name(st),
                 err.message);
    sc_close(db);
    PQfinish(pg);
    return reached;
}

/* The call that finds its connection lost, and makes it again. */
static bool sweep_reconnect(struct scene *scene, size_t at, bool on)
{
    struct sc_db *db;
    struct sc_error err;
    int64_t n;
    EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
    EXPECT(SC_OK, count_people(db, &n, &scene->err));
    cut_off(scene, db);
    arm(at, on);
    enum sc_status st = at % 2 ? count_people(db, &n, &err) : call_upsert(db, &err);
    armed = false;
    bool reached = seen >= at;
    if (st != SC_OK && st != SC_NO_MEMORY && st != SC_CONNECTION)
        fail_msg("connecting again, allocation %zu: %s: %s", at, sc_status_name(st),
                 err.message);
    EXPECT(SC_OK, count_people(db, &n, &scene->err));
    sc_close(db);
    return reached;
}

static void every_allocation_of_opening(void **state)
{
    struct scene *scene = *state;
    bool (*const sweeps[])(struct scene *, size_t, bool) = { sweep_open, sweep_pool,
                                                             sweep_adopt,
                                                             sweep_reconnect };
    enum { MOST = 2000 };
    if (!INTERPOSED)
        skip();
    for (size_t i = 0; i < sizeof(sweeps) / sizeof(*sweeps); i++)
        for (int on = 0; on < 2; on++) {
            sweeps[i](scene, MOST, on);
            long before = live;
            size_t at = 1;
            while (at < MOST && sweeps[i](scene, at, on)) {
                if (live != before)
                    fail_msg("opening (%zu) leaks at allocation %zu", i, at);
                at++;
            }
            assert_true(at > 10 && at < MOST);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_allocation_of_every_call),
        SCENE_TEST(a_transaction_tells_the_truth),
        SCENE_TEST(every_allocation_of_opening),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
