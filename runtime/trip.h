/* trip.h: one attempt of a flight, which flight.c, pipeline.c and mend.c share; nobody else
 * includes it. */
#ifndef SC_TRIP_H
#define SC_TRIP_H
#include "sc_internal.h"

struct sc__trip {
    struct sc__conn *conn;
    struct sc__ask **asks;
    size_t count;
    size_t failed;   /* the ask whose result `error` is */
    PGresult *error; /* the first bad result; owned */
    bool unsent;     /* libpq took no more: nothing may be kept of it */
    bool no_memory;  /* why */
    bool lost;       /* the connection has gone */
    bool mismatched; /* a result is not what was generated for; *err tells */
    bool at_end;     /* the error came when the server committed: of no ask alone */
    struct sc_error *err;
};

static inline bool sc__trip_went_well(const struct sc__trip *trip)
{
    return !trip->error && !trip->unsent && !trip->lost && !trip->mismatched;
}

static inline bool sc__is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Whether libpq itself failed, in a pipeline: out of memory, it goes out of step with the
 * server and would wait for answers that have long come. */
bool sc__is_out_of_step(const PGresult *result);
/* Keeps the first bad result as the trip's error. */
void sc__trip_note_bad(struct sc__trip *trip, size_t ask, PGresult *result);
/* Sends Bind and Execute. False: libpq took it not. */
bool sc__trip_execute(struct sc__trip *trip, const struct sc__ask *ask);

/* pipeline.c: all asks in one pipeline, those that need it parsed and described first. */
void sc__trip_pipeline(struct sc__trip *trip);

/* mend.c: what the failure of a trip is called; and puts right what made it fail: true, the
 * next one may go better. */
enum sc_status sc__trip_explain(struct sc__trip *trip, bool in_tx);
bool sc__trip_mend(struct sc__trip *trip, bool in_tx);

#endif
