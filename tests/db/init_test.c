/* init_test.c: 0001_init by plain psql: it makes what the schema says, comments included,
 * prints nothing but what was done, and its down leaves the database as it was. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include "base/buf.h"
#include "sql/quote.h"
#include "tests/support/cluster.h"
#include "tests/support/first.h"
#include "tests/support/schema.h"

/* ---- psql ---- */

static bool is_command_tag(const char *line)
{
    static const char *const tags[] = { "BEGIN\n", "COMMIT\n", "SET\n", "COMMENT\n",
                                        "CREATE ", "ALTER ",   "DROP " };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (strncmp(line, tags[i], strlen(tags[i])) == 0)
            return true;
    }
    return false;
}

/* Applies the text as a reviewer would; whatever else it prints is an error. */
static void apply(const struct test_db *db, struct str text)
{
    char path[] = "/tmp/schemac-init.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.s, text.n), (ssize_t)text.n);
    close(fd);
    char command[1000], line[1000];
    snprintf(command, sizeof command, "psql -X -v ON_ERROR_STOP=1 -f %s '%s' 2>&1",
             path, db->url);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    int odd = 0;
    while (fgets(line, sizeof line, out)) {
        if (!is_command_tag(line)) {
            fputs(line, stderr);
            odd++;
        }
    }
    assert_int_equal(pclose(out), 0);
    assert_int_equal(odd, 0);
    unlink(path);
}

static char *query_text(const struct test_db *db, const char *sql)
{
    PGconn *conn = PQconnectdb(db->url);
    PGresult *result = PQexec(conn, sql);
    if (PQntuples(result) != 1)
        fprintf(stderr, "%s%s\n", PQresultErrorMessage(result), sql);
    assert_int_equal(PQntuples(result), 1);
    char *text = strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(conn);
    return text;
}

/* ---- up and down ---- */

/* Every row that a schema could leave behind. */
static const char *const catalog =
    "select md5(string_agg(t, ' ' order by t)) from ("
    " select 'n' || x::text from pg_namespace x where nspname !~ 'temp'"
    " union all select 'c' || oid || relname from pg_class"
    " union all select 't' || oid || typname from pg_type"
    " union all select 'f' || oid || proname from pg_proc"
    " union all select 'o' || oid || oprname from pg_operator"
    " union all select 'l' || oid || collname from pg_collation"
    " union all select 'p' || oid || opcname from pg_opclass"
    " union all select 'k' || oid || conname from pg_constraint"
    " union all select 'e' || oid || enumlabel from pg_enum"
    " union all select 'x' || oid || extname from pg_extension"
    " union all select 's' || x::text from pg_sequence x"
    " union all select 'd' || x::text from pg_description x"
    " union all select 'a' || x::text from pg_depend x"
    " union all select 'i' || x::text from pg_init_privs x"
    " union all select 'g' || oid from pg_trigger"
    " union all select 'v' || adrelid from pg_attrdef) as y (t)";

static struct migration init_of(struct test_schema *schema, const char *path)
{
    assert_int_equal(test_schema_read(schema, path), 0);
    return test_first_migration(&schema->arena, schema->model, STR("text"),
                                STR("0001_init"));
}

static void up_and_down(const struct test_db *db, const char *path)
{
    struct test_schema schema;
    struct migration init = init_of(&schema, path);
    char *before = query_text(db, catalog);
    apply(db, init.up);
    char *between = query_text(db, catalog);
    apply(db, init.down);
    char *after = query_text(db, catalog);
    assert_string_not_equal(before, between);
    assert_string_equal(before, after);
    free(before);
    free(between);
    free(after);
    test_schema_close(&schema);
}

static void test_reference(void **state)
{
    up_and_down(*state, "schema/app.schema");
    up_and_down(*state, "schema/app.schema");
}

static void test_torture(void **state)
{
    up_and_down(*state, "tests/compile/torture.schema");
    up_and_down(*state, "tests/compile/torture.schema");
}

/* ---- comments ---- */

static void check_doc(const struct test_db *db, const char *object, struct str doc)
{
    char *text = query_text(db, object);
    assert_string_equal(text, doc.s);
    free(text);
}

