/* rules_test.c: what the statements of tables with rules do to rows: version, soft delete,
 * upsert, on update, arrays in bulk, pairs of keys, relations. In SQL alone: the texts are
 * run as they stand, with text parameters. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/buf.h"
#include "tests/db/support/planned.h"

static const char *const schema_text =
    "schema r {\n"
    "    enum mood { good, bad }\n"
    "    table docs {\n"
    "        id int8 identity by default primary key;\n"
    "        slug text unique;\n"
    "        title text;\n"
    "        loud text default '' on update upper(title);\n"
    "        at int4 default 1 version;\n"
    "        gone timestamptz? soft delete;\n"
    "    }\n"
    "    table plain { id int4 primary key; name text unique; tags text[]?; place "
    "point?; moods mood[]?; }\n"
    "    table marks { doc int8 references docs; line int4; note text; primary key "
    "(doc, line); }\n"
    "    query top(n int8) many docs with marks { order by id desc limit $n }\n"
    "    query find(title text?, slug text?, sort { up: id asc, down: id desc }) many "
    "docs {\n"
    "        where true { and title = $title { and slug = $slug } } order by $sort\n"
    "    }\n"
    "}\n";

struct fixture {
    struct planned planned;
    struct buf rows;
};

static int open_fixture(void **state)
{
    static struct fixture fixture;
    fixture.rows = (struct buf){ 0 };
    *state = &fixture;
    return planned_open(&fixture.planned, schema_text);
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    buf_release(&fixture->rows);
    planned_close(&fixture->planned);
    return 0;
}

/* ---- running ---- */

/* Which columns are given, by name: "slug title". */
static bool is_named(const char *names, struct str name)
{
    for (const char *s = names; *s;) {
        size_t n = strcspn(s, " ");
        if (str_eq(name, (struct str){ s, n }))
            return true;
        s += n + (s[n] == ' ');
    }
    return false;
}

struct call {
    const char *table, *name;
    const char *given; /* columns */
    uint64_t bits;
    const char *params[8];
};

static struct str text_of(struct fixture *fixture, const struct call *call)
{
    const struct stmt *stmt = test_find_stmt(&fixture->planned.schema, call->table,
                                             call->name);
    if (!stmt)
        fprintf(stderr, "no %s %s\n", call->table, call->name);
    assert_non_null(stmt);
    bool columns[20] = { false };
    for (size_t i = 0; stmt->table && i < stmt->table->columns.n; i++)
        columns[i] = call->given &&
                     is_named(call->given, stmt->table->columns.items[i]->name.name);
    return stmt_text(&fixture->planned.schema.arena, stmt,
                     (struct stmt_variant){
                         .bits = call->bits, .columns = columns, .returning = true });
}

/* "1|a|" a row, with "~" for NULL and ";" after each; "(n)" for rows touched; the SQLSTATE
 * of a failure. */
static const char *result_text(struct fixture *fixture, PGresult *result)
{
    struct buf *out = &fixture->rows;
    buf_clear(out);
    buf_puts(out, "");
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
        for (int row = 0; row < PQntuples(result); row++) {
            for (int i = 0; i < PQnfields(result); i++)
                buf_printf(out, "%s|",
                           PQgetisnull(result, row, i) ? "~"
                                                       : PQgetvalue(result, row, i));
            buf_puts(out, ";");
        }
        break;
    case PGRES_COMMAND_OK:
        buf_printf(out, "(%s)", PQcmdTuples(result));
        break;
    default:
        buf_puts(out, PQresultErrorField(result, PG_DIAG_SQLSTATE));
    }
    PQclear(result);
    return out->n ? out->s : "";
}

/* Parameters of the statement itself have their types; given columns have theirs from
 * where they stand. */
static const char *run_text(struct fixture *fixture, const struct stmt *stmt,
                            struct str text, const char *const *params)
{
    Oid types[8] = { 0 };
    int n = (int)stmt->params.n;
    for (int i = 0; i < n; i++) {
        const struct stmt_param *param = &stmt->params.items[i];
        const struct type_info *type = model_type_builtin(&param->type);
        types[i] = param->array ? type->array_oid : type->oid;
    }
    while (n < 8 && params[n])
        n++;
    return result_text(fixture, PQexecParams(fixture->planned.conn, text.s, n, types,
                                             params, NULL, NULL, 0));
}

static const char *run(struct fixture *fixture, struct call call)
{
    return run_text(fixture,
                    test_find_stmt(&fixture->planned.schema, call.table, call.name),
                    text_of(fixture, &call), call.params);
}

static void clear(struct fixture *fixture)
{
    PQclear(PQexec(fixture->planned.conn,
                   "truncate r.docs, r.plain, r.marks restart identity"));
}

#define RUN(...) run(fixture, (struct call){ __VA_ARGS__ })

/* ---- rules ---- */

