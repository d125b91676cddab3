/* sc.h: run generated statements on PostgreSQL.
 *
 * The public face of libschemac. Generated code and applications include this and
 * never libpq's header. docs/RUNTIME.md is the manual.
 *
 * Threads: a connection or a transaction is used by one thread at a time (a second one
 * gets SC_MISUSE); a pool may be used by any number. Values and errors are plain data.
 * The library writes to no stream, never aborts and never exits.
 */
#ifndef SC_H
#define SC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SC_VERSION "0.1.0"
/* The interface that generated code is written against, and the oldest still served. */
#define SC_ABI        1
#define SC_ABI_OLDEST 1

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SC_NODISCARD __attribute__((warn_unused_result))
#define SC_API       __attribute__((visibility("default")))
#else
#define SC_NODISCARD
#define SC_API
#endif

/* ---- status and error ---------------------------------------------------------- */

enum sc_status {
    SC_OK = 0,
    SC_QUEUED, /* on a batch: not run yet, outputs are still NULL */
    /* the answer */
    SC_NOT_FOUND,
    SC_TOO_MANY,
    SC_STALE,
    /* the data */
    SC_UNIQUE,
    SC_FOREIGN_KEY,
    SC_CHECK,
    SC_NOT_NULL,
    SC_EXCLUSION,
    SC_BAD_VALUE,
    /* try again */
    SC_SERIALIZATION,
    SC_DEADLOCK,
    SC_TIMEOUT,
    SC_CANCELLED,
    SC_BUSY,
    /* the surroundings */
    SC_CONNECTION,
    SC_COMMIT_UNKNOWN,
    SC_SCHEMA_MISMATCH,
    SC_NO_MEMORY,
    /* the program */
    SC_MISUSE,
    SC_NOT_RUN,
    SC_SERVER
};

/** Gives the status's name without its prefix ("NOT_FOUND"); static text. */
SC_API const char *sc_status_name(enum sc_status status);

/** What went wrong. Plain data without pointers: nothing to free, may be copied, needs
 *  no initialising. Written only by a call that fails. Texts are cut at their size. */
struct sc_error {
    enum sc_status status;
    int constraint;   /**< a generated constant such as AUTH_USERS_EMAIL_KEY; 0: none */
    int item;         /**< in a batch: which call, counted from 0; else 0 */
    char sqlstate[6]; /**< the server's code, "" when the server said nothing */
    char query[64];   /**< the generated function's name, "auth_users_by_email" */
    char schema[64];
    char table[64];
    char column[64];
    char constraint_name[64];
    char message[256];
    char detail[256]; /**< dropped where a secret column is concerned */
    char hint[256];
};

/* ---- values -------------------------------------------------------------------- */

/** A moment. Of 4714-11-24 BC to before 294277-01-01, or an infinity. */
struct sc_timestamptz {
    int64_t usec; /**< microseconds since 2000-01-01 00:00 UTC; SC_TIMESTAMP_INFINITY */
};
/** Date and time of day in no time zone; the range of sc_timestamptz. */
struct sc_timestamp {
    int64_t usec; /**< microseconds since 2000-01-01 00:00; SC_TIMESTAMP_INFINITY */
};
/** A day. Of 4714-11-24 BC to before 5874898-01-01, or an infinity. */
struct sc_date {
    int32_t days; /**< days since 2000-01-01; SC_DATE_INFINITY */
};
/** A time of day. */
struct sc_time {
    int64_t usec; /**< microseconds since midnight; 24:00:00 is legal */
};
/** A time of day with an offset from UTC. */
struct sc_timetz {
    int64_t usec; /**< microseconds since midnight */
    int32_t zone; /**< seconds west of UTC (so +01 is -3600), within 16 hours */
};
/** A span of time: the three do not convert into each other. PostgreSQL 17 reads all
 *  three at their maximum (minimum) as infinity (-infinity). */
struct sc_interval {
    int64_t usec;
    int32_t days;
    int32_t months;
};
struct sc_uuid {
    uint8_t bytes[16]; /**< in the order of the text */
};
/** A host with its network's mask (inet), or a network (cidr). */
struct sc_inet {
    uint8_t family;    /**< 4 or 6 */
    uint8_t bits;      /**< length of the network mask */
    uint8_t is_cidr;   /**< 1: a network (cidr), 0: a host (inet) */
    uint8_t bytes[16]; /**< the address, 4 or 16 of them used; the others are 0 */
};
/** An exact number, as text. Received: as PostgreSQL writes it ("-12.50", "NaN",
 *  "Infinity"). Sent: anything that sc_numeric_valid takes. */
