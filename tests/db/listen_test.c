/* listen_test.c: LISTEN and NOTIFY: what is heard, what is told after a loss, and that it
 * works both by waiting and inside a loop. */
#include "tests/db/support/scene.h"
#include "runtime/sc_internal.h"
#include "runtime/sc_listen.h"
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct ear {
    char heard[400]; /* "channel:payload " each */
    int count;
    int gaps;
    int troubles;
    int pid;
    struct sc_listener *listener;
    bool closes;
};

static void hear(void *user, const struct sc_notification *n)
{
    struct ear *ear = user;
    size_t size = strlen(ear->heard);
    snprintf(ear->heard + size, sizeof(ear->heard) - size, "%s:%.20s ", n->channel,
             n->payload);
    ear->count++;
    ear->pid = n->pid;
    if (ear->closes)
        sc_listener_close(ear->listener);
}

static void miss(void *user)
{
    ((struct ear *)user)->gaps++;
}

static void complain(void *user, const struct sc_error *err)
{
    assert_true(*err->message != 0);
    ((struct ear *)user)->troubles++;
}

static void open_ear(struct scene *scene, struct ear *ear)
{
    const struct sc_listen_options options = {
        .user = ear, .notify = hear, .gap = miss, .trouble = complain
    };
    memset(ear, 0, sizeof(*ear));
    EXPECT(SC_OK,
           sc_listener_open(scene->test.url, &options, &ear->listener, &scene->err));
}

static void become_ready(struct scene *scene, struct ear *ear)
{
    while (!sc_listener_ready(ear->listener))
        EXPECT(SC_OK, sc_listener_wait(ear->listener, 20000, &scene->err));
}

static void what_is_notified_is_heard(void **state)
{
    struct scene *scene = *state;
    struct ear ear;
    open_ear(scene, &ear);
    EXPECT(SC_OK, sc_listen(ear.listener, "orders", &scene->err));
    EXPECT(SC_OK, sc_listen(ear.listener, "Odd \"name\"", &scene->err));
    assert_false(sc_listener_ready(ear.listener));
    become_ready(scene, &ear);
    EXPECT(SC_OK, sc_notify(scene->db, "orders", "17", &scene->err));
    EXPECT(SC_OK, sc_notify(scene->db, "Odd \"name\"", NULL, &scene->err));
    EXPECT(SC_OK, sc_notify(scene->db, "others", "x", &scene->err));
    while (ear.count < 2)
        EXPECT(SC_OK, sc_listener_wait(ear.listener, 20000, &scene->err));
    assert_string_equal(ear.heard, "orders:17 Odd \"name\": ");
    assert_true(ear.pid > 0);
    EXPECT(SC_OK, sc_unlisten(ear.listener, "orders", &scene->err));
    EXPECT(SC_OK, sc_listen(ear.listener, "others", &scene->err));
    become_ready(scene, &ear);
    EXPECT(SC_OK, sc_notify(scene->db, "orders", "18", &scene->err));
    EXPECT(SC_OK, sc_notify(scene->db, "others", "y", &scene->err));
    while (ear.count < 3)
        EXPECT(SC_OK, sc_listener_wait(ear.listener, 20000, &scene->err));
    assert_non_null(strstr(ear.heard, "others:y"));
    EXPECT(SC_TIMEOUT, sc_listener_wait(ear.listener, 50, &scene->err));
    assert_string_equal(scene->err.message, "nothing was notified in 50 ms");
    assert_int_equal(ear.count, 3);
    assert_int_equal(ear.gaps + ear.troubles, 0);
    sc_listener_close(ear.listener);
}

static void a_notification_in_a_transaction_waits_for_its_commit(void **state)
{
    struct scene *scene = *state;
    struct ear ear;
    struct sc_db *tx;
    open_ear(scene, &ear);
    EXPECT(SC_OK, sc_listen(ear.listener, "c", &scene->err));
    become_ready(scene, &ear);
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, sc_notify(tx, "c", "inside", &scene->err));
    EXPECT(SC_TIMEOUT, sc_listener_wait(ear.listener, 100, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, sc_listener_wait(ear.listener, 20000, &scene->err));
    assert_string_equal(ear.heard, "c:inside ");
    sc_listener_close(ear.listener);
}

/* Ends the listener's session: the one whose last statement was a listen. */
static void cut_listener(struct scene *scene)
{
    EXPECT(SC_OK,
           sc_query(scene->db,
                    "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                    " where datname = current_database()"
                    " and pid <> pg_backend_pid() and query like 'listen%'",
                    NULL, 0, NULL, &scene->err));
}

static void a_loss_is_told_as_a_gap(void **state)
{
    struct scene *scene = *state;
    struct ear ear;
    open_ear(scene, &ear);
    EXPECT(SC_OK, sc_listen(ear.listener, "c", &scene->err));
    become_ready(scene, &ear);
    for (int i = 1; i <= 3; i++) {
        cut_listener(scene);
        EXPECT(SC_OK, sc_notify(scene->db, "c", "lost", &scene->err));
        while (ear.gaps < i)
            EXPECT(SC_OK, sc_listener_wait(ear.listener, 20000, &scene->err));
        assert_true(sc_listener_ready(ear.listener));
        assert_int_equal(ear.troubles, i);
        EXPECT(SC_OK, sc_notify(scene->db, "c", "kept", &scene->err));
        EXPECT(SC_OK, sc_listener_wait(ear.listener, 20000, &scene->err));
    }
    assert_string_equal(ear.heard, "c:kept c:kept c:kept ");
    sc_listener_close(ear.listener);
}

