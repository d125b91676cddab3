/* clean.h: SQL as PostgreSQL prints it, to SQL as a person writes it that means the same
 * to the server. Pure functions of text. Private to live/. */
#ifndef LIVE_CLEAN_H
#define LIVE_CLEAN_H
#include "base/arena.h"
#include "base/str.h"

/* One blank between words, key words in lower case, types under their short names; strings
 * and names that cross a line written so that they do not. */
struct str clean_sql(struct arena *arena, struct str sql);
/* The same, for the default of a column of the type that casts write as `cast`: without
 * the cast that the column makes anyway; in parentheses where the language wants them. */
struct str clean_default(struct arena *arena, struct str sql, struct str cast);
/* The text between the parentheses behind `using method`, of CREATE INDEX and EXCLUDE. */
struct str clean_elements(struct arena *arena, struct str definition);

/* Appends nothing but gives the name as the language writes it: quoted where need be. */
struct str clean_name(struct arena *arena, struct str name);
/* The same for a column, which must not read like another member of a table. */
struct str clean_column(struct arena *arena, struct str name);
/* A label or C name made of the name's letters: lower case, never empty. */
struct str clean_word(struct arena *arena, struct str name);
/* Whether C can have it as it is. */
bool clean_is_word(struct str name);

#endif
