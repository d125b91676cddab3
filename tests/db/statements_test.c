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
#include "migrate/init.h"
#include "sql/quote.h"
#include "sql/write.h"
#include "tests/support/cluster.h"
#include "tests/support/schema.h"

struct proof {
    struct test_db db;
    struct test_schema schema;
    PGconn *conn;
    struct map enums;  /* of struct enum_oids, by type name */
    size_t statements; /* variants that were tried */
    size_t failures;
};

/* ---- types ---- */

struct enum_oids {
    Oid oid, array_oid;
};

static Oid oid_at(const PGresult *result, int column)
{
    return (Oid)strtoul(PQgetvalue(result, 0, column), NULL, 10);
}

static const struct enum_oids *enum_oids(struct proof *proof,
                                         const struct model_enum *type)
{
    struct buf name = { 0 };
    write_enum_name(&name, type);
    struct enum_oids *known = map_find(&proof->enums, buf_view(&name));
    if (!known) {
        struct arena *arena = &proof->schema.arena;
        const char *const params[] = { name.s };
        PGresult *result = PQexecParams(proof->conn,
                                        "select oid, typarray from pg_type where oid = "
                                        "$1::text::regtype",
                                        1, NULL, params, NULL, NULL, 0);
        assert_int_equal(PQntuples(result), 1);
        known = arena_new(arena, struct enum_oids);
        *known = (struct enum_oids){ oid_at(result, 0), oid_at(result, 1) };
        PQclear(result);
        map_add(&proof->enums, arena, buf_dup(&name, arena), known);
    }
    buf_release(&name);
    return known;
}

static Oid wire_oid(struct proof *proof, const struct model_type *type, bool many)
{
    struct write_form form = write_form(type);
    bool array = form.array || many;
    if (form.wire.kind == MODEL_ENUM) {
        const struct enum_oids *oids = enum_oids(proof, form.wire.enum_);
        return array ? oids->array_oid : oids->oid;
    }
    assert_int_equal(form.wire.kind, MODEL_BUILTIN);
    return array ? form.wire.builtin->array_oid : form.wire.builtin->oid;
}

/* ---- one text ---- */

enum { MAX_TYPES = 1000 };

struct expected {
    const struct stmt *stmt;
    struct str text;
    Oid params[MAX_TYPES];
    int nparams;
    Oid results[MAX_TYPES];
    int nresults;
};

static void report(struct proof *proof, const struct expected *expected,
                   const char *what)
{
    const struct stmt *stmt = expected->stmt;
    fprintf(stderr, "%.*s %.*s: %s\n  %.*s\n", STR_ARGS(stmt->relation),
            STR_ARGS(stmt->name), what, STR_ARGS(expected->text));
    proof->failures++;
}

