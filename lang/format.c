/* format.c: the order of declarations, blank lines, and comments between them. Must not
 * know what a declaration means. */
#include "format_print.h"

/* ---- comments on lines of their own -------------------------------------------------------- */

/* Whether a blank line stands before the offset. */
static bool blank_line_before(const struct printer *f, uint32_t offset)
{
    const char *text = f->file->source->text;
    int newlines = 0;
    while (offset > 0 && strchr(" \t\r\n", text[offset - 1]))
        newlines += text[--offset] == '\n';
    return newlines > 1;
}

static void put_blank_line(struct printer *f, enum print_blank blank, uint32_t offset)
{
    if (blank == BLANK_FORCED || (blank == BLANK_KEEP && blank_line_before(f, offset)))
        buf_putc(f->out, '\n');
}

static const struct ast_comment *next_comment(const struct printer *f, size_t token)
{
    if (f->comment >= f->file->comments.n)
        return NULL;
    const struct ast_comment *comment = &f->file->comments.items[f->comment];
    return comment->token <= token ? comment : NULL;
}

/* Gives the blank that belongs behind the last comment. */
static enum print_blank put_comments(struct printer *f, size_t token,
                                     enum print_blank blank)
{
    const struct ast_comment *comment;
    while ((comment = next_comment(f, token))) {
        f->comment++;
        if (f->docs_only && !comment->doc)
            continue;
        put_blank_line(f, blank, comment->span.start);
        print_indent(f);
        buf_str(f->out, span_text(comment->span));
        buf_putc(f->out, '\n');
        blank = comment->doc ? BLANK_NEVER : BLANK_KEEP;
    }
    return blank;
}

void print_before(struct printer *f, size_t token, enum print_blank blank)
{
    blank = put_comments(f, token, blank);
    put_blank_line(f, blank, f->file->tokens[token].span.start);
}

/* The token behind, stray ";" left out. */
static size_t token_after(const struct printer *f, size_t token)
{
    do
        token++;
    while (f->file->tokens[token].kind == TOKEN_SEMICOLON);
    return token;
}

void print_after(struct printer *f, size_t token)
{
    const struct ast_comment *comment;
    size_t next = f->file->tokens[token].kind == TOKEN_END ? token
                                                           : token_after(f, token);
    while ((comment = next_comment(f, next)) && !comment->newline) {
        f->comment++;
        if (f->docs_only)
            continue;
        struct str text = span_text(comment->span);
        buf_puts(f->out, "  ");
        buf_str(f->out, text);
        /* Nothing can stand behind "//": what else there is gets a line of its own. */
        if (text.s[1] != '*')
            break;
    }
    buf_putc(f->out, '\n');
}

void print_close(struct printer *f, size_t token)
{
    f->indent += FORMAT_INDENT;
    put_comments(f, token, BLANK_KEEP);
    f->indent -= FORMAT_INDENT;
    print_indent(f);
    buf_putc(f->out, '}');
    print_after(f, token);
}

/* ---- declarations --------------------------------------------------------------------------- */

static size_t first_token(const struct printer *f, const struct ast_decl *decl)
{
    return print_index(f->file, decl->span.start);
}

static size_t last_token(const struct printer *f, const struct ast_decl *decl)
{
    return print_index(f->file, decl->span.end - 1);
}

/* The first "{" at the token or after it. */
static size_t open_brace(const struct printer *f, size_t token)
{
    while (f->file->tokens[token].kind != TOKEN_LBRACE)
        token++;
    return token;
}

/* From the first token to its "{", which ends the line. */
static void print_head(struct printer *f, size_t first, size_t open)
{
    print_indent(f);
    print_run(f, first, open);
    print_after(f, open);
}

static void print_line(struct printer *f, size_t first, size_t last)
{
    print_indent(f);
    print_run(f, first, last);
    print_after(f, last);
}

