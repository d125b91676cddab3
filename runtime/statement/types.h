/* types.h: the server's type OIDs: fixed ones by table, enums by name once a connection.
 *
 * Sources: PostgreSQL 15, src/include/catalog/pg_type.dat.
 */
#ifndef SC_TYPES_H
#define SC_TYPES_H
#include "runtime/sc.h"
#include <libpq-fe.h>

struct sc__conn;

struct sc__known_type {
    const struct sc__enum *labels;
    uint32_t oid;
    uint32_t array_oid;
};
struct sc__types { /* zeroed: empty */
    struct sc__known_type *known;
    size_t count;
    size_t room;
};

/* Makes the connection know every enum among types; asks the server at most once. A type
 * that the server does not have is SC_SCHEMA_MISMATCH. */
struct sc__type_list {
    const struct sc__type *const *types;
    size_t count;
    const char *label;
};
enum sc_status sc__types_learn(struct sc__conn *conn, const struct sc__type_list *list,
                               struct sc_error *err);
/* The same in steps, for whoever may not wait. want notes the enums among types that are not
 * known; *unknown: there are some. question gives the text that asks for all that were
 * noted, from malloc (NULL: no memory). answer takes its result, in text form, or NULL;
 * nothing is noted any more after it. check says whether all are known now. */
enum sc_status sc__types_want(struct sc__types *types, const struct sc__type_list *list,
                              bool *unknown, struct sc_error *err);
char *sc__types_question(const struct sc__types *types);
void sc__types_answer(struct sc__types *types, const PGresult *result);
enum sc_status sc__types_check(const struct sc__types *types,
                               const struct sc__type_list *list, struct sc_error *err);
void sc__types_forget(struct sc__types *types);
void sc__types_release(struct sc__types *types);

/* The OID to name in Parse, to compare with Describe. as_list: that of an array of the
 * type (text[] where the type is an array itself). 0: there is none, or not learnt. */
uint32_t sc__types_oid(const struct sc__types *types, const struct sc__type *type,
                       bool as_list);
/* The OID of an enum array's elements; 0 for any other type. */
uint32_t sc__types_element(const struct sc__types *types, const struct sc__type *type,
                           bool as_list);

/* Whether values of the one can be taken for the other's: it is the same type, or both are
 * kinds of text (text, varchar, char(n), name, unknown) or arrays of these, whose bytes and
 * C forms are alike. */
bool sc__types_alike(uint32_t a, uint32_t b);

/* Whether a column can travel as one array parameter: there is an array type. */
bool sc__types_has_list(const struct sc__type *type);

#endif