struct sc_numeric {
    const char *text; /**< NULL: SQL NULL */
};
struct sc_bytea {
    const void *data; /**< NULL: SQL NULL; not NULL where the size is 0 */
    size_t size;
};
#define SC_TIMESTAMP_INFINITY       INT64_MAX
#define SC_TIMESTAMP_MINUS_INFINITY INT64_MIN
#define SC_DATE_INFINITY            INT32_MAX
#define SC_DATE_MINUS_INFINITY      INT32_MIN

/** What an array is beside its elements, where it is more than a plain list. */
struct sc_shape {
    const bool *nulls; /**< one an element: that one is NULL; NULL pointer: none is */
    int ndims;         /**< 1 to 6; 0: one dimension from 1 */
    const int32_t *lengths;      /**< of each dimension; their product is the count */
    const int32_t *lower_bounds; /**< of each dimension; NULL: all are 1 */
};

/* Arrays: items NULL is SQL NULL; an empty array has items and a count of 0. Elements of
 * several dimensions stand in row-major order. A NULL element received is zeroed (and
 * marked in shape->nulls); a text, bytea or numeric element sent may be NULL by itself.
 * SC_LIST(items, count) makes one. */
#define SC_ARRAY_OF(tag, type)                                               \
    struct tag {                                                             \
        const type *items;                                                   \
        size_t count;                                                        \
        const struct sc_shape *shape; /* NULL: a plain list without NULLs */ \
    }
typedef const char *sc__text_item;
SC_ARRAY_OF(sc_bools, bool);
SC_ARRAY_OF(sc_int2s, int16_t);
SC_ARRAY_OF(sc_int4s, int32_t);
SC_ARRAY_OF(sc_int8s, int64_t);
SC_ARRAY_OF(sc_oids, uint32_t);
SC_ARRAY_OF(sc_float4s, float);
SC_ARRAY_OF(sc_float8s, double);
SC_ARRAY_OF(sc_numerics, struct sc_numeric);
SC_ARRAY_OF(sc_texts, sc__text_item);
SC_ARRAY_OF(sc_byteas, struct sc_bytea);
SC_ARRAY_OF(sc_uuids, struct sc_uuid);
SC_ARRAY_OF(sc_dates, struct sc_date);
SC_ARRAY_OF(sc_times, struct sc_time);
SC_ARRAY_OF(sc_timetzs, struct sc_timetz);
SC_ARRAY_OF(sc_timestamps, struct sc_timestamp);
SC_ARRAY_OF(sc_timestamptzs, struct sc_timestamptz);
SC_ARRAY_OF(sc_intervals, struct sc_interval);
SC_ARRAY_OF(sc_inets, struct sc_inet);
#define SC_LIST(items, count)  \
    {                          \
        (items), (count), NULL \
    }

/* One value that may be missing. Zeroed: not given. Read: sc_has(x), x.value. The odd
 * numbers make `.rating = 5` (brace elision) a status instead of a wrong row. */
enum sc_is { SC_IS_UNSET = 0, SC_IS_NULL = 0x5c00, SC_IS_VALUE = 0x5c01 };
#define SC_MAYBE(tag, type) \
    struct tag {            \
        enum sc_is is;      \
        type value;         \
    }
