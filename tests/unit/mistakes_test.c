/* mistakes_test.c: each typical mistake, made at every place of the reference schema where
 * it can be made, costs exactly one message. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "lang/parser.h"
#include "lang/resolve.h"

struct fixture {
    struct arena arena;
    struct str text;
    const struct ast_file *file;
};

static struct source *source_of(struct arena *arena, struct str text)
{
    struct source *source = arena_new(arena, struct source);
    source->path = "app.schema";
    source->text = text.s;
    source->size = text.n;
    return source;
}

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ 0 };
    struct diags diags = { .arena = &fixture.arena };
    if (file_read(&fixture.arena, TEST_ROOT "/schema/app.schema", &fixture.text) != 0)
        return -1;
    fixture.file = parse_source(&fixture.arena, source_of(&fixture.arena, fixture.text),
                                &diags);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

/* ---- one mistake ------------------------------------------------------------------------ */

/* Checks the text in which the span stands as something else. */
static void assert_one_error(struct fixture *fixture, struct span span,
                             const char *with)
{
    struct arena arena = { 0 };
    struct buf text = { 0 };
    buf_put(&text, fixture->text.s, span.start);
    buf_puts(&text, with);
    buf_put(&text, fixture->text.s + span.end, fixture->text.n - span.end);
    struct diags diags = { .arena = &arena };
    resolve(&arena, source_of(&arena, buf_view(&text)), NULL, &diags);
    if (diags.nerrors != 1) {
        struct position position = source_position(fixture->file->source, span.start,
                                                   &arena);
        struct buf out = { 0 };
        diag_render_text(&diags, (struct diag_style){ 0 }, &out);
        fail_msg("\"%.*s\" as \"%s\" at %zu:%zu:\n%s", STR_ARGS(span_text(span)), with,
                 position.line, position.column, buf_view(&out).s);
    }
    buf_release(&text);
    arena_release(&arena);
}

/* Makes the mistake at each token of the kind. */
static void everywhere(void **state, enum token_kind kind, const char *with)
{
    struct fixture *fixture = *state;
    size_t made = 0;
    for (size_t i = 0; i < fixture->file->ntokens; i++) {
        if (fixture->file->tokens[i].kind != kind)
            continue;
        assert_one_error(fixture, fixture->file->tokens[i].span, with);
        made++;
    }
    assert_true(made > 10);
}

static void test_a_missing_semicolon(void **state)
{
    everywhere(state, TOKEN_SEMICOLON, "");
}

static void test_a_comma_for_a_semicolon(void **state)
{
    everywhere(state, TOKEN_SEMICOLON, ",");
}

static void test_a_missing_opening_brace(void **state)
{
    everywhere(state, TOKEN_LBRACE, "");
}

static void test_a_missing_closing_brace(void **state)
{
    everywhere(state, TOKEN_RBRACE, "");
}

static void test_a_missing_closing_parenthesis(void **state)
{
    everywhere(state, TOKEN_RPAREN, "");
}

static void test_a_stray_closing_parenthesis(void **state)
{
    everywhere(state, TOKEN_RPAREN, "))");
}

static void test_a_missing_opening_parenthesis(void **state)
{
    everywhere(state, TOKEN_LPAREN, " ");
}

/* Behind each member of a table; behind the last the rest of the file is another's. */
static void test_a_stray_closing_brace(void **state)
{
    struct fixture *fixture = *state;
    size_t made = 0;
    for (size_t i = 0; i + 1 < fixture->file->ntokens; i++) {
        const struct token *token = &fixture->file->tokens[i];
        if (token->kind != TOKEN_SEMICOLON || token[1].kind == TOKEN_RBRACE)
            continue;
        assert_one_error(fixture, token->span, ";\n}");
        made++;
    }
    assert_true(made > 10);
}

/* With the line's end, so that two members stand on one line. */
static void test_a_missing_semicolon_in_a_line(void **state)
{
    struct fixture *fixture = *state;
    size_t made = 0;
    for (size_t i = 0; i + 1 < fixture->file->ntokens; i++) {
        const struct token *token = &fixture->file->tokens[i];
        struct span span = token->span;
        if (token->kind != TOKEN_SEMICOLON || token[1].kind == TOKEN_RBRACE)
            continue;
        const char *text = fixture->text.s;
        while (text[span.end] == '\n' || text[span.end] == ' ')
            span.end++;
        if (text[span.end] == '/')
            continue;
        assert_one_error(fixture, span, " ");
        made++;
    }
    assert_true(made > 10);
}

static void test_a_stray_closing_bracket(void **state)
{
    everywhere(state, TOKEN_SEMICOLON, "];");
}

/* ---- words ------------------------------------------------------------------------------ */

static void test_a_misspelt_keyword(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < fixture->file->ntokens; i++) {
        const struct token *token = &fixture->file->tokens[i];
        struct str text = token_text(token);
        /* An index's misspelt "desc" is the name of an operator class. */
        if (!token->keyword || text.n < 3 || token->keyword == TOKEN_DESC)
            continue;
        /* The third letter left out. */
        char *word = arena_copy(&fixture->arena, text.s, text.n);
        memmove(word + 2, word + 3, text.n - 2);
        assert_one_error(fixture, token->span, word);
    }
}

static void test_not_null_as_in_sql(void **state)
{
    struct fixture *fixture = *state;
    const struct ast_decl *users =
        &fixture->file->decls.items[0].schema->decls.items[0];
    for (size_t i = 0; i < users->table->members.n; i++) {
        struct span span = users->table->members.items[i].column->type.span;
        const char *with = arena_printf(&fixture->arena, "%.*s not null",
                                        STR_ARGS(span_text(span)));
        assert_one_error(fixture, span, with);
    }
}

static void test_the_type_first_as_in_c(void **state)
{
    struct fixture *fixture = *state;
    static const char *const columns[] = { "text label;", "varchar(20) label;",
                                           "int8[] numbers;" };
    const struct ast_decl *users =
        &fixture->file->decls.items[0].schema->decls.items[0];
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        assert_one_error(fixture, users->table->members.items[1].span, columns[i]);
}

static void test_a_pasted_create_table(void **state)
{
    struct fixture *fixture = *state;
    const struct ast_schema *schema = fixture->file->decls.items[0].schema;
    struct span span = schema->decls.items[1].span;
    assert_one_error(fixture, span,
                     "enum account_type { oauth, oidc, email, webauthn }\n"
                     "    CREATE TABLE users2 (\n"
                     "        id bigint NOT NULL PRIMARY KEY,\n"
                     "        name varchar(20) DEFAULT 'x;' NOT NULL,\n"
                     "        CONSTRAINT c UNIQUE (name)\n"
                     "    );\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_missing_semicolon),
        TEST(test_a_comma_for_a_semicolon),
        TEST(test_a_missing_opening_brace),
        TEST(test_a_missing_closing_brace),
        TEST(test_a_missing_closing_parenthesis),
        TEST(test_a_stray_closing_parenthesis),
        TEST(test_a_missing_opening_parenthesis),
        TEST(test_a_stray_closing_brace),
        TEST(test_a_missing_semicolon_in_a_line),
        TEST(test_a_stray_closing_bracket),
        TEST(test_a_misspelt_keyword),
        TEST(test_not_null_as_in_sql),
        TEST(test_the_type_first_as_in_c),
        TEST(test_a_pasted_create_table),
    };
    return cmocka_run_group_tests_name("mistakes", tests, NULL, NULL);
}
