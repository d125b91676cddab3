/* sweep.h: something done again and again, with each of its allocations failing once, and
 * then with all of them failing from there on: what it leaves allocated is a leak, and what
 * takes longer than SWEEP_SECONDS hangs. What it does is the test's. */
#ifndef TESTS_DB_SUPPORT_SWEEP_H
#define TESTS_DB_SUPPORT_SWEEP_H
#include "tests/db/support/client.h"
#include "tests/db/support/failing.h"
#include <signal.h>
#include <unistd.h>

/* LIBPQ_LOSES: without memory for a result, libpq 15 loses the next one that it makes in a
 * pipeline, with its columns, and never hands it out: blocks in one attempt at most. */
enum { SWEEP_SECONDS = 30, LIBPQ_LOSES = 8 };

static inline void arm(size_t at, bool on)
{
    seen = 0;
    until = at;
    persistent = on;
    armed = true;
}

/* Whether the at-th allocation was reached. */
static inline bool disarm(size_t at)
{
    armed = false;
    return seen >= at;
}

/* Does it with the at-th allocation failing, and with `on` all after it; whether that one was
 * reached. */
typedef bool sweep_try(struct scene *scene, const void *what, size_t at, bool on);

struct sweep {
    const char *name;
    sweep_try *try;
    const void *what;
    size_t least, most; /* allocations that it makes: more than, less than */
    long lost;          /* blocks that libpq may lose when the allocation is its own */
};

/* ---- a watch ------------------------------------------------------------------------------- */

static char sweep_now[160]; /* what is tried now */

static inline void sweep_hung(int signal)
{
    (void)signal;
    if (write(STDERR_FILENO, sweep_now, strlen(sweep_now)) < 0)
        _exit(98);
    _exit(99);
}

static inline void sweep_watch(const char *name, size_t at, bool on)
{
    snprintf(sweep_now, sizeof(sweep_now), "hangs: %s, allocation %zu%s\n", name, at,
             on ? " and all after it" : "");
    signal(SIGALRM, sweep_hung);
    alarm(SWEEP_SECONDS);
}

/* ---- leaks --------------------------------------------------------------------------------- */

/* Whether the allocation that failed was libpq's own. */
static inline bool was_libpqs(void)
{
    char line[512];
    bool is = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    while (!is && fgets(line, sizeof(line), maps)) {
        char *end;
        uintptr_t from = strtoul(line, &end, 16), to = strtoul(end + 1, NULL, 16);
        is = strstr(line, "/libpq.so") && (uintptr_t)failed_in >= from &&
             (uintptr_t)failed_in < to;
    }
    fclose(maps);
    return is;
}

static inline void expect_no_leak(const struct sweep *plan, size_t at, long *before)
{
    long more = live - *before;
    if (more && plan->lost && more <= plan->lost && was_libpqs())
        *before += more;
    if (live != *before)
        fail_msg("%s leaks at allocation %zu (%ld blocks)", plan->name, at, more);
}

/* ---- the sweep ----------------------------------------------------------------------------- */

static inline void sweep(struct scene *scene, const struct sweep *plan)
{
    for (int on = 0; on < 2; on++) {
        size_t at = 1;
        sweep_watch(plan->name, plan->most, on);
        /* what libraries keep is kept from here on */
        plan->try(scene, plan->what, plan->most, on);
        long before = live;
        sweep_watch(plan->name, at, on);
        while (at < plan->most && plan->try(scene, plan->what, at, on)) {
            expect_no_leak(plan, at, &before);
            sweep_watch(plan->name, ++at, on);
        }
        assert_true(at > plan->least && at < plan->most);
    }
    alarm(0);
}

#endif
