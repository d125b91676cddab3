/* watch.c: watches the server at each step; must not know what was predicted. */
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sampler.h"

struct watch {
    struct bench *bench;
    struct arena *arena;
    struct sampler *sampler;
    const char *migration, *way;
    int pid;
    struct map older; /* by oid, of struct watch_relation * */
    struct watch_step step;
    VEC(const char *) heard; /* from the server in the step */
    VEC(const char *) empty; /* "auth.users": a check has found no row in them */
    bool inside;             /* a step */
    watch_done *done;
    void *user;
    const char *error; /* the first thing that went wrong */
};

/* ---- relations ---- */

static const char RELATIONS[] =
    "select c.oid, c.relkind, n.nspname || '.' || c.relname, c.relfilenode,"
    "  coalesce(i.indrelid, d.refobjid), n.oid"
    "  from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    "  left join pg_index i on i.indexrelid = c.oid"
    "  left join pg_depend d on c.relkind = 'S' and d.objid = c.oid"
    "   and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass"
    "   and d.deptype in ('a', 'i')"
    " where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'schemac')"
    "   and c.relkind <> 'c'";

static struct sc_rows *ask(struct watch *watch, const char *sql)
{
    struct sc_rows *rows = NULL;
    const char *error = bench_ask(watch->arena, watch->bench->looker, sql, &rows);
    watch->error = watch->error ? watch->error : error;
    return rows;
}

static struct watch_relation *find(const struct watch *watch, const char *oid)
{
    return map_find(&watch->older, str_of(oid));
}

static void remember(struct watch *watch)
{
    struct sc_rows *rows = ask(watch, RELATIONS);
    size_t n = sc_rows_count(rows);
    for (size_t i = 0; i < n; i++) {
        struct watch_relation *one = arena_new(watch->arena, struct watch_relation);
        one->oid = bench_value(watch->arena, rows, i, 0);
        one->kind = sc_rows_value(rows, i, 1)[0];
        map_add(&watch->older, watch->arena, str_of(one->oid), one);
    }
    for (size_t i = 0; i < n; i++) {
        const char *table = sc_rows_value(rows, i, 4);
        if (table)
            find(watch, sc_rows_value(rows, i, 0))->table = find(watch, table);
    }
    sc_rows_free(rows);
}

static void look_before(struct watch *watch)
{
    struct sc_rows *rows = ask(watch, RELATIONS);
    for (size_t i = 0; i < watch->older.n; i++) {
        struct watch_relation *one = watch->older.entries[i].value;
        one->before = one->after = NULL;
        one->same_file = false;
    }
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        struct watch_relation *one = find(watch, sc_rows_value(rows, i, 0));
        if (!one)
            continue;
        one->before = bench_value(watch->arena, rows, i, 2);
        one->node = bench_value(watch->arena, rows, i, 3);
        one->space = bench_value(watch->arena, rows, i, 5);
        one->mode = -1;
        one->spent = COST_META;
    }
    sc_rows_free(rows);
}

static bool is_empty(const struct watch *watch, const struct watch_relation *relation)
{
    for (size_t i = 0; i < watch->empty.n; i++) {
        if (strcmp(watch->empty.items[i], relation->before) == 0)
            return true;
    }
    return false;
}

/* What a check of the migration has found to be empty costs nothing. */
static void spend(struct watch *watch, struct watch_relation *relation,
                  enum plan_cost cost, const char *how)
{
    struct certify_step *seen = &watch->step.seen;
    if (is_empty(watch, relation))
        return;
    relation->spent = relation->spent < (int)cost ? (int)cost : relation->spent;
    if (seen->cost >= cost)
        return;
    seen->cost = cost;
    seen->spent = how;
    seen->spent_on = relation->before;
}

