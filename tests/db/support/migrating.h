/* migrating.h: a database, a folder of migrations and a record of what the library told,
 * for the tests of libschemac-migrate. Each test program includes it once. */
#ifndef TESTS_DB_SUPPORT_MIGRATING_H
#define TESTS_DB_SUPPORT_MIGRATING_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/sc_migrate.h"
#include "tests/support/cluster.h"
#include "tests/support/folder.h"

#define MAYBE_UNUSED __attribute__((unused))

struct bench {
    struct test_db db;
    struct folder folder;
    struct sc_db *sc;
    PGconn *other; /* to look with */
    struct sc_migrate_error err;
    struct sc_migrate_options options;
    char log[16384];
    size_t nlog;
    /* What the test does at an event; NULL: nothing. False stops the call. */
    bool (*react)(struct bench *bench, const struct sc_migrate_event *event);
    int countdown; /* for react */
    char answer[4096];
};

static const char *const KINDS[] = { "CONNECTED", "WAITING", "LOCKED",  "RECONNECTED",
                                     "BEGIN",     "CHECK",   "STEP",    "SQL",
                                     "TICK",      "BLOCKER", "RETRY",   "STEP_DONE",
                                     "DONE",      "ADOPTED", "PLANNED", "SEED",
                                     "NOTE" };

static MAYBE_UNUSED bool on_event(void *user, const struct sc_migrate_event *event)
{
    struct bench *b = user;
    switch (event->kind) {
    case SC_MIGRATE_TICK:
    case SC_MIGRATE_CONNECTED:
    case SC_MIGRATE_LOCKED:
    case SC_MIGRATE_SQL:
        break; /* they would only be in the way */
    default:
        b->nlog += (size_t)snprintf(
            b->log + b->nlog, sizeof b->log - b->nlog, "%s%s%s%s%s%s\n",
            KINDS[event->kind], *event->migration ? " " : "", event->migration,
            event->down ? " down" : "", *event->title ? ": " : "", event->title);
        if (b->nlog >= sizeof b->log)
            b->nlog = sizeof b->log - 1;
    }
    return b->react ? b->react(b, event) : true;
}

static MAYBE_UNUSED void connect_bench(struct bench *b)
{
    struct sc_error err;
    sc_close(b->sc);
    if (sc_open(b->db.url, &b->sc, &err) != SC_OK)
        fail_msg("%s", err.message);
}

static MAYBE_UNUSED int bench_open(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    *state = b;
    if (!b || test_db_open(&b->db) != 0)
        return -1;
    b->folder = folder_new();
    connect_bench(b);
    b->other = PQconnectdb(b->db.url);
    b->options.event = on_event;
    b->options.user = b;
    b->options.attempts = 2;
    return PQstatus(b->other) == CONNECTION_OK ? 0 : -1;
}

static MAYBE_UNUSED int bench_close(void **state)
{
    struct bench *b = *state;
    sc_close(b->sc);
    PQfinish(b->other);
    folder_clear(&b->folder);
    test_db_close(&b->db);
    free(b);
    return 0;
}

/* One value, or rows as "a|b\n..."; runs any SQL on the other connection. */
static MAYBE_UNUSED const char *ask(struct bench *b, const char *sql)
{
    PGresult *r = PQexec(b->other, sql);
    size_t n = 0;
    b->answer[0] = '\0';
    if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQresultErrorMessage(r));
    for (int i = 0; i < PQntuples(r); i++) {
        for (int k = 0; k < PQnfields(r); k++)
            n += (size_t)snprintf(b->answer + n, sizeof b->answer - n, "%s%s",
                                  k ? "|" : (i ? "\n" : ""), PQgetvalue(r, i, k));
    }
    PQclear(r);
    return b->answer;
}

typedef enum sc_status call(struct sc_db *, const struct sc_migrations *,
                            const struct sc_migrate_options *,
                            struct sc_migrate_error *);

