/* rules_function.c: what an expression that the database keeps cannot call, as far as it is
 * known without a server: aggregates and the like anywhere, what is not immutable in an
 * index or a generated column. Must not know where the expression stands. */
#include "resolver.h"

enum kind { OTHER, STABLE, ONE_STABLE, AGGREGATE, WINDOW, SET };

static enum kind kind_of(struct str name)
{
    static const struct {
        const char *name;
        enum kind kind;
    } functions[] = {
#define FUNCTION(name, kind) { name, kind },
#include "functions.def"
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (str_eq_nocase(name, functions[i].name)) {
            return functions[i].kind;
        }
    }
    return OTHER;
}

/* Of the call at i; OTHER: there is none, or of a function of somebody's own. */
static enum kind call_at(struct scan scan, size_t i)
{
    bool own = i > 0 && scan_is_kind(scan, i - 1, TOKEN_DOT) &&
               !(i > 1 && scan_is_word(scan, i - 2, "pg_catalog"));
    if (!scan_is_kind(scan, i, TOKEN_NAME) || own ||
        !scan_is_kind(scan, i + 1, TOKEN_LPAREN)) {
        return OTHER;
    }
    return kind_of(token_text(&scan.tokens[i]));
}

/* ---- in everything that is kept ------------------------------------------------------------- */

void rule_one_value(struct resolver *r, struct scan scan)
{
    for (size_t i = 0; i < scan.n; i++) {
        enum kind kind = call_at(scan, i);
        bool over = scan_is_kind(scan, i, TOKEN_RPAREN) &&
                    scan_is_word(scan, i + 1, "over");
        const char *what = kind == AGGREGATE        ? "an aggregate"
                           : kind == WINDOW || over ? "a window function"
                           : kind == SET            ? "a function that gives many rows"
                                                    : NULL;
        if (what) {
            (void)diag_error(r->diags, E_not_one_value,
                             scan.tokens[over ? i + 1 : i].span,
                             "%s in an expression that the database keeps", what);
            return;
        }
    }
}

/* ---- in what has to be immutable --------------------------------------------------------- */

struct judged {
    struct resolver *r;
    struct table_work *work;
    struct scan scan;
    const char *where; /* "an index" */
};

static struct diag *report(const struct judged *j, size_t at, const char *what)
{
    return diag_error(j->r->diags, E_not_immutable, j->scan.tokens[at].span,
                      "%s cannot use %s, which is not immutable", j->where, what);
}

/* The type of the table's column that stands at i and nothing else does; NULL: none. */
static const struct model_type *column_at(const struct judged *j, size_t i)
{
    if (i >= j->scan.n || !scan_names_column(j->scan, i, j->work->table->name.name)) {
        return NULL;
    }
    const struct model_column *column = model_find_column(
        j->work->table, token_value(j->r->arena, &j->scan.tokens[i]));
    return column && !type_poisoned(&column->type) ? &column->type : NULL;
}

static bool is_timestamptz(const struct model_type *type)
{
    return type && type_is(type, CATEGORY_DATETIME) &&
           type_under(type)->builtin->id == TYPE_TIMESTAMPTZ;
}

static void hint_zone(const struct judged *j, struct diag *diag)
{
    diag_hint(j->r->diags, diag, "say in which time zone: (.. at time zone 'UTC')");
}

static bool has_one_argument(struct scan scan, size_t open)
{
    size_t close = scan_close(scan, open), depth = 0;
    for (size_t i = open + 1; i < close; i++) {
        depth += scan_is_kind(scan, i, TOKEN_LPAREN) ||
                 scan_is_kind(scan, i, TOKEN_LBRACKET);
        depth -= scan_is_kind(scan, i, TOKEN_RPAREN) ||
                 scan_is_kind(scan, i, TOKEN_RBRACKET);
        if (depth == 0 && scan_is_kind(scan, i, TOKEN_COMMA)) {
            return false;
        }
    }
    return close > open + 1;
}

