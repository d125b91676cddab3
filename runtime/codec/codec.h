/* codec.h: PostgreSQL's wire forms of values <-> their C forms in sc.h.
 *
 * Knows formats and memory, never a connection: nothing here sends, waits or looks an OID
 * up. Not installed.
 *
 * A failure is a pointer to a static `struct sc__fault`: the status, and a text that
 * continues "column "rating" ..." or "parameter $2 ..." ("is not a number"). NULL: done.
 * No fault's text ever holds a value, so it is fit for secrets. Nothing here is written
 * to on failure but what a function says it fills.
 *
 * Sources: PostgreSQL 15, src/backend/utils/adt (the *_send and *_recv functions),
 * src/backend/commands/copyto.c for COPY BINARY.
 */
#ifndef SC_CODEC_H
#define SC_CODEC_H
#include "runtime/sc.h"

struct pg_result; /* libpq's PGresult */

struct sc__fault {
    enum sc_status status;
    const char *text;
};

/* ---- memory of encoded parameters ------------------------------------------------- */

/* An arena: what it gives never moves and is freed together. */
struct sc__scratch {
    char *next;
    size_t left;
    struct sc__scratch_block *blocks;
};

/* Starts with `size` bytes of the caller's (aligned to 8; on the stack, say), which must
 * outlive it; first may be NULL with a size of 0. */
static inline void sc__scratch_init(struct sc__scratch *scratch, void *first,
                                    size_t size)
{
    scratch->next = (char *)first;
    scratch->left = size;
    scratch->blocks = NULL;
}
/* Gives `size` bytes aligned to 8, NULL when there is no memory. */
void *sc__scratch_more(struct sc__scratch *scratch, size_t size);
static inline void *sc__scratch_alloc(struct sc__scratch *scratch, size_t size)
{
    size_t whole = (size + 7) & ~(size_t)7;
    if (whole < size || whole > scratch->left || !scratch->next)
        return sc__scratch_more(scratch, size);
    void *given = scratch->next;
    scratch->next += whole;
    scratch->left -= whole;
    return given;
}
/* Frees what it took from the heap; it is then as after init without a first block. */
void sc__scratch_release(struct sc__scratch *scratch);
/* Forgets all that it gave, and keeps as much memory, in one block, for what comes next;
 * more than a megabyte of it until eight rounds one after the other have needed less than a
 * quarter. For one that began without memory of the caller's. */
void sc__scratch_reset(struct sc__scratch *scratch);

/* A buffer that grows and moves, for COPY. Zeroed: empty. */
struct sc__buffer {
    char *data;
    size_t size;
    size_t room;
};

/* Makes room for `more` bytes after size; false when there is no memory (nothing lost). */
bool sc__buffer_reserve(struct sc__buffer *buffer, size_t more);
void sc__buffer_release(struct sc__buffer *buffer);

/* ---- C form -> wire ---------------------------------------------------------------- */

/* One value to send. */
struct sc__source {
    const struct sc__type *type;
    const void *value; /* points to the C form (struct sc_maybe_x when maybe is set) */
    uint32_t element_oid; /* of an array; 0: sc__element_oid(type) */
    bool maybe;
};

/* Whether a parameter or a row's member of the type is a struct sc_maybe_x: it is
 * NULLABLE, and its bare form has no NULL. (In _new and _patch the rule is another, see
 * SC__PLAIN_NEW: there the caller says it.) */
bool sc__is_maybe(const struct sc__type *type);

/* Whether the bare form has a NULL of its own: text, json, jsonb, bytea, numeric, arrays. */
bool sc__has_null(const struct sc__type *type);

/* The size of the C form, and its alignment. */
size_t sc__form_size(const struct sc__type *type, bool maybe);
size_t sc__form_align(const struct sc__type *type, bool maybe);

/* What was given: SC_IS_VALUE, SC_IS_NULL (also a bare form that holds its NULL; an enum
 * of 0 is SC_IS_UNSET), SC_IS_UNSET, or -1 when the `is` member is none of them (that is
 * SC_MISUSE: `.rating = 5` instead of SC(5)). Costs a few instructions. */
int sc__given(const struct sc__type *type, bool maybe, const void *value);

/* The element OID of PostgreSQL's own array types (1007 -> 23), 0 for any other: enums
 * and extension types are looked up by the caller. */
uint32_t sc__element_oid(const struct sc__type *type);

/* A parameter as PQsendQueryPrepared wants it. `value` may point into the struct itself
 * (raw), into the caller's data or into the scratch: do not copy or move it, and see
 * sc__wire_own. */
struct sc__wire {
    const char *value; /* NULL: SQL NULL */
    int length;        /* binary: bytes; text: 0, or with its NUL once it is owned */
    int format;        /* 0: text, 1: binary */
    char raw[24];
};

/* Encodes one parameter. Text, json, jsonb, enum labels and numeric travel in text format
 * without a copy, bytea and uuid in binary format without a copy; fixed kinds stand in
 * raw; arrays are built in scratch. NULL and SC_IS_UNSET give a NULL value where the type
 * is NULLABLE.
 *
 * Faults: SC_NOT_NULL (a NULL or an unset `is` where the type is not NULLABLE),
 * SC_MISUSE (an `is` that is none; a shape that does not fit its count),
 * SC_BAD_VALUE (an enum that is unset or no label, no number, out of the type's range,
 * too long for the protocol), SC_NO_MEMORY. */
const struct sc__fault *sc__encode(const struct sc__source *from,
                                   struct sc__scratch *scratch, struct sc__wire *to);

