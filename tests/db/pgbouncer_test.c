/* pgbouncer_test.c: a real PgBouncer in transaction mode, which gives each transaction
 * another server connection: unnamed statements with any version, named ones with 1.21
 * and later. */
#include "tests/db/support/scene.h"
#include "tests/support/servers.h"

#include <pthread.h>

static struct servers servers;

/* Every transaction goes to the next one of three server connections. */
static const char rotation[] = "default_pool_size = 3\n"
                               "server_round_robin = 1\nmax_client_conn = 100\n";

static enum sc_statements mode;

/* ---- a database for each test ------------------------------------------------------------------- */

struct pooled {
    struct scene scene; /* test.url leads past the pooler */
    const char *url;
};

/* Three at once make the pooler open three server connections, which it then keeps. */
static int warm_up(const char *url)
{
    PGconn *clients[3];
    int failed = 0;
    for (int i = 0; i < 3; i++) {
        clients[i] = PQconnectdb(url);
        PGresult *result = PQexec(clients[i], "begin");
        failed |= PQresultStatus(result) != PGRES_COMMAND_OK;
        PQclear(result);
    }
    for (int i = 0; i < 3; i++) {
        PQclear(PQexec(clients[i], "rollback"));
        PQfinish(clients[i]);
    }
    return failed;
}

static int pooled_setup(void **state)
{
    static int made;
    char sql[64], name[32];
    struct test_db all = { .name = "" };
    struct pooled *pooled = calloc(1, sizeof(*pooled));
    *state = pooled;
    if (!pooled)
        return -1;
    struct scene *scene = &pooled->scene;
    snprintf(name, sizeof(name), "pooled_%d", ++made);
    snprintf(sql, sizeof(sql), "create database %s", name);
    snprintf(all.url, sizeof(all.url), "%s", servers_url(&servers, 1, "postgres", ""));
    snprintf(scene->test.url, sizeof(scene->test.url), "%s",
             servers_url(&servers, 1, name, ""));
    pooled->url = servers_url(&servers, 0, name, "");
    if (test_db_exec(&all, sql) || test_db_exec(&scene->test, fixture_sql) ||
        warm_up(pooled->url))
        return -1;
    const struct sc_options options = { .statements = mode };
    return sc_open_with(pooled->url, &options, &scene->db, &scene->err) == SC_OK ? 0
                                                                                 : -1;
}

static int pooled_teardown(void **state)
{
    struct pooled *pooled = *state;
    sc_close(pooled->scene.db);
    free(pooled);
    return 0;
}

#define SCENE() struct scene *scene = &((struct pooled *)*state)->scene

static void the_pooler_does_change_servers(void **state)
{
    SCENE();
    int one = pid_of(scene, scene->db), two = pid_of(scene, scene->db),
        three = pid_of(scene, scene->db);
    assert_int_not_equal(one, two);
    assert_int_not_equal(two, three);
    assert_int_equal(pid_of(scene, scene->db), one);
}

/* ---- single calls --------------------------------------------------------------------------------- */

static void every_sort_of_call(void **state)
{
    SCENE();
    struct sc_db *db = scene->db;
    for (int i = 0; i < 12; i++) {
        char id[16], other[16];
        const char *key = id;
        const void *args[] = { &key };
        struct person *person;
        struct person_notes *nested;
        struct note *notes;
        size_t n;
        int64_t count;
        snprintf(id, sizeof(id), "p%d", i);
        snprintf(other, sizeof(other), "o%d", i);
        const enum mood both[] = { MOOD_CROSS, MOOD_CALM };
        const struct person_new values = { .id = id,
                                           .email = id,
                                           .mood = { SC_IS_VALUE, MOOD_CROSS },
                                           .moods = { both, 2, NULL } };
        EXPECT(SC_OK,
               sc__run_insert(db, &person_insert, &values, &person, &scene->err));
        assert_int_equal(person->mood, MOOD_CROSS);
        assert_int_equal(person->moods.items[1], MOOD_CALM);
        sc_free(person);
        EXPECT(SC_OK, sc__run_insert(db, &note_insert, &(struct note_new){ id, "x" },
                                     NULL, &scene->err));
        const struct note_new more[] = { { id, "y" }, { id, NULL } };
        EXPECT(SC_OK, sc__insert_many(db, &note_insert, more, sizeof(*more), 2, &notes,
                                      &n, &scene->err));
        assert_int_equal(n, 2);
        sc_free(notes);
        EXPECT(SC_OK,
               sc__run_nested(db, &person_notes, 0, args, &nested, NULL, &scene->err));
        assert_int_equal(nested->notes.count, 3);
        sc_free(nested);
        const struct person_patch patch = { .mood = { SC_IS_VALUE, MOOD_CALM } };
        EXPECT(SC_OK,
               sc__run_update(db, &person_update, args, &patch, &person, &scene->err));
        assert_int_equal(person->mood, MOOD_CALM);
        sc_free(person);
        const struct person_new again = { .id = other, .email = id, .name = "n" };
        EXPECT(SC_OK, sc__run_upsert(db, &person_upsert, &again, &person, &scene->err));
        assert_string_equal(person->id, id);
        sc_free(person);
        EXPECT(SC_OK, get_person(db, id, &person, &scene->err));
        assert_string_equal(person->name, "n");
        sc_free(person);
        EXPECT(SC_UNIQUE, add_person(db, id, "e", &person, &scene->err));
        EXPECT(SC_OK, sc__run(db, &person_delete, 0, args, NULL, NULL, &scene->err));
        EXPECT(SC_NOT_FOUND, get_person(db, id, &person, &scene->err));
        EXPECT(SC_OK, count_people(db, &count, &scene->err));
        assert_int_equal(count, 0);
    }
}

