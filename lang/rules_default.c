/* rules_default.c: a default (or on update) against its column's type, as far as it can be
 * known without a server: literals, well-known functions, bare names. Must not evaluate
 * anything. */
#include "resolver.h"
#include "rules_literal.h"

/* Characters that values of these types hold at most; 0: no limit. */
static size_t longest(struct resolver *r, const struct model_type *type)
{
    enum type_id id = type->builtin->id;
    if (id != TYPE_VARCHAR && id != TYPE_CHAR) {
        return 0;
    }
    if (type->modifiers.n == 0) {
        return id == TYPE_CHAR ? 1 : 0;
    }
    size_t n = 0;
    for (const char *s = str_dup(r->arena, type->modifiers); *s >= '0' && *s <= '9';
         s++) {
        n = n * 10 + (size_t)(*s - '0');
    }
    return n;
}

static size_t characters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        n += ((unsigned char)s.s[i] & 0xC0U) != 0x80U;
    }
    return n;
}

struct checked {
    struct resolver *r;
    const struct model_type *type; /* as written, for messages */
    const struct model_type *under;
    bool array;
    struct span span;
};

static struct diag *refuse(const struct checked *c, const char *what)
{
    return diag_error(c->r->diags, E_bad_default, c->span, "%s is no value of type %s",
                      what, shown_type(c->r, c->type));
}

/* What PostgreSQL takes and turns into another value, or refuses when it is used. */
static struct diag *doubt(const struct checked *c, const char *what)
{
    return diag_warning(c->r->diags, E_bad_default, c->span,
                        "%s is no value of type %s", what, shown_type(c->r, c->type));
}

/* ---- strings ------------------------------------------------------------------------------- */

static void check_array(const struct checked *c, struct str text)
{
    size_t i = 0;
    while (i < text.n && (text.s[i] == ' ' || text.s[i] == '\t')) {
        i++;
    }
    if (i == text.n || (text.s[i] != '{' && text.s[i] != '[')) {
        struct diag *diag = refuse(c, "this string");
        diag_hint(c->r->diags, diag, "arrays are written '{a,b}' or array['a', 'b']");
    } else if (c->under->kind == MODEL_ENUM) {
        rule_array_labels(c->r, c->under, text, c->span);
    }
}

static void check_string(const struct checked *c, struct str text)
{
    if (c->array) {
        check_array(c, text);
    } else if (c->under->kind == MODEL_ENUM) {
        rule_label(c->r, c->under, text, c->span);
    } else if (c->under->kind == MODEL_BUILTIN) {
        size_t most = longest(c->r, c->under);
        if (!literal_fits(c->under->builtin, text)) {
            (void)refuse(c, arena_printf(c->r->arena, "'%.*s'", STR_ARGS(text)));
        } else if (most && characters(text) > most) {
            (void)diag_warning(c->r->diags, E_bad_default, c->span,
                               "this default is longer than %zu character%s", most,
                               most == 1 ? "" : "s");
        }
    }
}

/* Strings that PostgreSQL turns into a moment as it reads them: that of a default is when
 * the table is made. Source: datetktbl in src/backend/utils/adt/datetime.c, version 15. */
static void check_frozen(const struct checked *c, const struct token *token)
{
    static const char *const words[][2] = { { "now", "now()" },
                                            { "today", "current_date" },
                                            { "tomorrow", "current_date + 1" },
                                            { "yesterday", "current_date - 1" } };
    struct str text = token_value(c->r->arena, token);
    size_t from = 0, to;
    while (from < text.n && text.s[from] == ' ') {
        from++;
    }
    for (to = from; to < text.n && text.s[to] != ' ';) {
        to++;
    }
    struct str word = { text.s + from, to - from };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (type_is(c->type, CATEGORY_DATETIME) && str_eq_nocase(word, words[i][0])) {
            struct diag *diag = diag_warning(
                c->r->diags, E_frozen_default, token->span,
                "'%.*s' becomes the moment at which PostgreSQL reads it",
                STR_ARGS(word));
            diag_hint(c->r->diags, diag, "for that of each row write %s", words[i][1]);
        }
    }
}

/* 'now', timestamptz 'now', 'now'::timestamptz; 'now'::text::timestamptz is read anew
 * for each row. */
static void check_frozen_in(const struct checked *c, struct scan scan)
{
    const struct type_info *cast = NULL;
    if (scan_is_kind(scan, 1, TOKEN_CAST) && scan_is_kind(scan, 2, TOKEN_NAME)) {
        cast = type_find(token_value(c->r->arena, &scan.tokens[2]));
    }
    bool moment = cast && cast->category == CATEGORY_DATETIME;
    if (scan_is_kind(scan, 0, TOKEN_STRING) && (scan.n == 1 || moment)) {
        check_frozen(c, &scan.tokens[0]);
    } else if (scan.n == 2 && scan_is_kind(scan, 1, TOKEN_STRING)) {
        check_frozen(c, &scan.tokens[1]);
    }
}