static void check_table(const struct test_db *db, struct arena *arena,
                        const struct model_table *table)
{
    struct buf name = { 0 }, quoted = { 0 };
    quote_qualified(&name, table->schema->name.name, table->name.name);
    quote_literal(&quoted, buf_view(&name));
    char *sql = arena_printf(arena, "select obj_description(%s::regclass, 'pg_class')",
                             quoted.s);
    check_doc(db, sql, str_of(str_dup(arena, table->name.doc)));
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *column = table->columns.items[i];
        sql = arena_printf(arena, "select col_description(%s::regclass, %zu)", quoted.s,
                           i + 1);
        check_doc(db, sql, str_of(str_dup(arena, column->name.doc)));
    }
    buf_release(&name);
    buf_release(&quoted);
}

static void test_comments(void **state)
{
    static const char *const paths[] = { "schema/app.schema",
                                         "tests/compile/torture.schema" };
    const struct test_db *db = *state;
    for (size_t p = 0; p < 2; p++) {
        struct test_schema schema;
        struct migration init = init_of(&schema, paths[p]);
        assert_int_equal(test_db_exec(db, init.up.s), 0);
        for (size_t i = 0; i < schema.model->order.n; i++) {
            if (schema.model->order.items[i].kind == OBJECT_TABLE)
                check_table(db, &schema.arena, schema.model->order.items[i].object);
        }
        assert_int_equal(test_db_exec(db, init.down.s), 0);
        test_schema_close(&schema);
    }
}

static void test_other_comments(void **state)
{
    const struct test_db *db = *state;
    struct test_schema schema;
    assert_int_equal(test_schema_parse(&schema,
                                       "/// It's \\ public.\n"
                                       "schema public {\n"
                                       "    /// A mood.\n"
                                       "    enum mood { good, bad }\n"
                                       "    /// Over zero.\n"
                                       "    domain positive int4 check (value > 0);\n"
                                       "    /// Counts.\n"
                                       "    sequence counter;\n"
                                       "}\n"),
                     0);
    struct migration init = test_first_migration(&schema.arena, schema.model, STR(""),
                                                 STR("0001_init"));
    assert_int_equal(test_db_exec(db, init.up.s), 0);
    check_doc(db, "select obj_description('public'::regnamespace, 'pg_namespace')",
              STR("It's \\ public."));
    check_doc(db, "select obj_description('public.mood'::regtype, 'pg_type')",
              STR("A mood."));
    check_doc(db, "select obj_description('public.positive'::regtype, 'pg_type')",
              STR("Over zero."));
    check_doc(db, "select obj_description('public.counter'::regclass, 'pg_class')",
              STR("Counts."));
    assert_int_equal(test_db_exec(db, init.down.s), 0);
    check_doc(db, "select obj_description('public'::regnamespace, 'pg_namespace')",
              STR("standard public schema"));
    test_schema_close(&schema);
}

/* ---- what is made is what was said ---- */

/* Names that the server gives to nothing: all were said. */
static void test_serial_is_postgresqls(void **state)
{
    const struct test_db *db = *state;
    struct test_schema schema;
    assert_int_equal(test_schema_parse(&schema,
                                       "schema s { table t { id serial8 primary key;"
                                       " n serial2; m int4 identity; } }"),
                     0);
    struct migration init = test_first_migration(&schema.arena, schema.model, STR(""),
                                                 STR("0001_init"));
    static const char *const shape =
        "select string_agg(concat_ws(' ', attname, atttypid::regtype, attnotnull,"
        " attidentity, pg_get_expr(adbin, adrelid),"
        " pg_get_serial_sequence('s.t', attname)), ', ' order by attnum)"
        " from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = "
        "attnum"
        " where attrelid = 's.t'::regclass and attnum > 0";
    assert_int_equal(test_db_exec(db, init.up.s), 0);
    char *ours = query_text(db, shape);
    assert_int_equal(test_db_exec(db, init.down.s), 0);
    assert_int_equal(
        test_db_exec(db, "create schema s; create table s.t (id serial8 primary key,"
                         " n serial2, m int4 generated always as identity)"),
        0);
    char *theirs = query_text(db, shape);
    assert_string_equal(ours, theirs);
    assert_int_equal(test_db_exec(db, "drop schema s cascade"), 0);
    free(ours);
    free(theirs);
    test_schema_close(&schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reference, test_db_setup,
                                        test_db_teardown),
        cmocka_unit_test_setup_teardown(test_torture, test_db_setup, test_db_teardown),
        cmocka_unit_test_setup_teardown(test_comments, test_db_setup, test_db_teardown),
        cmocka_unit_test_setup_teardown(test_other_comments, test_db_setup,
                                        test_db_teardown),
        cmocka_unit_test_setup_teardown(test_serial_is_postgresqls, test_db_setup,
                                        test_db_teardown),
    };
    return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}
