/* words.h: made-up texts. For fake/ only. */
#ifndef FAKE_WORDS_H
#define FAKE_WORDS_H
#include "value.h"

/* Appends a text that looks like what the column's name promises and has a length that
 * its type and bounds allow; not quoted. */
void words_put(struct buf *out, const struct value_wish *wish);

#endif