/* ---- numbers -------------------------------------------------------------------------------- */

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] < '0' || s.s[i] > '9') {
            return false;
        }
    }
    return true;
}

static void check_number(const struct checked *c, struct str text, bool negative)
{
    if (c->under->kind == MODEL_EXTTYPE) {
        return;
    }
    bool builtin = c->under->kind == MODEL_BUILTIN && !c->array;
    enum type_category category = builtin ? c->under->builtin->category
                                          : CATEGORY_OTHER;
    if (category == CATEGORY_NUMBER) {
        return;
    }
    const char *shown = arena_printf(c->r->arena, "%s%.*s", negative ? "-" : "",
                                     STR_ARGS(text));
    if (category == CATEGORY_STRING) {
        diag_hint(c->r->diags, doubt(c, shown), "write '%s'", shown);
    } else if (category != CATEGORY_INTEGER) {
        struct diag *diag = refuse(c, shown);
        if (category == CATEGORY_BOOL) {
            diag_hint(c->r->diags, diag, "write true or false");
        }
    } else if (all_digits(text) &&
               !literal_in_range(c->under->builtin, text, negative)) {
        (void)diag_warning(c->r->diags, E_bad_default, c->span,
                           "%s is out of range for type %s", shown,
                           shown_type(c->r, c->type));
    } else if (memchr(text.s, '.', text.n) && !memchr(text.s, 'x', text.n)) {
        (void)doubt(c, shown);
    }
}

/* ---- words and calls -------------------------------------------------------------------------- */

enum gives {
    GIVES_BOOL,
    GIVES_DATE,
    GIVES_CLOCK, /* a time of day */
    GIVES_TIME,
    GIVES_UUID,
    GIVES_NUMBER,
    GIVES_NAME
};
struct known {
    const char *name;
    enum gives gives;
};
static const struct known words[] = {
    { "true", GIVES_BOOL },           { "false", GIVES_BOOL },
    { "current_date", GIVES_DATE },   { "current_time", GIVES_CLOCK },
    { "localtime", GIVES_CLOCK },     { "current_timestamp", GIVES_TIME },
    { "localtimestamp", GIVES_TIME }, { "current_user", GIVES_NAME },
    { "session_user", GIVES_NAME },   { "user", GIVES_NAME },
    { "current_role", GIVES_NAME },   { "current_catalog", GIVES_NAME },
    { "current_schema", GIVES_NAME },
};
static const struct known functions[] = {
    { "now", GIVES_TIME },
    { "clock_timestamp", GIVES_TIME },
    { "statement_timestamp", GIVES_TIME },
    { "transaction_timestamp", GIVES_TIME },
    { "gen_random_uuid", GIVES_UUID },
    { "uuid_generate_v4", GIVES_UUID },
    { "random", GIVES_NUMBER },
};

static const struct known *find_known(const struct known *known, size_t n,
                                      struct str name)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq_nocase(name, known[i].name)) {
            return &known[i];
        }
    }
    return NULL;
}

/* PostgreSQL assigns any of them to text. */
static bool takes(const struct checked *c, enum gives gives)
{
    if (c->under->kind == MODEL_EXTTYPE) {
        return true;
    }
    if (c->under->kind != MODEL_BUILTIN || c->array) {
        return false;
    }
    enum type_category category = c->under->builtin->category;
    enum type_id id = c->under->builtin->id;
    bool is_clock = id == TYPE_TIME || id == TYPE_TIMETZ;
    switch (gives) {
    case GIVES_BOOL:
        return category == CATEGORY_BOOL;
    case GIVES_DATE:
        return (category == CATEGORY_DATETIME && !is_clock) ||
               category == CATEGORY_STRING;
    case GIVES_CLOCK:
        return is_clock || category == CATEGORY_STRING;
    case GIVES_TIME:
        return category == CATEGORY_DATETIME || category == CATEGORY_STRING;
    case GIVES_UUID:
        return id == TYPE_UUID || category == CATEGORY_STRING;
    case GIVES_NUMBER:
        return category == CATEGORY_NUMBER || category == CATEGORY_INTEGER ||
               category == CATEGORY_STRING;
    case GIVES_NAME:
        return category == CATEGORY_STRING;
    }
    return true;
}

/* A function without its brackets; false: the word is none, or none for this type. */
static bool hint_call(const struct checked *c, struct diag *diag, struct str word)
{
    const struct known *known = find_known(functions,
                                           sizeof functions / sizeof *functions, word);
    if (!known || !takes(c, known->gives)) {
        return false;
    }
    bool text = type_is(c->type, CATEGORY_STRING);
    diag_hint(c->r->diags, diag,
              text ? "a call is written %s(), a string '%s'" : "did you mean \"%s()\"?",
              known->name, known->name);
    return true;
}