static void test_version(void **state)
{
    struct fixture *fixture = *state;
    clear(fixture);
    assert_string_equal(
        RUN("r.docs", "insert", "slug title", .params = { "a", "first" }),
        "1|a|first||1|~|;");
    /* there, hit, the row */
    assert_string_equal(
        RUN("r.docs", "update", "title", .params = { "1", "1", "second" }),
        "t|t|1|a|second|FIRST|2|~|;");
    assert_string_equal(
        RUN("r.docs", "update", "title", .params = { "1", "1", "third" }),
        "t|f|~|~|~|~|~|~|;");
    assert_string_equal(
        RUN("r.docs", "update", "title", .params = { "9", "1", "third" }),
        "f|f|~|~|~|~|~|~|;");
    assert_string_equal(RUN("r.docs", "get", .params = { "1" }),
                        "1|a|second|FIRST|2|~|;");
}

static void test_soft_delete(void **state)
{
    struct fixture *fixture = *state;
    clear(fixture);
    RUN("r.docs", "insert", "slug title", .params = { "a", "one" });
    assert_string_equal(RUN("r.docs", "delete", .params = { "1" }), "(1)");
    assert_string_equal(RUN("r.docs", "delete", .params = { "1" }), "(0)");
    assert_string_equal(RUN("r.docs", "get", .params = { "1" }), "");
    assert_string_equal(RUN("r.docs", "by_slug", .params = { "a" }), "");
    assert_string_equal(RUN("r.docs", "exists", .params = { "1" }), "f|;");
    assert_string_equal(RUN("r.docs", "count", .params = { NULL }), "0|;");
    assert_string_equal(RUN("r.docs", "count_with_deleted", .params = { NULL }), "1|;");
    assert_string_not_equal(RUN("r.docs", "get_with_deleted", .params = { "1" }), "");
    assert_string_equal(RUN("r.docs", "update", "title", .params = { "1", "2", "x" }),
                        "f|f|~|~|~|~|~|~|;");
    /* Unique among the living only. */
    assert_string_equal(RUN("r.docs", "insert", "slug title", .params = { "a", "two" }),
                        "2|a|two||1|~|;");
    assert_string_equal(
        RUN("r.docs", "insert", "slug title", .params = { "a", "three" }), "23505");
    assert_string_equal(RUN("r.docs", "restore", .params = { "1" }), "23505");
    assert_string_equal(RUN("r.docs", "purge", .params = { "2" }), "(1)");
    assert_string_equal(RUN("r.docs", "restore", .params = { "1" }), "(1)");
    assert_string_equal(RUN("r.docs", "restore", .params = { "1" }), "(0)");
    assert_string_equal(RUN("r.docs", "get", .params = { "1" }), "1|a|one|ONE|3|~|;");
}

static void test_upsert(void **state)
{
    struct fixture *fixture = *state;
    clear(fixture);
    const struct call first = { "r.docs", "upsert_by_slug", "slug title",
                                .params = { "a", "one" } };
    const struct call second = { "r.docs", "upsert_by_slug", "slug title",
                                 .params = { "a", "two" } };
    assert_string_equal(run(fixture, first), "1|a|one||1|~|;");
    /* `on update` sees the row that is there, as in an update. */
    assert_string_equal(run(fixture, second), "1|a|two|ONE|2|~|;");
    RUN("r.docs", "delete", .params = { "1" });
    /* The deleted row is not in the way of its slug ... */
    assert_string_equal(run(fixture, second), "3|a|two||1|~|;");
    RUN("r.docs", "purge", .params = { "3" });
    /* ... but is of its primary key, and comes back to life by it. */
    assert_string_equal(
        RUN("r.docs", "upsert", "id slug title", .params = { "1", "b", "three" }),
        "1|b|three|TWO|4|~|;");
    assert_string_equal(RUN("r.docs", "upsert", "id slug title version",
                            .params = { "1", "b", "four" }),
                        "1|b|four|THREE|5|~|;");
    /* Nothing but the key: the row comes back as it is. */
    RUN("r.plain", "insert", "id name", .params = { "1", "x" });
    assert_string_equal(
        RUN("r.plain", "upsert_by_name", "id name", .params = { "7", "x" }),
        "1|x|~|~|~|;");
}

static void test_update_sets_what_is_given(void **state)
{
    struct fixture *fixture = *state;
    clear(fixture);
    RUN("r.plain", "insert", "id name place", .params = { "1", "x", "(1,2)" });
    assert_string_equal(RUN("r.plain", "update", "tags place",
                            .params = { "1", "{a,\"b c\"}", "(3,4)" }),
                        "1|x|{a,\"b c\"}|(3,4)|~|;");
    assert_string_equal(RUN("r.plain", "update", "name", .params = { "2", "z" }), "");
    /* A natural key may change like any other column. */
    assert_string_equal(RUN("r.plain", "update", "id", .params = { "1", "5" }),
                        "5|x|{a,\"b c\"}|(3,4)|~|;");
    assert_string_equal(RUN("r.plain", "get", .params = { "1" }), "");
    assert_string_equal(RUN("r.plain", "delete", .params = { "5" }), "(1)");
    assert_string_equal(RUN("r.plain", "delete", .params = { "5" }), "(0)");
}