/* A step may rename a schema first, and then lock what is in it. */
static void look_between(struct watch *watch)
{
    struct sc_rows *rows = ask(watch, "select oid, nspname from pg_namespace");
    struct map names = { 0 };
    for (size_t i = 0; i < sc_rows_count(rows); i++)
        map_add(&names, watch->arena, str_of(bench_value(watch->arena, rows, i, 0)),
                (void *)bench_value(watch->arena, rows, i, 1));
    sc_rows_free(rows);
    for (size_t i = 0; i < watch->older.n; i++) {
        struct watch_relation *one = watch->older.entries[i].value;
        const char *space = one->before ? map_find(&names, str_of(one->space)) : NULL;
        const char *own = one->before ? strchr(one->before, '.') : NULL;
        one->between = space && own ? arena_printf(watch->arena, "%s%s", space, own)
                                    : NULL;
    }
}

static void look_after(struct watch *watch)
{
    struct sc_rows *rows = ask(watch, RELATIONS);
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        struct watch_relation *one = find(watch, sc_rows_value(rows, i, 0));
        const char *node = sc_rows_value(rows, i, 3);
        if (!one || !one->before)
            continue;
        one->after = bench_value(watch->arena, rows, i, 2);
        one->same_file = strcmp(one->node, node) == 0;
        if ((one->kind == 'r' || one->kind == 'm') && !one->same_file)
            spend(watch, one, COST_REWRITE,
                  arena_printf(watch->arena, "rewriting table \"%s\"", one->before));
    }
    sc_rows_free(rows);
}

/* ---- what the server says ---- */

/* Messages of PostgreSQL 15 at DEBUG1: src/backend/commands/tablecmds.c,
 * src/backend/catalog/index.c. They name a thing without its schema; whose it is can be
 * asked when the step is committed. A rewrite is told by its file. */
static const struct {
    const char *start;
    enum plan_cost cost;
    const char *whose; /* the tables that $1 may mean */
} SAYINGS[] = {
    { "verifying table \"", COST_SCAN, "select oid from pg_class where relname = $1" },
    { "building index \"", COST_BUILD,
      "select indrelid, indexrelid from pg_index join pg_class on oid = indexrelid"
      " where relname = $1" },
    { "validating foreign key constraint \"", COST_SCAN,
      "select conrelid from pg_constraint where contype = 'f' and conname = $1" },
};

static void hear(void *user, const char *message)
{
    struct watch *watch = user;
    if (watch->inside)
        VEC_PUSH(watch->arena, &watch->heard,
                 arena_printf(watch->arena, "%s", message));
}

/* Of several indexes of one name the one that has a new file was built. */
static bool was_built(struct watch *watch, const char *index)
{
    const struct watch_relation *one = index ? find(watch, index) : NULL;
    return !one || !one->before || !one->same_file;
}

static void spend_on(struct watch *watch, struct sc_rows *rows, enum plan_cost cost,
                     const char *message)
{
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        struct watch_relation *one = find(watch, sc_rows_value(rows, i, 0));
        if (one && one->before && was_built(watch, sc_rows_value(rows, i, 1)))
            spend(watch, one, cost, message);
    }
}

static void understand(struct watch *watch, const char *message)
{
    for (size_t i = 0; i < sizeof SAYINGS / sizeof *SAYINGS; i++) {
        size_t n = strlen(SAYINGS[i].start);
        struct sc_rows *rows = NULL;
        struct sc_error error;
        if (strncmp(message, SAYINGS[i].start, n) != 0)
            continue;
        const char *name = arena_copy(watch->arena, message + n,
                                      strcspn(message + n, "\""));
        if (sc_query(watch->bench->looker, SAYINGS[i].whose, &name, 1, &rows, &error) ==
            SC_OK)
            spend_on(watch, rows, SAYINGS[i].cost, message);
        sc_rows_free(rows);
    }
}

/* ---- steps ---- */

static void take_samples(struct watch *watch, const struct samples *samples)
{
    for (size_t i = 0; i < samples->n; i++) {
        struct watch_relation *one = find(watch, samples->items[i].relation);
        int mode = (int)samples->items[i].mode;
        if (one && one->mode < mode)
            one->mode = mode;
    }
}

