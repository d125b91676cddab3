/* question.h: the target's table as the origin's rows show it, for questions to the data.
 * For question*.c only. */
#ifndef MIGRATE_QUESTION_H
#define MIGRATE_QUESTION_H
#include "questions.h"

/* Some columns of a table of the target. */
struct view {
    const struct model_table *to;
    const model_columns *columns;
    bool raw;   /* with the origin's types */
    bool empty; /* before NULLs are filled in */
    bool plain; /* no SQL of the user's reads it: what a type will hold is no matter */
    bool alone; /* a column is compared with itself only: a text of it will do */
    bool ordered; /* it has to be a value of its type, its text will not do */
};
/* "auth.users as users", or "(select name as full_name from auth.users) as users". False
 * when a value cannot be told yet. */
bool question_source(struct planner *p, struct buf *out, const struct view *view,
                     const char *alias);
/* Whether it is a new column that nothing fills yet. */
bool question_is_vacant(const struct planner *p, const struct model_column *to);
/* Whether it may tell a label of an enum from its text, as "<" does. */
bool question_orders(const struct model_sql *sql);
/* Whether the SQL moves a sequence. */
bool question_counts(const struct model_sql *sql);
/* False when the SQL casts to what may not be there yet. */
bool question_can_be_asked(const struct model_sql *sql);
void question_add_column(struct planner *p, model_columns *columns,
                         struct model_column *column);
/* The columns whose names stand in the SQL. */
void question_add_mentioned(struct planner *p, model_columns *columns,
                            const struct model_table *table,
                            const struct model_sql *sql);
/* Borrows the query. */
void question_ask(struct planner *p, const char *title, const struct buf *query,
                  const char *hint);
/* By its name before the plan. */
struct str question_table(struct planner *p, const struct model_table *table);
struct str question_column(struct planner *p, const struct model_column *column);

#endif