/* What is described on one server connection may be run on another one: it is compared
 * in the transaction that writes, every time. */
static void a_mismatch_leaves_nothing_written(void **state)
{
    SCENE();
    struct person *person;
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof(id), "p%d", i);
        EXPECT(SC_OK, add_person(scene->db, id, id, &person, &scene->err));
        sc_free(person);
    }
    elsewhere(scene, "alter table t.people alter rating type int4");
    for (int i = 0; i < 4; i++) {
        EXPECT(SC_SCHEMA_MISMATCH,
               add_person(scene->db, "x", "x", &person, &scene->err));
        assert_null(person);
        EXPECT(SC_SCHEMA_MISMATCH, get_person(scene->db, "p0", &person, &scene->err));
    }
    assert_string_equal(look(scene, "select count(*) from t.people"), "3");
    elsewhere(scene, "alter table t.people alter rating type int2");
    for (int i = 0; i < 4; i++) {
        EXPECT(SC_OK, get_person(scene->db, "p0", &person, &scene->err));
        sc_free(person);
    }
}

static void an_enum_that_is_made_anew(void **state)
{
    SCENE();
    struct person *person;
    EXPECT(SC_OK, add_person(scene->db, "a", "a", &person, &scene->err));
    sc_free(person);
    elsewhere(scene, "alter type t.mood rename to old_mood;"
                     "create type t.mood as enum ('calm', 'cross');"
                     "alter table t.people alter mood drop default,"
                     " alter mood type t.mood using mood::text::t.mood,"
                     " alter moods type t.mood[] using moods::text[]::t.mood[],"
                     " alter mood set default 'calm'; drop type t.old_mood");
    for (int i = 0; i < 4; i++) {
        EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
        assert_int_equal(person->mood, MOOD_CALM);
        sc_free(person);
    }
}

/* A server connection that has not had the statement yet prepares it after the change: its
 * rows are read by nobody before they are compared. Times with and without zone have as
 * many bytes. */
static void a_change_between_two_servers(void **state)
{
    SCENE();
    struct person *person;
    elsewhere(scene, "insert into t.people (id, email) values ('a', 'a')");
    EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
    sc_free(person);
    elsewhere(scene, "alter table t.people alter created_at type timestamp");
    for (int i = 0; i < 5; i++) {
        EXPECT(SC_SCHEMA_MISMATCH, get_person(scene->db, "a", &person, &scene->err));
        EXPECT(SC_SCHEMA_MISMATCH,
               add_person(scene->db, "b", "b", &person, &scene->err));
    }
    assert_string_equal(look(scene, "select count(*) from t.people"), "1");
    elsewhere(scene, "alter table t.people alter created_at type timestamptz");
    for (int i = 0; i < 5; i++) {
        EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
        sc_free(person);
    }
}

/* The pooler goes by text: what is prepared again after a change must have another one, also
 * for a client that comes when all servers have had several. */
