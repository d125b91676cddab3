/* build.c: ranges of tokens, names, doc comments and SQL. Must not know declarations. */
#include "build.h"

/* ---- ranges ------------------------------------------------------------------------- */

struct range range_of(const struct token *first, const struct token *last)
{
    return (struct range){ first, last };
}

struct range range_join(struct range a, struct range b)
{
    if (!a.first)
        return b;
    return (struct range){ a.first, b.first ? b.last : a.last };
}

struct span tokens_span(const struct token *first, const struct token *last)
{
    return span_join(first->span, last->span);
}

struct span range_span(struct range range)
{
    return tokens_span(range.first, range.last);
}

/* The index of the first token that starts at the offset or after it. */
static size_t token_index(const struct parser *p, uint32_t offset)
{
    size_t low = 0, high = p->ntokens - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->tokens[middle].span.start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct token *last_token_of(const struct parser *p, struct span span)
{
    size_t after = token_index(p, span.end);
    return &p->tokens[after > 0 ? after - 1 : 0];
}

/* ---- errors ------------------------------------------------------------------------- */

/* Bytes that are searched for the end of a line. */
enum { MAX_LINE = 1000 };

/* A bracket or separator that does not fit, on a line where something was mended before:
 * the mending is what made it so. */
static bool is_follow_up(const struct parser *p, int code, struct span span)
{
    if ((code != E_wrong_separator && code != E_stray_bracket) || !p->error.source ||
        p->error.start > span.start)
        return false;
    size_t n = span.start - p->error.start;
    return n < MAX_LINE && !memchr(span.source->text + p->error.start, '\n', n);
}

struct diag *build_error(struct parser *p, int code, struct span span,
                         const char *format, ...)
{
    p->file->ok = false;
    if (p->muted || is_follow_up(p, code, span))
        return &p->ignored;
    p->error = span;
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(p->arena, format, args);
    va_end(args);
    return diag_error(p->diags, code, span, "%s", message);
}

/* ---- doc comments ------------------------------------------------------------------- */

/* The index of the first comment whose following token is the one given or later. */
static size_t comment_index(const struct parser *p, size_t token)
{
    size_t low = 0, high = p->file->comments.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->file->comments.items[middle].token < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A line without its slashes, the blank after them and what trails. */
static struct str doc_line(struct span span)
{
    struct str line = span_text(span);
    line.s += 3;
    line.n -= 3;
    if (line.n > 0 && line.s[0] == ' ') {
        line.s++;
        line.n--;
    }
    return line;
}

struct str build_doc(struct parser *p, const struct token *token)
{
    size_t index = (size_t)(token - p->tokens), lines = 0;
    struct buf doc = { 0 };
    for (size_t i = comment_index(p, index); i < p->file->comments.n; i++) {
        const struct ast_comment *comment = &p->file->comments.items[i];
        if (comment->token != index)
            break;
        if (!comment->doc || !comment->newline)
            continue;
        p->doc_used[i] = true;
        if (lines++ > 0)
            buf_putc(&doc, '\n');
        buf_str(&doc, doc_line(comment->span));
    }
    struct str text = buf_dup(&doc, p->arena);
    buf_release(&doc);
    return text;
}

struct str build_doc_at(struct parser *p, struct span span)
{
    return build_doc(p, &p->tokens[token_index(p, span.start)]);
}

static void report_docs_inside(struct parser *p, struct range range)
{
    size_t first = (size_t)(range.first - p->tokens);
    size_t last = (size_t)(range.last - p->tokens);
    for (size_t i = comment_index(p, first); i < p->file->comments.n; i++) {
        const struct ast_comment *comment = &p->file->comments.items[i];
        if (comment->token > last)
            break;
        if (!comment->doc || p->doc_used[i])
            continue;
        p->doc_used[i] = true;
        struct diag *diag = build_error(p, E_doc_in_sql, comment->span,
                                        "doc comment inside SQL");
        diag_hint(p->diags, diag, "write \"//\" or \"--\"");
    }
}

/* PostgreSQL joins strings only across lines. */
static void report_strings(struct parser *p, struct range range)
{
    for (const struct token *token = range.first; token < range.last; token++) {
        const struct token *next = token + 1;
        if (token->kind != TOKEN_STRING || next->kind != TOKEN_STRING || next->newline)
            continue;
        struct diag *diag = build_error(p, E_syntax, next->span,
                                        "a string right behind another");
        diag_hint(p->diags, diag,
                  "join them with ||, or begin a new line with the second");
    }
}

/* ---- names -------------------------------------------------------------------------- */

struct ast_name *build_word(struct parser *p, const struct token *token)
{
    struct ast_name *name = arena_new(p->arena, struct ast_name);
    name->text = token_value(p->arena, token);
    name->span = token->span;
    name->quoted = token->kind == TOKEN_QUOTED;
    return name;
}

static bool has_upper(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] >= 'A' && text.s[i] <= 'Z')
            return true;
    return false;
}

