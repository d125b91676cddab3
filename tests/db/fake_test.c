/* fake_test.c: rows made from types, in a real database: every table of the reference and
 * of the torture schema gets its rows, checks, lengths and keys hold, and the same seed
 * gives the same rows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "fake/fake.h"
#include "sql/ddl.h"
#include "tests/support/cluster.h"
#include "tests/support/schema.h"

struct tally {
    size_t tables, rows, left_out;
};

static void count(void *user, const struct fake_made *made)
{
    struct tally *tally = user;
    tally->tables++;
    tally->rows += made->rows;
    tally->left_out += made->left_out;
    if (made->left_out)
        print_message("%s: %zu left out: %s\n", made->table, made->left_out, made->why);
}

/* A database with the schema in it. */
struct filled {
    struct test_db db;
    struct sc_db *sc;
    struct test_schema schema;
};

static void make(struct filled *f, const char *path, const char *text)
{
    struct sc_error err;
    struct buf up = { 0 };
    assert_int_equal(test_db_open(&f->db), 0);
    assert_int_equal(path != NULL ? test_schema_read(&f->schema, path)
                                  : test_schema_parse(&f->schema, text),
                     0);
    ddl_up(&up, f->schema.model);
    assert_int_equal(test_db_exec(&f->db, up.s), 0);
    buf_release(&up);
    assert_int_equal(sc_open(f->db.url, &f->sc, &err), SC_OK);
}

static void unmake(struct filled *f)
{
    sc_close(f->sc);
    test_schema_close(&f->schema);
    test_db_close(&f->db);
}

static struct tally fill(struct filled *f, size_t rows, uint64_t seed)
{
    struct tally tally = { 0 };
    const struct fake_request request = { .model = f->schema.model,
                                          .rows = rows,
                                          .seed = seed,
                                          .made = count,
                                          .user = &tally };
    const char *error = fake_fill(&f->schema.arena, f->sc, &request);
    if (error != NULL)
        print_error("%s\n", error);
    assert_null(error);
    return tally;
}

static char *ask(struct filled *f, const char *sql)
{
    struct sc_rows *rows = NULL;
    struct sc_error err;
    if (sc_query(f->sc, sql, NULL, 0, &rows, &err) != SC_OK)
        print_error("%s\n", err.message);
    assert_non_null(rows);
    const char *value = sc_rows_value(rows, 0, 0);
    char *copy = strdup(value != NULL ? value : "");
    sc_rows_free(rows);
    return copy;
}

static void says(struct filled *f, const char *sql, const char *wanted)
{
    char *got = ask(f, sql);
    assert_string_equal(got, wanted);
    free(got);
}

static void fills_the_reference(void **state)
{
    (void)state;
    struct filled f;
    make(&f, "schema/app.schema", NULL);
    struct tally tally = fill(&f, 250, 1);
    assert_int_equal(tally.tables, 5);
    assert_int_equal(tally.rows, 5 * 250);
    assert_int_equal(tally.left_out, 0);
    /* a second helping goes on where the first ended */
    tally = fill(&f, 250, 1);
    assert_int_equal(tally.rows, 5 * 250);
    says(&f, "select count(*) from auth.users", "500");
    says(&f, "select bool_and(rating between 1 and 5) from auth.feedback", "t");
    says(&f,
         "select count(*) > 0 and count(*) < 500 from auth.feedback where user_id is "
         "null",
         "t");
    unmake(&f);
}

static void fills_every_type(void **state)
{
    (void)state;
    struct filled f;
    make(&f, "tests/compile/torture.schema", NULL);
    struct tally tally = fill(&f, 12, 7);
    assert_true(tally.rows >= 12 * (tally.tables - 3));
    unmake(&f);
}

static const char *const strict =
    "schema app {\n"
    "    enum size { small, middle, large }\n"
    "    domain percent int4 check (value between 0 and 100);\n"
    "    table shops {\n"
    "        id    int4         primary key;\n"
    "        code  char(3)      unique;\n"
    "        size  size;\n"
    "        share percent;\n"
    "        mail  text         unique check (mail = lower(mail));\n"
    "        zip   varchar(12)  check (length(zip) >= 6);\n"
    "        state text         check (state in ('open', 'closed'));\n"
    "        low   int4;\n"
    "        high  int4         check (high >= 500);\n"
    "        opens timestamptz;\n"
    "        shuts timestamptz;\n"
    "        check (opens < shuts);\n"
    "    }\n"
    "    table people {\n"
    "        id      uuid  primary key;\n"
    "        boss    uuid? references people;\n"
    "        twin    uuid  references people;\n"
    "        tags    text[];\n"
    "        sizes   size[];\n"
    "    }\n"
    "    table works_at {\n"
    "        shop    int4  references shops;\n"
    "        person  uuid  references people;\n"
    "        since   date;\n"
    "        primary key (shop, person);\n"
    "    }\n"
    "    table desks {\n"
    "        shop    int4  references shops  unique;\n"
    "        number  int4;\n"
    "    }\n"
    "    table odd {\n"
    "        id  int4  primary key;\n"
    "        n   int4  check (n % 7 = 3);\n"
    "    }\n"
    "    table never {\n"
    "        id  int4  primary key;\n"
    "        n   int4  check (n < n);\n"
    "    }\n"
    "}\n";

static void respects_what_is_asked(void **state)
{
    (void)state;
    struct filled f;
    make(&f, NULL, strict);
    struct tally tally = fill(&f, 120, 3);
    assert_int_equal(tally.tables, 6);
    says(&f, "select count(*) from app.shops", "120");
    says(&f, "select count(*) from app.people", "120");
    says(&f, "select count(*) from app.works_at", "120");
    says(&f, "select count(*) from app.desks", "120");
    /* by trying again, most of these succeed */
    says(&f, "select count(*) > 90 from app.odd", "t");
    /* and where nothing can, that is said and not tried for ever */
    says(&f, "select count(*) from app.never", "0");
    assert_true(tally.left_out >= 120);
    unmake(&f);
}

static const char *const digest =
    "select md5(string_agg(t::text, '' order by t::text)) from auth.users t";

static void is_repeatable(void **state)
{
    (void)state;
    char *digests[3];
    const uint64_t seeds[] = { 5, 5, 6 };
    for (size_t i = 0; i < 3; i++) {
        struct filled f;
        make(&f, "schema/app.schema", NULL);
        fill(&f, 40, seeds[i]);
        digests[i] = ask(&f, digest);
        unmake(&f);
    }
    assert_string_equal(digests[0], digests[1]);
    assert_string_not_equal(digests[0], digests[2]);
    for (size_t i = 0; i < 3; i++)
        free(digests[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_the_reference),
        cmocka_unit_test(fills_every_type),
        cmocka_unit_test(respects_what_is_asked),
        cmocka_unit_test(is_repeatable),
    };
    return cmocka_run_group_tests_name("fake", tests, NULL, NULL);
}