/* Arrays travel as array literals, points as text; NULLs stay where they are. */
static void test_insert_many(void **state)
{
    struct fixture *fixture = *state;
    struct call call = { .table = "r.plain",
                         .name = "insert_many",
                         .given = "id name tags place moods" };
    struct str text = text_of(fixture, &call);
    static const Oid types[] = { 1007, 1009, 1009, 1009, 1009 };
    static const char *const params[] = { "{1,2}", "{x,y}", "{\"{a,b}\",NULL}",
                                          "{NULL,\"(1,2)\"}",
                                          "{\"{good,bad}\",\"{}\"}" };
    clear(fixture);
    assert_string_equal(
        result_text(fixture, PQexecParams(fixture->planned.conn, text.s, 5, types,
                                          params, NULL, NULL, 0)),
        "1|x|{a,b}|~|{good,bad}|;2|y|~|(1,2)|{}|;");
}

static void test_many(void **state)
{
    struct fixture *fixture = *state;
    clear(fixture);
    RUN("r.docs", "insert", "slug title", .params = { "a", "one" });
    static const char *const marks[][3] = { { "1", "1", "p" },
                                            { "1", "2", "q" },
                                            { "1", "3", "r" } };
    for (size_t i = 0; i < 3; i++)
        RUN("r.marks", "insert", "doc line note",
            .params = { marks[i][0], marks[i][1], marks[i][2] });
    /* Pairs, not every combination; twice asked for is once found. */
    assert_string_equal(RUN("r.marks", "get_many", .params = { "{1,2,1}", "{3,1,3}" }),
                        "1|3|r|;");
    assert_string_equal(RUN("r.marks", "get_many", .params = { "{}", "{}" }), "");
    assert_string_equal(RUN("r.docs", "get_many", .params = { "{1,2}" }),
                        "1|a|one||1|~|;");
}

/* The rows, which come in no particular order, by their first two columns. */
static const char *run_child(struct fixture *fixture, const char *name, uint64_t bits,
                             const char *param)
{
    const struct stmt *stmt = test_find_stmt(&fixture->planned.schema, "r.docs", name);
    assert_non_null(stmt);
    assert_int_equal(stmt->relations.n, 1);
    struct str text = stmt_text(&fixture->planned.schema.arena,
                                stmt->relations.items[0].child,
                                (struct stmt_variant){ .bits = bits });
    const char *sorted = arena_printf(&fixture->planned.schema.arena,
                                      "select * from (%.*s) c order by 1, 2",
                                      STR_ARGS(text));
    const char *params[8] = { param };
    return run_text(fixture, stmt, str_of(sorted), params);
}

/* The children of just the parents that come. */
static void test_relations(void **state)
{
    struct fixture *fixture = *state;
    clear(fixture);
    static const char *const slugs[] = { "a", "b", "c" };
    for (size_t i = 0; i < 3; i++)
        RUN("r.docs", "insert", "slug title", .params = { slugs[i], "t" });
    PQclear(PQexec(fixture->planned.conn,
                   "insert into r.marks values (3, 2, 'c2'), (2, 1, 'b1'),"
                   " (1, 1, 'a1'), (3, 1, 'c1')"));
    assert_string_equal(RUN("r.docs", "top", .params = { "2" }),
                        "3|c|t||1|~|;2|b|t||1|~|;");
    assert_string_equal(run_child(fixture, "top", 0, "2"), "2|1|b1|;3|1|c1|;3|2|c2|;");
    assert_string_equal(run_child(fixture, "get_with_marks", 0, "3"),
                        "3|1|c1|;3|2|c2|;");
}

static void test_fragments(void **state)
{
    struct fixture *fixture = *state;
    clear(fixture);
    static const char *const rows[][2] = { { "a", "x" }, { "b", "x" }, { "c", "y" } };
    for (size_t i = 0; i < 3; i++)
        RUN("r.docs", "insert", "slug title", .params = { rows[i][0], rows[i][1] });
    PQclear(PQexec(fixture->planned.conn,
                   "alter table r.docs drop column loud, drop column at,"
                   " add loud text, add at int4"));
    assert_string_equal(RUN("r.docs", "find", .bits = 3, .params = { "x", "b" }),
                        "2|b|x|~|~|~|;");
    assert_string_equal(
        RUN("r.docs", "find", .bits = 1 | UINT64_C(1) << 32, .params = { "x" }),
        "2|b|x|~|~|~|;1|a|x|~|~|~|;");
    /* The inner fragment alone is not there without the outer. */
    struct call inner = { "r.docs", "find", .bits = 2 };
    assert_null(strstr(text_of(fixture, &inner).s, "$2"));
    assert_string_equal(RUN("r.docs", "find", .params = { NULL }),
                        "1|a|x|~|~|~|;2|b|x|~|~|~|;3|c|y|~|~|~|;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_soft_delete),
        cmocka_unit_test(test_upsert),
        cmocka_unit_test(test_update_sets_what_is_given),
        cmocka_unit_test(test_insert_many),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_relations),
        cmocka_unit_test(test_fragments),
    };
    return cmocka_run_group_tests_name("rules", tests, open_fixture, close_fixture);
}
