/* lexer_test.c: bytes to tokens, each lexical form of PostgreSQL and of the language. */
#include "lang/encoding.h"
#include "lang/lexer.h"
#include "tests/support/reading.h"

/* What was lexed last. */
static struct source source;
static struct ast_file lexed;

static const struct ast_file *lex_bytes(struct fixture *fixture, const char *text,
                                        size_t n)
{
    source = (struct source){ .path = "t", .text = text, .size = n };
    lexed = (struct ast_file){ .source = &source, .ok = true };
    lex_file(&fixture->arena, &lexed, &fixture->diags);
    return &lexed;
}

static const struct ast_file *lex(struct fixture *fixture, const char *text)
{
    return lex_bytes(fixture, text, strlen(text));
}

static const char letters[TOKEN_KINDS] = {
    [TOKEN_NAME] = 'n',     [TOKEN_QUOTED] = 'q',   [TOKEN_STRING] = 's',
    [TOKEN_DOLLAR] = 'd',   [TOKEN_NUMBER] = '9',   [TOKEN_PARAM] = 'p',
    [TOKEN_POSITION] = '1', [TOKEN_OPERATOR] = 'o', [TOKEN_EQUAL] = '=',
    [TOKEN_QUESTION] = '?', [TOKEN_CAST] = 'c',     [TOKEN_COLON] = ':',
    [TOKEN_DOT] = '.',      [TOKEN_COMMA] = ',',    [TOKEN_SEMICOLON] = ';',
    [TOKEN_LPAREN] = '(',   [TOKEN_RPAREN] = ')',   [TOKEN_LBRACKET] = '[',
    [TOKEN_RBRACKET] = ']', [TOKEN_LBRACE] = '{',   [TOKEN_RBRACE] = '}',
};

/* One letter a token and its text between bars: "n|a|o|<->|". */
static const char *dump(struct fixture *fixture)
{
    struct buf out = { 0 };
    for (size_t i = 0; i + 1 < lexed.ntokens; i++) {
        const struct token *token = &lexed.tokens[i];
        buf_printf(&out, "%c|%.*s|", letters[token->kind], STR_ARGS(token_text(token)));
    }
    struct str text = buf_dup(&out, &fixture->arena);
    buf_release(&out);
    return text.s ? text.s : "";
}

#define LEXES(text, expected)                                           \
    do {                                                                \
        lex(*state, (text));                                            \
        assert_string_equal(dump(*state), (expected));                  \
        assert_int_equal(((struct fixture *)*state)->diags.nerrors, 0); \
    } while (0)

static void test_names(void **state)
{
    LEXES("a _b c$1 Été \"A \"\"b\"\" {\" U&\"\\0061\" u&\"x\"",
          "n|a|n|_b|n|c$1|n|Été|q|\"A \"\"b\"\" {\"|q|U&\"\\0061\"|q|u&\"x\"|");
    LEXES("", "");
    LEXES(" \t\r\n\f\v", "");
}

static void test_strings(void **state)
{
    LEXES(
        "'a''b' E'it\\'s {' e'\\\\' B'01' x'Ff' N'n' U&'d\\0061' ''",
        "s|'a''b'|s|E'it\\'s {'|s|e'\\\\'|s|B'01'|s|x'Ff'|s|N'n'|s|U&'d\\0061'|s|''|");
    LEXES("'a\\' 'b'", "s|'a\\'|s|'b'|");
    LEXES("'a'\n'b'", "s|'a'|s|'b'|");
}

static void test_dollar_quotes_and_parameters(void **state)
{
    LEXES("$$a } ' b$$ $x$ $$ $y$ $x$", "d|$$a } ' b$$|d|$x$ $$ $y$ $x$|");
    LEXES("$user_id $1 $a+$b", "p|$user_id|1|$1|p|$a|o|+|p|$b|");
    LEXES("$a$ {\n} $a$", "d|$a$ {\n} $a$|");
    LEXES("a$b$c", "n|a$b$c|");
}

static void test_numbers(void **state)
{
    LEXES("1 1.5 .5 1. 1e5 1.5E-3 1_000 0xFf 0o17 0b01",
          "9|1|9|1.5|9|.5|9|1.|9|1e5|9|1.5E-3|9|1_000|9|0xFf|9|0o17|9|0b01|");
    LEXES("1..2 a[1:2]", "9|1|o|..|9|2|n|a|[|[|9|1|:|:|9|2|]|]|");
}

