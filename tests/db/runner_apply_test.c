/* runner_apply_test.c: migrations applied: order, limits, batches, checks, errors and where
 * they point, drafts, dry runs, sessions given back as they were. */
#include "tests/db/support/migrating.h"

static const char USERS[] =
    "begin;\ncreate table users (id int primary key);\ncommit;\n";
static const char NO_USERS[] = "begin;\ndrop table users;\ncommit;\n";

static void test_two(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", USERS, NO_USERS);
    put(b, "0002_phone",
        "-- step 1 of 2: add column users.phone\n"
        "--   locks: public.users ACCESS EXCLUSIVE\n"
        "begin;\nalter table users add column phone text;\ncommit;\n\n"
        "-- step 2 of 2: index it\n"
        "create index concurrently users_phone_idx on users (phone);\n",
        NULL);
    RUNS(b, sc_migrate);
    assert_string_equal(b->log,
                        "BEGIN 0001_init\n"
                        "STEP 0001_init: create table users (id int primary key)\n"
                        "STEP_DONE 0001_init: create table users (id int primary "
                        "key)\n"
                        "DONE 0001_init\n"
                        "BEGIN 0002_phone\n"
                        "STEP 0002_phone: add column users.phone\n"
                        "STEP_DONE 0002_phone: add column users.phone\n"
                        "STEP 0002_phone: index it\n"
                        "STEP_DONE 0002_phone: index it\n"
                        "DONE 0002_phone\n");
    assert_string_equal(
        ask(b, "select name, state, batch, steps, baseline, draft,"
               " finished_at >= started_at from schemac.migrations order by seq"),
        "0001_init|applied|1|1|f|f|t\n0002_phone|applied|1|2|f|f|t");
    assert_string_equal(ask(b, "select migration, down, step, title, state, statements"
                               " from schemac.steps order by 1, 2, 3"),
                        "1|f|1|create table users (id int primary key)|done|1\n"
                        "2|f|1|add column users.phone|done|1\n"
                        "2|f|2|index it|done|1");
    assert_string_equal(ask(b, "select indisvalid from pg_index where indexrelid ="
                               " 'users_phone_idx'::regclass"),
                        "t");
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "");
}

static void test_session_is_given_back(void **state)
{
    struct bench *b = *state;
    static const char SQL[] = "select current_setting('lock_timeout'),"
                              " current_setting('application_name'),"
                              " current_setting('TimeZone'),"
                              " (select count(*) from pg_locks where locktype = "
                              "'advisory' and pid = pg_backend_pid())";
    put(b, "0001_init", USERS, NULL);
    PGconn *pg = sc_borrow(b->sc);
    PQclear(PQexec(pg, "set lock_timeout = '7s'"));
    PQclear(PQexec(pg, "set application_name = 'mine'"));
    PQclear(PQexec(pg, "set timezone = 'Asia/Tokyo'"));
    RUNS(b, sc_migrate);
    PGresult *r = PQexec(pg, SQL);
    assert_string_equal(PQgetvalue(r, 0, 0), "7s");
    assert_string_equal(PQgetvalue(r, 0, 1), "mine");
    assert_string_equal(PQgetvalue(r, 0, 2), "Asia/Tokyo");
    assert_string_equal(PQgetvalue(r, 0, 3), "0");
    PQclear(r);
}

/* What a migration sets for its session ends with it; a role too. */
static void test_settings_end(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", USERS, NULL);
    put(b, "0002_set",
        "select pg_catalog.set_config('search_path', '', false);\n"
        "set work_mem = '7MB'; set default_transaction_isolation = serializable;\n"
        "select set_config('mine.own', 'x', false);\n",
        NULL);
    put(b, "0003_after",
        "create table after as select current_setting('work_mem') as mem,"
        " current_setting('transaction_isolation') as level, 1 as x;",
        NULL);
    PQclear(PQexec(sc_borrow(b->sc), "set work_mem = '5MB'"));
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select mem, level from public.after"),
                        "5MB|read committed");
    PGresult *r = PQexec(sc_borrow(b->sc),
                         "select current_setting('work_mem') || ' ' ||"
                         " (current_setting('search_path') <> '')::text");
    assert_string_equal(PQgetvalue(r, 0, 0), "5MB true");
    PQclear(r);
}

