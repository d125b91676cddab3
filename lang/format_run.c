/* format_run.c: the tokens of one line, the SQL among them, and bodies of queries. Must not
 * know declarations. */
#include "format_print.h"

/* ---- white space -------------------------------------------------------------------------- */

static void put_blanks(struct printer *f, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_putc(f->out, ' ');
}

void print_indent(struct printer *f)
{
    put_blanks(f, f->indent);
}

/* Lines that go on stand two steps further in. */
static void break_line(struct printer *f)
{
    while (f->out->n > 0 && f->out->s[f->out->n - 1] == ' ')
        f->out->n--;
    buf_putc(f->out, '\n');
    put_blanks(f, f->indent + 2 * FORMAT_INDENT);
}

/* What the blanks at s, before limit, amount to; a tab counts as one step. */
static size_t measure_indent(const char *s, const char *limit, const char **text)
{
    size_t n = 0;
    for (; s < limit && (*s == ' ' || *s == '\t'); s++)
        n += *s == '\t' ? FORMAT_INDENT : 1;
    *text = s;
    return n;
}

/* ---- spacing -------------------------------------------------------------------------------- */

static bool is_sign(const struct token *token)
{
    return token->kind == TOKEN_OPERATOR &&
           (token_is(token, "-") || token_is(token, "+"));
}

static bool binds_left(enum token_kind kind)
{
    return kind == TOKEN_SEMICOLON || kind == TOKEN_COMMA || kind == TOKEN_RPAREN ||
           kind == TOKEN_RBRACKET || kind == TOKEN_DOT || kind == TOKEN_QUESTION ||
           kind == TOKEN_COLON;
}

static size_t space_before(const struct printer *f, size_t i)
{
    const struct token *token = &f->file->tokens[i], *prev = token - 1;
    if (f->roles[i] & ROLE_GLUED)
        return 0;
    if (f->roles[i] & ROLE_ATTRIBUTE)
        return 2;
    if (prev->kind == TOKEN_LPAREN || prev->kind == TOKEN_LBRACKET ||
        prev->kind == TOKEN_DOT)
        return 0;
    if (f->roles[i] & ROLE_SQL_FIRST)
        return 1;
    if (binds_left(token->kind) || (token->kind == TOKEN_NUMBER && is_sign(prev)))
        return 0;
    return 1;
}

/* ---- tokens --------------------------------------------------------------------------------- */

static void put_token(struct printer *f, size_t i)
{
    const struct token *token = &f->file->tokens[i];
    if (f->roles[i] & ROLE_TYPE) {
        buf_str(f->out, print_short_type(&f->marks, i));
        return;
    }
    bool lower = token->keyword || (f->roles[i] & ROLE_LOWER);
    buf_str(f->out, lower ? token_value(f->arena, token) : token_text(token));
}

/* ---- comments inside a line ------------------------------------------------------------------- */

static bool breaks(const struct ast_comment *comment)
{
    struct str text = span_text(comment->span);
    return text.s[1] != '*' || memchr(text.s, '\n', text.n);
}

static struct str comment_text(const struct ast_comment *comment)
{
    return span_text(comment->span);
}

/* One comment inside a line; gives whether the line was broken after it. */
static bool put_comment(struct printer *f, const struct ast_comment *comment)
{
    if (comment->doc)
        break_line(f);
    else
        buf_putc(f->out, ' ');
    buf_str(f->out, comment_text(comment));
    if (breaks(comment))
        break_line(f);
    return breaks(comment);
}

/* The comments before a token inside a line; gives whether the line is a new one. */
static bool put_comments(struct printer *f, size_t i)
{
    bool broke = false;
    while (f->comment < f->file->comments.n &&
           f->file->comments.items[f->comment].token <= i) {
        const struct ast_comment *comment = &f->file->comments.items[f->comment++];
        if (f->docs_only && !comment->doc)
            continue;
        broke = put_comment(f, comment);
    }
    return broke;
}

/* ---- SQL ---------------------------------------------------------------------------------------- */

static struct str gap_before(const struct printer *f, size_t i)
{
    const struct token *token = &f->file->tokens[i];
    const char *text = f->file->source->text;
    uint32_t start = token[-1].span.end;
    return (struct str){ text + start, token->span.start - start };
}

/* The least indentation of the lines that begin inside the stretch whose first token is at
 * the index. */
static size_t least_indent(const struct printer *f, size_t first)
{
    size_t least = SIZE_MAX;
    for (size_t i = first + 1; f->roles[i] & ROLE_SQL; i++) {
        struct str gap = gap_before(f, i);
        const char *end = gap.s + gap.n;
        for (const char *s = gap.s; (s = memchr(s, '\n', (size_t)(end - s)));) {
            const char *text;
            size_t n = measure_indent(++s, end, &text);
            bool blank = text < end && (*text == '\n' || *text == '\r');
            if (!blank && n < least)
                least = n;
        }
    }
    return least == SIZE_MAX ? 0 : least;
}

static void put_newline(struct printer *f)
{
    while (f->out->n > 0 &&
           (f->out->s[f->out->n - 1] == ' ' || f->out->s[f->out->n - 1] == '\t' ||
            f->out->s[f->out->n - 1] == '\r'))
        f->out->n--;
    buf_putc(f->out, '\n');
}

