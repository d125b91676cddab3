/* names.h: the names that PostgreSQL 15 gives to what was not named: constraints, indexes
 * and the sequences of serial and identity columns. Pure functions of names; who is asked
 * in what order is resolve_names.c's.
 *
 * Sources (version 15): makeObjectName, ChooseRelationName, ChooseIndexName,
 * ChooseIndexNameAddition and ChooseIndexColumnNames in src/backend/commands/indexcmds.c;
 * ChooseConstraintName in src/backend/catalog/pg_constraint.c; FigureIndexColname in
 * src/backend/parser/parse_target.c. */
#ifndef LANG_NAMES_H
#define LANG_NAMES_H
#include "../base/arena.h"
#include "../base/vec.h"
#include "scan.h"

enum { NAME_MAX_BYTES = 63 };

typedef VEC(struct str) name_list;

/* name1_name2_label, cut to 63 bytes at whole characters, the longer name first. name2
 * and label may be empty. */
struct str name_object(struct arena *arena, struct str name1, struct str name2,
                       struct str label);
/* The columns joined by "_", as far as they matter. */
struct str name_addition(struct arena *arena, const name_list *columns);
/* Appends a column's name to the list, numbered when it is in the list already. */
void name_add_column(struct arena *arena, name_list *columns, struct str name);
/* What an index calls an expression: a function's or column's name, ...; "expr". */
struct str name_expression(struct arena *arena, struct scan expression);

/* Whose names must not be taken: one a schema. The maps' values are the caller's. */
struct name_space {
    struct map relations; /* tables, indexes, sequences */
    struct map constraints;
};
struct name_parts {
    struct str name1, name2, label;
};
/* The first of label, label1, label2, ... that gives a free name. A constraint with an
 * index must be free as both, an index or sequence as a relation, any other constraint
 * as a constraint. */
enum name_kind { NAME_RELATION, NAME_CONSTRAINT, NAME_BOTH };
struct str name_choose(struct arena *arena, const struct name_space *space,
                       const struct name_parts *parts, enum name_kind kind);

#endif
