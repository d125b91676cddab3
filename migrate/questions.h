/* questions.h: the questions to the data that have to be answered with no row before a
 * plan begins. Written with the origin's names and types, seen as the target will see
 * them; what cannot be asked by then (a value that only the plan makes) is not asked.
 * Inside migrate/ only. Each adds its check to the plan; none is asked of a new table. */
#ifndef MIGRATE_QUESTIONS_H
#define MIGRATE_QUESTIONS_H
#include "casts.h"
#include "planner.h"

/* from: of the origin. */
void ask_not_null(struct planner *p, const struct model_column *from, const char *hint);
void ask_no_rows(struct planner *p, const struct model_table *from, const char *hint);
/* to: of the target. */
void ask_backfill(struct planner *p, const struct model_column *to);
/* The same of a computed column that is NOT NULL. */
void ask_generated(struct planner *p, const struct model_column *to);
void ask_unique(struct planner *p, const struct model_constraint *to);
void ask_unique_index(struct planner *p, const struct model_index *to);
void ask_check(struct planner *p, const struct model_constraint *to);
void ask_foreign_key(struct planner *p, const struct model_constraint *to);
void ask_exclude(struct planner *p, const struct model_constraint *to);
/* The column's values change: asks for all keys, checks and exclusions over it, and the
 * foreign keys from and to it. to: of the target. */
void ask_standing(struct planner *p, const struct model_column *to);
/* Whether every value of the column goes through the cast, uncut. */
void ask_fits(struct planner *p, const struct model_column *from,
              const struct model_column *to, const struct cast *cast);
/* Whether every value goes through the `using` of the target's column. */
void ask_using(struct planner *p, const struct model_column *from,
               const struct model_column *to);

/* Whether the SQL of a hint is new: one that the origin had already is inert. */
bool hint_is_new(const struct planner *p, const struct model_sql *from,
                 const struct model_sql *to, const struct model_table *table);
/* Whether the type is there before the plan, with all that it will hold. */
bool type_is_standing(const struct planner *p, const struct model_type *type);
/* What a new column's rows get: its own default or its domain's; ntokens 0: nothing. */
const struct model_sql *default_of(const struct model_column *column);
/* Whether a default is the same for all rows that are there: no function that may give a
 * new value at each call. What is not known to be so is taken not to be. */
bool default_is_steady(const struct model_sql *sql);

#endif