/* Makes the wire outlive the caller's data: copies a borrowed value into scratch. For
 * calls that are queued. False: no memory. The wire itself must stay where it is. */
bool sc__wire_own(struct sc__wire *wire, struct sc__scratch *scratch);

/* One member of `count` structs, to travel as one array parameter (for unnest). The
 * member of struct i is at base + i * stride + offset. An element that is NULL or unset
 * becomes a NULL element where the type is NULLABLE. When the type is itself an array
 * the elements are array literals and the parameter is a text[] (element OID 25, whatever
 * element_oid says). */
struct sc__strided {
    const struct sc__type *type; /* of the member */
    const void *base;
    size_t stride;
    size_t offset;
    size_t count;
    uint32_t element_oid; /* 0: the member type's own OID */
    bool maybe;
    size_t bad; /* filled on a fault: which element, counted from 0 */
};

/* Encodes it into scratch, in binary format. Faults as sc__encode. */
const struct sc__fault *sc__encode_strided(struct sc__strided *from,
                                           struct sc__scratch *scratch,
                                           struct sc__wire *to);

/* Appends one field of COPY BINARY: its length word (-1: NULL) and its binary form (jsonb
 * with its version byte). The buffer is as before after a fault. */
const struct sc__fault *sc__encode_field(const struct sc__source *from,
                                         struct sc__buffer *to);

/* A member of the structs that become rows of COPY BINARY; made by sc__copy_field. */
struct sc__copy_field {
    const struct sc__type *type;
    uint16_t at;      /* offset of the member */
    uint16_t bare_at; /* offset of the bare form in it */
    uint8_t step;
    bool maybe;
    uint32_t
        element_oid; /* of an array; 0: sc__element_oid(type). The caller's to set */
};
struct sc__copy_field sc__copy_field(const struct sc__type *type, size_t at,
                                     bool maybe);
/* Fields are quickest in ascending order of this; any other is right, too. Below
 * SC__COPY_ORDERS. */
enum { SC__COPY_ORDERS = 16 };
int sc__copy_order(const struct sc__type *type, bool maybe);

/* Structs on their way into a COPY. */
struct sc__copy {
    const struct sc__copy_field *fields;
    uint16_t nfields;
    uint16_t bad; /* filled on a fault: which field of row `next` */
    const void *rows;
    size_t stride;
    size_t count;
    size_t next; /* the first one that is not encoded yet */
};

/* Appends rows, each with its count of fields, until the buffer holds `enough` bytes or
 * more, or all are done. The COPY's header and trailer are the caller's. Faults as
 * sc__encode_field; the buffer then ends with the last whole row. */
const struct sc__fault *sc__encode_rows(struct sc__copy *copy, size_t enough,
                                        struct sc__buffer *to);

/* As sc__encode_field without a length word, for cursors and tests: the binary form in
 * scratch (wire value NULL for NULL). */
const struct sc__fault *sc__encode_binary(const struct sc__source *from,
                                          struct sc__scratch *scratch,
                                          struct sc__wire *to);

/* ---- wire -> C form ---------------------------------------------------------------- */

/* A binary result and the structs its rows become. */
struct sc__result {
    const struct pg_result *result;
    const struct sc__row *row;
    int first;     /* result column of row->columns[0] */
    size_t stride; /* from one struct to the next: sizeof the C struct */
    int bad;       /* filled on a fault: index in row->columns */
    bool flat;     /* filled by sc__decode_size: there is no tail, however many rows */
};

/* How decoding goes: sc__decode_size says how many bytes all rows need beside their
 * structs; the caller allocates rows * stride bytes, aligned to 8, and that tail, aligned
 * to 8, in one block, and sc__decode_rows fills both. Text, json, jsonb and bytea borrow
 * from the result (libpq ends each value with a NUL), which must live as long as the
 * rows; all else is copied. Members that no column names are left alone, every byte of
 * the others' values is written.
 *
 * Only columns of numeric or array types are looked at for the size (else *tail is 0).
 *
 * Faults: SC_SCHEMA_MISMATCH, for all that a server of the described types never sends: a
 * wrong length, a malformed value, a column in text format, too few columns, NULL in a
 * column that is not NULLABLE. */
const struct sc__fault *sc__decode_size(struct sc__result *in, size_t *tail);
const struct sc__fault *sc__decode_rows(struct sc__result *in, void *rows, void *tail);

/* The same for a result of one row, all of whose columns came in binary format
 * (PQbinaryTuples) and none of which is numeric or an array, so that there is no tail. */
const struct sc__fault *sc__decode_row(const struct pg_result *result,
                                       const struct sc__row *row, int first, void *out,
                                       int *bad);

/* The same, all in one place of `size` bytes, aligned to 8: the struct, and behind it copies
 * of what it would borrow. Gives how many bytes that took; 0: they do not fit, or some value
 * is not as it should be: sc__decode_row says which. */
size_t sc__decode_whole(const struct pg_result *result, const struct sc__row *row,
                        int first, char *out, size_t size);

/* One value in binary format, for cursors, tests and fuzzers. data[length] must be a NUL
 * that may be read; length -1: NULL. */
struct sc__bytes {
    const char *data;
    int length;
};

/* Adds to *tail what the value needs there. */
const struct sc__fault *sc__decode_value_size(const struct sc__type *type,
                                              struct sc__bytes from, size_t *tail);
/* Fills `out` (sc__form_size(type, sc__is_maybe(type)) bytes), moving *tail (aligned to
 * 8) on. Call it only after sc__decode_value_size was content with the same value. */
const struct sc__fault *sc__decode_value(const struct sc__type *type,
                                         struct sc__bytes from, void *out, char **tail);

#endif
