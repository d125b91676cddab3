/* app.h: a call of each kind that schemac generates, on the reference schema, for tests that
 * ask the same of all of them. Knows nothing of what is asked.
 *
 * Each call leaves what it gave freed and what it opened closed, whatever happens. Writes
 * make users whose ids begin with a mark, a new one each time.
 */
#ifndef TESTS_SUPPORT_APP_H
#define TESTS_SUPPORT_APP_H
#include <sc.h>

#include "tests/support/cluster.h"

typedef enum sc_status app_call(struct sc_db *db, struct sc_error *err);

/* What there is after a call that failed. */
enum app_keeps {
    APP_AGAIN,  /* nothing was to be kept: it is run again by itself */
    APP_READS,  /* nothing was to be kept */
    APP_WRITES, /* nobody knows */
    APP_TX      /* nothing, unless the status is SC_COMMIT_UNKNOWN */
};

struct app_kind {
    const char *name;
    app_call *call;
    enum app_keeps keeps;
    int rows; /* that a call makes which begin with the mark */
};

extern const struct app_kind app_kinds[];
extern const size_t app_nkinds;

/* As if no call had made any yet. */
void app_unmark(void);

/* How many users there are with the last call's mark; -1: db cannot say. */
int app_marked(struct sc_db *db);

/* Calls of a kind as app_kinds has them, into a batch that is the caller's. */
void app_queue_reads(struct sc_batch *batch);
void app_queue_writes(struct sc_batch *batch);

/* Creates the schema and the rows that the calls read. 0, or -1 after saying why. */
int app_fill(const struct test_db *test);

#endif
