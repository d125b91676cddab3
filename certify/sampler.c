/* sampler.c: samples locks in a thread of its own; must not know whose they are. */
#include "sampler.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- asking ---- */

static const char *const MODES[] = {
    "AccessShareLock",  "RowShareLock",
    "RowExclusiveLock", "ShareUpdateExclusiveLock",
    "ShareLock",        "ShareRowExclusiveLock",
    "ExclusiveLock",    "AccessExclusiveLock",
};

static bool mode_of(const char *word, enum plan_lock_mode *mode)
{
    for (size_t i = 0; i < sizeof MODES / sizeof *MODES; i++) {
        if (strcmp(MODES[i], word) == 0) {
            *mode = (enum plan_lock_mode)i;
            return true;
        }
    }
    return false;
}

static void add(struct samples *samples, const char *relation, enum plan_lock_mode mode)
{
    for (size_t i = 0; i < samples->n; i++) {
        struct sample *one = &samples->items[i];
        if (strcmp(one->relation, relation) != 0)
            continue;
        one->mode = one->mode < mode ? mode : one->mode;
        return;
    }
    if (samples->n == sizeof samples->items / sizeof *samples->items)
        return;
    struct sample *one = &samples->items[samples->n++];
    snprintf(one->relation, sizeof one->relation, "%s", relation);
    one->mode = mode;
}

/* Relations below 16384 are the server's own (FirstNormalObjectId, PostgreSQL 15,
 * src/include/access/transam.h). */
bool samples_add(struct samples *samples, struct sc_db *db, int pid)
{
    char number[16];
    const char *params[] = { number };
    struct sc_rows *rows = NULL;
    struct sc_error error;
    snprintf(number, sizeof number, "%d", pid);
    if (sc_query(db,
                 "select relation, mode from pg_locks where pid = $1::int4 and granted"
                 " and locktype = 'relation' and relation >= 16384 and database ="
                 " (select oid from pg_database where datname = current_database())",
                 params, 1, &rows, &error) != SC_OK)
        return false;
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        enum plan_lock_mode mode;
        if (mode_of(sc_rows_value(rows, i, 1), &mode))
            add(samples, sc_rows_value(rows, i, 0), mode);
    }
    sc_rows_free(rows);
    return true;
}

static bool is_waiting(struct sc_db *db, int pid)
{
    char number[16];
    const char *params[] = { number };
    struct sc_rows *rows = NULL;
    struct sc_error error;
    snprintf(number, sizeof number, "%d", pid);
    if (sc_query(db,
                 "select from pg_stat_activity where pid = $1::int4"
                 " and wait_event_type = 'Lock'",
                 params, 1, &rows, &error) != SC_OK)
        return false;
    bool waiting = sc_rows_count(rows) > 0;
    sc_rows_free(rows);
    return waiting;
}

/* ---- the brake ---- */

struct sampler {
    struct sc_db *db;     /* the thread's */
    struct sc_db *braker; /* under brake_mutex */
    struct sc_db *brake;  /* its transaction; NULL: none */
    pthread_mutex_t brake_mutex;
    pthread_t thread;
    pthread_mutex_t mutex; /* over what follows */
    pthread_cond_t changed;
    int pid;         /* 0: nobody is looked at */
    unsigned number; /* of the step: what was asked in an earlier one is not its own */
    bool ending;
    struct samples samples;
};

/* Its snapshot and its weakest of locks are what CREATE and DROP INDEX CONCURRENTLY wait
 * for (WaitForOlderSnapshots, WaitForLockers; PostgreSQL 15, indexcmds.c, index.c). */
static bool set_brake(struct sampler *sampler)
{
    const struct sc_tx_options options = { .isolation = SC_REPEATABLE_READ };
    struct sc_error error;
    pthread_mutex_lock(&sampler->brake_mutex);
    bool set = sc_tx_begin(sampler->braker, &options, &sampler->brake, &error) ==
                   SC_OK &&
               sc_query(sampler->brake,
                        "do $brake$ begin execute (select coalesce('lock table ' ||"
                        " string_agg(format('%I.%I', n.nspname, c.relname), ', ') ||"
                        " ' in access share mode', 'select')"
                        " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        " where c.relkind = 'r' and n.nspname !~ '^pg_' and"
                        " n.nspname not in ('information_schema', 'schemac'));"
                        " end $brake$",
                        NULL, 0, NULL, &error) == SC_OK;
    pthread_mutex_unlock(&sampler->brake_mutex);
    return set;
}