static bool ends_argument(struct scan scan, size_t i)
{
    return scan_is_kind(scan, i, TOKEN_RPAREN) || scan_is_kind(scan, i, TOKEN_COMMA);
}

/* date_trunc('day', at), date_part('day', at), extract(day from at), date(at): of a
 * timestamptz it depends on the session's time zone. */
static bool depends_on_zone(const struct judged *j, size_t i)
{
    struct scan scan = j->scan;
    size_t argument = 0;
    if (scan_is_word(scan, i, "date_trunc") || scan_is_word(scan, i, "date_part")) {
        argument = scan_is_kind(scan, i + 3, TOKEN_COMMA) ? i + 4 : 0;
    } else if (scan_is_word(scan, i, "extract")) {
        argument = scan_is_word(scan, i + 3, "from") ? i + 4 : 0;
    } else if (scan_is_word(scan, i, "date")) {
        argument = i + 2;
    }
    return argument && scan_is_kind(scan, i + 1, TOKEN_LPAREN) &&
           !(i > 0 && scan_is_kind(scan, i - 1, TOKEN_DOT)) &&
           is_timestamptz(column_at(j, argument)) && ends_argument(scan, argument + 1);
}

static bool judge_call(const struct judged *j, size_t i)
{
    enum kind kind = call_at(j->scan, i);
    struct str name = token_text(&j->scan.tokens[i]);
    const char *shown = arena_printf(j->r->arena, "%.*s", STR_ARGS(name));
    if (kind == STABLE) {
        (void)report(j, i, shown);
        return true;
    }
    if (kind == ONE_STABLE && has_one_argument(j->scan, i + 1)) {
        struct diag *diag = report(j, i, shown);
        diag_hint(j->r->diags, diag, "name the configuration: %s('english', ..)",
                  shown);
        return true;
    }
    if (depends_on_zone(j, i)) {
        hint_zone(
            j, report(j, i, arena_printf(j->r->arena, "%s of a timestamptz", shown)));
        return true;
    }
    return false;
}

/* ---- casts ---------------------------------------------------------------------------------- */

enum sort { PLAIN, STRINGS, SETTING, CLOCKS, MONEY };

/* SETTING: how it is written and read depends on settings, or on the catalog. */
static enum sort sort_of(const struct type_info *info)
{
    switch ((int)info->id) {
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_CHAR:
    case TYPE_BPCHAR:
    case TYPE_NAME:
        return STRINGS;
    case TYPE_DATE:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
    case TYPE_INTERVAL:
        return SETTING;
    case TYPE_TIME:
    case TYPE_TIMETZ:
    case TYPE_XML:
        return CLOCKS;
    case TYPE_MONEY:
        return MONEY;
    }
    struct str name = info->name;
    bool range = name.n > 5 && memcmp(name.s + name.n - 5, "range", 5) == 0;
    bool reg = name.n > 3 && memcmp(name.s, "reg", 3) == 0;
    return range || reg ? SETTING : PLAIN;
}

/* Source: each pair tried in a generated column, version 15 (tests/db/kept_test.c). */
static bool cast_is_stable(const struct type_info *from, const struct type_info *to)
{
    enum sort a = sort_of(from), b = sort_of(to);
    if (a == STRINGS || b == STRINGS) {
        enum sort other = a == STRINGS ? b : a;
        return other == SETTING || other == MONEY || (a == STRINGS && other == CLOCKS);
    }
    bool zoned = from->id == TYPE_TIMESTAMPTZ || to->id == TYPE_TIMESTAMPTZ;
    bool times = from->category == CATEGORY_DATETIME &&
                 to->category == CATEGORY_DATETIME;
    if (times && from->id != to->id && zoned) {
        return true;
    }
    bool counted = from->id == TYPE_INT4 || from->id == TYPE_INT8 ||
                   from->id == TYPE_NUMERIC;
    return (from->id == TYPE_TIME && to->id == TYPE_TIMETZ) ||
           (a == MONEY && to->id == TYPE_NUMERIC) || (b == MONEY && counted);
}

