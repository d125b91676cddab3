/* pages_test.c: every keyset page, walked to its end, gives each row exactly once in the
 * right order, and pages, lists and searches are served by indexes on real data. */
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
    "schema p {\n"
    "    table items {\n"
    "        id   int8  identity primary key;\n"
    "        a    int4;\n"
    "        b    text;\n"
    "        c    timestamptz;\n"
    "        d    int4?;\n"
    "        at   int4range;\n"
    "        gone timestamptz?  soft delete;\n"
    "        index (a, b desc);\n"
    "        index (a desc, c desc, id desc);\n"
    "        index (c desc nulls last);\n"
    "        index (b collate \"C\", a);\n"
    "        index (d, c);\n"
    "        index (at, b);\n"
    "        unique index (c, id);\n"
    "    }\n"
    "    table pairs { x int4; y text; primary key (x, y); }\n"
    "    query newest(a, d?) many items page by c desc, id desc {\n"
    "        where a = $a { and d = $d }\n"
    "    }\n"
    "    query mixed(a, d?) many items page by b desc, c asc, id asc {\n"
    "        where a = $a { and d = $d }\n"
    "    }\n"
    "    query shapes(a int4, d int4?) many (n int8, r int4range, t timestamptz)\n"
    "          page by r desc, t desc, n desc {\n"
    "        select id, at, c from p.items where a = $a { and d = $d }\n"
    "    }\n"
    "    query search(a int4?, since timestamptz?,\n"
    "                 sort { newest: c desc nulls last, oldest: c asc }) many items {\n"
    "        where true { and a = $a } { and c >= $since } order by $sort limit 5\n"
    "    }\n"
    "}\n";

static int open_planned(void **state)
{
    static struct planned planned;
    *state = &planned;
    return planned_open(&planned, schema_text);
}

static int close_planned(void **state)
{
    planned_close(*state);
    return 0;
}

