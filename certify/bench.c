/* bench.c: makes a database to try migrations on; must not know what is tried. */
#include "bench.h"

#include <string.h>

#include "../sqltext/sqltext.h"

/* ---- asking ---- */

const char *bench_ask(struct arena *arena, struct sc_db *db, const char *sql,
                      struct sc_rows **rows)
{
    struct sc_error error;
    if (sc_query(db, sql, NULL, 0, rows, &error) == SC_OK)
        return NULL;
    return arena_printf(arena, "%s", error.message);
}

const char *bench_run(struct arena *arena, struct sc_db *db, const char *text)
{
    struct sc__sql_scan scan = sc__sql_begin(text, strlen(text));
    struct sc__sql_statement one;
    while (sc__sql_next(&scan, &one)) {
        const char *sql = arena_copy(arena, text + one.start, one.size);
        const char *error = bench_ask(arena, db, sql, NULL);
        if (error)
            return error;
    }
    return scan.error;
}

const char *bench_value(struct arena *arena, const struct sc_rows *rows, size_t row,
                        size_t column)
{
    const char *value = sc_rows_value(rows, row, column);
    return value ? arena_copy(arena, value, strlen(value)) : NULL;
}

/* ---- opening ---- */

static const char *connect(struct arena *arena, const char *url, struct sc_db **db)
{
    struct sc_error error;
    if (sc_open(url, db, &error) == SC_OK)
        return NULL;
    return arena_printf(arena, "cannot connect to the server that was made: %s",
                        error.message);
}

static const char *make_server(struct bench *bench)
{
    const char *error = cluster_scratch(bench->arena, &bench->scratch);
    if (!error)
        bench->url = cluster_scratch_cluster(bench->scratch)->url;
    return error;
}

const char *bench_open(struct arena *arena, const char *url, struct bench *bench)
{
    *bench = (struct bench){ .arena = arena, .url = url };
    const char *error = url ? NULL : make_server(bench);
    if (!error)
        error = connect(arena, bench->url, &bench->mover);
    if (!error)
        error = connect(arena, bench->url, &bench->looker);
    if (!error)
        error = bench_ask(arena, bench->mover, "set client_min_messages = debug1",
                          NULL);
    return error;
}

void bench_close(struct bench *bench)
{
    sc_close(bench->looker);
    sc_close(bench->mover);
    cluster_discard(bench->scratch);
    *bench = (struct bench){ .arena = bench->arena };
}
