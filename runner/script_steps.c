/* script_steps.c: marks and statements become checks and steps. Must not read comments. */
#include "script.h"

#include <string.h>

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

static void add_lock(struct scm_reading *r, struct scm_step *step, const char *s,
                     size_t n)
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

static void read_locks(struct scm_reading *r, struct scm_step *step, const char *list)
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
static enum sc_status frame(struct scm_reading *r, struct scm_step *step)
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
            return scm_fail_at(
                r, one->start,
                "begin, commit and rollback may only stand around a step");
        if (one->alone && step->transaction)
            return scm_fail_at(r, one->start,
                               "this statement cannot run inside a transaction");
    }
    return SC_OK;
}

static void hash_step(struct scm_reading *r, struct scm_step *step)
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

static struct scm_step *add_step(struct scm_reading *r)
{
    struct scm_script *script = r->script;
    script->steps[script->nsteps] = (struct scm_step){ .title = "" };
    return &script->steps[script->nsteps++];
}

static enum sc_status put_step(struct scm_reading *r, const struct scm_part *part,
                               size_t first, size_t n)
{
    struct scm_step *step = add_step(r);
    step->title = part->title;
    step->statements = r->statements + first;
    step->nstatements = n;
    step->notes = part->notes;
    step->nnotes = part->nnotes;
    const char *locks = scm_note(step, "locks");
    if (locks) /* "none" names no mode */
        read_locks(r, step, locks);
    enum sc_status status = frame(r, step);
    if (status == SC_OK)
        hash_step(r, step);
    return status;
}

/* "create table a.b (" of a statement without a title. */
static const char *title_of(struct scm_reading *r, size_t statement)
{
    const struct scm_statement *one = &r->statements[statement];
    size_t n = 0;
    while (n < one->size && n < 60 && r->script->text[one->start + n] != '\n')
        n++;
    while (n > 0 && ((unsigned char)r->script->text[one->start + n] & 0xC0) == 0x80)
        n--;
    return scm_copy(r->arena, r->script->text + one->start, n);
}

static struct scm_step *last_step(struct scm_reading *r)
{
    return &r->script->steps[r->script->nsteps - 1];
}

/* Statements between transactions: one of their own, unless one of them refuses it. */
static enum sc_status put_loose(struct scm_reading *r, size_t first, size_t n)
{
    bool alone = false;
    enum sc_status status = SC_OK;
    for (size_t i = first; i < first + n; i++)
        alone = alone || r->statements[i].alone;
    size_t each = alone ? 1 : n;
    for (size_t i = first; i < first + n && status == SC_OK; i += each) {
        struct scm_part part = { .title = title_of(r, i) };
        status = put_step(r, &part, i, each);
        last_step(r)->transaction = !alone ||
                                    (!r->statements[i].alone &&
                                     r->statements[i].verb != SC__SQL_PROCEDURE);
    }
    return status;
}

/* From begin to commit. */
static enum sc_status put_framed(struct scm_reading *r, size_t first, size_t n)
{
    struct scm_part part = { .title = title_of(r, first + (n > 2)) };
    return put_step(r, &part, first, n);
}

/* Statements without a step mark are cut where psql would commit. */
static enum sc_status put_unmarked(struct scm_reading *r, const struct scm_part *part)
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

static enum sc_status put_check(struct scm_reading *r, const struct scm_part *part)
{
    struct scm_script *script = r->script;
    if (part->count != 1)
        return scm_fail_at(r, part->at, "a check needs one statement");
    if (script->nsteps)
        return scm_fail_at(r, part->at, "a check stands before all steps");
    script->checks[script->nchecks++] = (struct scm_check){
        part->title, r->statements[part->first]
    };
    return SC_OK;
}

enum sc_status scm_put_parts(struct scm_reading *r)
{
    struct scm_script *script = r->script;
    script->steps = scm_alloc(r->arena,
                              (r->nparts + r->nstatements + 1) * sizeof *script->steps);
    script->checks = scm_alloc(r->arena, (r->nparts + 1) * sizeof *script->checks);
    if (!script->steps || !script->checks)
        return scm_no_memory(r->err);
    enum sc_status status = SC_OK;
    for (size_t i = 0; i < r->nparts && status == SC_OK; i++) {
        const struct scm_part *part = &r->parts[i];
        if (part->is_check)
            status = put_check(r, part);
        else if (part->is_step)
            status = put_step(r, part, part->first, part->count);
        else if (r->marked)
            status = scm_fail_at(r, part->at, "a statement before the first step mark");
        else
            status = put_unmarked(r, part);
    }
    return status;
}
