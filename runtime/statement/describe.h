/* describe.h: whether columns have the types that the code was generated for, asked before a
 * COPY, which names none. */
#ifndef SC_DESCRIBE_H
#define SC_DESCRIBE_H
#include "runtime/net/conn.h"

struct sc__described {
    const char *label;
    const char *select; /* gives the columns, in order */
    const struct sc__column *const *columns;
    uint16_t ncolumns;
    const char *begin; /* begins a transaction first; NULL: one is open */
    bool secret;
};

/* Describes the select in one round trip (one more where enums are not known yet) and
 * compares. The transaction holds the table's types as they are; after a failure too it may
 * be open. SC_SCHEMA_MISMATCH names the column. */
enum sc_status sc__describe(struct sc__conn *conn, const struct sc__described *of,
                            struct sc_error *err);

#endif
