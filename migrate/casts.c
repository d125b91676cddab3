/* casts.c: the table of casts; must not know of columns or steps. */
#include "casts.h"

#include <limits.h>

#include "../sql/write.h"

/* clang-format off */
/* assigned, way, loss, cost, utc */
#define CAST(from, to, ...) { TYPE_##from, TYPE_##to, { __VA_ARGS__ } }
#define FREE(from, to)   CAST(from, to, true, CAST_PLAIN, LOSS_NONE, COST_META, false)
#define INDEX(from, to)  CAST(from, to, true, CAST_PLAIN, LOSS_NONE, COST_BUILD, false)
#define WIDE(from, to)   CAST(from, to, true, CAST_PLAIN, LOSS_NONE, COST_REWRITE, false)
#define UTC(from, to)    CAST(from, to, true, CAST_PLAIN, LOSS_NONE, COST_META, true)
#define NARROW(from, to) \
    CAST(from, to, true, CAST_PLAIN, LOSS_ROUND_TRIP, COST_REWRITE, false)
#define CUTS(from, to)  CAST(from, to, true, CAST_PLAIN, LOSS_ANY, COST_REWRITE, false)
#define ASKED(from, to) \
    CAST(from, to, false, CAST_PLAIN, LOSS_CONVERTS, COST_REWRITE, false)

/* src/include/catalog/pg_cast.dat of version 15, without shapes and multiranges, which
 * are asked about like everything else that is not here. What has a round trip has a cast
 * back, assigned or asked for. */
static const struct {
    enum type_id from, to;
    struct cast cast;
} casts[] = {
    WIDE(INT2, INT4), WIDE(INT2, INT8), WIDE(INT2, NUMERIC), WIDE(INT2, FLOAT4),
    WIDE(INT2, FLOAT8), WIDE(INT4, INT8), WIDE(INT4, NUMERIC), WIDE(INT4, FLOAT8),
    WIDE(INT8, NUMERIC), WIDE(FLOAT4, FLOAT8),
    NARROW(INT4, INT2), NARROW(INT8, INT2), NARROW(INT8, INT4), NARROW(INT4, FLOAT4),
    NARROW(INT8, FLOAT4), NARROW(INT8, FLOAT8),
    NARROW(FLOAT4, INT2), NARROW(FLOAT4, INT4), NARROW(FLOAT4, INT8),
    NARROW(FLOAT8, INT2), NARROW(FLOAT8, INT4), NARROW(FLOAT8, INT8),
    NARROW(FLOAT8, FLOAT4), NARROW(FLOAT4, NUMERIC), NARROW(FLOAT8, NUMERIC),
    NARROW(NUMERIC, INT2), NARROW(NUMERIC, INT4), NARROW(NUMERIC, INT8),
    NARROW(NUMERIC, FLOAT4), NARROW(NUMERIC, FLOAT8),
    NARROW(NUMERIC, MONEY), NARROW(MONEY, NUMERIC),
    CUTS(INT4, MONEY), CUTS(INT8, MONEY),
    INDEX(INT4, OID), INDEX(OID, INT4), WIDE(OID, INT8), NARROW(INT8, OID),
    ASKED(BOOL, INT4), ASKED(INT4, BOOL),
    FREE(VARCHAR, TEXT), INDEX(TEXT, VARCHAR), INDEX(XML, TEXT), INDEX(XML, VARCHAR),
    WIDE(CHAR, TEXT), WIDE(CHAR, VARCHAR), WIDE(NAME, TEXT), WIDE(NAME, VARCHAR),
    WIDE(ONE_CHAR, TEXT), WIDE(TEXT, CHAR), WIDE(VARCHAR, CHAR),
    NARROW(TEXT, ONE_CHAR), NARROW(VARCHAR, ONE_CHAR), NARROW(TEXT, NAME),
    NARROW(VARCHAR, NAME),
    WIDE(JSON, JSONB), WIDE(JSONB, JSON),
    ASKED(JSONB, BOOL), ASKED(JSONB, INT2), ASKED(JSONB, INT4), ASKED(JSONB, INT8),
    ASKED(JSONB, NUMERIC), ASKED(JSONB, FLOAT4), ASKED(JSONB, FLOAT8),
    FREE(CIDR, INET), NARROW(INET, CIDR), WIDE(MACADDR, MACADDR8),
    NARROW(MACADDR8, MACADDR),
    UTC(TIMESTAMP, TIMESTAMPTZ), UTC(TIMESTAMPTZ, TIMESTAMP),
    WIDE(DATE, TIMESTAMP), WIDE(DATE, TIMESTAMPTZ), NARROW(TIMESTAMP, DATE),
    NARROW(TIMESTAMPTZ, DATE), CUTS(TIMESTAMP, TIME), CUTS(TIMESTAMPTZ, TIME),
    CUTS(TIMESTAMPTZ, TIMETZ), WIDE(TIME, TIMETZ), NARROW(TIMETZ, TIME),
    WIDE(TIME, INTERVAL), NARROW(INTERVAL, TIME),
    INDEX(BIT, VARBIT), NARROW(VARBIT, BIT), ASKED(BIT, INT4), ASKED(BIT, INT8),
    ASKED(INT4, BIT), ASKED(INT8, BIT),
};
/* clang-format on */

