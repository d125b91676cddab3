/* bench.h: the database that migrations are tried on, and how it is asked. Inside certify/
 * only; knows nothing of migrations. Functions give NULL, or a message in the arena. */
#ifndef CERTIFY_BENCH_H
#define CERTIFY_BENCH_H
#include "../cluster/cluster.h"
#include "../runtime/sc.h"

struct bench {
    struct arena *arena;
    struct cluster_scratch *scratch; /* NULL: the caller's server */
    const char *url;
    struct sc_db *mover;  /* what migrates; says at DEBUG1 what it does */
    struct sc_db *looker; /* what looks */
    bool prepared;        /* the looker, for reading the catalog */
};

/* Connects to a database. url NULL: of a server that is made. */
const char *bench_open(struct arena *arena, const char *url, struct bench *bench);
/* Closes it, and ends the server that was made. A zeroed one is fine. */
void bench_close(struct bench *bench);

/* Asks one question; *rows is for sc_rows_free, NULL after a failure. */
const char *bench_ask(struct arena *arena, struct sc_db *db, const char *sql,
                      struct sc_rows **rows);
/* Runs a text of any number of statements, without a transaction around it. */
const char *bench_run(struct arena *arena, struct sc_db *db, const char *text);
/* A copy of a value in the arena; NULL for SQL NULL. */
const char *bench_value(struct arena *arena, const struct sc_rows *rows, size_t row,
                        size_t column);

#endif
