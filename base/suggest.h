/* suggest.h: "did you mean": the candidate nearest to a misspelt word. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H
#include "str.h"

/* Feed candidates one by one; the nearest within a third of the word's length (at least
 * one edit, swaps count one) stands in best; best.n is 0 when none is near. */
struct suggest {
    struct str word;
    struct str best;
    size_t distance;
};
struct suggest suggest_for(struct str word);
void suggest_offer(struct suggest *suggest, struct str candidate);

#endif
