/* statement.c: cuts a text into statements and says what a runner has to know of each.
 * Must not know what a runner does with it. */
#include "sqltext.h"

#include <string.h>

enum { HEAD = 6 }; /* words at its start that say what a statement is */

struct reading {
    struct sc__sql_token head[HEAD];
    size_t nhead;
    struct sc__sql_token last; /* token before this one */
    int parens;
    int bodies; /* begin atomic, and case inside it, that wait for their end */
    bool concurrently, stdin_, partition, tablespace, value, refresh;
};

bool sc__sql_is(const struct sc__sql_scan *scan, struct sc__sql_token token,
                const char *word)
{
    if (token.kind != SC__SQL_WORD)
        return false;
    for (size_t i = 0; i < token.size; i++) {
        char c = scan->text[token.start + i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != word[i]) /* the NUL of a shorter word too */
            return false;
    }
    return word[token.size] == '\0';
}

static bool head_is(const struct sc__sql_scan *scan, const struct reading *r, size_t i,
                    const char *word)
{
    return i < r->nhead && sc__sql_is(scan, r->head[i], word);
}

static bool starts(const struct sc__sql_scan *scan, const struct reading *r,
                   const char *first, const char *second)
{
    return head_is(scan, r, 0, first) && (!second || head_is(scan, r, 1, second));
}

/* create [or replace] function | procedure */
static bool makes_routine(const struct sc__sql_scan *scan, const struct reading *r)
{
    size_t at = starts(scan, r, "create", "or") ? 3 : 1;
    return head_is(scan, r, 0, "create") &&
           (head_is(scan, r, at, "function") || head_is(scan, r, at, "procedure"));
}

static void read_word(const struct sc__sql_scan *scan, struct reading *r,
                      struct sc__sql_token token)
{
    if (r->parens == 0) {
        r->concurrently = r->concurrently || sc__sql_is(scan, token, "concurrently");
        r->stdin_ = r->stdin_ || (sc__sql_is(scan, token, "stdin") &&
                                  sc__sql_is(scan, r->last, "from"));
        r->partition = r->partition || (sc__sql_is(scan, token, "partition") &&
                                        sc__sql_is(scan, r->last, "detach"));
        r->tablespace = r->tablespace || (sc__sql_is(scan, token, "tablespace") &&
                                          sc__sql_is(scan, r->last, "set"));
        r->value = r->value || (sc__sql_is(scan, token, "value") &&
                                sc__sql_is(scan, r->last, "add"));
        r->refresh = r->refresh || sc__sql_is(scan, token, "refresh");
    }
    if (r->bodies == 0 && sc__sql_is(scan, token, "atomic") &&
        sc__sql_is(scan, r->last, "begin") && makes_routine(scan, r))
        r->bodies = 1;
    else if (r->bodies > 0 && sc__sql_is(scan, token, "case"))
        r->bodies++;
    else if (r->bodies > 0 && sc__sql_is(scan, token, "end"))
        r->bodies--;
}

static void read_token(const struct sc__sql_scan *scan, struct reading *r,
                       struct sc__sql_token token)
{
    if (r->nhead < HEAD)
        r->head[r->nhead++] = token;
    if (token.kind == SC__SQL_OPEN && scan->text[token.start] == '(')
        r->parens++;
    if (token.kind == SC__SQL_CLOSE && scan->text[token.start] == ')' && r->parens > 0)
        r->parens--;
    if (token.kind == SC__SQL_WORD)
        read_word(scan, r, token);
    r->last = token;
}

/* ---- what it is -------------------------------------------------------------------- */

static bool is_rollback(const struct sc__sql_scan *scan, const struct reading *r)
{
    if (!head_is(scan, r, 0, "rollback") && !head_is(scan, r, 0, "abort"))
        return false;
    for (size_t i = 1; i < r->nhead; i++) {
        if (head_is(scan, r, i, "to"))
            return false;
    }
    return !head_is(scan, r, 1, "prepared");
}

static bool is_commit(const struct sc__sql_scan *scan, const struct reading *r)
{
    return (head_is(scan, r, 0, "commit") || head_is(scan, r, 0, "end")) &&
           !head_is(scan, r, 1, "prepared");
}

