/* matcher.h: what the files of match.h share: the pairs, and how they are found. Inside
 * migrate/match*.c, and change_table.c for its two questions.
 */
#ifndef MIGRATE_MATCHER_H
#define MIGRATE_MATCHER_H
#include "match.h"

/* A map from address to address. Zeroed: empty. */
struct pairs {
    const void **keys, **values;
    size_t n, nslots;
};
const void *pairs_find(const struct pairs *pairs, const void *key);
void pairs_add(struct pairs *pairs, struct arena *arena, const void *key,
               const void *value);

/* What the SQL of one model may name, by "schema.name". */
struct match_names {
    struct map types;     /* enums and domains */
    struct map sequences; /* owned ones too */
};

struct match {
    struct arena *arena;
    const struct model *origin, *target;
    struct pairs to, from;
    struct pairs heirs;
    struct match_names origin_names, target_names;
    /* Whether a literal, or a type's name, may have to be read as what it became. */
    bool labels_renamed, sequences_renamed, types_renamed;
    /* The tables of either side of which that holds for a column's name or their own. */
    struct pairs renamed_tables;
};

void match_pair(struct match *match, const void *from, const void *to);

/* ---- match_things.c: one place's objects, by hints and names ---------------------- */

struct thing {
    const void *object;
    int kind; /* only things of one kind are a pair */
    const struct model_name *name;
    struct str alias;       /* a label's identifier; n 0: none */
    const model_names *was; /* NULL: the kind has none */
};
typedef VEC(struct thing) things;

/* Pairs what stands in one place on both sides: by `was`, then by name. */
void match_things(struct match *match, const things *from, const things *to);
/* Only by `was`. */
void match_hinted(struct match *match, const things *from, const things *to);

/* ---- match_moved.c: what `was auth.users` says came from another schema ------------ */

void match_moved(struct match *match);

/* ---- match_objects.c: everything that has a place, from the outside in ------------ */

struct match_run {
    struct match *match;
    enum match_options options;
    struct diags *diags;
    struct map dropped; /* "kind schema.name" of the target's hints */
};
void match_objects(struct match_run *run);
/* The enums, domains, sequences or tables that stand in a schema. */
things match_things_in(struct arena *arena, enum model_object_kind kind,
                       const struct model_schema *schema);

/* ---- match_parts.c: what may have no name of its own ------------------------------ */

void match_constraints(struct match *match, const struct model_table *from,
                       const struct model_table *to);
void match_indexes(struct match *match, const struct model_table *from,
                   const struct model_table *to);
void match_checks(struct match *match, const struct model_domain *from,
                  const struct model_domain *to);

/* Whether two parts do the same: all but name, comment, storage and, of a foreign key,
 * when it is checked. Read by change.h's, too. */
bool match_constraint_same(const struct match *match,
                           const struct model_constraint *from,
                           const struct model_constraint *to);
bool match_index_same(const struct match *match, const struct model_index *from,
                      const struct model_index *to);

/* ---- match_doubt.c: gone beside new, and no word on which it is ------------------- */

struct doubt {
    const char *word;  /* "column" */
    const char *place; /* "auth.users." */
    /* Whether the one may have become the other; NULL: any. */
    bool (*alike)(const struct match *match, const void *from, const void *to);
    /* Whether the target says that it is gone for good. */
    bool (*dropped)(const struct match_run *run, const void *owner, struct str name);
    const void *owner; /* of the target, for dropped */
};
/* Reports each new thing that may be one that has gone. */
void match_doubt(struct match_run *run, const struct doubt *doubt, const things *from,
                 const things *to);

#endif
