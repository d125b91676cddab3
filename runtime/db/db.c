/* db.c: opening and closing handles, and letting one call at a time onto a connection. It
 * must not send statements. */
#include "runtime/pool/replicas.h"
#include "runtime/sc_internal.h"
#include <stdlib.h>
#include <string.h>

struct sc_db *sc__db_new(enum sc__db_kind kind, const char *url)
{
    struct sc_db *db = calloc(1, sizeof(*db));
    if (!db)
        return NULL;
    db->kind = kind;
    db->url = url ? strdup(url) : NULL;
    db->origin.url = db->url;
    db->origin.hooks = &db->hooks;
    atomic_init(&db->holders, 1);
    if ((url && !db->url) || pthread_mutex_init(&db->lock, NULL) != 0) {
        free(db->url);
        free(db);
        return NULL;
    }
    return db;
}

void sc__db_free(struct sc_db *db)
{
    struct sc_db *home = db->home;
    if (atomic_fetch_sub(&db->holders, 1) != 1)
        return;
    for (struct sc_db *tx = db->ended, *next; tx; tx = next) {
        next = tx->next;
        free(tx);
    }
    pthread_mutex_destroy(&db->lock);
    sc__stats_free(db->hooks.stats);
    sc__replicas_free(db->replicas);
    free(db->url);
    free(db);
    if (home)
        sc__db_free(home);
}

enum sc_status sc_open(const char *url, struct sc_db **db, struct sc_error *err)
{
    return sc_open_with(url, NULL, db, err);
}

/* Whether there are such options. */
static enum sc_status check_options(const struct sc_options *options,
                                    struct sc_error *err)
{
    if (!options || options->statements == SC_STATEMENTS_NAMED ||
        options->statements == SC_STATEMENTS_UNNAMED ||
        options->statements == SC_STATEMENTS_POOLED)
        return SC_OK;
    return sc__fail(err, NULL, SC_MISUSE, "there is no such mode of statements");
}

enum sc_status sc_open_with(const char *url, const struct sc_options *options,
                            struct sc_db **db, struct sc_error *err)
{
    *db = NULL;
    enum sc_status status = check_options(options, err);
    struct sc_db *made = status == SC_OK ? sc__db_new(SC__DB_CONN, url) : NULL;
    if (!made)
        return status == SC_OK ? sc__fail_memory(err, NULL) : status;
    if (options)
        made->origin.options = *options;
    status = sc__conn_open(&made->origin, 0, &made->conn, err);
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
    const char *why = options ? sc__pool_unfit(options) : NULL;
    if (why)
        return sc__fail(err, NULL, SC_MISUSE, "%s", why);
    enum sc_status status = check_options(options ? &options->conn : NULL, err);
    if (status != SC_OK)
        return status;
    struct sc_db *made = sc__db_new(SC__DB_POOL, url);
    if (!made)
        return sc__fail_memory(err, NULL);
    if (options)
        made->origin.options = options->conn;
    made->pool = sc__pool_new(options, &made->origin);
    if (!made->pool) {
        sc__db_free(made);
        return sc__fail_memory(err, NULL);
    }
    if (options && options->replicas)
        status = sc__replicas_new(made, options, &made->replicas, err);
    if (status != SC_OK) {
        sc__pool_close(made->pool, made);
        return status;
    }
    *db = made;
    return SC_OK;
}

