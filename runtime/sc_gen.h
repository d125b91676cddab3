/* sc_gen.h: what generated code is made of, and nobody else uses. sc.h includes it.
 *
 * Generated functions are `static const` descriptors and one call of these. A value
 * travels by pointer to its C form; the descriptor says what that form is. Everything
 * here may change with SC_ABI.
 */
#ifndef SC_GEN_H
#define SC_GEN_H
#ifndef SC_H
#error "include sc.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

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
    uint16_t nunique; /* many rows: how many of key no two of them may share */
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

/* Rows of a callback: 1, 0 after the last, negative to stop. `row` has `size` bytes. */
struct sc__supply {
    int (*next)(void *arg, void *row);
    void *arg;
    size_t size;
};

/* A whole table by COPY BINARY: copy (SELECT) to stdout (format binary). */
struct sc__scan {
    const char *label;
    const char *select;
    const struct sc__row *row;
    uint8_t flags;
};

/* A row with lists of related rows. The child's statement has the parent's parameters;
 * its rows come in any order, and are matched by the bytes of the keys. */
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
/* n (may be NULL): how many rows were loaded. */
SC_API enum sc_status sc__load_from(struct sc_db *db, const struct sc__insert *insert,
                                    const struct sc__supply *rows, int64_t *n,
                                    struct sc_error *err);
SC_API enum sc_status sc__upsert_many(struct sc_db *db, const struct sc__upsert *upsert,
                                      const void *values, size_t size, size_t count,
                                      void *out, size_t *n, struct sc_error *err);
/* Rows one by one: opens a stream; gives the next row of that descriptor, NULL after the
 * last. out: T **, borrowed until the next call. */
SC_API enum sc_status sc__stream(struct sc_db *db, const struct sc__stmt *stmt,
                                 uint64_t variant, const void *const *args,
                                 struct sc_stream **stream, struct sc_error *err);
SC_API enum sc_status sc__run_scan(struct sc_db *db, const struct sc__scan *scan,
                                   struct sc_stream **stream, struct sc_error *err);
SC_API enum sc_status sc__next(struct sc_stream *stream, const struct sc__row *row,
                               void *out, struct sc_error *err);
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
