/* lexer.re: one rule a token. PostgreSQL's lexical grammar (src/backend/parser/scan.l, 15)
 * plus braces and "//" comments; must not know the language's keywords or where SQL is. */
#include "lexer.h"
#include "codes.h"
#include "encoding.h"

/* An unterminated comment or dollar quote is searched to the end of the file; after so
 * many of them only to the end of the line, so that lexing stays linear. */
enum { LEXER_MAX_MISSES = 16 };
/* A string over more lines than this is no string that goes over its line by mistake. */
enum { MAX_STRING_LINES = 20 };

struct lexer {
    struct arena *arena;
    struct diags *diags;
    struct source *source;
    const unsigned char *text, *end;
    const unsigned char *cursor;
    const unsigned char *start; /* of the current token */
    bool newline, space, broken;
    int misses;
    VEC(struct token) tokens;
    struct ast_file *file;
};

static struct span lexer_span(const struct lexer *lexer, const unsigned char *start,
                              const unsigned char *end)
{
    return (struct span){ lexer->source, (uint32_t)(start - lexer->text),
                          (uint32_t)(end - lexer->text) };
}

static const unsigned char *line_end(const struct lexer *lexer, const unsigned char *p)
{
    const unsigned char *newline = memchr(p, '\n', (size_t)(lexer->end - p));
    return newline ? newline : lexer->end;
}

/* ---- what a regular expression cannot say ------------------------------------------- */

/* The end of the nested comment that begins at p; NULL: there is none before limit. */
static const unsigned char *comment_end(const unsigned char *p, const unsigned char *limit)
{
    int depth = 1;
    p += 2;
    while (p + 1 < limit && depth > 0) {
        if (p[0] == '*' && p[1] == '/') {
            depth--;
            p += 2;
        } else if (p[0] == '/' && p[1] == '*') {
            depth++;
            p += 2;
        } else {
            p++;
        }
    }
    return depth ? NULL : p;
}

/* The end of the dollar quote whose opening "$tag$" is [tag, p); NULL: none. */
static const unsigned char *dollar_end(const unsigned char *tag, const unsigned char *p,
                                       const unsigned char *limit)
{
    size_t n = (size_t)(p - tag);
    while ((size_t)(limit - p) >= n) {
        p = memchr(p, '$', (size_t)(limit - p) - n + 1);
        if (!p)
            return NULL;
        if (memcmp(p, tag, n) == 0)
            return p + n;
        p++;
    }
    return NULL;
}

static bool comment_starts(const unsigned char *p)
{
    return (p[0] == '-' && p[1] == '-') ||
           (p[0] == '/' && (p[1] == '*' || p[1] == '/'));
}

/* scan.l: an operator ends where a comment begins, and trailing "+" and "-" belong to it
 * only when one of ~!@#%^&|`? is in it. */
static const unsigned char *operator_end(const unsigned char *s, const unsigned char *e)
{
    for (const unsigned char *p = s + 1; p + 1 < e; p++) {
        if (comment_starts(p)) {
            e = p;
            break;
        }
    }
    while (e - s > 1 && (e[-1] == '+' || e[-1] == '-')) {
        for (const unsigned char *p = s; p < e - 1; p++)
            if (memchr("~!@#^&|`?%", *p, 10))
                return e;
        e--;
    }
    return e;
}

/* ---- comments ----------------------------------------------------------------------- */

static void add_comment(struct lexer *lexer, const unsigned char *end, bool doc)
{
    while (end > lexer->start && (end[-1] == '\r' || end[-1] == ' ' || end[-1] == '\t'))
        end--;
    struct ast_comment comment = { .span = lexer_span(lexer, lexer->start, end),
                                   .token = lexer->tokens.n,
                                   .newline = lexer->newline,
                                   .doc = doc };
    VEC_PUSH(lexer->arena, &lexer->file->comments, comment);
    lexer->space = true;
}

/* Three slashes and no fourth. */
static void line_comment(struct lexer *lexer, const unsigned char *end)
{
    const unsigned char *s = lexer->start;
    add_comment(lexer, end, end - s >= 3 && s[2] == '/' && (end - s == 3 || s[3] != '/'));
}

