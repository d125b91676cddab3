/* value.c: made-up values of the built-in types. Must not know of tables. */
#include "value.h"

#include <inttypes.h>
#include <stdlib.h>

#include "../sql/quote.h"
#include "../sql/write.h"
#include "words.h"

/* splitmix64's finaliser, by Sebastiano Vigna; public domain. */
uint64_t value_mix(uint64_t a, uint64_t b)
{
    uint64_t z = a + 0x9e3779b97f4a7c15u * (b + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* ---- numbers ---- */

/* Whole values in the bounds, else from 1. Distinct ones count upwards. */
static int64_t whole(const struct value_wish *wish, int64_t limit)
{
    const struct bounds *b = wish->bounds;
    int64_t low = b->has_low ? (int64_t)b->low : 1;
    int64_t high = b->has_high ? (int64_t)b->high : low + 999;
    if (wish->distinct && !b->has_high)
        high = limit;
    if (high > limit)
        high = limit;
    if (!b->has_low && b->has_high && low > high)
        low = high - 99;
    if (high < low)
        high = low;
    const uint64_t span = (uint64_t)(high - low) + 1;
    const uint64_t pick = wish->distinct ? wish->number - 1 : wish->random;
    return low + (int64_t)(span ? pick % span : pick);
}

static void put_whole(struct buf *out, const struct value_wish *wish, int64_t limit)
{
    buf_printf(out, "%" PRId64, whole(wish, limit));
}

/* numeric(p, s): the digits before the point, and whether there may be some after it. */
static void put_numeric(struct buf *out, const struct value_wish *wish)
{
    const struct str modifiers = wish->type->modifiers;
    long precision = 12, scale = 2;
    if (modifiers.n) {
        char *end;
        precision = strtol(modifiers.s, &end, 10);
        scale = *end == ',' ? strtol(end + 1, NULL, 10) : 0;
    }
    int64_t limit = 1;
    for (long i = scale; i < precision && limit < 1000000000; i++)
        limit *= 10;
    const int64_t n = whole(wish, limit - 1);
    buf_printf(out, "%" PRId64, n);
    if (scale > 0 && !wish->distinct && !wish->bounds->has_high && n < limit - 1)
        buf_printf(out, ".%" PRIu64, wish->random / 7 % 10);
}

static void put_float(struct buf *out, const struct value_wish *wish)
{
    buf_printf(out, "%" PRId64, whole(wish, 1000000));
    if (!wish->distinct && !wish->bounds->has_high)
        buf_printf(out, ".%s", wish->random & 1 ? "5" : "25");
}

/* ---- moments: 2024-01-01 and some minutes, later ones for later columns ---- */

enum { DAY = 24 * 60 };

static uint64_t minutes(const struct value_wish *wish)
{
    const uint64_t spread = wish->distinct ? wish->number * 7
                                           : wish->random % (300 * DAY);
    return spread + wish->place * 400 * DAY;
}

/* Months of 28 days are days of every year. */
static void put_date(struct buf *out, uint64_t days)
{
    buf_printf(out, "%04" PRIu64 "-%02" PRIu64 "-%02" PRIu64, 2024 + days / 336,
               days / 28 % 12 + 1, days % 28 + 1);
}

static void put_moment(struct buf *out, const struct value_wish *wish, const char *zone)
{
    const uint64_t m = minutes(wish);
    put_date(out, m / DAY);
    buf_printf(out, " %02" PRIu64 ":%02" PRIu64 ":00%s", m / 60 % 24, m % 60, zone);
}

static void put_time(struct buf *out, const struct value_wish *wish, const char *zone)
{
    const uint64_t m = (wish->distinct ? wish->number : wish->random) % DAY;
    buf_printf(out, "%02" PRIu64 ":%02" PRIu64 ":00%s", m / 60, m % 60, zone);
}

/* ---- the other types, between single quotes ---- */

static void put_bits(struct buf *out, const struct value_wish *wish)
{
    const struct str modifiers = wish->type->modifiers;
    const bool varies = wish->type->builtin->id == TYPE_VARBIT;
    long n = modifiers.n ? strtol(modifiers.s, NULL, 10) : varies ? 8 : 1;
    const uint64_t bits = wish->distinct ? wish->number : wish->random;
    for (long i = n - 1; i >= 0; i--)
        buf_putc(out, i < 64 && bits >> i & 1 ? '1' : '0');
}

static void put_hex(struct buf *out, const struct value_wish *wish, int digits)
{
    const uint64_t high = value_mix(wish->random, 1);
    buf_printf(out, "%016" PRIx64 "%016" PRIx64, high,
               wish->distinct ? wish->number : wish->random);
    out->n -= (size_t)(32 - digits);
    out->s[out->n] = '\0';
}

static void put_uuid(struct buf *out, const struct value_wish *wish)
{
    const uint64_t high = value_mix(wish->random, 2);
    const uint64_t low = wish->distinct ? wish->number : wish->random;
    buf_printf(out, "%08" PRIx32 "-%04x-4%03x-8%03x-%012" PRIx64, (uint32_t)high,
               (unsigned)(high >> 32 & 0xffff), (unsigned)(high >> 48 & 0xfff),
               (unsigned)(low >> 48 & 0xfff), low & 0xffffffffffff);
}

static void put_range(struct buf *out, const struct value_wish *wish, bool multi)
{
    const enum type_id id = wish->type->builtin->id;
    const bool numbers = id == TYPE_INT4RANGE || id == TYPE_INT8RANGE ||
                         id == TYPE_NUMRANGE || id == TYPE_INT4MULTIRANGE ||
                         id == TYPE_INT8MULTIRANGE || id == TYPE_NUMMULTIRANGE;
    buf_puts(out, multi ? "{[" : "[");
    if (numbers) {
        /* Ranges of distinct rows do not overlap, as an EXCLUDE may want. */
        const uint64_t low = wish->number * 10;
        buf_printf(out, "%" PRIu64 ",%" PRIu64, low, low + 5);
    } else {
        put_date(out, wish->number * 2);
        buf_putc(out, ',');
        put_date(out, wish->number * 2 + 1);
    }
    buf_puts(out, multi ? ")}" : ")");
}

static void put_network(struct buf *out, const struct value_wish *wish, bool cidr)
{
    const uint64_t n = wish->distinct ? wish->number : wish->random;
    buf_printf(out, "10.%u.%u.%u", (unsigned)(n >> 16 & 255), (unsigned)(n >> 8 & 255),
               (unsigned)(n & 255));
    if (cidr)
        buf_puts(out, "/32");
}

static void put_json(struct buf *out, const struct value_wish *wish)
{
    const uint64_t n = wish->distinct ? wish->number : wish->random % 1000;
    buf_printf(out, "{\"n\": %" PRIu64 ", \"ok\": %s}", n,
               wish->random & 2 ? "true" : "false");
}

/* False: not one of these. */
static bool put_shape(struct buf *out, enum type_id id, uint64_t n)
{
    const unsigned x = (unsigned)(n % 100), y = (unsigned)(n / 100 % 100);
    if (id == TYPE_POINT)
        buf_printf(out, "(%u,%u)", x, y);
    else if (id == TYPE_LINE)
        buf_printf(out, "{1,-1,%u}", x);
    else if (id == TYPE_LSEG || id == TYPE_BOX || id == TYPE_PATH)
        buf_printf(out, "((%u,%u),(%u,%u))", x, y, x + 1, y + 1);
    else if (id == TYPE_POLYGON)
        buf_printf(out, "((%u,%u),(%u,%u),(%u,%u))", x, y, x + 1, y, x, y + 1);
    else if (id == TYPE_CIRCLE)
        buf_printf(out, "<(%u,%u),%u>", x, y, 1 + x % 5);
    else
        return false;
    return true;
}

/* Of types that name something in the catalog there are constants only. */
static bool put_fixed(struct buf *out, enum type_id id, const struct value_wish *wish)
{
    static const struct {
        enum type_id id;
        const char *text;
    } fixed[] = {
        { TYPE_REGCLASS, "pg_class" },
        { TYPE_REGTYPE, "int4" },
        { TYPE_REGPROC, "now" },
        { TYPE_REGNAMESPACE, "pg_catalog" },
        { TYPE_REGOPER, "|/" },
        { TYPE_REGROLE, "pg_monitor" },
        { TYPE_REGPROCEDURE, "now()" },
        { TYPE_REGOPERATOR, "+(int4,int4)" },
        { TYPE_REGCOLLATION, "\"C\"" },
        { TYPE_REGCONFIG, "simple" },
        { TYPE_REGDICTIONARY, "simple" },
        { TYPE_PG_SNAPSHOT, "10:20:10" },
        { TYPE_TXID_SNAPSHOT, "10:20:10" },
        { TYPE_JSONPATH, "$.a" },
        { TYPE_TID, "(0,1)" },
        { TYPE_ONE_CHAR, "x" },
        { TYPE_XML, "<a/>" },
        { TYPE_REFCURSOR, "c" },
        { TYPE_INTERVAL, "3 days" },
    };
    const uint64_t n = wish->distinct ? wish->number : wish->random % 1000;
    if (id == TYPE_PG_LSN) {
        buf_printf(out, "0/%" PRIX64, n & 0xffffffff);
        return true;
    }
    if (id == TYPE_MACADDR || id == TYPE_MACADDR8) {
        buf_printf(out, "02:00:00:%02x:%02x:%02x%s", (unsigned)(n >> 16 & 255),
                   (unsigned)(n >> 8 & 255), (unsigned)(n & 255),
                   id == TYPE_MACADDR8 ? ":00:01" : "");
        return true;
    }
    if (id == TYPE_INTERVAL && wish->distinct) {
        buf_printf(out, "%" PRIu64 " days", n);
        return true;
    }
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (fixed[i].id == id) {
            buf_puts(out, fixed[i].text);
            return true;
        }
    }
    return false;
}

/* False: the C form does not tell enough. */
static bool put_by_form(struct buf *out, const struct value_wish *wish)
{
    const uint64_t n = wish->distinct ? wish->number : wish->random;
    switch (wish->type->builtin->ckind) {
    case CKIND_BOOL:
        buf_puts(out, n & 1 ? "true" : "false");
        return true;
    case CKIND_INT2:
        put_whole(out, wish, 32767);
        return true;
    case CKIND_INT4:
    case CKIND_OID:
        put_whole(out, wish, 2147483647);
        return true;
    case CKIND_INT8:
        put_whole(out, wish, (int64_t)1 << 53);
        return true;
    case CKIND_FLOAT4:
    case CKIND_FLOAT8:
        put_float(out, wish);
        return true;
    case CKIND_NUMERIC:
        put_numeric(out, wish);
        return true;
    case CKIND_BYTEA:
        buf_puts(out, "\\x");
        put_hex(out, wish, 16);
        return true;
    case CKIND_UUID:
        put_uuid(out, wish);
        return true;
    case CKIND_DATE:
        put_date(out, minutes(wish) / (wish->distinct ? 7 : DAY));
        return true;
    case CKIND_TIME:
        put_time(out, wish, "");
        return true;
    case CKIND_TIMETZ:
        put_time(out, wish, "+00");
        return true;
    case CKIND_TIMESTAMP:
        put_moment(out, wish, "");
        return true;
    case CKIND_TIMESTAMPTZ:
        put_moment(out, wish, "+00");
        return true;
    case CKIND_INET:
        put_network(out, wish, wish->type->builtin->id == TYPE_CIDR);
        return true;
    case CKIND_JSONB:
    case CKIND_TEXT:
    case CKIND_AS_TEXT:
    case CKIND_INTERVAL:
    case CKIND_ENUM:
        break;
    }
    return false;
}

static bool put_by_category(struct buf *out, const struct value_wish *wish)
{
    switch (wish->type->builtin->category) {
    case CATEGORY_STRING:
        words_put(out, wish);
        return true;
    case CATEGORY_BITS:
        put_bits(out, wish);
        return true;
    case CATEGORY_JSON:
        put_json(out, wish);
        return true;
    case CATEGORY_NUMBER:
    case CATEGORY_INTEGER:
        put_whole(out, wish, 32767);
        return true;
    case CATEGORY_BOOL:
    case CATEGORY_BINARY:
    case CATEGORY_DATETIME:
    case CATEGORY_OTHER:
        break;
    }
    return false;
}

static bool put_by_id(struct buf *out, const struct value_wish *wish)
{
    const enum type_id id = wish->type->builtin->id;
    const uint64_t n = wish->distinct ? wish->number : wish->random;
    if (id == TYPE_TSVECTOR || id == TYPE_TSQUERY) {
        buf_printf(out, "word%" PRIu64, n % 100000);
        return true;
    }
    if (id >= TYPE_INT4RANGE && id <= TYPE_DATEMULTIRANGE) {
        put_range(out, wish, id >= TYPE_INT4MULTIRANGE);
        return true;
    }
    if (id == TYPE_XID || id == TYPE_XID8 || id == TYPE_CID) {
        buf_printf(out, "%" PRIu64, 1 + n % 100000);
        return true;
    }
    return put_shape(out, id, n) || put_fixed(out, id, wish);
}

static bool put_plain(struct buf *out, const struct value_wish *wish)
{
    return put_by_form(out, wish) || put_by_category(out, wish) || put_by_id(out, wish);
}

/* ---- a whole value ---- */

static void put_quoted(struct buf *out, const struct buf *text)
{
    quote_literal(out, buf_view(text));
}

/* Extension types have rules of their own; those of the well-known ones. */
static bool put_extension(struct buf *out, const struct value_wish *wish)
{
    static const struct {
        const char *name, *before, *after;
    } known[] = { { "hstore", "n=>", "" },
                  { "ltree", "top.n", "" },
                  { "cube", "(", ")" },
                  { "lquery", "*.n", "" },
                  { "isbn", "978-0-393-04002-9", NULL },
                  { "seg", "", "" } };
    const struct model_exttype *type = wish->type->exttype;
    const uint64_t n = wish->distinct ? wish->number : wish->random % 1000;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!str_eq_c(type->name.name, known[i].name))
            continue;
        buf_printf(out, "'%s", known[i].before);
        if (known[i].after != NULL)
            buf_printf(out, "%" PRIu64 "%s", n, known[i].after);
        buf_putc(out, '\'');
        return true;
    }
    struct value_wish base = *wish;
    base.type = &type->as;
    return str_eq(type->name.name, STR("citext")) && value_put(out, &base);
}