SC_MAYBE(sc_maybe_bool, bool);
SC_MAYBE(sc_maybe_int2, int16_t);
SC_MAYBE(sc_maybe_int4, int32_t);
SC_MAYBE(sc_maybe_int8, int64_t);
SC_MAYBE(sc_maybe_oid, uint32_t);
SC_MAYBE(sc_maybe_float4, float);
SC_MAYBE(sc_maybe_float8, double);
SC_MAYBE(sc_maybe_numeric, struct sc_numeric);
SC_MAYBE(sc_maybe_text, sc__text_item);
SC_MAYBE(sc_maybe_bytea, struct sc_bytea);
SC_MAYBE(sc_maybe_uuid, struct sc_uuid);
SC_MAYBE(sc_maybe_date, struct sc_date);
SC_MAYBE(sc_maybe_time, struct sc_time);
SC_MAYBE(sc_maybe_timetz, struct sc_timetz);
SC_MAYBE(sc_maybe_timestamp, struct sc_timestamp);
SC_MAYBE(sc_maybe_timestamptz, struct sc_timestamptz);
SC_MAYBE(sc_maybe_interval, struct sc_interval);
SC_MAYBE(sc_maybe_inet, struct sc_inet);
SC_MAYBE(sc_maybe_bools, struct sc_bools);
SC_MAYBE(sc_maybe_int2s, struct sc_int2s);
SC_MAYBE(sc_maybe_int4s, struct sc_int4s);
SC_MAYBE(sc_maybe_int8s, struct sc_int8s);
SC_MAYBE(sc_maybe_oids, struct sc_oids);
SC_MAYBE(sc_maybe_float4s, struct sc_float4s);
SC_MAYBE(sc_maybe_float8s, struct sc_float8s);
SC_MAYBE(sc_maybe_numerics, struct sc_numerics);
SC_MAYBE(sc_maybe_texts, struct sc_texts);
SC_MAYBE(sc_maybe_byteas, struct sc_byteas);
SC_MAYBE(sc_maybe_uuids, struct sc_uuids);
SC_MAYBE(sc_maybe_dates, struct sc_dates);
SC_MAYBE(sc_maybe_times, struct sc_times);
SC_MAYBE(sc_maybe_timetzs, struct sc_timetzs);
SC_MAYBE(sc_maybe_timestamps, struct sc_timestamps);
SC_MAYBE(sc_maybe_timestamptzs, struct sc_timestamptzs);
SC_MAYBE(sc_maybe_intervals, struct sc_intervals);
SC_MAYBE(sc_maybe_inets, struct sc_inets);

#define SC(...)                  \
    {                            \
        SC_IS_VALUE, __VA_ARGS__ \
    } /* an initialiser; in C++ assignable too */
#ifdef __cplusplus
#define SC_NULL     \
    {               \
        SC_IS_NULL, \
        {           \
        }           \
    }
#define SC_SET(member, ...) ((member) = SC(__VA_ARGS__))
#define SC_SET_NULL(member) ((member) = SC_NULL)
#else
#define SC_NULL          \
    {                    \
        .is = SC_IS_NULL \
    }
#define SC_SET(member, ...) ((member) = (__typeof__(member))SC(__VA_ARGS__))
#define SC_SET_NULL(member) ((member) = (__typeof__(member))SC_NULL)
#endif
#define sc_has(x) ((x).is == SC_IS_VALUE)

/* ---- value helpers: no allocation, no errno, no locale, no time zone data --------
 *
 * Any thread may call them at any time. Parsers take the whole text, without blanks
 * around it, and give false, the output untouched, for NULL, anything else than what is
 * said, and what is out of the type's range. Formatters write what PostgreSQL writes with
 * DateStyle ISO and IntervalStyle postgres, so that parse(format(x)) is x; they take any
 * bits, and return buf. */

/* Sizes of buffers that every formatted value fits, its NUL included. */
#define SC_TIMESTAMPTZ_SIZE 48
#define SC_INTERVAL_SIZE    96
#define SC_UUID_SIZE        37
#define SC_INET_SIZE        64

/** The system's clock. */
SC_API struct sc_timestamptz sc_now(void);
/** From seconds since 1970-01-01 00:00 UTC (a time_t); out of range becomes infinity. */
SC_API struct sc_timestamptz sc_from_time(int64_t unix_seconds);
/** Seconds since 1970, rounded down; +-infinity gives INT64_MAX / INT64_MIN. */
SC_API int64_t sc_to_time(struct sc_timestamptz t);
/** Adds microseconds; infinity stays, out of range becomes infinity. */
SC_API struct sc_timestamptz sc_timestamptz_add(struct sc_timestamptz t, int64_t usec);

/** Takes "2024-02-29 12:00:00.5+01": ISO 8601 and PostgreSQL's own output. Year of 4 to 7
 *  digits; "T" or a blank; seconds may be missing, be 60, or have any number of decimals
 *  (rounded to microseconds); 24:00:00; a zone, always: "Z", +HH, +HHMM, +HH:MM or
 *  +HH:MM:SS; " BC" at the end. Also "infinity" and "-infinity". */
