/* planner.h: what the recipes of the planner share: a plan under construction, sorted into
 * phases. Inside migrate/ only. A recipe turns one change into steps; the phases put the
 * steps of all recipes into an order in which each finds what it needs.
 *
 * After PHASE_RENAME every object that stays has its target's name, so that all SQL of
 * later phases is written with the target's names; what goes is written with the names
 * it has by then (its container's new name, its own old one, or another one when its own
 * was needed): planner_put_name.
 */
#ifndef MIGRATE_PLANNER_H
#define MIGRATE_PLANNER_H
#include "../base/buf.h"
#include "plan.h"

enum plan_phase {
    PHASE_DETACH_KEY, /* origin's names still: foreign keys that go or are in the way */
    PHASE_DETACH,     /* the same for constraints and indexes */
    PHASE_DETACH_COLUMN, /* computed columns, once nothing stands on them */
    PHASE_SCHEMA,        /* schemas get their target's names ... */
    PHASE_SCHEMA_MADE,   /* ... and new ones are made, for objects to move into */
    PHASE_RENAME,        /* types, sequences, tables, columns, constraints, indexes */
    PHASE_LABEL,         /* enum labels, each committed by itself before it is used */
    PHASE_CREATE,        /* extensions, enums, domains, sequences */
    PHASE_TYPE,          /* type changes: one statement a table; enum rebuilds */
    PHASE_CREATE_TABLE,
    PHASE_ADD_COLUMN,
    PHASE_BACKFILL,
    PHASE_REFUSE_NULL, /* from now on; ... */
    PHASE_FILL_REST,   /* ... what came meanwhile */
    PHASE_LOOK_FOR_NULL,
    PHASE_ALTER,      /* defaults, nullability, identity, options */
    PHASE_INDEX,      /* builds */
    PHASE_CONSTRAINT, /* keys, checks, excludes: NOT VALID first, validated after */
    PHASE_FOREIGN_KEY,
    PHASE_DROP_INDEX,
    PHASE_DROP_COLUMN,
    PHASE_DROP_TABLE,
    PHASE_STRICTER,    /* domains: once the columns that go are gone */
    PHASE_DROP_DOMAIN, /* before what they stand on */
    PHASE_DROP,        /* sequences, enums, extensions, schemas */
    PHASE_COMMENT,
    PHASES
};

struct planner; /* a plan under construction */

struct arena *planner_arena(struct planner *p);
const struct match *planner_match(const struct planner *p);
const struct changes *planner_changes(const struct planner *p);
bool planner_down(const struct planner *p);
/* Whether what would be refused for want of a hint is planned with a check of the data
 * instead: under MATCH_NO_RENAMES, and in a down plan. */
bool planner_lenient(const struct planner *p);
struct diags *planner_diags(struct planner *p);
/* True the first time that it is asked of an address: for recipes that settle several
 * changes at once. */
bool planner_once(struct planner *p, const void *object);

/* ---- steps ---- */

/* The origin's constraint is gone before PHASE_RENAME: it is renamed no more. */
void planner_gone_early(struct planner *p, const struct model_constraint *from);

/* Adds a step to a phase and gives it for filling in: transactional, COST_META, lossless.
 * Steps of one phase run in the order in which they were added. Neighbours that cost the
 * catalog only, and touch the same older table or none, are joined into one transaction
 * at the end; never one with transaction false, alone, or step_apart. A step without
 * statements is left out. */
struct plan_step *planner_step(struct planner *p, enum plan_phase phase,
                               const char *title);
