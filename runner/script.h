/* script.h: one file's text under way to its header, checks and steps. Between the three
 * files of script*.c only. */
#ifndef RUNNER_SCRIPT_H
#define RUNNER_SCRIPT_H
#include "runner.h"

struct scm_part { /* what a mark begins */
    bool is_check, is_step;
    const char *title;
    struct scm_note *notes;
    size_t nnotes, notes_room;
    size_t at;           /* of the mark */
    size_t first, count; /* statements */
};
struct scm_reading {
    struct scm_arena *arena;
    struct scm_script *script;
    struct sc_migrate_error *err;
    struct scm_statement *statements;
    size_t nstatements, room;
    struct scm_part *parts;
    size_t nparts, parts_room;
    bool header;        /* nothing but comments so far, and no mark */
    const char **value; /* of the header, that a wrapped line goes on with */
    bool marked;        /* there is a step mark */
    size_t first_line;
};

/* SC_MISUSE, at a byte of the text. */
enum sc_status scm_fail_at(struct scm_reading *r, size_t at, const char *why);
/* Room for one more in a list that the arena keeps. NULL when there is no memory. */
void *scm_grow(struct scm_arena *arena, void *items, size_t n, size_t *room,
               size_t size);

/* script_head.c: what comments between two statements say. */
void scm_read_gap(struct scm_reading *r, size_t from, size_t to);
bool scm_add_part(struct scm_reading *r, const struct scm_part *part);

/* script_steps.c: parts and statements become checks and steps. */
enum sc_status scm_put_parts(struct scm_reading *r);

#endif
