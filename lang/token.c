/* token.c: what a token says. Must not know the grammar. */
#include "token.h"
#include "../base/arena.h"

/* By kind; NULL: no keyword. */
static const char *const words[TOKEN_KINDS] = {
#define KEYWORD(id, word) [TOKEN_##id] = (word),
#include "tokens.def"
};
static const char *const shown[TOKEN_KINDS] = {
    [TOKEN_END] = "the end of the file",
#define TOKEN(id, text)   [TOKEN_##id] = (text),
#define KEYWORD(id, word) [TOKEN_##id] = "\"" word "\"",
#include "tokens.def"
};

bool token_is_word(const struct token *token, const char *word)
{
    return token->kind == TOKEN_NAME && str_eq_nocase(token_text(token), word);
}

static char fold(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool token_is_param(const struct token *token, struct str name)
{
    struct str text = token_text(token);
    if (token->kind != TOKEN_PARAM || text.n < name.n + 1)
        return false;
    /* "$id$" stands for "$id" once it was reported as a quote without its end. */
    if (text.n != name.n + 1 + (text.s[text.n - 1] == '$'))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (fold(text.s[i + 1]) != fold(name.s[i]))
            return false;
    return true;
}

bool token_is(const struct token *token, const char *text)
{
    return str_eq_c(token_text(token), text);
}

const char *token_kind_shown(enum token_kind kind)
{
    return shown[kind];
}

const char *token_keyword_word(enum token_kind kind)
{
    return words[kind];
}

/* ---- keywords ----------------------------------------------------------------------- */

static int compare_nocase(struct str text, const char *word)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + ('a' - 'A'));
        if (c != (unsigned char)word[i])
            return c < (unsigned char)word[i] ? -1 : 1;
    }
    return word[text.n] ? -1 : 0;
}

enum token_kind token_keyword(const struct token *token)
{
    if (token->kind != TOKEN_NAME)
        return TOKEN_END;
    struct str text = token_text(token);
    int low = TOKEN_TIME_ZONE + 1, high = TOKEN_KINDS - 1;
    while (low <= high) {
        int middle = (low + high) / 2;
        int order = compare_nocase(text, words[middle]);
        if (order == 0)
            return (enum token_kind)middle;
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return TOKEN_END;
}

/* ---- values ------------------------------------------------------------------------- */

static struct str lower(struct arena *arena, struct str text)
{
    size_t i = 0;
    while (i < text.n && !(text.s[i] >= 'A' && text.s[i] <= 'Z'))
        i++;
    if (i == text.n)
        return text;
    char *copy = arena_copy(arena, text.s, text.n);
    for (; i < text.n; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] + ('a' - 'A'));
    return (struct str){ copy, text.n };
}

static struct str undouble(struct arena *arena, struct str text, char quote)
{
    if (!memchr(text.s, quote, text.n))
        return text;
    char *copy = arena_copy(arena, text.s, text.n);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        copy[n++] = text.s[i];
        if (text.s[i] == quote)
            i++;
    }
    return (struct str){ copy, n };
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The code point that n hex digits at s give; -1: there are fewer. */
static long hex_number(struct str s, size_t n)
{
    long value = 0;
    if (s.n < n)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (hex_digit(s.s[i]) < 0)
            return -1;
        value = value * 16 + hex_digit(s.s[i]);
    }
    return value;
}

static size_t put_utf8(char *out, long c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (char)(marks[n] | c);
    return n;
}

/* One escape of U&"": \XXXX, \+XXXXXX or \\. Gives its length; 0: it is wrong. */
static size_t unicode_escape(struct str s, long *c)
{
    if (s.n > 1 && s.s[1] == '\\')
        return *c = '\\', 2;
    bool wide = s.n > 1 && s.s[1] == '+';
    size_t digits = wide ? 6 : 4, at = wide ? 2 : 1;
    *c = hex_number((struct str){ s.s + at, s.n - at }, digits);
    bool valid = *c > 0 && *c <= 0x10ffff && !(*c >= 0xd800 && *c <= 0xdfff);
    return valid ? at + digits : 0;
}

/* A wrong escape stays as it stands. */
static struct str unescape_unicode(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.n + 4);
    size_t n = 0;
    for (size_t i = 0; i < text.n;) {
        long c = 0;
        size_t length = 0;
        if (text.s[i] == '\\')
            length = unicode_escape((struct str){ text.s + i, text.n - i }, &c);
        if (length > 0)
            n += put_utf8(out + n, c);
        else
            out[n++] = text.s[i];
        i += length > 0 ? length : 1;
    }
    return (struct str){ out, n };
}

bool token_escapes_valid(const struct token *token)
{
    struct str text = token_text(token);
    if (token->kind != TOKEN_QUOTED || text.s[0] == '"')
        return true;
    for (size_t i = 0; i < text.n;) {
        long c = 0;
        size_t length = 1;
        if (text.s[i] == '\\')
            length = unicode_escape((struct str){ text.s + i, text.n - i }, &c);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

/* What stands between the first quote and the last, which a broken token lacks. */
static struct str inside(const struct token *token, char quote)
{
    struct str text = token_text(token);
    const char *first = memchr(text.s, quote, text.n);
    size_t skip = (size_t)(first - text.s) + 1;
    size_t end = text.n > skip && !token->broken ? text.n - 1 : text.n;
    return (struct str){ text.s + skip, end - skip };
}

static struct str dollar_value(struct str text)
{
    const char *tag_end = memchr(text.s + 1, '$', text.n - 1);
    size_t tag = (size_t)(tag_end - text.s) + 1;
    if (text.n < 2 * tag)
        return (struct str){ text.s + tag, 0 };
    return (struct str){ text.s + tag, text.n - 2 * tag };
}

struct str token_value(struct arena *arena, const struct token *token)
{
    struct str text = token_text(token);
    if (token->kind == TOKEN_NAME)
        return lower(arena, text);
    if (token->kind == TOKEN_QUOTED) {
        struct str value = undouble(arena, inside(token, '"'), '"');
        return text.s[0] == '"' ? value : unescape_unicode(arena, value);
    }
    if (token->kind == TOKEN_STRING && text.s[0] == '\'')
        return undouble(arena, inside(token, '\''), '\'');
    if (token->kind == TOKEN_PARAM) {
        /* "$id$" stands for "$id" once it was reported as a quote without its end. */
        size_t last = text.s[text.n - 1] == '$';
        return lower(arena, (struct str){ text.s + 1, text.n - 1 - last });
    }
    if (token->kind == TOKEN_DOLLAR)
        return dollar_value(text);
    return text;
}
