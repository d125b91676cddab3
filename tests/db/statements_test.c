/* statements_test.c: every statement of the reference schema and of the torture schema, and
 * each variant of it, is prepared on a server with the parameter types that are generated,
 * is described there with exactly the result types that are generated, and can be planned.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include "sql/quote.h"
#include "tests/support/cluster.h"
#include "tests/support/first.h"
#include "tests/support/schema.h"
#include "tests/support/variants.h"

struct proof {
    struct test_db db;
    struct test_schema schema;
    PGconn *conn;
    size_t statements; /* variants that were tried */
    size_t failures;
};

/* ---- one text ---- */

static void report(struct proof *proof, const struct test_variant *variant,
                   const char *what)
{
    const struct stmt *stmt = variant->stmt;
    fprintf(stderr, "%.*s %.*s: %s\n  %.*s\n", STR_ARGS(stmt->relation),
            STR_ARGS(stmt->name), what, STR_ARGS(variant->text));
    proof->failures++;
}

static bool is_ok(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static void compare(struct proof *proof, const struct test_variant *variant,
                    const PGresult *described)
{
    char what[200];
    if (PQnparams(described) != variant->nparams)
        report(proof, variant, "another number of parameters");
    if (PQnfields(described) != variant->nresults) {
        report(proof, variant, "another number of results");
        return;
    }
    for (int i = 0; i < PQnparams(described) && i < variant->nparams; i++) {
        if (PQparamtype(described, i) == variant->params[i])
            continue;
        snprintf(what, sizeof what, "parameter %d is %u, not %u", i + 1,
                 PQparamtype(described, i), variant->params[i]);
        report(proof, variant, what);
    }
    for (int i = 0; i < variant->nresults; i++) {
        if (PQftype(described, i) == variant->results[i])
            continue;
        snprintf(what, sizeof what, "result %s is %u, not %u", PQfname(described, i),
                 PQftype(described, i), variant->results[i]);
        report(proof, variant, what);
    }
}

/* An index to infer, a row lock: some errors come only from the planner. */
static void plan(struct proof *proof, const struct test_variant *variant)
{
    struct buf sql = { 0 };
    buf_puts(&sql, "explain execute s");
    for (int i = 0; i < variant->nparams; i++)
        buf_puts(&sql, i ? ", null" : "(null");
    buf_puts(&sql, variant->nparams ? ")" : "");
    PGresult *result = PQexec(proof->conn, sql.s);
    if (!is_ok(result))
        report(proof, variant, PQresultErrorMessage(result));
    PQclear(result);
    buf_release(&sql);
}

static void prove(struct proof *proof, const struct test_variant *variant)
{
    PGresult *result = PQprepare(proof->conn, "s", variant->text.s, variant->nparams,
                                 variant->params);
    if (!is_ok(result)) {
        report(proof, variant, PQresultErrorMessage(result));
        PQclear(result);
        return;
    }
    PQclear(result);
    result = PQdescribePrepared(proof->conn, "s");
    assert_true(is_ok(result));
    compare(proof, variant, result);
    PQclear(result);
    plan(proof, variant);
    PQclear(PQexec(proof->conn, "deallocate s"));
}

/* COPY cannot be prepared: it is begun, and ended before it has rows. */
static void prove_copy(struct proof *proof, const struct test_variant *variant)
{
    PGresult *result = PQexec(proof->conn, variant->text.s);
    if (PQresultStatus(result) != PGRES_COPY_IN)
        report(proof, variant, PQresultErrorMessage(result));
    else
        PQputCopyEnd(proof->conn, "enough");
    PQclear(result);
    while ((result = PQgetResult(proof->conn)) != NULL)
        PQclear(result);
}

static void prove_variant(void *context, const struct test_variant *variant)
{
    struct proof *proof = context;
    proof->statements++;
    assert_false(variant->lost_type);
    variant->copy ? prove_copy(proof, variant) : prove(proof, variant);
}

/* ---- a whole schema ---- */

static void prove_schema(const char *path, size_t least)
{
    struct proof proof = { .statements = 0 };
    assert_int_equal(test_schema_read(&proof.schema, path), 0);
    assert_int_equal(test_db_open(&proof.db), 0);
    struct migration init = test_first_migration(
        &proof.schema.arena, proof.schema.model, STR(""), STR("0001_init"));
    assert_int_equal(test_db_exec(&proof.db, init.up.s), 0);
    proof.conn = PQconnectdb(proof.db.url);
    assert_int_equal(PQstatus(proof.conn), CONNECTION_OK);
    struct test_variants walk = { .conn = proof.conn,
                                  .arena = &proof.schema.arena,
                                  .each = prove_variant,
                                  .context = &proof };
    for (size_t i = 0; i < proof.schema.stmts->list.n; i++)
        test_each_variant(&walk, proof.schema.stmts->list.items[i]);
    print_message("%s: %zu variants\n", path, proof.statements);
    assert_int_equal(proof.failures, 0);
    assert_true(proof.statements >= least);
    PQfinish(proof.conn);
    test_db_close(&proof.db);
    test_schema_close(&proof.schema);
}

static void test_reference(void **state)
{
    (void)state;
    prove_schema("schema/app.schema", 150);
}

static void test_torture(void **state)
{
    (void)state;
    prove_schema("tests/compile/torture.schema", 3000);
}

/* ---- the keyword table ---- */

static void check_quoted(PGconn *conn, const char *name, struct buf *out)
{
    const char *const params[] = { name };
    PGresult *result = PQexecParams(conn, "select quote_ident($1)", 1, NULL, params,
                                    NULL, NULL, 0);
    assert_int_equal(PQntuples(result), 1);
    buf_clear(out);
    quote_ident(out, str_of(name));
    assert_string_equal(out->s, PQgetvalue(result, 0, 0));
    PQclear(result);
}

static void test_quotes_as_the_server(void **state)
{
    static const char *const odd[] = {
        "a$b", "A", "9", "_", "a b", "a\"b", "\xc3\xa9"
    };
    struct test_db *db = *state;
    PGconn *conn = PQconnectdb(db->url);
    PGresult *words = PQexec(conn, "select word from pg_get_keywords()");
    struct buf out = { 0 };
    assert_true(PQntuples(words) > 400);
    for (int i = 0; i < PQntuples(words); i++)
        check_quoted(conn, PQgetvalue(words, i, 0), &out);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        check_quoted(conn, odd[i], &out);
    buf_release(&out);
    PQclear(words);
    PQfinish(conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_torture),
        cmocka_unit_test_setup_teardown(test_quotes_as_the_server, test_db_setup,
                                        test_db_teardown),
    };
    return cmocka_run_group_tests_name("statements", tests, NULL, NULL);
}
