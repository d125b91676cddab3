/* memory_calls_test.c: generated calls of the kinds that travel in flights, streams and COPY,
 * through a connection, a pool that measures, a deadline and an event loop, and a listener,
 * with each of their allocations failing once, and with all of them failing from there on: a
 * status that is so, no leak, and the next call works.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "examples/loops/sc_poll.h"
#include <sc_listen.h>
#include "tests/db/support/client.h"
#include "tests/db/support/sweep.h"
#include "tests/support/app.h"

enum { MOST = 1500 };

static void wrong(const char *what, const char *where, size_t at,
                  const struct sc_error *err)
{
    fail_msg("%s, allocation %zu%s: %s: %s: %s", what, at,
             persistent ? " and all after it" : "", where, sc_status_name(err->status),
             err->message);
}

static void sweep_with(struct scene *scene, const char *name, sweep_try *try,
                       const void *what)
{
    const struct sweep one = { name, try, what, 1, MOST, LIBPQ_LOSES };
    sweep(scene, &one);
}

/* ---- calls ------------------------------------------------------------------------------------ */

struct subject {
    const struct app_kind *kind;
    struct sc_db *(*open)(struct scene *scene);
    bool late; /* with a time that is never over */
};

static struct sc_db *open_one(struct scene *scene)
{
    struct sc_db *db;
    EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
    return db;
}

static struct sc_db *open_pool(struct scene *scene)
{
    struct sc_db *db;
    const struct sc_pool_options options = { .max = 1 };
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &db, &scene->err));
    EXPECT(SC_OK, sc_measure(db, 4, &scene->err));
    return db;
}

static void check_truth(struct scene *scene, const struct app_kind *kind, size_t at,
                        enum sc_status st, struct sc_error *err)
{
    bool allowed = st == SC_OK || st == SC_NO_MEMORY || st == SC_CONNECTION ||
                   (st == SC_COMMIT_UNKNOWN && kind->keeps == APP_TX);
    if (!allowed || (st != SC_OK && err->status != st)) {
        err->status = st;
        wrong(kind->name, "another status", at, err);
    }
    if (!kind->rows || (st != SC_OK && kind->keeps != APP_TX) ||
        st == SC_COMMIT_UNKNOWN)
        return;
    if (app_marked(scene->db) != (st == SC_OK ? kind->rows : 0))
        wrong(kind->name, "that is not so", at, err);
}

static bool try_call(struct scene *scene, const void *what, size_t at, bool on)
{
    const struct subject *subject = what;
    const struct app_kind *kind = subject->kind;
    struct sc_view view;
    struct sc_db *own = subject->open(scene), *db = own;
    struct sc_error err = { .message = "" };
    app_unmark();
    if (subject->late)
        db = sc_with(own, &(struct sc_call){ .timeout_ms = 60000 }, &view);
    arm(at, on);
    enum sc_status st = kind->call(db, &err);
    bool reached = disarm(at);
    check_truth(scene, kind, at, st, &err);
    if (kind->call(db, &err) != SC_OK)
        wrong(kind->name, "afterwards", at, &err);
    sc_close(own);
    return reached;
}

static const struct app_kind *kind_of(const char *name)
{
    for (size_t i = 0; i < app_nkinds; i++)
        if (strcmp(app_kinds[i].name, name) == 0)
            return &app_kinds[i];
    fail_msg("nothing is called \"%s\"", name);
    return NULL;
}

static void every_allocation_of_a_call(void **state)
{
    static const char *const names[] = {
        "get_many_with",
        "upsert_many",
        "load_from",
        "stream, to its end",
        "stream, closed half-way",
        "scan",
        "batch, independent",
        "batch with begin and commit",
        "sc_tx_run of one insert",
        "sc_notify",
        "sc_lsn",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const struct subject subject = { kind_of(names[i]), open_one, false };
        sweep_with(*state, names[i], try_call, &subject);
    }
}

static void every_allocation_through_a_pool(void **state)
{
    static const char *const names[] = { "get", "batch with begin and commit" };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const struct subject subject = { kind_of(names[i]), open_pool, false };
        sweep_with(*state, names[i], try_call, &subject);
    }
}

static void every_allocation_with_a_deadline(void **state)
{
    static const char *const names[] = { "get", "insert_many, of two forms", "load",
                                         "stream, closed half-way" };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const struct subject subject = { kind_of(names[i]), open_one, true };
        sweep_with(*state, names[i], try_call, &subject);
    }
}

/* ---- an event loop ------------------------------------------------------------------------------- */

struct told {
    int times;
    struct sc_error err; /* its status SC_OK: none */
};

