/* key_types_test.c: a foreign key from any built-in type to any other is refused by the
 * resolver just where the server refuses it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include "base/buf.h"
#include "base/diag.h"
#include "lang/codes.h"
#include "lang/resolve.h"
#include "tests/support/cluster.h"

/* Every pair that the server takes, a table made for each: "from to" a line. Types that
 * no primary key takes are passed over. */
static const char tries[] =
    "create temp table pairs (f text, p text);"
    "do $$ declare f text; p text; begin"
    "  foreach p in array current_setting('t.types')::text[] loop"
    "    begin"
    "      execute format('create table parent (a %s primary key)', p);"
    "      foreach f in array current_setting('t.types')::text[] loop"
    "        begin"
    "          execute format('create table child (a %s references parent)', f);"
    "          insert into pairs values (f, p);"
    "          drop table child;"
    "        exception when datatype_mismatch then null; end;"
    "      end loop;"
    "      drop table parent;"
    "    exception when undefined_object then null; end;"
    "  end loop;"
    "end $$;"
    "select string_agg(f || ' ' || p, E'\\n' order by p, f) from pairs";

/* `"char"` cannot stand in an array literal as it is. */
static void put_types(struct buf *out)
{
    buf_puts(out, "select set_config('t.types', array[");
    for (int i = 0; i < TYPE_COUNT; i++)
        buf_printf(out, "%s'%s'", i ? ", " : "", type_info((enum type_id)i)->name.s);
    buf_puts(out, "]::text, false);");
}

static struct buf server_pairs(PGconn *conn)
{
    struct buf sql = { 0 }, pairs = { 0 };
    put_types(&sql);
    buf_puts(&sql, tries);
    PGresult *result = PQexec(conn, sql.s);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(conn));
    buf_puts(&pairs, PQgetvalue(result, 0, 0));
    PQclear(result);
    buf_release(&sql);
    return pairs;
}

/* Whether the resolver says no to a key between the two; keyed: whether it lets the
 * target be a key at all. */
static bool resolver_takes(const char *from, const char *to, bool *keyed)
{
    struct arena arena = { 0 };
    struct diags diags = { .arena = &arena };
    const char *text = arena_printf(&arena,
                                    "table p { a %s primary key; } "
                                    "table c { a %s references p; }",
                                    to, from);
    struct source source = { .path = "a.schema", .text = text, .size = strlen(text) };
    (void)resolve(&arena, &source, NULL, &diags);
    bool takes = true;
    for (size_t i = 0; i < diags.list.n; i++) {
        const struct diag *diag = &diags.list.items[i];
        bool refused = diag->severity == DIAG_ERROR;
        if (refused && diag->code == E_foreign_key_type)
            takes = false;
        else if (refused)
            *keyed = false;
    }
    arena_release(&arena);
    return takes;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct buf resolver_pairs(void)
{
    const char *names[TYPE_COUNT];
    struct buf pairs = { 0 };
    for (int i = 0; i < TYPE_COUNT; i++)
        names[i] = type_info((enum type_id)i)->name.s;
    qsort(names, TYPE_COUNT, sizeof *names, by_name);
    for (int to = 0; to < TYPE_COUNT; to++) {
        for (int from = 0; from < TYPE_COUNT; from++) {
            bool keyed = true;
            if (resolver_takes(names[from], names[to], &keyed) && keyed)
                buf_printf(&pairs, "%s%s %s", pairs.n ? "\n" : "", names[from],
                           names[to]);
        }
    }
    return pairs;
}

static void test_pairs_are_the_servers(void **state)
{
    struct test_db *db = *state;
    PGconn *conn = PQconnectdb(db->url);
    PQclear(PQexec(conn, "set client_min_messages = error; set lc_messages = 'C'"));
    struct buf server = server_pairs(conn), ours = resolver_pairs();
    assert_string_equal(ours.s, server.s);
    buf_release(&ours);
    buf_release(&server);
    PQfinish(conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pairs_are_the_servers, test_db_setup,
                                        test_db_teardown),
    };
    return cmocka_run_group_tests_name("key_types", tests, NULL, NULL);
}