static void check_quoted(struct parser *p, const struct ast_name *name)
{
    struct str text = span_text(name->span);
    if (name->text.n == 0) {
        build_error(p, E_empty_name, name->span, "empty name");
    } else if (text.s[0] != '"') {
        const struct token *token = last_token_of(p, name->span);
        if (!token_escapes_valid(token))
            build_error(p, E_bad_escape, name->span, "wrong escape in the name %.*s",
                        STR_ARGS(text));
    }
}

struct ast_name *build_name(struct parser *p, struct ast_name *word)
{
    if (word->quoted) {
        check_quoted(p, word);
    } else if (has_upper(span_text(word->span))) {
        struct str text = span_text(word->span);
        struct diag *diag = build_error(p, E_upper_case_name, word->span,
                                        "upper case in the name \"%.*s\"",
                                        STR_ARGS(text));
        diag_hint(p->diags, diag, "write %.*s, or \"%.*s\" with the quotes",
                  STR_ARGS(word->text), STR_ARGS(text));
    }
    return word;
}

struct ast_qname *build_qname(struct parser *p, struct ast_name *schema,
                              struct ast_name *name)
{
    struct ast_qname *qname = arena_new(p->arena, struct ast_qname);
    qname->name = *name;
    qname->span = name->span;
    if (schema) {
        qname->schema = *schema;
        qname->span = span_join(schema->span, name->span);
    }
    return qname;
}

ast_names *build_names(struct parser *p, ast_names *names, struct ast_name *name)
{
    if (!names)
        names = arena_new(p->arena, ast_names);
    VEC_PUSH(p->arena, names, *name);
    return names;
}

struct ast_name *build_old_name(const struct ast_name *schema, struct ast_name *name)
{
    name->schema = schema->text;
    name->span = span_join(schema->span, name->span);
    return name;
}

struct span names_span(const ast_names *names)
{
    return span_join(names->items[0].span, names->items[names->n - 1].span);
}

struct ast_c_name *build_c_name(struct parser *p, const struct token *token)
{
    struct ast_c_name *c_name = arena_new(p->arena, struct ast_c_name);
    c_name->given = true;
    c_name->span = token->span;
    /* C tells upper case from lower. */
    c_name->text = token->kind == TOKEN_QUOTED ? token_value(p->arena, token)
                                               : token_text(token);
    return c_name;
}

/* ---- SQL ---------------------------------------------------------------------------- */

struct ast_sql build_sql(struct parser *p, struct range range)
{
    if (!range.first)
        return (struct ast_sql){ 0 };
    report_docs_inside(p, range);
    report_strings(p, range);
    return (struct ast_sql){ .span = range_span(range),
                             .tokens = range.first,
                             .ntokens = (size_t)(range.last - range.first) + 1 };
}

struct ast_sql build_paren(struct parser *p, const struct token *open,
                           struct range range)
{
    if (!range.first)
        build_error(p, E_empty_sql, open->span, "parentheses without an expression");
    return build_sql(p, range);
}
