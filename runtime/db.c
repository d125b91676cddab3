/* db.c: opening and closing handles, and letting one call at a time onto a connection. It
 * must not send statements. */
#include "sc_internal.h"
#include <stdlib.h>
#include <string.h>

struct sc_db *sc__db_new(enum sc__db_kind kind, const char *url)
{
    struct sc_db *db = calloc(1, sizeof(*db));
    if (!db)
        return NULL;
    db->kind = kind;
    db->url = url ? strdup(url) : NULL;
    if ((url && !db->url) || pthread_mutex_init(&db->lock, NULL) != 0) {
        free(db->url);
        free(db);
        return NULL;
    }
    return db;
}

void sc__db_free(struct sc_db *db)
{
    for (struct sc_db *tx = db->ended, *next; tx; tx = next) {
        next = tx->next;
        free(tx);
    }
    pthread_mutex_destroy(&db->lock);
    free(db->url);
    free(db);
}

enum sc_status sc_open(const char *url, struct sc_db **db, struct sc_error *err)
{
    *db = NULL;
    struct sc_db *made = sc__db_new(SC__DB_CONN, url);
    if (!made)
        return sc__fail_memory(err, NULL);
    const struct sc__origin from = { .url = made->url, .hooks = &made->hooks };
    enum sc_status status = sc__conn_open(&from, 0, &made->conn, err);
    if (status != SC_OK) {
        sc__db_free(made);
        return status;
    }
    *db = made;
    return SC_OK;
}

enum sc_status sc_adopt(struct pg_conn *conn, struct sc_db **db, struct sc_error *err)
{
    *db = NULL;
    struct sc_db *made = sc__db_new(SC__DB_CONN, NULL);
    if (!made)
        return sc__fail_memory(err, NULL);
    enum sc_status status = sc__conn_adopt(conn, &made->hooks, &made->conn, err);
    if (status != SC_OK) {
        sc__db_free(made);
        return status;
    }
    *db = made;
    return SC_OK;
}

enum sc_status sc_pool_open(const char *url, const struct sc_pool_options *options,
                            struct sc_db **db, struct sc_error *err)
{
    *db = NULL;
    if (options && options->max < 0)
        return sc__fail(err, NULL, SC_MISUSE, "a pool of %d connections", options->max);
    struct sc_db *made = sc__db_new(SC__DB_POOL, url);
    if (!made)
        return sc__fail_memory(err, NULL);
    made->pool = sc__pool_new(options, made->url, &made->hooks);
    if (!made->pool) {
        sc__db_free(made);
        return sc__fail_memory(err, NULL);
    }
    *db = made;
    return SC_OK;
}

void sc_close(struct sc_db *db)
{
    if (!db || (db->kind != SC__DB_CONN && db->kind != SC__DB_POOL))
        return;
    if (db->kind == SC__DB_POOL) {
        sc__pool_close(db->pool, db);
        return;
    }
    for (struct sc_db *tx = db->conn->top; tx; tx = tx->outer)
        tx->over = true; /* not freed: whoever still holds it may end it */
    sc__conn_close(db->conn);
    sc__db_free(db);
}

struct pg_conn *sc_borrow(struct sc_db *db)
{
    if (!db || !db->conn || db->over)
        return NULL;
    struct sc__conn *conn = db->conn;
    if (!atomic_load(&conn->busy))
        PQsetnonblocking(conn->pg, 0);
    conn->lent = true;
    return conn->pg;
}

const struct sc__hooks *sc__db_hooks(const struct sc_db *db)
{
    return db->root ? &db->root->hooks : &db->hooks;
}

void sc__db_note_failure(struct sc_db *db, const struct sc_error *err)
{
    if (db->kind != SC__DB_TX || db->failure.status != SC_OK)
        return;
    if (!sc__conn_alive(db->conn) ||
        PQtransactionStatus(db->conn->pg) == PQTRANS_INERROR)
        db->failure = *err;
}

/* ---- entering --------------------------------------------------------------------------- */

static enum sc_status refuse(struct sc__conn *conn, const char *label,
                             struct sc_error *err, const char *why)
{
    atomic_store_explicit(&conn->busy, false, memory_order_release);
    return sc__fail(err, label, SC_MISUSE, "%s", why);
}

/* Whoever it was lent to has left it so. */
static bool is_spoilt(const struct sc__conn *conn)
{
    return conn->lent && !sc__conn_speaks_utf8(conn);
}
static const char spoilt[] = "the connection that was lent is not in UTF8 any more";

static enum sc_status enter_tx(struct sc_db *db, const char *label,
                               struct sc_error *err)
{
    struct sc__conn *conn = db->conn;
    if (conn->top != db)
        return refuse(conn, label, err, "a transaction is open inside this one");
    if (!sc__conn_alive(conn)) {
        atomic_store_explicit(&conn->busy, false, memory_order_release);
        return sc__fail(err, label, SC_CONNECTION,
                        "the connection was lost inside the transaction");
    }
    if (is_spoilt(conn))
        return refuse(conn, label, err, spoilt);
    if (PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
        return refuse(conn, label, err,
                      "the transaction was ended by SQL of one's own");
    return SC_OK;
}

/* Connects again; but what sc_query had begun is lost, and must not go on outside of it. */
static enum sc_status reconnect(struct sc__conn *conn, const char *label,
                                struct sc_error *err)
{
    bool begun = conn->begun;
    enum sc_status status = sc__conn_reset(conn, err);
    if (status == SC_OK && begun)
        status = sc__fail(err, label, SC_CONNECTION,
                          "the connection was lost inside a transaction of sc_query's");
    return status;
}

static enum sc_status enter_conn(struct sc_db *db, const struct sc__entry *entry,
                                 struct sc_error *err)
{
    const char *label = entry->label;
    struct sc__conn *conn = db->conn;
    if (conn->top)
        return refuse(conn, label, err,
                      "the connection's transaction is open: use that");
    if (sc__conn_check(conn, entry->careful))
        return is_spoilt(conn) ? refuse(conn, label, err, spoilt) : SC_OK;
    enum sc_status status = reconnect(conn, label, err);
    if (status != SC_OK)
        atomic_store_explicit(&conn->busy, false, memory_order_release);
    return status;
}

enum sc_status sc__db_enter(struct sc_db *db, const struct sc__entry *entry,
                            struct sc__conn **conn, struct sc_error *err)
{
    const char *label = entry->label;
    if (db->kind == SC__DB_POOL)
        return sc__pool_get(db->pool, entry, conn, err);
    if (db->over)
        return sc__fail(err, label, SC_MISUSE, "the transaction has ended");
    if (!db->conn)
        return sc__fail(err, label, SC_MISUSE, "a queue runs nothing now");
    *conn = db->conn;
    if (db->conn->forks != sc__forks)
        return sc__fail(err, label, SC_MISUSE,
                        "the connection is the parent process's");
    if (atomic_exchange_explicit(&db->conn->busy, true, memory_order_acquire))
        return sc__fail(
            err, label, SC_MISUSE,
            "another thread, or a hook, uses the connection at this moment");
    if (db->kind == SC__DB_TX)
        return enter_tx(db, label, err);
    return enter_conn(db, entry, err);
}

void sc__db_leave(struct sc_db *db, struct sc__conn *conn)
{
    if (db->kind == SC__DB_POOL)
        sc__pool_put(db->pool, conn);
    else
        atomic_store_explicit(&conn->busy, false, memory_order_release);
}