SC_API bool sc_timestamptz_parse(const char *text, struct sc_timestamptz *out);
/** "2024-02-29 11:00:00.5+00": in UTC. */
SC_API const char *sc_timestamptz_format(struct sc_timestamptz t,
                                         char buf[SC_TIMESTAMPTZ_SIZE]);
/** As sc_timestamptz_parse, without a zone. */
SC_API bool sc_timestamp_parse(const char *text, struct sc_timestamp *out);
SC_API const char *sc_timestamp_format(struct sc_timestamp t,
                                       char buf[SC_TIMESTAMPTZ_SIZE]);
/** Takes "2024-02-29", "0044-03-15 BC", "infinity", "-infinity". */
SC_API bool sc_date_parse(const char *text, struct sc_date *out);
SC_API const char *sc_date_format(struct sc_date d, char buf[SC_TIMESTAMPTZ_SIZE]);
/** Year (0 is 1 BC), month 1-12, day 1-31; false for infinity. */
SC_API bool sc_date_civil(struct sc_date d, int *year, int *month, int *day);
/** False when there is no such day, or a date cannot reach it. */
SC_API bool sc_date_from_civil(int year, int month, int day, struct sc_date *out);
/** Takes "12:34", "12:34:56.789", "24:00:00". */
SC_API bool sc_time_parse(const char *text, struct sc_time *out);
SC_API const char *sc_time_format(struct sc_time t, char buf[SC_TIMESTAMPTZ_SIZE]);
/** As sc_time_parse, with a zone as in sc_timestamptz_parse. */
SC_API bool sc_timetz_parse(const char *text, struct sc_timetz *out);
SC_API const char *sc_timetz_format(struct sc_timetz t, char buf[SC_TIMESTAMPTZ_SIZE]);
/** Takes PostgreSQL's `postgres` style output ("1 year 2 mons -3 days +04:05:06.7"):
 *  year(s), mon(s) or month(s), day(s), [-]HH:MM:SS[.f], each at most once, in this
 *  order; "infinity", "-infinity". */
SC_API bool sc_interval_parse(const char *text, struct sc_interval *out);
SC_API const char *sc_interval_format(struct sc_interval i, char buf[SC_INTERVAL_SIZE]);
/** Takes 32 hexadecimal digits in either case, with the four hyphens or with none. */
SC_API bool sc_uuid_parse(const char *text, struct sc_uuid *out);
SC_API const char *sc_uuid_format(struct sc_uuid u, char buf[SC_UUID_SIZE]);
SC_API bool sc_uuid_equal(struct sc_uuid a, struct sc_uuid b);
/** A random (version 4) uuid; false when the system gives no random bytes. */
SC_API bool sc_uuid_random(struct sc_uuid *out);
/** Takes "192.168.1.5", "10.0.0.0/8", "2001:db8::1/64". is_cidr becomes 0: set it where
 *  a network is meant (PostgreSQL itself goes by the column's type). */
SC_API bool sc_inet_parse(const char *text, struct sc_inet *out);
/** A network (is_cidr) always with its mask, a host only with one that is not whole. */
SC_API const char *sc_inet_format(struct sc_inet a, char buf[SC_INET_SIZE]);
/** False when it is NULL, no integer ("12.00" is one), or out of range. */
SC_API bool sc_numeric_to_int8(struct sc_numeric n, int64_t *out);
/** Rounds to the nearest double; "NaN" and "Infinity" are numbers. False when it is NULL,
 *  no number, or beyond a double's range (what is too small becomes 0). */
SC_API bool sc_numeric_to_float8(struct sc_numeric n, double *out);
/** Whether the text is a number that PostgreSQL's numeric can hold: a sign or none,
 *  digits with a "." or without, an exponent or none; at most 131,072 digits before the
 *  point and 16,383 behind it; "NaN", "Infinity", "inf" in any case. */
SC_API bool sc_numeric_valid(const char *text);

/** Frees a block that a call gave (rows, lists, cursors, texts). NULL is fine. */
SC_API void sc_free(void *block);

/* ---- handles ------------------------------------------------------------------- */

struct sc_db; /* a connection, a pool or a transaction: whatever runs a statement now */
struct sc_batch; /* calls that will travel together */
struct pg_conn;  /* libpq's PGconn */

