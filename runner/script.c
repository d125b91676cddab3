/* script.c: one file's text becomes its header, checks and steps. Must not read files nor
 * know of other migrations. */
#include "script.h"

#include <string.h>

enum sc_status scm_fail_at(struct scm_reading *r, size_t at, const char *why)
{
    enum sc_status status = scm_fail(r->err, SC_MISUSE, SC_TROUBLE_FILE, "%s", why);
    scm_place(r->err, r->script, at);
    return status;
}

void *scm_grow(struct scm_arena *arena, void *items, size_t n, size_t *room,
               size_t size)
{
    if (n < *room)
        return items;
    size_t more = *room ? *room * 2 : 16;
    void *bigger = scm_alloc(arena, more * size);
    if (bigger && n)
        memcpy(bigger, items, n * size);
    *room = bigger ? more : *room;
    return bigger;
}

/* ---- statements ---------------------------------------------------------------------- */

static bool add_statement(struct scm_reading *r, const struct sc__sql_statement *from)
{
    struct scm_statement *list = scm_grow(r->arena, r->statements, r->nstatements,
                                          &r->room, sizeof *list);
    if (!list)
        return false;
    r->statements = list;
    struct scm_part *last = r->nparts ? &r->parts[r->nparts - 1] : NULL;
    /* A check is one statement; what follows it without a mark is the file's own. */
    if (!last || (last->is_check && last->count == 1)) {
        struct scm_part part = { .title = "",
                                 .at = from->start,
                                 .first = r->nstatements };
        if (!scm_add_part(r, &part))
            return false;
        last = &r->parts[r->nparts - 1];
    }
    last->count++;
    list[r->nstatements++] = (struct scm_statement){ .start = from->start,
                                                     .size = from->size,
                                                     .verb = from->verb,
                                                     .alone = from->alone };
    return true;
}

static enum sc_status read_all(struct scm_reading *r)
{
    struct scm_script *script = r->script;
    struct sc__sql_scan scan = sc__sql_begin(script->text, script->size);
    struct sc__sql_statement statement;
    size_t gap = scan.at;
    while (sc__sql_next(&scan, &statement)) {
        scm_read_gap(r, gap, statement.start);
        r->header = false;
        if (statement.verb == SC__SQL_COPY_STDIN)
            return scm_fail_at(r, statement.start,
                               "copy from stdin: its data cannot stand in a migration");
        if (statement.verb == SC__SQL_PREPARE)
            return scm_fail_at(r, statement.start,
                               "prepare transaction: the history cannot know whether "
                               "it is committed later");
        if (!add_statement(r, &statement))
            return scm_no_memory(r->err);
        gap = statement.end;
    }
    if (scan.error)
        return scm_fail_at(r, scan.error_at, scan.error);
    scm_read_gap(r, gap, script->size);
    return SC_OK;
}

/* ---- doors ------------------------------------------------------------------------ */

enum sc_status scm_script_read(struct scm_arena *arena, const char *path,
                               const char *text, struct scm_script *script,
                               struct sc_migrate_error *err)
{
    *script = (struct scm_script){ .path = path, .text = text, .size = strlen(text) };
    const char **empty[] = { &script->title, &script->id,         &script->from,
                             &script->to,    &script->sum,        &script->order,
                             &script->down,  &script->hazards,    &script->breaks,
                             &script->seed,  &script->parents[0], &script->parents[1] };
    for (size_t i = 0; i < SCM_COUNT(empty); i++)
        *empty[i] = "";
    struct scm_reading r = {
        .arena = arena, .script = script, .err = err, .header = true
    };
    size_t bad = sc__sql_bad_utf8(text, script->size);
    if (bad < script->size)
        return scm_fail_at(&r, bad, "not UTF-8");
    enum sc_status status = read_all(&r);
    if (status == SC_OK)
        status = scm_put_parts(&r);
    if (status == SC_OK && arena->failed)
        status = scm_no_memory(err);
    sc__sql_hash(text, script->size, script->hash);
    return status;
}

/* What its author says of a text without a sum is all there is; the hazards of one that
 * was changed are those of the plan, unless they say what no plan does. */
bool scm_unknown(const struct scm_script *script)
{
    if (script->harmless && !*script->hazards)
        return false;
    if (*script->sum)
        return strcmp(script->sum, script->hash) != 0;
    return !*script->hazards || strcmp(script->hazards, "unknown") == 0;
}