static bool put_one(struct buf *out, const struct value_wish *wish)
{
    const struct model_type *type = wish->type;
    const uint64_t pick = wish->distinct ? wish->number - 1 : wish->random;
    if (wish->bounds->choices.n) {
        quote_literal(out, wish->bounds->choices.items[pick % wish->bounds->choices.n]);
        return true;
    }
    if (type->kind == MODEL_ENUM) {
        if (!type->enum_->labels.n)
            return false;
        quote_literal(
            out, type->enum_->labels.items[pick % type->enum_->labels.n].name.name);
        return true;
    }
    if (type->kind == MODEL_EXTTYPE)
        return put_extension(out, wish);
    if (type->kind == MODEL_DOMAIN) {
        struct value_wish base = *wish;
        base.type = &type->domain->base;
        return value_put(out, &base);
    }
    struct buf text = { 0 };
    const bool known = put_plain(&text, wish);
    if (known)
        put_quoted(out, &text);
    buf_release(&text);
    return known;
}

bool value_put(struct buf *out, const struct value_wish *wish)
{
    if (!wish->type->array)
        return put_one(out, wish);
    struct model_type element = *wish->type;
    struct value_wish one = *wish;
    struct buf list = { 0 };
    element.array = false;
    one.type = &element;
    bool known = true;
    for (uint64_t i = 0; known && i < 1 + wish->random % 3; i++) {
        buf_puts(&list, i ? ", " : "");
        known = put_one(&list, &one);
        one.random = value_mix(one.random, i);
    }
    if (known) {
        buf_printf(out, "array[%s]::", list.s);
        write_cast_type(out, &element, true);
    }
    buf_release(&list);
    return known;
}