/** Opens one connection. url: a URI or key=value text as libpq takes it, service files
 *  included; NULL: $DATABASE_URL when it is set, else libpq's own environment. *db is
 *  NULL after any failure: SC_CONNECTION, SC_BUSY (the server takes no more), SC_TIMEOUT,
 *  SC_NO_MEMORY. */
SC_API SC_NODISCARD enum sc_status sc_open(const char *url, struct sc_db **db,
                                           struct sc_error *err);
/** Closes a connection or a pool. NULL is fine. Transactions on it must have ended. */
SC_API void sc_close(struct sc_db *db);

/** Uses a connection of the caller's, who still owns it and closes it after sc_close.
 *  It must be idle, not in pipeline mode and with client_encoding UTF8: SC_MISUSE. */
SC_API SC_NODISCARD enum sc_status sc_adopt(struct pg_conn *conn, struct sc_db **db,
                                            struct sc_error *err);
/** Lends the libpq connection of a connection or transaction; NULL for a pool. Leave it
 *  idle, in blocking mode and outside pipeline mode before the next call on db. */
SC_API struct pg_conn *sc_borrow(struct sc_db *db);

struct sc_pool_options {
    int max;                /**< connections at most; 0: 8 */
    int acquire_timeout_ms; /**< wait for a free one; 0: 30,000; negative: for ever */
};
/** Opens a pool; connections are made when they are first needed. */
SC_API SC_NODISCARD enum sc_status sc_pool_open(const char *url,
                                                const struct sc_pool_options *options,
                                                struct sc_db **db,
                                                struct sc_error *err);

enum sc_isolation {
    SC_ISOLATION_DEFAULT = 0,
    SC_READ_COMMITTED,
    SC_REPEATABLE_READ,
    SC_SERIALIZABLE
};
struct sc_tx_options {
    enum sc_isolation isolation;
    bool read_only;
    bool deferrable;
};
/** Begins a transaction, or a savepoint when db is one itself (options must be NULL
 *  then). While it is open, db's connection answers SC_MISUSE. */
SC_API SC_NODISCARD enum sc_status sc_tx_begin(struct sc_db *db,
                                               const struct sc_tx_options *options,
                                               struct sc_db **tx, struct sc_error *err);
/** Commits, and frees tx whatever it returns. SC_COMMIT_UNKNOWN: the answer is lost,
 *  because the connection broke or there was no memory for it. A transaction that had failed is rolled back and gives the
 *  failure's status. */
SC_API SC_NODISCARD enum sc_status sc_tx_commit(struct sc_db *tx, struct sc_error *err);
/** Rolls back and frees tx. NULL is fine. */
SC_API void sc_tx_rollback(struct sc_db *tx);

/** Starts to collect calls for db. */
SC_API SC_NODISCARD enum sc_status sc_batch_open(struct sc_db *db,
                                                 struct sc_batch **batch,
                                                 struct sc_error *err);
/** Where generated functions queue: they return SC_QUEUED, copy their arguments and set
 *  their outputs to NULL. Owned by the batch. */
SC_API struct sc_db *sc_queue(struct sc_batch *batch);
/** Sends all calls in one round trip, all or nothing. The status and *err are the first
 *  failing call's (err->item); the other calls are SC_NOT_RUN. SC_NOT_FOUND, SC_TOO_MANY
 *  and SC_STALE are answers and undo nothing: the first of them is returned, and the other
 *  calls keep their own status. Outputs that were given are filled; those left NULL wait
 *  for a `_take`. A batch runs once. */
SC_API SC_NODISCARD enum sc_status sc_batch_run(struct sc_batch *batch,
                                                struct sc_error *err);
/** The status of one call of a batch that has run; err (may be NULL) as that call's. */
SC_API enum sc_status sc_batch_status(const struct sc_batch *batch, size_t item,
                                      struct sc_error *err);
/** Frees it; calls that were not run are forgotten. NULL is fine. */
SC_API void sc_batch_close(struct sc_batch *batch);

/* ---- SQL of one's own ------------------------------------------------------------ */

struct sc_rows; /* a result in text form */
/** Runs one statement with text parameters ($1 ...; NULL pointer: SQL NULL). *rows may be
 *  asked for or NULL. One round trip, not prepared. */
SC_API SC_NODISCARD enum sc_status sc_query(struct sc_db *db, const char *sql,
                                            const char *const *params, size_t nparams,
                                            struct sc_rows **rows,
                                            struct sc_error *err);