static bool creates_index(const struct sc__sql_scan *scan, const struct reading *r)
{
    return starts(scan, r, "create", "index") ||
           (starts(scan, r, "create", "unique") && head_is(scan, r, 2, "index"));
}

static enum sc__sql_verb verb_of(const struct sc__sql_scan *scan,
                                 const struct reading *r)
{
    if (head_is(scan, r, 0, "begin") || starts(scan, r, "start", "transaction"))
        return SC__SQL_BEGIN;
    if (is_commit(scan, r))
        return SC__SQL_COMMIT;
    if (is_rollback(scan, r))
        return SC__SQL_ROLLBACK;
    if (starts(scan, r, "prepare", "transaction"))
        return SC__SQL_PREPARE;
    if (head_is(scan, r, 0, "copy") && r->stdin_)
        return SC__SQL_COPY_STDIN;
    if (creates_index(scan, r) && r->concurrently)
        return SC__SQL_CREATE_INDEX;
    if (starts(scan, r, "drop", "index") && r->concurrently)
        return SC__SQL_DROP_INDEX;
    if (starts(scan, r, "alter", "type") && r->value)
        return SC__SQL_ADD_VALUE;
    if (starts(scan, r, "alter", "table") && r->partition && r->concurrently)
        return SC__SQL_DETACH;
    if (head_is(scan, r, 0, "do") || head_is(scan, r, 0, "call"))
        return SC__SQL_PROCEDURE;
    return SC__SQL_OTHER;
}

/* PreventInTransactionBlock's callers in PostgreSQL 15 (src/backend/tcop/utility.c and
 * commands/). A subscription counts whatever its options: without a slot it would not
 * have to. */
static bool is_alone(const struct sc__sql_scan *scan, const struct reading *r,
                     enum sc__sql_verb verb)
{
    static const char *const ALWAYS[][2] = {
        { "vacuum", NULL },           { "create", "database" },
        { "drop", "database" },       { "create", "tablespace" },
        { "drop", "tablespace" },     { "alter", "system" },
        { "create", "subscription" }, { "drop", "subscription" },
        { "commit", "prepared" },     { "rollback", "prepared" },
        { "discard", "all" },         { "reindex", "database" },
        { "reindex", "system" },      { "reindex", "schema" },
    };
    for (size_t i = 0; i < sizeof ALWAYS / sizeof *ALWAYS; i++) {
        if (starts(scan, r, ALWAYS[i][0], ALWAYS[i][1]))
            return true;
    }
    if (head_is(scan, r, 0, "reindex"))
        return r->concurrently || r->head[1].kind == SC__SQL_OPEN;
    if (head_is(scan, r, 0, "cluster"))
        return r->nhead == 1 || (r->nhead == 2 && head_is(scan, r, 1, "verbose"));
    if (starts(scan, r, "alter", "database"))
        return r->tablespace;
    if (starts(scan, r, "alter", "subscription"))
        return r->refresh;
    return verb == SC__SQL_CREATE_INDEX || verb == SC__SQL_DROP_INDEX ||
           verb == SC__SQL_DETACH;
}

/* ---- the cut ----------------------------------------------------------------------- */

static void finish(const struct sc__sql_scan *scan, const struct reading *r,
                   struct sc__sql_statement *statement)
{
    statement->size = r->last.start + r->last.size - statement->start;
    statement->verb = verb_of(scan, r);
    statement->alone = is_alone(scan, r, statement->verb);
}

bool sc__sql_next(struct sc__sql_scan *scan, struct sc__sql_statement *statement)
{
    struct reading r = { .nhead = 0 };
    *statement = (struct sc__sql_statement){ .verb = SC__SQL_EMPTY };
    for (;;) {
        struct sc__sql_token token = sc__sql_token(scan);
        if (token.kind == SC__SQL_BAD)
            return false;
        bool ends = token.kind == SC__SQL_END ||
                    (token.kind == SC__SQL_SEMICOLON && r.parens == 0 && r.bodies == 0);
        if (ends && statement->ntokens > 0) {
            statement->end = token.start + token.size;
            finish(scan, &r, statement);
            return true;
        }
        if (token.kind == SC__SQL_END)
            return false;
        if (ends)
            continue; /* an empty statement */
        if (statement->ntokens++ == 0)
            statement->start = token.start;
        read_token(scan, &r, token);
    }
}
