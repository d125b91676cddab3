/* helper.c: a thread for one piece of work. It must not know what the work is. */
#include "helper.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct sc__helper {
    void (*run)(void *work);
    void (*release)(void *work);
    void *work;
    int ends[2]; /* of a pipe; both live as long as this */
    atomic_bool done;
    atomic_int holders; /* the owner and the thread */
};

static void let_go(struct sc__helper *helper)
{
    if (atomic_fetch_sub(&helper->holders, 1) != 1)
        return;
    helper->release(helper->work);
    close(helper->ends[0]);
    close(helper->ends[1]);
    free(helper);
}

static void *work(void *arg)
{
    struct sc__helper *helper = arg;
    helper->run(helper->work);
    atomic_store(&helper->done, true);
    while (write(helper->ends[1], "", 1) < 0 && errno == EINTR)
        continue;
    let_go(helper);
    return NULL;
}

/* Signals are for the program's own threads. */
static bool begin_thread(struct sc__helper *helper)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool begun = pthread_create(&thread, NULL, work, helper) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (begun)
        pthread_detach(thread);
    return begun;
}

bool sc__helper_start(void (*run)(void *work), void (*release)(void *work), void *work_,
                      struct sc__helper **helper)
{
    struct sc__helper *made = calloc(1, sizeof(*made));
    if (!made)
        return false;
    made->run = run;
    made->release = release;
    made->work = work_;
    atomic_init(&made->done, false);
    atomic_init(&made->holders, 2);
    if (pipe(made->ends) != 0) {
        free(made);
        return false;
    }
    for (int i = 0; i < 2; i++)
        fcntl(made->ends[i], F_SETFD, FD_CLOEXEC);
    if (!begin_thread(made)) {
        close(made->ends[0]);
        close(made->ends[1]);
        free(made);
        return false;
    }
    *helper = made;
    return true;
}

int sc__helper_fd(const struct sc__helper *helper)
{
    return helper->ends[0];
}

bool sc__helper_done(struct sc__helper *helper)
{
    return atomic_load(&helper->done);
}

void sc__helper_drop(struct sc__helper *helper)
{
    if (helper)
        let_go(helper);
}
