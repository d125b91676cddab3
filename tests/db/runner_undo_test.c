/* runner_undo_test.c: migrations taken back: which, what has to be accepted, what is run
 * when files are gone or changed; redo; baseline. */
#include "tests/db/support/migrating.h"

static void put_three(struct bench *b)
{
    put(b, "0001_a", "create table a (x int);", "drop table a;");
    put(b, "0002_b", "create table b (x int);", "drop table b;");
    put(b, "0003_c", "create table c (x int);", "drop table c;");
}

static const char *tables(struct bench *b)
{
    return ask(b,
               "select coalesce(string_agg(relname, ',' order by relname), '-') from "
               "pg_class where relnamespace = 'public'::regnamespace and relkind = "
               "'r'");
}

static void test_batches(void **state)
{
    struct bench *b = *state;
    put_three(b);
    b->options.steps = 1;
    RUNS(b, sc_migrate);
    b->options.steps = 0;
    RUNS(b, sc_migrate);
    RUNS(b, sc_rollback);
    assert_string_equal(b->log,
                        "BEGIN 0003_c down\nSTEP 0003_c down: drop table c\n"
                        "STEP_DONE 0003_c down: drop table c\nDONE 0003_c down\n"
                        "BEGIN 0002_b down\nSTEP 0002_b down: drop table b\n"
                        "STEP_DONE 0002_b down: drop table b\nDONE 0002_b down\n");
    assert_string_equal(tables(b), "a");
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "-");
    RUNS(b, sc_rollback);
    assert_string_equal(b->log, "");
    assert_string_equal(history(b), "0001_a|undone\n0002_b|undone\n0003_c|undone");
    RUNS(b, sc_migrate);
    assert_string_equal(tables(b), "a,b,c");
}

static void test_limits(void **state)
{
    struct bench *b = *state;
    put_three(b);
    RUNS(b, sc_migrate);
    b->options.to = "0002_b";
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "a,b");
    b->options.to = "0003_c";
    FAILS(b, sc_rollback, MISUSE, "unknown");
    b->options.to = NULL;
    b->options.steps = 1;
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "a");
    b->options.steps = 0;
    b->options.dry_run = true;
    RUNS(b, sc_rollback);
    assert_string_equal(b->log, "PLANNED 0001_a down: drop table a\n");
    b->options.dry_run = false;
    b->options.all = true;
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "-");
}

/* By what was journalled, whatever became of the files. */
static void test_without_files(void **state)
{
    struct bench *b = *state;
    put_three(b);
    RUNS(b, sc_migrate);
    unput(b, "0003_c");
    put(b, "0002_b", "create table b (x int);", "drop table nonsense;");
    RUNS(b, sc_rollback);
    assert_non_null(strstr(b->log, "NOTE 0002_b"));
    assert_string_equal(tables(b), "-");
}

static void test_lossy(void **state)
{
    struct bench *b = *state;
    const char *accept[] = { "a.y", "a.z" };
    put_linked(b, "0001_init", NULL, "", "create table a (x int);", "drop table a;");
    put_linked(b, "0002_y", "0001_init", "-- down:   lossy: a.y, a.z\n",
               "alter table a add y int, add z int;", "alter table a drop y, drop z;");
    RUNS(b, sc_migrate);
    b->options.steps = 1;
    FAILS(b, sc_rollback, MISUSE, "lossy");
    assert_string_equal(b->err.text, "\"0002_y\": taking it back loses data: a.y, a.z");
    assert_string_equal(b->err.error.hint,
                        "If that is meant: schemac rollback --allow drop:a.y --allow "
                        "drop:a.z");
    b->options.accept = accept;
    b->options.naccept = 1;
    FAILS(b, sc_rollback, MISUSE, "lossy");
    b->options.naccept = 2;
    b->options.is_protected = true;
    FAILS(b, sc_rollback, MISUSE, "protected");
    b->options.confirmed = true;
    RUNS(b, sc_rollback);
    accept[0] = "lossy";
    b->options.naccept = 1;
    RUNS(b, sc_migrate);
    RUNS(b, sc_rollback);
    accept[0] = "0002_y";
    RUNS(b, sc_migrate);
    RUNS(b, sc_rollback);
}