/* One value a line, each with its ",". */
static void print_values(struct printer *f, const struct ast_enum *enum_, size_t close)
{
    f->indent += FORMAT_INDENT;
    for (size_t i = 0; i < enum_->values.n; i++) {
        const struct ast_value *value = &enum_->values.items[i];
        size_t first = print_index(f->file, value->span.start);
        size_t last = print_index(f->file, value->span.end) - 1;
        print_before(f, first, i == 0 ? BLANK_NEVER : BLANK_KEEP);
        print_indent(f);
        print_run(f, first, last);
        buf_putc(f->out, ',');
        bool comma = f->file->tokens[last + 1].kind == TOKEN_COMMA;
        print_after(f, comma ? last + 1 : last);
    }
    f->indent -= FORMAT_INDENT;
    print_close(f, close);
}

static bool fits_line(struct printer *f, size_t first, size_t last)
{
    if (print_has_comment(f, first, last))
        return false;
    size_t width = print_width(f, first, last);
    return width != SIZE_MAX && f->indent + width <= FORMAT_WIDTH;
}

/* All on one line where it fits; a "," behind the last value goes then. */
static void print_enum(struct printer *f, const struct ast_decl *decl)
{
    size_t first = first_token(f, decl), last = last_token(f, decl);
    size_t open = open_brace(f, first), end = last - 1;
    if (f->file->tokens[end].kind == TOKEN_COMMA)
        end--;
    if (!fits_line(f, first, last)) {
        print_head(f, first, open);
        print_values(f, decl->enum_, last);
        return;
    }
    print_indent(f);
    print_run(f, first, end);
    buf_puts(f->out, " }");
    print_after(f, last);
}

static void print_extension(struct printer *f, const struct ast_decl *decl)
{
    size_t first = first_token(f, decl), last = last_token(f, decl);
    if (f->file->tokens[last].kind == TOKEN_SEMICOLON) {
        print_line(f, first, last);
        return;
    }
    print_head(f, first, open_brace(f, first));
    f->indent += FORMAT_INDENT;
    for (size_t i = 0; i < decl->extension->types.n; i++) {
        struct span span = decl->extension->types.items[i].span;
        size_t start = print_index(f->file, span.start);
        print_before(f, start, i == 0 ? BLANK_NEVER : BLANK_KEEP);
        print_line(f, start, print_index(f->file, span.end - 1));
    }
    f->indent -= FORMAT_INDENT;
    print_close(f, last);
}

static void print_query(struct printer *f, const struct ast_decl *decl)
{
    size_t first = first_token(f, decl), last = last_token(f, decl);
    if (!decl->query->has_body) {
        print_line(f, first, last);
        return;
    }
    size_t open = print_index(f->file, decl->query->body.start);
    print_indent(f);
    print_run(f, first, open);
    buf_putc(f->out, '\n');
    print_body(f, open, last);
    print_indent(f);
    buf_putc(f->out, '}');
    print_after(f, last);
}

static void print_decls(struct printer *f, const ast_decls *decls,
                        enum print_blank blank);

static void print_schema(struct printer *f, const struct ast_decl *decl)
{
    size_t first = first_token(f, decl);
    print_head(f, first, open_brace(f, first));
    f->indent += FORMAT_INDENT;
    print_decls(f, &decl->schema->decls, BLANK_FORCED);
    f->indent -= FORMAT_INDENT;
    print_close(f, last_token(f, decl));
}

static void print_decl(struct printer *f, const struct ast_decl *decl)
{
    switch (decl->kind) {
    case AST_DECL_SCHEMA:
        print_schema(f, decl);
        break;
    case AST_DECL_TABLE:
        print_head(f, first_token(f, decl), open_brace(f, first_token(f, decl)));
        print_table(f, decl);
        break;
    case AST_DECL_ENUM:
        print_enum(f, decl);
        break;
    case AST_DECL_EXTENSION:
        print_extension(f, decl);
        break;
    case AST_DECL_QUERY:
        print_query(f, decl);
        break;
    case AST_DECL_DOMAIN:
    case AST_DECL_SEQUENCE:
    case AST_DECL_DROPPED:
        print_line(f, first_token(f, decl), last_token(f, decl));
        break;
    }
}

