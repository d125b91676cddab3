/* file.h: whole files in, and nothing else. Writing is outputs.h's. */
#ifndef BASE_FILE_H
#define BASE_FILE_H
#include "arena.h"
#include "str.h"

/* Reads the whole file into the arena (a NUL follows the text). Gives 0, or the errno of
 * what failed; a folder is EISDIR, more than FILE_MAX bytes EFBIG. */
#define FILE_MAX ((size_t)256 << 20)
int file_read(struct arena *arena, const char *path, struct str *text);

#endif