static void many_changes(void **state)
{
    SCENE();
    struct sc_db *late;
    struct person *person;
    const struct sc_options options = { .statements = mode };
    elsewhere(scene, "insert into t.people (id, email) values ('a', 'a')");
    for (int change = 0; change < 7; change++) {
        char sql[80];
        snprintf(sql, sizeof(sql),
                 "alter table t.people alter score type numeric(1%d, 2)", change);
        for (int i = 0; i < 4; i++) {
            EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
            sc_free(person);
        }
        elsewhere(scene, sql);
        EXPECT(SC_OK, sc_open_with(((struct pooled *)*state)->url, &options, &late,
                                   &scene->err));
        for (int i = 0; i < 4; i++) {
            EXPECT(SC_OK, get_person(late, "a", &person, &scene->err));
            sc_free(person);
        }
        sc_close(late);
    }
}

/* What the pooler has then, and what the server, need not be the same. */
static void statements_that_are_discarded(void **state)
{
    SCENE();
    struct person *person;
    static const char *const ways[] = { "discard all", "deallocate all" };
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    for (int i = 0; i < 8; i++) {
        EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
        sc_free(person);
        EXPECT(SC_OK, sc_query(scene->db, ways[i % 2], NULL, 0, NULL, &scene->err));
    }
}

/* ---- several calls ---------------------------------------------------------------------------------- */

static void batches(void **state)
{
    SCENE();
    for (int i = 0; i < 6; i++) {
        const struct sc_tx_options tx = { .isolation = SC_SERIALIZABLE,
                                          .statement_timeout_ms = 5000 };
        const struct sc_batch_options options = { .tx = i % 2 ? &tx : NULL };
        struct sc_batch *batch;
        struct person *person;
        int64_t n;
        char id[8];
        snprintf(id, sizeof(id), "p%d", i);
        EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
        EXPECT(SC_OK, sc_batch_set(batch, &options, &scene->err));
        struct sc_db *queue = sc_queue(batch);
        EXPECT(SC_QUEUED, add_person(queue, id, id, &person, &scene->err));
        EXPECT(SC_QUEUED,
               sc__run_insert(queue, &note_insert, &(struct note_new){ id, "x" }, NULL,
                              &scene->err));
        EXPECT(SC_QUEUED, count_people(queue, &n, &scene->err));
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        assert_int_equal(n, i + 1);
        assert_string_equal(person->id, id);
        sc_free(person);
        sc_batch_close(batch);
    }
    struct sc_batch *batch;
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "q", "q", NULL, &scene->err));
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "p1", "r", NULL, &scene->err));
    EXPECT(SC_UNIQUE, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 1);
    sc_batch_close(batch);
    assert_string_equal(look(scene, "select count(*) from t.people"), "6");
}

static void calls_that_are_independent(void **state)
{
    SCENE();
    struct sc_batch *batch;
    const struct sc_batch_options options = { .mode = SC_INDEPENDENT };
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_OK, sc_batch_set(batch, &options, &scene->err));
    const char *const ids[] = { "a", "b", "a", "c" };
    for (int i = 0; i < 4; i++)
        EXPECT(SC_QUEUED,
               add_person(sc_queue(batch), ids[i], ids[i], NULL, &scene->err));
    EXPECT(SC_UNIQUE, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 2);
    sc_batch_close(batch);
    assert_string_equal(look(scene, "select count(*) from t.people"), "3");
}

static enum sc_status two_people(struct sc_db *tx, void *arg, struct sc_error *err)
{
    const char *const *ids = arg;
    struct person *person;
    enum sc_status status = add_person(tx, ids[0], ids[0], &person, err);
    sc_free(person);
    if (status != SC_OK)
        return status;
    struct sc_db *inner;
    status = sc_tx_begin(tx, NULL, &inner, err);
    if (status != SC_OK)
        return status;
    if (add_person(inner, ids[0], ids[0], NULL, err) != SC_UNIQUE)
        return SC_SERVER;
    sc_tx_rollback(inner);
    return add_person(tx, ids[1], ids[1], NULL, err);
}

static void transactions(void **state)
{
    SCENE();
    const struct sc_tx_options options = { .isolation = SC_REPEATABLE_READ,
                                           .statement_timeout_ms = 7000,
                                           .lock_timeout_ms = 3000,
                                           .idle_timeout_ms = 9000 };
    for (int i = 0; i < 4; i++) {
        char a[8], b[8];
        const char *ids[] = { a, b };
        snprintf(a, sizeof(a), "a%d", i);
        snprintf(b, sizeof(b), "b%d", i);
        EXPECT(SC_OK, sc_tx_run(scene->db, &options, two_people, ids, &scene->err));
        struct sc_rows *rows;
        EXPECT(SC_OK, sc_query(scene->db, "show statement_timeout", NULL, 0, &rows,
                               &scene->err));
        assert_string_equal(sc_rows_value(rows, 0, 0), "0"); /* none is left behind */
        sc_rows_free(rows);
    }
    assert_string_equal(look(scene, "select count(*) from t.people"), "8");
}

