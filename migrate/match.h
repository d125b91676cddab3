/* match.h: which object of one model is which object of another: the same by name, or
 * renamed by a hint, or gone, or new. Decides before anything is compared; knows nothing
 * of SQL, locks or files.
 *
 * An object is matched inside its matched container (a column inside its table), by an older
 * name from `was` that the origin has, then by its own name; `was auth.users` is looked for
 * in that schema. A hint is inert once the origin's object of the same name carries it too,
 * so that it may stay for ever, beside a new object of the older name as well; and where
 * both names stand on both sides, unless they change places by hints or the name has been
 * left: `b was a, c was b` beside a new `a` renames both. Constraints,
 * indexes and checks of domains hold no data: those without a written name are matched by
 * what they do, since their names follow their table's and columns' names, and so is
 * whatever no name has matched. What is gone beside something new of the same kind and type
 * in the same place, with neither `was` nor `dropped`, is an error (E0501) unless
 * MATCH_NO_RENAMES is given; a column's modifiers and nullability do not count there.
 */
#ifndef MIGRATE_MATCH_H
#define MIGRATE_MATCH_H
#include "../base/diag.h"
#include "../lang/model.h"

enum match_options {
    MATCH_STRICT = 0,
    MATCH_NO_RENAMES = 1 /* for the whole run: what has gone is dropped */
};

struct match; /* two models and the pairs between their objects, in the arena */

/* Pairs the objects of two resolved models. Mistakes go into diags with spans of the
 * target's files; the match is of use only when diags->nerrors did not grow. Linear in
 * the size of the models, times the longest chain of names that are handed on. */
struct match *match_models(struct arena *arena, const struct model *from,
                           const struct model *to, enum match_options options,
                           struct diags *diags);
/* The same pairs, the other way round: what the down plan starts from. */
struct match *match_reverse(struct arena *arena, const struct match *match);

const struct model *match_origin(const struct match *match);
const struct model *match_target(const struct match *match);

/* What became of an object of the origin; NULL: it has gone. object: a struct
 * model_schema, _extension, _enum, _label, _domain, _check, _sequence, _table, _column,
 * _constraint or _index, by address. */
const void *match_to(const struct match *match, const void *object);
/* What an object of the target was; NULL: it is new. */
const void *match_from(const struct match *match, const void *object);
/* Into which label of the target the rows of a label that has gone are put
 * (`closed dropped as archived`); NULL: not said. In the reverse match always NULL. */
const struct model_label *match_label_heir(const struct match *match,
                                           const struct model_label *gone);

/* Whether two stretches of SQL, one of each model, mean the same by their tokens: blanks,
 * comments and the case of unquoted words aside, and with names of `from`'s table's
 * columns, of types, schemas, tables and labels read as what they became. table: whose
 * columns bare names may be; NULL: none. */
bool match_sql_same(const struct match *match, const struct model_sql *from,
                    const struct model_sql *to, const struct model_table *table);
/* Whether a type of the origin is that type of the target: kind, what it became,
 * modifiers, array. */
bool match_type_same(const struct match *match, const struct model_type *from,
                     const struct model_type *to);

#endif
