/* planner.h: what the recipes of the planner share: a plan under construction, sorted into
 * phases. Inside migrate/ only. A recipe turns one change into steps; the phases put the
 * steps of all recipes into an order in which each finds what it needs.
 *
 * After PHASE_RENAME every object that stays has its target's name, so that all SQL of
 * later phases is written with the target's names; what goes is written with the names
 * it has by then (its container's new name, its own old one).
 */
#ifndef MIGRATE_PLANNER_H
#define MIGRATE_PLANNER_H
#include "../base/buf.h"
#include "plan.h"

enum plan_phase {
    PHASE_DETACH, /* origin's names still: foreign keys, constraints, indexes, checks
                         and defaults that go or stand in the way of what follows */
    PHASE_RENAME, /* schemas, types, tables, columns, constraints, indexes */
    PHASE_CREATE, /* schemas, extensions, enums, domains, sequences */
    PHASE_LABEL,  /* enum labels, each committed by itself before it is used */
    PHASE_CREATE_TABLE,
    PHASE_TYPE, /* type changes, enum rebuilds */
    PHASE_ADD_COLUMN,
    PHASE_BACKFILL,
    PHASE_ALTER,      /* defaults, nullability, identity, options */
    PHASE_INDEX,      /* builds */
    PHASE_CONSTRAINT, /* keys, checks, excludes: NOT VALID first, validated after */
    PHASE_FOREIGN_KEY,
    PHASE_DROP_INDEX,
    PHASE_DROP_COLUMN,
    PHASE_DROP_TABLE,
    PHASE_DROP, /* sequences, domains, enums, extensions, schemas */
    PHASE_COMMENT,
    PHASES
};

struct planner; /* a plan under construction */

struct arena *planner_arena(struct planner *p);
const struct match *planner_match(struct planner *p);
bool planner_down(const struct planner *p);
/* Whether what would be refused for want of a hint is planned with a check of the data
 * instead: under MATCH_NO_RENAMES, and in a down plan. */
bool planner_lenient(const struct planner *p);
struct diags *planner_diags(struct planner *p);

/* Adds a step to a phase and gives it for filling in. Steps of one phase run in the order
 * in which they were added. Neighbours that cost the catalog only, and touch the same
 * older table or none, are joined into one transaction at the end. */
struct plan_step *planner_step(struct planner *p, enum plan_phase phase,
                               const char *title);
/* The step's statements, one at a time, written with printf or from a buffer. */
void step_printf(struct planner *p, struct plan_step *step, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void step_sql(struct planner *p, struct plan_step *step, const struct buf *sql);
/* A lock on a relation that stood before the plan; ignored for one that the plan makes.
 * The strongest of several on one relation counts. */
void step_lock(struct planner *p, struct plan_step *step,
               const struct model_table *table, enum plan_lock_mode mode);
void step_hazard(struct planner *p, struct plan_step *step, enum plan_hazard_kind kind,
                 struct str object, const char *because);
void step_touch(struct planner *p, struct plan_step *step, struct str object);
void planner_check(struct planner *p, struct plan_check check);

/* Whether the table is made by this plan (of the target), so that nothing waits for it. */
bool planner_is_new(const struct planner *p, const struct model_table *table);

/* ---- recipes: one a kind of object; each in recipe_*.c ---- */
void recipe_schema(struct planner *p, const struct change *change);
void recipe_extension(struct planner *p, const struct change *change);
/* An enum with its labels: added, renamed, removed with a heir, put in another order. */
void recipe_enum(struct planner *p, const struct change *change);
void recipe_domain(struct planner *p, const struct change *change);
void recipe_sequence(struct planner *p, const struct change *change);
void recipe_table(struct planner *p, const struct change *change);
void recipe_column(struct planner *p, const struct change *change);
void recipe_column_type(struct planner *p, const struct change *change);
/* serial and identity, to and fro, with the sequence's position kept. */
void recipe_column_numbering(struct planner *p, const struct change *change);
void recipe_constraint(struct planner *p, const struct change *change);
void recipe_index(struct planner *p, const struct change *change);

#endif
