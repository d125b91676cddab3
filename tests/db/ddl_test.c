/* ddl_test.c: tables that are altered while threads use them: what leaves a statement's
 * meaning alone fails no call outside transactions, nor a transaction that is run again;
 * what changes it is told as SC_SCHEMA_MISMATCH, and goes when it is taken back. */
#include "tests/db/support/scene.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static const char items_sql[] =
    "create schema d; create table d.items (id int8 primary key, name varchar(50) not"
    " null, n int4 not null default 0, spare int4);"
    "insert into d.items select i, 'item ' || i from generate_series(1, 20) i;";

struct item {
    int64_t id;
    const char *name;
};
struct item_new {
    struct sc_maybe_int8 id;
    const char *name;
};
static const struct sc__column item_columns[] = {
    { COLUMN("id", INT8(SC__REQUIRED)), AT(item, id) },
    { COLUMN("name", TEXT(SC__REQUIRED | SC__PLAIN_NEW)), AT(item, name) },
};
static const struct sc__row item_row = { item_columns, 2, sizeof(struct item) };
static const struct sc__type one_int8[] = { INT8(0) };
static const struct sc__stmt item_get = { .label = "item_get",
                                          .sql = "select id, name from d.items"
                                                 " where id = $1",
                                          .params = one_int8,
                                          .row = &item_row,
                                          .nparams = 1,
                                          .want = SC__WANT_ONE };
static const struct sc__stmt item_list = { .label = "item_list",
                                           .sql = "select id, name from d.items"
                                                  " where id < 10 order by id",
                                           .row = &item_row,
                                           .want = SC__WANT_MANY };
static const struct sc__stmt item_touch = { .label = "item_touch",
                                            .sql = "update d.items set n = n + 1"
                                                   " where id = $1",
                                            .params = one_int8,
                                            .nparams = 1,
                                            .want = SC__WANT_TOUCH,
                                            .flags = SC__WRITE };
static const struct sc__stmt item_drop = { .label = "item_drop",
                                           .sql = "delete from d.items where id = $1"
                                                  " returning id, name",
                                           .params = one_int8,
                                           .row = &item_row,
                                           .nparams = 1,
                                           .want = SC__WANT_MAYBE,
                                           .flags = SC__WRITE };
static const struct sc__insert item_insert = {
    .label = "item_insert", .name = "d.items", .returning = "id, name", .row = &item_row
};
/* What nobody should write, and what schemac does not. */
static const struct sc__stmt item_star = { .label = "item_star",
                                           .sql = "select * from d.pairs",
                                           .row = &item_row,
                                           .want = SC__WANT_MANY };

/* ---- the load ---------------------------------------------------------------------------------------- */

struct load {
    struct sc_db *pool;
    atomic_bool *stop;
    int number;
    int calls;
    enum sc_status status;
    struct sc_error err;
};

static enum sc_status run_key(struct sc_db *db, const struct sc__stmt *stmt, int64_t id,
                              struct item **item, struct sc_error *err)
{
    const void *args[] = { &id };
    return sc__run(db, stmt, 0, args, item, NULL, err);
}

static enum sc_status replace(struct sc_db *db, int64_t id, struct sc_error *err)
{
    struct item *item;
    const struct item_new values = { .id = SC(id), .name = "mine" };
    enum sc_status status = sc__run_insert(db, &item_insert, &values, &item, err);
    sc_free(item);
    if (status != SC_OK)
        return status;
    status = run_key(db, &item_drop, id, &item, err);
    sc_free(item);
    return status;
}

static enum sc_status batch(struct sc_db *db, int64_t id, struct sc_error *err)
{
    struct sc_batch *made;
    struct item *items, *item;
    size_t n;
    enum sc_status status = sc_batch_open(db, &made, err);
    if (status != SC_OK)
        return status;
    struct sc_db *queue = sc_queue(made);
    const struct item_new values = { .id = SC(id), .name = "batch" };
    (void)sc__run(queue, &item_list, 0, NULL, &items, &n, NULL);
    (void)sc__run_insert(queue, &item_insert, &values, &item, NULL);
    (void)run_key(queue, &item_touch, 2, NULL, NULL);
    status = sc_batch_run(made, err);
    sc_free(items);
    sc_free(item);
    sc_batch_close(made);
    if (status == SC_OK) {
        status = run_key(db, &item_drop, id, &item, err);
        sc_free(item);
    }
    return status;
}

