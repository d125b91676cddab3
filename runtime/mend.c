/* mend.c: why a flight failed, and statements that have gone stale. It must not send one. */
#include "trip.h"
#include <string.h>

static bool has_code(const PGresult *error, const char *code)
{
    const char *sqlstate = PQresultErrorField(error, PG_DIAG_SQLSTATE);
    return sqlstate && strcmp(sqlstate, code) == 0;
}

static bool is_stale(const PGresult *error)
{
    const char *function = PQresultErrorField(error, PG_DIAG_SOURCE_FUNCTION);
    return has_code(error, "0A000") && function &&
           strcmp(function, "RevalidateCachedQuery") == 0;
}

/* Whether it may be that a type's OID is not the one that was looked up: a result of another
 * type, "cache lookup failed" (XX000), "type with OID ... does not exist" and the like (42). */
static bool may_be_types(const struct sc__trip *trip)
{
    if (!trip->error)
        return trip->mismatched;
    const char *sqlstate = PQresultErrorField(trip->error, PG_DIAG_SQLSTATE);
    return sqlstate &&
           (strcmp(sqlstate, "XX000") == 0 || strncmp(sqlstate, "42", 2) == 0);
}

/* Source of the codes: PostgreSQL 15, src/backend/commands/prepare.c, src/backend/utils/cache/plancache.c */
bool sc__trip_mend(struct sc__trip *trip, bool in_tx)
{
    struct sc__conn *conn = trip->conn;
    struct sc__plan *plan = trip->asks[trip->failed]->plan;
    if (trip->lost || trip->unsent)
        return false;
    if (trip->error && has_code(trip->error, "42P05")) { /* the name is there already */
        plan->state = SC__PLAN_THERE;
        return true;
    }
    if (trip->error && has_code(trip->error, "26000")) { /* none is there any more */
        sc__plans_forget(&conn->plans);
        return true;
    }
    if (trip->error && is_stale(trip->error)) {
        sc__plan_rename(conn, plan);
        return true;
    }
    bool changed = false; /* an enum may have been dropped and made again */
    return plan->uses_enums && !in_tx && may_be_types(trip) &&
           sc__plan_relearn(conn, plan, &changed, NULL) == SC_OK && changed;
}

enum sc_status sc__trip_explain(struct sc__trip *trip, bool in_tx)
{
    struct sc__conn *conn = trip->conn;
    const struct sc__ask *ask = trip->asks[trip->failed];
    struct sc__blame blame = { .label = ask->label,
                               .secret = ask->flags & SC__TOUCHES_SECRET };
    for (size_t i = 0; trip->at_end && i < trip->count; i++)
        blame.secret |= (trip->asks[i]->flags & SC__TOUCHES_SECRET) != 0;
    if (trip->mismatched)
        return SC_SCHEMA_MISMATCH;
    if (trip->no_memory)
        return sc__fail_memory(trip->err, ask->label);
    if (!trip->error)
        return sc__fail_conn(trip->err, ask->label, conn->pg);
    if (PQresultStatus(trip->error) != PGRES_FATAL_ERROR)
        return sc__fail(trip->err, ask->label, SC_MISUSE,
                        "the statement answers with something else than rows");
    enum sc_status status = sc__fail_result(trip->err, &blame, trip->error);
    if (!in_tx || (!is_stale(trip->error) && !has_code(trip->error, "26000") &&
                   !has_code(trip->error, "42P05")))
        return status;
    /* Mended, but the transaction is gone: it will go well when it is run again. */
    trip->err->status = SC_SERIALIZATION;
    return SC_SERIALIZATION;
}
