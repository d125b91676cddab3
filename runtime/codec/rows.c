/* rows.c: a binary result into an array of structs, column by column; allocates
 * nothing and knows no statement.
 *
 * One loop a kind, chosen once a column: the calls into libpq are what a row costs, so
 * each loop makes as few as it can. libpq ends every value with a NUL and gives "" for
 * NULL, hence an empty one is the only case that asks PQgetisnull. */
#include "fixed.h"
#include <libpq-fe.h>

static const struct sc__fault is_missing = { SC_SCHEMA_MISMATCH,
                                             "is not in the result" };
static const struct sc__fault is_text = { SC_SCHEMA_MISMATCH, "came in text format" };

enum { FEW = 8 }; /* rows that cost less one by one than column by column */

static const char zeros[16]; /* the bytes of the largest fixed kind, all zero */

/* A column at work: cell i of it becomes out + i * stride. */
struct column {
    const PGresult *result;
    int number;
    int rows;
    const struct sc__type *type;
    char *out;
    size_t stride;
    char *tail;
};

typedef const struct sc__fault *fill_column(struct column *c);

/* Sets a NULL, or says why the cell is neither NULL nor of its kind. */
static const struct sc__fault *set_null(const struct column *c, int row, char *out)
{
    if (!PQgetisnull(c->result, row, c->number)) {
        return &sc__has_wrong_length;
    }
    struct sc__bytes null = { NULL, -1 };
    char *tail = NULL;
    return sc__decode_value(c->type, null, out, &tail);
}

typedef void load(void *out, const char *from);

/* Inlined once a kind, so that its parameters but the first are constants. */
#define INLINED SC__INLINED const struct sc__fault *

INLINED fill_fixed(struct column *c, int bytes, load *load_one)
{
    const PGresult *result = c->result;
    const int number = c->number, rows = c->rows;
    char *out = c->out;
    for (int i = 0; i < rows; i++, out += c->stride) {
        if (PQgetlength(result, i, number) != bytes) {
            return set_null(c, i, out);
        }
        load_one(out, PQgetvalue(result, i, number));
    }
    return NULL;
}

/* libpq gives one address for all NULLs of a result: the first of a column is asked for, the
 * others are known by it. (An empty value may have the same where a result was not read
 * from a server; it is no value of these kinds either.) */
INLINED fill_maybe(struct column *c, int bytes, size_t value_at, load *load_one)
{
    const PGresult *result = c->result;
    const int number = c->number, rows = c->rows;
    const enum sc_is is_value = SC_IS_VALUE, is_null = SC_IS_NULL;
    const char *null = NULL;
    char *out = c->out;
    for (int i = 0; i < rows; i++, out += c->stride) {
        const char *value = PQgetvalue(result, i, number);
        if (value != null) {
            if (PQgetlength(result, i, number) == bytes) {
                memcpy(out, &is_value, sizeof is_value);
                load_one(out + value_at, value);
                continue;
            }
            if (!PQgetisnull(result, i, number)) {
                return &sc__has_wrong_length;
            }
            null = value;
        }
        load_one(out + value_at, zeros);
        memcpy(out, &is_null, sizeof is_null);
    }
    return NULL;
}

