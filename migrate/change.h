/* change.h: the typed differences between two matched models, in the target's order of
 * creation. Says what differs; how to get there is planner.h's. */
#ifndef MIGRATE_CHANGE_H
#define MIGRATE_CHANGE_H
#include "match.h"

enum change_object {
    CHANGE_SCHEMA,
    CHANGE_EXTENSION,
    CHANGE_ENUM,
    CHANGE_LABEL,
    CHANGE_DOMAIN,
    CHANGE_DOMAIN_CHECK,
    CHANGE_SEQUENCE, /* declared; an owned one goes with its column */
    CHANGE_TABLE,
    CHANGE_COLUMN,
    CHANGE_CONSTRAINT,
    CHANGE_INDEX
};

/* What differs between the two forms of an object that stands on both sides. */
enum change_aspect {
    ASPECT_NAME = 1 << 0,
    ASPECT_SCHEMA = 1 << 1, /* it moved to another schema */
    ASPECT_COMMENT = 1 << 2,
    ASPECT_TYPE = 1 << 3, /* column, domain, sequence: another type or modifiers */
    ASPECT_COLLATE = 1 << 4,
    ASPECT_DEFAULT = 1 << 5,
    ASPECT_NULLABLE = 1 << 6,
    ASPECT_IDENTITY = 1 << 7, /* identity kind or options */
    ASPECT_SERIAL = 1 << 8,
    ASPECT_GENERATED = 1 << 9,
    ASPECT_STORAGE = 1 << 10,
    ASPECT_OPTIONS = 1 << 11, /* with (..); a sequence's options */
    ASPECT_TABLESPACE = 1 << 12,
    ASPECT_LOGGED = 1 << 13,
    ASPECT_ORDER = 1 << 14,      /* enum: labels that stay stand in another order */
    ASPECT_VERSION = 1 << 15,    /* extension */
    ASPECT_DEFERRABLE = 1 << 16, /* foreign key: can be altered in place */
    ASPECT_DEFINITION = 1 << 17, /* constraint, index, domain check: another one */
    ASPECT_SEQUENCE = 1 << 18,   /* column: its own sequence is called otherwise */
    ASPECT_COMPRESSION = 1 << 19,
    ASPECT_OWNER = 1 << 20 /* declared sequence: goes with another column, or none */
};

struct change {
    enum change_object object;
    const void *from; /* struct model_*; NULL: created */
    const void *to;   /* NULL: dropped */
    unsigned aspects; /* both stand: what differs, never 0 */
    /* The containers, where they stand: of a column, constraint or index its table, of a
     * label its enum, of a domain's check its domain. */
    const void *from_owner, *to_owner;
};
struct changes {
    VEC(struct change) list;
};

/* Everything that differs, in this order: what the target has, by its order of creation
 * and each object with its parts (a table: columns, constraints, indexes; what the parts
 * lost follows what they have, computed columns before what they read); then the origin's objects that have gone, the last made
 * first. The schema public is in every database: it is no change but for its comment (and
 * a rename). A column, constraint, index or label of a table or enum that
 * is itself created or dropped is no change of its own. What only the generated code
 * knows (secret, version, on update, queries, C names) is none either. Linear. */
struct changes *changes_find(struct arena *arena, const struct match *match);

/* "table", "column"; and the name as the model that has it says it: "auth.users.name".
 * Of an object that stands on both sides the origin's. */
const char *change_object_word(enum change_object object);
struct str change_name(struct arena *arena, const struct change *change);

#endif
