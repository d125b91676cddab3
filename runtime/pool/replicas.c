/* replicas.c: which replica a read goes to. It must not send one anywhere it may write. */
#include "replicas.h"
#include "runtime/net/route.h"
#include "runtime/sc_internal.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 32 };
static const int64_t second = 1000000000;

struct replica {
    struct sc_db *db;          /* a pool */
    _Atomic int64_t down_till; /* sc__clock until which it is left alone */
};

/* What the primary had written at a time. */
struct sample {
    int64_t time;
    uint64_t lsn;
};

struct sc__replicas {
    struct replica *list;
    size_t count;
    atomic_uint turn;
    pthread_mutex_t lock; /* over the following */
    struct sample samples[SAMPLES];
    unsigned nsamples; /* that were ever taken; the newest is at nsamples - 1 */
    bool sampling;     /* somebody asks the primary at this moment */
};

/* ---- one connection string a host ---------------------------------------------------------- */

static void add_option(struct sc__text *text, const char *keyword, const char *value)
{
    if (!value || !*value)
        return;
    sc__text_word(text, keyword);
    sc__text_add(text, "='");
    for (const char *p = value; *p; p++) {
        const char one[] = { *p == '\'' || *p == '\\' ? '\\' : *p,
                             *p == '\'' || *p == '\\' ? *p : 0, 0 };
        sc__text_add(text, one);
    }
    sc__text_add(text, "'");
}

static bool says_where(const char *keyword)
{
    return strcmp(keyword, "host") == 0 || strcmp(keyword, "hostaddr") == 0 ||
           strcmp(keyword, "port") == 0;
}

/* NULL: no memory. The caller frees it. */
static char *url_of(const char *url, const struct sc__host *host)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    if (!options)
        return NULL;
    struct sc__text text = { 0 };
    for (const PQconninfoOption *o = options; o->keyword; o++)
        if (!says_where(o->keyword))
            add_option(&text, o->keyword, o->val);
    add_option(&text, "host", host->name);
    add_option(&text, "hostaddr", host->address);
    add_option(&text, "port", host->port);
    PQconninfoFree(options);
    return sc__text_take(&text);
}

/* ---- opening and closing -------------------------------------------------------------------- */

static struct sc_db *make_pool(struct sc_db *home, const char *url,
                               const struct sc_pool_options *options)
{
    struct sc_db *made = url ? sc__db_new(SC__DB_POOL, url) : NULL;
    if (!made)
        return NULL;
    struct sc_pool_options own = *options;
    own.min = 0;
    own.replicas = NULL;
    made->origin.options = options->conn;
    made->origin.hooks = &home->hooks;
    made->pool = sc__pool_new(&own, &made->origin);
    if (!made->pool) {
        sc__db_free(made);
        return NULL;
    }
    made->home = home; /* which lives as long as one of its replicas does */
    atomic_fetch_add(&home->holders, 1);
    return made;
}

static bool make_all(struct sc__replicas *replicas, struct sc_db *pool,
                     const struct sc_pool_options *options,
                     const struct sc__route *route)
{
    for (size_t i = 0; i < route->count; i++) {
        char *url = route->count == 1 ? NULL
                                      : url_of(options->replicas, &route->hosts[i]);
        struct replica *replica = &replicas->list[i];
        replica->db = make_pool(pool, route->count == 1 ? options->replicas : url,
                                options);
        free(url);
        if (!replica->db)
            return false;
        replicas->count++;
    }
    return true;
}

enum sc_status sc__replicas_new(struct sc_db *pool,
                                const struct sc_pool_options *options,
                                struct sc__replicas **replicas, struct sc_error *err)
{
    struct sc__route route;
    enum sc_status status = sc__route_read(options->replicas, &route, err);
    if (status != SC_OK)
        return status;
    struct sc__replicas *made = calloc(1, sizeof(*made));
    bool locked = made && pthread_mutex_init(&made->lock, NULL) == 0;
    if (locked)
        made->list = calloc(route.count, sizeof(*made->list));
    bool whole = locked && made->list && make_all(made, pool, options, &route);
    sc__route_release(&route);
    if (whole) {
        *replicas = made;
        return SC_OK;
    }
    if (locked) {
        sc__replicas_close(made);
        sc__replicas_free(made);
    } else {
        free(made);
    }
    return sc__fail_memory(err, NULL);
}

void sc__replicas_close(struct sc__replicas *replicas)
{
    for (size_t i = 0; replicas && i < replicas->count; i++)
        sc_close(replicas->list[i].db);
}

void sc__replicas_free(struct sc__replicas *replicas)
{
    if (!replicas)
        return;
    pthread_mutex_destroy(&replicas->lock);
    free(replicas->list);
    free(replicas);
}

/* ---- positions -------------------------------------------------------------------------------- */

/* An insert position is past every commit, even one that was not awaited
 * (synchronous_commit off). */
static const char position_sql[] =
    "select (case when pg_catalog.pg_is_in_recovery()"
    " then pg_catalog.pg_last_wal_replay_lsn()"
    " else pg_catalog.pg_current_wal_insert_lsn() end - '0/0'::pg_catalog.pg_lsn)"
    "::pg_catalog.text";

static enum sc_status ask_position(struct sc__conn *conn, uint64_t *lsn,
                                   struct sc_error *err)
{
    PGresult *result = sc__io_command(conn, position_sql);
    enum sc_status status = SC_OK;
    if (result && PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
        PQnfields(result) == 1)
        *lsn = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
    else if (result && PQresultStatus(result) == PGRES_FATAL_ERROR)
        status = sc__fail_result(err, &(struct sc__blame){ .label = "sc_lsn" }, result);
    else
        status = sc__fail_conn(err, "sc_lsn", conn->pg);
    PQclear(result);
    return status;
}