/* The white space and comments before a token of SQL: as they are, lines moved. */
static void put_gap(struct printer *f, size_t i)
{
    struct str gap = gap_before(f, i);
    const char *s = gap.s, *end = gap.s + gap.n;
    while (s < end) {
        const char *newline = memchr(s, '\n', (size_t)(end - s));
        buf_put(f->out, s, (size_t)((newline ? newline : end) - s));
        if (!newline)
            break;
        put_newline(f);
        const char *text;
        size_t indent = measure_indent(newline + 1, end, &text);
        bool blank = text < end && (*text == '\n' || *text == '\r');
        if (!blank)
            put_blanks(f, f->indent + 2 * FORMAT_INDENT +
                              (indent > f->sql_indent ? indent - f->sql_indent : 0));
        s = text;
    }
    while (f->comment < f->file->comments.n &&
           f->file->comments.items[f->comment].token <= i)
        f->comment++;
}

/* ---- runs ---------------------------------------------------------------------------------------- */

void print_run(struct printer *f, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++) {
        if (f->roles[i] & ROLE_DROPPED)
            continue;
        if (f->roles[i] & ROLE_SQL_FIRST)
            f->sql_indent = least_indent(f, i);
        if (i > first && (f->roles[i] & ROLE_SQL))
            put_gap(f, i);
        else if (i > first && !put_comments(f, i))
            put_blanks(f, space_before(f, i));
        put_token(f, i);
    }
}

/* The index of the first comment whose following token is the one given or later. */
static size_t comment_index(const struct ast_file *file, size_t token)
{
    size_t low = 0, high = file->comments.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->comments.items[middle].token < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t print_width(struct printer *f, size_t first, size_t last)
{
    struct buf scratch = { 0 };
    struct printer trial = *f;
    trial.comment = comment_index(f->file, first + 1);
    trial.out = &scratch;
    print_run(&trial, first, last);
    struct str text = buf_view(&scratch);
    size_t width = 0;
    /* Characters, not bytes. */
    for (size_t i = 0; i < text.n; i++)
        width += ((unsigned char)text.s[i] & 0xc0) != 0x80;
    if (text.n > 0 && memchr(text.s, '\n', text.n))
        width = SIZE_MAX;
    buf_release(&scratch);
    return width;
}

bool print_has_comment(const struct printer *f, size_t first, size_t last)
{
    for (size_t i = comment_index(f->file, first + 1); i < f->file->comments.n; i++) {
        const struct ast_comment *comment = &f->file->comments.items[i];
        if (comment->token > last)
            break;
        bool kept = comment->doc || !f->docs_only;
        if (kept && !(f->roles[comment->token] & ROLE_SQL))
            return true;
    }
    return false;
}

/* ---- bodies --------------------------------------------------------------------------------------- */

/* A line of a body: [s, end) without its newline. */
struct body_line {
    const char *s, *end;
    size_t indent;
    bool exact; /* begins inside a dollar quote: is the user's data */
};
typedef VEC(struct body_line) body_lines;

static bool inside_token(const struct printer *f, size_t *token, uint32_t offset)
{
    while (f->file->tokens[*token].span.end <= offset &&
           f->file->tokens[*token].kind != TOKEN_END)
        (*token)++;
    return f->file->tokens[*token].span.start < offset;
}

static void trim_line(struct body_line *line, bool data_follows)
{
    const char *text;
    if (!line->exact) {
        line->indent = measure_indent(line->s, line->end, &text);
        line->s = text;
    }
    while (!data_follows && line->end > line->s &&
           (line->end[-1] == ' ' || line->end[-1] == '\t' || line->end[-1] == '\r'))
        line->end--;
}

static body_lines split_body(struct printer *f, size_t open, size_t close)
{
    body_lines lines = { 0 };
    const char *text = f->file->source->text;
    const char *s = text + f->file->tokens[open].span.end;
    const char *end = text + f->file->tokens[close].span.start;
    size_t token = open;
    bool exact = false;
    for (;;) {
        const char *newline = memchr(s, '\n', (size_t)(end - s));
        struct body_line line = { .s = s,
                                  .end = newline ? newline : end,
                                  .exact = exact };
        exact = newline && inside_token(f, &token, (uint32_t)(newline + 1 - text));
        trim_line(&line, exact);
        VEC_PUSH(f->arena, &lines, line);
        if (!newline)
            return lines;
        s = newline + 1;
    }
}

static bool is_blank(const struct body_line *line)
{
    return line->s == line->end && !line->exact;
}

/* The line right behind the brace has no indentation of its own. */
static size_t least_body_indent(const body_lines *lines)
{
    size_t least = SIZE_MAX;
    for (size_t i = 1; i < lines->n; i++)
        if (!is_blank(&lines->items[i]) && !lines->items[i].exact &&
            lines->items[i].indent < least)
            least = lines->items[i].indent;
    return least;
}

static void put_body_line(struct printer *f, const struct body_line *line, size_t least)
{
    size_t more = line->indent > least ? line->indent - least : 0;
    if (!line->exact && !is_blank(line))
        put_blanks(f, f->indent + FORMAT_INDENT + more);
    buf_put(f->out, line->s, (size_t)(line->end - line->s));
    buf_putc(f->out, '\n');
}

void print_body(struct printer *f, size_t open, size_t close)
{
    body_lines lines = split_body(f, open, close);
    size_t first = 0, least = least_body_indent(&lines);
    lines.items[0].indent = 0;
    while (first < lines.n && is_blank(&lines.items[first]))
        first++;
    while (lines.n > first && is_blank(&lines.items[lines.n - 1]))
        lines.n--;
    for (size_t i = first; i < lines.n; i++)
        put_body_line(f, &lines.items[i], least);
    while (f->comment < f->file->comments.n &&
           f->file->comments.items[f->comment].token <= close)
        f->comment++;
}
