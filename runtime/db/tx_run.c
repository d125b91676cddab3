/* tx_run.c: transactions that are run again. It must not run one again of which something
 * may have been kept. */
#include "runtime/sc_internal.h"
#include <string.h>
#include <time.h>

enum { ATTEMPTS = 5, FIRST_PAUSE_MS = 5, LONGEST_PAUSE_MS = 1000 };

struct run {
    const struct sc_tx_options *options;
    sc_tx_fn *work;
    void *arg;
    int64_t until;       /* 0: no limit */
    struct sc_error err; /* of the last attempt */
    bool again;          /* it may go better: nothing was kept */
};

static bool may_go_better(const struct sc_error *err)
{
    return err->status == SC_SERIALIZATION || err->status == SC_DEADLOCK ||
           (err->status == SC_CONNECTION && strcmp(err->sqlstate, "25006") == 0);
}

/* A work may give a status of its own back, or not tell what failed. */
static void name_failure(struct run *run, enum sc_status status)
{
    if (run->err.status != status)
        sc__fail(&run->err, "sc_tx_run", status, "the transaction's work gave %s",
                 sc_status_name(status));
}

static enum sc_status run_once(struct sc_db *db, struct run *run)
{
    struct sc_db *tx;
    struct sc_error *err = &run->err;
    run->again = false;
    sc__error_start(err, "sc_tx_run", SC_OK);
    enum sc_status status = sc__tx_begin(db, run->options, run->until, &tx, err);
    if (status != SC_OK)
        return status;
    status = run->work(tx, run->arg, err);
    if (status == SC_OK) {
        status = sc_tx_commit(tx, err);
        run->again = status != SC_OK && may_go_better(err);
        return status;
    }
    name_failure(run, status);
    /* Handles that have ended are kept for a while, should the work have ended it. */
    run->again = !tx->over && (may_go_better(err) || may_go_better(&tx->failure));
    sc_tx_rollback(tx);
    return status;
}

/* Waits before attempt n + 1: twice as long each time, and up to a half less, so that those
 * who met do not meet again. False: there is no time left for it. */
static bool pause_after(int n, int64_t until)
{
    int64_t ms = n < 10 ? (int64_t)FIRST_PAUSE_MS << (n - 1) : LONGEST_PAUSE_MS;
    if (ms > LONGEST_PAUSE_MS)
        ms = LONGEST_PAUSE_MS;
    int64_t now = sc__clock(), longest = ms * 1000000;
    uint64_t chance = (uint64_t)now * 0x9e3779b97f4a7c15u ^ (uintptr_t)&now;
    chance = (chance ^ chance >> 29) * 0xbf58476d1ce4e5b9u;
    int64_t pause = longest - (int64_t)((chance >> 33) % (uint64_t)(longest / 2));
    if (until && now + pause >= until)
        return false;
    struct timespec left = { pause / 1000000000, (long)(pause % 1000000000) };
    while (nanosleep(&left, &left) != 0)
        continue;
    return true;
}

/* How often at most; 0: the options make no sense. */
static int attempts_of(const struct sc_db *base, const struct sc_tx_options *options)
{
    if (base->kind == SC__DB_TX)
        return 1;
    if (!options || !options->attempts)
        return ATTEMPTS;
    return options->attempts > 0 ? options->attempts : 0;
}

enum sc_status sc_tx_run(struct sc_db *db, const struct sc_tx_options *options,
                         sc_tx_fn *work, void *arg, struct sc_error *err)
{
    const struct sc_db *base = sc__view_base(db);
    int attempts = base && work ? attempts_of(base, options) : 0;
    if (!attempts)
        return sc__fail(err, "sc_tx_run", SC_MISUSE,
                        "a handle, work and a number of attempts are needed");
    struct run run = { .options = options, .work = work, .arg = arg };
    run.until = sc__view_until(db);
    enum sc_status status = run_once(db, &run);
    for (int n = 1; run.again && n < attempts && pause_after(n, run.until); n++)
        status = run_once(db, &run);
    if (status != SC_OK && err)
        *err = run.err;
    return status;
}
