/* features_load_test.c: rows out of a callback: as many as one likes in constant memory, and
 * every way of ending before the last; and which row an error names. */
#include "tests/db/support/people.h"
#include <time.h>
#include <unistd.h>

/* Gives `count` people; each fault at a row of its own, -1: nowhere. */
struct source {
    int count;
    int stop;    /* the callback has enough */
    int twice;   /* the email of the row before */
    int no_name; /* leaves out the required email */
    int odd;     /* gives what others leave out, and has a default */
    int wrong;   /* no label of the enum */
    int given;   /* rows so far */
    char email[32];
};
static const struct source whole = { 0, -1, -1, -1, -1, -1, 0, "" };

static int next_person(void *arg, struct q_people_new *row)
{
    struct source *source = arg;
    int i = source->given;
    assert_null(row->email); /* zeroed */
    assert_int_equal(row->score.is, SC_IS_UNSET);
    if (i == source->count)
        return 0;
    if (i == source->stop)
        return -1;
    if (i != source->twice)
        snprintf(source->email, sizeof(source->email), "%d@x", i);
    row->id = (struct sc_maybe_int4)SC(i + 1);
    row->email = i == source->no_name ? NULL : source->email;
    row->name = i % 2 ? "odd" : NULL;
    if (i == source->odd)
        SC_SET(row->score, 5);
    SC_SET(row->rank, i == source->wrong ? (enum q_rank)77 : Q_RANK_MID);
    source->given++;
    return 1;
}

static enum sc_status load(struct scene *scene, struct sc_db *db, struct source *source,
                           int64_t *n)
{
    memset(&scene->err, 0, sizeof(scene->err));
    return q_people_load_from(db, next_person, source, n, &scene->err);
}

static void empty(struct scene *scene)
{
    elsewhere(scene, "truncate q.people cascade");
}

static void expect_count(struct scene *scene, int count)
{
    char want[64];
    snprintf(want, sizeof(want), "%d %d", count, count / 2);
    SEE("select count(*) || ' ' || count(name) from q.people", want);
}

static void as_many_as_there_are(void **state)
{
    struct scene *scene = *state;
    static const int counts[] = { 0, 1, 2, 700, 4000 };
    int64_t n = -1;
    for (size_t i = 0; i < COUNT(counts); i++) {
        struct source source = whole;
        source.count = counts[i];
        EXPECT(SC_OK, load(scene, scene->db, &source, &n));
        assert_int_equal(n, counts[i]);
        expect_count(scene, counts[i]);
        empty(scene);
        source = whole;
        source.count = counts[i];
        EXPECT(SC_OK, load(scene, scene->db, &source, NULL));
        expect_count(scene, counts[i]);
        empty(scene);
    }
}

static void none_asks_the_server_nothing(void **state)
{
    struct scene *scene = *state;
    struct source source = whole;
    int sent;
    count_statements(scene->db, &sent);
    EXPECT(SC_OK, load(scene, scene->db, &source, NULL));
    assert_int_equal(sent, 0);
}

/* Several segments: more than 8 MB. */
static int next_letter(void *arg, struct q_letters_new *row)
{
    int *left = arg;
    static char body[1001];
    memset(body, 'b', 1000);
    row->sender_id = (struct sc_maybe_int4)SC(1);
    SC_SET(row->at, (struct sc_timestamptz){ 0 });
    row->body = body;
    return (*left)-- > 0;
}

static void many_in_constant_memory(void **state)
{
    struct scene *scene = *state;
    enum { LETTERS = 40000, SOME_KB = 2048 };
    int few = 100, many = LETTERS;
    int64_t n;
    elsewhere(scene, people_rows);
    elsewhere(scene, "delete from q.letters");
    EXPECT(SC_OK, q_letters_load_from(scene->db, next_letter, &few, &n, &scene->err));
    assert_int_equal(n, 100);
    long before = resident();
    EXPECT(SC_OK, q_letters_load_from(scene->db, next_letter, &many, &n, &scene->err));
    assert_int_equal(n, LETTERS);
    assert_true(resident() - before < SOME_KB);
    SEE("select count(*) || ' ' || min(length(body)) from q.letters", "40100 1000");
}

static void expect_nothing(struct scene *scene, enum sc_status want, int item,
                           struct source source)
{
    int64_t n = 7;
    EXPECT(want, load(scene, scene->db, &source, &n));
    assert_int_equal(n, 0);
    assert_int_equal(scene->err.item, item);
    assert_string_equal(scene->err.query, "q_people_load_from");
    SEE("select count(*) from q.people", "0");
    struct source after = whole;
    after.count = 10;
    EXPECT(SC_OK, load(scene, scene->db, &after, &n));
    assert_int_equal(n, 10);
    empty(scene);
}