/* ---- the file ------------------------------------------------------------------------------- */

/* Whether blank lines always stand around it. */
static bool is_block(struct printer *f, const struct ast_decl *decl)
{
    if (decl->kind == AST_DECL_ENUM)
        return !fits_line(f, first_token(f, decl), last_token(f, decl));
    return decl->kind == AST_DECL_SCHEMA || decl->kind == AST_DECL_TABLE ||
           (decl->kind == AST_DECL_QUERY && decl->query->has_body) ||
           (decl->kind == AST_DECL_EXTENSION && decl->extension->types.n > 0);
}

/* blank: before the first one. */
static void print_decls(struct printer *f, const ast_decls *decls,
                        enum print_blank blank)
{
    for (size_t i = 0; i < decls->n; i++) {
        const struct ast_decl *decl = &decls->items[i];
        if (i > 0)
            blank = is_block(f, decl) || is_block(f, decl - 1) ? BLANK_FORCED
                                                               : BLANK_KEEP;
        print_before(f, first_token(f, decl), blank);
        print_decl(f, decl);
    }
}

/* An include or a declaration of a file's top level. */
struct item {
    struct span span;
    const struct ast_decl *decl; /* NULL: an include */
};
typedef VEC(struct item) item_list;

/* In the order of the source. */
static item_list merge_items(struct arena *arena, const struct ast_file *file,
                             bool includes)
{
    item_list merged = { 0 };
    size_t include = includes ? 0 : file->includes.n;
    for (size_t i = 0; i <= file->decls.n; i++) {
        const struct ast_decl *decl = i < file->decls.n ? &file->decls.items[i] : NULL;
        while (include < file->includes.n &&
               (!decl || file->includes.items[include].span.start < decl->span.start)) {
            struct item item = { file->includes.items[include++].span, NULL };
            VEC_PUSH(arena, &merged, item);
        }
        if (decl)
            VEC_PUSH(arena, &merged, ((struct item){ decl->span, decl }));
    }
    return merged;
}

static enum print_blank blank_between(struct printer *f, const struct item *a,
                                      const struct item *b)
{
    bool block = (a->decl && is_block(f, a->decl)) || (b->decl && is_block(f, b->decl));
    return block || !a->decl != !b->decl ? BLANK_FORCED : BLANK_KEEP;
}

static void print_items(struct printer *f, const item_list *items)
{
    for (size_t i = 0; i < items->n; i++) {
        const struct item *item = &items->items[i];
        size_t first = print_index(f->file, item->span.start);
        print_before(f, first, i == 0 ? BLANK_NEVER : blank_between(f, item - 1, item));
        if (item->decl)
            print_decl(f, item->decl);
        else
            print_line(f, first, print_index(f->file, item->span.end - 1));
    }
    put_comments(f, f->file->ntokens - 1, items->n == 0 ? BLANK_NEVER : BLANK_KEEP);
}

static void print_file(struct arena *arena, const struct ast_file *file, bool snapshot,
                       struct buf *out)
{
    struct printer printer = { .arena = arena, .file = file, .out = out };
    printer.marks = print_marks(arena, file);
    printer.roles = printer.marks.roles;
    printer.docs_only = snapshot;
    item_list items = merge_items(arena, file, !snapshot);
    print_items(&printer, &items);
}

void format_file(struct arena *arena, const struct ast_file *file, struct buf *out)
{
    print_file(arena, file, false, out);
}

void format_snapshot(struct arena *arena, const struct ast_file *const *files,
                     size_t nfiles, struct buf *out)
{
    for (size_t i = 0; i < nfiles; i++) {
        if (out->n > 0 && files[i]->decls.n > 0)
            buf_putc(out, '\n');
        print_file(arena, files[i], true, out);
    }
}
