/* suggest.c: edit distance between names. Must not know where the candidates come from. */
#include "suggest.h"

/* Names are at most 63 bytes; longer words get no suggestion. */
enum { LONGEST = 64 };

struct suggest suggest_for(struct str word)
{
    return (struct suggest){ .word = word };
}

static unsigned char fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours, each one edit (optimal
 * string alignment). Three rows of the table are kept. */
static size_t edits(struct str a, struct str b)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b.n; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        size_t *row = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            bool same = fold(a.s[i - 1]) == fold(b.s[j - 1]);
            row[j] = least(last[j - 1] + !same, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && fold(a.s[i - 1]) == fold(b.s[j - 2]) &&
                fold(a.s[i - 2]) == fold(b.s[j - 1])) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
    }
    return rows[a.n % 3][b.n];
}

void suggest_offer(struct suggest *suggest, struct str candidate)
{
    struct str word = suggest->word;
    size_t limit = word.n / 3 ? word.n / 3 : 1;
    size_t apart = word.n > candidate.n ? word.n - candidate.n : candidate.n - word.n;
    if (word.n == 0 || word.n > LONGEST || candidate.n == 0 || candidate.n > LONGEST ||
        apart > limit) {
        return;
    }
    size_t distance = edits(word, candidate);
    /* Two words that share nothing are not near each other, however short. */
    if (distance > limit || distance >= (word.n > candidate.n ? word.n : candidate.n)) {
        return;
    }
    if (suggest->best.n == 0 || distance < suggest->distance) {
        suggest->best = candidate;
        suggest->distance = distance;
    }
}