/* Reads the folder and calls; what was told before is forgotten. */
static MAYBE_UNUSED enum sc_status run(struct bench *b, call *what)
{
    struct sc_migrations *set = NULL;
    b->log[b->nlog = 0] = '\0';
    memset(&b->err, 0, sizeof b->err);
    enum sc_status status = sc_migrations_read(b->folder.path, &set, &b->err);
    if (status == SC_OK)
        status = what(b->sc, set, &b->options, &b->err);
    sc_migrations_free(set);
    return status;
}

static MAYBE_UNUSED enum sc_status repair(struct bench *b, enum sc_repair_action action,
                                          const char *name)
{
    struct sc_migrations *set = NULL;
    struct sc_migrate_options options = b->options;
    options.to = name;
    b->log[b->nlog = 0] = '\0';
    enum sc_status status = sc_migrations_read(b->folder.path, &set, &b->err);
    if (status == SC_OK)
        status = sc_repair(b->sc, set, action, &options, &b->err);
    sc_migrations_free(set);
    return status;
}

#define RUNS(b, what)                                                                  \
    do {                                                                               \
        if (run(b, what) != SC_OK)                                                     \
            fail_msg("%s: %s (%s) at %s:%d", #what, (b)->err.text,                     \
                     sc_trouble_name((b)->err.trouble), (b)->err.file, (b)->err.line); \
    } while (0)
#define FAILS(b, what, status, how)                                    \
    do {                                                               \
        assert_string_equal(sc_status_name(run(b, what)), #status);    \
        assert_string_equal(sc_trouble_name((b)->err.trouble), (how)); \
    } while (0)

/* "name state", a line a standing or undone migration. */
static MAYBE_UNUSED const char *history(struct bench *b)
{
    return ask(b, "select name, state from schemac.migrations order by seq");
}

/* Writes a sealed migration without a header. */
static MAYBE_UNUSED void put(struct bench *b, const char *name, const char *up,
                             const char *down)
{
    char file[128];
    snprintf(file, sizeof file, "%s.up.sql", name);
    folder_put(&b->folder, file, "%s", up);
    snprintf(file, sizeof file, "%s.snapshot", name);
    folder_put(&b->folder, file, "%s", "");
    if (!down)
        return;
    snprintf(file, sizeof file, "%s.down.sql", name);
    folder_put(&b->folder, file, "%s", down);
}

/* One with a header of a name and its parent's (NULL: none); more: further header lines.
 * Ids are 64 times the name's fourth character. */
static MAYBE_UNUSED void put_linked(struct bench *b, const char *name,
                                    const char *parent, const char *more,
                                    const char *up, const char *down)
{
    char text[4096], id[65], from[65];
    memset(id, name[3], 64);
    memset(from, parent ? parent[3] : '0', 64);
    id[64] = from[64] = '\0';
    snprintf(text, sizeof text,
             "-- %s, up: what it does\n--\n-- id:     %s\n-- parent: %s\n"
             "-- from:   %s\n-- to:     %s\n%s\n%s",
             name, id, parent ? from : "none", from, id, more, up);
    put(b, name, text, down);
}

/* Two that are linked: tables a and b. */
static MAYBE_UNUSED void put_two(struct bench *b)
{
    put_linked(b, "0001_a", NULL, "", "create table a (x int);", "drop table a;");
    put_linked(b, "0002_b", "0001_a", "", "create table b (x int);", "drop table b;");
}

static MAYBE_UNUSED void unput(struct bench *b, const char *name)
{
    static const char *const ENDS[] = { ".up.sql", ".down.sql", ".snapshot" };
    char file[128], path[512];
    for (size_t i = 0; i < 3; i++) {
        snprintf(file, sizeof file, "%s%s", name, ENDS[i]);
        snprintf(path, sizeof path, "%s/%s", b->folder.path, file);
        FILE *there = fopen(path, "r");
        if (!there)
            continue;
        fclose(there);
        folder_remove(&b->folder, file);
    }
}

#endif