static void inside_a_loop(void **state)
{
    struct scene *scene = *state;
    struct ear ear;
    open_ear(scene, &ear);
    EXPECT(SC_OK, sc_listen(ear.listener, "c", &scene->err));
    bool sent = false;
    while (ear.count < 100) {
        int events = sc_listener_events(ear.listener);
        struct pollfd fd = { .fd = sc_listener_fd(ear.listener) };
        fd.events = (short)((events & SC_READ ? POLLIN : 0) |
                            (events & SC_WRITE ? POLLOUT : 0));
        int64_t due = sc_listener_deadline(ear.listener);
        int ready = poll(&fd, 1, due < sc__clock() ? 0 : 5000);
        assert_true(ready > 0 || due < sc__clock());
        sc_listener_step(ear.listener, (fd.revents & POLLIN ? SC_READ : 0) |
                                           (fd.revents & POLLOUT ? SC_WRITE : 0));
        if (sc_listener_ready(ear.listener) && !sent) {
            sent = true;
            assert_true(sc_listener_deadline(ear.listener) < INT64_MAX);
            elsewhere(scene, "select pg_notify('c', i::text)"
                             " from generate_series(1, 100) i");
        }
    }
    assert_int_equal(ear.count, 100);
    sc_listener_close(ear.listener);
}

static void a_handler_may_close_it(void **state)
{
    struct scene *scene = *state;
    struct ear ear;
    open_ear(scene, &ear);
    EXPECT(SC_OK, sc_listen(ear.listener, "c", &scene->err));
    become_ready(scene, &ear);
    ear.closes = true;
    elsewhere(scene, "select pg_notify('c', i::text) from generate_series(1, 9) i");
    EXPECT(SC_CANCELLED, sc_listener_wait(ear.listener, 20000, &scene->err));
    assert_int_equal(ear.count, 1);
}

static void what_cannot_be_reached_is_said(void **state)
{
    struct scene *scene = *state;
    struct ear ear = { .count = 0 };
    const struct sc_listen_options options = { .user = &ear,
                                               .notify = hear,
                                               .trouble = complain };
    EXPECT(SC_OK, sc_listener_open("host=/nowhere dbname=x", &options, &ear.listener,
                                   &scene->err));
    for (int i = 0; i < 3; i++) {
        EXPECT(SC_CONNECTION, sc_listener_wait(ear.listener, 20000, &scene->err));
        assert_non_null(strstr(scene->err.message, "/nowhere"));
    }
    assert_int_equal(ear.troubles, 3);
    EXPECT(SC_TIMEOUT, sc_listener_wait(ear.listener, 0, &scene->err));
    sc_listener_close(ear.listener);
}

/* A server that is stopped answers no heartbeat. */
static void a_server_that_says_nothing_is_left(void **state)
{
    struct scene *scene = *state;
    struct ear ear = { .count = 0 };
    const struct sc_listen_options options = {
        .user = &ear, .notify = hear, .trouble = complain, .heartbeat_ms = 200
    };
    EXPECT(SC_OK,
           sc_listener_open(scene->test.url, &options, &ear.listener, &scene->err));
    EXPECT(SC_OK, sc_listen(ear.listener, "c", &scene->err));
    become_ready(scene, &ear);
    EXPECT(SC_TIMEOUT, sc_listener_wait(ear.listener, 900, &scene->err));
    assert_int_equal(ear.troubles, 0); /* it answers */
    int pid = atoi(look(scene,
                        "select pid from pg_stat_activity where datname ="
                        " current_database() and query = '' order by backend_start"
                        " desc"));
    assert_true(pid > 0);
    assert_int_equal(kill(pid, SIGSTOP), 0);
    while (!ear.troubles)
        (void)!sc_listener_wait(ear.listener, 1000, &scene->err);
    kill(pid, SIGCONT);
    become_ready(scene, &ear);
    sc_listener_close(ear.listener);
}

static void misuse(void **state)
{
    struct scene *scene = *state;
    struct ear ear;
    char large[8001];
    memset(large, 'x', sizeof(large) - 1);
    large[sizeof(large) - 1] = 0;
    open_ear(scene, &ear);
    EXPECT(SC_MISUSE, sc_listen(ear.listener, "", &scene->err));
    EXPECT(SC_MISUSE, sc_listen(ear.listener, NULL, &scene->err));
    EXPECT(SC_MISUSE, sc_listen(ear.listener, large, &scene->err));
    EXPECT(SC_OK, sc_unlisten(ear.listener, "unknown", &scene->err));
    EXPECT(SC_BAD_VALUE, sc_notify(scene->db, "c", large, &scene->err));
    EXPECT(SC_MISUSE, sc_notify(scene->db, "", "x", &scene->err));
    sc_listener_close(ear.listener);
    EXPECT(SC_MISUSE, sc_listener_open(scene->test.url,
                                       &(struct sc_listen_options){ .user = NULL },
                                       &ear.listener, &scene->err));
    assert_null(ear.listener);
    sc_listener_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(what_is_notified_is_heard),
        SCENE_TEST(a_notification_in_a_transaction_waits_for_its_commit),
        SCENE_TEST(a_loss_is_told_as_a_gap),
        SCENE_TEST(inside_a_loop),
        SCENE_TEST(a_handler_may_close_it),
        SCENE_TEST(what_cannot_be_reached_is_said),
        SCENE_TEST(a_server_that_says_nothing_is_left),
        SCENE_TEST(misuse),
    };
    return cmocka_run_group_tests_name("listen", tests, NULL, NULL);
}
