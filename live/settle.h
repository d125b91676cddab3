/* settle.h: a shape to text that the compiler takes and that means the database it was read
 * from. Private to live/. */
#ifndef LIVE_SETTLE_H
#define LIVE_SETTLE_H
#include "live.h"
#include "shape.h"

/* Writes the shape, compiles what it wrote and mends what does not hold, until everything
 * does: a name that is not the one PostgreSQL would choose is written out, names that C
 * cannot have or that collide there get an `as`, and what the language refuses goes into
 * the list with the compiler's words. Gives NULL, or a message in the arena. */
const char *settle_shape(struct arena *arena, struct shape *shape,
                         const struct live_options *options);

/* The canonical text of a settled shape, behind the comment; n 0: none. */
struct str settle_text(struct arena *arena, struct shape *shape, struct str comment);

#endif