static void test_operators_end_as_in_postgresql(void **state)
{
    LEXES("a->>'b'", "n|a|o|->>|s|'b'|");
    LEXES("a ?| b ?& c @? d ? e ?? f",
          "n|a|o|?||n|b|o|?&|n|c|o|@?|n|d|?|?|n|e|o|??|n|f|");
    LEXES("a*-1 5!=-3 @- -1 <-> ~-",
          "n|a|o|*|o|-|9|1|9|5|o|!=-|9|3|o|@-|o|-|9|1|o|<->|o|~-|");
    LEXES("a <= b = c => d", "n|a|o|<=|n|b|=|=|n|c|o|=>|n|d|");
    LEXES("a +-- b", "n|a|o|+|");
    LEXES("a */* b */ c */d", "n|a|o|*|n|c|o|*/|n|d|");
    LEXES("1*//2\n3", "9|1|o|*|9|3|");
    LEXES("a::text b:c d:=e", "n|a|c|::|n|text|n|b|:|:|n|c|n|d|o|:=|n|e|");
    LEXES("#>>'{a,b}'", "o|#>>|s|'{a,b}'|");
}

static void test_comments(void **state)
{
    LEXES("a // } b\n-- { c\n/* x /* y */ } */ d", "n|a|n|d|");
    assert_int_equal(lexed.comments.n, 3);
    LEXES("a/**/b/*+ c */d/*-*/ -/**/ e", "n|a|n|b|n|d|o|-|n|e|");
    LEXES("/// one\n//// two\n//\na /// three", "n|a|");
    assert_int_equal(lexed.comments.n, 4);
    const struct ast_comment *comments = lexed.comments.items;
    assert_true(comments[0].doc && comments[0].newline && comments[0].token == 0);
    assert_false(comments[1].doc);
    assert_false(comments[2].doc);
    assert_true(comments[3].doc && !comments[3].newline && comments[3].token == 1);
    assert_int_equal(comments[0].span.end, 7);
    LEXES("///  x \t\r\n", "");
    assert_int_equal(lexed.comments.items[0].span.end, 6);
}

static void test_lines_and_spaces(void **state)
{
    const struct ast_file *file = lex(*state, "a b\n c/**/d /*\n*/ e");
    static const bool newlines[] = { true, false, true, false, true };
    static const bool spaces[] = { false, true, true, true, true };
    for (size_t i = 0; i < 5; i++) {
        if (file->tokens[i].newline != newlines[i] ||
            file->tokens[i].space != spaces[i])
            fail_msg("token %zu: newline %d, space %d", i, file->tokens[i].newline,
                     file->tokens[i].space);
    }
    assert_int_equal(file->tokens[5].kind, TOKEN_END);
    assert_int_equal(file->tokens[5].span.start, 19);
}

static void test_byte_order_mark(void **state)
{
    const struct ast_file *file = lex(*state, "\xef\xbb\xbf"
                                              "a");
    assert_true(file->ok);
    assert_int_equal(file->ntokens, 2);
    assert_int_equal(file->tokens[0].span.start, 3);
    lex(*state, "\xef\xbb\xbf");
    assert_int_equal(lexed.ntokens, 1);
}

/* ---- what is no text ----------------------------------------------------------------- */

static void assert_refused(void **state, const char *bytes, size_t n, int code,
                           uint32_t at)
{
    struct fixture *fixture = *state;
    fixture->diags = (struct diags){ .arena = &fixture->arena };
    const struct ast_file *file = lex_bytes(fixture, bytes, n);
    assert_false(file->ok);
    assert_int_equal(file->ntokens, 1);
    assert_int_equal(fixture->diags.nerrors, 1);
    assert_int_equal(fixture->diags.list.items[0].code, code);
    assert_int_equal(fixture->diags.list.items[0].span.start, at);
}

