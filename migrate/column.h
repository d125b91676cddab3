/* column.h: what the recipes of columns share. Inside migrate/ only. */
#ifndef MIGRATE_COLUMN_H
#define MIGRATE_COLUMN_H
#include "planner.h"

/* Gives the rows without a value one, in batches (PHASE_BACKFILL). value: SQL with the
 * target's names, in parentheses where needed. */
void column_backfill(struct planner *p, const struct model_column *to,
                     const char *value);
/* NOT NULL without a scan under a strong lock (PHASE_ALTER). value: what rows get that
 * came without one since the backfill; NULL: none. */
void column_not_null(struct planner *p, const struct model_column *to,
                     const char *value);

/* The column's type or collation, and whether it is computed: ASPECT_TYPE,
 * ASPECT_COLLATE, ASPECT_GENERATED. */
void column_retype(struct planner *p, const struct change *change);

#endif