static PGresult *run(struct planned *planned, const char *sql,
                     const char *const *params, size_t n)
{
    PGresult *result = PQexecParams(planned->conn, sql, (int)n, NULL, params, NULL,
                                    NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        fprintf(stderr, "%s%s\n", PQresultErrorMessage(result), sql);
    assert_true(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
    return result;
}

static void execute(struct planned *planned, const char *sql)
{
    PQclear(run(planned, sql, NULL, 0));
}

/* ---- walks ---- */

enum { MAX_PARAMS = 20, PAGE_SIZE = 7 };

static void put_types(const struct stmt *stmt, Oid *types)
{
    for (size_t i = 0; i < stmt->params.n; i++) {
        const struct stmt_param *param = &stmt->params.items[i];
        const struct type_info *type = model_type_builtin(&param->type);
        if (model_type_is_cast(&param->type))
            type = type_info(TYPE_TEXT);
        types[i] = param->array ? type->array_oid : type->oid;
    }
}

/* All rows of a result, one a line. */
static void put_rows(struct buf *out, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        for (int column = 0; column < PQnfields(result); column++)
            buf_printf(out, "%s|", PQgetvalue(result, row, column));
        buf_putc(out, '\n');
    }
}

/* The pages one after the other; the fixed parameters stand in params already. */
static void walk(struct planned *planned, const struct stmt *stmt, uint64_t bits,
                 const char **params, struct buf *rows)
{
    char cursor[MAX_PARAMS][100];
    Oid types[MAX_PARAMS];
    put_types(stmt, types);
    for (size_t i = 0; i < stmt->order.n; i++)
        params[stmt->cursor_at + i] = NULL;
    params[stmt->params.n - 1] = "7";
    for (uint64_t more = 0;; more = UINT64_C(1) << stmt->cursor_bit) {
        struct str text = stmt_text(&planned->schema.arena, stmt,
                                    (struct stmt_variant){ .bits = bits | more });
        PGresult *result = PQexecParams(planned->conn, text.s, (int)stmt->params.n,
                                        types, params, NULL, NULL, 0);
        if (PQresultStatus(result) != PGRES_TUPLES_OK)
            fprintf(stderr, "%s%s\n", PQresultErrorMessage(result), text.s);
        assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
        int n = PQntuples(result);
        assert_true(n <= PAGE_SIZE);
        put_rows(rows, result);
        for (size_t i = 0; n && i < stmt->order.n; i++) {
            snprintf(cursor[i], sizeof cursor[i], "%s",
                     PQgetvalue(result, n - 1, (int)stmt->order.items[i].result));
            params[stmt->cursor_at + i] = cursor[i];
        }
        PQclear(result);
        if (n < PAGE_SIZE)
            return;
    }
}

/* The same rows by one statement that shares nothing with the page's but the columns. */
static void expect(struct planned *planned, const struct stmt *stmt, const char *where,
                   struct buf *rows)
{
    struct buf sql = { 0 };
    bool items = str_eq_c(stmt->relation, "p.items");
    buf_printf(&sql, "select * from %s where %s", items ? "p.items" : "p.pairs", where);
    if (items && !stmt->with_deleted)
        buf_puts(&sql, " and gone is null");
    for (size_t i = 0; i < stmt->order.n; i++)
        buf_printf(&sql, "%s %zu%s", i ? "," : " order by",
                   stmt->order.items[i].result + 1,
                   stmt->order.items[i].desc ? " desc" : "");
    PGresult *result = run(planned, sql.s, NULL, 0);
    put_rows(rows, result);
    PQclear(result);
    buf_release(&sql);
}

static size_t check_walk(struct planned *planned, const struct stmt *stmt,
                         uint64_t bits, const char **params, const char *where)
{
    struct buf walked = { 0 }, expected = { 0 };
    buf_puts(&walked, "");
    buf_puts(&expected, "");
    walk(planned, stmt, bits, params, &walked);
    expect(planned, stmt, where, &expected);
    assert_string_equal(walked.s ? walked.s : "", expected.s ? expected.s : "");
    size_t n = expected.n;
    buf_release(&walked);
    buf_release(&expected);
    return n;
}

/* Each combination of values that the fixed columns have. */
static size_t walk_page(struct planned *planned, const struct stmt *stmt)
{
    struct buf sql = { 0 }, where = { 0 };
    buf_puts(&sql, "select distinct true");
    for (size_t i = 0; i < stmt->cursor_at; i++)
        buf_printf(&sql, ", %.*s", STR_ARGS(stmt->params.items[i].name));
    buf_printf(&sql, " from %.*s", STR_ARGS(stmt->relation));
    PGresult *values = run(planned, sql.s, NULL, 0);
    size_t total = 0;
    for (int row = 0; row < PQntuples(values); row++) {
        const char *params[MAX_PARAMS] = { NULL };
        bool null = false;
        buf_clear(&where);
        buf_puts(&where, "true");
        for (size_t i = 0; i < stmt->cursor_at; i++) {
            params[i] = PQgetvalue(values, row, (int)i + 1);
            null |= PQgetisnull(values, row, (int)i + 1);
            buf_printf(&where, " and %.*s = '%s'", STR_ARGS(stmt->params.items[i].name),
                       params[i]);
        }
        if (!null)
            total += check_walk(planned, stmt, 0, params, where.s);
    }
    PQclear(values);
    buf_release(&sql);
    buf_release(&where);
    return total;
}

static void fill(struct planned *planned, int rows)
{
    char sql[1000];
    snprintf(sql, sizeof sql,
             "insert into p.items (a, b, c, d, at, gone) select g %% 5,"
             " chr(97 + g * 7 %% 11), '2024-01-01'::timestamptz + g * 31 %% 200 *"
             " interval '1 h', nullif(g %% 4, 0), int4range(g %% 3, 9),"
             " case when g %% 10 = 0 then now() end from generate_series(1, %d) as g",
             rows);
    execute(planned, "truncate p.items, p.pairs");
    execute(planned, sql);
    execute(planned, "insert into p.pairs select g % 9, chr(97 + g / 9)"
                     " from generate_series(0, 80) as g");
    execute(planned, "analyze p.items");
}

static void test_derived_pages_walk(void **state)
{
    struct planned *planned = *state;
    static const char *const pages[] = {
        "page_in_id",     "page_in_id_with_deleted",
        "page_by_a",      "page_by_a_b",
        "page_in_a_b",    "page_by_a_c",
        "page_in_a_c_id", "page_in_c",
        "page_by_c",      "page_by_b",
        "page_by_b_a",    "page_in_b_a",
        "page_by_d",      "page_by_d_c",
        "page_by_at",     "page_by_at_b",
        "page_in_at_b",   "page_in_c_id",
        "page_in_x_y",
    };
    size_t found = 0;
    fill(planned, 400);
    for (size_t i = 0; i < planned->schema.stmts->list.n; i++) {
        const struct stmt *stmt = planned->schema.stmts->list.items[i];
        if (stmt->kind != STMT_PAGE)
            continue;
        found++;
        assert_true(walk_page(planned, stmt) > 0);
    }
    /* In the order of a nullable column there is no page. */
    assert_null(test_find_stmt(&planned->schema, "p.items", "page_in_d_c"));
    assert_int_equal(found, sizeof pages / sizeof *pages);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *table = i + 1 == found ? "p.pairs" : "p.items";
        if (!test_find_stmt(&planned->schema, table, pages[i]))
            fprintf(stderr, "no %s\n", pages[i]);
        assert_non_null(test_find_stmt(&planned->schema, table, pages[i]));
    }
}