static const unsigned char *block_comment(struct lexer *lexer)
{
    const unsigned char *s = lexer->start;
    const unsigned char *limit =
        lexer->misses < LEXER_MAX_MISSES ? lexer->end : line_end(lexer, s);
    const unsigned char *end = comment_end(s, limit);
    if (!end) {
        if (lexer->misses++ == 0)
            diag_error(lexer->diags, E_unterminated_comment, lexer_span(lexer, s, s + 2),
                       "unterminated comment");
        end = line_end(lexer, s);
        lexer->file->ok = false;
    }
    add_comment(lexer, end, false);
    if (memchr(s, '\n', (size_t)(end - s)))
        lexer->newline = true;
    return end;
}

/* ---- strings ------------------------------------------------------------------------ */

static void unterminated(struct lexer *lexer, int code, const char *what)
{
    lexer->broken = true;
    lexer->file->ok = false;
    struct span span = lexer_span(lexer, lexer->start, lexer->cursor);
    struct diag *diag = diag_error(lexer->diags, code, span, "unterminated %s", what);
    diag_hint(lexer->diags, diag, "it must end on the line where it begins");
}

/* Where a string that goes over the end of its line seems to end: at a quote with nothing
 * but an end of something behind it, and no other member before it. NULL: nowhere. */
static const unsigned char *string_goes_on(const struct lexer *lexer)
{
    const unsigned char *p = lexer->cursor;
    size_t lines = 0;
    for (; p < lexer->end && *p != '\''; p++) {
        lines += *p == '\n';
        if (lines > MAX_STRING_LINES || strchr(";{}", *p))
            return NULL;
    }
    if (p == lexer->end)
        return NULL;
    const unsigned char *next = p + 1;
    while (next < lexer->end && (*next == ' ' || *next == '\t'))
        next++;
    return next == lexer->end || strchr(";,)]}|\r\n", *next) ? p + 1 : NULL;
}

static void unterminated_string(struct lexer *lexer)
{
    const unsigned char *end = string_goes_on(lexer);
    if (!end) {
        unterminated(lexer, E_unterminated_string, "string");
        return;
    }
    lexer->file->ok = false;
    struct span span = lexer_span(lexer, lexer->start, lexer->cursor);
    struct diag *diag = diag_error(lexer->diags, E_unterminated_string, span,
                                   "a string goes over the end of its line");
    diag_hint(lexer->diags, diag, "write E'..\\n..' or $$..$$");
    lexer->cursor = end;
}

/* The opening "$tag$" stands before p. Without an end it is taken for the parameter that
 * was meant, and the cursor stays behind it. */
static enum token_kind dollar_quote(struct lexer *lexer, const unsigned char *p)
{
    const unsigned char *limit =
        lexer->misses < LEXER_MAX_MISSES ? lexer->end : line_end(lexer, p);
    const unsigned char *end = dollar_end(lexer->start, p, limit);
    lexer->cursor = end ? end : p;
    if (end)
        return TOKEN_DOLLAR;
    lexer->misses++;
    lexer->file->ok = false;
    struct span span = lexer_span(lexer, lexer->start, p);
    struct str tag = span_text(span);
    struct diag *diag = diag_error(lexer->diags, E_unterminated_dollar, span, "unterminated dollar quote");
    lexer->broken = tag.n == 2;
    if (tag.n > 2)
        diag_hint(lexer->diags, diag, "a parameter is written \"%.*s\"",
                  (int)tag.n - 1, tag.s);
    return tag.n > 2 ? TOKEN_PARAM : TOKEN_DOLLAR;
}

static bool is_word(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '\\' || c >= 0x80;
}

/* A name or string that ends in a backslash with a word stuck to it: "say \"hi\"" as C
 * writes it. Goes on to the quote that was meant, when the line has one. */