SC_API size_t sc_rows_count(const struct sc_rows *rows);
SC_API size_t sc_rows_columns(const struct sc_rows *rows);
SC_API const char *sc_rows_name(const struct sc_rows *rows, size_t column);
/** The value's text, NULL for SQL NULL or out of range; borrowed from rows. */
SC_API const char *sc_rows_value(const struct sc_rows *rows, size_t row, size_t column);
/** Rows that an insert, update or delete touched. */
SC_API int64_t sc_rows_affected(const struct sc_rows *rows);
SC_API void sc_rows_free(struct sc_rows *rows);

/* ---- hooks ----------------------------------------------------------------------- */

/** One finished statement. Texts are static or live for the call only. No parameter value
 *  is ever in it. */
struct sc_event {
    const char *query; /**< the generated function's name */
    const char *sql;   /**< its text, with $1 ... for the values */
    enum sc_status status;
    const char *sqlstate; /**< "" when the server said nothing */
    int64_t rows;
    int64_t nanoseconds;
};
struct sc_hooks {
    void *user;
    void (*start)(void *user, const struct sc_event *event); /**< may be NULL */
    void (*end)(void *user, const struct sc_event *event);   /**< may be NULL */
    void (*notice)(void *user, const char *message);         /**< server notices */
};
/** Sets the hooks of a connection or pool; call it before the handle is shared. Copied. */
SC_API void sc_set_hooks(struct sc_db *db, const struct sc_hooks *hooks);

/* ---- for generated code only ------------------------------------------------------
 *
 * Generated functions are `static const` descriptors and one call of these. A value
 * travels by pointer to its C form; the descriptor says what that form is. Everything
 * here may change with SC_ABI.
 */

/* The C form of a value (of an element, with SC__ARRAY). */
enum sc__kind {
    SC__BOOL = 1,    /* bool */
    SC__INT2,        /* int16_t */
    SC__INT4,        /* int32_t */
    SC__INT8,        /* int64_t */
    SC__OID,         /* uint32_t */
    SC__FLOAT4,      /* float */
    SC__FLOAT8,      /* double */
    SC__NUMERIC,     /* struct sc_numeric */
    SC__TEXT,        /* const char *: text, varchar, char(n), name, json, xml, ... */
    SC__JSONB,       /* const char * */
    SC__BYTEA,       /* struct sc_bytea */
    SC__UUID,        /* struct sc_uuid */
    SC__DATE,        /* struct sc_date */
    SC__TIME,        /* struct sc_time */
    SC__TIMETZ,      /* struct sc_timetz */
    SC__TIMESTAMP,   /* struct sc_timestamp */
    SC__TIMESTAMPTZ, /* struct sc_timestamptz */
    SC__INTERVAL,    /* struct sc_interval */
    SC__INET,        /* struct sc_inet: inet and cidr */
    SC__ENUM         /* int-sized enum: -1 unknown, 0 unset, 1.. the labels in order */
};

enum {
    SC__ARRAY = 1,    /* an array of the kind: struct sc_xs */
    SC__NULLABLE = 2, /* may be NULL: a struct sc_maybe_x unless the form has a NULL */
    SC__SECRET = 4,   /* never shown */
    SC__REQUIRED = 8, /* in _new: no default and NOT NULL, must be given */
    SC__PLAIN_NEW = 16,   /* in _new: the bare pointer form, NULL is "left out" */
    SC__NO_NEW = 32,      /* not in _new (generated always, identity always) */
    SC__NO_PATCH = 64,    /* not in _patch (the key, generated, version, on update) */
    SC__HAS_DEFAULT = 128 /* left out is not the same as NULL */
};

/* An enum type. The server's OIDs are looked up once a connection, by name. */
struct sc__enum {
    const char *type;          /* as SQL writes it: auth.account_type */
    const char *const *labels; /* label of value i + 1 */
    uint16_t nlabels;
};

/* A parameter or a result column: its form, and the type named in Parse and compared with
 * what Describe says. oid 0: the enum's (or, with SC__ARRAY, its array's) own. */
struct sc__type {
    const struct sc__enum *labels;
    uint32_t oid;
    uint8_t kind;
    uint8_t flags;
};

