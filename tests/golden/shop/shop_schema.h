/* Written by schemac from shop.schema: do not edit. */
#ifndef SHOP_SCHEMA_H
#define SHOP_SCHEMA_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "shop_schema.h and the installed sc.h do not fit: compile the schema again"
#endif
#ifdef __cplusplus
extern "C" {
#endif

/**
 * What became of an order.
 * Enum shop.state.
 */
enum shop_state {
    SHOP_STATE__UNKNOWN = -1, /**< a label that this program does not know */
    SHOP_STATE__UNSET = 0, /**< no label: a member that was left out */
    SHOP_STATE_PLACED = 1,
    SHOP_STATE_IN_TRANSIT = 2, /**< "in transit" */
    SHOP_STATE_DELIVERED = 3 /**< For good. */
};
SC_ARRAY_OF(shop_state_list, enum shop_state);
SC_MAYBE(shop_maybe_state, enum shop_state);
SC_MAYBE(shop_maybe_state_list, struct shop_state_list);

/** The label of a value, NULL for unset and unknown; static text. */
const char *shop_state_text(enum shop_state value);
/** The value of a label: SHOP_STATE__UNKNOWN for any other
 *  text, SHOP_STATE__UNSET for NULL. */
enum shop_state shop_state_parse(const char *label);
/* For generated code only. */
extern const struct sc__enum sc__shop_state_enum;

/* Of every function here: when it fails, its outputs are NULL or 0. Beside the statuses that
 * stand at each, a call may give SC_CONNECTION, SC_TIMEOUT, SC_CANCELLED, SC_SERIALIZATION,
 * SC_DEADLOCK, SC_SCHEMA_MISMATCH, SC_NO_MEMORY, SC_MISUSE, SC_BAD_VALUE, SC_SERVER; sc.h and
 * docs/RUNTIME.md say when. A call is one round trip (two the first time, where it writes and
 * gives rows). One thread at a time may use a connection, any number a pool. On a batch
 * (sc_queue) every function gives SC_QUEUED and does its work in sc_batch_run. */

/** Runs the query shop.states. Free *values with sc_free. */
enum sc_status shop_states(struct sc_db *db, enum shop_state **values, size_t *n,
                           struct sc_error *err);
/** The same out of a batch that has run, where the call's output was NULL. */
enum sc_status shop_states_take(struct sc_batch *batch, size_t item, enum shop_state **values,
                                size_t *n, struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status shop_states_stream(struct sc_db *db, struct sc_stream **stream,
                                  struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status shop_states_next(struct sc_stream *stream, enum shop_state **value,
                                struct sc_error *err);

/** A row of shop_spent. Free it, or a list of them, with shop_spent_free. */
struct shop_spent_row {
    int32_t number; /**< int4 */
    struct sc_maybe_int8 total; /**< int8 or NULL */
};

/** Where a page of shop_spent ended. Texts in it are borrowed. */
struct shop_spent_cursor {
    int32_t number;
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void shop_spent_free(struct shop_spent_row *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status shop_spent_take(struct sc_batch *batch, size_t item,
                               struct shop_spent_row **rows, size_t *n, struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status shop_spent_next(struct sc_stream *stream, struct shop_spent_row **row,
                               struct sc_error *err);

/**
 * Runs the query shop.spent.
 * Gives at most limit rows. after: where the page before ended, NULL for the first.
 * Free *rows with shop_spent_free.
 */
enum sc_status shop_spent(struct sc_db *db, struct sc_uuid customer_id,
                          const struct shop_spent_cursor *after, int64_t limit,
                          struct shop_spent_row **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct shop_spent_cursor shop_spent_cursor_of(const struct shop_spent_row *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status shop_spent_cursor_text(const struct shop_spent_cursor *cursor, char **text,
                                      struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status shop_spent_cursor_parse(const char *text, struct shop_spent_cursor **cursor,
                                       struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__shop_spent_row;

#ifdef __cplusplus
}
#endif
#endif