/* The next one is run by who is connected. */
static void test_role_ends(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "grant all on schema schemac to pg_monitor;\n"
        "grant all on all tables in schema schemac to pg_monitor;\nset role "
        "pg_monitor;\n",
        NULL);
    put(b, "0002_after", "create table after as select current_user::text as me;",
        NULL);
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select me = current_user from after"), "t");
}

static void test_limits(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a", "create table a (x int);", NULL);
    put(b, "0002_b", "create table b (x int);", NULL);
    put(b, "0003_c", "create table c (x int);", NULL);
    put(b, "0004_d", "create table d (x int);", NULL);
    b->options.steps = 1;
    RUNS(b, sc_migrate);
    b->options.steps = 0;
    b->options.to = "0003_c";
    RUNS(b, sc_migrate);
    assert_string_equal(
        ask(b, "select name, batch from schemac.migrations order by seq"),
        "0001_a|1\n0002_b|2\n0003_c|2");
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "");
    b->options.to = "0009_z";
    FAILS(b, sc_migrate, MISUSE, "unknown");
    assert_string_equal(b->err.text, "\"0009_z\": there is no such migration");
}

static void test_dry_run(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", USERS, NULL);
    put(b, "0002_i", "create index concurrently i on users (id);", NULL);
    b->options.dry_run = true;
    RUNS(b, sc_migrate);
    assert_string_equal(b->log,
                        "PLANNED 0001_init: create table users (id int primary key)\n"
                        "PLANNED 0002_i: create index concurrently i on users (id)\n");
    assert_string_equal(ask(b, "select to_regnamespace('schemac') is null"), "t");
    assert_string_equal(ask(b, "select to_regclass('users') is null"), "t");
}

/* ---- errors ------------------------------------------------------------------------- */

static void test_error_points(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "begin;\ncreate table a (x int);\n\tcreate table b (\xC3\xA9 int, y "
        "nonsense);\n"
        "commit;\n",
        NULL);
    FAILS(b, sc_migrate, SERVER, "statement");
    assert_string_equal(b->err.text, "type \"nonsense\" does not exist");
    assert_string_equal(b->err.error.sqlstate, "42704");
    assert_string_equal(b->err.migration, "0001_init");
    assert_int_equal(b->err.step, 1);
    assert_int_equal(b->err.line, 3);
    assert_int_equal(b->err.column, 27);
    assert_string_equal(b->err.excerpt, " create table b (\xC3\xA9 int, y nonsense);");
    assert_int_equal(b->err.caret, 26);
    assert_string_equal(ask(b, "select to_regclass('a') is null"), "t");
    assert_string_equal(history(b), "0001_init|running");
    assert_string_equal(ask(b, "select state, sqlstate, message from schemac.steps"),
                        "failed|42704|type \"nonsense\" does not exist");
}

/* An error without a position points at its statement. */
static void test_error_of_data(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "create table a (x int primary key);\ninsert into a values (1);\n"
        "insert into a values (1);\nselect 1;",
        NULL);
    FAILS(b, sc_migrate, UNIQUE, "statement");
    assert_int_equal(b->err.line, 3);
    assert_int_equal(b->err.column, 1);
    assert_string_equal(b->err.excerpt, "insert into a values (1);");
    assert_string_equal(b->err.error.constraint_name, "a_pkey");
}

static void test_error_at_commit(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "create table a (x int unique deferrable initially deferred);\n"
        "insert into a values (1), (1);",
        NULL);
    FAILS(b, sc_migrate, UNIQUE, "statement");
    assert_int_equal(b->err.line, 1);
    assert_string_equal(ask(b, "select to_regclass('a') is null"), "t");
}