static void tell(struct sc_batch *batch, enum sc_status status,
                 const struct sc_error *err, void *arg)
{
    struct told *told = arg;
    (void)batch;
    told->times++;
    if (err)
        told->err = *err;
    told->err.status = status;
}

/* A batch: what it came to. */
static struct sc_error fly(struct sc_async *async, void (*queue)(struct sc_batch *))
{
    struct told told = { .times = 0 };
    struct sc_batch *batch;
    struct sc_error err = { .message = "" };
    enum sc_status st = sc_async_batch(async, &batch, &err);
    if (st == SC_OK) {
        queue(batch);
        st = sc_async_submit(batch, 60000, tell, &told, &err);
    }
    if (st == SC_OK) {
        while (sc_async_pending(async))
            sc_poll_once(&async, 1, 200);
        assert_int_equal(told.times, 1);
        err = told.err;
    }
    sc_batch_close(batch);
    return err;
}

/* what: not NULL: the connecting as well. */
static bool try_loop(struct scene *scene, const void *what, size_t at, bool on)
{
    struct sc_async *async = NULL;
    struct sc_error err = { .message = "" }, later;
    if (what)
        arm(at, on);
    enum sc_status st = sc_async_open(scene->test.url, NULL, &async, &err);
    if (!what) {
        EXPECT(SC_OK, st);
        err = fly(async, app_queue_reads);
        EXPECT(SC_OK, err.status);
        arm(at, on);
    }
    if (st == SC_OK)
        err = fly(async, app_queue_writes);
    bool reached = disarm(at);
    if (err.status != SC_OK && err.status != SC_NO_MEMORY &&
        err.status != SC_CONNECTION)
        wrong("a loop", "another status", at, &err);
    later = st == SC_OK ? fly(async, app_queue_reads) : err;
    if (st == SC_OK && later.status != SC_OK)
        wrong("a loop", "afterwards", at, &later);
    sc_async_close(async);
    return reached;
}

static void every_allocation_of_a_loop(void **state)
{
    const bool connecting = true;
    sweep_with(*state, "a loop", try_loop, NULL);
    sweep_with(*state, "a loop that connects", try_loop, &connecting);
}

/* ---- a listener ------------------------------------------------------------------------------------- */

static void hear(void *user, const struct sc_notification *notification)
{
    int *heard = user;
    *heard += strcmp(notification->channel, "memory") == 0;
}

static void wait_for(struct sc_listener *listener, const int *heard)
{
    struct sc_error err;
    while (heard ? !*heard : !sc_listener_ready(listener))
        (void)!sc_listener_wait(listener, 50, &err);
}

static bool try_listen(struct scene *scene, const void *what, size_t at, bool on)
{
    int heard = 0;
    const struct sc_listen_options options = { .user = &heard, .notify = hear };
    struct sc_listener *listener;
    struct sc_error err = { .message = "" };
    (void)what;
    EXPECT(SC_OK, sc_listener_open(scene->test.url, &options, &listener, &scene->err));
    wait_for(listener, NULL);
    EXPECT(SC_OK, sc_notify(scene->db, "other", "x", &scene->err));
    arm(at, on);
    enum sc_status st = sc_listen(listener, "memory", &err);
    if (st == SC_OK)
        (void)!sc_listener_wait(listener, 20, &err);
    bool reached = disarm(at);
    if (st != SC_OK && st != SC_NO_MEMORY)
        wrong("a listener", "another status", at, &err);
    EXPECT(SC_OK, sc_listen(listener, "memory", &scene->err));
    wait_for(listener, NULL);
    EXPECT(SC_OK, sc_notify(scene->db, "memory", "x", &scene->err));
    wait_for(listener, &heard);
    sc_listener_close(listener);
    return reached;
}

static void every_allocation_of_a_listener(void **state)
{
    sweep_with(*state, "a listener", try_listen, NULL);
}

/* ---- a database ----------------------------------------------------------------------------------------- */

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    *state = scene;
    if (!scene || test_db_open(&scene->test) || app_fill(&scene->test))
        return -1;
    return sc_open(scene->test.url, &scene->db, &scene->err) == SC_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    sc_close(scene->db);
    test_db_close(&scene->test);
    free(scene);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_call),
        cmocka_unit_test(every_allocation_through_a_pool),
        cmocka_unit_test(every_allocation_with_a_deadline),
        cmocka_unit_test(every_allocation_of_a_loop),
        cmocka_unit_test(every_allocation_of_a_listener),
    };
    if (!INTERPOSED) {
        print_message("ok # SKIP malloc is not ours here\n");
        return 0;
    }
    return cmocka_run_group_tests_name("memory_calls", tests, setup, teardown);
}
