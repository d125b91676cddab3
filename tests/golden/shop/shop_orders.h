/* Written by schemac from shop.schema: do not edit. */
#ifndef SHOP_ORDERS_H
#define SHOP_ORDERS_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "shop_orders.h and the installed sc.h do not fit: compile the schema again"
#endif
#include "shop_schema.h"

/* Of every function here: when it fails, its outputs are NULL or 0. Beside the statuses that
 * stand at each, a call may give SC_CONNECTION, SC_TIMEOUT, SC_CANCELLED, SC_SERIALIZATION,
 * SC_DEADLOCK, SC_SCHEMA_MISMATCH, SC_NO_MEMORY, SC_MISUSE, SC_BAD_VALUE, SC_SERVER; sc.h and
 * docs/RUNTIME.md say when. A call is one round trip (two the first time, where it writes and
 * gives rows). One thread at a time may use a connection, any number a pool. On a batch
 * (sc_queue) every function gives SC_QUEUED and does its work in sc_batch_run. */
#ifdef __cplusplus
extern "C" {
#endif

/** A row of table shop.orders. Free it, or a list of them, with shop_orders_free. */
struct shop_orders {
    struct sc_uuid customer_id; /**< uuid, primary key, references shop.customers */
    int32_t number; /**< int4, primary key */
    enum shop_state state; /**< shop.state, default 'placed' */
    const char *place; /**< point or NULL */
    int64_t total; /**< int8, generated as number * 2 */
};

/**
 * A row to insert. Zeroed members are left out. Pointers are plain; the others are
 * SC(value) or SC_NULL.
 */
struct shop_orders_new {
    struct sc_maybe_uuid customer_id; /**< required */
    struct sc_maybe_int4 number; /**< required */
    struct shop_maybe_state state; /**< left out: 'placed' */
    const char *place; /**< left out: NULL */
};

/**
 * What to change: SC(value) or SC_NULL; zeroed members are left alone. One that gives
 * nothing is SC_MISUSE.
 */
struct shop_orders_patch {
    struct sc_maybe_uuid customer_id; /**< not NULL */
    struct sc_maybe_int4 number; /**< not NULL */
    struct shop_maybe_state state; /**< not NULL */
    struct sc_maybe_text place; /**< may be SC_NULL */
};

/** What err->constraint says when one of them is violated. */
enum shop_orders_constraint {
    /** foreign key (customer_id) references shop.customers */
    SHOP_ORDERS_CUSTOMER_ID_FKEY = 0x2dc8eb20,
    SHOP_ORDERS_PKEY = 0x2458c4a7, /**< primary key (customer_id, number) */
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void shop_orders_free(struct shop_orders *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status shop_orders_take(struct sc_batch *batch, size_t item, struct shop_orders **rows,
                                size_t *n, struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status shop_orders_next(struct sc_stream *stream, struct shop_orders **row,
                                struct sc_error *err);

/**
 * Finds the row of shop.orders with this primary key (customer_id, number).
 * SC_NOT_FOUND: there is none. Free *row with shop_orders_free.
 */
enum sc_status shop_orders_get(struct sc_db *db, struct sc_uuid customer_id, int32_t number,
                               struct shop_orders **row, struct sc_error *err);

/**
 * Finds the rows of shop.orders with any of these values of its primary key
 * (customer_id, number), in no particular order; keys without a row are left out. The
 * arrays are of one length, else SC_MISUSE. Free *rows with shop_orders_free.
 */
enum sc_status shop_orders_get_many(struct sc_db *db, struct sc_uuids customer_id,
                                    struct sc_int4s number, struct shop_orders **rows,
                                    size_t *n, struct sc_error *err);

/** Tells whether shop.orders has a row with this primary key (customer_id, number). */
enum sc_status shop_orders_exists(struct sc_db *db, struct sc_uuid customer_id, int32_t number,
                                  bool *exists, struct sc_error *err);

/** Counts the rows of shop.orders. */
enum sc_status shop_orders_count(struct sc_db *db, int64_t *n, struct sc_error *err);

/** Counts the rows of shop.orders with this customer_id. */
enum sc_status shop_orders_count_by_customer_id(struct sc_db *db, struct sc_uuid customer_id,
                                                int64_t *n, struct sc_error *err);

/** Counts the rows of shop.orders with this state. */
enum sc_status shop_orders_count_by_state(struct sc_db *db, enum shop_state state, int64_t *n,
                                          struct sc_error *err);

/** Counts the rows of shop.orders with this (state, number). */
enum sc_status shop_orders_count_by_state_number(struct sc_db *db, enum shop_state state,
                                                 int32_t number, int64_t *n,
                                                 struct sc_error *err);

/** Counts the rows of shop.orders with this (state, number, customer_id). */
enum sc_status shop_orders_count_by_state_number_customer_id(struct sc_db *db,
                                                             enum shop_state state,
                                                             int32_t number,
                                                             struct sc_uuid customer_id,
                                                             int64_t *n, struct sc_error *err);

/** Lists the rows of shop.orders with this customer_id. Free *rows with shop_orders_free. */
enum sc_status shop_orders_list_by_customer_id(struct sc_db *db, struct sc_uuid customer_id,
                                               struct shop_orders **rows, size_t *n,
                                               struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status shop_orders_list_by_customer_id_stream(struct sc_db *db,
                                                      struct sc_uuid customer_id,
                                                      struct sc_stream **stream,
                                                      struct sc_error *err);

/** Lists the rows of shop.orders with this state. Free *rows with shop_orders_free. */
enum sc_status shop_orders_list_by_state(struct sc_db *db, enum shop_state state,
                                         struct shop_orders **rows, size_t *n,
                                         struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status shop_orders_list_by_state_stream(struct sc_db *db, enum shop_state state,
                                                struct sc_stream **stream,
                                                struct sc_error *err);

/**
 * Lists the rows of shop.orders with this (state, number). Free *rows with
 * shop_orders_free.
 */
enum sc_status shop_orders_list_by_state_number(struct sc_db *db, enum shop_state state,
                                                int32_t number, struct shop_orders **rows,
                                                size_t *n, struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status shop_orders_list_by_state_number_stream(struct sc_db *db, enum shop_state state,
                                                       int32_t number,
                                                       struct sc_stream **stream,
                                                       struct sc_error *err);

/**
 * Lists the rows of shop.orders with this (state, number, customer_id). Free *rows with
 * shop_orders_free.
 */
enum sc_status shop_orders_list_by_state_number_customer_id(struct sc_db *db,
                                                            enum shop_state state,
                                                            int32_t number,
                                                            struct sc_uuid customer_id,
                                                            struct shop_orders **rows,
                                                            size_t *n, struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status shop_orders_list_by_state_number_customer_id_stream(struct sc_db *db,
                                                                   enum shop_state state,
                                                                   int32_t number,
                                                                   struct sc_uuid customer_id,
                                                                   struct sc_stream **stream,
                                                                   struct sc_error *err);

/** Where a page of shop_orders_page_in_customer_id_number ended. Texts in it are borrowed. */
struct shop_orders_page_in_customer_id_number_cursor {
    struct sc_uuid customer_id;
    int32_t number;
};

/**
 * Lists rows of shop.orders, at most limit of them, in the order of customer_id,
 * number. after: where the page before ended, NULL for the first. Free *rows with
 * shop_orders_free.
 */
enum sc_status shop_orders_page_in_customer_id_number(
    struct sc_db *db, const struct shop_orders_page_in_customer_id_number_cursor *after,
    int64_t limit, struct shop_orders **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct shop_orders_page_in_customer_id_number_cursor
shop_orders_page_in_customer_id_number_cursor_of(const struct shop_orders *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status shop_orders_page_in_customer_id_number_cursor_text(
    const struct shop_orders_page_in_customer_id_number_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status shop_orders_page_in_customer_id_number_cursor_parse(
    const char *text, struct shop_orders_page_in_customer_id_number_cursor **cursor,
    struct sc_error *err);

/** Where a page of shop_orders_page_by_state ended. Texts in it are borrowed. */
struct shop_orders_page_by_state_cursor {
    int32_t number;
    struct sc_uuid customer_id;
};

/**
 * Lists rows of shop.orders with this state, at most limit of them, in the order of
 * number desc, customer_id. after: where the page before ended, NULL for the first.
 * Free *rows with shop_orders_free.
 */
enum sc_status shop_orders_page_by_state(struct sc_db *db, enum shop_state state,
                                         const struct shop_orders_page_by_state_cursor *after,
                                         int64_t limit, struct shop_orders **rows, size_t *n,
                                         struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct shop_orders_page_by_state_cursor
shop_orders_page_by_state_cursor_of(const struct shop_orders *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status shop_orders_page_by_state_cursor_text(
    const struct shop_orders_page_by_state_cursor *cursor, char **text, struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status shop_orders_page_by_state_cursor_parse(
    const char *text, struct shop_orders_page_by_state_cursor **cursor, struct sc_error *err);

/** Where a page of shop_orders_page_by_state_number ended. Texts in it are borrowed. */
struct shop_orders_page_by_state_number_cursor {
    struct sc_uuid customer_id;
};

/**
 * Lists rows of shop.orders with this (state, number), at most limit of them, in the
 * order of customer_id. after: where the page before ended, NULL for the first. Free
 * *rows with shop_orders_free.
 */
enum sc_status shop_orders_page_by_state_number(
    struct sc_db *db, enum shop_state state, int32_t number,
    const struct shop_orders_page_by_state_number_cursor *after, int64_t limit,
    struct shop_orders **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct shop_orders_page_by_state_number_cursor
shop_orders_page_by_state_number_cursor_of(const struct shop_orders *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status shop_orders_page_by_state_number_cursor_text(
    const struct shop_orders_page_by_state_number_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status shop_orders_page_by_state_number_cursor_parse(
    const char *text, struct shop_orders_page_by_state_number_cursor **cursor,
    struct sc_error *err);

/** Where a page of shop_orders_page_in_state_number_customer_id ended. Texts in it are borrowed. */
struct shop_orders_page_in_state_number_customer_id_cursor {
    enum shop_state state;
    int32_t number;
    struct sc_uuid customer_id;
};

/**
 * Lists rows of shop.orders, at most limit of them, in the order of state, number desc,
 * customer_id. after: where the page before ended, NULL for the first. Free *rows with
 * shop_orders_free.
 */
enum sc_status shop_orders_page_in_state_number_customer_id(
    struct sc_db *db, const struct shop_orders_page_in_state_number_customer_id_cursor *after,
    int64_t limit, struct shop_orders **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct shop_orders_page_in_state_number_customer_id_cursor
shop_orders_page_in_state_number_customer_id_cursor_of(const struct shop_orders *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status shop_orders_page_in_state_number_customer_id_cursor_text(
    const struct shop_orders_page_in_state_number_customer_id_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status shop_orders_page_in_state_number_customer_id_cursor_parse(
    const char *text, struct shop_orders_page_in_state_number_customer_id_cursor **cursor,
    struct sc_error *err);

/**
 * Inserts a row into shop.orders. SC_UNIQUE (SHOP_ORDERS_PKEY); SC_FOREIGN_KEY
 * (SHOP_ORDERS_CUSTOMER_ID_FKEY); SC_NOT_NULL: a required column is missing. Free *row
 * with shop_orders_free; row may be NULL: nothing comes back.
 */
enum sc_status shop_orders_insert(struct sc_db *db, const struct shop_orders_new *values,
                                  struct shop_orders **row, struct sc_error *err);

/**
 * Inserts count rows into shop.orders, all or none: a statement for each run of rows
 * that give the same columns, in one round trip. Violations as at shop_orders_insert.
 * Free *rows with shop_orders_free; rows and n may be NULL: nothing comes back.
 */
enum sc_status shop_orders_insert_many(struct sc_db *db, const struct shop_orders_new *values,
                                       size_t count, struct shop_orders **rows, size_t *n,
                                       struct sc_error *err);

/**
 * Inserts a row into shop.orders; where one with the same primary key (customer_id,
 * number) is there, sets the columns that are given instead. Violations as at
 * shop_orders_insert. Free *row with shop_orders_free; row may be NULL: nothing comes
 * back.
 */
enum sc_status shop_orders_upsert(struct sc_db *db, const struct shop_orders_new *values,
                                  struct shop_orders **row, struct sc_error *err);

/**
 * The same for count rows, all or none, in one round trip. Rows with the same key:
 * SC_UNIQUE. Free *rows with shop_orders_free; rows and n may be NULL: nothing comes
 * back.
 */
enum sc_status shop_orders_upsert_many(struct sc_db *db, const struct shop_orders_new *values,
                                       size_t count, struct shop_orders **rows, size_t *n,
                                       struct sc_error *err);

/**
 * Changes the row of shop.orders with this primary key (customer_id, number): just the
 * columns that patch gives. SC_NOT_FOUND: there is none. SC_UNIQUE (SHOP_ORDERS_PKEY);
 * SC_FOREIGN_KEY (SHOP_ORDERS_CUSTOMER_ID_FKEY). Free *row with shop_orders_free; row
 * may be NULL: nothing comes back.
 */
enum sc_status shop_orders_update(struct sc_db *db, struct sc_uuid customer_id, int32_t number,
                                  const struct shop_orders_patch *patch,
                                  struct shop_orders **row, struct sc_error *err);

/**
 * Deletes the row of shop.orders with this primary key (customer_id, number).
 * SC_NOT_FOUND: there is none.
 */
enum sc_status shop_orders_delete(struct sc_db *db, struct sc_uuid customer_id, int32_t number,
                                  struct sc_error *err);

/**
 * Loads count rows into shop.orders by COPY, the fastest way for many, in three round
 * trips; nothing comes back. A column with a default is given by every row or by none,
 * else SC_MISUSE. Violations as at shop_orders_insert.
 */
enum sc_status shop_orders_load(struct sc_db *db, const struct shop_orders_new *values,
                                size_t count, struct sc_error *err);
/** The same of the rows that next gives: 1 with one in *row, which is zeroed before, 0 after the
 *  last, negative to stop: SC_CANCELLED, nothing is kept. *n: how many; NULL is fine. */
enum sc_status shop_orders_load_from(struct sc_db *db,
                                     int (*next)(void *arg, struct shop_orders_new *row),
                                     void *arg, int64_t *n, struct sc_error *err);

/** Reads all rows of shop.orders by COPY, one by one; sc_stream_close ends it. */
enum sc_status shop_orders_scan(struct sc_db *db, struct sc_stream **stream,
                                struct sc_error *err);

/** What shop_biggest may be asked for. */
enum shop_biggest_by {
    SHOP_BIGGEST_BY_TOTAL = 0, /**< total desc */
    SHOP_BIGGEST_BY_AGE /**< number asc */
};

/** The arguments of shop_biggest. */
struct shop_biggest_args {
    struct sc_maybe_int8 least; /**< int8; counts only when it is given */
    enum shop_biggest_by by;
};

/**
 * Runs the query shop.biggest. SC_TOO_MANY: there is more than one. *row is NULL where
 * there is none; else free it with shop_orders_free.
 */
enum sc_status shop_biggest(struct sc_db *db, const struct shop_biggest_args *args,
                            struct shop_orders **row, struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__shop_orders_row;

#ifdef __cplusplus
}
#endif
#endif
