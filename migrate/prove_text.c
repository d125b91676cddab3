/* prove_text.c: what a statement costs at least, by its own words: so that the promise
 * about locks does not hang on what recipes say of themselves. Must not know recipes. */
#include "prove_text.h"

#include "../sqltext/sqltext.h"

/* ---- words of a statement ---- */

/* A statement's tokens, folded to lower case: " alter table auth . users add ( ". */
static void put_words(struct buf *out, struct str text,
                      const struct sc__sql_statement *statement)
{
    struct sc__sql_scan scan = sc__sql_begin(text.s, text.n);
    struct sc__sql_token token;
    size_t end = statement->start + statement->size;
    scan.at = statement->start;
    buf_putc(out, ' ');
    while (scan.at < end && (token = sc__sql_token(&scan)).start < end) {
        bool quoted = token.kind == SC__SQL_STRING || token.kind == SC__SQL_DOLLAR;
        for (size_t i = 0; !quoted && i < token.size; i++) {
            char c = text.s[token.start + i];
            buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
        }
        buf_putc(out, ' ');
    }
}

static bool has(const struct buf *words, const char *phrase)
{
    return strstr(words->s, phrase) != NULL;
}

static bool begins(const struct buf *words, const char *phrase)
{
    return strncmp(words->s, phrase, strlen(phrase)) == 0;
}

/* ---- costs: the table "Explicit Locking" and "ALTER TABLE" of version 15 ---- */

static enum plan_cost constraint_cost(const struct buf *words)
{
    if (has(words, " using index "))
        return COST_META;
    if (has(words, " primary key ( ") || has(words, " unique ( ") ||
        has(words, " unique nulls ") || has(words, " exclude "))
        return COST_BUILD;
    return has(words, " not valid ") ? COST_META : COST_SCAN;
}

static enum plan_cost table_cost(const struct buf *words)
{
    if (has(words, " set logged ") || has(words, " set unlogged ") ||
        has(words, " set tablespace ") ||
        (has(words, " add column ") && has(words, " generated ")))
        return COST_REWRITE;
    if (has(words, " validate constraint "))
        return COST_SCAN;
    return has(words, " add constraint ") ? constraint_cost(words) : COST_META;
}

static enum plan_cost words_cost(const struct buf *words)
{
    if (begins(words, " create index ") || begins(words, " create unique index "))
        return COST_BUILD;
    if (begins(words, " update "))
        return COST_ROWS;
    return begins(words, " alter table ") ? table_cost(words) : COST_META;
}

/* ---- on which relation ---- */

/* "auth.users" of " alter table auth . users ..." or " ... on auth . users (". */
static void put_relation(struct buf *out, const struct buf *words)
{
    static const char *const marks[] = { " alter table ", " create table ",
                                         " create unlogged table ", " update " };
    const char *mark = " on ";
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        mark = begins(words, marks[i]) ? marks[i] : mark;
    const char *at = strstr(words->s, mark);
    for (at = at ? at + strlen(mark) : ""; *at && strncmp(at, ". ", 2) != 0; at++) {
        if (*at != '"' && *at != ' ')
            buf_putc(out, *at);
    }
    buf_putc(out, '.');
    for (at += *at ? 2 : 0; *at && *at != ' '; at++) {
        if (*at != '"')
            buf_putc(out, *at);
    }
}

static bool is_older(const struct plan_step *step, const struct buf *relation,
                     const struct map *made)
{
    if (map_find(made, buf_view(relation)))
        return false;
    for (size_t i = 0; i < step->locks.n; i++) {
        if (str_eq(step->locks.items[i].relation, buf_view(relation)))
            return true;
    }
    return false;
}

enum plan_cost prove_text_cost(struct arena *arena, const struct plan_step *step)
{
    struct sc__sql_scan scan = sc__sql_begin(step->sql.s, step->sql.n);
    struct sc__sql_statement statement;
    struct buf words = { 0 }, relation = { 0 };
    struct map made = { 0 }; /* by this very step */
    enum plan_cost dearest = COST_META;
    while (sc__sql_next(&scan, &statement)) {
        buf_clear(&words);
        buf_clear(&relation);
        put_words(&words, step->sql, &statement);
        put_relation(&relation, &words);
        if (begins(&words, " create table ") ||
            begins(&words, " create unlogged table "))
            map_add(&made, arena, buf_dup(&relation, arena), arena);
        enum plan_cost cost = words_cost(&words);
        if (cost > dearest && is_older(step, &relation, &made))
            dearest = cost;
    }
    buf_release(&words);
    buf_release(&relation);
    return dearest;
}