/* Nobody knows what a way back that was written by hand loses. */
static void test_protected_by_hand(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a", "create table a (x int);", "drop table a;");
    put(b, "0002_b", "create table b (x int);", "-- hazards: none\ndrop table b;");
    RUNS(b, sc_migrate);
    b->options.steps = 1;
    b->options.is_protected = true;
    RUNS(b, sc_rollback);
    FAILS(b, sc_rollback, MISUSE, "protected");
    assert_string_equal(b->err.text,
                        "\"0001_a\": its way back was written by hand, so that nobody "
                        "knows what it loses, and the environment is protected");
    assert_string_equal(tables(b), "a");
    b->options.confirmed = true;
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "-");
}

/* What holds nothing is no loss, but where the environment is protected. */
static void test_nothing_to_lose(void **state)
{
    struct bench *b = *state;
    put_linked(b, "0001_init", NULL, "", "create table a (x int);", "drop table a;");
    put_linked(b, "0002_y", "0001_init",
               "-- down:   lossy: public.a.y, public.Odd \"T\"\n",
               "alter table a add y int; create table \"Odd \"\"T\"\"\" (i int);",
               "alter table a drop y; drop table \"Odd \"\"T\"\"\";");
    RUNS(b, sc_migrate);
    ask(b, "insert into a values (1, null)");
    b->options.steps = 1;
    b->options.is_protected = true;
    FAILS(b, sc_rollback, MISUSE, "lossy");
    b->options.is_protected = false;
    RUNS(b, sc_rollback);
    RUNS(b, sc_migrate);
    ask(b, "insert into \"Odd \"\"T\"\"\" values (1)");
    FAILS(b, sc_rollback, MISUSE, "lossy");
    assert_string_equal(b->err.text,
                        "\"0002_y\": taking it back loses data: public.Odd \"T\"");
    ask(b, "update a set y = 1");
    FAILS(b, sc_rollback, MISUSE, "lossy");
    assert_string_equal(b->err.text,
                        "\"0002_y\": taking it back loses data: public.a.y, "
                        "public.Odd \"T\"");
}

static void test_impossible(void **state)
{
    struct bench *b = *state;
    const char *accept[] = { "lossy" };
    put_linked(b, "0001_e", NULL, "-- down:   impossible: a label has gone\n",
               "create table a (x int);", "drop table a;");
    put_linked(b, "0002_f", "0001_e", "", "create table f (x int);", NULL);
    RUNS(b, sc_migrate);
    b->options.accept = accept;
    b->options.naccept = 1;
    b->options.steps = 1;
    FAILS(b, sc_rollback, MISUSE, "impossible");
    assert_string_equal(b->err.text,
                        "\"0002_f\" cannot be taken back: it has no down file");
    assert_int_equal(repair(b, SC_REPAIR_UNDONE, "0002_f"), SC_MISUSE);
    assert_string_equal(b->err.text, "\"0002_f\": it is applied, and whole");
    accept[0] = "0002_f";
    FAILS(b, sc_rollback, MISUSE, "impossible");
    assert_string_equal(b->err.text,
                        "\"0002_f\": it has no down text: it cannot be taken back");
}

static void test_impossible_accepted(void **state)
{
    struct bench *b = *state;
    const char *accept[] = { "lossy" };
    put_linked(b, "0001_e", NULL, "-- down:   impossible: a label has gone\n",
               "create table a (x int);", "drop table a;");
    RUNS(b, sc_migrate);
    b->options.accept = accept;
    b->options.naccept = 1;
    FAILS(b, sc_rollback, MISUSE, "impossible");
    assert_string_equal(b->err.text,
                        "\"0001_e\" cannot be taken back: a label has gone");
    accept[0] = "0001_e";
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "-");
}

