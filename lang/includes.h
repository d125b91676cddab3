/* includes.h: which files a schema file includes, told from its tokens alone: for those
 * who want to know what a schema is made of and not what it says. Reads no file. */
#ifndef LANG_INCLUDES_H
#define LANG_INCLUDES_H
#include "../base/arena.h"
#include "../base/source.h"
#include "../base/vec.h"

typedef VEC(struct str) includes_list;

/* Appends the paths of the include declarations, as they are written and in their order.
 * Of a text with errors anything may come out. Linear, and without lexing where the text
 * does not hold the word. */
void includes_find(struct arena *arena, struct source *source, includes_list *paths);

/* The path that an include stands for in the file `from`: beside that file, with "." and
 * inner ".." taken out. */
struct str includes_path(struct arena *arena, const char *from, struct str path);
/* A path with "." and inner ".." taken out; a leading ".." stays. */
struct str includes_normal_path(struct arena *arena, struct str path);

#endif
