/* sqltext.h: SQL text as PostgreSQL's own scanner cuts it: tokens, statements, and a hash
 * that comments and white space do not change. Allocates nothing, keeps no state of its
 * own; knows nothing of schemas, files or servers.
 *
 * Texts are UTF-8 and end in a NUL that is not counted: text[size] == 0. Strings are
 * standard ones: a backslash is a backslash but in E'...'.
 */
#ifndef SQLTEXT_H
#define SQLTEXT_H
#include <stdbool.h>
#include <stddef.h>

/* ---- tokens ---------------------------------------------------------------------- */

enum sc__sql_kind {
    SC__SQL_END,
    SC__SQL_WORD,      /* select, my_table: unquoted, in any case */
    SC__SQL_NAME,      /* "Quoted" and U&"..." */
    SC__SQL_STRING,    /* '...', E'...', N'...', B'...', X'...', U&'...' */
    SC__SQL_DOLLAR,    /* $$...$$, $tag$...$tag$ */
    SC__SQL_NUMBER,    /* 1, 1.5e3 */
    SC__SQL_PARAMETER, /* $1 */
    SC__SQL_OPERATOR,  /* <=, ::, := */
    SC__SQL_OPEN,      /* ( [ */
    SC__SQL_CLOSE,     /* ) ] */
    SC__SQL_COMMA,
    SC__SQL_DOT,
    SC__SQL_SEMICOLON,
    SC__SQL_BAD /* sc__sql_scan.error says why; the scan has ended */
};
struct sc__sql_token {
    enum sc__sql_kind kind;
    size_t start, size; /* bytes of the text */
};
struct sc__sql_scan {
    const char *text;
    size_t size;
    size_t at;         /* where the next token is looked for */
    const char *error; /* static text, after SC__SQL_BAD; NULL else */
    size_t error_at;
};

/** Begins at the start of a text; a byte order mark there is passed over. */
struct sc__sql_scan sc__sql_begin(const char *text, size_t size);
/** The next token that is neither comment nor white space. */
struct sc__sql_token sc__sql_token(struct sc__sql_scan *scan);
/** Whether a token is this unquoted word, in any case; word is in lower case. */
bool sc__sql_is(const struct sc__sql_scan *scan, struct sc__sql_token token,
                const char *word);

/* ---- statements ------------------------------------------------------------------ */

/* What a runner has to know of a statement. */
enum sc__sql_verb {
    SC__SQL_OTHER,
    SC__SQL_EMPTY,        /* only the end of the text gives it */
    SC__SQL_BEGIN,        /* begin, start transaction */
    SC__SQL_COMMIT,       /* commit, end */
    SC__SQL_ROLLBACK,     /* rollback, abort; not rollback to */
    SC__SQL_PREPARE,      /* prepare transaction: ends it, and neither way */
    SC__SQL_COPY_STDIN,   /* copy ... from stdin: its data cannot stand in a file */
    SC__SQL_CREATE_INDEX, /* create [unique] index concurrently */
    SC__SQL_DROP_INDEX,   /* drop index concurrently */
    SC__SQL_ADD_VALUE,    /* alter type ... add value */
    SC__SQL_DETACH,       /* alter table ... detach partition ... concurrently */
    SC__SQL_PROCEDURE /* do, call: may commit in the middle, unless in a transaction */
};
struct sc__sql_statement {
    size_t start, size; /* from its first token to its last, without the ";" */
    size_t end;         /* behind the ";" */
    size_t ntokens;
    enum sc__sql_verb verb;
    bool alone; /* PostgreSQL refuses it inside a transaction block: ... CONCURRENTLY,
                   VACUUM, CREATE DATABASE, ALTER SYSTEM, ... */
};

/** Gives the next statement that is not empty, whatever semicolons stand in its strings,
 *  parentheses or `begin atomic` body; the last one needs no ";". False at the end
 *  (scan->error is NULL) and at what cannot be read: an unterminated string, name, dollar
 *  quote or comment, and a backslash, which begins a command of psql's. */
bool sc__sql_next(struct sc__sql_scan *scan, struct sc__sql_statement *statement);

/* ---- hash ------------------------------------------------------------------------ */

#define SC__SQL_HASH_SIZE 65 /* 64 hexadecimal digits and the NUL */

/** SHA-256 over the tokens: comments and the white space between tokens do not count, nor
 *  the case of unquoted words; strings, quoted names and dollar quotes count byte for
 *  byte. What cannot be read is hashed as it stands from there on. */
void sc__sql_hash(const char *text, size_t size, char hash[SC__SQL_HASH_SIZE]);

/* ---- places ---------------------------------------------------------------------- */

/** Line and column (both from 1, the column in characters) of a byte of the text. */
void sc__sql_place(const char *text, size_t at, size_t *line, size_t *column);
/** The byte where the nth character (from 1) stands, as a server reports positions. */
size_t sc__sql_character(const char *text, size_t size, size_t nth);
/** Where the text stops being UTF-8 without NUL bytes; size when it nowhere does. */
size_t sc__sql_bad_utf8(const char *text, size_t size);

#endif
