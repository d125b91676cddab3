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

/* ---- the thread ---- */

struct sampler {
    struct sc_db *db;
    pthread_t thread;
    pthread_mutex_t mutex; /* over what follows */
    pthread_cond_t changed;
    int pid;         /* 0: nobody is looked at */
    unsigned number; /* of the step: what was asked in an earlier one is not its own */
    bool ending;
    struct samples samples;
};

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

static void merge(struct sampler *sampler, const struct samples *samples,
                  unsigned number)
{
    pthread_mutex_lock(&sampler->mutex);
    for (size_t i = 0; sampler->number == number && i < samples->n; i++)
        add(&sampler->samples, samples->items[i].relation, samples->items[i].mode);
    pthread_mutex_unlock(&sampler->mutex);
}

static void *sample(void *argument)
{
    const struct timespec pause = { .tv_nsec = 200000 };
    struct sampler *sampler = argument;
    unsigned number;
    for (int pid; (pid = wait_for_work(sampler, &number)) != 0;) {
        struct samples now = { .n = 0 };
        if (samples_add(&now, sampler->db, pid))
            merge(sampler, &now, number);
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
    pthread_cond_init(&sampler->changed, NULL);
    if (sc_open(url, &sampler->db, &error) == SC_OK &&
        pthread_create(&sampler->thread, NULL, sample, sampler) == 0)
        return sampler;
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
    pthread_cond_destroy(&sampler->changed);
    pthread_mutex_destroy(&sampler->mutex);
    sc_close(sampler->db);
    free(sampler);
}

void sampler_begin(struct sampler *sampler, int pid)
{
    pthread_mutex_lock(&sampler->mutex);
    sampler->samples.n = 0;
    set_pid(sampler, pid);
    pthread_mutex_unlock(&sampler->mutex);
}

void sampler_take(struct sampler *sampler, struct samples *samples)
{
    pthread_mutex_lock(&sampler->mutex);
    set_pid(sampler, 0);
    for (size_t i = 0; i < sampler->samples.n; i++)
        add(samples, sampler->samples.items[i].relation,
            sampler->samples.items[i].mode);
    pthread_mutex_unlock(&sampler->mutex);
}
