/* impact_test.c: what is said of a change's effect on programs, beside a server: every
 * statement of the version before is prepared on a database of the version after it. What
 * fails there was said to break, and what was said to break fails, with that SQLSTATE.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "migrate/impact.h"
#include "sql/ddl.h"
#include "tests/support/cluster.h"
#include "tests/support/pair.h"
#include "tests/support/variants.h"

/* What the server said of one statement: of its fullest variant, if that failed. */
struct verdict {
    char sqlstate[6]; /* "" when every variant runs */
    char message[300];
    bool whole;
};

struct trial {
    PGconn *conn;
    struct verdict verdict;
};

static bool is_ok(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           status == PGRES_COPY_IN;
}

static void note(struct trial *trial, const struct test_variant *variant,
                 const char *sqlstate, const char *message)
{
    struct verdict *verdict = &trial->verdict;
    if (verdict->sqlstate[0] && (verdict->whole || !variant->whole))
        return;
    snprintf(verdict->sqlstate, sizeof verdict->sqlstate, "%s", sqlstate);
    snprintf(verdict->message, sizeof verdict->message, "%s\n  %s", message,
             variant->text.s);
    verdict->whole = variant->whole;
}

/* Gives whether it went well, and clears the result. */
static bool went_well(struct trial *trial, const struct test_variant *variant,
                      PGresult *result)
{
    bool ok = is_ok(result);
    if (!ok)
        note(trial, variant, PQresultErrorField(result, PG_DIAG_SQLSTATE),
             PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    PQclear(result);
    return ok;
}

/* As the runtime does at first use: what comes back is what the code was made for. */
static void describe(struct trial *trial, const struct test_variant *variant)
{
    PGresult *described = PQdescribePrepared(trial->conn, "s");
    bool same = PQnfields(described) == variant->nresults;
    for (int i = 0; same && i < variant->nresults; i++)
        same = PQftype(described, i) == variant->results[i];
    if (!same)
        note(trial, variant, "0A000", "another type comes back");
    PQclear(described);
}

/* An index to infer, a value of the server's: some errors come only from the planner. */
static void plan(struct trial *trial, const struct test_variant *variant)
{
    struct buf sql = { 0 };
    buf_puts(&sql, "explain execute s");
    for (int i = 0; i < variant->nparams; i++)
        buf_puts(&sql, i ? ", null" : "(null");
    buf_puts(&sql, variant->nparams ? ")" : "");
    (void)went_well(trial, variant, PQexec(trial->conn, sql.s));
    buf_release(&sql);
}

static void try_copy(struct trial *trial, const struct test_variant *variant)
{
    PGresult *result = PQexec(trial->conn, variant->text.s);
    bool begun = PQresultStatus(result) == PGRES_COPY_IN;
    if (went_well(trial, variant, result) && begun)
        PQputCopyEnd(trial->conn, "enough");
    while ((result = PQgetResult(trial->conn)) != NULL)
        PQclear(result);
}

static void try_variant(void *context, const struct test_variant *variant)
{
    struct trial *trial = context;
    if (variant->lost_type) {
        note(trial, variant, "42704", "a type has gone");
        return;
    }
    if (variant->copy) {
        try_copy(trial, variant);
        return;
    }
    PGresult *result = PQprepare(trial->conn, "s", variant->text.s, variant->nparams,
                                 variant->params);
    if (!went_well(trial, variant, result))
        return;
    describe(trial, variant);
    plan(trial, variant);
    PQclear(PQexec(trial->conn, "deallocate s"));
}

/* ---- one way ---- */

struct way {
    struct arena *arena;
    const struct match *match;
    const struct impact *impact;
    PGconn *conn; /* to a database of the target */
    size_t failures, broken;
};

static const struct impact_item *said_of(const struct impact *impact,
                                         const struct stmt *stmt, struct str name)
{
    (void)stmt;
    for (size_t i = 0; i < impact->items.n; i++) {
        if (str_eq(impact->items.items[i].name, name))
            return &impact->items.items[i];
    }
    return NULL;
}

/* What shows only when values come. */
static bool is_of_values(const struct stmt *stmt, const char *sqlstate)
{
    return (stmt->kind == STMT_LOAD && strcmp(sqlstate, "42704") == 0) ||
           strcmp(sqlstate, "23502") == 0 || strcmp(sqlstate, "22P03") == 0 ||
           strcmp(sqlstate, "55000") == 0 || strcmp(sqlstate, "00000") == 0;
}

static void report(struct way *way, struct str name, const char *what,
                   const struct verdict *verdict, const struct impact_item *item)
{
    fprintf(stderr, "%.*s %s\n  said: %s %s %s\n  server: %s %s\n", STR_ARGS(name),
            what, item ? impact_kind_word(item->kind) : "nothing",
            item ? item->sqlstate : "", item ? item->why : "", verdict->sqlstate,
            verdict->message);
    way->failures++;
}

static struct str name_of(struct arena *arena, const struct stmt *stmt)
{
    const struct model_schema *schema = stmt->table ? stmt->table->schema
                                                    : stmt->query->schema;
    struct str table = stmt->table ? stmt->table->name.name : STR("");
    return str_of(arena_printf(arena, "%.*s.%.*s %.*s", STR_ARGS(schema->name.name),
                               STR_ARGS(table), STR_ARGS(stmt->name)));
}

static struct str namer(void *context, struct arena *arena, const struct stmt *stmt)
{
    (void)context;
    return name_of(arena, stmt);
}

/* Types are looked up before the text is sent; COPY misses a schema by another code. */
static bool is_that(const char *said, const char *server)
{
    return strcmp(said, server) == 0 || strcmp(server, "42704") == 0 ||
           (strcmp(said, "42P01") == 0 && strcmp(server, "3F000") == 0);
}

static void hold(struct way *way, const struct stmt *stmt)
{
    struct trial trial = { .conn = way->conn };
    struct test_variants walk = {
        .conn = way->conn, .arena = way->arena, .each = try_variant, .context = &trial
    };
    test_each_variant(&walk, stmt);
    struct str name = name_of(way->arena, stmt);
    const struct impact_item *item = said_of(way->impact, stmt, name);
    bool said = item && item->kind == IMPACT_BREAKS;
    bool fails = trial.verdict.sqlstate[0] != '\0';
    way->broken += fails;
    if (fails && !said)
        report(way, name, "fails and was not said to", &trial.verdict, item);
    if (!said || is_of_values(stmt, item->sqlstate))
        return;
    if (!fails)
        report(way, name, "was said to fail", &trial.verdict, item);
    else if (!is_that(item->sqlstate, trial.verdict.sqlstate))
        report(way, name, "fails otherwise", &trial.verdict, item);
}

static void hold_all(struct way *way)
{
    struct buf sql = { 0 };
    buf_puts(&sql, "set client_min_messages = warning;\n"
                   "drop schema if exists s, t cascade;\n");
    ddl_up(&sql, match_target(way->match));
    PGresult *made = PQexec(way->conn, sql.s);
    assert_true(is_ok(made));
    PQclear(made);
    struct impact_request request = { .match = way->match, .name = namer };
    way->impact = impact_find(way->arena, &request);
    struct stmts *stmts = stmts_of_model(way->arena, match_origin(way->match));
    for (size_t i = 0; i < stmts->list.n; i++)
        hold(way, stmts->list.items[i]);
    buf_release(&sql);
}

/* Both ways: the verdict's second half is the first of the way back. Gives how often the
 * server saw it otherwise. */
static size_t prove(const struct test_db *db, const char *from, const char *to)
{
    struct test_pair pair;
    assert_int_equal(test_pair_parse(&pair, from, to, MATCH_NO_RENAMES), 0);
    struct way there = { .arena = &pair.arena, .match = pair.match };
    there.conn = PQconnectdb(db->url);
    assert_int_equal(PQstatus(there.conn), CONNECTION_OK);
    struct way back = there;
    back.match = match_reverse(&pair.arena, pair.match);
    hold_all(&there);
    hold_all(&back);
    if (there.failures + back.failures)
        fprintf(stderr, "to: %s\n", to);
    PQfinish(there.conn);
    test_pair_close(&pair);
    return there.failures + back.failures;
}

/* ---- changes ---- */

static const char BASE[] =
    "schema s {\n"
    "enum mood { sad, ok }\n"
    "domain short text check (length(value) < 9);\n"
    "table users { id int8 identity primary key; email text unique; age int4?;\n"
    "    mood mood default 'ok'; tags text[] default '{}'; at timestamptz default "
    "now();\n"
    "    spot point?; nick short?; changed timestamptz default now() on update now();\n"
    "    index (age, at desc); }\n"
    "table posts { id int8 identity primary key; user_id int8 references users on "
    "delete\n"
    "    cascade; title text; gone timestamptz? soft delete; slug text unique; rev "
    "int4\n"
    "    version default 1; index (user_id, id); }\n"
    "table plain { a int4; b text; }\n"
    "query by_mood(mood) many users { where mood = $mood order by at desc }\n"
    "query older(age int4) many (id int8, mail text) {\n"
    "    select u.id, u.email from s.users u where u.age > $age }\n"
    "query titles(user_id int8, q text?) many (title text, email text) {\n"
    "    select p.title, u.email from s.posts as p join s.users u on u.id = p.user_id\n"
    "     where p.user_id = $user_id { and p.title ilike $q } }\n"
    "query rename(id int8, title text) exec {\n"
    "    update s.posts set title = $title where id = $id }\n"
    "query add(b text) exec { insert into s.plain (a, b) values (1, $b) }\n"
    "query moods() many s.mood { select distinct mood from s.users where mood <>\n"
    "    'sad'::s.mood }\n"
    "query with_posts(id) one users with posts { where id = $id }\n"
    "}\n";

/* What is written in place of what in the text above, twice. */
static const char *const edits[][4] = {
    { "age int4?", "age int8?" },
    { "age int4?", "age text?" },
    { "age int4?", "years int4? was age", "index (age,", "index (years," },
    { "age int4?;", "", "index (age, at desc);", "" },
    { "age int4?", "age int4" },
    { "email text unique", "email varchar(50) unique" },
    { "email text unique", "email text" },
    { "email text unique", "mail text unique was email" },
    { "email text unique", "email bytea unique" },
    { "email text unique", "email short unique" },
    { "mood mood default 'ok'", "mood text default 'ok'" },
    { "enum mood { sad, ok }", "enum mood { sad, ok, great }" },
    { "enum mood { sad, ok }", "enum mood { ok, sad }" },
    { "tags text[]", "tags varchar(5)[]" },
    { "at timestamptz", "at timestamp" },
    { "at timestamptz", "at date" },
    { "at timestamptz default now()", "at int8" },
    { "spot point?", "spot box?" },
    { "nick short?", "nick text?" },
    { "nick short?", "nick int4?" },
    { "id int8 identity primary key; email", "id int4 identity primary key; email" },
    { "id int8 identity primary key; email", "id int8 primary key; email" },
    { "id int8 identity primary key; email",
      "id int8 identity by default primary key; email" },
    { "title text;", "title text; body text?;" },
    { "title text;", "title text; body text;" },
    { "title text;", "title jsonb;" },
    { "title text;", "title text generated (slug);" },
    { "slug text unique;", "slug text;" },
    { "email text unique", "email text unique deferrable" },
    { "gone timestamptz? soft delete", "gone timestamptz?" },
    { "gone timestamptz? soft delete", "gone_at timestamptz? soft delete was gone" },
    { "version default 1", "default 1" },
    { "changed timestamptz default now() on update now()",
      "altered timestamptz default now() on update now() was changed" },
    { "index (age, at desc);", "" },
    { "index (user_id, id);", "index (id, user_id);" },
    { "table plain { a int4; b text; }", "table plain { a int4; b text; c int4; }" },
    { "table plain { a int4; b text; }", "table plain { a int4; b text?; }", NULL,
      NULL },
    { "a int4; b text;", "a text; b text;" },
    { "a int4; b text;", "a text was b; b int4 was a;" },
    { "a int4; b text;", "plain int4 was a; b text;" },
    { "domain short text", "domain short varchar(20)" },
    { "domain short text", "domain small text was short", "nick short", "nick small" },
    { "spot point?", "spot uuid?" },
    { "tags text[] default '{}'", "tags text default ''" },
    { "at timestamptz default now()", "at time", "index (age, at desc);", "" },
};

static char *replaced(struct arena *arena, const char *text, const char *old,
                      const char *new)
{
    const char *at = strstr(text, old);
    if (!at)
        fail_msg("no \"%s\"", old);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, new,
                        at + strlen(old));
}

