/* fake.h: rows made from what a schema says of its tables, put into a database: for
 * development, and for proofs that rows survive. The same schema, number of rows present
 * and seed number give the same rows.
 *
 * Tables are filled in the order of creation, so that what a foreign key needs is there;
 * its values are taken from the rows of its table. Unique keys, lengths and what checks
 * plainly say (ranges, lists, lengths) are respected when a value is chosen; whatever else
 * the server refuses is tried again with other values, and then left out and reported.
 * Values of columns that name a person, an address or a text look like one; nothing looks
 * like a real person's.
 */
#ifndef FAKE_FAKE_H
#define FAKE_FAKE_H
#include "../base/arena.h"
#include "../lang/model.h"
#include "../runtime/sc.h"

/* What became of a table. */
struct fake_made {
    const char *table; /* auth.users */
    size_t rows;       /* that were put in */
    size_t left_out;
    const char *why; /* the last refusal; NULL when none was left out */
};

struct fake_request {
    const struct model *model;
    size_t rows;   /* for each table */
    uint64_t seed; /* another number, other rows */
    void (*made)(void *user,
                 const struct fake_made *made); /* after each table; or NULL */
    void *user;
};

/* Puts rows into every table of the model, each statement in a transaction of its own.
 * Gives NULL, or the message of what ended it (the connection, a table that is not as the
 * model has it), in the arena. */
const char *fake_fill(struct arena *arena, struct sc_db *db,
                      const struct fake_request *request);

#endif
