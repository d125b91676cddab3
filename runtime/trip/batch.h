/* batch.h: jobs that wait to travel together, and what becomes of them.
 *
 * All memory of a batch is one arena, which grows in blocks: a call allocates nothing. Who
 * flies it (batch_run.c, which waits; async.c, which does not) takes these steps:
 *
 *     sc__batch_depart   marks it as run; gives what would be sent, NULL: nothing
 *     ...                a trip or a flight with these asks
 *     sc__batch_land     every call's status and outputs out of what came back
 *     sc__batch_verdict  what the batch as a whole came to
 */
#ifndef SC_BATCH_H
#define SC_BATCH_H
#include "runtime/call/job.h"

struct sc__item {
    struct sc__job job;
    struct sc__ask ask; /* of a job that has one */
    struct sc_error
        *error; /* of a failure that is not plain from its status; or NULL */
    enum sc_status status;
    bool taken;
};

struct sc__aloft;

struct sc_batch {
    struct sc_db *db;    /* NULL: of an event loop */
    struct sc_view view; /* where db is one */
    struct sc_db queue;
    struct sc__scratch memory; /* of the items and everything in them */
    struct sc__item **items;
    size_t nitems;
    size_t room;
    struct sc__slab *slab; /* of rows that were given out, each by itself */
    struct sc__ask **asks; /* of all items, in their order, when it runs */
    size_t nasks;
    bool ran;     /* it was sent, or refused */
    bool landed;  /* every call has its status */
    bool lacking; /* a call could not even be noted */
    bool apart;   /* SC_INDEPENDENT */
    bool in_tx;   /* texts are set */
    struct sc__tx_texts texts;
    struct sc_error first;   /* the first failure; SC_OK: there is none */
    struct sc_error *lost;   /* of calls whose answers never came */
    struct sc__aloft *owner; /* of an event loop: see async.h */
};

/* async.c: whether a batch of an event loop is submitted, or its answers have not come. */
bool sc__async_holds(const struct sc_batch *batch);
/* ... and is to be closed. False: it goes by itself when its answers come. */
bool sc__async_part(struct sc_batch *batch);

/* A batch for db; NULL: no memory. */
struct sc_batch *sc__batch_new(struct sc_db *db);

/* A new item's job, its memory the batch's. Fails as sc__job_begin. */
enum sc_status sc__batch_add(struct sc_batch *batch, const char *label,
                             struct sc__job **job, struct sc_error *err);
/* Keeps the item that was added last; another st than SC_OK is the item's failure, and
 * then the batch's. */
enum sc_status sc__batch_keep(struct sc_batch *batch, enum sc_status st,
                              struct sc_error *err);

/* Collects batch->asks; false: there is nothing to send, and sc__batch_verdict says why. A
 * batch that has run already is the caller's to refuse. */
bool sc__batch_depart(struct sc_batch *batch);
/* Whether a call touches secrets: see sc__conn_hush. */
bool sc__batch_secret(const struct sc_batch *batch);
/* The start hooks of all calls. */
void sc__batch_started(struct sc_batch *batch, const struct sc__hooks *hooks);
/* Sets every call's status and outputs, with the end hooks. failure is told where landing's
 * status is not SC_OK. */
void sc__batch_land(struct sc_batch *batch, const struct sc__landing *landing,
                    const struct sc_error *failure, const struct sc__hooks *hooks);
/* It was not sent at all: all calls are SC_NOT_RUN. */
void sc__batch_refuse(struct sc_batch *batch, const struct sc_error *failure);
enum sc_status sc__batch_verdict(const struct sc_batch *batch, struct sc_error *err);

#endif
