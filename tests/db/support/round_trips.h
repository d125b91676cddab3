/* round_trips.h: how often a connection waits for the server, as libpq's own trace tells it. */
#ifndef TESTS_DB_SUPPORT_ROUND_TRIPS_H
#define TESTS_DB_SUPPORT_ROUND_TRIPS_H
#include "tests/db/support/client.h"

/* From here on what the connection sends and takes is noted. */
static inline FILE *trace_on(struct sc_db *db)
{
    FILE *trace = tmpfile();
    assert_non_null(trace);
    PQtrace((PGconn *)sc_borrow(db), trace);
    PQsetTraceFlags((PGconn *)sc_borrow(db), PQTRACE_SUPPRESS_TIMESTAMPS);
    return trace;
}

/* Counts turns from sending to receiving since then. */
static inline int trace_off(struct sc_db *db, FILE *trace)
{
    char line[4096];
    int count = 0;
    bool sending = false;
    PQuntrace((PGconn *)sc_borrow(db));
    rewind(trace);
    while (fgets(line, sizeof(line), trace)) {
        count += line[0] == 'B' && sending;
        sending = line[0] == 'F' || (sending && line[0] != 'B');
    }
    fclose(trace);
    return count;
}

#endif
