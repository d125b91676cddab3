/* describe.c: whether columns have the types that the code was generated for. It must not
 * know what is copied, nor end the transaction that it begins. */
#include "describe.h"
#include "runtime/sc_internal.h"
#include <stdlib.h>

static enum sc_status fail(struct sc__conn *conn, const struct sc__described *of,
                           const PGresult *result, struct sc_error *err)
{
    struct sc__blame blame = { .label = of->label, .secret = of->secret };
    if (!result || PQresultStatus(result) != PGRES_FATAL_ERROR)
        return sc__fail_conn(err, of->label, conn->pg);
    return sc__fail_result(err, &blame, result);
}

static enum sc_status learn_types(struct sc__conn *conn, const struct sc__described *of,
                                  struct sc_error *err)
{
    const struct sc__type **types = malloc(of->ncolumns * sizeof(*types));
    if (!types)
        return sc__fail_memory(err, of->label);
    for (uint16_t i = 0; i < of->ncolumns; i++)
        types[i] = &of->columns[i]->type;
    struct sc__type_list list = { types, of->ncolumns, of->label };
    enum sc_status status = sc__types_learn(conn, &list, err);
    free(types);
    return status;
}

static enum sc_status compare(struct sc__conn *conn, const struct sc__described *of,
                              const PGresult *described, struct sc_error *err)
{
    for (uint16_t i = 0; i < of->ncolumns; i++) {
        const struct sc__column *column = of->columns[i];
        uint32_t oid = sc__types_oid(&conn->types, &column->type, false);
        if (sc__types_alike(PQftype(described, i), oid))
            continue;
        sc__fail(err, of->label, SC_SCHEMA_MISMATCH,
                 "column \"%s\" was generated for type OID %u, but the server has %u",
                 column->name, oid, PQftype(described, i));
        if (err)
            SC__ERROR_SET(err, column, column->name);
        return SC_SCHEMA_MISMATCH;
    }
    return SC_OK;
}

/* Takes the results of one command of the pipeline; the last good one is kept. */
static enum sc_status take_step(struct sc__conn *conn, const struct sc__described *of,
                                PGresult **kept, struct sc_error *err)
{
    PGresult *result = sc__io_result(conn);
    enum sc_status status = SC_OK;
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!good && PQresultStatus(result) != PGRES_PIPELINE_ABORTED) {
        status = fail(conn, of, result, err);
        /* libpq itself failed, and is out of step with the server (see flight.c) */
        if (!PQresultErrorField(result, PG_DIAG_SQLSTATE))
            conn->broken = true;
    }
    sc__io_drain(conn);
    PQclear(*kept);
    *kept = good ? result : NULL;
    if (!good)
        PQclear(result);
    return status;
}

static bool send(PGconn *pg, const struct sc__described *of)
{
    return PQenterPipelineMode(pg) &&
           (!of->begin ||
            PQsendQueryParams(pg, of->begin, 0, NULL, NULL, NULL, NULL, 0)) &&
           PQsendPrepare(pg, "", of->select, 0, NULL) &&
           PQsendDescribePrepared(pg, "") && PQpipelineSync(pg);
}

static enum sc_status land(struct sc__conn *conn, const struct sc__described *of,
                           enum sc_status status, struct sc_error *err)
{
    PGresult *sync = sc__io_result(conn);
    if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC || !PQexitPipelineMode(conn->pg)) {
        conn->broken = true;
        if (status == SC_OK)
            status = fail(conn, of, NULL, err);
    }
    PQclear(sync);
    return status;
}

enum sc_status sc__describe(struct sc__conn *conn, const struct sc__described *of,
                            struct sc_error *err)
{
    PGresult *described = NULL;
    enum sc_status status = learn_types(conn, of, err);
    if (status != SC_OK)
        return status;
    if (!sc__io_begin(conn) || !send(conn->pg, of)) {
        conn->broken = true;
        return fail(conn, of, NULL, err);
    }
    for (int step = of->begin ? 0 : 1; step < 3; step++) {
        enum sc_status taken = take_step(conn, of, &described,
                                         status == SC_OK ? err : NULL);
        status = status == SC_OK ? taken : status;
    }
    if (status == SC_OK)
        status = compare(conn, of, described, err);
    PQclear(described);
    return land(conn, of, status, err);
}