static void take_escaped(struct lexer *lexer)
{
    const unsigned char *p = lexer->cursor, *end = line_end(lexer, p);
    unsigned char quote = p[-1];
    if (p[-2] != '\\' || p >= end || !is_word(*p))
        return;
    while (p < end && (*p != quote || p[-1] == '\\'))
        p++;
    if (p == end)
        return;
    lexer->cursor = p + 1;
    lexer->file->ok = false;
    struct diag *diag = diag_error(lexer->diags, E_bad_escape,
                                   lexer_span(lexer, lexer->start, lexer->cursor),
                                   "a backslash does not escape a quote");
    diag_hint(lexer->diags, diag, "a quote within quotes is doubled: %c%c", quote, quote);
}

static void bad_character(struct lexer *lexer)
{
    lexer->file->ok = false;
    lexer->space = true;
    struct span span = lexer_span(lexer, lexer->start, lexer->start + 1);
    if (*lexer->start > ' ' && *lexer->start < 0x7f)
        diag_error(lexer->diags, E_bad_character, span, "nothing begins with \"%c\"", *lexer->start);
    else
        diag_error(lexer->diags, E_bad_character, span, "control character 0x%02x",
                   (unsigned)*lexer->start);
}

static enum token_kind bad_number(struct lexer *lexer)
{
    lexer->file->ok = false;
    struct span span = lexer_span(lexer, lexer->start, lexer->cursor);
    diag_error(lexer->diags, E_bad_number, span, "trailing junk after a number: \"%.*s\"",
               STR_ARGS(span_text(span)));
    return TOKEN_NUMBER;
}

/* ---- the rules ---------------------------------------------------------------------- */

static enum token_kind operator_kind(struct lexer *lexer)
{
    lexer->cursor = operator_end(lexer->start, lexer->cursor);
    bool single = lexer->cursor == lexer->start + 1;
    if (single && *lexer->start == '?')
        return TOKEN_QUESTION;
    if (single && *lexer->start == '=')
        return TOKEN_EQUAL;
    return TOKEN_OPERATOR;
}

/* Finds the next token: [lexer->start, lexer->cursor). */
static enum token_kind lex_token(struct lexer *lexer)
{
    const unsigned char *YYCURSOR = lexer->cursor, *YYMARKER = NULL;
    const unsigned char *YYLIMIT = lexer->end;
#define GIVE(kind) return lexer->cursor = YYCURSOR, (kind)
    for (;;) {
        lexer->start = YYCURSOR;
        /*!re2c
        re2c:yyfill:enable = 0;
        re2c:eof = 0;
        re2c:define:YYCTYPE = "unsigned char";

        letter  = [A-Za-z_\x80-\xff];
        word    = letter [A-Za-z0-9_$\x80-\xff]*;
        tag     = letter [A-Za-z0-9_\x80-\xff]*;
        plain   = ([^'\n] | "''")*;
        escaped = ([^'\\\n] | "''" | "\\" [^\n])*;
        quoted  = ([^"\n] | "\"\"")*;
        digits  = [0-9] ("_"? [0-9])*;
        exp     = [eE] [+-]? digits;
        opchar  = [~!@#^&|`?+\-*/%<>=];
        number  = digits ("." digits?)? exp? | "." digits exp?
                | "0" [xX] ("_"? [0-9A-Fa-f])+ | "0" [oO] ("_"? [0-7])+
                | "0" [bB] ("_"? [01])+;

        $                   { lexer->start = YYCURSOR = YYLIMIT; GIVE(TOKEN_END); }
        *                   { bad_character(lexer); continue; }
        [ \t\r\f\v]+        { lexer->space = true; continue; }
        "\n"                { lexer->newline = lexer->space = true; continue; }
        "//" [^\n]*         { line_comment(lexer, YYCURSOR); continue; }
        "--" [^\n]*         { add_comment(lexer, YYCURSOR, false); continue; }
        "/*" opchar*        { YYCURSOR = block_comment(lexer); continue; }

