/* tx.c: transactions and savepoints. It must not leave a connection inside one. */
#include "runtime/sc_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 64 }; /* handles that have ended and are still known */

/* ---- commands ------------------------------------------------------------------------- */

struct command {
    const char *label;
    const char *sql;
    char tag[16]; /* what the server says it did: "COMMIT" */
};

static enum sc_status explain(struct sc__conn *conn, const struct command *command,
                              const PGresult *result, struct sc_error *err)
{
    struct sc__blame blame = { .label = command->label, .secret = conn->tx_secret };
    if (!result)
        return sc__fail_conn(err, command->label, conn->pg);
    return sc__fail_result(err, &blame, result);
}

/* Runs BEGIN and its like, with the hooks. err is not NULL. */
static enum sc_status command_run(struct sc__conn *conn, struct command *command,
                                  struct sc_error *err)
{
    struct sc_event event = { .query = command->label,
                              .sql = command->sql,
                              .sqlstate = "",
                              .pool_wait_ns = sc__pool_waited(conn) };
    int64_t begun = sc__clock();
    sc__hooks_start(conn->hooks, &event);
    conn->secret = conn->tx_secret; /* deferred triggers speak at the commit */
    PGresult *result = sc__io_command(conn, command->sql);
    conn->secret = false;
    command->tag[0] = 0;
    if (result && PQresultStatus(result) == PGRES_COMMAND_OK)
        sc__error_text(command->tag, sizeof(command->tag), PQcmdStatus(result));
    else
        event.status = sc__cancelled_status(conn, explain(conn, command, result, err),
                                            err);
    PQclear(result);
    event.nanoseconds = sc__clock() - begun;
    if (event.status != SC_OK)
        event.sqlstate = err->sqlstate;
    sc__hooks_end(conn->hooks, &event);
    return event.status;
}

/* ---- handles that have ended -------------------------------------------------------------- */

/* They are freed late, so that a call on one is SC_MISUSE and not a use of freed memory. */
static void retire(struct sc_db *tx)
{
    struct sc_db *root = tx->root, *oldest = NULL;
    pthread_mutex_lock(&root->lock);
    tx->over = true;
    tx->next = root->ended;
    root->ended = tx;
    if (++root->nended > KEPT) {
        struct sc_db **at = &root->ended;
        while ((*at)->next)
            at = &(*at)->next;
        oldest = *at;
        *at = NULL;
        root->nended--;
    }
    pthread_mutex_unlock(&root->lock);
    free(oldest);
}

/* Ends tx and every savepoint inside it, and gives the connection back. */
static void finish(struct sc_db *tx)
{
    struct sc__conn *conn = tx->conn;
    struct sc_db *outer = tx->outer, *root = tx->root, *at = conn->top;
    conn->top = outer;
    conn->until = 0;
    conn->late = false;
    for (bool more = true; more;) {
        struct sc_db *next = at->outer;
        more = at != tx;
        retire(at);
        at = next;
    }
    if (!outer && root->kind == SC__DB_POOL)
        sc__pool_put(root->pool, conn);
    else
        atomic_store_explicit(&conn->busy, false, memory_order_release);
}

/* ---- beginning ------------------------------------------------------------------------------ */

enum { BEGIN_SIZE = sizeof(struct sc__tx_texts) };

/* A savepoint has nothing to ask for; that it would be run again is no wish of its own. */
static bool asks_for_something(const struct sc_tx_options *options)
{
    return options && (options->isolation || options->read_only ||
                       options->deferrable || options->statement_timeout_ms ||
                       options->lock_timeout_ms || options->idle_timeout_ms);
}

static enum sc_status begin_text(const struct sc_db *tx,
                                 const struct sc_tx_options *options,
                                 char sql[BEGIN_SIZE], struct sc_error *err)
{
    struct sc__tx_texts texts;
    if (tx->depth) {
        snprintf(sql, BEGIN_SIZE, "savepoint sc_%u", tx->depth);
        return asks_for_something(options) ? sc__fail(err, "sc_tx_begin", SC_MISUSE,
                                                      "a savepoint takes no options")
                                           : SC_OK;
    }
    enum sc_status status = sc__tx_compose(options, &texts, err);
    if (status != SC_OK)
        return status;
    int length = snprintf(sql, BEGIN_SIZE, "%s", texts.begin);
    for (int i = 0; i < texts.nset; i++)
        length += snprintf(sql + length, BEGIN_SIZE - (size_t)length, "; %s",
                           texts.set[i]);
    return SC_OK;
}

