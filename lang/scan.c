/* scan.c: SQL by its tokens. Must not look at text between them, or at any schema. */
#include "scan.h"

static const char *const reserved[] = { "all",
                                        "analyse",
                                        "analyze",
                                        "and",
                                        "any",
                                        "array",
                                        "as",
                                        "asc",
                                        "asymmetric",
                                        "authorization",
                                        "binary",
                                        "both",
                                        "case",
                                        "cast",
                                        "check",
                                        "collate",
                                        "collation",
                                        "column",
                                        "concurrently",
                                        "constraint",
                                        "create",
                                        "cross",
                                        "current_catalog",
                                        "current_date",
                                        "current_role",
                                        "current_schema",
                                        "current_time",
                                        "current_timestamp",
                                        "current_user",
                                        "default",
                                        "deferrable",
                                        "desc",
                                        "distinct",
                                        "do",
                                        "else",
                                        "end",
                                        "except",
                                        "false",
                                        "fetch",
                                        "for",
                                        "foreign",
                                        "freeze",
                                        "from",
                                        "full",
                                        "grant",
                                        "group",
                                        "having",
                                        "ilike",
                                        "in",
                                        "initially",
                                        "inner",
                                        "intersect",
                                        "into",
                                        "is",
                                        "isnull",
                                        "join",
                                        "lateral",
                                        "leading",
                                        "left",
                                        "like",
                                        "limit",
                                        "localtime",
                                        "localtimestamp",
                                        "natural",
                                        "not",
                                        "notnull",
                                        "null",
                                        "offset",
                                        "on",
                                        "only",
                                        "or",
                                        "order",
                                        "outer",
                                        "overlaps",
                                        "placing",
                                        "primary",
                                        "references",
                                        "returning",
                                        "right",
                                        "select",
                                        "session_user",
                                        "similar",
                                        "some",
                                        "symmetric",
                                        "table",
                                        "tablesample",
                                        "then",
                                        "to",
                                        "trailing",
                                        "true",
                                        "union",
                                        "unique",
                                        "user",
                                        "using",
                                        "variadic",
                                        "verbose",
                                        "when",
                                        "where",
                                        "window",
                                        "with" };
enum { NRESERVED = sizeof reserved / sizeof *reserved, LONGEST_RESERVED = 17 };

bool scan_reserved(struct str word)
{
    if (word.n < 2 || word.n > LONGEST_RESERVED) {
        return false;
    }
    for (size_t i = 0; i < NRESERVED; i++) {
        if (str_eq_nocase(word, reserved[i])) {
            return true;
        }
    }
    return false;
}

static int nesting(enum token_kind kind)
{
    if (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET || kind == TOKEN_LBRACE) {
        return 1;
    }
    bool closes = kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET ||
                  kind == TOKEN_RBRACE;
    return closes ? -1 : 0;
}

size_t scan_close(struct scan scan, size_t open)
{
    int depth = 0;
    for (size_t i = open; i < scan.n; i++) {
        depth += nesting(scan.tokens[i].kind);
        if (depth == 0) {
            return i;
        }
    }
    return scan.n;
}

struct scan scan_unwrap(struct scan scan)
{
    while (scan.n >= 2 && scan.tokens[0].kind == TOKEN_LPAREN &&
           scan_close(scan, 0) == scan.n - 1) {
        scan = (struct scan){ scan.tokens + 1, scan.n - 2 };
    }
    return scan;
}

bool scan_is_word(struct scan scan, size_t i, const char *word)
{
    return i < scan.n && token_is_word(&scan.tokens[i], word);
}

bool scan_is_kind(struct scan scan, size_t i, enum token_kind kind)
{
    return i < scan.n && scan.tokens[i].kind == kind;
}

static bool is_any(struct scan scan, size_t i, const char *const *words, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (scan_is_word(scan, i, words[k])) {
            return true;
        }
    }
    return false;
}

/* A form of Unicode. */
static bool is_form(struct scan scan, size_t i)
{
    static const char *const forms[] = { "nfc", "nfd", "nfkc", "nfkd" };
    return is_any(scan, i, forms, sizeof forms / sizeof *forms);
}

