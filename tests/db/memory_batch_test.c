/* memory_batch_test.c: batches, with each of their allocations failing.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "tests/db/support/sweep_calls.h"

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

static const struct named_call calls[] = {
    { "batch", call_batch },
    { "batch, independent", call_apart_batch },
    { "batch with a transaction", call_tx_batch },
    { "mixed", call_mixed_batch },
};

static void every_allocation_of_a_call(void **state)
{
    sweep_calls(*state, calls, sizeof(calls) / sizeof(*calls), LIBPQ_LOSES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_allocation_of_a_call),
    };
    return cmocka_run_group_tests_name("memory_batch", tests, NULL, NULL);
}
