/* fork_test.c: what a child may do with its parent's batches, event loops and listeners: it
 * learns that they are not its own, and gives them up without a word to the server. */
#include "tests/db/support/flights.h"
#include "runtime/sc_listen.h"
#include <sys/wait.h>
#include <unistd.h>

/* Ends a child by way of exec: connections that it must not close are no leak then. */
static _Noreturn void leave(bool right)
{
    execl("/bin/sh", "sh", "-c", right ? "exit 9" : "exit 1", (char *)NULL);
    _exit(127);
}

static void expect_child(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 9);
}

static void a_batch(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch;
    char *text = NULL;
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    assert_int_equal(say(sc_queue(batch), &echo, "hello", &text), SC_QUEUED);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool right = sc_batch_run(batch, NULL) == SC_MISUSE;
        sc_batch_close(batch);
        leave(right);
    }
    expect_child(child);
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    assert_string_equal(text, "hello");
    sc_batch_close(batch);
    sc_free(text);
}

/* In the child: told of what was under way, and nothing else. */
static bool give_up(struct loop *loop, struct one *under_way, struct one *further)
{
    bool right = sc_async_submit(further->batch, 0, told, further, NULL) == SC_MISUSE;
    sc_async_step(loop->async, SC_READ | SC_WRITE);
    right = right && under_way->times == 0;
    sc_async_close(loop->async);
    return right && under_way->status == SC_CANCELLED && under_way->times == 1;
}

static void fork_loop(struct loop *loop)
{
    struct one napping, further;
    start(loop, &napping, &nap, "0.3", 0);
    open_one(loop, &further);
    sc_async_step(loop->async, SC_WRITE);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        leave(give_up(loop, &napping, &further));
    expect_child(child);
    run_until(loop, loop->told + 1);
    expect_one(&napping, SC_OK, "slept");
    sc_batch_close(further.batch);
}

static void an_event_loop(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    char before[20], after[20];
    ask_pid(&loop, before);
    fork_loop(&loop);
    assert_string_equal(ask_pid(&loop, after), before); /* nobody said goodbye */
    sc_async_close(loop.async);
}

static void an_event_loop_that_connects(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    fork_loop(&loop);
    sc_async_close(loop.async);
}

static void count(void *user, const struct sc_notification *n)
{
    (void)n;
    *(int *)user += 1;
}

static void a_listener(void **state)
{
    struct scene *scene = *state;
    struct sc_listener *listener;
    int heard = 0;
    const struct sc_listen_options options = { .user = &heard, .notify = count };
    EXPECT(SC_OK, sc_listener_open(scene->test.url, &options, &listener, &scene->err));
    EXPECT(SC_OK, sc_listen(listener, "news", &scene->err));
    while (!sc_listener_ready(listener))
        EXPECT(SC_OK, sc_listener_wait(listener, 20000, &scene->err));
    EXPECT(SC_OK, sc_notify(scene->db, "news", NULL, &scene->err));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool right = sc_listener_wait(listener, 20000, NULL) == SC_MISUSE;
        sc_listener_step(listener, SC_READ);
        sc_listener_close(listener);
        leave(right && !heard);
    }
    expect_child(child);
    EXPECT(SC_OK, sc_listener_wait(listener, 20000, &scene->err));
    assert_int_equal(heard, 1);
    sc_listener_close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_batch),
        SCENE_TEST(an_event_loop),
        SCENE_TEST(an_event_loop_that_connects),
        SCENE_TEST(a_listener),
    };
    return cmocka_run_group_tests_name("fork", tests, NULL, NULL);
}
