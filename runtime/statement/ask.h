/* ask.h: one statement that is to run, with its parameters in wire form.
 *
 * Knows descriptors, not connections: an ask can be built, kept in a batch, and flown
 * later on whatever connection there is then.
 */
#ifndef SC_ASK_H
#define SC_ASK_H
#include "runtime/codec/codec.h"
#include "text.h"
#include <libpq-fe.h>
#include <string.h>

struct sc__plan;

/* What text an ask has, and which descriptor it is of. */
enum sc__op {
    SC__OP_RUN,         /* struct sc__stmt; words: the variant */
    SC__OP_INSERT,      /* struct sc__insert; words: bits of the columns given */
    SC__OP_INSERT_MANY, /* the same, by unnest */
    SC__OP_UPSERT,      /* struct sc__upsert */
    SC__OP_UPSERT_MANY, /* the same, by unnest */
    SC__OP_UPDATE       /* struct sc__update; words: bits of the columns set */
};

/* Which statement it is: whole keys are compared. */
struct sc__key {
    const void *owner;     /* the descriptor */
    const uint64_t *words; /* one or more */
    uint16_t nwords;
    uint8_t op; /* enum sc__op */
    bool returning;
};

static inline bool sc__key_is(const struct sc__key *a, const struct sc__key *b)
{
    if (a->owner != b->owner || a->words[0] != b->words[0] || a->op != b->op ||
        a->returning != b->returning || a->nwords != b->nwords)
        return false;
    for (uint16_t i = 1; i < a->nwords; i++)
        if (a->words[i] != b->words[i])
            return false;
    return true;
}

struct sc__ask {
    struct sc__key key;
    const char *label;
    const struct sc__row *row; /* the rows that are wanted; NULL: none */
    uint16_t first;            /* result column of row->columns[0] */
    uint16_t nparams;
    uint8_t flags;  /* SC__WRITE, SC__TOUCHES_SECRET */
    uint8_t step;   /* the trip's own: what was sent for it */
    uint8_t fate;   /* enum sc__fate */
    uint8_t status; /* of a trip apart: enum sc_status */
    struct sc__wire *wires;
    uint64_t word;          /* room for a key of one word */
    struct sc__plan *plan;  /* set in flight */
    PGresult *result;       /* set in flight; the ask owns it */
    struct sc__slab **slab; /* NULL, or where its one row is made as it comes: */
    void *made;             /* a block, in place of the result */
    struct sc_error *error; /* of a trip apart; NULL: no memory for it */
};

/* Bits; all but the first are the trip's own. */
enum sc__fate {
    SC__FATE_ENDS = 1,   /* the last one of its call */
    SC__FATE_OVER = 2,   /* nothing more is sent for it */
    SC__FATE_STALE = 4,  /* its plan is to be mended, and it is sent once more: */
    SC__FATE_GONE = 8,   /* because the server has no such statement */
    SC__FATE_TAKEN = 16, /* because it has one already */
    SC__FATE_LATER = 32, /* it is not sent before the next attempt */
    SC__FATE_AGAIN = 60
};

/* A text, which most parameters are, travels as it stands. False: it is none, or NULL. */
static inline bool sc__ask_borrow(const struct sc__type *type, const void *value,
                                  struct sc__wire *to)
{
    const char *text;
    if (type->kind != SC__TEXT || (type->flags & SC__ARRAY))
        return false;
    memcpy(&text, value, sizeof(text));
    to->value = text;
    to->length = 0;
    to->format = 0;
    return text;
}

/* Encodes one parameter: texts here and now. */
static inline const struct sc__fault *sc__ask_encode(const struct sc__source *from,
                                                     struct sc__scratch *scratch,
                                                     struct sc__wire *to)
{
    if (!from->maybe && sc__ask_borrow(from->type, from->value, to))
        return NULL;
    return sc__encode(from, scratch, to);
}

/* A parameter's type in Parse. */
struct sc__param {
    const struct sc__type *type;
    bool as_list; /* an array of it */
};

/* Writes the ask's text, and fills params (ask->nparams of them). The text fails stickily
 * when there is no memory. */
void sc__ask_compose(const struct sc__ask *ask, struct sc__text *sql,
                     struct sc__param *params);
/* The text when it needs no composing, else NULL. */
const char *sc__ask_text(const struct sc__ask *ask);

/* Bits of columns in key words. */
bool sc__mask_has(const uint64_t *words, size_t column);
void sc__mask_add(uint64_t *words, size_t column);
size_t sc__mask_count(const uint64_t *words, size_t nwords);
/* Words that a mask over a row's columns takes. */
static inline size_t sc__mask_words(const struct sc__row *row)
{
    return row->ncolumns ? ((size_t)row->ncolumns + 63) / 64 : 1;
}

#endif
