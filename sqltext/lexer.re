/* lexer.re: one SQL token at a time, after PostgreSQL 15's src/backend/parser/scan.l. Must
 * not know what a statement is. */
#include "sqltext.h"

#include <string.h>

struct sc__sql_scan sc__sql_begin(const char *text, size_t size)
{
    struct sc__sql_scan scan = { .text = text, .size = size };
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        scan.at = 3;
    return scan;
}

static struct sc__sql_token fail(struct sc__sql_scan *scan, size_t at, const char *why)
{
    struct sc__sql_token token = { SC__SQL_BAD, at, scan->size - at };
    scan->error = why;
    scan->error_at = at;
    return token;
}

/* Everything below gives the offset behind the thing, or SIZE_MAX. */
#define UNTERMINATED ((size_t)-1)

/* Comments nest. at is behind the first opening. */
static size_t comment_end(const struct sc__sql_scan *scan, size_t at)
{
    const char *s = scan->text;
    size_t depth = 1;
    while (at + 1 < scan->size) {
        if (s[at] == '*' && s[at + 1] == '/') {
            at += 2;
            if (--depth == 0)
                return at;
        } else if (s[at] == '/' && s[at + 1] == '*') {
            at += 2;
            depth++;
        } else {
            at++;
        }
    }
    return UNTERMINATED;
}

/* at is behind the opening quote; a doubled quote stands for one. */
static size_t quote_end(const struct sc__sql_scan *scan, size_t at, char quote,
                        bool escapes)
{
    const char *s = scan->text;
    while (at < scan->size) {
        if (escapes && s[at] == '\\')
            at += 2;
        else if (s[at] != quote)
            at++;
        else if (s[at + 1] == quote)
            at += 2;
        else
            return at + 1;
    }
    return UNTERMINATED;
}

/* The tag, with both dollars, stands from start to at. */
static size_t dollar_end(const struct sc__sql_scan *scan, size_t start, size_t at)
{
    size_t tag = at - start;
    while (at + tag <= scan->size) {
        const char *hit = memchr(scan->text + at, '$', scan->size - at);
        if (hit == NULL)
            return UNTERMINATED;
        at = (size_t)(hit - scan->text);
        if (at + tag > scan->size)
            return UNTERMINATED;
        if (memcmp(hit, scan->text + start, tag) == 0)
            return at + tag;
        at++;
    }
    return UNTERMINATED;
}

/* An operator ends before a comment, and in + or - only when it holds one of ~!@#%^&|`?,
 * so that "a=-1" is three tokens. */
static size_t operator_end(const char *s, size_t start, size_t at)
{
    bool special = false;
    for (size_t i = start; i < at; i++) {
        bool opens = i + 1 < at && ((s[i] == '-' && s[i + 1] == '-') ||
                                    (s[i] == '/' && s[i + 1] == '*'));
        if (opens && i > start) {
            at = i;
            break;
        }
        special = special || strchr("~!@#%^&|`?", s[i]) != NULL;
    }
    while (!special && at > start + 1 && (s[at - 1] == '+' || s[at - 1] == '-'))
        at--;
    return at;
}

static struct sc__sql_token make(struct sc__sql_scan *scan, enum sc__sql_kind kind,
                                 size_t start, size_t end)
{
    struct sc__sql_token token = { kind, start, end - start };
    scan->at = end;
    return token;
}

static struct sc__sql_token span(struct sc__sql_scan *scan, enum sc__sql_kind kind,
                                 size_t start, size_t end)
{
    static const char *const WHY[] = {
        [SC__SQL_NAME] = "unterminated quoted name",
        [SC__SQL_STRING] = "unterminated string",
        [SC__SQL_DOLLAR] = "unterminated dollar-quoted string",
    };
    if (end == UNTERMINATED || end > scan->size)
        return fail(scan, start, WHY[kind]);
    return make(scan, kind, start, end);
}

/* Every rule returns but those of white space and comments. */
struct sc__sql_token sc__sql_token(struct sc__sql_scan *scan)
{
    const unsigned char *text = (const unsigned char *)scan->text;
    const unsigned char *limit = text + scan->size;
    const unsigned char *cursor = text + scan->at;
    const unsigned char *marker = cursor;
    if (scan->error != NULL)
        return fail(scan, scan->error_at, scan->error);
    for (;;) {
        const unsigned char *begin = cursor;
        size_t start = (size_t)(begin - text);
#define HERE ((size_t)(cursor - text))
        /*!re2c
        re2c:define:YYCTYPE = "unsigned char";
        re2c:define:YYCURSOR = cursor;
        re2c:define:YYLIMIT = limit;
        re2c:define:YYMARKER = marker;
        re2c:yyfill:enable = 0;
        re2c:eof = 0;

        head = [A-Za-z_\x80-\xff];
        tail = [A-Za-z0-9_$\x80-\xff];
        inner = [A-Za-z0-9_\x80-\xff];
        digits = [0-9]+ ("_" [0-9]+)*;
        op = [-+*/<>=~!@#%^&|`?];

        [ \t\n\r\f\v]+ { continue; }
        "--" [^\n]* { continue; }
        "/*" op* { /* as long as the operator that it would be */
            size_t end = comment_end(scan, start + 2);
            if (end == UNTERMINATED)
                return fail(scan, start, "unterminated comment");
            cursor = text + end;
            continue;
        }
        [eE] "'" { return span(scan, SC__SQL_STRING, start,
                               quote_end(scan, HERE, '\'', true)); }
        ([nNbBxX] | [uU] "&")? "'" { return span(scan, SC__SQL_STRING, start,
                               quote_end(scan, HERE, '\'', false)); }
        ([uU] "&")? ["] { return span(scan, SC__SQL_NAME, start,
                               quote_end(scan, HERE, '"', false)); }
        "$" (head inner*)? "$" { return span(scan, SC__SQL_DOLLAR, start,
                               dollar_end(scan, start, HERE)); }
        "$" [0-9]+ { return make(scan, SC__SQL_PARAMETER, start, HERE); }
        head tail* { return make(scan, SC__SQL_WORD, start, HERE); }
        (digits ("." digits?)? | "." digits) ([eE] [-+]? [0-9]+)? | "0" [xXoObB] [0-9A-Fa-f_]+
            { return make(scan, SC__SQL_NUMBER, start, HERE); }
        digits / ".." { return make(scan, SC__SQL_NUMBER, start, HERE); }
        "::" | ":=" | ".." | ":" { return make(scan, SC__SQL_OPERATOR, start, HERE); }
        op+ { return make(scan, SC__SQL_OPERATOR, start,
                          operator_end(scan->text, start, HERE)); }
        [([] { return make(scan, SC__SQL_OPEN, start, HERE); }
        [)\]] { return make(scan, SC__SQL_CLOSE, start, HERE); }
        "," { return make(scan, SC__SQL_COMMA, start, HERE); }
        "." { return make(scan, SC__SQL_DOT, start, HERE); }
        ";" { return make(scan, SC__SQL_SEMICOLON, start, HERE); }
        "\\" { return fail(scan, start,
                   "a backslash begins a command of psql's: only SQL can be run"); }
        $ { return make(scan, SC__SQL_END, start, start); }
        * { return fail(scan, start, "no character of SQL"); }
        */
    }
}