static void test_bytes_that_are_no_utf8(void **state)
{
    static const char *const bad[] = { "ab\x80",         "ab\xc3",
                                       "ab\xc0\xaf",     "ab\xe0\x80\xaf",
                                       "ab\xed\xa0\x80", "ab\xf4\x90\x80\x80",
                                       "ab\xf0\x9f\x98", "ab\xff" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(state, bad[i], strlen(bad[i]), 101, 2);
    lex(*state, "'\xf0\x9f\x98\x80 \xed\x9f\xbf \xee\x80\x80'");
    assert_true(lexed.ok);
}

static void test_nul_and_size(void **state)
{
    assert_refused(state, "a\0b", 3, 111, 1);
    struct fixture *fixture = *state;
    struct source huge = { .path = "t", .text = "text", .size = UINT32_MAX };
    size_t skip = 1;
    fixture->diags = (struct diags){ .arena = &fixture->arena };
    assert_false(encoding_check(&huge, &fixture->diags, &skip));
    assert_int_equal(fixture->diags.list.items[0].code, 113);
}

/* ---- unterminated --------------------------------------------------------------------- */

static void test_unterminated_ends_with_its_line(void **state)
{
    struct fixture *fixture = *state;
    lex(fixture, "'abc; }\nx \"de\ny");
    assert_string_equal(dump(fixture), "s|'abc; }|n|x|q|\"de|n|y|");
    assert_int_equal(fixture->diags.nerrors, 2);
    assert_true(lexed.tokens[0].broken && lexed.tokens[2].broken);
}

static void test_unterminated_comment_hides_its_line_only(void **state)
{
    struct fixture *fixture = *state;
    lex(fixture, "a /* b /* c */\nd");
    assert_string_equal(dump(fixture), "n|a|n|d|");
    assert_int_equal(fixture->diags.nerrors, 1);
}

/* Searched to the end of the file a few times only. */
static void test_many_unterminated_are_linear(void **state)
{
    struct fixture *fixture = *state;
    struct buf text = { 0 };
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "/* $a%d$ \n", i);
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "$a%d$ \n", i);
    lex_bytes(fixture, text.s, text.n);
    assert_false(lexed.ok);
    buf_release(&text);
}

/* ---- values --------------------------------------------------------------------------- */

static void test_values(void **state)
{
    static const struct {
        const char *text, *value;
    } cases[] = { { "Ab", "ab" },      { "\"A\"\"b\"", "A\"b" },
                  { "\"\"", "" },      { "U&\"d\\0061\\+0000e9\\\\\"", "da\xc3\xa9\\" },
                  { "'a''b'", "a'b" }, { "$Param", "param" },
                  { "$t$x$t$", "x" },  { "$$$$", "" },
                  { "E'a'", "E'a'" },  { "1.50", "1.50" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *fixture = *state;
        const struct ast_file *file = lex(fixture, cases[i].text);
        assert_int_equal(file->ntokens, 2);
        struct str value = token_value(&fixture->arena, &file->tokens[0]);
        assert_string_equal(str_dup(&fixture->arena, value), cases[i].value);
    }
}

static void test_escapes(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = { { "U&\"\\0061\"", true },  { "U&\"\\006\"", false },
                  { "U&\"\\d800\"", false }, { "U&\"\\+110000\"", false },
                  { "U&\"\\0000\"", false }, { "U&\"\\\\\"", true },
                  { "U&\"\\\"", false },     { "\"\\006\"", true } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ast_file *file = lex(*state, cases[i].text);
        assert_int_equal(token_escapes_valid(&file->tokens[0]), cases[i].valid);
    }
}

static void test_keywords(void **state)
{
    for (int kind = TOKEN_END; kind < TOKEN_KINDS; kind++) {
        const char *word = token_keyword_word((enum token_kind)kind);
        assert_non_null(token_kind_shown((enum token_kind)kind));
        if (!word)
            continue;
        const struct ast_file *file = lex(*state, word);
        assert_int_equal(token_keyword(&file->tokens[0]), kind);
    }
    static const char *const others[] = { "tables", "tabl", "a", "zzz", "\"table\"" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(token_keyword(&lex(*state, others[i])->tokens[0]), TOKEN_END);
    assert_int_equal(token_keyword(&lex(*state, "TaBLE")->tokens[0]), TOKEN_TABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_names),
        TEST(test_strings),
        TEST(test_dollar_quotes_and_parameters),
        TEST(test_numbers),
        TEST(test_operators_end_as_in_postgresql),
        TEST(test_comments),
        TEST(test_lines_and_spaces),
        TEST(test_byte_order_mark),
        TEST(test_bytes_that_are_no_utf8),
        TEST(test_nul_and_size),
        TEST(test_unterminated_ends_with_its_line),
        TEST(test_unterminated_comment_hides_its_line_only),
        TEST(test_many_unterminated_are_linear),
        TEST(test_values),
        TEST(test_escapes),
        TEST(test_keywords),
    };
    return cmocka_run_group_tests_name("lexer", tests, NULL, NULL);
}
