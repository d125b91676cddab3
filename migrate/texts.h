/* texts.h: small pieces of SQL in the plan's arena, for step_printf and plan_check. Inside
 * migrate/ only; knows nothing of phases. */
#ifndef MIGRATE_TEXTS_H
#define MIGRATE_TEXTS_H
#include "../base/arena.h"
#include "../lang/model.h"

const char *text_ident(struct arena *arena, struct str name);
/* schema.name */
const char *text_qualified(struct arena *arena, struct str schema, struct str name);
const char *text_literal(struct arena *arena, struct str text);
const char *text_type(struct arena *arena, const struct model_type *type);
const char *text_sql(struct arena *arena, const struct model_sql *sql);
/* NAME and the suffix, cut to what PostgreSQL takes: a name on the way to another. */
struct str text_spare(struct arena *arena, struct str name, const char *suffix);

#endif
