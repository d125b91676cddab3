/* depfile.h: what was read, as a rule that make and ninja understand. */
#ifndef CLI_DEPFILE_H
#define CLI_DEPFILE_H
#include "base/buf.h"

/* Appends "target: paths", and an empty rule for each path but the first, so that make
 * does not stop when an included file has gone. */
void depfile_write(struct buf *out, const char *target, const char *const *paths,
                   size_t npaths);

#endif