struct sc__column {
    const char *name; /* plain, for messages */
    const char *sql;  /* as SQL writes it: "order" */
    const char
        *cast; /* what follows $n where it is written: "::point"; NULL: nothing */
    const char *many_cast; /* the same after x.cN of unnest: "::int4[]" too */
    struct sc__type type;
    uint16_t row_at; /* offsets in struct T, T_new and T_patch */
    uint16_t new_at;
    uint16_t patch_at;
};

/* What one row is: columns in result order. size 0: no rows. */
struct sc__row {
    const struct sc__column *columns;
    uint16_t ncolumns;
    uint16_t size; /* sizeof the C struct */
};

/* A piece of a statement's text that is there only for some variants. A variant is 64
 * bits: bit i (0-31) set: optional parameter i is given; byte 4 + c (c 0-3): what choice
 * parameter c picked, counted from 0. */
struct sc__piece {
    const char *sql;
    uint32_t need;  /* all these optional parameters are given; 0: always */
    uint8_t choice; /* 0: none; else choice parameter choice - 1 ... */
    uint8_t pick;   /* ... has picked this */
};
#define SC__GIVEN(bit, is_given) ((uint64_t)((is_given) ? 1 : 0) << (bit))
#define SC__PICK(choice, value)  sc__pick((choice), (unsigned)(value))
/* What is no pick becomes 255, which no statement has: SC_MISUSE. */
static inline uint64_t sc__pick(int choice, unsigned value)
{
    return (uint64_t)(value < 255 ? value : 255) << (32 + 8 * choice);
}

enum sc__want {
    SC__WANT_ONE = 1, /* exactly one row: NOT_FOUND, TOO_MANY; out: T ** */
    SC__WANT_MAYBE,   /* none or one; out: T **, SC_OK with NULL where there is none */
    SC__WANT_MANY,    /* out: T **, n: size_t * */
    SC__WANT_EXEC,    /* n: int64_t *, rows touched */
    SC__WANT_TOUCH,   /* exactly one row touched, else NOT_FOUND; no output */
    SC__WANT_VALUE    /* one row of one column into a plain C value; out: T * */
};
enum {
    SC__WRITE = 1, /* it writes: Sync is held back until the result is compared */
    SC__TOUCHES_SECRET = 2, /* errors carry no detail */
    SC__SAME_COUNT = 4      /* array parameters must have equal counts: SC_MISUSE */
};

/* A statement whose text is fixed but for its variants. */
struct sc__stmt {
    const char *label; /* the C function's name */
    const char *sql;   /* the text; NULL: pieces */
    const struct sc__piece *pieces;
    const struct sc__type *params;
    const struct sc__row *row; /* NULL: gives no rows */
    uint16_t npieces;
    uint16_t nparams;
    uint8_t want; /* enum sc__want */
    uint8_t flags;
};

/* A table's insert, from the columns that are given. Text, with C the given columns:
 *   insert into NAME (C.sql, ...) values ($1 C.cast, ...) TAIL [returning RETURNING]
 * and for many rows, with E the column's element type:
 *   insert into NAME (C.sql, ...) select x.c1 C.many_cast, ... from unnest($1, ...) as x(c1, ...)
 *   TAIL [returning RETURNING]
 * returning is asked for only when out is (or the call is queued). Array columns travel
 * to unnest as array literals in text[], and many_cast makes them arrays again. */
struct sc__insert {
    const char *label;
    const char *name; /* auth.users */
    const char *tail; /* NULL, or on conflict (...) do update set ... (see upsert) */
    const char *returning; /* select list: id, name, ... */
    const struct sc__row *row;
    uint8_t flags;
};

/* insert ... on conflict TARGET do update set C = excluded.C, ... [, also]: the given
 * columns that are not of the key; when there is none, the key's first (so that the row
 * comes back). */
struct sc__upsert {
    struct sc__insert insert; /* insert.tail is NULL */
    const char *target;       /* (email) where deleted_at is null */
    const char *also;         /* updated_at = now(); NULL: nothing */
    const uint16_t *key;      /* columns never set: the key's, then the primary key's */
    uint16_t nkey;
};

/* update NAME set C.sql = $n C.cast, ... [, also] WHERE returning RETURNING: where names
 * the key as $1 ..., C follow. With a version the statement is one CTE that gives a
 * row in any case: `there` (the row exists), `hit` (it was updated), then the columns:
 *   with hit as (update ... returning RETURNING) select there, hit, columns
 * head and tail hold that text; head is NULL without a version. */
