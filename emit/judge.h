/* judge.h: judging one C name after the other: whether C can have it, whether another object
 * has it already. Private to names_check.c.
 */
#ifndef EMIT_JUDGE_H
#define EMIT_JUDGE_H
#include "names.h"

/* Where a name comes from. */
struct origin {
    const char *kind; /* "table" */
    struct str name;  /* "auth.users" */
    struct span span;
};
struct judge {
    struct arena *arena;  /* of what the maps hold */
    struct arena scratch; /* of names, until they are in a map */
    struct diags *diags;
    struct map globals; /* of the whole program: struct origin */
    struct map files;   /* in lower case: some file systems fold it */
};

/* schema NULL: the name alone is shown. */
struct origin *judge_origin(struct judge *judge, const char *kind,
                            const struct model_schema *schema,
                            const struct model_name *name);

/* ASCII letters, digits and underscores; a digit first. */
bool judge_is_word(struct str name);
bool judge_digit(struct str name);

/* Each of these reports what is wrong, and is then false. */

/* A name of the whole program. */
bool judge_global(struct judge *judge, struct origin *origin, struct str name);
/* A file of ours, without its ending. */
void judge_file(struct judge *judge, struct origin *origin, struct str file);
/* A name that must differ from others of its struct or function, which are in scope. */
void judge_member(struct judge *judge, struct map *scope, struct origin *origin,
                  struct str name);
/* A part of a name. alone: nothing stands before it. */
bool judge_part(struct judge *judge, const struct origin *origin, struct str part,
                bool alone);
/* That the base of its names is not the runtime's. */
bool judge_runtime(struct judge *judge, const struct origin *origin, struct str base);
/* Reports that it has no C name. */
bool judge_none(struct judge *judge, const struct origin *origin, const char *hint);

#endif
