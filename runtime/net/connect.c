/* connect.c: makes connections and waits for them. It must not know how (connecting.h). */
#include "runtime/sc_internal.h"
#include "connecting.h"

/* Gives conn a new PGconn. */
static enum sc_status connect_to(struct sc__conn *conn, int64_t until,
                                 struct sc_error *err)
{
    const struct sc__connecting_options options = { .url = conn->origin.url,
                                                    .until = until,
                                                    .notices = sc__hooks_notice,
                                                    .notices_arg = conn };
    struct sc__connecting *connecting;
    enum sc_status status = sc__connecting_new(&options, &connecting, err);
    if (status != SC_OK)
        return status;
    if (sc__connecting_wait(connecting) == SC__CONNECTING_DONE) {
        conn->pg = sc__connecting_take(connecting);
    } else {
        const struct sc_error *why = sc__connecting_error(connecting);
        status = why->status;
        if (err)
            *err = *why;
    }
    sc__connecting_free(connecting);
    return status;
}

enum sc_status sc__conn_open(const struct sc__origin *from, int64_t until,
                             struct sc__conn **conn, struct sc_error *err)
{
    struct sc__conn *made = sc__conn_new(NULL, from->hooks);
    if (!made)
        return sc__fail_memory(err, NULL);
    made->origin = *from;
    enum sc_status status = connect_to(made, until, err);
    made->broken = false; /* by what was said while connecting */
    if (status == SC_OK)
        *conn = made;
    else
        sc__conn_close(made);
    return status;
}

enum sc_status sc__conn_reset(struct sc__conn *conn, struct sc_error *err)
{
    if (conn->adopted)
        return sc__fail(err, NULL, SC_CONNECTION, "the adopted connection is lost");
    sc__plans_forget(&conn->plans);
    sc__types_forget(&conn->types);
    sc__cancel_bar(conn);
    PQfinish(conn->pg);
    conn->pg = NULL;
    enum sc_status status = connect_to(conn, conn->until, err);
    sc__cancel_unbar(conn);
    conn->broken = status != SC_OK;
    if (status == SC_OK)
        conn->begun = conn->changed = false;
    return status;
}
