/* Written by schemac from shop.schema: do not edit. */
#ifndef SHOP_CUSTOMERS_H
#define SHOP_CUSTOMERS_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "shop_customers.h and the installed sc.h do not fit: compile the schema again"
#endif

/* Of every function here: when it fails, its outputs are NULL or 0. Beside the statuses that
 * stand at each, a call may give SC_CONNECTION, SC_TIMEOUT, SC_CANCELLED, SC_SERIALIZATION,
 * SC_DEADLOCK, SC_SCHEMA_MISMATCH, SC_NO_MEMORY, SC_MISUSE, SC_BAD_VALUE, SC_SERVER; sc.h and
 * docs/RUNTIME.md say when. A call is one round trip (two the first time, where it writes and
 * gives rows). One thread at a time may use a connection, any number a pool. On a batch
 * (sc_queue) every function gives SC_QUEUED and does its work in sc_batch_run. */
#ifdef __cplusplus
extern "C" {
#endif

/**
 * Who buys.
 * A row of table shop.customers. Free it, or a list of them, with shop_customers_free.
 * It has secrets: errors of the functions below carry no detail.
 */
struct shop_customers {
    struct sc_uuid id; /**< uuid, primary key */
    const char *name; /**< The "display" name: * / may stand in it. text, unique */
    struct sc_texts tags; /**< text[], default '{}' */
    struct sc_numeric discount; /**< numeric(4,2) or NULL, default 0 */
    struct sc_bytea password; /**< bytea or NULL, secret */
    int32_t revision; /**< int4, default 1, version */
    /** timestamptz or NULL, set when the row is deleted */
    struct sc_maybe_timestamptz deleted_at;
};

/**
 * A row to insert. Zeroed members are left out. Pointers are plain; the others are
 * SC(value) or SC_NULL.
 */
struct shop_customers_new {
    struct sc_maybe_uuid id; /**< required */
    const char *name; /**< required */
    struct sc_texts tags; /**< left out: '{}' */
    struct sc_maybe_numeric discount; /**< left out: 0 */
    struct sc_bytea password; /**< left out: NULL */
    struct sc_maybe_int4 revision; /**< left out: 1 */
    struct sc_maybe_timestamptz deleted_at; /**< left out: NULL */
};

/**
 * What to change: SC(value) or SC_NULL; zeroed members are left alone. One that gives
 * nothing is SC_MISUSE.
 */
struct shop_customers_patch {
    struct sc_maybe_uuid id; /**< not NULL */
    struct sc_maybe_text name; /**< not NULL */
    struct sc_maybe_texts tags; /**< not NULL */
    struct sc_maybe_numeric discount; /**< may be SC_NULL */
    struct sc_maybe_bytea password; /**< may be SC_NULL */
};

/** What err->constraint says when one of them is violated. */
enum shop_customers_constraint {
    SHOP_CUSTOMERS_PKEY = 0x143cff25, /**< primary key (id) */
    SHOP_CUSTOMERS_NAME_KEY = 0x299cb331, /**< unique (name) */
    SHOP_CUSTOMERS_SHORT = 0x23301ea2, /**< check (length(name) < 100) */
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void shop_customers_free(struct shop_customers *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status shop_customers_take(struct sc_batch *batch, size_t item,
                                   struct shop_customers **rows, size_t *n,
                                   struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status shop_customers_next(struct sc_stream *stream, struct shop_customers **row,
                                   struct sc_error *err);

/**
 * Finds the row of shop.customers with this primary key (id). Deleted rows do not
 * count. SC_NOT_FOUND: there is none. Free *row with shop_customers_free.
 */
enum sc_status shop_customers_get(struct sc_db *db, struct sc_uuid id,
                                  struct shop_customers **row, struct sc_error *err);

/**
 * Finds the row of shop.customers with this primary key (id). Deleted rows count too.
 * SC_NOT_FOUND: there is none. Free *row with shop_customers_free.
 */
enum sc_status shop_customers_get_with_deleted(struct sc_db *db, struct sc_uuid id,
                                               struct shop_customers **row,
                                               struct sc_error *err);

/**
 * Finds the row of shop.customers with this unique key (name). Deleted rows do not
 * count. SC_NOT_FOUND: there is none. Free *row with shop_customers_free.
 */
enum sc_status shop_customers_by_name(struct sc_db *db, const char *name,
                                      struct shop_customers **row, struct sc_error *err);

/**
 * Finds the rows of shop.customers with this unique key (name). Deleted rows count too.
 * Free *rows with shop_customers_free.
 */
enum sc_status shop_customers_by_name_with_deleted(struct sc_db *db, const char *name,
                                                   struct shop_customers **rows, size_t *n,
                                                   struct sc_error *err);

/**
 * Finds the rows of shop.customers with any of these values of its primary key (id), in
 * no particular order; keys without a row are left out. Deleted rows do not count. Free
 * *rows with shop_customers_free.
 */
enum sc_status shop_customers_get_many(struct sc_db *db, struct sc_uuids id,
                                       struct shop_customers **rows, size_t *n,
                                       struct sc_error *err);

/**
 * Finds the rows of shop.customers with any of these unique key (name), in no order;
 * keys without a row are left out. Deleted rows do not count. Free *rows with
 * shop_customers_free.
 */
enum sc_status shop_customers_many_by_name(struct sc_db *db, struct sc_texts name,
                                           struct shop_customers **rows, size_t *n,
                                           struct sc_error *err);

/**
 * Tells whether shop.customers has a row with this primary key (id). Deleted rows do
 * not count.
 */
enum sc_status shop_customers_exists(struct sc_db *db, struct sc_uuid id, bool *exists,
                                     struct sc_error *err);

/**
 * Tells whether shop.customers has a row with this unique key (name). Deleted rows do
 * not count.
 */
enum sc_status shop_customers_exists_by_name(struct sc_db *db, const char *name, bool *exists,
                                             struct sc_error *err);

/** Counts the rows of shop.customers. Deleted rows do not count. */
enum sc_status shop_customers_count(struct sc_db *db, int64_t *n, struct sc_error *err);

/** Counts the rows of shop.customers. Deleted rows count too. */
enum sc_status shop_customers_count_with_deleted(struct sc_db *db, int64_t *n,
                                                 struct sc_error *err);

/** Where a page of shop_customers_page_in_id ended. Texts in it are borrowed. */
struct shop_customers_page_in_id_cursor {
    struct sc_uuid id;
};

/**
 * Lists rows of shop.customers, at most limit of them, in the order of id. after: where
 * the page before ended, NULL for the first. Deleted rows do not count. Free *rows with
 * shop_customers_free.
 */
enum sc_status shop_customers_page_in_id(struct sc_db *db,
                                         const struct shop_customers_page_in_id_cursor *after,
                                         int64_t limit, struct shop_customers **rows, size_t *n,
                                         struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct shop_customers_page_in_id_cursor
shop_customers_page_in_id_cursor_of(const struct shop_customers *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status shop_customers_page_in_id_cursor_text(
    const struct shop_customers_page_in_id_cursor *cursor, char **text, struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status shop_customers_page_in_id_cursor_parse(
    const char *text, struct shop_customers_page_in_id_cursor **cursor, struct sc_error *err);

/** Where a page of shop_customers_page_in_id_with_deleted ended. Texts in it are borrowed. */
struct shop_customers_page_in_id_with_deleted_cursor {
    struct sc_uuid id;
};

/**
 * Lists rows of shop.customers, at most limit of them, in the order of id. after: where
 * the page before ended, NULL for the first. Deleted rows count too. Free *rows with
 * shop_customers_free.
 */
enum sc_status shop_customers_page_in_id_with_deleted(
    struct sc_db *db, const struct shop_customers_page_in_id_with_deleted_cursor *after,
    int64_t limit, struct shop_customers **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct shop_customers_page_in_id_with_deleted_cursor
shop_customers_page_in_id_with_deleted_cursor_of(const struct shop_customers *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status shop_customers_page_in_id_with_deleted_cursor_text(
    const struct shop_customers_page_in_id_with_deleted_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status shop_customers_page_in_id_with_deleted_cursor_parse(
    const char *text, struct shop_customers_page_in_id_with_deleted_cursor **cursor,
    struct sc_error *err);

/**
 * Inserts a row into shop.customers. SC_UNIQUE (SHOP_CUSTOMERS_PKEY,
 * SHOP_CUSTOMERS_NAME_KEY); SC_CHECK (SHOP_CUSTOMERS_SHORT); SC_NOT_NULL: a required
 * column is missing. Free *row with shop_customers_free; row may be NULL: nothing comes
 * back.
 */
enum sc_status shop_customers_insert(struct sc_db *db, const struct shop_customers_new *values,
                                     struct shop_customers **row, struct sc_error *err);

/**
 * Inserts count rows into shop.customers, all or none: a statement for each run of rows
 * that give the same columns, in one round trip. Violations as at
 * shop_customers_insert. Free *rows with shop_customers_free; rows and n may be NULL:
 * nothing comes back.
 */
enum sc_status shop_customers_insert_many(struct sc_db *db,
                                          const struct shop_customers_new *values, size_t count,
                                          struct shop_customers **rows, size_t *n,
                                          struct sc_error *err);

/**
 * Inserts a row into shop.customers; where one with the same primary key (id) is there,
 * sets the columns that are given instead. Violations as at shop_customers_insert. Free
 * *row with shop_customers_free; row may be NULL: nothing comes back.
 */
enum sc_status shop_customers_upsert(struct sc_db *db, const struct shop_customers_new *values,
                                     struct shop_customers **row, struct sc_error *err);

/**
 * Inserts a row into shop.customers; where one with the same unique key (name) is
 * there, sets the columns that are given instead. Violations as at
 * shop_customers_insert. Free *row with shop_customers_free; row may be NULL: nothing
 * comes back.
 */
enum sc_status shop_customers_upsert_by_name(struct sc_db *db,
                                             const struct shop_customers_new *values,
                                             struct shop_customers **row, struct sc_error *err);

/**
 * The same for count rows, all or none, in one round trip. Rows with the same key:
 * SC_UNIQUE. Free *rows with shop_customers_free; rows and n may be NULL: nothing comes
 * back.
 */
enum sc_status shop_customers_upsert_many(struct sc_db *db,
                                          const struct shop_customers_new *values, size_t count,
                                          struct shop_customers **rows, size_t *n,
                                          struct sc_error *err);

/**
 * The same for count rows, all or none, in one round trip. Rows with the same key:
 * SC_UNIQUE. Free *rows with shop_customers_free; rows and n may be NULL: nothing comes
 * back.
 */
enum sc_status shop_customers_upsert_many_by_name(struct sc_db *db,
                                                  const struct shop_customers_new *values,
                                                  size_t count, struct shop_customers **rows,
                                                  size_t *n, struct sc_error *err);

/**
 * Changes the row of shop.customers with this primary key (id): just the columns that
 * patch gives. Deleted rows do not count. SC_NOT_FOUND: there is none. SC_STALE: it is
 * there, in another version. SC_UNIQUE (SHOP_CUSTOMERS_PKEY, SHOP_CUSTOMERS_NAME_KEY);
 * SC_CHECK (SHOP_CUSTOMERS_SHORT). Free *row with shop_customers_free; row may be NULL:
 * nothing comes back.
 */
enum sc_status shop_customers_update(struct sc_db *db, struct sc_uuid id, int32_t revision,
                                     const struct shop_customers_patch *patch,
                                     struct shop_customers **row, struct sc_error *err);

/**
 * Deletes the row of shop.customers with this primary key (id). The row stays, marked
 * by deleted_at. SC_NOT_FOUND: there is none.
 */
enum sc_status shop_customers_delete(struct sc_db *db, struct sc_uuid id, struct sc_error *err);

/**
 * Brings back the deleted row of shop.customers with this primary key (id).
 * SC_NOT_FOUND: there is none. SC_UNIQUE (SHOP_CUSTOMERS_NAME_KEY).
 */
enum sc_status shop_customers_restore(struct sc_db *db, struct sc_uuid id,
                                      struct sc_error *err);

/**
 * Deletes the row of shop.customers with this primary key (id) for good. SC_NOT_FOUND:
 * there is none. SC_FOREIGN_KEY: rows refer to it (SHOP_ORDERS_CUSTOMER_ID_FKEY).
 */
enum sc_status shop_customers_purge(struct sc_db *db, struct sc_uuid id, struct sc_error *err);

/**
 * Loads count rows into shop.customers by COPY, the fastest way for many, in three
 * round trips; nothing comes back. A column with a default is given by every row or by
 * none, else SC_MISUSE. Violations as at shop_customers_insert.
 */
enum sc_status shop_customers_load(struct sc_db *db, const struct shop_customers_new *values,
                                   size_t count, struct sc_error *err);
/** The same of the rows that next gives: 1 with one in *row, which is zeroed before, 0 after the
 *  last, negative to stop: SC_CANCELLED, nothing is kept. *n: how many; NULL is fine. */
enum sc_status shop_customers_load_from(struct sc_db *db,
                                        int (*next)(void *arg, struct shop_customers_new *row),
                                        void *arg, int64_t *n, struct sc_error *err);

/**
 * Reads all rows of shop.customers by COPY, one by one; sc_stream_close ends it.
 * Deleted rows do not count.
 */
enum sc_status shop_customers_scan(struct sc_db *db, struct sc_stream **stream,
                                   struct sc_error *err);

/**
 * A row of shop_customers_get_with_orders. Free it, or a list of them, with
 * shop_customers_get_with_orders_free.
 */
struct shop_customers_get_with_orders_row {
    struct shop_customers customers;
    struct {
        struct shop_orders *items; /**< NULL when there is none */
        size_t count;
    } orders;
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void shop_customers_get_with_orders_free(struct shop_customers_get_with_orders_row *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status shop_customers_get_with_orders_take(
    struct sc_batch *batch, size_t item, struct shop_customers_get_with_orders_row **rows,
    size_t *n, struct sc_error *err);

/**
 * Finds the row of shop.customers with this primary key (id), and the rows of
 * shop.orders that refer to it. Deleted rows do not count. SC_NOT_FOUND: there is none.
 * Free *row with shop_customers_get_with_orders_free.
 */
enum sc_status shop_customers_get_with_orders(struct sc_db *db, struct sc_uuid id,
                                              struct shop_customers_get_with_orders_row **row,
                                              struct sc_error *err);

/**
 * The same for many keys, in no particular order; keys without a row are left out. Free
 * *rows with shop_customers_get_with_orders_free.
 */
enum sc_status shop_customers_get_many_with_orders(
    struct sc_db *db, struct sc_uuids id, struct shop_customers_get_with_orders_row **rows,
    size_t *n, struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__shop_customers_row;

#ifdef __cplusplus
}
#endif
#endif