static enum sc_status in_tx(struct sc_db *tx, void *arg, struct sc_error *err)
{
    struct item *item;
    (void)arg;
    enum sc_status status = run_key(tx, &item_get, 3, &item, err);
    sc_free(item);
    return status == SC_OK ? run_key(tx, &item_touch, 3, NULL, err) : status;
}

static enum sc_status one_call(struct load *load, int kind)
{
    struct item *item, *items;
    size_t n;
    int64_t mine = 1000 + load->number;
    struct sc_error *err = &load->err;
    enum sc_status status = SC_OK;
    switch (kind) {
    case 0:
        status = run_key(load->pool, &item_get, 1, &item, err);
        sc_free(item);
        return status;
    case 1:
        status = sc__run(load->pool, &item_list, 0, NULL, &items, &n, err);
        sc_free(items);
        return status;
    case 2:
        return run_key(load->pool, &item_touch, 1 + load->number, NULL, err);
    case 3:
        return replace(load->pool, mine, err);
    case 4:
        return batch(load->pool, mine, err);
    default:
        return sc_tx_run(load->pool, &(struct sc_tx_options){ .attempts = 20 }, in_tx,
                         NULL, err);
    }
}

static void *call_on(void *arg)
{
    struct load *load = arg;
    while (!atomic_load(load->stop) && load->status == SC_OK)
        load->status = one_call(load, load->calls++ % 6);
    return NULL;
}

enum { LOADS = 4 };
struct loads {
    struct sc_db *pool;
    atomic_bool stop;
    struct load list[LOADS];
    pthread_t threads[LOADS];
};

static void begin_load(struct scene *scene, struct loads *loads,
                       const struct sc_options *options)
{
    const struct sc_pool_options pool = { .max = LOADS, .conn = *options };
    atomic_init(&loads->stop, false);
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &pool, &loads->pool, &scene->err));
    for (int i = 0; i < LOADS; i++) {
        loads->list[i] = (struct load){ .pool = loads->pool,
                                        .stop = &loads->stop,
                                        .number = i };
        pthread_create(&loads->threads[i], NULL, call_on, &loads->list[i]);
    }
}

static void end_load(struct scene *scene, struct loads *loads)
{
    atomic_store(&loads->stop, true);
    for (int i = 0; i < LOADS; i++)
        pthread_join(loads->threads[i], NULL);
    for (int i = 0; i < LOADS; i++) {
        scene->err = loads->list[i].err;
        EXPECT(SC_OK, loads->list[i].status);
        assert_true(loads->list[i].calls > 20);
    }
    sc_close(loads->pool);
}

/* ---- what leaves the meaning alone ---------------------------------------------------------------------- */

static const char *const harmless[] = {
    "alter table d.items add extra int4",
    "alter table d.items add more text not null default 'x'",
    "alter table d.items drop extra",
    "alter table d.items drop more",
    "alter table d.items drop spare",
    "alter table d.items add spare int4",
    "alter table d.items alter name type varchar(75)",
    "alter table d.items alter name type text",
    "alter table d.items alter name type varchar(50)",
    "alter table d.items alter n type int8", /* written, never read */
    "alter table d.items alter n type int4",
    "create index items_name on d.items (name)",
    "drop index d.items_name",
    "create view d.names as select name from d.items",
    "drop view d.names",
    "analyze d.items",
    "begin; lock d.items; create table d.next (like d.items including all);"
    " insert into d.next select * from d.items; alter table d.items rename to before;"
    " alter table d.next rename to items; commit",
    "drop table d.before",
};

static void alter_all(struct scene *scene, const struct sc_options *options)
{
    struct loads loads;
    elsewhere(scene, items_sql);
    begin_load(scene, &loads, options);
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++) {
            nanosleep(&(struct timespec){ 0, 15000000 }, NULL);
            elsewhere(scene, harmless[i]);
        }
    end_load(scene, &loads);
}

static void no_call_fails(void **state)
{
    alter_all(*state, &(struct sc_options){ .statements = SC_STATEMENTS_NAMED });
}

