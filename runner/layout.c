/* layout.c: the tables of the history, made and brought up to date. Must not read or write
 * their rows, but for the one that says which layout it is. */
#include "runner.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Element i leads from layout i to i + 1. What was released is never changed. */
static const char *const UPGRADES[] = {
    "create table @.layout (version int4 not null, catalog_at text);"
    "insert into @.layout values (1);"
    "create table @.migrations ("
    " seq int8 generated always as identity primary key,"
    " name text not null, id text not null,"
    " parent text not null, parent2 text not null,"
    " from_fingerprint text not null, to_fingerprint text not null,"
    " up_hash text not null, down_hash text not null, down_sql text,"
    " down_kind int4 not null, down_why text not null, breaks text not null,"
    " state text not null check"
    " (state in ('running', 'applied', 'undoing', 'undone', 'replaced')),"
    " batch int4 not null, draft bool not null, baseline bool not null,"
    " steps int4 not null, started_at timestamptz not null default clock_timestamp(),"
    " finished_at timestamptz, applied_by text not null, version text not null);"
    "create unique index migrations_standing on @.migrations (name)"
    " where state in ('running', 'applied', 'undoing');"
    "create table @.steps ("
    " migration int8 not null references @.migrations, down bool not null,"
    " step int4 not null, title text not null, hash text not null,"
    " state text not null check (state in ('running', 'done', 'failed')),"
    " statements int4 not null, attempts int4 not null, pid int4 not null,"
    " started_at timestamptz not null, finished_at timestamptz,"
    " sqlstate text, message text, primary key (migration, down, step));"
    "create table @.accepted (name text primary key, hash text not null);"
    "create table @.catalog (kind text, identity text, definition text not null,"
    " primary key (kind, identity));"
    "create table @.seeds (name text primary key, hash text not null,"
    " mode text not null, runs int4 not null, applied_at timestamptz not null);"
    "create table @.holder (pid int4 primary key, who text not null,"
    " since timestamptz not null)",
    "alter table @.steps add column begun int4 not null default 0;"
    "update @.steps set begun = statements + 1 where state = 'running';"
    "alter table @.catalog add column space text;"
    "alter table @.layout add column spaces text[],"
    " add column before bool not null default false;"
    "update @.layout set spaces = (select array_agg(identity) from @.catalog"
    " where kind = 'schema');"
    "create table @.before (kind text, identity text, space text, definition text,"
    " ours bool not null, expected text, drifted bool not null,"
    " primary key (kind, identity))",
};

enum sc_status scm_layout_exists(struct scm_run *run, bool *exists)
{
    PGresult *result = NULL;
    const char *table = scm_printf(&run->arena, "%s.layout", run->schema);
    enum sc_status status = scm_ask(run, "select to_regclass($1) is not null", &table,
                                    1, &result);
    if (status == SC_OK)
        *exists = scm_bool(result, 0, 0);
    PQclear(result);
    return status;
}

static enum sc_status read_version(struct scm_run *run, int *version)
{
    bool exists = false;
    PGresult *result = NULL;
    *version = 0;
    enum sc_status status = scm_layout_exists(run, &exists);
    if (status == SC_OK && exists)
        status = scm_history_ask(run, "select version from @.layout", NULL, 0, &result);
    if (result && PQntuples(result))
        *version = (int)scm_int(result, 0, 0);
    PQclear(result);
    return status;
}

/* One statement of an upgrade at a time: they hold no ";" inside. */
static enum sc_status run_all(struct scm_run *run, const char *sql)
{
    enum sc_status status = SC_OK;
    while (sql && status == SC_OK) {
        const char *end = strchr(sql, ';');
        size_t n = end ? (size_t)(end - sql) : strlen(sql);
        const char *one = scm_copy(&run->arena, sql, n);
        if (*one)
            status = scm_history_ask(run, one, NULL, 0, NULL);
        sql = end ? end + 1 : NULL;
    }
    return status;
}

/* One that is there already may be another role's, made for us. */
static enum sc_status make_schema(struct scm_run *run)
{
    PGresult *result = NULL;
    enum sc_status status = scm_ask(run, "select to_regnamespace($1) is null",
                                    &run->schema, 1, &result);
    bool make = status == SC_OK && scm_bool(result, 0, 0);
    PQclear(result);
    return make ? run_all(run, "create schema @;comment on schema @ is"
                               " 'History of migrations, kept by schemac.'")
                : status;
}

static enum sc_status upgrade(struct scm_run *run, int version)
{
    enum sc_status status = scm_ask(run, "begin", NULL, 0, NULL);
    if (status == SC_OK && version == 0)
        status = make_schema(run);
    for (int i = version; i < (int)SCM_COUNT(UPGRADES) && status == SC_OK; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i + 1);
        status = run_all(run, UPGRADES[i]);
        if (status == SC_OK)
            status = scm_history_ask(run, "update @.layout set version = $1::int4",
                                     (const char *[]){ text }, 1, NULL);
    }
    return status == SC_OK ? scm_ask(run, "commit", NULL, 0, NULL) : status;
}

/* Who we are, for those who wait. Those that are gone leave no row behind. */
static enum sc_status sign(struct scm_run *run)
{
    char host[128] = "?", pid[16];
    gethostname(host, sizeof host - 1);
    snprintf(pid, sizeof pid, "%d", run->pid);
    const char *who = scm_printf(&run->arena, "%s@%s, %s, process %ld", PQuser(run->pg),
                                 host, run->options.application, (long)getpid());
    return scm_history_ask(run,
                           "with gone as (delete from @.holder where pid <> $1::int4)"
                           " insert into @.holder values ($1::int4, $2, now())"
                           " on conflict (pid) do update"
                           " set who = excluded.who, since = excluded.since",
                           (const char *[]){ pid, who }, 2, NULL);
}

enum sc_status scm_layout(struct scm_run *run)
{
    int version = 0;
    enum sc_status status = read_version(run, &version);
    if (status != SC_OK)
        return status;
    if (version > (int)SCM_COUNT(UPGRADES)) {
        scm_fail(run->err, SC_SCHEMA_MISMATCH, SC_TROUBLE_NEWER_LAYOUT,
                 "the history in schema \"%s\" has layout %d, this program knows up to "
                 "%zu",
                 run->schema_raw, version, SCM_COUNT(UPGRADES));
        scm_hint(run->err, "Use the version of schemac that wrote it, or a later one.");
        return SC_SCHEMA_MISMATCH;
    }
    if (version < (int)SCM_COUNT(UPGRADES))
        status = upgrade(run, version);
    return status == SC_OK ? sign(run) : status;
}
