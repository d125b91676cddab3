/* mend.c: why a trip failed, and statements that have gone stale. It must not send one. */
#include "trip.h"
#include <string.h>

static bool has_code(const PGresult *error, const char *code)
{
    const char *sqlstate = PQresultErrorField(error, PG_DIAG_SQLSTATE);
    return sqlstate && strcmp(sqlstate, code) == 0;
}

/* What is to be mended: one of SC__FATE_AGAIN's bits, 0: nothing. Source of the codes:
 * PostgreSQL 15, src/backend/commands/prepare.c, src/backend/utils/cache/plancache.c */
static enum sc__fate fault_of(const PGresult *error)
{
    const char *function = PQresultErrorField(error, PG_DIAG_SOURCE_FUNCTION);
    if (has_code(error, "42P05")) /* the name is there already */
        return SC__FATE_TAKEN;
    if (has_code(error, "26000")) /* none is there any more */
        return SC__FATE_GONE;
    if (has_code(error, "0A000") && function &&
        strcmp(function, "RevalidateCachedQuery") == 0)
        return SC__FATE_STALE;
    return 0;
}

static void mend_plan(struct sc__conn *conn, struct sc__plan *plan, enum sc__fate fault)
{
    if (fault & SC__FATE_TAKEN)
        plan->state = SC__PLAN_THERE;
    else if (fault & SC__FATE_GONE)
        sc__plans_forget(&conn->plans);
    else
        sc__plan_rename(conn, plan);
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

/* Some names were lost and some were not: new ones are quicker than to find out which. */
static void rename_new(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++) {
        struct sc__plan *plan = trip->asks[i]->plan;
        if (plan->state == SC__PLAN_NEW && plan->mended != trip)
            sc__plan_rename(trip->conn, plan);
        plan->mended = trip; /* once, though several asks have it */
    }
    for (size_t i = 0; i < trip->count; i++)
        trip->asks[i]->plan->mended = NULL;
}

bool sc__trip_mend(struct sc__trip *trip)
{
    struct sc__conn *conn = trip->conn;
    struct sc__plan *plan = trip->asks[trip->failed]->plan;
    if (trip->lost || trip->at_begin || trip->at_end)
        return false;
    enum sc__fate fault = trip->error ? fault_of(trip->error) : 0;
    if ((fault & SC__FATE_TAKEN) && trip->attempts > 1) {
        rename_new(trip);
        return true;
    }
    if (fault) {
        mend_plan(conn, plan, fault);
        return true;
    }
    /* An enum may have been dropped and made again: the next attempt looks, and goes on
     * if that is so. */
    if (!plan->uses_enums || trip->in_tx || trip->suspect || !may_be_types(trip))
        return false;
    sc__types_forget(&conn->types);
    sc__plans_unlearn(&conn->plans);
    plan->state = SC__PLAN_UNLEARNT;
    trip->suspect = plan;
    return true;
}

/* ---- apart -------------------------------------------------------------------------------- */

void sc__trip_fail_ask(struct sc__trip *trip, struct sc__ask *ask,
                       const PGresult *result)
{
    enum sc__fate fault = fault_of(result);
    if (fault && trip->attempts < SC__TRIP_ATTEMPTS) {
        ask->fate |= (uint8_t)fault;
        return;
    }
    struct sc__blame blame = { .label = ask->label,
                               .secret = ask->flags & SC__TOUCHES_SECRET };
    ask->error = sc__scratch_alloc(trip->memory, sizeof(*ask->error));
    ask->status = (uint8_t)sc__fail_result(ask->error, &blame, result);
}

/* A statement that is not there because it could not be prepared in this very trip says
 * nothing of the others. */
static void mend_ask(struct sc__trip *trip, const struct sc__ask *ask)
{
    struct sc__plan *plan = ask->plan;
    enum sc__fate fault = (enum sc__fate)(ask->fate & SC__FATE_AGAIN & ~SC__FATE_LATER);
    if (!fault || plan->mended == trip)
        return;
    plan->mended = trip;
    if ((fault & SC__FATE_GONE) && plan->sent == trip)
        plan->state = SC__PLAN_NEW;
    else if (!(fault & SC__FATE_GONE) || plan->state > SC__PLAN_UNLEARNT)
        mend_plan(trip->conn, plan, fault);
}

bool sc__trip_mend_asks(struct sc__trip *trip)
{
    bool again = false;
    for (size_t i = 0; i < trip->count; i++) {
        struct sc__ask *ask = trip->asks[i];
        if (!(ask->fate & SC__FATE_AGAIN))
            continue;
        mend_ask(trip, ask);
        ask->fate &= (uint8_t)~SC__FATE_AGAIN;
        again = true;
    }
    return again;
}

/* ---- words ---------------------------------------------------------------------------------- */

/* Whether the answer to COMMIT is lost, and with it whether the server had committed. It had
 * not where it refused a statement or the COMMIT. */
static bool is_commit_unknown(const struct sc__trip *trip)
{
    return trip->committing && trip->lost && !trip->refused;
}

/* What the server or libpq said. */
static enum sc_status explain_error(struct sc__trip *trip, const char *label)
{
    const struct sc__ask *ask = trip->asks[trip->failed];
    struct sc__blame blame = { .label = label,
                               .secret = ask->flags & SC__TOUCHES_SECRET };
    for (size_t i = 0; trip->at_end && i < trip->count; i++)
        blame.secret |= (trip->asks[i]->flags & SC__TOUCHES_SECRET) != 0;
    if (trip->no_memory)
        return sc__fail_memory(trip->err, label);
    if (trip->rolled_back)
        return sc__fail(trip->err, label, SC_NOT_RUN,
                        "the transaction was rolled back");
    ExecStatusType said = PQresultStatus(trip->error); /* of NULL: a failure */
    if (!trip->error ||
        said == PGRES_PIPELINE_SYNC) /* libpq lost what came before it */
        return sc__fail_conn(trip->err, label, trip->conn->pg);
    if (said != PGRES_FATAL_ERROR)
        return sc__fail(trip->err, label, SC_MISUSE,
                        "the statement answers with something else than rows");
    return sc__fail_result(trip->err, &blame, trip->error);
}

enum sc_status sc__trip_explain(struct sc__trip *trip)
{
    bool own = trip->begin && (trip->at_begin || trip->at_end);
    const char *label = own ? "sc_batch_run" : trip->asks[trip->failed]->label;
    if (trip->mismatched && !trip->error && !trip->lost)
        return trip->no_memory ? SC_NO_MEMORY : SC_SCHEMA_MISMATCH;
    enum sc_status status = explain_error(trip, label);
    if (is_commit_unknown(trip))
        status = SC_COMMIT_UNKNOWN;
    else if (trip->in_tx && trip->error && fault_of(trip->error))
        status = SC_SERIALIZATION; /* mended: it will go well when it is run again */
    if (trip->err)
        trip->err->status = status;
    return status;
}
