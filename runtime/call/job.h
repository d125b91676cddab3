/* job.h: one call of a generated function: its asks, what it wants and where that goes.
 *
 * A generated call clears its outputs, begins a job, fills it, and submits it. On a
 * connection, pool or transaction the job stands on the stack and runs at once; on a
 * queue it is kept in the batch with copies of its arguments.
 */
#ifndef SC_JOB_H
#define SC_JOB_H
#include "runtime/db/db.h"
#include "runtime/inline.h"
#include <string.h>

struct sc__job {
    const char *label;
    const struct sc__row *row; /* of the rows that are given; NULL: none */
    const struct sc__nested
        *nested; /* asks[0] is the parent's, the others relations' */
    struct sc__ask *asks;
    size_t nasks;
    void *out;
    void *n;
    uint8_t want; /* enum sc__want */
    uint8_t flags;
    bool single;                 /* one row at most, of one ask, into out */
    bool flat;                   /* one ask, and no column needs memory of its own */
    bool versioned;              /* result columns 0, 1: the row exists, was updated */
    bool started;                /* the start hook was called */
    const char *sql;             /* for hooks; NULL: the first ask's */
    int64_t rows;                /* for the end hook, as are */
    int64_t bytes;               /* ... of the values that came, */
    int64_t waited;              /* ... nanoseconds for a connection of the pool */
    int64_t begun;               /* sc__clock */
    struct sc__scratch *scratch; /* memory for all of this */
    struct sc__desk *desk;       /* where it stands; NULL: in a batch */
    struct sc__ask *one;         /* room for the ask of a job that has one */
};

enum { SC__DESK_ROOM = 1536, SC__DESK_WIRES = 16 };
/* Where a job stands that runs at once. */
struct sc__desk {
    struct sc__job job;
    struct sc__ask ask; /* of a job that has one */
    struct sc__wire wires[SC__DESK_WIRES];
    struct sc__scratch scratch;
    _Alignas(8) char room[SC__DESK_ROOM];
};

/* The job of a batch, or of no handle at all. */
enum sc_status sc__job_elsewhere(struct sc_db *db, const char *label,
                                 struct sc__job **job, struct sc_error *err);

/* Whether a call through db is to be built elsewhere. */
static inline bool sc__job_is_elsewhere(const struct sc_db *db)
{
    return !db || db->kind == SC__DB_QUEUE;
}

/* The desk's job, to be filled. */
static inline struct sc__job *sc__desk_job(struct sc__desk *desk, const char *label)
{
    sc__scratch_init(&desk->scratch, desk->room, sizeof(desk->room));
    sc__wipe(&desk->job, sizeof(desk->job));
    desk->job.label = label;
    desk->job.scratch = &desk->scratch;
    desk->job.desk = desk;
    desk->job.one = &desk->ask;
    return &desk->job;
}

/* Gives the job to fill, on the desk or in db's batch. Fails when db is NULL, when its
 * batch has run (SC_MISUSE), and without memory. */
static inline enum sc_status sc__job_begin(struct sc_db *db, struct sc__desk *desk,
                                           const char *label, struct sc__job **job,
                                           struct sc_error *err)
{
    if (sc__job_is_elsewhere(db))
        return sc__job_elsewhere(db, label, job, err);
    *job = sc__desk_job(desk, label);
    return SC_OK;
}

static inline void sc__ask_init(struct sc__ask *ask, const struct sc__job *job)
{
    sc__wipe(ask, sizeof(*ask));
    ask->label = job->label;
    ask->flags = job->flags;
}

/* Gives the job `count` asks, empty. False: no memory. */
bool sc__job_many_asks(struct sc__job *job, size_t count);
static inline bool sc__job_asks(struct sc__job *job, size_t count)
{
    if (count != 1 || !job->one)
        return sc__job_many_asks(job, count);
    job->nasks = 1;
    job->asks = job->one;
    sc__ask_init(job->asks, job);
    job->asks->wires = job->desk ? job->desk->wires : NULL;
    return true;
}

/* Gives an ask `count` wires. False: no memory. */
static inline bool sc__ask_wires(struct sc__job *job, struct sc__ask *ask,
                                 uint16_t count)
{
    ask->nparams = count;
    if (ask->wires && count <= SC__DESK_WIRES) /* the desk's */
        return true;
    ask->wires = sc__scratch_alloc(job->scratch, count * sizeof(*ask->wires));
    return ask->wires != NULL;
}

/* Gives a mask of no column: the ask's own word, which is zero, where one is enough. NULL: no
 * memory. */
SC__INLINED uint64_t *sc__ask_mask(struct sc__job *job, struct sc__ask *ask,
                                   size_t words)
{
    if (words <= 1)
        return &ask->word;
    uint64_t *mask = sc__scratch_alloc(job->scratch, words * sizeof(*mask));
    return mask ? memset(mask, 0, words * sizeof(*mask)) : NULL;
}

/* Runs the job, or queues it (SC_QUEUED), and lets go of its memory. st is what building
 * it came to: another one than SC_OK is returned as it is, and fails a batch. */
enum sc_status sc__job_submit(struct sc_db *db, struct sc__job *job, enum sc_status st,
                              struct sc_error *err);
/* The same of a job that stands on a desk. */
enum sc_status sc__job_run(struct sc_db *db, struct sc__job *job, enum sc_status st,
                           struct sc_error *err);

/* Gives the job one ask, of a statement with its arguments encoded. */
enum sc_status sc__run_ask(struct sc__job *job, const struct sc__stmt *stmt,
                           uint64_t variant, const void *const *args,
                           struct sc_error *err);

/* Sets the outputs to NULL and 0, as every call does when it begins. */
void sc__job_blank_plain(const struct sc__stmt *stmt, void *out, void *n);
static inline void sc__job_blank(const struct sc__stmt *stmt, void *out, void *n)
{
    if (n || stmt->want > SC__WANT_MANY)
        sc__job_blank_plain(stmt, out, n);
    else if (out)
        *(void **)out = NULL;
}
/* What the results say by their number: SC_NOT_FOUND, SC_TOO_MANY, SC_STALE, or SC_OK. */
enum sc_status sc__job_answer(struct sc__job *job, struct sc_error *err);
/* Whether it is one of those statuses but SC_OK; and its words, as answer tells them. */
static inline bool sc__job_is_answer(enum sc_status status)
{
    return status == SC_NOT_FOUND || status == SC_TOO_MANY || status == SC_STALE;
}
enum sc_status sc__job_tell(const struct sc__job *job, enum sc_status answer,
                            struct sc_error *err);
/* Sets the outputs from the results. */
enum sc_status sc__job_deliver(struct sc__job *job, struct sc_error *err);
/* Clears whatever results the asks still hold. */
void sc__job_clear(struct sc__job *job);
/* Whether its rows are to be kept for a `_take`. */
bool sc__job_waits(const struct sc__job *job);

/* Counts the bytes of the results that its asks hold, for the end hook. */
void sc__job_weigh(struct sc__job *job);
/* Hooks of a job: start when its statements are known, end when its status is. */
void sc__job_started(struct sc__job *job, const struct sc__hooks *hooks);
void sc__job_ended(struct sc__job *job, const struct sc__hooks *hooks,
                   enum sc_status st, const struct sc_error *err);

/* nested.c: delivers a parent with its relations. */
enum sc_status sc__nested_deliver(struct sc__job *job, void **block, size_t *count,
                                  struct sc_error *err);

#endif
