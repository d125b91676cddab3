/* sweep_calls.h: calls over the fixture's schema, with each of their allocations failing: a
 * status, no output, no leak, and the next call works. Which calls, is the test's. */
#ifndef TESTS_DB_SUPPORT_SWEEP_CALLS_H
#define TESTS_DB_SUPPORT_SWEEP_CALLS_H
#include "tests/db/support/scene.h"
#include "tests/db/support/sweep.h"
#include <pthread.h>
#include <pwd.h>

typedef enum sc_status call(struct sc_db *db, struct sc_error *err);
struct named_call {
    const char *name;
    call *call;
};

/* ---- calls of several tests ------------------------------------------------------------ */

static inline enum sc_status call_get(struct sc_db *db, struct sc_error *err)
{
    struct person *person = (void *)1;
    enum sc_status st = get_person(db, "a", &person, err);
    assert_true((st == SC_OK) == (person != NULL));
    sc_free(person);
    return st;
}

static inline enum sc_status call_list(struct sc_db *db, struct sc_error *err)
{
    struct person *people = (void *)1;
    size_t n = 9;
    enum sc_status st = sc__run(db, &person_list, 0, NULL, &people, &n, err);
    assert_true((st == SC_OK) == (people != NULL));
    assert_true(st == SC_OK ? n >= 2 : n == 0);
    sc_free(people);
    return st;
}

static inline enum sc_status call_count(struct sc_db *db, struct sc_error *err)
{
    int64_t n = 9;
    enum sc_status st = count_people(db, &n, err);
    assert_true(st == SC_OK ? n >= 2 : n == 0);
    return st;
}

static inline enum sc_status call_load(struct sc_db *db, struct sc_error *err)
{
    const struct person_new people[] = { { .id = "l1", .email = "l1" },
                                         { .id = "l2", .email = "l2" } };
    return sc__load(db, &person_insert, people, sizeof(*people), 2, err);
}

static inline enum sc_status call_upsert(struct sc_db *db, struct sc_error *err)
{
    const struct person_new values = { .id = "up", .email = "up", .name = "new" };
    struct person *person = (void *)1;
    enum sc_status st = sc__run_upsert(db, &person_upsert, &values, &person, err);
    assert_true((st == SC_OK) == (person != NULL));
    sc_free(person);
    return st;
}

static inline enum sc_status call_update(struct sc_db *db, struct sc_error *err)
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

/* ---- the sweep ------------------------------------------------------------------------------------ */

/* The server may have done what the client could not be told. */
static inline bool may_be_done(enum sc_status st)
{
    return st == SC_OK || st == SC_UNIQUE;
}

/* Whether the at-th allocation was reached. */
static inline bool try_named_call(struct scene *scene, const void *what, size_t at,
                                  bool on)
{
    const struct named_call *named = what;
    struct sc_db *db;
    struct sc_error err;
    bool reached = false;
    EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
    for (int again = 0; again < 2; again++) { /* unprepared, and then prepared */
        memset(&err, 0x55, sizeof(err));
        arm(at, on);
        enum sc_status st = named->call(db, &err);
        reached |= disarm(at);
        bool expected = may_be_done(st) || st == SC_NO_MEMORY || st == SC_CONNECTION ||
                        st == SC_COMMIT_UNKNOWN || st == SC_NOT_RUN;
        if (!expected || (st != SC_OK && err.status != st))
            fail_msg("%s, allocation %zu: %s: %s", named->name, at, sc_status_name(st),
                     err.message);
        st = named->call(db, &err);
        if (!may_be_done(st))
            fail_msg("%s, after allocation %zu failed: %s: %s", named->name, at,
                     sc_status_name(st), err.message);
    }
    sc_close(db);
    EXPECT(SC_OK, sc_query(scene->db, "delete from t.people where id not in ('a', 'b')",
                           NULL, 0, NULL, &scene->err));
    return reached;
}

static inline void *do_nothing(void *arg)
{
    return arg;
}

/* The first thread's memory is kept for the next one: a cancel goes by one. */
static inline void keep_a_thread(void)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, do_nothing, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

/* lost: as in struct sweep. */
static inline void sweep_calls(struct scene *scene, const struct named_call *calls,
                               size_t n, long lost)
{
    keep_a_thread();
    if (!INTERPOSED) {
        print_message("malloc is not ours here: not tested\n");
        skip();
    }
    elsewhere(scene, "insert into t.people (id, email, tags, score) values"
                     " ('a', 'a', '{x,y}', 1.5), ('b', 'b', null, null);"
                     "insert into t.notes (person_id) values ('a'), ('a')");
    /* libc keeps what it needs for it, whenever libpq asks */
    (void)getpwuid(geteuid());
    for (size_t i = 0; i < n; i++) {
        const struct sweep one = { calls[i].name, try_named_call, &calls[i], 1, 400,
                                   lost };
        sweep(scene, &one);
    }
}

#endif
