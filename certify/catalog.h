/* catalog.h: what a database holds, in the server's own words, and how two of them differ.
 * Inside certify/ only. */
#ifndef CERTIFY_CATALOG_H
#define CERTIFY_CATALOG_H
#include "../lang/model.h"
#include "bench.h"

struct catalog_fact {
    const char *kind, *identity, *definition; /* "column", "auth.users.name", ... */
};
struct catalog {
    struct map facts; /* by kind and identity, of struct catalog_fact * */
};
struct catalog_difference {
    const char *kind, *identity;
    const char *wanted, *found; /* NULL: it is not there */
};
struct catalog_differences {
    VEC(struct catalog_difference) list;
};

/* Reads the catalog but the runner's own history. Gives NULL, or a message. */
const char *catalog_read(struct bench *bench, struct catalog *catalog);
/* What the model makes in an empty database; the database stays empty. model NULL: what an
 * empty one holds. */
const char *catalog_of_model(struct bench *bench, const struct model *model,
                             struct catalog *catalog);
/* Where `found` is not as `wanted`, but for objects that differ in `known` already (may be
 * NULL). */
struct catalog_differences catalog_compare(struct arena *arena,
                                           const struct catalog *wanted,
                                           const struct catalog *found,
                                           const struct catalog_differences *known);

#endif