static void copy(void **state)
{
    SCENE();
    struct person_new people[500];
    char ids[500][8];
    const enum mood mood[] = { MOOD_CROSS };
    for (int i = 0; i < 500; i++) {
        snprintf(ids[i], sizeof(ids[i]), "p%d", i);
        people[i] = (struct person_new){ .id = ids[i],
                                         .email = ids[i],
                                         .moods = { mood, 1, NULL } };
    }
    for (int i = 0; i < 4; i++) {
        EXPECT(SC_OK, sc__load(scene->db, &person_insert, people, sizeof(*people), 500,
                               &scene->err));
        EXPECT(SC_UNIQUE, sc__load(scene->db, &person_insert, people, sizeof(*people),
                                   500, &scene->err));
        assert_string_equal(look(scene, "select count(*) from t.people where moods ="
                                        " '{cross}'"),
                            "500");
        elsewhere(scene, "truncate t.people cascade");
    }
}

/* ---- time ----------------------------------------------------------------------------------------- */

static void a_call_that_takes_too_long_is_cancelled(void **state)
{
    SCENE();
    struct sc_view view;
    struct sc_db *soon = sc_with(scene->db, &(struct sc_call){ .timeout_ms = 200 },
                                 &view);
    for (int i = 0; i < 3; i++) {
        EXPECT(SC_TIMEOUT,
               sc_query(soon, "select pg_sleep(20)", NULL, 0, NULL, &scene->err));
        for (int k = 0; k < 6; k++)
            EXPECT(SC_OK, sc_query(scene->db, "select pg_sleep(0.01)", NULL, 0, NULL,
                                   &scene->err));
    }
    assert_string_equal(look(scene, "select count(*) from pg_stat_activity where query"
                                    " = 'select pg_sleep(20)' and state = 'active'"),
                        "0");
}

/* ---- threads --------------------------------------------------------------------------------------- */

struct caller {
    struct sc_db *pool;
    int number;
    enum sc_status status;
    struct sc_error err;
};

enum { CALLERS = 8, CALLS = 40 };

static void *call_often(void *arg)
{
    struct caller *caller = arg;
    for (int i = 0; i < CALLS && caller->status == SC_OK; i++) {
        char id[24];
        struct person *person = NULL;
        snprintf(id, sizeof(id), "%d-%d", caller->number, i);
        caller->status = add_person(caller->pool, id, id, &person, &caller->err);
        if (caller->status == SC_OK && strcmp(person->id, id) != 0)
            caller->status = SC_SERVER;
        sc_free(person);
        person = NULL;
        if (caller->status == SC_OK)
            caller->status = get_person(caller->pool, id, &person, &caller->err);
        if (caller->status == SC_OK && strcmp(person->id, id) != 0)
            caller->status = SC_SERVER;
        sc_free(person);
    }
    return NULL;
}

static void more_callers_than_servers(void **state)
{
    SCENE();
    struct sc_db *pool;
    struct caller callers[CALLERS];
    pthread_t threads[CALLERS];
    const struct sc_pool_options options = { .max = CALLERS,
                                             .conn = { .statements = mode } };
    EXPECT(SC_OK,
           sc_pool_open(((struct pooled *)*state)->url, &options, &pool, &scene->err));
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){ .pool = pool, .number = i };
        pthread_create(&threads[i], NULL, call_often, &callers[i]);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        scene->err = callers[i].err;
        EXPECT(SC_OK, callers[i].status);
    }
    sc_close(pool);
    assert_string_equal(look(scene, "select count(*) from t.people"), "320");
}

/* ---- modes ----------------------------------------------------------------------------------------- */

static int open_unnamed(void **state)
{
    (void)state;
    mode = SC_STATEMENTS_UNNAMED;
    return servers_open(&servers) || servers_pooler(&servers, "transaction", rotation);
}

static int close_servers(void **state)
{
    (void)state;
    servers_close(&servers);
    return 0;
}