static void one_that_is_wrong(void **state)
{
    struct scene *scene = *state;
    static const int at[] = { 1, 500, 29999 };
    for (size_t i = 0; i < COUNT(at); i++) {
        struct source source = whole;
        source.count = 30000;
        source.stop = at[i];
        expect_nothing(scene, SC_CANCELLED, at[i], source);
        source.stop = -1;
        source.twice = at[i];
        expect_nothing(scene, SC_UNIQUE, at[i], source);
        source.twice = -1;
        source.no_name = at[i];
        expect_nothing(scene, SC_NOT_NULL, at[i], source);
        source.no_name = -1;
        source.odd = at[i];
        expect_nothing(scene, SC_MISUSE, at[i], source);
        assert_int_equal(scene->err.sqlstate[0], 0);
        source.odd = -1;
        source.wrong = at[i];
        expect_nothing(scene, SC_BAD_VALUE, at[i], source);
    }
}

/* The server's error ends it long before the rows do. */
static void an_error_is_seen_soon(void **state)
{
    struct scene *scene = *state;
    struct source source = whole;
    source.count = 100000000;
    source.twice = 1000;
    EXPECT(SC_UNIQUE, load(scene, scene->db, &source, NULL));
    assert_int_equal(scene->err.item, 1000);
    assert_int_equal(scene->err.constraint, Q_PEOPLE_EMAIL_KEY);
    assert_true(source.given < 1000000);
    SEE("select count(*) from q.people", "0");
}

static void an_array_names_its_row_too(void **state)
{
    struct scene *scene = *state;
    enum { SOME = 5000 };
    static struct q_people_new people[SOME];
    static char emails[SOME][16];
    for (int i = 0; i < SOME; i++) {
        snprintf(emails[i], sizeof(emails[i]), "%d@x", i);
        people[i] = (struct q_people_new){ .email = emails[i], .score = SC(1) };
    }
    people[4000].email = emails[3];
    EXPECT(SC_UNIQUE, q_people_load(scene->db, people, SOME, &scene->err));
    assert_int_equal(scene->err.item, 4000);
    people[4000].email = emails[4000];
    SC_SET(people[4321].score, 5000);
    EXPECT(SC_CHECK, q_people_load(scene->db, people, SOME, &scene->err));
    assert_int_equal(scene->err.item, 4321);
    SC_SET(people[4321].score, 1);
    people[17].score.is = (enum sc_is)9;
    EXPECT(SC_MISUSE, q_people_load(scene->db, people, SOME, &scene->err));
    SC_SET(people[17].score, 1);
    SC_SET(people[7].boss_id, 999999); /* told when all are in: of no row */
    EXPECT(SC_FOREIGN_KEY, q_people_load(scene->db, people, SOME, &scene->err));
    assert_int_equal(scene->err.item, -1);
}

static void on_every_handle(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx, *pool;
    struct sc_batch *batch;
    struct source source = whole;
    int64_t n;
    source.count = 20;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, load(scene, tx, &source, &n));
    SEE("select count(*) from q.people", "0");
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    expect_count(scene, 20);
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    source = whole;
    source.count = 2;
    EXPECT(SC_UNIQUE, load(scene, tx, &source, &n));
    EXPECT(SC_UNIQUE, sc_tx_commit(tx, &scene->err));
    empty(scene);
    EXPECT(SC_OK, sc_pool_open(scene->test.url, NULL, &pool, &scene->err));
    source = whole;
    source.count = 20;
    EXPECT(SC_OK, load(scene, pool, &source, &n));
    sc_close(pool);
    expect_count(scene, 20);
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_MISUSE, load(scene, sc_queue(batch), &source, &n));
    sc_batch_close(batch);
    EXPECT(SC_MISUSE, load(scene, NULL, &source, &n));
}

/* A column without a binary form: rows go in batches, in a transaction. */
static int next_odd(void *arg, struct v_odd_new *row)
{
    int *i = arg;
    if (++*i > 1500)
        return 0;
    SC_SET(row->id, *i == 1400 ? 1 : *i);
    row->a_point = "(1,2)";
    return 1;
}

static void without_a_binary_form(void **state)
{
    struct scene *scene = *state;
    int i = 0;
    int64_t n = 7;
    EXPECT(SC_UNIQUE, v_odd_load_from(scene->db, next_odd, &i, &n, &scene->err));
    assert_int_equal(n, 0);
    assert_int_equal(scene->err.item, 1399);
    SEE("select count(*) from v.odd", "0");
    i = 1400;
    EXPECT(SC_OK, v_odd_load_from(scene->db, next_odd, &i, &n, &scene->err));
    assert_int_equal(n, 100);
    SEE("select count(*) from v.odd where a_point[0] = 1", "100");
}

struct seen {
    int starts, ends;
    int64_t rows;
    enum sc_status status;
    char sql[200];
};