/* ---- modifiers ---- */

static long modifier(struct str modifiers, size_t which, long otherwise)
{
    long numbers[2] = { otherwise, otherwise };
    bool given[2] = { false, false };
    size_t k = 0;
    for (size_t i = 0; i < modifiers.n && k < 2; i++) {
        char c = modifiers.s[i];
        if (c >= '0' && c <= '9') {
            numbers[k] = (given[k] ? numbers[k] * 10 : 0) + (c - '0');
            given[k] = true;
        }
        k += c == ',';
    }
    return numbers[which];
}

static const struct cast fits = { true, CAST_PLAIN, LOSS_NONE, COST_META, false };
static const struct cast fits_rewritten = { true, CAST_PLAIN, LOSS_NONE, COST_REWRITE,
                                            false };
static const struct cast rounds = { true, CAST_PLAIN, LOSS_ROUND_TRIP, COST_REWRITE,
                                    false };
static const struct cast longer = { true, CAST_PLAIN, LOSS_LENGTH, COST_REWRITE,
                                    false };
static const struct cast converts = { false, CAST_PLAIN, LOSS_CONVERTS, COST_REWRITE,
                                      false };
static const struct cast by_text = { false, CAST_BY_TEXT, LOSS_CONVERTS, COST_REWRITE,
                                     false };

/* numeric_support: only the digits before the point may grow for free. */
static struct cast numeric_modifiers(struct str from, struct str to)
{
    if (!to.n)
        return fits;
    long digits = modifier(from, 0, 1000), scale = modifier(from, 1, 0);
    long to_digits = modifier(to, 0, 1000), to_scale = modifier(to, 1, 0);
    if (!from.n)
        return rounds;
    if (scale == to_scale)
        return to_digits >= digits ? fits : rounds;
    bool room = to_scale > scale && to_digits - to_scale >= digits - scale;
    return room ? fits_rewritten : rounds;
}

/* The modifier of a string is its greatest length; without one anything fits. */
static struct cast length_modifiers(struct str from, struct str to, bool padded)
{
    long most = from.n ? modifier(from, 0, 1) : padded ? 1 : LONG_MAX;
    long to_most = to.n ? modifier(to, 0, 1) : padded ? 1 : LONG_MAX;
    if (to_most < most)
        return longer;
    return padded ? fits_rewritten : fits;
}

/* TemporalSimplify: a finer precision is free; interval_support the same for fields. */
static struct cast precision_modifiers(const struct model_type *from,
                                       const struct model_type *to)
{
    long digits = modifier(from->modifiers, 0, 6);
    long to_digits = modifier(to->modifiers, 0, 6);
    bool fields = !to->fields.n || str_eq(from->fields, to->fields);
    return to_digits >= digits && fields ? fits : rounds;
}

static struct cast same_base(const struct model_type *from, const struct model_type *to)
{
    enum type_id id = to->builtin->id;
    if (id == TYPE_NUMERIC)
        return numeric_modifiers(from->modifiers, to->modifiers);
    if (id == TYPE_VARCHAR || id == TYPE_VARBIT)
        return length_modifiers(from->modifiers, to->modifiers, false);
    if (id == TYPE_CHAR)
        return length_modifiers(from->modifiers, to->modifiers, true);
    if (to->builtin->category == CATEGORY_DATETIME || id == TYPE_INTERVAL)
        return precision_modifiers(from, to);
    return rounds;
}

/* ---- between two built-in types ---- */

static bool is_string(const struct model_type *type)
{
    return type->kind == MODEL_BUILTIN &&
           (type->builtin->id == TYPE_TEXT || type->builtin->id == TYPE_VARCHAR ||
            type->builtin->id == TYPE_CHAR);
}

/* The target's modifier comes on top of a cast that would fit. */
static struct cast with_modifiers(struct cast cast, const struct model_type *to)
{
    if (!to->modifiers.n && to->builtin->id != TYPE_CHAR)
        return cast;
    if (cast.loss == LOSS_NONE)
        cast.loss = is_string(to) ? LOSS_LENGTH : LOSS_ROUND_TRIP;
    cast.cost = COST_REWRITE;
    return cast;
}