static void release_brake(struct sampler *sampler)
{
    pthread_mutex_lock(&sampler->brake_mutex);
    sc_tx_rollback(sampler->brake);
    sampler->brake = NULL;
    pthread_mutex_unlock(&sampler->brake_mutex);
}

/* ---- the thread ---- */

/* 0: it is over. */
static int wait_for_work(struct sampler *sampler, unsigned *number)
{
    pthread_mutex_lock(&sampler->mutex);
    while (sampler->pid == 0 && !sampler->ending)
        pthread_cond_wait(&sampler->changed, &sampler->mutex);
    int pid = sampler->ending ? 0 : sampler->pid;
    *number = sampler->number;
    pthread_mutex_unlock(&sampler->mutex);
    return pid;
}

/* Gives false when that step is over. */
static bool merge(struct sampler *sampler, const struct samples *samples,
                  unsigned number)
{
    pthread_mutex_lock(&sampler->mutex);
    bool current = sampler->number == number;
    for (size_t i = 0; current && i < samples->n; i++)
        add(&sampler->samples, samples->items[i].relation, samples->items[i].mode);
    pthread_mutex_unlock(&sampler->mutex);
    return current;
}

static void *sample(void *argument)
{
    const struct timespec pause = { .tv_nsec = 200000 };
    struct sampler *sampler = argument;
    unsigned number;
    for (int pid; (pid = wait_for_work(sampler, &number)) != 0;) {
        struct samples now = { .n = 0 };
        bool waiting = is_waiting(sampler->db, pid);
        bool seen = samples_add(&now, sampler->db, pid);
        if (merge(sampler, &now, number) && (waiting || !seen))
            release_brake(sampler);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

/* ---- the door ---- */

struct sampler *sampler_open(const char *url)
{
    struct sc_error error;
    struct sampler *sampler = calloc(1, sizeof *sampler);
    if (!sampler)
        return NULL;
    pthread_mutex_init(&sampler->mutex, NULL);
    pthread_mutex_init(&sampler->brake_mutex, NULL);
    pthread_cond_init(&sampler->changed, NULL);
    if (sc_open(url, &sampler->db, &error) == SC_OK &&
        sc_open(url, &sampler->braker, &error) == SC_OK &&
        pthread_create(&sampler->thread, NULL, sample, sampler) == 0)
        return sampler;
    sc_close(sampler->braker);
    sc_close(sampler->db);
    free(sampler);
    return NULL;
}

static void set_pid(struct sampler *sampler, int pid)
{
    sampler->pid = pid;
    sampler->number++;
    pthread_cond_signal(&sampler->changed);
}

void sampler_close(struct sampler *sampler)
{
    if (!sampler)
        return;
    pthread_mutex_lock(&sampler->mutex);
    sampler->ending = true;
    pthread_cond_signal(&sampler->changed);
    pthread_mutex_unlock(&sampler->mutex);
    pthread_join(sampler->thread, NULL);
    release_brake(sampler);
    pthread_cond_destroy(&sampler->changed);
    pthread_mutex_destroy(&sampler->brake_mutex);
    pthread_mutex_destroy(&sampler->mutex);
    sc_close(sampler->braker);
    sc_close(sampler->db);
    free(sampler);
}

bool sampler_begin(struct sampler *sampler, int pid)
{
    bool set = set_brake(sampler);
    pthread_mutex_lock(&sampler->mutex);
    sampler->samples.n = 0;
    set_pid(sampler, pid);
    pthread_mutex_unlock(&sampler->mutex);
    return set;
}

void sampler_take(struct sampler *sampler, struct samples *samples)
{
    pthread_mutex_lock(&sampler->mutex);
    set_pid(sampler, 0);
    for (size_t i = 0; i < sampler->samples.n; i++)
        add(samples, sampler->samples.items[i].relation,
            sampler->samples.items[i].mode);
    sampler->samples.n = 0;
    pthread_mutex_unlock(&sampler->mutex);
    release_brake(sampler);
}
