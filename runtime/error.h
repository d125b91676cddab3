/* error.h: filling struct sc_error, from a text of ours, a result or a connection.
 *
 * Knows SQLSTATEs; sends nothing, allocates nothing. Every function takes NULL for err
 * and returns the status, so that a failing call can `return sc__fail(...)`.
 */
#ifndef SC_ERROR_H
#define SC_ERROR_H
#include "sc.h"
#include <libpq-fe.h>

#if defined(__GNUC__)
#define SC__PRINTF(text, args) __attribute__((format(printf, text, args)))
#else
#define SC__PRINTF(text, args)
#endif

/* Whose statement it was. */
struct sc__blame {
    const char *label; /* the generated function's name; NULL: none */
    bool secret;       /* the server's texts may quote a secret value: keep none */
    bool own_sql;      /* sc_query: an unknown table is the caller's mistake */
};

/* Starts an error: everything empty but the status and the label. */
void sc__error_start(struct sc_error *err, const char *label, enum sc_status status);

/* Sets a text member, cut at its size, never inside a UTF-8 character. */
void sc__error_text(char *member, size_t size, const char *text);
#define SC__ERROR_SET(err, member, text) \
    sc__error_text((err)->member, sizeof((err)->member), (text))

SC__PRINTF(4, 5)
enum sc_status sc__fail(struct sc_error *err, const char *label, enum sc_status status,
                        const char *format, ...);
enum sc_status sc__fail_memory(struct sc_error *err, const char *label);

/* A fault of the codec in a named column ("column "x" is not a number"). */
struct sc__fault;
enum sc_status sc__fail_column(struct sc_error *err, const char *label,
                               const char *column, const struct sc__fault *fault);

/* What the server answered. Where blame says secret, message, detail and hint are made of
 * the SQLSTATE and the names alone. */
enum sc_status sc__fail_result(struct sc_error *err, const struct sc__blame *blame,
                               const PGresult *result);

/* The connection itself failed, or libpq could not do what it was told. */
enum sc_status sc__fail_conn(struct sc_error *err, const char *label,
                             const PGconn *conn);

/* The status that a SQLSTATE stands for. message tells a cancellation from a statement
 * timeout, which share a code, in English only: any other is SC_TIMEOUT. */
enum sc_status sc__status_of(const char *sqlstate, const char *message, bool own_sql);

/* The number of a constraint, as generated constants have it: FNV-1a, 32 bits (start
 * 0x811c9dc5, times 0x01000193) over the bytes of "schema.table.constraint", the top bit
 * cleared; 0 becomes 1. */
int sc__constraint_id(const char *schema, const char *table, const char *constraint);

#endif
