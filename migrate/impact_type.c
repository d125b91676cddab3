/* impact_type.c: which types fit where, as far as statements of programs need it. Must not
 * know statements. */
#include "../sql/write.h"
#include "impacts.h"

/* Types between which PostgreSQL compares without a cast that is written. Sources:
 * pg_operator.dat and the implicit casts of pg_cast.dat, version 15. */
enum family {
    FAMILY_NONE,
    FAMILY_NUMBER,
    FAMILY_STRING,
    FAMILY_MOMENT,
    FAMILY_TIME,
    FAMILY_NETWORK,
    FAMILY_BITS
};

static enum family family_of(const struct type_info *type)
{
    switch (type->category) {
    case CATEGORY_INTEGER:
        return FAMILY_NUMBER;
    case CATEGORY_NUMBER:
        return type->id == TYPE_MONEY ? FAMILY_NONE : FAMILY_NUMBER;
    case CATEGORY_STRING:
        return FAMILY_STRING;
    case CATEGORY_BITS:
        return FAMILY_BITS;
    case CATEGORY_DATETIME:
        return type->id == TYPE_TIME || type->id == TYPE_TIMETZ ? FAMILY_TIME
                                                                : FAMILY_MOMENT;
    case CATEGORY_BOOL:
    case CATEGORY_BINARY:
    case CATEGORY_JSON:
    case CATEGORY_OTHER:
        break;
    }
    return type->id == TYPE_INET || type->id == TYPE_CIDR ? FAMILY_NETWORK
                                                          : FAMILY_NONE;
}

/* The type under domains. */
static struct model_type base_of(const struct model_type *type)
{
    struct model_type base = *type;
    while (base.kind == MODEL_DOMAIN) {
        bool array = base.array;
        base = base.domain->base;
        base.array = base.array || array;
    }
    base.modifiers = base.fields = (struct str){ 0 };
    return base;
}

static const struct type_info *builtin_of(const struct model_type *type)
{
    return type->kind == MODEL_BUILTIN ? type->builtin : NULL;
}

static bool is_string(const struct model_type *type)
{
    const struct type_info *builtin = builtin_of(type);
    return builtin && !type->array && family_of(builtin) == FAMILY_STRING;
}

bool types_comparable(const struct match *match, const struct model_type *param,
                      const struct model_type *column)
{
    struct model_type a = base_of(param), b = base_of(column);
    if (match_type_same(match, &a, &b))
        return true;
    const struct type_info *x = builtin_of(&a), *y = builtin_of(&b);
    /* Arrays are compared only when they are of one type. */
    if (!x || !y || a.array || b.array)
        return false;
    bool span = (x->id == TYPE_TIME && y->id == TYPE_INTERVAL) ||
                (x->id == TYPE_INTERVAL && y->id == TYPE_TIME);
    return span || (family_of(x) != FAMILY_NONE && family_of(x) == family_of(y));
}

/* Assignment casts between types of no family. */
static bool is_cast(enum type_id from, enum type_id to)
{
    static const struct {
        enum type_id from, to;
    } casts[] = { { TYPE_POINT, TYPE_BOX },        { TYPE_BOX, TYPE_POLYGON },
                  { TYPE_PATH, TYPE_POLYGON },     { TYPE_POLYGON, TYPE_PATH },
                  { TYPE_MACADDR, TYPE_MACADDR8 }, { TYPE_MACADDR8, TYPE_MACADDR },
                  { TYPE_TIME, TYPE_INTERVAL },    { TYPE_INTERVAL, TYPE_TIME },
                  { TYPE_MONEY, TYPE_NUMERIC },    { TYPE_NUMERIC, TYPE_MONEY },
                  { TYPE_INT4, TYPE_MONEY },       { TYPE_INT8, TYPE_MONEY },
                  { TYPE_JSON, TYPE_JSONB },       { TYPE_JSONB, TYPE_JSON } };
    for (size_t i = 0; i < sizeof casts / sizeof *casts; i++) {
        if (casts[i].from == from && casts[i].to == to)
            return true;
    }
    return false;
}

bool types_assignable(const struct match *match, const struct model_type *param,
                      const struct model_type *column)
{
    struct model_type a = base_of(param), b = base_of(column);
    if (match_type_same(match, &a, &b) || is_string(&b))
        return true; /* everything has a text that can be assigned */
    const struct type_info *x = builtin_of(&a), *y = builtin_of(&b);
    if (!x || !y || a.array != b.array)
        return false;
    bool clock = family_of(x) == FAMILY_MOMENT && x->id != TYPE_DATE &&
                 family_of(y) == FAMILY_TIME;
    return clock || is_cast(x->id, y->id) ||
           (family_of(x) != FAMILY_NONE && family_of(x) == family_of(y));
}

bool types_read_as_text(const struct model_type *from, const struct model_type *to)
{
    struct write_form form = write_form(from);
    const struct type_info *wire = builtin_of(&form.wire);
    bool text = form.cast && wire && wire->id == TYPE_TEXT;
    return text && (!form.array || write_form(to).array);
}

bool types_travel_alike(const struct match *match, const struct model_type *from,
                        const struct model_type *to)
{
    struct model_type a = write_form(from).wire, b = write_form(to).wire;
    a.modifiers = a.fields = b.modifiers = b.fields = (struct str){ 0 };
    return match_type_same(match, &a, &b);
}