/* What failed is put right in the file, and goes on: with nothing done yet it is only
 * pinned when it is applied. */
static void test_mended_file(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", USERS, NULL);
    put(b, "0002_x", "create nonsense;", NULL);
    FAILS(b, sc_migrate, SERVER, "statement");
    put(b, "0002_x", "create table x (a int);", NULL);
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_init|applied\n0002_x|applied");
    assert_string_equal(ask(b, "select count(*) from schemac.steps"), "2");
}

/* With a step done it is pinned. */
static void test_mended_late(void **state)
{
    struct bench *b = *state;
    static const char STEP[] =
        "-- step 1 of 2: one\nbegin;\ncreate table a ();\ncommit;\n";
    char text[256];
    snprintf(text, sizeof text, "%s-- step 2 of 2: two\nselect 1 / 0;\n", STEP);
    put(b, "0001_x", text, NULL);
    FAILS(b, sc_migrate, BAD_VALUE, "statement");
    snprintf(text, sizeof text, "%s-- step 2 of 2: two\nselect 1 / 1;\n", STEP);
    put(b, "0001_x", text, NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "edited");
    assert_int_equal(repair(b, SC_REPAIR_ACCEPT, "0001_x"), SC_OK);
    RUNS(b, sc_migrate);
    assert_string_equal(b->log,
                        "BEGIN 0001_x\nSTEP 0001_x: two\nSTEP_DONE 0001_x: two\n"
                        "DONE 0001_x\n");
}

static void test_checks(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", "create table users (id int); insert into users values (null);",
        NULL);
    put(b, "0002_not_null",
        "-- check 1: no NULL in users.id\n"
        "do $check$\nbegin\n    if exists (select from users where id is null) then\n"
        "        raise exception using message = 'users.id holds NULL', hint = 'Fill "
        "it.';\n"
        "    end if;\nend\n$check$;\n\n"
        "-- step 1 of 1: set not null\n"
        "begin;\nalter table users alter column id set not null;\ncommit;\n",
        NULL);
    FAILS(b, sc_migrate, SERVER, "check");
    assert_string_equal(b->err.text, "users.id holds NULL");
    assert_string_equal(b->err.error.hint, "Fill it.");
    assert_string_equal(b->err.migration, "0002_not_null");
    assert_int_equal(b->err.line, 2);
    assert_string_equal(history(b), "0001_init|applied");
    ask(b, "update users set id = 1");
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "CHECK 0002_not_null: no NULL in users.id\n"
                                "BEGIN 0002_not_null\n"
                                "STEP 0002_not_null: set not null\n"
                                "STEP_DONE 0002_not_null: set not null\n"
                                "DONE 0002_not_null\n");
}

static bool stop_at_second_step(struct bench *b, const struct sc_migrate_event *event)
{
    (void)b;
    return event->kind != SC_MIGRATE_STEP || event->step != 2;
}

static bool stop_at_tick(struct bench *b, const struct sc_migrate_event *event)
{
    (void)b;
    return event->kind != SC_MIGRATE_TICK;
}

static void test_stopped(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "-- step 1 of 2: one\nbegin;\ncreate table a ();\ncommit;\n"
        "-- step 2 of 2: two\nbegin;\nselect pg_sleep(1.2);\ncreate table b "
        "();\ncommit;\n",
        NULL);
    b->react = stop_at_second_step;
    FAILS(b, sc_migrate, CANCELLED, "stopped");
    b->react = stop_at_tick;
    FAILS(b, sc_migrate, CANCELLED, "stopped");
    assert_string_equal(ask(b, "select to_regclass('a') is null, to_regclass('b') is "
                               "null"),
                        "f|t");
    b->react = NULL;
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "BEGIN 0001_init\nSTEP 0001_init: two\n"
                                "STEP_DONE 0001_init: two\nDONE 0001_init\n");
}

