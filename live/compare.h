/* compare.h: whether a compiled text means what was read. Private to live/. */
#ifndef LIVE_COMPARE_H
#define LIVE_COMPARE_H
#include "lang/model.h"
#include "shape.h"

/* Compares the names that the compiler chose, and the comments that it kept, with those of
 * the database. Where they differ the shape is changed, so that the next text says more;
 * gives true when nothing had to be. */
bool compare_shape(struct shape *shape, const struct model *model);

#endif
