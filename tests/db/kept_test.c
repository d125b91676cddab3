/* kept_test.c: what the resolver refuses in an index or a kept expression, the server refuses
 * too: casts, calls, functions and operator classes by their names in the catalog; and the
 * table of how types are stored is the server's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include "base/buf.h"
#include "base/diag.h"
#include "lang/codes.h"
#include "lang/resolve.h"
#include "tests/support/cluster.h"

static PGconn *conn;

static int open_server(void **state)
{
    if (test_db_setup(state))
        return -1;
    const struct test_db *db = *state;
    conn = PQconnectdb(db->url);
    PQclear(PQexec(conn, "set client_min_messages = error"));
    return PQstatus(conn) == CONNECTION_OK ? 0 : -1;
}

static int close_server(void **state)
{
    PQfinish(conn);
    return test_db_teardown(state);
}

/* ---- expressions of an index ------------------------------------------------------------------ */

/* Types that are cast into each other; a column of each is called c_<type>. */
static const char *const types[] = {
    "text",         "varchar",  "char",    "name",   "int4",      "int8", "numeric",
    "bool",         "date",     "time",    "timetz", "timestamp", "uuid", "timestamptz",
    "interval",     "money",    "xml",     "json",   "jsonb",     "inet", "int4range",
    "tsmultirange", "regclass", "regtype", "oid",    "bytea",
};
enum { NTYPES = sizeof types / sizeof *types };

static void put_columns(struct buf *out, const char *separator)
{
    for (size_t i = 0; i < NTYPES; i++)
        buf_printf(out, "c_%s %s%s ", types[i], types[i], separator);
}

static bool resolver_refuses(const char *expression)
{
    struct arena arena = { 0 };
    struct diags diags = { .arena = &arena };
    struct buf text = { 0 };
    buf_puts(&text, "enum state { open, shut } table t { ");
    put_columns(&text, ";");
    buf_printf(&text, "c_state state; c_tags text[]; index ((%s)); }", expression);
    struct source source = { .path = "a.schema", .text = text.s, .size = text.n };
    (void)resolve(&arena, &source, NULL, &diags);
    bool refused = false;
    for (size_t i = 0; i < diags.list.n; i++) {
        int code = diags.list.items[i].code;
        assert_true(code == E_not_immutable || code == E_not_one_value ||
                    code == E_query_in_expression || code == E_unknown_label);
        refused = true;
    }
    buf_release(&text);
    arena_release(&arena);
    return refused;
}

/* Not immutable, an aggregate, a window function, a set, a query, a wrong label. */
static bool is_refusal(const char *sqlstate)
{
    static const char *const states[] = { "42P17", "42803", "42P20", "0A000", "22P02" };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(sqlstate, states[i]) == 0)
            return true;
    return false;
}

static bool server_refuses(const char *expression, bool *fits)
{
    char sql[500];
    (void)snprintf(sql, sizeof sql, "create index on t ((%s))", expression);
    PGresult *begin = PQexec(conn, "begin");
    PGresult *result = PQexec(conn, sql);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    bool refused = sqlstate && is_refusal(sqlstate);
    *fits = !sqlstate || refused;
    PQclear(result);
    PQclear(begin);
    PQclear(PQexec(conn, "rollback"));
    return refused;
}

static void make_table(void)
{
    struct buf sql = { 0 };
    buf_puts(&sql, "create type state as enum ('open', 'shut'); create table t (");
    put_columns(&sql, ",");
    buf_puts(&sql, "c_state state, c_tags text[])");
    PGresult *result = PQexec(conn, sql.s);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    buf_release(&sql);
}

static void assert_agree(const char *expression, bool must_fit)
{
    bool fits, theirs = server_refuses(expression, &fits);
    if (must_fit && !fits)
        fail_msg("%s: %s", expression, PQerrorMessage(conn));
    if (fits && resolver_refuses(expression) != theirs)
        fail_msg("%s is %s by the server", expression, theirs ? "refused" : "taken");
}

static void test_casts(void **state)
{
    (void)state;
    make_table();
    for (size_t from = 0; from < NTYPES; from++) {
        for (size_t to = 0; to < NTYPES; to++) {
            char text[100];
            (void)snprintf(text, sizeof text, "c_%s::%s is null", types[from],
                           types[to]);
            assert_agree(text, false);
        }
    }
}