/* Words that follow certain others belong to them: `at time zone`, `double precision`,
 * `is unknown`, `cast(x as date)`, `interval '1' day`, `extract(year from x)`. */
static bool belongs_to_previous(struct scan scan, size_t i)
{
    if (i == 0) {
        return false;
    }
    if (scan_is_kind(scan, i - 1, TOKEN_CAST) ||
        scan_is_kind(scan, i - 1, TOKEN_STRING)) {
        return true;
    }
    static const char *const before[] = { "as",   "collate", "is",    "at",
                                          "with", "without", "double" };
    if (is_any(scan, i - 1, before, sizeof before / sizeof *before)) {
        return true;
    }
    if (i < 2) {
        return false;
    }
    return (scan_is_word(scan, i - 1, "not") && scan_is_word(scan, i - 2, "is")) ||
           (scan_is_word(scan, i - 1, "time") && scan_is_word(scan, i, "zone")) ||
           (is_form(scan, i - 1) && scan_is_word(scan, i, "normalized")) ||
           (scan_is_kind(scan, i - 2, TOKEN_CAST) &&
            scan_is_word(scan, i, "varying")) ||
           (scan_is_kind(scan, i - 1, TOKEN_LPAREN) &&
            scan_is_word(scan, i - 2, "extract"));
}

/* `between`, `at time zone`, `timestamp with time zone`. */
static bool is_grammar(struct scan scan, size_t i)
{
    if (scan_is_word(scan, i, "between") || is_form(scan, i)) {
        return true;
    }
    bool zone = scan_is_word(scan, i + 1, "with") ||
                scan_is_word(scan, i + 1, "without");
    if (zone && scan_is_word(scan, i + 2, "time")) {
        return true;
    }
    bool at = scan_is_word(scan, i, "at") || scan_is_word(scan, i, "without");
    return at && scan_is_word(scan, i + 1, "time");
}

/* The qualifier at i - 2 is the table's name; a field of (composite).field is not. */
static bool qualified_by(struct scan scan, size_t i, struct str table)
{
    if (i < 2) {
        return false;
    }
    const struct token *qualifier = &scan.tokens[i - 2];
    struct str text = token_text(qualifier);
    if (qualifier->kind == TOKEN_QUOTED && text.n > 2) {
        text = (struct str){ text.s + 1, text.n - 2 };
    }
    return str_eq(text, table);
}

/* A word before another name is grammar: `document x`, `double precision`. Of words that
 * may follow a column all are reserved but three. */
static bool before_name(struct scan scan, size_t i)
{
    if (scan_is_word(scan, i + 1, "operator") &&
        scan_is_kind(scan, i + 2, TOKEN_LPAREN)) {
        return false;
    }
    if (!scan_is_kind(scan, i + 1, TOKEN_NAME)) {
        return scan_is_kind(scan, i + 1, TOKEN_QUOTED);
    }
    return !scan_reserved(token_text(&scan.tokens[i + 1])) &&
           !scan_is_word(scan, i + 1, "between") && !scan_is_word(scan, i + 1, "at");
}

bool scan_names_column(struct scan scan, size_t i, struct str table)
{
    const struct token *token = &scan.tokens[i];
    if (token->kind != TOKEN_NAME && token->kind != TOKEN_QUOTED) {
        return false;
    }
    if (scan_is_kind(scan, i + 1, TOKEN_DOT) ||
        scan_is_kind(scan, i + 1, TOKEN_LPAREN) ||
        scan_is_kind(scan, i + 1, TOKEN_STRING)) {
        return false;
    }
    if (i + 1 < scan.n && token_is(&scan.tokens[i + 1], "=>")) {
        return false;
    }
    if (i > 0 && scan_is_kind(scan, i - 1, TOKEN_DOT)) {
        return qualified_by(scan, i, table);
    }
    if (belongs_to_previous(scan, i)) {
        return false;
    }
    return token->kind == TOKEN_QUOTED ||
           (!scan_reserved(token_text(token)) && !is_grammar(scan, i) &&
            !before_name(scan, i));
}
