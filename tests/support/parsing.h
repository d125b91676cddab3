/* parsing.h: pieces of schema text as the tree that they parse to, for tests of the parser. */
#ifndef TESTS_SUPPORT_PARSING_H
#define TESTS_SUPPORT_PARSING_H
#include "lang/parser.h"
#include "tests/support/reading.h"

static inline const struct ast_file *parse_any(struct fixture *fixture,
                                               const char *text)
{
    struct source *source = arena_new(&fixture->arena, struct source);
    source->path = "t.schema";
    source->text = text;
    source->size = strlen(text);
    return parse_source(&fixture->arena, source, &fixture->diags);
}

static inline const struct ast_file *parse(void **state, const char *text)
{
    struct fixture *fixture = *state;
    const struct ast_file *file = parse_any(fixture, text);
    if (fixture->diags.nerrors > 0) {
        struct buf out = { 0 };
        diag_render_text(&fixture->diags, (struct diag_style){ 0 }, &out);
        print_error("%s", out.s);
        buf_release(&out);
    }
    assert_true(file->ok && !file->lost);
    assert_int_equal(fixture->diags.nerrors, 0);
    return file;
}

static inline const struct ast_decl *first(void **state, const char *text)
{
    const struct ast_file *file = parse(state, text);
    assert_true(file->decls.n > 0);
    return &file->decls.items[0];
}

/* The first member of a table that holds just it. */
static inline const struct ast_member *member(void **state, const char *text)
{
    struct fixture *fixture = *state;
    const struct ast_decl *decl = first(
        state, arena_printf(&fixture->arena, "table t {\n%s\n}", text));
    assert_int_equal(decl->kind, AST_DECL_TABLE);
    assert_int_equal(decl->table->members.n, 1);
    return &decl->table->members.items[0];
}

static inline const struct ast_column *column(void **state, const char *text)
{
    const struct ast_member *found = member(state, text);
    assert_int_equal(found->kind, AST_MEMBER_COLUMN);
    return found->column;
}

static inline void assert_span(struct span span, const char *expected)
{
    assert_str(span_text(span), expected);
}

static inline void assert_sql(struct ast_sql sql, const char *expected, size_t ntokens)
{
    assert_span(sql.span, expected);
    assert_int_equal(sql.ntokens, ntokens);
}

#endif