static void begin_step(struct watch *watch, const struct sc_migrate_event *event)
{
    watch->step = (struct watch_step){ .seen = { .migration = watch->migration,
                                                 .way = watch->way,
                                                 .number = event->step } };
    watch->step.seen.title = arena_printf(watch->arena, "%s", event->title);
    watch->heard.n = 0;
    look_before(watch);
    watch->inside = true;
    if (event->outside && !sampler_begin(watch->sampler, watch->pid) && !watch->error)
        watch->error = "cannot hold up statements outside transactions";
}

static void look_now(struct watch *watch)
{
    struct samples samples = { .n = 0 };
    if (!samples_add(&samples, watch->bench->looker, watch->pid) && !watch->error)
        watch->error = "cannot look at the server's locks";
    take_samples(watch, &samples);
}

static void list_relations(struct watch *watch)
{
    struct watch_step *step = &watch->step;
    for (size_t i = 0; i < watch->older.n; i++) {
        struct watch_relation *one = watch->older.entries[i].value;
        if (!one->before || (one->mode < 0 && one->spent == COST_META))
            continue;
        VEC_PUSH(watch->arena, &step->relations, one);
        if (one->mode < 0)
            continue;
        struct certify_lock lock = { one->before, (enum plan_lock_mode)one->mode };
        VEC_PUSH(watch->arena, &step->seen.locks, lock);
    }
}

/* Also of a step that failed: what it did before that counts, too. */
static void end_step(struct watch *watch)
{
    struct samples samples = { .n = 0 };
    sampler_take(watch->sampler, &samples);
    take_samples(watch, &samples);
    watch->inside = false;
    look_after(watch);
    look_between(watch);
    for (size_t i = 0; i < watch->heard.n; i++)
        understand(watch, watch->heard.items[i]);
    list_relations(watch);
    watch->done(watch->user, &watch->step);
}

static void take_check(struct watch *watch, const char *title)
{
    static const char none[] = "no row in ";
    if (strncmp(title, none, strlen(none)) == 0)
        VEC_PUSH(watch->arena, &watch->empty,
                 arena_printf(watch->arena, "%s", title + strlen(none)));
}

bool watch_event(void *user, const struct sc_migrate_event *event)
{
    struct watch *watch = user;
    if (event->kind == SC_MIGRATE_CHECK)
        take_check(watch, event->text);
    else if (event->kind == SC_MIGRATE_STEP)
        begin_step(watch, event);
    else if (event->kind == SC_MIGRATE_SQL && watch->inside)
        look_now(watch);
    else if (event->kind == SC_MIGRATE_STEP_DONE)
        end_step(watch);
    return watch->error == NULL;
}

/* ---- the door ---- */

static const char *find_pid(struct watch *watch)
{
    struct sc_rows *rows = NULL;
    const char *error = bench_ask(watch->arena, watch->bench->mover,
                                  "select pg_backend_pid()", &rows);
    if (!error)
        watch->pid = (int)strtol(sc_rows_value(rows, 0, 0), NULL, 10);
    sc_rows_free(rows);
    return error;
}

const char *watch_open(struct bench *bench, const char *migration, const char *way,
                       struct watch **made)
{
    struct watch *watch = arena_new(bench->arena, struct watch);
    *made = watch;
    *watch = (struct watch){
        .bench = bench, .arena = bench->arena, .migration = migration, .way = way
    };
    const char *error = find_pid(watch);
    watch->sampler = sampler_open(bench->url);
    if (!error && !watch->sampler)
        error = "cannot start to look at the server's locks";
    remember(watch);
    sc_set_hooks(bench->mover, &(struct sc_hooks){ .user = watch, .notice = hear });
    return error ? error : watch->error;
}

void watch_on_done(struct watch *watch, watch_done *done, void *user)
{
    watch->done = done;
    watch->user = user;
}

const char *watch_title(const struct watch *watch)
{
    return watch->inside ? watch->step.seen.title : "";
}

const char *watch_close(struct watch *watch)
{
    sc_set_hooks(watch->bench->mover, NULL);
    sampler_close(watch->sampler);
    watch->sampler = NULL;
    return watch->error;
}