static void test_declared_pages_walk(void **state)
{
    struct planned *planned = *state;
    static const char *const names[] = { "newest", "mixed" };
    fill(planned, 400);
    for (size_t i = 0; i < 2; i++) {
        const struct stmt *stmt = test_find_stmt(&planned->schema, "p.items", names[i]);
        const char *params[MAX_PARAMS] = { "3", "2" };
        assert_non_null(stmt);
        assert_true(check_walk(planned, stmt, 0, params, "a = 3") > 0);
        assert_true(check_walk(planned, stmt, 1, params, "a = 3 and d = 2") > 0);
    }
}

static void test_page_of_a_whole_statement(void **state)
{
    struct planned *planned = *state;
    const struct stmt *stmt = test_find_stmt(&planned->schema, NULL, "shapes");
    const char *params[MAX_PARAMS] = { "3", "2" };
    struct buf walked = { 0 }, expected = { 0 };
    fill(planned, 400);
    assert_non_null(stmt);
    walk(planned, stmt, 0, params, &walked);
    PGresult *result = run(planned,
                           "select id, at, c from p.items where a = 3"
                           " order by at desc, c desc, id desc",
                           NULL, 0);
    put_rows(&expected, result);
    assert_true(PQntuples(result) > 50);
    assert_string_equal(walked.s, expected.s);
    PQclear(result);
    buf_release(&walked);
    buf_release(&expected);
}

/* ---- plans ---- */

/* The generic plan of a variant, as text; to be freed. */
static char *plan_of(struct planned *planned, const struct stmt *stmt, uint64_t bits)
{
    struct str text = stmt_text(&planned->schema.arena, stmt,
                                (struct stmt_variant){ .bits = bits });
    struct buf sql = { 0 }, plan = { 0 };
    Oid types[MAX_PARAMS];
    put_types(stmt, types);
    execute(planned, "set plan_cache_mode = force_generic_plan");
    PGresult *result = PQprepare(planned->conn, "s", text.s, (int)stmt->params.n,
                                 types);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    buf_puts(&sql, "explain (costs off) execute s");
    for (size_t i = 0; i < stmt->params.n; i++)
        buf_puts(&sql, i ? ", null" : "(null");
    buf_puts(&sql, stmt->params.n ? ")" : "");
    result = run(planned, sql.s, NULL, 0);
    for (int i = 0; i < PQntuples(result); i++)
        buf_printf(&plan, "%s\n", PQgetvalue(result, i, 0));
    PQclear(result);
    execute(planned, "deallocate s");
    buf_release(&sql);
    return plan.s;
}