static void roll_back(struct sc_db *tx)
{
    char sql[80] = "rollback";
    if (tx->depth)
        snprintf(sql, sizeof(sql),
                 "rollback to savepoint sc_%u; release savepoint sc_%u", tx->depth,
                 tx->depth);
    struct command command = { .label = "sc_tx_rollback", .sql = sql };
    struct sc__conn *conn = tx->conn;
    if (!sc__conn_alive(conn) || PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
        return;
    sc__late_wind_up(conn);
    if (command_run(conn, &command, &conn->trouble) != SC_OK)
        conn->broken = true; /* nobody knows what is open: not to be used again */
}

static enum sc_status begin_on(struct sc_db *tx, const char *sql, struct sc_error *err)
{
    struct command command = { .label = "sc_tx_begin", .sql = sql };
    if (!tx->depth)
        tx->conn->tx_secret = false;
    enum sc_status status = command_run(tx->conn, &command, err);
    if (status == SC_OK)
        tx->conn->top = tx;
    else if (!tx->depth)
        roll_back(tx); /* it may have begun, and only the answer could not be taken */
    return status;
}

static struct sc_db *new_tx(struct sc_db *base)
{
    struct sc_db *tx = calloc(1, sizeof(*tx));
    if (!tx)
        return NULL;
    bool nested = base->kind == SC__DB_TX;
    tx->kind = SC__DB_TX;
    tx->root = nested ? base->root : base;
    tx->outer = nested ? base : NULL;
    tx->depth = nested ? base->depth + 1 : 0;
    tx->until = nested ? base->until : 0;
    return tx;
}

/* The call is over, and the transaction holds the connection. */
static void keep(struct sc_db *tx, struct sc__conn *conn)
{
    if (conn->held && !tx->depth)
        tx->root = conn->held; /* it may be a replica's */
    conn->held = NULL;
    conn->until = 0;
    conn->late = false;
    atomic_store_explicit(&conn->busy, false, memory_order_release);
}

static enum sc_status begin(struct sc_db *db, const char *sql,
                            const struct sc__entry *entry, struct sc_db *tx,
                            struct sc_error *err)
{
    struct sc__conn *conn;
    enum sc_status status = sc__db_enter(db, entry, &conn, err);
    if (status != SC_OK)
        return status;
    tx->conn = conn;
    status = begin_on(tx, sql, err ? err : &conn->trouble);
    if (status == SC_OK)
        keep(tx, conn);
    else
        sc__db_leave(db, conn); /* a pool rolls back whatever did begin */
    return status;
}

enum sc_status sc__tx_begin(struct sc_db *db, const struct sc_tx_options *options,
                            int64_t until, struct sc_db **tx, struct sc_error *err)
{
    char sql[BEGIN_SIZE];
    struct sc_db *base = sc__view_base(db);
    *tx = NULL;
    if (!base || base->kind == SC__DB_QUEUE)
        return sc__fail(err, "sc_tx_begin", SC_MISUSE, "no transaction can begin here");
    struct sc_db *made = new_tx(base);
    if (!made)
        return sc__fail_memory(err, NULL);
    made->until = sc__late_sooner(made->until, until);
    made->read_only = options && options->read_only;
    enum sc_status status = begin_text(made, options, sql, err);
    if (status == SC_OK) {
        const struct sc__entry entry = { .label = "sc_tx_begin",
                                         .careful = true,
                                         .reads = made->read_only,
                                         .until = until };
        status = begin(db, sql, &entry, made, err);
    }
    if (status != SC_OK) {
        free(made);
        return status;
    }
    *tx = made;
    return SC_OK;
}

enum sc_status sc_tx_begin(struct sc_db *db, const struct sc_tx_options *options,
                           struct sc_db **tx, struct sc_error *err)
{
    return sc__tx_begin(db, options, 0, tx, err);
}

/* ---- ending --------------------------------------------------------------------------------- */

/* Takes the connection of a transaction that is to end, however it stands. */
static enum sc_status claim(struct sc_db *tx, struct sc_error *err)
{
    if (!tx || tx->kind != SC__DB_TX)
        return sc__fail(err, "sc_tx_commit", SC_MISUSE, "this is no transaction");
    if (tx->over)
        return sc__fail(err, "sc_tx_commit", SC_MISUSE, "the transaction has ended");
    if (tx->conn->forks != sc__forks)
        return sc__fail(err, "sc_tx_commit", SC_MISUSE,
                        "the connection is the parent process's");
    if (!sc__conn_seize(tx->conn))
        return sc__db_refuse_busy(tx->conn, "sc_tx_commit", err);
    return SC_OK;
}

/* A failure that came before: the server has aborted it, or it was never whole. */
static enum sc_status check_failed(struct sc_db *tx, struct sc_error *err)
{
    struct sc__conn *conn = tx->conn;
    if (conn->top != tx)
        return sc__fail(err, "sc_tx_commit", SC_MISUSE,
                        "a transaction is open inside this one: both are rolled back");
    /* What died before it is told is not in doubt. */
    if (tx->depth ? !sc__conn_alive(conn) : !sc__conn_look(conn))
        return sc__fail(err, "sc_tx_commit", SC_CONNECTION,
                        "the connection was lost inside the transaction");
    PGTransactionStatusType state = PQtransactionStatus(conn->pg);
    if (state == PQTRANS_IDLE)
        return sc__fail(err, "sc_tx_commit", SC_MISUSE,
                        "the transaction was ended by SQL of one's own");
    if (state != PQTRANS_INERROR)
        return SC_OK;
    if (tx->failure.status == SC_OK)
        return sc__fail(err, "sc_tx_commit", SC_NOT_RUN, "the transaction had failed");
    *err = tx->failure;
    return tx->failure.status;
}

/* Whether the answer to a COMMIT is lost, and with it whether the server had committed. It
 * had not where it refused with a code (but its farewell, 57Pxx), or where the transaction
 * is still open. */
static bool is_answer_lost(const struct sc__conn *conn, const struct sc_error *err)
{
    bool alive = sc__conn_alive(conn);
    if (err->sqlstate[0])
        return !alive && strncmp(err->sqlstate, "57P", 3) == 0;
    return !alive || PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
}

static enum sc_status commit(struct sc_db *tx, struct sc_error *err)
{
    char sql[48] = "commit";
    if (tx->depth)
        snprintf(sql, sizeof(sql), "release savepoint sc_%u", tx->depth);
    struct command command = { .label = "sc_tx_commit", .sql = sql };
    enum sc_status status = command_run(tx->conn, &command, err);
    if (status == SC_OK && strcmp(command.tag, "ROLLBACK") == 0)
        return sc__fail(err, "sc_tx_commit", SC_NOT_RUN,
                        "the transaction was rolled back");
    if (status == SC_OK || tx->depth || !is_answer_lost(tx->conn, err))
        return status;
    err->status = SC_COMMIT_UNKNOWN;
    return SC_COMMIT_UNKNOWN;
}

enum sc_status sc_tx_commit(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *tx = sc__view_base(db);
    enum sc_status status = claim(tx, err);
    if (status != SC_OK)
        return status;
    tx->conn->until = sc__late_sooner(tx->until, sc__view_until(db));
    if (!err)
        err = &tx->conn->trouble;
    status = check_failed(tx, err);
    if (status == SC_OK)
        status = commit(tx, err);
    if (status != SC_OK) {
        struct sc_error kept = *err; /* rolling back may write to conn->trouble */
        roll_back(tx);
        *err = kept;
    }
    finish(tx);
    return status;
}

void sc_tx_rollback(struct sc_db *db)
{
    struct sc_db *tx = sc__view_base(db);
    if (!tx || claim(tx, NULL) != SC_OK)
        return;
    tx->conn->until = sc__late_sooner(tx->until, sc__view_until(db));
    roll_back(tx);
    finish(tx);
}
