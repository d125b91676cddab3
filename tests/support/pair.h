/* pair.h: two schemas of a test, matched, and their differences as text. Knows of no
 * database. */
#ifndef TESTS_SUPPORT_PAIR_H
#define TESTS_SUPPORT_PAIR_H
#include "migrate/change.h"
#include "tests/support/schema.h"

struct test_pair {
    struct test_schema from, to;
    struct arena arena;
    struct diags diags;
    struct match *match;
    struct changes *changes; /* NULL when diags has an error */
};

/** Resolves and matches two schemas given as text, which is borrowed. Returns 0, or -1
 *  after saying on stderr what is wrong with one of them; to be closed in either case. */
int test_pair_parse(struct test_pair *pair, const char *from, const char *to,
                    enum match_options options);
void test_pair_close(struct test_pair *pair);

/** A line a change: "+ column auth.users.phone", "- table auth.faxes",
 *  "~ table auth.users -> auth.people: name comment". */
void test_put_changes(struct buf *out, struct arena *arena,
                      const struct changes *changes);

#endif
