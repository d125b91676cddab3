/* script_head.c: what the comments of a file say: its header, the marks of checks and steps
 * and the notes below them. Must not look at statements. */
#include "script.h"

#include <stdio.h>
#include <string.h>

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
static const char *value_of(struct scm_reading *r, const struct line *line,
                            const char *key)
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

/* "ID", or "ID by ID". */
static void add_replaced(struct scm_reading *r, const char *value)
{
    static const char BY[] = " by ";
    struct scm_script *script = r->script;
    const char *by = strstr(value, BY);
    struct scm_part_of *all = scm_alloc(r->arena,
                                        (script->nreplaces + 1) * sizeof *all);
    if (!all)
        return;
    if (script->nreplaces)
        memcpy(all, script->replaces, script->nreplaces * sizeof *all);
    all[script->nreplaces++] = (struct scm_part_of){
        by ? scm_copy(r->arena, value, (size_t)(by - value)) : value,
        by ? by + strlen(BY) : ""
    };
    script->replaces = all;
}

/* A key that comes again, or a line that goes on with it. */
static void append(struct scm_reading *r, const char **value, const char *between,
                   const char *more)
{
    *value = **value ? scm_printf(r->arena, "%s%s%s", *value, between, more) : more;
}

static void read_header_line(struct scm_reading *r, const struct line *line)
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
    const char *hazards = value_of(r, line, "hazards");
    script->harmless = script->harmless || (hazards && is_none(hazards));
    const char *parent = value_of(r, line, "parent");
    if (parent && !is_none(parent))
        script->parents[script->parents[0][0] ? 1 : 0] = parent;
    const char *replaced = value_of(r, line, "replaces");
    if (replaced && !is_none(replaced))
        add_replaced(r, replaced);
}

/* "NAME, up: title" of the first line. */
static void read_title(struct scm_reading *r, const struct line *line)
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
static const char *mark_title(struct scm_reading *r, const struct line *line,
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

bool scm_add_part(struct scm_reading *r, const struct scm_part *part)
{
    struct scm_part *parts = scm_grow(r->arena, r->parts, r->nparts, &r->parts_room,
                                      sizeof *parts);
    if (!parts)
        return false;
    r->parts = parts;
    parts[r->nparts++] = *part;
    return true;
}

/* "key: value" below a mark; the key is one word. */
static void add_note(struct scm_reading *r, struct scm_part *part,
                     const struct line *line)
{
    size_t n = 0;
    while (n < line->n && line->s[n] >= 'a' && line->s[n] <= 'z')
        n++;
    if (n == 0 || n == line->n || line->s[n] != ':')
        return;
    struct scm_note *notes = scm_grow(r->arena, part->notes, part->nnotes,
                                      &part->notes_room, sizeof *notes);
    if (!notes)
        return;
    const char *key = scm_copy(r->arena, line->s, n);
    part->notes = notes;
    notes[part->nnotes++] = (struct scm_note){ key, value_of(r, line, key) };
}

static void read_comment(struct scm_reading *r, const struct line *line)
{
    struct scm_part part = { .at = line->at, .first = r->nstatements };
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
        scm_add_part(r, &part);
    } else if (r->header) {
        if (r->first_line++ == 0)
            read_title(r, line);
        read_header_line(r, line);
    } else if (r->nparts && r->parts[r->nparts - 1].count == 0) {
        add_note(r, &r->parts[r->nparts - 1], line);
    }
}

void scm_read_gap(struct scm_reading *r, size_t from, size_t to)
{
    struct line line;
    while (next_comment(r->script->text, &from, to, &line))
        read_comment(r, &line);
}