/* The step's statements, one at a time, written with printf or from a buffer. */
void step_printf(struct planner *p, struct plan_step *step, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void step_sql(struct planner *p, struct plan_step *step, const struct buf *sql);
/* A lock on a relation that stood before the plan; ignored for one that the plan makes.
 * Of either model. The strongest of several on one relation counts. */
void step_lock(struct planner *p, struct plan_step *step,
               const struct model_table *table, enum plan_lock_mode mode);
/* The same of an index or a sequence (CHANGE_INDEX, CHANGE_SEQUENCE) that is locked while
 * its table is not. */
void step_lock_beside(struct planner *p, struct plan_step *step,
                      enum change_object object, const void *it,
                      enum plan_lock_mode mode);
void step_hazard(struct planner *p, struct plan_step *step, enum plan_hazard_kind kind,
                 struct str object, const char *because);
void step_touch(struct planner *p, struct plan_step *step, struct str object);
/* "column auth.users.name" */
void planner_touch(struct planner *p, struct plan_step *step, enum change_object object,
                   const void *it);
/* Commits by itself: what it does must be committed before what follows can use it. */
void step_apart(struct plan_step *step);
/* What the down can bring back; the worst that was said counts. why: a clause. Of new
 * tables and columns draft.c says it, from the down. */
void step_reversal(struct planner *p, struct plan_step *step,
                   enum plan_reversal reversal, const char *why);
/* A rewrite or build that has no online form: it stands alone in its transaction. */
void step_alone(struct plan_step *step, enum plan_cost cost);
/* Asked before anything is applied, so written with the origin's names. Of several with
 * one query the first counts. */
void planner_check(struct planner *p, struct plan_check check);

/* ---- names ---- */

/* Whether the object (any struct that match.h takes, or a foreign table's column ...) is
 * one of the origin's; otherwise it is one of the target's. Told by its schema. */
bool planner_of_origin(const struct planner *p, const struct model_schema *schema);
/* Whether the table is made by this plan (of the target), so that nothing waits for it. */
bool planner_is_new(const struct planner *p, const struct model_table *table);
/* The name as SQL that an object of either model has when a step of that phase runs:
 * qualified for tables, types, sequences and indexes ("auth.users"), bare for the rest
 * ("email"). Phases up to PHASE_RENAME have the origin's names. Not for labels. */
void planner_put_name(const struct planner *p, struct buf *out, enum plan_phase phase,
                      enum change_object object, const void *it);
/* The same in the arena. */
struct str planner_name(const struct planner *p, enum plan_phase phase,
                        enum change_object object, const void *it);
/* The schema that it is in by then, as SQL: that of its table where it follows one. */
struct str planner_space(const struct planner *p, enum plan_phase phase,
                         enum change_object object, const void *it);
/* The whole name without quotes: as locks name a relation. */
struct str planner_plain_name(const struct planner *p, enum plan_phase phase,
                              enum change_object object, const void *it);
/* "auth.users": unquoted, for titles and hazards. */
struct str planner_title(const struct planner *p, enum change_object object,
                         const void *it);

/* ---- what several recipes need ---- */

/* `comment on WHAT is 'doc'` (doc n 0: is null) in PHASE_COMMENT. what: "table
 * auth.users", of the target. table: whose lock it takes, or NULL. */
struct plan_step *planner_comment(struct planner *p, struct str what, struct str doc,
                                  const struct model_table *table);
void planner_comment_column(struct planner *p, const struct model_column *to);
void planner_comment_constraint(struct planner *p, const struct model_constraint *to);
void planner_comment_index(struct planner *p, const struct model_index *to);

/* A type of the origin is made anew: the same for what names it in its SQL (a cast to it)
 * on any table, defaults included. After the columns of the type were retyped. */
void planner_detach_mentions(struct planner *p, struct str schema, struct str name);

/* A column that stands on both sides is given the target's type (and collation) in
 * PHASE_TYPE, together with all others of its table in one ALTER TABLE, its default taken
 * away before and the target's set after. The foreign keys, checks, excludes, partial and
 * expression indexes and computed columns that depend on it are taken away before
 * PHASE_RENAME and made again in their own phases. using: the expression, written with
 * the origin's types and the target's names, n 0: as PostgreSQL casts by itself. cost:
 * COST_META for what leaves values and indexes as they are, COST_BUILD when its indexes
 * are built anew, else COST_REWRITE. */
struct retype {
    const struct model_column *from, *to;
    struct str using_;
    enum plan_cost cost;
    bool keep_dependents; /* nothing that depends on it needs to be made again */
    bool keep_keys;       /* its foreign keys do not */
    bool utc;             /* meant for a session whose time zone is UTC */
    bool narrows;         /* HAZARD_NARROW */
    enum plan_reversal reversal;
    const char *reversal_why;
};
void planner_retype(struct planner *p, const struct retype *retype);
/* Whether it takes the column's identity away: none is of the target's type. */
bool retype_drops_identity(const struct model_column *from,
                           const struct model_column *to);
/* A generated column of the origin that is one of the target, too, is dropped and added
 * again in that statement, and everything that stands on it is made again. */
void planner_recompute(struct planner *p, const struct model_column *from);
/* The foreign keys that stand on a key of these columns go before it does. */
void planner_detach_users(struct planner *p, const struct model_table *table,
                          const model_columns *key);
void planner_detach_index_users(struct planner *p, const struct model_index *index);

/* ---- recipes: one a kind of object; each in recipe_*.c ----
 * Renames and moves to another schema (ASPECT_NAME, ASPECT_SCHEMA) of schemas, enums,
 * domains, sequences (owned ones too), tables, columns, constraints and indexes are not
 * theirs: renames.c makes them, for names may have to be swapped. Those of labels and a
 * domain's checks are. Recipes for constraints and indexes run last. */
void recipe_schema(struct planner *p, const struct change *change);
void recipe_extension(struct planner *p, const struct change *change);
/* An enum with its labels: added, renamed, removed with a heir, put in another order. For
 * CHANGE_ENUM and CHANGE_LABEL. */
void recipe_enum(struct planner *p, const struct change *change);
/* For CHANGE_DOMAIN and CHANGE_DOMAIN_CHECK. */
void recipe_domain(struct planner *p, const struct change *change);
void recipe_sequence(struct planner *p, const struct change *change);
void recipe_table(struct planner *p, const struct change *change);
void recipe_column(struct planner *p, const struct change *change);
/* serial and identity, to and fro, with the sequence's position kept: ASPECT_SERIAL,
 * ASPECT_IDENTITY, and ASPECT_DEFAULT beside one of them. */
void recipe_column_numbering(struct planner *p, const struct change *change);
void recipe_constraint(struct planner *p, const struct change *change);
void recipe_index(struct planner *p, const struct change *change);

#endif
