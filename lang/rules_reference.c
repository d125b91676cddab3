/* rules_reference.c: which types a foreign key may join. Must not know of keys.
 *
 * PostgreSQL takes a pair when the operator family of the key's index compares the two
 * types, or when the referring one turns into the key's by an implicit cast. Source:
 * ATAddForeignKeyConstraint in src/backend/commands/tablecmds.c, version 15; the pairs by
 * trying each of them there (tests/db/key_types_test.c). */
#include "resolver.h"

/* Types that go with the same others. NONE: with its own kind alone. */
enum family {
    NONE,
    WHOLE,
    FLOATING,
    EXACT,
    STRING,
    PADDED,
    IDENTIFIER,
    ONE_BYTE,
    DAY,
    CLOCK,
    ZONED_CLOCK,
    SPAN,
    BITS,
    NETWORK,
    HARDWARE,
    OBJECT
};

static enum family family_of(enum type_id id)
{
    static const struct {
        enum type_id id;
        enum family family;
    } known[] = {
        { TYPE_INT2, WHOLE },
        { TYPE_INT4, WHOLE },
        { TYPE_INT8, WHOLE },
        { TYPE_FLOAT4, FLOATING },
        { TYPE_FLOAT8, FLOATING },
        { TYPE_NUMERIC, EXACT },
        { TYPE_TEXT, STRING },
        { TYPE_VARCHAR, STRING },
        { TYPE_CHAR, PADDED },
        { TYPE_BPCHAR, PADDED },
        { TYPE_NAME, IDENTIFIER },
        { TYPE_ONE_CHAR, ONE_BYTE },
        { TYPE_DATE, DAY },
        { TYPE_TIMESTAMP, DAY },
        { TYPE_TIMESTAMPTZ, DAY },
        { TYPE_TIME, CLOCK },
        { TYPE_TIMETZ, ZONED_CLOCK },
        { TYPE_INTERVAL, SPAN },
        { TYPE_BIT, BITS },
        { TYPE_VARBIT, BITS },
        { TYPE_INET, NETWORK },
        { TYPE_CIDR, NETWORK },
        { TYPE_MACADDR, HARDWARE },
        { TYPE_MACADDR8, HARDWARE },
        { TYPE_OID, OBJECT },
        { TYPE_REGCLASS, OBJECT },
        { TYPE_REGTYPE, OBJECT },
        { TYPE_REGPROC, OBJECT },
        { TYPE_REGPROCEDURE, OBJECT },
        { TYPE_REGOPER, OBJECT },
        { TYPE_REGOPERATOR, OBJECT },
        { TYPE_REGROLE, OBJECT },
        { TYPE_REGNAMESPACE, OBJECT },
        { TYPE_REGCOLLATION, OBJECT },
        { TYPE_REGCONFIG, OBJECT },
        { TYPE_REGDICTIONARY, OBJECT },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].id == id) {
            return known[i].family;
        }
    }
    return NONE;
}

/* Of different families. */
static bool goes_into(enum family from, enum family to)
{
    static const struct {
        enum family from, to;
    } pairs[] = {
        { WHOLE, FLOATING },    { WHOLE, EXACT },   { WHOLE, OBJECT },
        { EXACT, FLOATING },    { PADDED, STRING }, { IDENTIFIER, STRING },
        { ONE_BYTE, STRING },   { STRING, PADDED }, { STRING, IDENTIFIER },
        { PADDED, IDENTIFIER }, { CLOCK, SPAN },    { CLOCK, ZONED_CLOCK },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i].from == from && pairs[i].to == to) {
            return true;
        }
    }
    return false;
}

/* Under domains; an array of a domain is a type of its own. */
static const struct model_type *base_of(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN && !type->array) {
        type = &type->domain->base;
    }
    return type;
}

enum key_fit rule_key_types(const struct model_type *from, const struct model_type *to)
{
    from = base_of(from);
    to = base_of(to);
    if (model_type_same(from, to)) {
        return KEY_FITS;
    }
    if (from->kind != MODEL_BUILTIN || to->kind != MODEL_BUILTIN || from->array ||
        to->array) {
        return KEY_REFUSED;
    }
    enum family a = family_of(from->builtin->id), b = family_of(to->builtin->id);
    if (a == NONE || (a != b && !goes_into(a, b))) {
        return KEY_REFUSED;
    }
    /* The ids of int2, int4 and int8 ascend. */
    bool holds = a == STRING || (a == WHOLE && from->builtin->id > to->builtin->id);
    return holds && a == b ? KEY_FITS : KEY_CONVERTED;
}