void sc_close(struct sc_db *db)
{
    if (!db || (db->kind != SC__DB_CONN && db->kind != SC__DB_POOL))
        return;
    if (db->kind == SC__DB_POOL) {
        sc__replicas_close(db->replicas);
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
    db = sc__view_base(db);
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
    return db->root ? db->root->origin.hooks : db->origin.hooks;
}

void sc__db_note_failure(struct sc_db *db, const struct sc_error *err)
{
    db = sc__view_base(db);
    if (db->kind != SC__DB_TX || db->failure.status != SC_OK)
        return;
    if (!sc__conn_alive(db->conn) ||
        PQtransactionStatus(db->conn->pg) == PQTRANS_INERROR)
        db->failure = *err;
}

/* ---- entering --------------------------------------------------------------------------- */

/* Whoever it was lent to has left it so. */
static bool is_spoilt(const struct sc__conn *conn)
{
    return conn->lent && !sc__conn_speaks_utf8(conn);
}

static enum sc_status refuse_spoilt(const char *label, struct sc_error *err)
{
    return sc__fail(err, label, SC_MISUSE,
                    "the connection that was lent is not in UTF8 any more");
}

static enum sc_status enter_tx(struct sc_db *db, const char *label,
                               struct sc_error *err)
{
    struct sc__conn *conn = db->conn;
    if (conn->top != db)
        return sc__fail(err, label, SC_MISUSE, "a transaction is open inside this one");
    if (!sc__conn_alive(conn))
        return sc__fail(err, label, SC_CONNECTION,
                        "the connection was lost inside the transaction");
    if (is_spoilt(conn))
        return refuse_spoilt(label, err);
    if (PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
        return sc__fail(err, label, SC_MISUSE,
                        "the transaction was ended by SQL of one's own");
    sc__pool_hold(conn);
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
    struct sc__conn *conn = db->conn;
    if (conn->top)
        return sc__fail(err, entry->label, SC_MISUSE,
                        "the connection's transaction is open: use that");
    if (!sc__conn_check(conn, entry->careful))
        return reconnect(conn, entry->label, err);
    return is_spoilt(conn) ? refuse_spoilt(entry->label, err) : SC_OK;
}

static void forget_call(struct sc__conn *conn)
{
    conn->held = NULL;
    conn->until = 0;
    conn->late = false;
}

/* A connection or transaction that no other call is in. */
static enum sc_status enter_claimed(struct sc_db *db, const struct sc__entry *entry,
                                    struct sc_error *err)
{
    struct sc__conn *conn = db->conn;
    conn->until = sc__late_sooner(entry->until, db->until);
    enum sc_status status = db->kind == SC__DB_TX ? enter_tx(db, entry->label, err)
                                                  : enter_conn(db, entry, err);
    if (status != SC_OK) {
        forget_call(conn);
        atomic_store_explicit(&conn->busy, false, memory_order_release);
    }
    return status;
}

enum sc_status sc__db_refuse_busy(const struct sc__conn *conn, const char *label,
                                  struct sc_error *err)
{
    const char *stream = atomic_load(&conn->stream);
    if (stream)
        return sc__fail(err, label, SC_MISUSE,
                        "the stream of %s is open on the connection: read it to its "
                        "end or close it",
                        stream);
    return sc__fail(err, label, SC_MISUSE,
                    "another thread, or a hook, uses the connection at this moment");
}

enum sc_status sc__db_enter(struct sc_db *db, const struct sc__entry *entry,
                            struct sc__conn **conn, struct sc_error *err)
{
    const char *label = entry->label;
    if (db->kind == SC__DB_VIEW)
        return sc__view_enter(db, entry, conn, err);
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
    if (!sc__conn_seize(db->conn))
        return sc__db_refuse_busy(db->conn, label, err);
    return enter_claimed(db, entry, err);
}

void sc__db_leave(struct sc_db *db, struct sc__conn *conn)
{
    if (db->kind == SC__DB_VIEW)
        db = conn->held;
    if (conn->held || conn->until)
        forget_call(conn);
    if (db->kind == SC__DB_POOL)
        sc__pool_put(db->pool, conn);
    else
        atomic_store_explicit(&conn->busy, false, memory_order_release);
}

/* ---- once more --------------------------------------------------------------------------- */

bool sc__is_replicas_fault(enum sc_status status)
{
    return status == SC_CONNECTION || status == SC_SERIALIZATION ||
           status == SC_DEADLOCK || status == SC_BUSY || status == SC_SCHEMA_MISMATCH ||
           status == SC_SERVER;
}

static bool go_home(const struct sc__entry *entry, struct sc__conn **conn)
{
    struct sc__conn *at = *conn, *made;
    struct sc_db *replica = at->held;
    struct sc__entry own = *entry;
    own.until = at->until;
    if (!replica || sc__db_enter(replica->home, &own, &made, NULL) != SC_OK)
        return false;
    made->held = replica->home;
    made->until = own.until;
    sc__conn_hush(made, at->secret);
    sc__conn_hush(at, false);
    sc__db_leave(replica, at);
    *conn = made;
    return true;
}

bool sc__db_again(const struct sc__entry *entry, struct sc__conn **conn,
                  const struct sc_error *err)
{
    struct sc__conn *at = *conn;
    if (at->top || at->begun || at->late)
        return false;
    if (at->spare)
        return entry->reads && sc__is_replicas_fault(err->status) &&
               go_home(entry, conn);
    bool lost = !entry->careful && err->status == SC_CONNECTION && !sc__conn_alive(at);
    return (lost || sc__has_moved(at, err)) && sc__conn_reset(at, NULL) == SC_OK;
}
