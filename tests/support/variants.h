/* variants.h: every text that a program can send for a statement, with the types that it
 * sends and expects, for tests that hold them against a server. Knows libpq; asserts
 * nothing. */
#ifndef TESTS_SUPPORT_VARIANTS_H
#define TESTS_SUPPORT_VARIANTS_H
#include <libpq-fe.h>
#include "sql/stmt.h"

enum { TEST_MAX_TYPES = 1000 };

struct test_variant {
    const struct stmt *stmt;
    struct str text; /* NUL-terminated */
    bool copy;       /* COPY cannot be prepared */
    bool whole;      /* everything is given */
    bool lost_type;  /* the server has no type of a name: its OID is 0 here */
    Oid params[TEST_MAX_TYPES];
    int nparams;
    Oid results[TEST_MAX_TYPES];
    int nresults;
};

struct test_variants {
    PGconn *conn;        /* where enums are looked up */
    struct arena *arena; /* of texts and enums */
    void (*each)(void *context, const struct test_variant *variant);
    void *context;
    struct map enums; /* zeroed; the OIDs by type name */
};
/** Calls each for every variant of the statement: subsets of its gates, picks of its
 *  choices, its relations' children; of what is made of given columns none, each alone and
 *  all, with and without rows coming back. */
void test_each_variant(struct test_variants *walk, const struct stmt *stmt);

#endif
