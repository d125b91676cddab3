/* rules_label.c: strings that are compared with an enum column, or stand in an array of
 * enum labels. Must not evaluate anything. */
#include "resolver.h"

static bool is_lost(const struct resolver *r, const struct model_enum *enum_)
{
    for (size_t i = 0; i < r->lost_enums.n; i++) {
        if (r->lost_enums.items[i] == enum_) {
            return true;
        }
    }
    return false;
}

void rule_label(struct resolver *r, const struct model_type *type, struct str text,
                struct span span)
{
    const struct model_enum *enum_ = type->enum_;
    struct suggest suggest = suggest_for(text);
    if (is_lost(r, enum_)) {
        return;
    }
    for (size_t i = 0; i < enum_->labels.n; i++) {
        if (str_eq(enum_->labels.items[i].name.name, text)) {
            return;
        }
        suggest_offer(&suggest, enum_->labels.items[i].name.name);
    }
    struct diag *diag = diag_error(
        r->diags, E_unknown_label, span, "enum \"%s\" has no label '%.*s'",
        shown_name(r, enum_->schema, enum_->name.name), STR_ARGS(text));
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean '%.*s'?", STR_ARGS(suggest.best));
    }
}

/* ---- arrays ------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One element as it stands: unquoted and without the blanks around it. */
static struct str unquoted(struct resolver *r, struct str s)
{
    while (s.n && is_blank(s.s[0])) {
        s = (struct str){ s.s + 1, s.n - 1 };
    }
    while (s.n && is_blank(s.s[s.n - 1])) {
        s.n--;
    }
    struct buf text = { 0 };
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] == '\\' && i + 1 < s.n) {
            i++;
        } else if (s.s[i] == '"') {
            continue;
        }
        buf_putc(&text, s.s[i]);
    }
    struct str result = buf_dup(&text, r->arena);
    buf_release(&text);
    return result;
}

/* Where the element at the index ends: at "," or a brace outside quotes. */
static size_t element_end(struct str text, size_t i)
{
    bool quoted = false;
    for (; i < text.n; i++) {
        if (text.s[i] == '\\') {
            i++;
        } else if (text.s[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && memchr(",{}", text.s[i], 3)) {
            return i;
        }
    }
    return text.n;
}

void rule_array_labels(struct resolver *r, const struct model_type *type,
                       struct str text, struct span span)
{
    const char *open = text.n ? memchr(text.s, '{', text.n) : NULL;
    size_t i = open ? (size_t)(open - text.s) + 1 : text.n;
    while (i < text.n) {
        size_t end = element_end(text, i);
        struct str element = unquoted(r, (struct str){ text.s + i, end - i });
        if (element.n && !str_eq_nocase(element, "null")) {
            rule_label(r, type, element, span);
        }
        i = end + 1;
    }
}

/* ---- comparisons --------------------------------------------------------------------------- */

struct compared {
    struct resolver *r;
    struct scan scan;
};

/* A plain string that nothing goes on with. */
static bool is_value(struct scan scan, size_t i)
{
    return scan_is_kind(scan, i, TOKEN_STRING) &&
           token_text(&scan.tokens[i]).s[0] == '\'' &&
           !scan_is_kind(scan, i + 1, TOKEN_CAST) &&
           !scan_is_kind(scan, i + 1, TOKEN_OPERATOR) &&
           !scan_is_kind(scan, i + 1, TOKEN_STRING) &&
           !scan_is_word(scan, i + 1, "collate");
}

static void check_value(const struct compared *c, size_t i,
                        const struct model_type *type)
{
    if (is_value(c->scan, i)) {
        rule_label(c->r, type, token_value(c->r->arena, &c->scan.tokens[i]),
                   c->scan.tokens[i].span);
    }
}

static bool is_comparison(struct scan scan, size_t i)
{
    static const char *const operators[] = { "<>", "!=", "<", ">", "<=", ">=" };
    for (size_t k = 0; k < sizeof operators / sizeof *operators; k++) {
        if (i < scan.n && token_is(&scan.tokens[i], operators[k])) {
            return true;
        }
    }
    return scan_is_kind(scan, i, TOKEN_EQUAL);
}

/* status = 'open', status in ('open', 'shut'), status is not distinct from 'open'. */
static void check_right(const struct compared *c, size_t at,
                        const struct model_type *type)
{
    struct scan scan = c->scan;
    size_t i = at + 1;
    if (is_comparison(scan, i)) {
        check_value(c, i + 1, type);
        return;
    }
    if (scan_is_word(scan, i, "is")) {
        i += scan_is_word(scan, i + 1, "not") ? 2 : 1;
        if (scan_is_word(scan, i, "distinct") && scan_is_word(scan, i + 1, "from")) {
            check_value(c, i + 2, type);
        }
        return;
    }
    i += scan_is_word(scan, i, "not") ? 1 : 0;
    if (!scan_is_word(scan, i, "in") || !scan_is_kind(scan, i + 1, TOKEN_LPAREN)) {
        return;
    }
    size_t close = scan_close(scan, i + 1);
    for (i += 2; i < close; i++) {
        bool alone = scan_is_kind(scan, i - 1, TOKEN_LPAREN) ||
                     scan_is_kind(scan, i - 1, TOKEN_COMMA);
        if (alone) {
            check_value(c, i, type);
        }
    }
}

void rule_compared_labels(struct resolver *r, struct table_work *work,
                          const struct model_sql *sql)
{
    struct compared c = { r, scan_sql(sql) };
    for (size_t i = 0; i < c.scan.n; i++) {
        if (!scan_names_column(c.scan, i, work->table->name.name)) {
            continue;
        }
        const struct model_column *column = model_find_column(
            work->table, token_value(r->arena, &c.scan.tokens[i]));
        const struct model_type *type = column ? type_under(&column->type) : NULL;
        /* What stands before may bind the column to something else: b || a = 'x'. */
        bool bound = i > 0 && (scan_is_kind(c.scan, i - 1, TOKEN_OPERATOR) ||
                               scan_is_kind(c.scan, i - 1, TOKEN_EQUAL));
        if (type && type->kind == MODEL_ENUM && !type_is_array(&column->type) &&
            !bound) {
            check_right(&c, i, type);
        }
    }
}