static struct cast between_builtins(const struct model_type *from,
                                    const struct model_type *to)
{
    if (from->builtin == to->builtin)
        return same_base(from, to);
    for (size_t i = 0; i < sizeof casts / sizeof *casts; i++) {
        if (casts[i].from == from->builtin->id && casts[i].to == to->builtin->id)
            return with_modifiers(casts[i].cast, to);
    }
    /* Anything is assigned to a string through its text. */
    if (is_string(to))
        return with_modifiers(fits_rewritten, to);
    return is_string(from) ? converts : by_text;
}

/* ---- enums, domains, extensions, arrays ---- */

/* The type that a domain stands on, in the end. */
static const struct model_type *bare(const struct model_type *type, bool *checked)
{
    while (type->kind == MODEL_DOMAIN) {
        *checked |= type->domain->checks.n > 0 || type->domain->not_null;
        type = &type->domain->base;
    }
    return type;
}

static bool is_citext(const struct model_type *type)
{
    return type->kind == MODEL_EXTTYPE && str_eq_c(type->exttype->name.name, "citext");
}

static struct cast between_kinds(const struct model_type *from,
                                 const struct model_type *to)
{
    if (from->kind == MODEL_BUILTIN && to->kind == MODEL_BUILTIN)
        return between_builtins(from, to);
    struct cast cast = by_text;
    bool citext = (is_citext(from) && is_string(to)) ||
                  (is_string(from) && is_citext(to));
    if (citext && !to->modifiers.n) {
        cast = fits;
        cast.cost = COST_BUILD;
    } else if (is_string(to)) {
        cast = with_modifiers(fits_rewritten, to);
    } else if (is_string(from)) {
        cast.way = CAST_PLAIN;
    }
    return cast;
}

/* Of elements or scalars; whether both are arrays makes no difference. */
static struct cast between(const struct match *match, const struct model_type *from,
                           const struct model_type *to)
{
    bool ignored = false, checked = false;
    const struct model_type *under = bare(from, &ignored);
    const struct model_type *over = bare(to, &checked);
    struct model_type a = *under, b = *over;
    a.array = b.array = false;
    struct cast cast = match_type_same(match, &a, &b) ? fits : between_kinds(&a, &b);
    if (checked) {
        cast.cost = COST_REWRITE;
        cast.loss = cast.loss == LOSS_NONE ? LOSS_CONVERTS : cast.loss;
    }
    return cast;
}

struct cast cast_between(const struct match *match, const struct model_type *from,
                         const struct model_type *to)
{
    if (from->array == to->array) {
        struct cast cast = between(match, from, to);
        if (to->array && cast.loss == LOSS_LENGTH)
            cast.loss = LOSS_ROUND_TRIP;
        if (to->array && cast.way == CAST_BY_TEXT)
            cast.loss = LOSS_CONVERTS;
        return cast;
    }
    if (to->array) {
        struct cast cast = { false, CAST_INTO_ARRAY, LOSS_CONVERTS, COST_REWRITE,
                             false };
        return cast;
    }
    return is_string(to) ? with_modifiers(fits_rewritten, to) : by_text;
}

/* ---- the expression ---- */

void cast_put(struct buf *out, const struct cast *cast, struct str operand,
              const struct model_type *to)
{
    switch (cast->way) {
    case CAST_PLAIN:
        buf_printf(out, "%.*s::", STR_ARGS(operand));
        break;
    case CAST_BY_TEXT:
        buf_printf(out, "%.*s::text::", STR_ARGS(operand));
        break;
    case CAST_INTO_ARRAY:
        buf_printf(out, "case when %.*s is not null then array[%.*s]::text[]::",
                   STR_ARGS(operand), STR_ARGS(operand));
        write_type(out, to);
        buf_puts(out, " end");
        return;
    }
    write_type(out, to);
}

/* ---- what an index takes ---- */

bool type_has_order(const struct model_type *type)
{
    static const enum type_id without[] = {
        TYPE_JSON, TYPE_JSONPATH, TYPE_XML,           TYPE_POINT,      TYPE_LINE,
        TYPE_LSEG, TYPE_BOX,      TYPE_PATH,          TYPE_POLYGON,    TYPE_CIRCLE,
        TYPE_XID,  TYPE_CID,      TYPE_TXID_SNAPSHOT, TYPE_PG_SNAPSHOT
    };
    while (type->kind == MODEL_DOMAIN)
        type = &type->domain->base;
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        if (type->kind == MODEL_BUILTIN && type->builtin->id == without[i])
            return false;
    }
    return true;
}