static const char *const expressions[] = {
    "date_trunc('day', c_timestamptz)",
    "date_trunc('day', c_timestamp)",
    "date_trunc('day', c_timestamptz at time zone 'UTC')",
    "date_part('hour', c_timestamptz)",
    "date_part('hour', c_date)",
    "extract(year from c_timestamptz)",
    "extract(year from c_timestamp)",
    "extract(epoch from c_interval)",
    "date(c_timestamptz)",
    "date(c_timestamp)",
    "(c_timestamptz at time zone 'UTC')::date",
    "cast(c_timestamptz as date)",
    "(c_timestamp)::timestamptz",
    "c_timestamp::timestamp with time zone",
    "c_timestamp::date",
    "c_state::text",
    "c_state",
    "c_state = 'open'",
    "c_state = 'opne'",
    "c_state in ('open', 'bad')",
    "c_state <> 'shut'",
    "c_tags::text",

    "lower(c_text)",
    "c_text || c_int4::text",
    "upper(c_text) || to_char(c_date, 'YYYY')",
    "concat(c_text, c_name)",
    "format('%s', c_text)",
    "to_tsvector(c_text)",
    "to_tsvector('english', c_text)",
    "to_tsvector('simple', coalesce(c_text, '') || c_varchar)",
    "array_to_string(c_tags, ',')",
    "to_timestamp(c_int4)",
    "now()",
    "c_int4 + random()",
    "current_date",
    "current_user",
    "md5(c_text)",
    "c_jsonb ->> 'a'",
    "(c_jsonb -> 'a') is null",
    "jsonb_build_object('a', c_int4)",
    "to_jsonb(c_int4)",
    "count(c_int4)",
    "max(c_int4) over ()",
    "rank() over ()",
    "unnest(c_tags)",
    "generate_series(1, c_int4)",
    "(select 1)",
    "exists (values (1))",
    "greatest(c_int4, 3)",
    "coalesce(c_text, c_varchar)",
    "abs(c_int4)",
    "length(c_text)",
    "c_date > date '2020-01-01'",
    "c_timestamptz > '2020-01-01'",
    "regexp_replace(c_text, 'a', 'b')",
    "(c_int4 between 1 and 3)",
    "c_uuid::text",
    "make_date(2020, c_int4, 1)",
    "encode(c_bytea, 'hex')",
    "c_text collate \"C\"",
    "case when c_bool then c_int4 else 0 end",
    "nullif(c_text, '')",
    "c_int4::numeric(10,2)",
    "c_varchar::varchar(3)",
    "date_trunc('hour', c_interval)",
};

static void test_calls(void **state)
{
    (void)state;
    make_table();
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++)
        assert_agree(expressions[i], true);
}

/* ---- the catalog ------------------------------------------------------------------------------- */

static void assert_holds(const char *name, const char *condition)
{
    struct buf sql = { 0 };
    buf_printf(
        &sql,
        "select count(*) > 0 and bool_and(%s) from pg_proc where proname = '%s' and "
        "pronamespace = 'pg_catalog'::regnamespace",
        condition, name);
    PGresult *result = PQexec(conn, sql.s);
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    if (strcmp(PQgetvalue(result, 0, 0), "t") != 0)
        fail_msg("%s: not for all of it: %s", name, condition);
    PQclear(result);
    buf_release(&sql);
}

static void test_functions(void **state)
{
    (void)state;
#define STABLE               "provolatile <> 'i'"
#define ONE_STABLE           "pronargs <> 1 or provolatile <> 'i'"
#define AGGREGATE            "prokind = 'a'"
#define WINDOW               "prokind in ('w', 'a')"
#define SET                  "proretset"
#define FUNCTION(name, kind) assert_holds(name, kind);
#include "lang/functions.def"
}

static void assert_class(const char *name, const char *method, bool expected)
{
    const char *const values[] = { name, method };
    PGresult *result = PQexecParams(
        conn,
        "select exists (select from pg_opclass join pg_am a on a.oid = opcmethod where "
        "opcname = $1 and amname = $2 and opcnamespace = 'pg_catalog'::regnamespace)",
        2, NULL, values, NULL, NULL, 0);
    bool there = PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    if (there != expected)
        fail_msg("%s of %s", name, method);
}

/* Later versions may add to them. */
static void test_operator_classes(void **state)
{
    (void)state;
    enum { BTREE = 1, HASH = 2, GIN = 4, GIST = 8, SPGIST = 16, BRIN = 32 };
    static const char *const methods[] = { "btree", "hash",   "gin",
                                           "gist",  "spgist", "brin" };
    static const struct {
        const char *name;
        unsigned methods;
    } classes[] = {
#define OPCLASS(name, methods) { name, methods },
#include "lang/opclasses.def"
    };
    bool all = PQserverVersion(conn) < 160000;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        for (unsigned k = 0; k < sizeof methods / sizeof *methods; k++) {
            bool listed = classes[i].methods & 1U << k;
            if (listed || all)
                assert_class(classes[i].name, methods[k], listed);
        }
    }
}

/* ---- how values are stored ---------------------------------------------------------------- */

static void test_storage(void **state)
{
    (void)state;
    for (int id = 0; id < TYPE_COUNT; id++) {
        const struct type_info *type = type_info((enum type_id)id);
        char sql[300];
        (void)snprintf(
            sql, sizeof sql,
            "select case typstorage when 'p' then 'plain' when 'm' then 'main' "
            "else 'extended' end from pg_type where oid = %u",
            (unsigned)type->oid);
        PGresult *result = PQexec(conn, sql);
        if (PQntuples(result) != 1 ||
            strcmp(PQgetvalue(result, 0, 0), type_storage((enum type_id)id)) != 0)
            print_error("%.*s\n", STR_ARGS(type->name));
        assert_int_equal(PQntuples(result), 1);
        assert_string_equal(PQgetvalue(result, 0, 0), type_storage((enum type_id)id));
        PQclear(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_casts, open_server, close_server),
        cmocka_unit_test_setup_teardown(test_calls, open_server, close_server),
        cmocka_unit_test_setup_teardown(test_functions, open_server, close_server),
        cmocka_unit_test_setup_teardown(test_operator_classes, open_server,
                                        close_server),
        cmocka_unit_test_setup_teardown(test_storage, open_server, close_server),
    };
    return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
