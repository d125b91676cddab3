/* private.h: what the codec's files share; nobody else includes it. */
#ifndef SC_CODEC_PRIVATE_H
#define SC_CODEC_PRIVATE_H
#include "runtime/bytes.h"
#include "codec.h"
#include "runtime/inline.h"

/* ---- faults ------------------------------------------------------------------------ */

extern const struct sc__fault sc__no_memory;
extern const struct sc__fault sc__is_null;     /* a NULL where none may be */
extern const struct sc__fault sc__is_neither;  /* an `is` member that is none */
extern const struct sc__fault sc__is_too_long; /* for the protocol */
extern const struct sc__fault sc__is_no_number;
extern const struct sc__fault sc__is_malformed; /* bytes of a value */
extern const struct sc__fault sc__has_wrong_length;
extern const struct sc__fault sc__came_null; /* and is NOT NULL */

/* PostgreSQL takes no value beyond it (MaxAllocSize, src/include/utils/memutils.h). */
#define SC__VALUE_MAX 0x3fffffff

/* Address families on the wire: PostgreSQL 15, src/include/utils/inet.h. */
#define SC__FAMILY_V4 2
#define SC__FAMILY_V6 3

/* ---- forms ------------------------------------------------------------------------- */

static inline bool sc__is_array(const struct sc__type *type)
{
    return (type->flags & SC__ARRAY) != 0;
}

/* Where the bare form stands in a struct sc_maybe_x. */
size_t sc__value_at(const struct sc__type *type);

/* Gives the bare form, or NULL for SQL NULL; a fault where that may not be. */
const struct sc__fault *sc__resolve(const struct sc__source *from, const void **bare);

/* The type of an array's elements. */
struct sc__type sc__element_type(const struct sc__type *type);

/* Any of the arrays, by its members. */
struct sc__any_array {
    const void *items;
    size_t count;
    const struct sc_shape *shape;
};

static inline size_t sc__round_up(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

/* ---- binary values out -------------------------------------------------------------- */

/* Checks a bare form that is not NULL and gives the size of its binary form (an array's
 * in whole); then writes it, unless it is an array, and gives its end. */
const struct sc__fault *sc__binary_size(const struct sc__type *type, const void *bare,
                                        size_t *size);
char *sc__binary_write(const struct sc__type *type, const void *bare, char *to);

/* The same for a numeric's text. */
const struct sc__fault *sc__numeric_size(const char *text, size_t *size);
char *sc__numeric_write(const char *text, char *to);

/* Elements, wherever they stand, and the array that they make. */
struct sc__list {
    struct sc__type element; /* may itself be an array: then literals are written */
    const char *base;
    size_t stride;
    size_t count;
    const struct sc_shape *shape; /* NULL: a plain list */
    uint32_t oid;                 /* of the elements, in the array's header */
    bool maybe;
    bool some_null; /* filled by sc__list_size */
    size_t bad;     /* filled on a fault of an element */
};

struct sc__list sc__list_of(const struct sc__type *type, const void *bare,
                            uint32_t element_oid);
/* Gives the bare form of element i, NULL for SQL NULL. */
const struct sc__fault *sc__list_at(const struct sc__list *list, size_t i,
                                    const void **bare);
const struct sc__fault *sc__list_check_shape(const struct sc__list *list);
const struct sc__fault *sc__list_size(struct sc__list *list, size_t *size);
char *sc__list_write(const struct sc__list *list, char *to);
/* Both, into scratch. */
const struct sc__fault *sc__encode_list(struct sc__list *list,
                                        struct sc__scratch *scratch,
                                        struct sc__wire *to);

/* The array as PostgreSQL reads it in text, {1,NULL,"a b"}, its elements checked; no NUL
 * behind it. to NULL: only the size is wanted. */
const struct sc__fault *sc__literal_write(const struct sc__type *type, const void *bare,
                                          char *to, size_t *size);

/* Appends a text's length word, `ahead` bytes of jsonb's version, and the text: a short one
 * (SC__SHORT) always, so there must be room for it; a longer one when it ends before
 * *limit. NULL: it does not. */
SC__INLINED char *sc__put_sized(char *to, const char *text, size_t ahead,
                                const char *const *limit)
{
    size_t size = strlen(text);
    to = sc__put32(to, (uint32_t)(size + ahead)) + ahead;
    if (ahead > 0) {
        to[-1] = 1;
    }
    if (SC__MOSTLY(size <= SC__SHORT)) {
        return sc__put_short(to, text, size);
    }
    return (ptrdiff_t)size > *limit - to ? NULL : sc__put_bytes(to, text, size);
}
/* What a short one takes at most. */
#define SC__TEXT_ROOM (4 + 1 + SC__SHORT)

/* A flat result of few rows, row by row. */
const struct sc__fault *sc__decode_few(struct sc__result *in, void *rows);

/* ---- binary values in ---------------------------------------------------------------- */

/* Checks a numeric and gives the bytes that its text needs, NUL included; then writes
 * that text and gives its end, behind the NUL. */
const struct sc__fault *sc__numeric_text_size(struct sc__bytes from, size_t *size);
char *sc__numeric_text(struct sc__bytes from, char *to);

/* Fills a bare form from a value that is not NULL and no array; *tail moves on behind
 * what it took, unaligned. */
const struct sc__fault *sc__decode_bare(const struct sc__type *type,
                                        struct sc__bytes from, void *out, char **tail);

/* An array's size in the tail, and its form. */
const struct sc__fault *sc__array_tail(const struct sc__type *type,
                                       struct sc__bytes from, size_t *tail);
const struct sc__fault *sc__decode_array(const struct sc__type *type,
                                         struct sc__bytes from, void *out, char **tail);

/* The value of a label that stands in bytes, -1 when none is like it. label[length] can
 * be read. */
int sc__match_label(const struct sc__enum *labels, const char *label, size_t length);

#endif