/* The built-in type that is named at i; NULL: another, or an array. */
static const struct type_info *type_at(const struct judged *j, size_t i)
{
    struct scan scan = j->scan;
    if (!scan_is_kind(scan, i, TOKEN_NAME) || scan_is_kind(scan, i + 1, TOKEN_DOT)) {
        return NULL;
    }
    bool zone = scan_is_word(scan, i + 1, "with") && scan_is_word(scan, i + 2, "time");
    bool varying = scan_is_word(scan, i + 1, "varying");
    size_t end = i + (zone ? 4 : varying ? 2 : 1);
    if (scan_is_kind(scan, end, TOKEN_LBRACKET)) {
        return NULL;
    }
    if (zone) {
        return type_info(scan_is_word(scan, i, "timestamp") ? TYPE_TIMESTAMPTZ
                                                            : TYPE_TIMETZ);
    }
    return type_find(token_value(j->r->arena, &scan.tokens[i]));
}

static bool type_is_stable_as(const struct model_type *from, const struct type_info *to)
{
    const struct model_type *under = type_under(from);
    if (type_is_array(from) || under->kind == MODEL_ENUM) {
        return sort_of(to) == STRINGS;
    }
    return under->kind == MODEL_BUILTIN && cast_is_stable(under->builtin, to);
}

/* column::type, (column)::type, cast(column as type). */
static bool judge_cast(const struct judged *j, size_t i)
{
    struct scan scan = j->scan;
    size_t column = scan.n;
    if (i > 0 && scan_is_kind(scan, i, TOKEN_CAST)) {
        bool wrapped = i > 2 && scan_is_kind(scan, i - 1, TOKEN_RPAREN) &&
                       scan_is_kind(scan, i - 3, TOKEN_LPAREN) &&
                       !(i > 3 && (scan_is_kind(scan, i - 4, TOKEN_NAME) ||
                                   scan_is_kind(scan, i - 4, TOKEN_QUOTED)));
        column = wrapped ? i - 2 : i - 1;
    } else if (i > 2 && scan_is_word(scan, i, "as") &&
               scan_is_word(scan, i - 3, "cast") &&
               scan_is_kind(scan, i - 2, TOKEN_LPAREN)) {
        column = i - 1;
    }
    const struct model_type *from = column_at(j, column);
    const struct type_info *to = from ? type_at(j, i + 1) : NULL;
    if (!to || !type_is_stable_as(from, to)) {
        return false;
    }
    struct diag *diag = report(j, column,
                               arena_printf(j->r->arena, "a cast of %s to %.*s",
                                            shown_type(j->r, from),
                                            STR_ARGS(to->name)));
    if (is_timestamptz(from) && sort_of(to) != STRINGS) {
        hint_zone(j, diag);
    }
    return true;
}

/* ---- words ---------------------------------------------------------------------------------- */

/* A column of that name is another mistake: rule_words'. */
static bool judge_word(const struct judged *j, size_t i)
{
    struct scan scan = j->scan;
    if (!scan_is_kind(scan, i, TOKEN_NAME) ||
        !rule_is_value(token_text(&scan.tokens[i])) ||
        (i > 0 && scan_is_kind(scan, i - 1, TOKEN_DOT))) {
        return false;
    }
    struct str word = token_value(j->r->arena, &scan.tokens[i]);
    if (model_find_column(j->work->table, word)) {
        return false;
    }
    (void)report(j, i, arena_printf(j->r->arena, "%.*s", STR_ARGS(word)));
    return true;
}

void rule_immutable(struct resolver *r, struct table_work *work,
                    const struct model_sql *sql, const char *where)
{
    struct judged judged = { r, work, scan_sql(sql), where };
    for (size_t i = 0; i < judged.scan.n; i++) {
        if (judge_word(&judged, i) || judge_call(&judged, i) ||
            judge_cast(&judged, i)) {
            return;
        }
    }
}