/* ---- drafts -------------------------------------------------------------------------- */

/* A draft that gives the users a column. */
static void put_draft(struct bench *b, const char *column)
{
    folder_put(&b->folder, "0002_draft.up.sql", "alter table users add column %s int;",
               column);
    folder_put(&b->folder, "0002_draft.down.sql", "alter table users drop column %s;",
               column);
}

static void test_draft(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", USERS, NO_USERS);
    put_draft(b, "a");
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_init|applied");
    b->options.draft = true;
    RUNS(b, sc_migrate);
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "");
    put_draft(b, "b");
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_init|applied\n0002_draft|undone\n"
                                    "0002_draft|applied");
    assert_string_equal(ask(b, "select string_agg(attname, ',' order by attnum) from "
                               "pg_attribute where attrelid = 'users'::regclass and "
                               "attnum > 0 and not attisdropped"),
                        "id,b");
}

static void test_draft_is_sealed(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", USERS, NO_USERS);
    put_draft(b, "a");
    b->options.draft = true;
    RUNS(b, sc_migrate);
    unput(b, "0002_draft");
    put(b, "0002_add_a", "-- sealed\nalter table users add column a int;",
        "alter table users drop column a;");
    b->options.draft = false;
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "ADOPTED 0002_add_a\n");
    assert_string_equal(history(b), "0001_init|applied\n0002_add_a|applied");
    assert_string_equal(ask(b, "select draft from schemac.migrations order by seq"),
                        "f\nf");
}

/* Sealed otherwise than it was tried: the draft goes first. */
static void test_draft_is_replaced(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", USERS, NO_USERS);
    put_draft(b, "a");
    b->options.draft = true;
    RUNS(b, sc_migrate);
    unput(b, "0002_draft");
    put(b, "0002_add_a", "alter table users add column a text;", NULL);
    b->options.draft = false;
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_init|applied\n0002_draft|undone\n"
                                    "0002_add_a|applied");
}

/* What became protected since keeps its draft, but where it is what was sealed. */
static void test_draft_is_protected(void **state)
{
    struct bench *b = *state;
    static const char A[] = "-- hazards: none\nalter table users add column a int;";
    put(b, "0001_init", USERS, NO_USERS);
    folder_put(&b->folder, "0002_draft.up.sql", "%s", A);
    folder_put(&b->folder, "0002_draft.down.sql",
               "-- hazards: none\nalter table users drop column a;");
    b->options.draft = true;
    RUNS(b, sc_migrate);
    unput(b, "0002_draft");
    b->options.draft = false;
    b->options.is_protected = true;
    FAILS(b, sc_rollback, MISUSE, "protected");
    put(b, "0002_add_b", "-- hazards: none\nalter table users add column b int;", NULL);
    FAILS(b, sc_migrate, MISUSE, "protected");
    assert_string_equal(
        b->err.text, "\"0002_draft\": this draft would be undone, which loses what it "
                     "made, and the environment is protected");
    assert_string_equal(history(b), "0001_init|applied\n0002_draft|applied");
    unput(b, "0002_add_b");
    put(b, "0002_add_a", A, NULL);
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "ADOPTED 0002_add_a\n");
}

/* It would be journalled as done, and nobody knows whether it ever is. */
static void test_prepared(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "begin;\ncreate table a (x int);\nPrepare /* it */ Transaction 'x';\ncommit;\n",
        NULL);
    FAILS(b, sc_migrate, MISUSE, "file");
    assert_string_equal(b->err.text, "prepare transaction: the history cannot know "
                                     "whether it is committed later");
    assert_int_equal(b->err.line, 3);
    assert_string_equal(ask(b, "select count(*) from pg_prepared_xacts"), "0");
}