        word                { GIVE(TOKEN_NAME); }
        "\"" quoted "\""    { lexer->cursor = YYCURSOR;
                              take_escaped(lexer);
                              return TOKEN_QUOTED; }
        [uU] "&\"" quoted "\""  { GIVE(TOKEN_QUOTED); }
        ([uU] "&")? "\"" quoted { lexer->cursor = YYCURSOR;
                              unterminated(lexer, E_unterminated_name, "quoted name");
                              GIVE(TOKEN_QUOTED); }
        "'" plain "'"       { lexer->cursor = YYCURSOR;
                              take_escaped(lexer);
                              return TOKEN_STRING; }
        ([bBxXnN] | [uU] "&") "'" plain "'"  { GIVE(TOKEN_STRING); }
        [eE] "'" escaped "'"    { GIVE(TOKEN_STRING); }
        ([bBxXnN] | [uU] "&")? "'" plain | [eE] "'" escaped "\\"? {
                              lexer->cursor = YYCURSOR;
                              unterminated_string(lexer);
                              YYCURSOR = lexer->cursor;
                              GIVE(TOKEN_STRING); }
        "$" tag? "$"        { return dollar_quote(lexer, YYCURSOR); }
        "$" tag             { GIVE(TOKEN_PARAM); }
        "$" [0-9]+          { GIVE(TOKEN_POSITION); }
        number              { GIVE(TOKEN_NUMBER); }
        digits ".."         { YYCURSOR -= 2; GIVE(TOKEN_NUMBER); }
        (number | "$" [0-9]+) word  { lexer->cursor = YYCURSOR;
                              return bad_number(lexer); }

        "("  { GIVE(TOKEN_LPAREN); }     ")"  { GIVE(TOKEN_RPAREN); }
        "["  { GIVE(TOKEN_LBRACKET); }   "]"  { GIVE(TOKEN_RBRACKET); }
        "{"  { GIVE(TOKEN_LBRACE); }     "}"  { GIVE(TOKEN_RBRACE); }
        ","  { GIVE(TOKEN_COMMA); }      ";"  { GIVE(TOKEN_SEMICOLON); }
        "."  { GIVE(TOKEN_DOT); }        ":"  { GIVE(TOKEN_COLON); }
        "::" { GIVE(TOKEN_CAST); }
        ":=" | ".."         { GIVE(TOKEN_OPERATOR); }
        opchar+             { lexer->cursor = YYCURSOR;
                              return operator_kind(lexer); }
        */
    }
#undef GIVE
}

static void add_token(struct lexer *lexer, enum token_kind kind)
{
    struct token token = { .kind = kind,
                           .newline = lexer->newline,
                           .space = lexer->space,
                           .broken = lexer->broken,
                           .span = lexer_span(lexer, lexer->start, lexer->cursor) };
    VEC_PUSH(lexer->arena, &lexer->tokens, token);
    lexer->newline = lexer->space = lexer->broken = false;
}

/* text: whether there is any to lex; re2c finds its end by the NUL behind it. */
static void lex_tokens(struct lexer *lexer, bool text)
{
    enum token_kind kind = TOKEN_NAME;
    while (text && kind != TOKEN_END) {
        kind = lex_token(lexer);
        add_token(lexer, kind);
    }
    if (!text)
        add_token(lexer, TOKEN_END);
}

/* Bytes of source to a token, white space included, of dense text: the array need not grow
 * by copies, and what it does not need of its memory is never touched. */
enum { SOURCE_A_TOKEN = 6 };

void lex_file(struct arena *arena, struct ast_file *file, struct diags *diags)
{
    struct source *source = file->source;
    const unsigned char *start = (const unsigned char *)source->text;
    size_t skip = 0;
    bool text = encoding_check(source, diags, &skip);
    if (!text)
        file->ok = false;
    struct lexer lexer = { .arena = arena,
                           .diags = diags,
                           .source = source,
                           .text = start,
                           .start = start,
                           .cursor = text ? start + skip : start,
                           .end = start + source->size,
                           .newline = true,
                           .file = file };
    size_t room = source->size / SOURCE_A_TOKEN + 1;
    lexer.tokens.items = arena_array(arena, struct token, room);
    lexer.tokens.cap = room;
    lex_tokens(&lexer, text);
    file->tokens = lexer.tokens.items;
    file->ntokens = lexer.tokens.n;
}
