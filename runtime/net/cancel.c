/* cancel.c: sc_cancel. It must not touch a connection but for its `cancel` and, while a call
 * holds it open, its libpq connection. */
#include "runtime/sc_internal.h"
#include "abort.h"
#include <time.h>

static bool change(struct sc__conn *conn, int from, int to)
{
    return atomic_compare_exchange_strong(&conn->cancel, &from, to);
}

/* ---- the connection's side ----------------------------------------------------------------- */

/* It is rare, and takes as long as a connection to the server: a look now and then will do,
 * and leaves nothing behind that must outlive the connection. */
static int wait_until_over(struct sc__conn *conn)
{
    int state;
    while (((state = atomic_load(&conn->cancel)) & ~SC__CANCEL_WAITED) ==
           SC__CANCEL_UNDER_WAY) {
        (void)change(conn, SC__CANCEL_UNDER_WAY,
                     SC__CANCEL_UNDER_WAY | SC__CANCEL_WAITED);
        nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
    }
    return state;
}

void sc__cancel_wait(struct sc__conn *conn)
{
    int state;
    do
        state = wait_until_over(conn);
    while (!change(conn, state, SC__CANCEL_NONE));
    if ((state & ~SC__CANCEL_WAITED) == SC__CANCEL_LOST)
        conn->broken = true;
}

void sc__cancel_bar(struct sc__conn *conn)
{
    while (!change(conn, wait_until_over(conn), SC__CANCEL_BARRED))
        continue;
}

void sc__cancel_unbar(struct sc__conn *conn)
{
    atomic_store(&conn->cancel, SC__CANCEL_NONE);
}

bool sc__cancel_is_ours(struct sc__conn *conn)
{
    int state = atomic_load(&conn->cancel);
    return state == SC__CANCEL_UNDER_WAY || state == SC__CANCEL_DONE;
}

/* ---- the other thread's side --------------------------------------------------------------- */

/* Has the connection's next call wait, if one is under way now. */
static bool claim(struct sc__conn *conn)
{
    int before = atomic_load(&conn->cancel);
    bool is_free = before == SC__CANCEL_NONE || before == SC__CANCEL_DONE;
    if (!is_free || !change(conn, before, SC__CANCEL_UNDER_WAY))
        return false;
    if (atomic_load(&conn->busy))
        return true;
    atomic_store(&conn->cancel, before);
    return false;
}

/* The connection of a handle that has a call under way, claimed; NULL: none has. A
 * transaction that ends meanwhile waits before its connection is anybody else's. */
static struct sc__conn *find(struct sc_db *db, bool *is_ours)
{
    struct sc_db *root = db->root ? db->root : db;
    pthread_mutex_lock(&root->lock);
    struct sc__conn *conn = db->over ? NULL : db->conn;
    *is_ours = !conn || conn->forks == sc__forks;
    if (conn && (!*is_ours || !claim(conn)))
        conn = NULL;
    pthread_mutex_unlock(&root->lock);
    return conn;
}

static void finish(struct sc__conn *conn, int state)
{
    int waited = atomic_load(&conn->cancel) & SC__CANCEL_WAITED;
    while (!change(conn, SC__CANCEL_UNDER_WAY | waited, state | waited))
        waited = SC__CANCEL_WAITED; /* nobody else changes it, and only so */
}

enum sc_status sc_cancel(struct sc_db *db, struct sc_error *err)
{
    const int64_t patience = 10000000000;
    db = sc__view_base(db);
    if (!db || (db->kind != SC__DB_CONN && db->kind != SC__DB_TX))
        return sc__fail(err, "sc_cancel", SC_MISUSE,
                        "only a connection or a transaction can be cancelled");
    bool is_ours;
    struct sc__conn *conn = find(db, &is_ours);
    if (!is_ours)
        return sc__fail(err, "sc_cancel", SC_MISUSE,
                        "the connection is the parent process's");
    if (!conn)
        return SC_OK;
    struct sc__abort *abort = sc__abort_new(conn->pg);
    if (!abort) {
        bool lost = PQsocket(conn->pg) < 0; /* then nothing runs */
        finish(conn, SC__CANCEL_NONE);
        return lost ? SC_OK : sc__fail_memory(err, "sc_cancel");
    }
    bool done = sc__abort_wait(abort, sc__clock() + patience);
    sc__abort_free(abort);
    finish(conn, done ? SC__CANCEL_DONE : SC__CANCEL_LOST);
    if (done)
        return SC_OK;
    return sc__fail(
        err, "sc_cancel", SC_TIMEOUT,
        "the server has not taken the cancellation: the connection is given "
        "up after its call");
}
