/* example.h: an example of the manuals, by the line of the page that it begins in. Knows
 * nothing of what it does.
 */
#ifndef TESTS_SUPPORT_EXAMPLE_H
#define TESTS_SUPPORT_EXAMPLE_H
#include <sc.h>

struct example {
    int line;
    void (*run)(struct sc_db *db, struct sc_error *err);
};
/* The last one has no line. */
extern const struct example examples[];

#endif
