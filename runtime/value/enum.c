/* enum.c: labels of enum types; knows nothing of the server's OIDs. */
#include "runtime/sc.h"
#include <string.h>

const char *sc__label(const struct sc__enum *labels, int value)
{
    return value >= 1 && value <= labels->nlabels ? labels->labels[value - 1] : NULL;
}

int sc__label_value(const struct sc__enum *labels, const char *label)
{
    if (label == NULL) {
        return 0;
    }
    for (int i = 0; i < labels->nlabels; i++) {
        if (strcmp(labels->labels[i], label) == 0) {
            return i + 1;
        }
    }
    return -1;
}
