/* clean.h: SQL as PostgreSQL prints it, to SQL as a person writes it that means the same
 * to the server. Pure functions of text. Private to live/. */
#ifndef LIVE_CLEAN_H
#define LIVE_CLEAN_H
#include "base/arena.h"
#include "base/str.h"

/* What columns are called in the SQL at hand. */
struct clean_scope {
    /* How casts to the column's type are written; n 0: there is no such column. The name is
     * as SQL writes it, with its quotes. */
    struct str (*cast_of)(void *context, struct str name);
    void *context;
};

/* One blank between words, key words in lower case, types under their short names; strings
 * and names that cross a line written so that they do not, IN where it was IN. scope may be
 * NULL: then IN is `= any`. */
struct str clean_sql(struct arena *arena, struct str sql,
                     const struct clean_scope *scope);
/* The same, for the default of a column of the type that casts write as `cast`: without
 * the cast that the column makes anyway; in parentheses where the language wants them. */
struct str clean_default(struct arena *arena, struct str sql, struct str cast);
/* The text between the parentheses behind `using method`, of CREATE INDEX and EXCLUDE. */
struct str clean_elements(struct arena *arena, struct str definition,
                          const struct clean_scope *scope);

/* Appends nothing but gives the name as the language writes it: quoted where need be. */
struct str clean_name(struct arena *arena, struct str name);
/* The same for a column, which must not read like another member of a table. */
struct str clean_column(struct arena *arena, struct str name);
/* A label or C name made of the name's letters: lower case, never empty. */
struct str clean_word(struct arena *arena, struct str name);
/* Whether C can have it as it is. */
bool clean_is_word(struct str name);

#endif