static void check_word(const struct checked *c, struct str word)
{
    const struct known *known = find_known(words, sizeof words / sizeof *words, word);
    const char *shown = arena_printf(c->r->arena, "%.*s", STR_ARGS(word));
    if (known && known->gives == GIVES_BOOL && type_is(c->type, CATEGORY_STRING)) {
        diag_hint(c->r->diags, doubt(c, shown), "write '%s'", shown);
    } else if (known && !takes(c, known->gives)) {
        (void)refuse(c, shown);
    }
    if (!known) {
        struct diag *diag = diag_error(c->r->diags, E_default_names_column, c->span,
                                       "a default cannot name a column: %.*s",
                                       STR_ARGS(word));
        if (!hint_call(c, diag, word)) {
            diag_hint(c->r->diags, diag, "a string is written '%.*s'", STR_ARGS(word));
        }
    }
}

static void check_call(const struct checked *c, struct str name)
{
    const struct known *known = find_known(functions,
                                           sizeof functions / sizeof *functions, name);
    if (known && !takes(c, known->gives)) {
        (void)refuse(c, arena_printf(c->r->arena, "%.*s()", STR_ARGS(name)));
    }
}

/* ---- by form ----------------------------------------------------------------------------------- */

static void check_null(const struct checked *c, bool nullable)
{
    if (!nullable) {
        struct diag *diag = diag_warning(c->r->diags, E_null_default, c->span,
                                         "default null where NULL is not allowed");
        diag_hint(c->r->diags, diag, "a nullable type ends in ?");
    }
}

static void check_token(const struct checked *c, const struct token *token,
                        bool nullable)
{
    struct str text = token_text(token);
    char first = text.n ? text.s[0] : '\0';
    switch ((int)token->kind) {
    case TOKEN_STRING:
        if (first == '\'') {
            check_string(c, token_value(c->r->arena, token));
        }
        break;
    case TOKEN_DOLLAR:
        check_string(c, token_value(c->r->arena, token));
        break;
    case TOKEN_NUMBER:
        check_number(c, text, false);
        break;
    case TOKEN_NAME:
        if (token_is_word(token, "null")) {
            check_null(c, nullable);
        } else {
            check_word(c, text);
        }
        break;
    case TOKEN_QUOTED:
        check_word(c, token_value(c->r->arena, token));
        break;
    }
}

/* 'open'::app.status of a column of that type. */
static void check_cast_label(const struct checked *c, struct scan scan)
{
    if (c->array || c->under->kind != MODEL_ENUM || scan.n > 5 ||
        scan.tokens[0].kind != TOKEN_STRING || scan.tokens[1].kind != TOKEN_CAST) {
        return;
    }
    struct str type = token_value(c->r->arena, &scan.tokens[scan.n - 1]);
    if (str_eq(type, c->under->enum_->name.name)) {
        check_string(c, token_value(c->r->arena, &scan.tokens[0]));
    }
}

/* array['open', 'shut'] */
static void check_elements(const struct checked *c, struct scan scan)
{
    if (!c->array || c->under->kind != MODEL_ENUM || !scan_is_word(scan, 0, "array") ||
        !scan_is_kind(scan, 1, TOKEN_LBRACKET)) {
        return;
    }
    for (size_t i = 2; i + 1 < scan.n; i++) {
        bool alone = scan_is_kind(scan, i + 1, TOKEN_COMMA) ||
                     scan_is_kind(scan, i + 1, TOKEN_RBRACKET);
        if (alone && scan_is_kind(scan, i, TOKEN_STRING) &&
            token_text(&scan.tokens[i]).s[0] == '\'') {
            rule_label(c->r, c->under, token_value(c->r->arena, &scan.tokens[i]),
                       scan.tokens[i].span);
        }
    }
}

void rule_default(struct resolver *r, const struct model_type *type, bool nullable,
                  const struct model_sql *sql)
{
    struct scan scan = scan_unwrap(scan_sql(sql));
    if (type_poisoned(type) || scan.n == 0) {
        return;
    }
    struct checked c = { r, type, type_under(type), type_is_array(type), sql->span };
    check_frozen_in(&c, scan);
    if (scan.n == 1) {
        check_token(&c, &scan.tokens[0], nullable);
    } else if (scan.n == 2 && scan.tokens[1].kind == TOKEN_NUMBER) {
        bool minus = token_is(&scan.tokens[0], "-");
        if (minus || token_is(&scan.tokens[0], "+")) {
            check_number(&c, token_text(&scan.tokens[1]), minus);
        }
    } else if (scan.n == 3 && scan.tokens[0].kind == TOKEN_NAME &&
               scan.tokens[1].kind == TOKEN_LPAREN) {
        check_call(&c, token_text(&scan.tokens[0]));
    } else if (scan.n >= 3) {
        check_cast_label(&c, scan);
        check_elements(&c, scan);
    }
}