/* A down that fails half-way is gone on with, and nothing else meanwhile. */
static void test_half_way(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a", "create table a (x int);",
        "-- step 1 of 2: rows\nbegin;\ncreate table trace ();\ncommit;\n"
        "-- step 2 of 2: table\nbegin;\ndrop table a;\ncommit;\n");
    RUNS(b, sc_migrate);
    ask(b, "create view v as select * from a");
    FAILS(b, sc_rollback, SERVER, "statement");
    assert_int_equal(b->err.step, 2);
    assert_int_equal(b->err.line, 7);
    assert_non_null(strstr(b->err.file, "/0001_a.down.sql"));
    FAILS(b, sc_migrate, MISUSE, "unfinished");
    assert_string_equal(b->err.text, "\"0001_a\": taking it back stopped half-way");
    ask(b, "drop view v");
    RUNS(b, sc_rollback);
    assert_string_equal(b->log, "BEGIN 0001_a down\nSTEP 0001_a down: table\n"
                                "STEP_DONE 0001_a down: table\nDONE 0001_a down\n");
    assert_string_equal(tables(b), "trace");
}

/* Done again by hand, the next way back begins at its start. */
static void test_half_way_repaired(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a", "create table a (x int); create table trace ();",
        "-- step 1 of 2: rows\nbegin;\ndrop table trace;\ncommit;\n"
        "-- step 2 of 2: table\nbegin;\ndrop table a;\ncommit;\n");
    RUNS(b, sc_migrate);
    ask(b, "create view v as select * from a");
    FAILS(b, sc_rollback, SERVER, "statement");
    ask(b, "drop view v");
    ask(b, "create table public.trace ()");
    assert_int_equal(repair(b, SC_REPAIR_APPLIED, "0001_a"), SC_OK);
    assert_string_equal(history(b), "0001_a|applied");
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "-");
}

/* One of a batch that was taken back alone is ended alone. */
static void test_half_way_alone(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a", "create table a (x int);", "drop table a;");
    put(b, "0002_b", "create table b (x int);", "drop table b;");
    RUNS(b, sc_migrate);
    ask(b, "create view v as select * from b");
    b->options.steps = 1;
    FAILS(b, sc_rollback, SERVER, "statement");
    ask(b, "drop view v");
    b->options.steps = 0;
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "a");
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "-");
}

/* An up that stopped half-way is not taken back by a down of the whole. */
static void test_unfinished_up(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a",
        "-- step 1 of 2: one\nbegin;\ncreate table a ();\ncommit;\n"
        "-- step 2 of 2: two\nbegin;\nselect 1 / 0;\ncommit;\n",
        "drop table a;");
    FAILS(b, sc_migrate, BAD_VALUE, "statement");
    FAILS(b, sc_rollback, MISUSE, "unfinished");
    assert_int_equal(repair(b, SC_REPAIR_EXPLAIN, NULL), SC_OK);
    assert_string_equal(b->log, "NOTE 0001_a\n");
    ask(b, "drop table a");
    assert_int_equal(repair(b, SC_REPAIR_UNDONE, "0001_a"), SC_OK);
    assert_string_equal(history(b), "0001_a|undone");
}

/* One that never did anything is only forgotten. */
static void test_never_begun(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a", "select 1 / 0;", "drop table a;");
    FAILS(b, sc_migrate, BAD_VALUE, "statement");
    RUNS(b, sc_rollback);
    assert_string_equal(history(b), "0001_a|undone");
}

static void test_redo(void **state)
{
    struct bench *b = *state;
    put_three(b);
    RUNS(b, sc_migrate);
    put(b, "0004_d", "create table d (x int);", "drop table d;");
    ask(b, "insert into c values (1)");
    RUNS(b, sc_redo);
    assert_string_equal(ask(b, "select count(*) from c"), "0");
    assert_string_equal(tables(b), "a,b,c");
    assert_string_equal(
        history(b), "0001_a|applied\n0002_b|applied\n0003_c|undone\n0003_c|applied");
    b->options.all = true;
    RUNS(b, sc_redo);
    assert_string_equal(tables(b), "a,b,c");
}