enum sc_status sc_lsn(struct sc_db *db, uint64_t *lsn, struct sc_error *err)
{
    struct sc__conn *conn;
    const struct sc__entry entry = { .label = "sc_lsn", .careful = true };
    if (!lsn)
        return sc__fail(err, "sc_lsn", SC_MISUSE, "there is nowhere to put it");
    *lsn = 0;
    if (!db)
        return sc__fail(err, "sc_lsn", SC_MISUSE, "the handle is NULL");
    enum sc_status status = sc__db_enter(db, &entry, &conn, err);
    if (status != SC_OK)
        return status;
    if (!err)
        err = &conn->trouble;
    status = ask_position(conn, lsn, err);
    if (status != SC_OK) {
        status = sc__cancelled_status(conn, status, err);
        sc__db_note_failure(db, err);
    }
    sc__db_leave(db, conn);
    return status;
}

/* ---- how far a replica has to be ---------------------------------------------------------------- */

/* The oldest sample that is not too old: the least that will do. */
static bool least_of(const struct sc__replicas *replicas, int64_t since, uint64_t *lsn)
{
    bool found = false;
    unsigned held = replicas->nsamples < SAMPLES ? replicas->nsamples : SAMPLES;
    for (unsigned i = 1; i <= held; i++) {
        const struct sample *at =
            &replicas->samples[(replicas->nsamples - i) % SAMPLES];
        if (at->time < since)
            break;
        *lsn = at->lsn;
        found = true;
    }
    return found;
}

static void add_sample(struct sc__replicas *replicas, struct sample sample)
{
    replicas->samples[replicas->nsamples++ % SAMPLES] = sample;
    if (replicas->nsamples == 2 * SAMPLES)
        replicas->nsamples = SAMPLES; /* the same places, and no overflow */
}

static bool is_due(const struct sc__replicas *replicas, int64_t now, int64_t lag)
{
    if (replicas->sampling)
        return false;
    if (!replicas->nsamples)
        return true;
    return now - replicas->samples[(replicas->nsamples - 1) % SAMPLES].time >= lag / 2;
}

static bool sample_primary(struct sc_db *pool, int64_t until, struct sample *sample)
{
    struct sc__conn *conn;
    const struct sc__entry entry = { .label = "sc_lsn", .until = until };
    sample->time = sc__clock();
    if (sc__db_enter(pool, &entry, &conn, NULL) != SC_OK)
        return false;
    conn->until = until;
    bool asked = ask_position(conn, &sample->lsn, NULL) == SC_OK;
    sc__db_leave(pool, conn);
    return asked;
}

/* False: nobody knows. */
static bool bound_lag(struct sc_db *pool, int64_t lag, int64_t until, uint64_t *lsn)
{
    struct sc__replicas *replicas = pool->replicas;
    pthread_mutex_lock(&replicas->lock);
    bool due = is_due(replicas, sc__clock(), lag);
    replicas->sampling |= due;
    pthread_mutex_unlock(&replicas->lock);
    struct sample sample = { 0 };
    bool taken = due && sample_primary(pool, until, &sample);
    pthread_mutex_lock(&replicas->lock);
    if (taken)
        add_sample(replicas, sample);
    if (due)
        replicas->sampling = false;
    bool known = least_of(replicas, sc__clock() - lag, lsn);
    pthread_mutex_unlock(&replicas->lock);
    return known;
}

static bool least_wanted(struct sc_db *pool, const struct sc_call *call, int64_t until,
                         uint64_t *lsn)
{
    uint64_t least = 0;
    *lsn = call->after_lsn;
    if (!call->max_lag_ms)
        return true;
    if (!bound_lag(pool, (int64_t)call->max_lag_ms * 1000000, until, &least))
        return false;
    if (least > *lsn)
        *lsn = least;
    return true;
}

/* ---- choosing ------------------------------------------------------------------------------------ */

static bool is_far_enough(struct sc__conn *conn, uint64_t lsn)
{
    if (conn->replayed >= lsn)
        return true;
    return ask_position(conn, &conn->replayed, NULL) == SC_OK && conn->replayed >= lsn;
}

static bool enter_one(struct replica *replica, const struct sc__entry *entry,
                      uint64_t lsn, struct sc__conn **conn)
{
    struct sc_error why;
    if (sc__db_enter(replica->db, entry, conn, &why) != SC_OK) {
        if (why.status != SC_BUSY)
            atomic_store(&replica->down_till, sc__clock() + second);
        return false;
    }
    (*conn)->until = entry->until;
    (*conn)->spare = true;
    if (is_far_enough(*conn, lsn)) {
        (*conn)->held = replica->db;
        (*conn)->until = 0;
        (*conn)->late = false; /* the position's own time */
        return true;
    }
    sc__db_leave(replica->db, *conn);
    return false;
}

bool sc__replicas_enter(struct sc_db *pool, const struct sc_call *call,
                        const struct sc__entry *entry, struct sc__conn **conn)
{
    struct sc__replicas *replicas = pool->replicas;
    struct sc__entry own = *entry;
    uint64_t lsn;
    /* A replica that hangs must leave time for the primary. */
    int64_t now = sc__clock(), most = now + second;
    if (entry->until)
        own.until = now + (entry->until - now) / 2;
    own.until = sc__late_sooner(own.until, most);
    if (!least_wanted(pool, call, own.until, &lsn))
        return false;
    unsigned turn = atomic_fetch_add(&replicas->turn, 1);
    for (size_t i = 0; i < replicas->count; i++) {
        struct replica *replica = &replicas->list[(turn + i) % replicas->count];
        if (atomic_load(&replica->down_till) <= now &&
            enter_one(replica, &own, lsn, conn))
            return true;
    }
    return false;
}