struct sc__update {
    const char *label;
    const char *head; /* with "hit" as (; NULL: no version */
    const char *name;
    const char *also;
    const char *where; /* where id = $1 [and version = $2] */
    const char *returning;
    const char *tail; /* ) select exists (...), ..., hit.* from ...; NULL */
    const struct sc__row *row;
    const struct sc__type *key;
    uint16_t nkey; /* the version, where there is one, is the last */
    uint8_t flags;
};

/* Rows by COPY BINARY. copy NAME (C.sql, ...) from stdin (format binary). On a batch, or
 * where a column has no binary form (cast set), it is the unnest insert. */

/* A row with lists of related rows. The child's statement has the parent's parameters
 * and is ordered by its key columns; rows are matched by the bytes of the keys. */
struct sc__relation {
    const struct sc__stmt *stmt;
    const uint16_t *parent_key; /* columns of the parent's row */
    const uint16_t *child_key;  /* columns of the child's row, in the same order */
    uint16_t nkey;
    uint16_t at; /* offset of { items, count } in the C struct */
};
struct sc__nested {
    const struct sc__stmt *stmt; /* row offsets are those in the C struct */
    const struct sc__relation *relations;
    uint16_t nrelations;
    uint16_t size; /* sizeof the C struct */
};

/* Keyset cursor: the order's columns, row_at is the offset in the cursor struct, new_at
 * that in the row. */
struct sc__cursor {
    const char *label;
    const struct sc__column *columns;
    uint16_t ncolumns;
    uint16_t size;
};

/* args: one pointer a parameter, to its C form (a struct sc_maybe_x with SC__NULLABLE
 * where the form has no NULL of its own). */
SC_API enum sc_status sc__run(struct sc_db *db, const struct sc__stmt *stmt,
                              uint64_t variant, const void *const *args, void *out,
                              void *n, struct sc_error *err);
SC_API enum sc_status sc__run_insert(struct sc_db *db, const struct sc__insert *insert,
                                     const void *values, void *out,
                                     struct sc_error *err);
SC_API enum sc_status sc__insert_many(struct sc_db *db, const struct sc__insert *insert,
                                      const void *values, size_t size, size_t count,
                                      void *out, size_t *n, struct sc_error *err);
SC_API enum sc_status sc__run_upsert(struct sc_db *db, const struct sc__upsert *upsert,
                                     const void *values, void *out,
                                     struct sc_error *err);
SC_API enum sc_status sc__run_update(struct sc_db *db, const struct sc__update *update,
                                     const void *const *key, const void *patch,
                                     void *out, struct sc_error *err);
SC_API enum sc_status sc__load(struct sc_db *db, const struct sc__insert *insert,
                               const void *values, size_t size, size_t count,
                               struct sc_error *err);
SC_API enum sc_status sc__run_nested(struct sc_db *db, const struct sc__nested *nested,
                                     uint64_t variant, const void *const *args,
                                     void *out, size_t *n, struct sc_error *err);
/* Takes a call's rows out of a batch that has run. n NULL: a single row is expected. */
SC_API enum sc_status sc__take(struct sc_batch *batch, size_t item,
                               const struct sc__row *row, void *out, size_t *n,
                               struct sc_error *err);
/* The same of SC__WANT_VALUE. out: T *, as sc__run has it. */
SC_API enum sc_status sc__take_value(struct sc_batch *batch, size_t item,
                                     const struct sc__row *row, void *out,
                                     struct sc_error *err);
/* A cursor's URL-safe text (one block, sc_free), and back (one block, sc_free;
 * SC_BAD_VALUE when the text is not of this cursor). */
SC_API enum sc_status sc__cursor_text(const struct sc__cursor *cursor,
                                      const void *value, char **text,
                                      struct sc_error *err);
SC_API enum sc_status sc__cursor_parse(const struct sc__cursor *cursor,
                                       const char *text, void *out,
                                       struct sc_error *err);
/* The label of an enum's value, NULL for unset and unknown; the value of a label, -1 for
 * one that it does not know, 0 for NULL. */
SC_API const char *sc__label(const struct sc__enum *labels, int value);
SC_API int sc__label_value(const struct sc__enum *labels, const char *label);
/* Generated objects refer to it, so that one that does not fit fails to link. */
SC_API extern const char sc__abi_1;

#ifdef __cplusplus
}
#endif
#endif