static void test_protected(void **state)
{
    struct bench *b = *state;
    put_linked(b, "0001_init", NULL, "-- hazards: none\n", USERS, NO_USERS);
    put_linked(b, "0002_drop", "0001_init", "-- hazards: rewrite:a.b, drop:users.id\n",
               "alter table users drop column id;", NULL);
    b->options.is_protected = true;
    FAILS(b, sc_migrate, MISUSE, "protected");
    assert_string_equal(b->err.migration, "0002_drop");
    assert_string_equal(b->err.error.hint, "Hazards: rewrite:a.b, drop:users.id");
    assert_string_equal(history(b), "");
    b->options.confirmed = true;
    RUNS(b, sc_migrate);
}

static const char BY_HAND[] =
    "it was written by hand, so that nobody knows what it loses, and the environment "
    "is protected";

/* What no plan says the hazards of is taken to lose data, unless its author says not. */
static void test_protected_by_hand(void **state)
{
    struct bench *b = *state;
    static const char SUM[] =
        "-- sum:    0000000000000000000000000000000000000000000000000000000000000000\n";
    static const char *const SILENT[] = { "", "-- hazards: unknown\n", SUM };
    b->options.is_protected = true;
    for (size_t i = 0; i < 3; i++) {
        put_linked(b, "0001_init", NULL, SILENT[i], USERS, NO_USERS);
        if (SILENT[i] == SUM) {
            assert_int_equal(repair(b, SC_REPAIR_ACCEPT, "0001_init"), SC_OK);
        }
        FAILS(b, sc_migrate, MISUSE, "protected");
        assert_non_null(strstr(b->err.text, BY_HAND));
        assert_string_equal(b->err.error.hint, "Where it loses nothing, let its head "
                                               "say so: \"-- hazards: none\"");
        assert_string_equal(ask(b, "select to_regclass('users') is null"), "t");
    }
    put_linked(b, "0001_init", NULL, "-- hazards: build:users\n", USERS, NO_USERS);
    RUNS(b, sc_migrate);
}

/* ---- connections that will not do ------------------------------------------------------ */

static void test_misuse(void **state)
{
    struct bench *b = *state;
    struct sc_db *pool = NULL, *tx = NULL, *mine = b->sc;
    put(b, "0001_init", USERS, NULL);
    assert_int_equal(sc_pool_open(b->db.url, NULL, &pool, NULL), SC_OK);
    b->sc = pool;
    FAILS(b, sc_migrate, MISUSE, "server");
    assert_string_equal(b->err.text, "a connection is needed, not a pool");
    sc_close(pool);
    b->sc = mine;
    assert_int_equal(sc_tx_begin(mine, NULL, &tx, NULL), SC_OK);
    b->sc = tx;
    FAILS(b, sc_migrate, MISUSE, "server");
    assert_string_equal(b->err.text, "the connection is in a transaction");
    sc_tx_rollback(tx);
    b->sc = mine;
    RUNS(b, sc_migrate);
}

static void test_own_schema(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", USERS, NULL);
    b->options.schema = "My \"history\"@";
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select name from \"My \"\"history\"\"@\".migrations"),
                        "0001_init");
    assert_string_equal(ask(b, "select to_regnamespace('schemac') is null"), "t");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two),
        TEST(test_session_is_given_back),
        TEST(test_settings_end),
        TEST(test_role_ends),
        TEST(test_limits),
        TEST(test_dry_run),
        TEST(test_error_points),
        TEST(test_error_of_data),
        TEST(test_error_at_commit),
        TEST(test_mended_file),
        TEST(test_mended_late),
        TEST(test_checks),
        TEST(test_stopped),
        TEST(test_draft),
        TEST(test_draft_is_sealed),
        TEST(test_draft_is_replaced),
        TEST(test_draft_is_protected),
        TEST(test_prepared),
        TEST(test_protected),
        TEST(test_protected_by_hand),
        TEST(test_misuse),
        TEST(test_own_schema),
    };
    return cmocka_run_group_tests_name("runner_apply", tests, NULL, NULL);
}