/* The base with the edit made and without its queries, which would not all resolve. */
static char *edited(struct arena *arena, const char *const edit[4])
{
    const char *queries = strstr(BASE, "query by_mood");
    assert_non_null(queries);
    char *text = arena_printf(arena, "%.*s}\n", (int)(queries - BASE), BASE);
    text = replaced(arena, text, edit[0], edit[1]);
    return edit[2] ? replaced(arena, text, edit[2], edit[3]) : text;
}

static void test_edits(void **state)
{
    size_t failures = 0;
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        struct arena arena = { 0 };
        failures += prove(*state, BASE, edited(&arena, edits[i]));
        arena_release(&arena);
    }
    assert_int_equal(failures, 0);
}

/* Whole objects. */
static void test_objects(void **state)
{
    static const char *const whole[][4] = {
        { "table users {", "table people was users {", "references users",
          "references people" },
        { "enum mood {", "enum feeling was mood {", "mood mood", "mood feeling" },
        { "schema s {", "schema t was s {" },
        { "table plain { a int4; b text; }", "" },
    };
    size_t failures = 0;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        struct arena arena = { 0 };
        failures += prove(*state, BASE, edited(&arena, whole[i]));
        arena_release(&arena);
    }
    failures += prove(*state, BASE, "") + prove(*state, BASE, BASE);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_edits, test_db_setup, test_db_teardown),
        cmocka_unit_test_setup_teardown(test_objects, test_db_setup, test_db_teardown),
    };
    return cmocka_run_group_tests_name("impact", tests, NULL, NULL);
}