static void check_plan(struct planned *planned, const char *name, uint64_t bits,
                       const char *expected)
{
    const struct stmt *stmt = test_find_stmt(&planned->schema, "p.items", name);
    assert_non_null(stmt);
    char *plan = plan_of(planned, stmt, bits);
    assert_string_equal(plan, expected);
    free(plan);
}

/* A page reads what it gives: the scan starts at the cursor, and at most the ties of the
 * index's columns are sorted. */
static void test_indexes_serve_pages(void **state)
{
    struct planned *planned = *state;
    fill(planned, 50000);
    check_plan(planned, "page_in_id", 1,
               "Limit\n"
               "  ->  Index Scan using items_pkey on items\n"
               "        Index Cond: (id > $1)\n"
               "        Filter: (gone IS NULL)\n");
    check_plan(
        planned, "page_by_a", 1,
        "Limit\n"
        "  ->  Incremental Sort\n"
        "        Sort Key: b DESC, id DESC\n"
        "        Presorted Key: b\n"
        "        ->  Index Scan using items_a_b_idx on items\n"
        "              Index Cond: ((a = $1) AND (b <= $2))\n"
        "              Filter: ((gone IS NULL) AND (ROW(b, id) < ROW($2, $3)))\n");
    check_plan(planned, "page_in_a_b", 1,
               "Limit\n"
               "  ->  Incremental Sort\n"
               "        Sort Key: a, b DESC, id DESC\n"
               "        Presorted Key: a, b\n"
               "        ->  Index Scan using items_a_b_idx on items\n"
               "              Index Cond: (a >= $1)\n"
               "              Filter: ((gone IS NULL) AND ((a > $1) OR ((a = $1) AND "
               "((b < $2) OR ((b = $2) AND (id < $3))))))\n");
    check_plan(planned, "page_in_a_c_id", 1,
               "Limit\n"
               "  ->  Index Scan using items_a_c_id_idx on items\n"
               "        Index Cond: (ROW(a, c, id) < ROW($1, $2, $3))\n"
               "        Filter: (gone IS NULL)\n");
}

/* The tail in its subselect, with soft delete in another, is pulled up. */
static void test_indexes_serve_declared_pages(void **state)
{
    struct planned *planned = *state;
    fill(planned, 50000);
    check_plan(planned, "newest", 2,
               "Limit\n"
               "  ->  Index Scan using items_a_c_id_idx on items\n"
               "        Index Cond: ((a = $1) AND (ROW(c, id) < ROW($3, $4)))\n"
               "        Filter: (gone IS NULL)\n");
    check_plan(planned, "newest", 3,
               "Limit\n"
               "  ->  Index Scan using items_a_c_id_idx on items\n"
               "        Index Cond: ((a = $1) AND (ROW(c, id) < ROW($3, $4)))\n"
               "        Filter: ((gone IS NULL) AND (d = $2))\n");
}

/* A filter that is not given is not there, and an order is chosen, not computed: both are
 * left to indexes. */
static void test_indexes_serve_searches(void **state)
{
    struct planned *planned = *state;
    fill(planned, 50000);
    check_plan(planned, "search", 0,
               "Limit\n"
               "  ->  Index Scan using items_c_idx on items\n"
               "        Filter: (gone IS NULL)\n");
    check_plan(planned, "search", 3,
               "Limit\n"
               "  ->  Index Scan using items_c_idx on items\n"
               "        Index Cond: (c >= $2)\n"
               "        Filter: ((gone IS NULL) AND (a = $1))\n");
    check_plan(planned, "get_many", 0,
               "Index Scan using items_pkey on items\n"
               "  Index Cond: (id = ANY ($1))\n"
               "  Filter: (gone IS NULL)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derived_pages_walk),
        cmocka_unit_test(test_declared_pages_walk),
        cmocka_unit_test(test_page_of_a_whole_statement),
        cmocka_unit_test(test_indexes_serve_pages),
        cmocka_unit_test(test_indexes_serve_declared_pages),
        cmocka_unit_test(test_indexes_serve_searches),
    };
    return cmocka_run_group_tests_name("pages", tests, open_planned, close_planned);
}