static void see_start(void *user, const struct sc_event *event)
{
    struct seen *seen = user;
    seen->starts += strcmp(event->query, "v_odd_load_from") == 0;
}

static void see_end(void *user, const struct sc_event *event)
{
    struct seen *seen = user;
    if (strcmp(event->query, "v_odd_load_from") != 0)
        return;
    seen->ends++;
    seen->rows = event->rows;
    seen->status = event->status;
    snprintf(seen->sql, sizeof(seen->sql), "%s", event->sql);
}

static void hooks_see_one_call(void **state)
{
    struct scene *scene = *state;
    for (int fails = 0; fails < 2; fails++) {
        struct seen seen = { 0 };
        int i = fails ? 0 : 1400;
        sc_set_hooks(
            scene->db,
            &(struct sc_hooks){ .user = &seen, .start = see_start, .end = see_end });
        EXPECT(fails ? SC_UNIQUE : SC_OK,
               v_odd_load_from(scene->db, next_odd, &i, NULL, &scene->err));
        assert_int_equal(seen.starts, 1);
        assert_int_equal(seen.ends, 1);
        assert_int_equal(seen.rows, fails ? 0 : 100);
        assert_int_equal(seen.status, fails ? SC_UNIQUE : SC_OK);
        assert_string_equal(seen.sql,
                            "insert into v.odd (id, a_point) values ($1, $2::point)");
    }
}

/* ---- a time of its own -------------------------------------------------------------------- */

static void pause_for(long nanoseconds)
{
    nanosleep(&(struct timespec){ .tv_nsec = nanoseconds }, NULL);
}

static int next_slow(void *arg, struct q_people_new *row)
{
    pause_for(1000000);
    return next_person(arg, row);
}

static int next_slow_odd(void *arg, struct v_odd_new *row)
{
    pause_for(100000);
    SC_SET(row->id, ++*(int *)arg);
    row->a_point = "(1,2)";
    return 1;
}

/* Holds what a load has to wait for; given back by rolling back. */
static PGconn *lock(struct scene *scene, const char *table)
{
    char sql[80];
    snprintf(sql, sizeof(sql), "begin; lock table %s", table);
    PGconn *pg = PQconnectdb(scene->test.url);
    PQclear(PQexec(pg, sql));
    assert_int_equal(PQtransactionStatus(pg), PQTRANS_INTRANS);
    return pg;
}

/* 0.3 s, whatever takes them: rows that are late, or a server that waits. */
static void expect_late(struct scene *scene, struct sc_db *db, bool odd)
{
    struct timespec before, after;
    struct source source = whole;
    int i = 0;
    int64_t n = 7;
    source.count = 100000;
    clock_gettime(CLOCK_MONOTONIC, &before);
    EXPECT(SC_TIMEOUT,
           odd ? v_odd_load_from(db, next_slow_odd, &i, &n, &scene->err)
               : q_people_load_from(db, next_slow, &source, &n, &scene->err));
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 10);
    assert_int_equal(n, 0);
    assert_int_equal(scene->err.item, -1);
}

static void the_time_is_over(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *tx;
    struct sc_db *late = sc_with(scene->db, &(struct sc_call){ .timeout_ms = 300 },
                                 &view);
    for (int odd = 0; odd < 2; odd++) {
        expect_late(scene, late, odd);
        PGconn *other = lock(scene, odd ? "v.odd" : "q.people");
        expect_late(scene, late, odd);
        PQfinish(other);
        EXPECT(SC_OK, sc_query(scene->db, "select 1", NULL, 0, NULL, &scene->err));
        EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
        expect_late(scene, sc_with(tx, &(struct sc_call){ .timeout_ms = 300 }, &view),
                    odd);
        sc_tx_rollback(tx);
        late = sc_with(scene->db, &(struct sc_call){ .timeout_ms = 300 }, &view);
    }
    SEE("select (select count(*) from v.odd) + (select count(*) from q.people)", "0");
}

static void the_connection_goes(void **state)
{
    struct scene *scene = *state;
    struct source source = whole;
    source.count = 10;
    cut_off(scene, scene->db);
    EXPECT(SC_OK, load(scene, scene->db, &source, NULL)); /* before it began */
    expect_count(scene, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(as_many_as_there_are),
        FEATURE_TEST(none_asks_the_server_nothing),
        FEATURE_TEST(many_in_constant_memory),
        FEATURE_TEST(one_that_is_wrong),
        FEATURE_TEST(an_error_is_seen_soon),
        FEATURE_TEST(an_array_names_its_row_too),
        FEATURE_TEST(on_every_handle),
        FEATURE_TEST(without_a_binary_form),
        FEATURE_TEST(hooks_see_one_call),
        FEATURE_TEST(the_time_is_over),
        FEATURE_TEST(the_connection_goes),
    };
    return RUN_FEATURES("features_load", tests);
}
