/* batches.h: batches of either mode, and what each of their calls came to. */
#ifndef TESTS_DB_SUPPORT_BATCHES_H
#define TESTS_DB_SUPPORT_BATCHES_H
#include "tests/db/support/scene.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static inline struct sc_batch *open_batch(struct scene *scene,
                                          const struct sc_batch_options *options)
{
    struct sc_batch *batch;
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_OK, sc_batch_set(batch, options, &scene->err));
    return batch;
}

static const struct sc_batch_options apart = { .mode = SC_INDEPENDENT };
static const struct sc_tx_options serializable = { .isolation = SC_SERIALIZABLE };
static const struct sc_batch_options own_tx = { .tx = &serializable };

#define QUEUED(call) EXPECT(SC_QUEUED, call)

/* A statement without parameters that gives no rows. */
#define DOES(name, text)                  \
    static const struct sc__stmt name = { \
        .label = #name,                   \
        .sql = text,                      \
        .want = SC__WANT_EXEC,            \
        .flags = SC__WRITE,               \
    }
DOES(die, "select pg_terminate_backend(pg_backend_pid()), pg_sleep(2)");
DOES(no_table, "insert into t.nowhere values (1)");
DOES(touch_all, "update t.people set name = 'touched'");

static inline enum sc_status call(struct sc_db *db, const struct sc__stmt *stmt)
{
    return sc__run(db, stmt, 0, NULL, NULL, NULL, NULL);
}

static inline void expect_statuses(struct sc_batch *batch, const enum sc_status *want,
                                   size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct sc_error own = { .item = -7 };
        enum sc_status status = sc_batch_status(batch, i, &own);
        if (status != want[i])
            fail_msg("call %zu: %s, not %s: %s", i, sc_status_name(status),
                     sc_status_name(want[i]), own.message);
        if (status == SC_OK)
            continue;
        assert_int_equal(own.status, status);
        assert_int_equal(own.item, i);
        assert_true(own.message[0] != 0);
    }
}
#define STATUSES(batch, ...)                                          \
    expect_statuses((batch), (const enum sc_status[]){ __VA_ARGS__ }, \
                    COUNT(((const enum sc_status[]){ __VA_ARGS__ })))

static inline const char *people(struct scene *scene)
{
    return look(scene, "select coalesce(string_agg(id, ' ' order by id), '')"
                       " from t.people");
}

/* The connection is at rest and usable. */
static inline void expect_rest(struct scene *scene)
{
    int64_t n;
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    assert_int_equal(PQtransactionStatus(sc_borrow(scene->db)), PQTRANS_IDLE);
}

static inline void put_deferred(struct scene *scene)
{
    elsewhere(scene,
              "alter table t.notes alter constraint notes_person_id_fkey deferrable"
              " initially deferred");
}

#endif
