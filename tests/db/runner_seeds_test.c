/* runner_seeds_test.c: seeds: which are run, when, and what keeps them from it. */
#include "tests/db/support/migrating.h"

static enum sc_status seed(struct bench *b, struct folder *seeds)
{
    b->log[b->nlog = 0] = '\0';
    return sc_seed(b->sc, seeds->path, &b->options, &b->err);
}

/* A check before a seed is asked before it is run, and cannot write. */
static void test_seed_checks(void **state)
{
    struct bench *b = *state;
    struct folder seeds = folder_new();
    ask(b, "create table s (what text)");
    folder_put(
        &seeds, "1_rows.sql",
        "-- check 1: s is not empty\n"
        "do $$ begin if not exists (select from s) then\n"
        "raise exception 's is empty'; end if; end $$;\n\n"
        "-- step 1 of 1: rows\nbegin;\ninsert into s values ('seed');\ncommit;\n");
    assert_int_equal(seed(b, &seeds), SC_SERVER);
    assert_string_equal(sc_trouble_name(b->err.trouble), "check");
    assert_string_equal(b->err.text, "s is empty");
    assert_string_equal(b->err.migration, "1_rows.sql");
    assert_string_equal(ask(b, "select count(*) from schemac.seeds"), "0");
    ask(b, "insert into s values ('first')");
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_string_equal(b->log, "CHECK 1_rows.sql: s is not empty\nSEED 1_rows.sql\n");
    assert_string_equal(ask(b, "select count(*) from s"), "2");
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_string_equal(b->log, "SEED 1_rows.sql\n");
    folder_clear(&seeds);
}

static void test_seeds(void **state)
{
    struct bench *b = *state;
    struct folder seeds = folder_new();
    ask(b, "create table s (what text)");
    folder_put(&seeds, "1_once.sql", "insert into s values ('once');");
    folder_put(&seeds, "2_always.sql",
               "-- seed: always\nbegin;\ninsert into s values ('always');\ncommit;\n");
    folder_put(&seeds, "3_dev.sql",
               "-- seed: development\ninsert into s values ('dev');");
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_int_equal(seed(b, &seeds), SC_OK);
    b->options.development = true;
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_string_equal(ask(b, "select what, count(*) from s group by 1 order by 1"),
                        "always|4\ndev|1\nonce|1");
    folder_put(&seeds, "1_once.sql", "insert into s values ('twice');");
    folder_put(&seeds, "3_dev.sql",
               "-- seed: development\ninsert into s values ('dev2');");
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_string_equal(ask(b, "select what, count(*) from s group by 1 order by 1"),
                        "always|5\ndev|1\ndev2|1\nonce|1");
    b->options.is_protected = true;
    assert_int_equal(seed(b, &seeds), SC_MISUSE);
    assert_string_equal(sc_trouble_name(b->err.trouble), "protected");
    b->options.is_protected = false;
    folder_put(&seeds, "4_bad.sql",
               "insert into s values ('4');\ninsert into nothing;");
    assert_int_equal(seed(b, &seeds), SC_SERVER);
    assert_int_equal(b->err.line, 2);
    assert_string_equal(b->err.migration, "4_bad.sql");
    assert_string_equal(ask(b, "select count(*) from s where what = '4'"), "0");
    folder_put(&seeds, "4_bad.sql", "-- seed: never\nselect 1;");
    assert_int_equal(seed(b, &seeds), SC_MISUSE);
    folder_put(&seeds, "4_bad.sql", "vacuum;");
    assert_int_equal(seed(b, &seeds), SC_MISUSE);
    assert_string_equal(b->err.text, "\"4_bad.sql\": a seed is one transaction");
    folder_clear(&seeds);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_seeds),
        TEST(test_seed_checks),
    };
    return cmocka_run_group_tests_name("runner_seeds", tests, NULL, NULL);
}
