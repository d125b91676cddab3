/* script.c: one file's text becomes its header, checks and steps. Must not read files nor
 * know of other migrations. */
#include "runner.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is read ------------------------------------------------------------------- */

struct part { /* what a mark begins */
    bool is_check, is_step;
    const char *title;
    struct scm_note *notes;
    size_t nnotes, notes_room;
    size_t at;           /* of the mark */
    size_t first, count; /* statements */
};
struct reading {
    struct scm_arena *arena;
    struct scm_script *script;
    struct sc_migrate_error *err;
    struct scm_statement *statements;
    size_t nstatements, room;
    struct part *parts;
    size_t nparts, parts_room;
    bool header;        /* nothing but comments so far, and no mark */
    const char **value; /* of the header, that a wrapped line goes on with */
    bool marked;        /* there is a step mark */
    size_t first_line;
};

static enum sc_status fail_at(struct reading *r, size_t at, const char *why)
{
    enum sc_status status = scm_fail(r->err, SC_MISUSE, SC_TROUBLE_FILE, "%s", why);
    scm_place(r->err, r->script, at);
    return status;
}

/* Room for one more in a list that the arena keeps. NULL when there is no memory. */
static void *grow(struct scm_arena *arena, void *items, size_t n, size_t *room,
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

/* ---- comments ------------------------------------------------------------------------ */

struct line {
    const char *s; /* behind "--" and blanks */
    size_t n;
    size_t at;     /* of the dashes */
    size_t indent; /* blanks behind the dashes */
    bool apart;    /* a line without a comment stands before it */
};

/* The next comment line of a gap between statements; false at its end. */
static bool next_comment(const char *text, size_t *at, size_t end, struct line *line)
{
    line->apart = false;
    while (*at < end) {
        size_t from = *at, to = from;
        while (to < end && text[to] != '\n')
            to++;
        *at = to + 1;
        while (to > from && (text[to - 1] == ' ' || text[to - 1] == '\r'))
            to--;
        while (from < to && (text[from] == ' ' || text[from] == '\t'))
            from++;
        if (to - from < 2 || text[from] != '-' || text[from + 1] != '-') {
            line->apart = true;
            continue;
        }
        line->at = from;
        for (from += 2; from < to && text[from] == ' ';)
            from++;
        line->indent = from - line->at - 2;
        line->s = text + from;
        line->n = to - from;
        return true;
    }
    return false;
}

/* "key: value" gives the value. */
static const char *value_of(struct reading *r, const struct line *line, const char *key)
{
    size_t n = strlen(key);
    if (line->n <= n || memcmp(line->s, key, n) != 0 || line->s[n] != ':')
        return NULL;
    for (n++; n < line->n && line->s[n] == ' ';)
        n++;
    return scm_copy(r->arena, line->s + n, line->n - n);
}

static bool is_none(const char *value)
{
    return strcmp(value, "none") == 0;
}

static void add_replaced(struct reading *r, const char *id)
{
    struct scm_script *script = r->script;
    const char **ids = scm_alloc(r->arena, (script->nreplaces + 1) * sizeof *ids);
    if (!ids)
        return;
    if (script->nreplaces)
        memcpy(ids, script->replaces, script->nreplaces * sizeof *ids);
    ids[script->nreplaces++] = id;
    script->replaces = ids;
}

/* A key that comes again, or a line that goes on with it. */
static void append(struct reading *r, const char **value, const char *between,
                   const char *more)
{
    *value = **value ? scm_printf(r->arena, "%s%s%s", *value, between, more) : more;
}

static void read_header_line(struct reading *r, const struct line *line)
{
    struct scm_script *script = r->script;
    struct {
        const char *key;
        const char **value;
    } keys[] = {
        { "id", &script->id },           { "from", &script->from },
        { "to", &script->to },           { "sum", &script->sum },
        { "order", &script->order },     { "down", &script->down },
        { "hazards", &script->hazards }, { "breaks", &script->breaks },
        { "seed", &script->seed },
    };
    if (r->value && line->indent >= 3) {
        append(r, r->value, " ", scm_copy(r->arena, line->s, line->n));
        return;
    }
    r->value = NULL;
    for (size_t i = 0; i < SCM_COUNT(keys); i++) {
        const char *value = value_of(r, line, keys[i].key);
        if (value) {
            append(r, keys[i].value, "; ", is_none(value) ? "" : value);
            r->value = keys[i].value;
        }
    }
    const char *parent = value_of(r, line, "parent");
    if (parent && !is_none(parent))
        script->parents[script->parents[0][0] ? 1 : 0] = parent;
    const char *replaced = value_of(r, line, "replaces");
    if (replaced && !is_none(replaced))
        add_replaced(r, replaced);
}

/* "NAME, up: title" of the first line. */
static void read_title(struct reading *r, const struct line *line)
{
    static const char *const WAYS[] = { ", up: ", ", down: " };
    const char *text = scm_copy(r->arena, line->s, line->n);
    for (size_t i = 0; i < SCM_COUNT(WAYS); i++) {
        const char *hit = strstr(text, WAYS[i]);
        if (hit)
            r->script->title = hit + strlen(WAYS[i]);
    }
}

/* "check 1: title", "step 2 of 3: title": the title, NULL for anything else. */
static const char *mark_title(struct reading *r, const struct line *line,
                              const char *word)
{
    size_t n = strlen(word), at = n;
    if (line->n <= n || memcmp(line->s, word, n) != 0)
        return NULL;
    size_t digits = strspn(line->s + at, "0123456789");
    at += digits;
    if (digits == 0 || at >= line->n)
        return NULL;
    if (line->n - at > 4 && memcmp(line->s + at, " of ", 4) == 0)
        at += 4 + strspn(line->s + at + 4, "0123456789");
    if (at >= line->n || line->s[at] != ':')
        return NULL;
    for (at++; at < line->n && line->s[at] == ' ';)
        at++;
    return scm_copy(r->arena, line->s + at, line->n - at);
}

static bool add_part(struct reading *r, const struct part *part)
{
    struct part *parts = grow(r->arena, r->parts, r->nparts, &r->parts_room,
                              sizeof *parts);
    if (!parts)
        return false;
    r->parts = parts;
    parts[r->nparts++] = *part;
    return true;
}

/* "key: value" below a mark; the key is one word. */
static void add_note(struct reading *r, struct part *part, const struct line *line)
{
    size_t n = 0;
    while (n < line->n && line->s[n] >= 'a' && line->s[n] <= 'z')
        n++;
    if (n == 0 || n == line->n || line->s[n] != ':')
        return;
    struct scm_note *notes = grow(r->arena, part->notes, part->nnotes,
                                  &part->notes_room, sizeof *notes);
    if (!notes)
        return;
    const char *key = scm_copy(r->arena, line->s, n);
    part->notes = notes;
    notes[part->nnotes++] = (struct scm_note){ key, value_of(r, line, key) };
}

static void read_comment(struct reading *r, const struct line *line)
{
    struct part part = { .at = line->at, .first = r->nstatements };
    r->header = r->header && (r->first_line == 0 || !line->apart);
    part.title = mark_title(r, line, "step ");
    if (!part.title) {
        part.title = mark_title(r, line, "check ");
        part.is_check = part.title != NULL;
    }
    if (part.title) {
        part.is_step = !part.is_check;
        r->marked = r->marked || part.is_step;
        r->header = false;
        add_part(r, &part);
    } else if (r->header) {
        if (r->first_line++ == 0)
            read_title(r, line);
        read_header_line(r, line);
    } else if (r->nparts && r->parts[r->nparts - 1].count == 0) {
        add_note(r, &r->parts[r->nparts - 1], line);
    }
}

static void read_gap(struct reading *r, size_t from, size_t to)
{
    struct line line;
    while (next_comment(r->script->text, &from, to, &line))
        read_comment(r, &line);
}

/* ---- statements ---------------------------------------------------------------------- */

static bool add_statement(struct reading *r, const struct sc__sql_statement *from)
{
    struct scm_statement *list = grow(r->arena, r->statements, r->nstatements, &r->room,
                                      sizeof *list);
    if (!list)
        return false;
    r->statements = list;
    struct part *last = r->nparts ? &r->parts[r->nparts - 1] : NULL;
    /* A check is one statement; what follows it without a mark is the file's own. */
    if (!last || (last->is_check && last->count == 1)) {
        struct part part = { .title = "", .at = from->start, .first = r->nstatements };
        if (!add_part(r, &part))
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

static enum sc_status read_all(struct reading *r)
{
    struct scm_script *script = r->script;
    struct sc__sql_scan scan = sc__sql_begin(script->text, script->size);
    struct sc__sql_statement statement;
    size_t gap = scan.at;
    while (sc__sql_next(&scan, &statement)) {
        read_gap(r, gap, statement.start);
        r->header = false;
        if (statement.verb == SC__SQL_COPY_STDIN)
            return fail_at(r, statement.start,
                           "copy from stdin: its data cannot stand in a migration");
        if (!add_statement(r, &statement))
            return scm_no_memory(r->err);
        gap = statement.end;
    }
    if (scan.error)
        return fail_at(r, scan.error_at, scan.error);
    read_gap(r, gap, script->size);
    return SC_OK;
}

/* ---- steps --------------------------------------------------------------------------- */

/* Locks from SHARE up, as pg_locks calls them; longer names first. */
static const struct {
    const char *text, *mode;
    bool strong;
} MODES[] = {
    { " SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock", false },
    { " SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock", true },
    { " ACCESS EXCLUSIVE", "AccessExclusiveLock", true },
    { " ROW EXCLUSIVE", "RowExclusiveLock", false },
    { " ACCESS SHARE", "AccessShareLock", false },
    { " EXCLUSIVE", "ExclusiveLock", true },
    { " ROW SHARE", "RowShareLock", false },
    { " SHARE", "ShareLock", true },
};

static void add_lock(struct reading *r, struct scm_step *step, const char *s, size_t n)
{
    for (size_t i = 0; i < SCM_COUNT(MODES); i++) {
        size_t tail = strlen(MODES[i].text);
        if (n <= tail || memcmp(s + n - tail, MODES[i].text, tail) != 0)
            continue;
        struct scm_lock *locks = scm_alloc(r->arena,
                                           (step->nlocks + 1) * sizeof *locks);
        if (!locks || !MODES[i].strong)
            return;
        if (step->nlocks)
            memcpy(locks, step->locks, step->nlocks * sizeof *locks);
        locks[step->nlocks++] = (struct scm_lock){ scm_copy(r->arena, s, n - tail),
                                                   MODES[i].mode };
        step->locks = locks;
        return;
    }
}

static void read_locks(struct reading *r, struct scm_step *step, const char *list)
{
    while (list && *list) {
        const char *end = strstr(list, ", ");
        size_t n = end ? (size_t)(end - list) : strlen(list);
        add_lock(r, step, list, n);
        list = end ? end + 2 : NULL;
    }
}

static bool is_control(enum sc__sql_verb verb)
{
    return verb == SC__SQL_BEGIN || verb == SC__SQL_COMMIT || verb == SC__SQL_ROLLBACK;
}

/* The begin and commit around a step become its being a transaction. */
static enum sc_status frame(struct reading *r, struct scm_step *step)
{
    const struct scm_statement *all = step->statements;
    size_t n = step->nstatements;
    if (n >= 2 && all[0].verb == SC__SQL_BEGIN && all[n - 1].verb == SC__SQL_COMMIT) {
        step->transaction = true;
        step->begin = scm_copy(r->arena, r->script->text + all[0].start, all[0].size);
        step->statements++;
        step->nstatements -= 2;
    }
    for (size_t i = 0; i < step->nstatements; i++) {
        const struct scm_statement *one = &step->statements[i];
        if (is_control(one->verb))
            return fail_at(r, one->start,
                           "begin, commit and rollback may only stand around a step");
        if (one->alone && step->transaction)
            return fail_at(r, one->start,
                           "this statement cannot run inside a transaction");
    }
    return SC_OK;
}

static void hash_step(struct reading *r, struct scm_step *step)
{
    if (!step->nstatements) {
        sc__sql_hash("", 0, step->hash);
        return;
    }
    const struct scm_statement *last = &step->statements[step->nstatements - 1];
    size_t start = step->statements[0].start;
    size_t size = last->start + last->size - start;
    const char *own = scm_copy(r->arena, r->script->text + start, size);
    sc__sql_hash(own, strlen(own), step->hash); /* a text of its own has a NUL behind */
}

const char *scm_note(const struct scm_step *step, const char *key)
{
    for (size_t i = 0; i < step->nnotes; i++) {
        if (strcmp(step->notes[i].key, key) == 0)
            return step->notes[i].value;
    }
    return NULL;
}

static struct scm_step *add_step(struct reading *r)
{
    struct scm_script *script = r->script;
    script->steps[script->nsteps] = (struct scm_step){ .title = "" };
    return &script->steps[script->nsteps++];
}

static enum sc_status put_step(struct reading *r, const struct part *part, size_t first,
                               size_t n)
{
    struct scm_step *step = add_step(r);
    step->title = part->title;
    step->statements = r->statements + first;
    step->nstatements = n;
    step->notes = part->notes;
    step->nnotes = part->nnotes;
    const char *locks = scm_note(step, "locks");
    if (locks && !is_none(locks))
        read_locks(r, step, locks);
    enum sc_status status = frame(r, step);
    if (status == SC_OK)
        hash_step(r, step);
    return status;
}

/* "create table a.b (" of a statement without a title. */
static const char *title_of(struct reading *r, size_t statement)
{
    const struct scm_statement *one = &r->statements[statement];
    size_t n = 0;
    while (n < one->size && n < 60 && r->script->text[one->start + n] != '\n')
        n++;
    while (n > 0 && ((unsigned char)r->script->text[one->start + n] & 0xC0) == 0x80)
        n--;
    return scm_copy(r->arena, r->script->text + one->start, n);
}

static struct scm_step *last_step(struct reading *r)
{
    return &r->script->steps[r->script->nsteps - 1];
}

/* Statements between transactions: one of their own, unless one of them refuses it. */
static enum sc_status put_loose(struct reading *r, size_t first, size_t n)
{
    bool alone = false;
    enum sc_status status = SC_OK;
    for (size_t i = first; i < first + n; i++)
        alone = alone || r->statements[i].alone;
    size_t each = alone ? 1 : n;
    for (size_t i = first; i < first + n && status == SC_OK; i += each) {
        struct part part = { .title = title_of(r, i) };
        status = put_step(r, &part, i, each);
        last_step(r)->transaction = !alone ||
                                    (!r->statements[i].alone &&
                                     r->statements[i].verb != SC__SQL_PROCEDURE);
    }
    return status;
}

/* From begin to commit. */
static enum sc_status put_framed(struct reading *r, size_t first, size_t n)
{
    struct part part = { .title = title_of(r, first + (n > 2)) };
    return put_step(r, &part, first, n);
}

/* Statements without a step mark are cut where psql would commit. */
static enum sc_status put_unmarked(struct reading *r, const struct part *part)
{
    size_t end = part->first + part->count;
    enum sc_status status = SC_OK;
    for (size_t i = part->first, to; i < end && status == SC_OK; i = to) {
        enum sc__sql_verb verb = r->statements[i].verb;
        for (to = i + 1; to < end; to++) {
            if (verb == SC__SQL_BEGIN ? r->statements[to - 1].verb == SC__SQL_COMMIT
                                      : is_control(r->statements[to].verb))
                break;
        }
        if (verb == SC__SQL_BEGIN)
            status = put_framed(r, i, to - i);
        else
            status = put_loose(r, i, to - i);
    }
    return status;
}

static enum sc_status put_check(struct reading *r, const struct part *part)
{
    struct scm_script *script = r->script;
    if (part->count != 1)
        return fail_at(r, part->at, "a check needs one statement");
    if (script->nsteps)
        return fail_at(r, part->at, "a check stands before all steps");
    script->checks[script->nchecks++] = (struct scm_check){
        part->title, r->statements[part->first]
    };
    return SC_OK;
}

static enum sc_status put_parts(struct reading *r)
{
    struct scm_script *script = r->script;
    script->steps = scm_alloc(r->arena,
                              (r->nparts + r->nstatements + 1) * sizeof *script->steps);
    script->checks = scm_alloc(r->arena, (r->nparts + 1) * sizeof *script->checks);
    if (!script->steps || !script->checks)
        return scm_no_memory(r->err);
    enum sc_status status = SC_OK;
    for (size_t i = 0; i < r->nparts && status == SC_OK; i++) {
        const struct part *part = &r->parts[i];
        if (part->is_check)
            status = put_check(r, part);
        else if (part->is_step)
            status = put_step(r, part, part->first, part->count);
        else if (r->marked)
            status = fail_at(r, part->at, "a statement before the first step mark");
        else
            status = put_unmarked(r, part);
    }
    return status;
}

/* ---- the door ------------------------------------------------------------------------ */

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
    struct reading r = { .arena = arena, .script = script, .err = err, .header = true };
    size_t bad = sc__sql_bad_utf8(text, script->size);
    if (bad < script->size)
        return fail_at(&r, bad, "not UTF-8");
    enum sc_status status = read_all(&r);
    if (status == SC_OK)
        status = put_parts(&r);
    if (status == SC_OK && arena->failed)
        status = scm_no_memory(err);
    sc__sql_hash(text, script->size, script->hash);
    return status;
}