static void nor_one_that_is_unnamed(void **state)
{
    alter_all(*state, &(struct sc_options){ .statements = SC_STATEMENTS_UNNAMED });
}

static void nor_one_that_is_pooled(void **state)
{
    alter_all(*state, &(struct sc_options){ .statements = SC_STATEMENTS_POOLED });
}

/* ---- what changes it ---------------------------------------------------------------------------------------- */

static void what_changes_the_meaning_is_told(void **state)
{
    struct scene *scene = *state;
    struct item *item;
    elsewhere(scene, items_sql);
    static const struct {
        const char *there, *back, *sqlstate;
    } cases[] = {
        { "alter table d.items alter id type int4",
          "alter table d.items alter id type"
          " int8",
          "" },
        { "alter table d.items rename name to title",
          "alter table d.items rename title to name", "42703" },
        { "alter table d.items rename to things",
          "alter table d.things rename to items", "42P01" },
        { "alter table d.items drop name",
          "alter table d.items add name varchar(50) not null default 'back'", "42703" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        EXPECT(SC_OK, run_key(scene->db, &item_get, 1, &item, &scene->err));
        sc_free(item);
        EXPECT(SC_OK, replace(scene->db, 99, &scene->err));
        elsewhere(scene, cases[i].there);
        EXPECT(SC_SCHEMA_MISMATCH,
               run_key(scene->db, &item_get, 1, &item, &scene->err));
        assert_string_equal(scene->err.sqlstate, cases[i].sqlstate);
        assert_null(item);
        EXPECT(SC_SCHEMA_MISMATCH, replace(scene->db, 99, &scene->err));
        elsewhere(scene, cases[i].back);
        assert_string_equal(look(scene, "select count(*) from d.items"), "20");
    }
    EXPECT(SC_OK, replace(scene->db, 99, &scene->err));
}

/* A star in a statement of one's own: another number of columns is no row of this type. */
static void a_star_that_grew(void **state)
{
    struct scene *scene = *state;
    struct item *items;
    size_t n;
    elsewhere(scene, "create schema d; create table d.pairs (id int8, name text);"
                     "insert into d.pairs values (1, 'a')");
    for (int i = 0; i < 2; i++) {
        EXPECT(SC_OK, sc__run(scene->db, &item_star, 0, NULL, &items, &n, &scene->err));
        sc_free(items);
    }
    elsewhere(scene, "alter table d.pairs add more int4");
    EXPECT(SC_SCHEMA_MISMATCH,
           sc__run(scene->db, &item_star, 0, NULL, &items, &n, &scene->err));
    assert_string_equal(scene->err.message,
                        "the result has 3 columns, but the code was generated for 2");
    elsewhere(scene, "alter table d.pairs drop more");
    EXPECT(SC_OK, sc__run(scene->db, &item_star, 0, NULL, &items, &n, &scene->err));
    sc_free(items);
}

/* In a transaction nothing can be mended: it fails so that it is run again, once. */
static void inside_a_transaction_it_is_run_again(void **state)
{
    struct scene *scene = *state;
    struct item *item;
    struct sc_db *tx;
    elsewhere(scene, items_sql);
    EXPECT(SC_OK, in_tx(scene->db, NULL, &scene->err));
    EXPECT(SC_OK, run_key(scene->db, &item_get, 3, &item, &scene->err));
    sc_free(item);
    elsewhere(scene, "alter table d.items alter name type text");
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_SERIALIZATION, run_key(tx, &item_get, 3, &item, &scene->err));
    assert_string_equal(scene->err.sqlstate, "0A000");
    EXPECT(SC_SERIALIZATION, sc_tx_commit(tx, &scene->err));
    elsewhere(scene, "alter table d.items alter name type varchar(60)");
    EXPECT(SC_OK, sc_tx_run(scene->db, NULL, in_tx, NULL, &scene->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(no_call_fails),
        SCENE_TEST(nor_one_that_is_unnamed),
        SCENE_TEST(nor_one_that_is_pooled),
        SCENE_TEST(what_changes_the_meaning_is_told),
        SCENE_TEST(a_star_that_grew),
        SCENE_TEST(inside_a_transaction_it_is_run_again),
    };
    return cmocka_run_group_tests_name("ddl", tests, NULL, NULL);
}