/* What could not be applied again is not taken back. */
static void test_redo_refused(void **state)
{
    struct bench *b = *state;
    static const char HEAD[] = "-- hazards: drop:public.a.y\n-- down:   lossy: a.x\n";
    static const char DOWN[] = "-- hazards: none\ndrop table b;";
    const char *accept[] = { "a.x" };
    put_linked(b, "0001_a", NULL, "-- hazards: none\n", "create table a (x int);",
               NULL);
    put_linked(b, "0002_b", "0001_a", HEAD, "create table b (x int);", DOWN);
    RUNS(b, sc_migrate);
    ask(b, "insert into a values (1)");
    FAILS(b, sc_redo, MISUSE, "lossy");
    assert_string_equal(b->err.error.hint,
                        "If that is meant: schemac redo --allow drop:a.x");
    b->options.accept = accept;
    b->options.naccept = 1;
    unput(b, "0002_b");
    FAILS(b, sc_redo, MISUSE, "missing");
    assert_string_equal(
        b->err.text, "\"0002_b\": its file is missing: it could not be applied again");
    put_linked(
        b, "0002_b", "0001_a",
        "-- sum:    0000000000000000000000000000000000000000000000000000000000000000\n",
        "create table b (x int8);", DOWN);
    FAILS(b, sc_redo, SCHEMA_MISMATCH, "edited");
    assert_string_equal(history(b), "0001_a|applied\n0002_b|applied");
    assert_string_equal(tables(b), "a,b");
}

/* Taking it back loses nothing, applying it again would. */
static void test_redo_protected(void **state)
{
    struct bench *b = *state;
    put_linked(b, "0001_a", NULL, "-- hazards: drop:public.x\n",
               "create table a (x int);", "-- hazards: none\ndrop table a;");
    RUNS(b, sc_migrate);
    b->options.is_protected = true;
    FAILS(b, sc_redo, MISUSE, "protected");
    assert_string_equal(history(b), "0001_a|applied");
    assert_string_equal(tables(b), "a");
    b->options.confirmed = true;
    RUNS(b, sc_redo);
    assert_string_equal(history(b), "0001_a|undone\n0001_a|applied");
}

static void test_baseline(void **state)
{
    struct bench *b = *state;
    const char *accept[] = { "0002_b" };
    put_three(b);
    ask(b, "create table a (x int); create table b (x int)");
    b->options.to = "0009_x";
    FAILS(b, sc_baseline, MISUSE, "unknown");
    b->options.to = "0002_b";
    RUNS(b, sc_baseline);
    assert_string_equal(b->log, "ADOPTED 0001_a\nADOPTED 0002_b\n");
    b->options.to = NULL;
    RUNS(b, sc_migrate);
    assert_string_equal(
        ask(b, "select name, baseline, state from schemac.migrations order by seq"),
        "0001_a|t|applied\n0002_b|t|applied\n0003_c|f|applied");
    b->options.all = true;
    FAILS(b, sc_rollback, MISUSE, "impossible");
    assert_string_equal(b->err.text,
                        "\"0002_b\" cannot be taken back: it was marked as "
                        "applied, not run here");
    assert_string_equal(tables(b), "a,b,c");
    b->options.all = false;
    b->options.to = "0001_a";
    b->options.accept = accept;
    b->options.naccept = 1;
    RUNS(b, sc_rollback);
    assert_string_equal(tables(b), "a");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_batches),           TEST(test_limits),
        TEST(test_without_files),     TEST(test_lossy),
        TEST(test_impossible),        TEST(test_impossible_accepted),
        TEST(test_half_way),          TEST(test_half_way_repaired),
        TEST(test_half_way_alone),    TEST(test_unfinished_up),
        TEST(test_never_begun),       TEST(test_redo),
        TEST(test_baseline),          TEST(test_nothing_to_lose),
        TEST(test_protected_by_hand), TEST(test_redo_refused),
        TEST(test_redo_protected),
    };
    return cmocka_run_group_tests_name("runner_undo", tests, NULL, NULL);
}
