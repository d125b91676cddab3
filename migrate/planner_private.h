/* planner_private.h: what a plan under construction is made of. For planner*.c, plan.c,
 * renames.c and detach.c only; recipes know planner.h. */
#ifndef MIGRATE_PLANNER_PRIVATE_H
#define MIGRATE_PLANNER_PRIVATE_H
#include "matcher.h"
#include "planner.h"

struct planned {
    struct plan_step step; /* first: all that a recipe sees of it */
    enum plan_phase phase;
    bool apart;
    struct {
        char *s;
        size_t n, cap;
    } text;                                /* in the arena */
    struct map touched;                    /* the step's touches */
    VEC(const char *) titles;              /* of the steps that were joined into it */
    VEC(const struct model_table *) older; /* the origin's table of each lock */
    VEC(struct plan_lock) beside;          /* of indexes and sequences alone */
};

struct planner {
    struct arena *arena;
    const struct plan_request *request;
    const struct model *from, *to;
    struct changes *changes;
    struct diags *diags;
    VEC(struct planned *) phases[PHASES];
    VEC(struct plan_check) checks;
    struct map queries; /* of the checks */
    struct pairs once;
    struct pairs origin;      /* the origin's schemas */
    struct pairs moved;       /* origin's objects that go: char *, the name by then */
    struct pairs early;       /* constraints of the origin that go before any rename */
    struct pairs rebuilt;     /* constraints and indexes of the origin to make again */
    VEC(struct change) again; /* the same, in order, as changes */
    struct pairs retyped;     /* struct retype_table by the origin's table */
    VEC(struct retype_table *) retypes;
    VEC(struct planned *) renamed; /* steps that rename ... */
    VEC(const void *) renamed_of;  /* ... which object of the origin */
    struct pairs
        replaced; /* indexes of the origin that another one takes the place of */
};

/* The steps in order of their phases, neighbours joined. */
void planner_join(struct planner *p, struct plan *plan);

/* Fills PHASE_SCHEMA and PHASE_RENAME, and the names of what goes. Before any recipe. */
void renames_make(struct planner *p);
/* Forgets the renames of what goes before and is made again. After all recipes. */
void renames_trim(struct planner *p);
/* Fills PHASE_TYPE with what recipes gathered. After all recipes. */
void retypes_make(struct planner *p);
/* Whether it has to go before anything is renamed, and is made again later. */
bool planner_is_rebuilt(const struct planner *p, const void *from);
/* This constraint, index or computed column of the origin is made again. False when it
 * was known already. */
bool planner_rebuild(struct planner *p, enum change_object object, const void *from,
                     const struct model_table *table);
/* Whether it is a computed column that is made again, in PHASE_TYPE. */
bool planner_is_recomputed(const struct planner *p, const void *from);
/* Whether planner_retype was called for it. */
bool planner_is_retyped(struct planner *p, const struct model_column *from);

/* renames_known.c: whether it is a relation of its own, an index. */
bool planner_is_indexed(const struct model_constraint *constraint);
/* The name of one of the origin's schemas when all have got theirs. */
struct str planner_schema_now(const struct planner *p,
                              const struct model_schema *schema);
/* Adds every relation and type of a model by "schema.name", schemas by those names. */
void planner_note_names(struct planner *p, struct map *map, const struct model *model);

/* The parts of names.c. */
const struct model_name *object_name(enum change_object object, const void *it);
/* NULL for what stands in no schema. */
const struct model_schema *object_schema(enum change_object object, const void *it);

#endif