#define FIXED(name, bytes, maybe)                                                 \
    static const struct sc__fault *fill_##name(struct column *c)                  \
    {                                                                             \
        if (c->type->flags & SC__NULLABLE) {                                      \
            return fill_maybe(c, bytes, offsetof(maybe, value), sc__load_##name); \
        }                                                                         \
        return fill_fixed(c, bytes, sc__load_##name);                             \
    }
SC__FIXED_KINDS(FIXED)
#undef FIXED

/* No length is asked for: the value ends with its NUL. */
static const struct sc__fault *fill_text(struct column *c)
{
    const PGresult *result = c->result;
    const int number = c->number, rows = c->rows;
    char *out = c->out;
    for (int i = 0; i < rows; i++, out += c->stride) {
        const char *text = PQgetvalue(result, i, number);
        if (*text == '\0' && PQgetisnull(result, i, number)) {
            return &sc__came_null;
        }
        memcpy(out, &text, sizeof text);
    }
    return NULL;
}

static const struct sc__fault *fill_nullable_text(struct column *c)
{
    const PGresult *result = c->result;
    const int number = c->number, rows = c->rows;
    char *out = c->out;
    for (int i = 0; i < rows; i++, out += c->stride) {
        const char *text = PQgetvalue(result, i, number);
        if (*text == '\0' && PQgetisnull(result, i, number)) {
            text = NULL;
        }
        memcpy(out, &text, sizeof text);
    }
    return NULL;
}

static const struct sc__fault *fill_jsonb(struct column *c)
{
    const struct sc__fault *fault = NULL;
    char *out = c->out;
    for (int i = 0; i < c->rows && fault == NULL; i++, out += c->stride) {
        const char *text = PQgetvalue(c->result, i, c->number);
        if (*text == 1) { /* the version of its binary form */
            text++;
            memcpy(out, &text, sizeof text);
        } else {
            fault = set_null(c, i, out);
        }
    }
    return fault;
}

static const struct sc__fault *fill_enum(struct column *c)
{
    const bool maybe = sc__is_maybe(c->type);
    const size_t value_at = maybe ? sc__value_at(c->type) : 0;
    const enum sc_is is = SC_IS_VALUE;
    const struct sc__fault *fault = NULL;
    char *out = c->out;
    for (int i = 0; i < c->rows && fault == NULL; i++, out += c->stride) {
        const char *label = PQgetvalue(c->result, i, c->number);
        if (*label == '\0' && PQgetisnull(c->result, i, c->number)) {
            fault = set_null(c, i, out);
            continue;
        }
        int length = PQgetlength(c->result, i, c->number);
        int value = sc__match_label(c->type->labels, label, (size_t)length);
        if (maybe) {
            memcpy(out, &is, sizeof is);
        }
        memcpy(out + value_at, &value, sizeof value);
    }
    return fault;
}

static struct sc__bytes get_cell(const struct column *c, int row)
{
    struct sc__bytes cell = { PQgetvalue(c->result, row, c->number),
                              PQgetlength(c->result, row, c->number) };
    if (cell.length == 0 && PQgetisnull(c->result, row, c->number)) {
        cell.length = -1;
    }
    return cell;
}

static const struct sc__fault *fill_other(struct column *c)
{
    const struct sc__fault *fault = NULL;
    char *out = c->out;
    for (int i = 0; i < c->rows && fault == NULL; i++, out += c->stride) {
        fault = sc__decode_value(c->type, get_cell(c, i), out, &c->tail);
    }
    return fault;
}

static fill_column *choose(const struct sc__type *type)
{
    if (sc__is_array(type)) {
        return fill_other;
    }
    switch ((enum sc__kind)type->kind) {
    case SC__BOOL:
        return fill_bool;
    case SC__INT2:
        return fill_2;
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
    case SC__DATE:
        return fill_4;
    case SC__INT8:
    case SC__FLOAT8:
    case SC__TIME:
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
        return fill_8;
    case SC__UUID:
        return fill_uuid;
    case SC__TIMETZ:
        return fill_timetz;
    case SC__INTERVAL:
        return fill_interval;
    case SC__TEXT:
        return type->flags & SC__NULLABLE ? fill_nullable_text : fill_text;
    case SC__JSONB:
        return fill_jsonb;
    case SC__ENUM:
        return fill_enum;
    case SC__NUMERIC:
    case SC__BYTEA:
    case SC__INET:
        return fill_other;
    }
    return fill_other;
}

static bool has_tail(const struct sc__type *type)
{
    return sc__is_array(type) || type->kind == SC__NUMERIC;
}

static const struct sc__fault *size_column(const struct column *c, size_t *tail)
{
    const struct sc__fault *fault = NULL;
    for (int i = 0; i < c->rows && fault == NULL; i++) {
        fault = sc__decode_value_size(c->type, get_cell(c, i), tail);
    }
    return fault;
}

/* Text and json are the same bytes in both formats. */
static bool has_right_format(const struct column *c)
{
    return PQfformat(c->result, c->number) == 1 ||
           (!sc__is_array(c->type) &&
            (c->type->kind == SC__TEXT || c->type->kind == SC__ENUM));
}

static const struct sc__fault *size_columns(struct sc__result *in, size_t *tail)
{
    struct column c = { .result = in->result, .rows = PQntuples(in->result) };
    int columns = PQnfields(in->result);
    bool binary = PQbinaryTuples(in->result);
    for (int i = 0; i < in->row->ncolumns; i++) {
        const struct sc__fault *fault = NULL;
        c.number = in->first + i;
        c.type = &in->row->columns[i].type;
        if (c.number >= columns) {
            fault = &is_missing;
        } else if (!binary && !has_right_format(&c)) {
            fault = &is_text;
        } else if (has_tail(c.type)) {
            fault = size_column(&c, tail);
        }
        if (fault != NULL) {
            in->bad = i;
            return fault;
        }
    }
    return NULL;
}

/* All that the columns' types alone tell: whether they are there, in binary format, and none
 * needs a tail. */
static bool is_flat(const struct sc__result *in)
{
    const struct sc__column *column = in->row->columns;
    const struct sc__column *last = column + in->row->ncolumns;
    if (!PQbinaryTuples(in->result) ||
        PQnfields(in->result) < in->first + in->row->ncolumns) {
        return false;
    }
    while (column < last && !has_tail(&column->type)) {
        column++;
    }
    return column == last;
}

const struct sc__fault *sc__decode_size(struct sc__result *in, size_t *tail)
{
    *tail = 0;
    in->flat = is_flat(in);
    return in->flat ? NULL : size_columns(in, tail);
}

const struct sc__fault *sc__decode_rows(struct sc__result *in, void *rows, void *tail)
{
    struct column c = {
        .result = in->result,
        .rows = PQntuples(in->result),
        .stride = in->stride,
        .tail = tail,
    };
    if (in->flat && c.rows <= FEW) {
        return sc__decode_few(in, rows);
    }
    for (int i = 0; i < in->row->ncolumns; i++) {
        const struct sc__column *column = &in->row->columns[i];
        c.number = in->first + i;
        c.type = &column->type;
        c.out = (char *)rows + column->row_at;
        const struct sc__fault *fault = choose(c.type)(&c);
        if (fault != NULL) {
            in->bad = i;
            return fault;
        }
    }
    return NULL;
}