/* The pooler keeps named statements since 1.21. */
static bool keeps_statements(void)
{
    char text[80] = "";
    FILE *out = popen("/usr/sbin/pgbouncer --version", "r");
    if (out && !fgets(text, sizeof(text), out))
        text[0] = 0;
    if (out)
        pclose(out);
    const char *number = strpbrk(text, "0123456789");
    char *end;
    long major = number ? strtol(number, &end, 10) : 0;
    long minor = number && *end == '.' ? strtol(end + 1, NULL, 10) : 0;
    return major > 1 || minor >= 21;
}

static bool skipped;

static int open_keeping(int statements)
{
    char lines[300];
    mode = SC_STATEMENTS_POOLED;
    skipped = !keeps_statements();
    if (skipped) {
        print_message("SKIPPED: named statements want PgBouncer 1.21 or later\n");
        return 0;
    }
    snprintf(lines, sizeof(lines), "%smax_prepared_statements = %d\n", rotation,
             statements);
    return servers_open(&servers) || servers_pooler(&servers, "transaction", lines);
}

static int open_named(void **state)
{
    (void)state;
    return open_keeping(200);
}

/* A server connection keeps fewer than a call has. */
static int open_short(void **state)
{
    (void)state;
    return open_keeping(1);
}

static int close_named(void **state)
{
    return skipped ? 0 : close_servers(state);
}

static int named_setup(void **state)
{
    *state = NULL;
    return skipped ? 0 : pooled_setup(state);
}

static int named_teardown(void **state)
{
    return skipped ? 0 : pooled_teardown(state);
}

#define NAMED(name)                          \
    static void name##_by_name(void **state) \
    {                                        \
        if (skipped)                         \
            skip();                          \
        name(state);                         \
    }
NAMED(every_sort_of_call)
NAMED(a_mismatch_leaves_nothing_written)
NAMED(an_enum_that_is_made_anew)
NAMED(a_change_between_two_servers)
NAMED(many_changes)
NAMED(statements_that_are_discarded)
NAMED(batches)
NAMED(calls_that_are_independent)
NAMED(transactions)
NAMED(copy)
NAMED(a_call_that_takes_too_long_is_cancelled)
NAMED(more_callers_than_servers)

#define POOLED_TEST(name) \
    cmocka_unit_test_setup_teardown(name, pooled_setup, pooled_teardown)
#define NAMED_TEST(name) \
    cmocka_unit_test_setup_teardown(name##_by_name, named_setup, named_teardown)

int main(void)
{
    const struct CMUnitTest unnamed[] = {
        POOLED_TEST(the_pooler_does_change_servers),
        POOLED_TEST(every_sort_of_call),
        POOLED_TEST(a_mismatch_leaves_nothing_written),
        POOLED_TEST(an_enum_that_is_made_anew),
        POOLED_TEST(a_change_between_two_servers),
        POOLED_TEST(many_changes),
        POOLED_TEST(statements_that_are_discarded),
        POOLED_TEST(batches),
        POOLED_TEST(calls_that_are_independent),
        POOLED_TEST(transactions),
        POOLED_TEST(copy),
        POOLED_TEST(a_call_that_takes_too_long_is_cancelled),
        POOLED_TEST(more_callers_than_servers),
    };
    const struct CMUnitTest named[] = {
        NAMED_TEST(every_sort_of_call),
        NAMED_TEST(a_mismatch_leaves_nothing_written),
        NAMED_TEST(an_enum_that_is_made_anew),
        NAMED_TEST(a_change_between_two_servers),
        NAMED_TEST(many_changes),
        NAMED_TEST(statements_that_are_discarded),
        NAMED_TEST(batches),
        NAMED_TEST(calls_that_are_independent),
        NAMED_TEST(transactions),
        NAMED_TEST(copy),
        NAMED_TEST(a_call_that_takes_too_long_is_cancelled),
        NAMED_TEST(more_callers_than_servers),
    };
    const struct CMUnitTest few[] = {
        NAMED_TEST(every_sort_of_call),
        NAMED_TEST(batches),
        NAMED_TEST(transactions),
        NAMED_TEST(more_callers_than_servers),
    };
    int failed = cmocka_run_group_tests_name("unnamed", unnamed, open_unnamed,
                                             close_servers);
    failed += cmocka_run_group_tests_name("named", named, open_named, close_named);
    return failed + cmocka_run_group_tests_name("named, few of them", few, open_short,
                                                close_named);
}