static bool is_ok(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static void compare(struct proof *proof, const struct expected *expected,
                    const PGresult *described)
{
    char what[200];
    if (PQnparams(described) != expected->nparams)
        report(proof, expected, "another number of parameters");
    if (PQnfields(described) != expected->nresults) {
        report(proof, expected, "another number of results");
        return;
    }
    for (int i = 0; i < PQnparams(described) && i < expected->nparams; i++) {
        if (PQparamtype(described, i) == expected->params[i])
            continue;
        snprintf(what, sizeof what, "parameter %d is %u, not %u", i + 1,
                 PQparamtype(described, i), expected->params[i]);
        report(proof, expected, what);
    }
    for (int i = 0; i < expected->nresults; i++) {
        if (PQftype(described, i) == expected->results[i])
            continue;
        snprintf(what, sizeof what, "result %s is %u, not %u", PQfname(described, i),
                 PQftype(described, i), expected->results[i]);
        report(proof, expected, what);
    }
}

/* An index to infer, a row lock: some errors come only from the planner. */
static void plan(struct proof *proof, const struct expected *expected)
{
    struct buf sql = { 0 };
    buf_puts(&sql, "explain execute s");
    for (int i = 0; i < expected->nparams; i++)
        buf_puts(&sql, i ? ", null" : "(null");
    buf_puts(&sql, expected->nparams ? ")" : "");
    PGresult *result = PQexec(proof->conn, sql.s);
    if (!is_ok(result))
        report(proof, expected, PQresultErrorMessage(result));
    PQclear(result);
    buf_release(&sql);
}

static void prove(struct proof *proof, const struct expected *expected)
{
    proof->statements++;
    PGresult *result = PQprepare(proof->conn, "s", expected->text.s, expected->nparams,
                                 expected->params);
    if (!is_ok(result)) {
        report(proof, expected, PQresultErrorMessage(result));
        PQclear(result);
        return;
    }
    PQclear(result);
    result = PQdescribePrepared(proof->conn, "s");
    assert_true(is_ok(result));
    compare(proof, expected, result);
    PQclear(result);
    plan(proof, expected);
    PQclear(PQexec(proof->conn, "deallocate s"));
}

/* ---- statements made of pieces ---- */

static void expect_types(struct proof *proof, struct expected *expected)
{
    const struct stmt *stmt = expected->stmt;
    for (size_t i = 0; i < stmt->params.n; i++)
        expected->params[expected->nparams++] = wire_oid(
            proof, &stmt->params.items[i].type, stmt->params.items[i].array);
    for (size_t i = 0; i < stmt->results.n; i++)
        expected->results[expected->nresults++] = wire_oid(
            proof, &stmt->results.items[i].type, false);
}

static uint32_t gates(const struct stmt *stmt)
{
    uint32_t all = stmt->cursor_bit < 0 ? 0 : UINT32_C(1) << stmt->cursor_bit;
    for (size_t i = 0; i < stmt->params.n; i++) {
        if (stmt->params.items[i].gate_bit >= 0)
            all |= UINT32_C(1) << stmt->params.items[i].gate_bit;
    }
    return all;
}

static void prove_bits(struct proof *proof, const struct stmt *stmt, uint64_t bits)
{
    struct expected *expected = calloc(1, sizeof *expected);
    assert_non_null(expected);
    expected->stmt = stmt;
    expected->text = stmt_text(&proof->schema.arena, stmt,
                               (struct stmt_variant){ .bits = bits });
    expect_types(proof, expected);
    prove(proof, expected);
    free(expected);
}

/* Every pick of every choice from the one at `at` on. */
static void prove_picks(struct proof *proof, const struct stmt *stmt, size_t at,
                        uint64_t bits)
{
    if (at == stmt->choices.n) {
        prove_bits(proof, stmt, bits);
        return;
    }
    const struct stmt_choice *choice = &stmt->choices.items[at];
    for (uint64_t pick = 0; pick < choice->declared->choices.n; pick++)
        prove_picks(proof, stmt, at + 1, bits | pick << (32 + 8 * choice->index));
}

/* Every subset of the gates: the usual trick of counting down within a mask. */
static void prove_pieces(struct proof *proof, const struct stmt *stmt)
{
    uint32_t all = gates(stmt), bits = all;
    for (;;) {
        prove_picks(proof, stmt, 0, bits);
        if (!bits)
            break;
        bits = (bits - 1) & all;
    }
    for (size_t i = 0; i < stmt->relations.n; i++)
        prove_pieces(proof, stmt->relations.items[i].child);
}

/* ---- statements made of the given columns ---- */

static void expect_given(struct proof *proof, struct expected *expected,
                         const struct stmt_variant *variant)
{
    const struct stmt *stmt = expected->stmt;
    bool many = stmt->kind == STMT_INSERT_MANY;
    for (size_t i = 0; i < stmt->params.n; i++)
        expected->params[expected->nparams++] = wire_oid(
            proof, &stmt->params.items[i].type, false);
    for (size_t i = 0; i < stmt->table->columns.n; i++) {
        const struct model_type *type = &stmt->table->columns.items[i]->type;
        Oid oid = wire_oid(proof, type, many);
        if (many && write_form(type).array)
            oid = type_info(TYPE_TEXT)->array_oid;
        if (variant->columns[i])
            expected->params[expected->nparams++] = oid;
    }
    if (stmt->head.n) {
        expected->results[expected->nresults++] = type_info(TYPE_BOOL)->oid;
        expected->results[expected->nresults++] = type_info(TYPE_BOOL)->oid;
    }
    bool rows = variant->returning || stmt->head.n;
    for (size_t i = 0; rows && i < stmt->results.n; i++)
        expected->results[expected->nresults++] = wire_oid(
            proof, &stmt->results.items[i].type, false);
}

/* COPY cannot be prepared: it is begun, and ended before it has rows. */
static void prove_copy(struct proof *proof, const struct expected *expected)
{
    proof->statements++;
    PGresult *result = PQexec(proof->conn, expected->text.s);
    if (PQresultStatus(result) != PGRES_COPY_IN)
        report(proof, expected, PQresultErrorMessage(result));
    else
        PQputCopyEnd(proof->conn, "enough");
    PQclear(result);
    while ((result = PQgetResult(proof->conn)) != NULL)
        PQclear(result);
}

static void prove_columns(struct proof *proof, const struct stmt *stmt,
                          const struct stmt_variant *variant)
{
    struct expected *expected = calloc(1, sizeof *expected);
    assert_non_null(expected);
    expected->stmt = stmt;
    expected->text = stmt_text(&proof->schema.arena, stmt, *variant);
    if (stmt->kind == STMT_LOAD) {
        prove_copy(proof, expected);
    } else {
        expect_given(proof, expected, variant);
        prove(proof, expected);
    }
    free(expected);
}

/* None, each alone, all; with and without rows coming back. */
static void prove_given(struct proof *proof, const struct stmt *stmt)
{
    size_t n = stmt->table->columns.n;
    bool *one = calloc(n, sizeof *one), *all = calloc(n, sizeof *all);
    assert_true(one && all);
    bool needs_one = stmt->kind != STMT_INSERT && stmt->kind != STMT_UPSERT;
    for (int returning = 0; returning < 2; returning++) {
        struct stmt_variant variant = { .columns = one, .returning = returning };
        if (!needs_one)
            prove_columns(proof, stmt, &variant);
        for (size_t i = 0; i < n; i++) {
            struct stmt_column column = stmt_column(&proof->schema.arena,
                                                    stmt->table->columns.items[i]);
            all[i] = stmt->kind == STMT_UPDATE ? column.updatable : column.insertable;
            one[i] = all[i];
            if (one[i])
                prove_columns(proof, stmt, &variant);
            one[i] = false;
        }
        variant.columns = all;
        prove_columns(proof, stmt, &variant);
    }
    free(one);
    free(all);
}

/* ---- a whole schema ---- */

static void prove_stmt(struct proof *proof, const struct stmt *stmt)
{
    switch (stmt->kind) {
    case STMT_INSERT:
    case STMT_INSERT_MANY:
    case STMT_UPSERT:
    case STMT_UPDATE:
    case STMT_LOAD:
        prove_given(proof, stmt);
        return;
    case STMT_GET:
    case STMT_BY_KEY:
    case STMT_GET_MANY:
    case STMT_MANY_BY_KEY:
    case STMT_EXISTS:
    case STMT_EXISTS_BY_KEY:
    case STMT_COUNT:
    case STMT_COUNT_BY:
    case STMT_LIST:
    case STMT_PAGE:
    case STMT_DELETE:
    case STMT_RESTORE:
    case STMT_PURGE:
    case STMT_RELATED:
    case STMT_QUERY:
        prove_pieces(proof, stmt);
        return;
    }
}

static void prove_schema(const char *path, size_t least)
{
    struct proof proof = { .statements = 0 };
    assert_int_equal(test_schema_read(&proof.schema, path), 0);
    assert_int_equal(test_db_open(&proof.db), 0);
    struct migration init = migration_init(&proof.schema.arena, proof.schema.model,
                                           STR(""), STR("0001_init"));
    assert_int_equal(test_db_exec(&proof.db, init.up.s), 0);
    proof.conn = PQconnectdb(proof.db.url);
    assert_int_equal(PQstatus(proof.conn), CONNECTION_OK);
    for (size_t i = 0; i < proof.schema.stmts->list.n; i++)
        prove_stmt(&proof, proof.schema.stmts->list.items[i]);
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
