/* features_batch_test.c: generated functions on a batch: outputs that are filled when
 * it runs, rows that are taken later, and what an error in the middle leaves. Each
 * function once is calls_test.sh's. */
#include "tests/db/support/people.h"

static struct sc_batch *open_batch(struct scene *scene, struct sc_db *db)
{
    struct sc_batch *batch;
    EXPECT(SC_OK, sc_batch_open(db, &batch, &scene->err));
    return batch;
}
#define QUEUED(call) EXPECT(SC_QUEUED, call)

/* Every kind of result at once; each output is NULL or 0 until the batch has run. */
struct outputs {
    struct q_people *one, *none, *list, *inserted, *updated, *paged;
    struct q_person_with_row *with;
    struct q_people_get_with_letters_by_sender_id_row *letters;
    struct q_stats_row *stats;
    const char **emails, **name;
    struct sc_maybe_int4 top;
    int64_t count, touched, total;
    bool there;
    size_t n, nemails, nstats, npaged;
};

enum { QUEUED_READS = 12, QUEUED_WRITES = 5 };

static void queue_reads(struct scene *scene, struct sc_db *q, struct outputs *o)
{
    struct sc_error *err = &scene->err;
    struct q_stats_args least = { .least = SC(50) };
    QUEUED(q_people_get(q, 1, &o->one, err));
    QUEUED(q_maybe_of_team(q, "green", &o->none, err));
    QUEUED(q_people_list_by_team(q, "red", &o->list, &o->n, err));
    QUEUED(q_people_page_in_id(q, NULL, 2, &o->paged, &o->npaged, err));
    QUEUED(q_people_count(q, &o->count, err));
    QUEUED(q_people_exists(q, 9, &o->there, err));
    QUEUED(q_person_with(q, 1, &o->with, err));
    QUEUED(q_people_get_with_letters_by_sender_id(q, 2, &o->letters, err));
    QUEUED(q_stats(q, &least, &o->stats, &o->nstats, err));
    QUEUED(q_emails(q, &o->emails, &o->nemails, err));
    QUEUED(q_best_name(q, "blue", &o->name, err));
    QUEUED(q_top_score(q, "red", &o->top, err));
}

/* What they are given is copied. */
static void queue_writes(struct scene *scene, struct sc_db *q, struct outputs *o)
{
    struct sc_error *err = &scene->err;
    struct q_people_new values = { .id = SC(50),
                                   .email = "new@x",
                                   .rank = SC(Q_RANK_MID) };
    struct q_people_patch patch = { .name = SC("Ann") };
    QUEUED(q_add_score(q, "red", 1, &o->touched, err));
    QUEUED(q_people_insert(q, &values, &o->inserted, err));
    QUEUED(q_people_update(q, 1, &patch, &o->updated, err));
    QUEUED(q_people_delete(q, 4, err));
    QUEUED(q_total(q, &o->total, err));
    memset(&values, 0xee, sizeof(values));
    memset(&patch, 0xee, sizeof(patch));
}

static void expect_nothing_yet(const struct outputs *o)
{
    assert_null(o->one);
    assert_null(o->list);
    assert_null(o->with);
    assert_null(o->letters);
    assert_null(o->emails);
    assert_null(o->name);
    assert_int_equal(o->n + o->nemails + o->nstats + o->npaged, 0);
}

static void expect_outputs(const struct outputs *o)
{
    assert_string_equal(o->one->name, "Ada");
    assert_null(o->none);
    assert_int_equal(o->n, 3);
    assert_int_equal(o->npaged, 2);
    assert_int_equal(o->paged[1].id, 2);
    assert_int_equal(o->count, 5);
    assert_false(o->there);
    assert_int_equal(o->with->letters_by_sender_id.count, 10);
    assert_int_equal(o->with->people_by_boss_id.count, 2);
    assert_int_equal(o->letters->letters_by_sender_id.count, 1);
    assert_int_equal(o->nstats, 1);
    assert_int_equal(o->nemails, 5);
    assert_string_equal(*o->name, "Dan 100%");
    assert_int_equal(o->top.value, 70);
    assert_int_equal(o->touched, 3);
    assert_string_equal(o->inserted->email, "new@x");
    assert_int_equal(o->inserted->rank, Q_RANK_MID);
    assert_string_equal(o->updated->name, "Ann");
    assert_int_equal(o->updated->score, 51); /* in the order of the calls */
    assert_int_equal(o->total, 5);
}

static void free_outputs(struct outputs *o)
{
    q_people_free(o->one);
    q_people_free(o->list);
    q_people_free(o->paged);
    q_people_free(o->inserted);
    q_people_free(o->updated);
    q_person_with_free(o->with);
    q_people_get_with_letters_by_sender_id_free(o->letters);
    q_stats_free(o->stats);
    sc_free(o->emails);
    sc_free(o->name);
}

static void outputs_are_filled_on_run(void **state)
{
    struct scene *scene = *state;
    struct outputs outputs;
    elsewhere(scene, people_rows);
    struct sc_batch *batch = open_batch(scene, scene->db);
    memset(&outputs, 0xee, sizeof(outputs));
    outputs.top = (struct sc_maybe_int4)SC(5);
    outputs.there = true;
    queue_reads(scene, sc_queue(batch), &outputs);
    queue_writes(scene, sc_queue(batch), &outputs);
    expect_nothing_yet(&outputs);
    SEE("select count(*) from q.people", "5");
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    for (size_t i = 0; i < QUEUED_READS + QUEUED_WRITES; i++)
        assert_int_equal(sc_batch_status(batch, i, &scene->err), SC_OK);
    sc_batch_close(batch); /* what was given stays */
    expect_outputs(&outputs);
    free_outputs(&outputs);
}

static void outputs_left_out_are_taken(void **state)
{
    struct scene *scene = *state;
    struct sc_error *err = &scene->err;
    elsewhere(scene, people_rows);
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct sc_db *q = sc_queue(batch);
    struct q_people *rows;
    struct q_person_with_row *with;
    struct q_stats_row *stats;
    struct q_people_new two[] = { { .id = SC(50), .email = "m@x" },
                                  { .id = SC(51), .email = "n@x", .score = SC(3) } };
    size_t n;
    QUEUED(q_people_get(q, 1, NULL, err));
    QUEUED(q_people_list_by_team(q, "red", NULL, NULL, err));
    QUEUED(q_person_with(q, 1, NULL, err));
    QUEUED(q_stats_again(q, NULL, NULL, err));
    QUEUED(q_people_insert_many(q, two, 2, NULL, NULL, err));
    QUEUED(q_maybe_of_team(q, "green", NULL, err));
    QUEUED(q_people_get(q, 99, NULL, err));
    EXPECT(SC_MISUSE, q_people_take(batch, 0, &rows, NULL, err)); /* not run yet */
    enum sc_status status = sc_batch_run(batch, err);
    assert_int_equal(status, SC_NOT_FOUND); /* an answer: nothing else failed by it */
    assert_int_equal(err->item, 6);
    EXPECT(SC_OK, q_people_take(batch, 0, &rows, NULL, err));
    assert_string_equal(rows->name, "Ada");
    q_people_free(rows);
    EXPECT(SC_MISUSE, q_people_take(batch, 0, &rows, NULL, err)); /* it is gone */
    assert_null(rows);
    EXPECT(SC_MISUSE, q_stats_take(batch, 1, &stats, &n, err)); /* of another kind */
    EXPECT(SC_MISUSE, q_people_take(batch, 77, &rows, &n, err));
    EXPECT(SC_OK, q_people_take(batch, 1, &rows, &n, err));
    assert_int_equal(n, 3);
    q_people_free(rows);
    EXPECT(SC_OK, q_person_with_take(batch, 2, &with, NULL, err));
    assert_int_equal(with->letters_by_sender_id.count, 10);
    q_person_with_free(with);
    EXPECT(SC_OK, q_stats_take(batch, 3, &stats, &n, err));
    assert_int_equal(n, 3);
    q_stats_free(stats);
    EXPECT(SC_OK, q_people_take(batch, 4, &rows, &n, err));
    assert_int_equal(n, 2);
    assert_string_equal(rows[1].email, "n@x");
    assert_int_equal(rows[1].score, 3);
    q_people_free(rows);
    EXPECT(SC_OK, q_people_take(batch, 5, &rows, NULL, err));
    assert_null(rows);
    EXPECT(SC_NOT_FOUND, q_people_take(batch, 6, &rows, NULL, err));
    assert_null(rows);
    sc_batch_close(batch);
}

/* Those of declared queries; and what was taken, is no other's, or has an owner is not. */
static void bare_values_are_taken(void **state)
{
    struct scene *scene = *state;
    struct sc_error *err = &scene->err;
    elsewhere(scene, people_rows);
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct sc_db *q = sc_queue(batch);
    const char **emails = (void *)1, **name = (void *)1;
    struct sc_maybe_int4 top = SC(5);
    int64_t total = 7, given = 7;
    size_t n = 7;
    QUEUED(q_total(q, NULL, err));
    QUEUED(q_top_score(q, "red", NULL, err));
    QUEUED(q_best_name(q, "blue", NULL, err));
    QUEUED(q_emails(q, NULL, NULL, err));
    QUEUED(q_total(q, &given, err));
    EXPECT(SC_MISUSE, q_total_take(batch, 0, &total, err)); /* it has not run */
    assert_int_equal(total, 0);
    EXPECT(SC_OK, sc_batch_run(batch, err));
    EXPECT(SC_MISUSE, q_top_score_take(batch, 0, &top, err));
    assert_int_equal(top.is, SC_IS_UNSET);
    EXPECT(SC_OK, q_total_take(batch, 0, &total, err));
    EXPECT(SC_OK, q_top_score_take(batch, 1, &top, err));
    EXPECT(SC_OK, q_best_name_take(batch, 2, &name, err));
    EXPECT(SC_OK, q_emails_take(batch, 3, &emails, &n, err));
    assert_int_equal(total, 5);
    assert_int_equal(given, 5);
    assert_int_equal(top.value, 70);
    assert_string_equal(*name, "Dan 100%");
    assert_int_equal(n, 5);
    assert_string_equal(emails[0], "a@x");
    EXPECT(SC_MISUSE, q_total_take(batch, 0, &total, err)); /* taken */
    assert_int_equal(total, 0);
    EXPECT(SC_MISUSE, q_total_take(batch, 4, &total, err)); /* its output was given */
    sc_batch_close(batch);
    assert_string_equal(emails[4], "e@x");
    sc_free(emails);
    sc_free(name);
}

static void what_is_not_taken_is_freed(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, people_rows);
    struct sc_batch *batch = open_batch(scene, scene->db);
    QUEUED(q_everyone(sc_queue(batch), NULL, NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    batch = open_batch(scene, scene->db); /* and one that never runs */
    QUEUED(q_people_delete(sc_queue(batch), 1, &scene->err));
    sc_batch_close(batch);
    SEE("select count(*) from q.people", "5");
}

/* ---- errors ---------------------------------------------------------------------- */

static void an_error_in_the_middle(void **state)
{
    struct scene *scene = *state;
    struct sc_error *err = &scene->err;
    elsewhere(scene, people_rows);
    for (int first = 0; first < 2; first++) { /* prepared by then, the second time */
        struct sc_batch *batch = open_batch(scene, scene->db);
        struct sc_db *q = sc_queue(batch);
        struct q_people *before = (void *)1, *failed = (void *)1, *after = (void *)1;
        struct q_people_new fine = { .id = SC(50), .email = "new@x" };
        struct q_people_new bad = { .id = SC(51), .email = "a@x" };
        int64_t n = 5;
        QUEUED(q_people_get(q, 1, &before, err));
        QUEUED(q_people_insert(q, &fine, NULL, err));
        QUEUED(q_people_insert(q, &bad, &failed, err));
        QUEUED(q_people_get(q, 2, &after, err));
        QUEUED(q_people_count(q, &n, err));
        EXPECT(SC_UNIQUE, sc_batch_run(batch, err));
        assert_int_equal(err->item, 2);
        assert_int_equal(err->constraint, Q_PEOPLE_EMAIL_KEY);
        assert_string_equal(err->query, "q_people_insert");
        for (size_t i = 0; i < 5; i++) {
            struct sc_error own = { 0 };
            assert_int_equal(sc_batch_status(batch, i, &own),
                             i == 2 ? SC_UNIQUE : SC_NOT_RUN);
            assert_int_equal(own.item, i);
        }
        assert_null(before);
        assert_null(failed);
        assert_null(after);
        assert_int_equal(n, 0);
        EXPECT(SC_MISUSE, sc_batch_run(batch, err)); /* it runs once */
        sc_batch_close(batch);
        SEE("select count(*) from q.people", "5");
    }
}

/* A call that is refused at once spoils the batch: a part of it would be another
 * batch. */
static void a_refusal_when_queued(void **state)
{
    struct scene *scene = *state;
    struct q_people_new values = { .id = SC(50), .email = "new@x" };
    struct q_people_new missing = { .id = SC(51) };
    int sent;
    struct sc_batch *batch = open_batch(scene, scene->db);
    QUEUED(q_people_insert(sc_queue(batch), &values, NULL, &scene->err));
    EXPECT(SC_NOT_NULL, q_people_insert(sc_queue(batch), &missing, NULL, &scene->err));
    count_statements(scene->db, &sent);
    EXPECT(SC_NOT_NULL, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 1);
    assert_string_equal(scene->err.column, "email");
    assert_int_equal(sent, 0);
    sc_batch_close(batch);
    SEE("select count(*) from q.people", "0");
}

/* A version that does not fit is an answer: the batch's other calls are done. */
static void answers_that_are_no_rows(void **state)
{
    struct scene *scene = *state;
    struct r_stocks_new values = { .item = "a", .place = "b", .amount = SC(1) };
    struct r_stocks_patch patch = { .amount = SC(2) };
    struct r_stocks *row = (void *)1;
    EXPECT(SC_OK, r_stocks_insert(scene->db, &values, NULL, &scene->err));
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct sc_db *q = sc_queue(batch);
    QUEUED(r_stocks_update(q, "a", "b", 7, &patch, NULL, &scene->err));
    QUEUED(r_stocks_update(q, "a", "c", 0, &patch, NULL, &scene->err));
    QUEUED(r_stocks_update(q, "a", "b", 0, &patch, &row, &scene->err));
    QUEUED(r_stocks_delete(q, "a", "c", &scene->err));
    EXPECT(SC_STALE, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 0);
    static const enum sc_status want[] = { SC_STALE, SC_NOT_FOUND, SC_OK,
                                           SC_NOT_FOUND };
    for (size_t i = 0; i < COUNT(want); i++)
        assert_int_equal(sc_batch_status(batch, i, NULL), want[i]);
    assert_int_equal(row->v, 1);
    r_stocks_free(row);
    sc_batch_close(batch);
    SEE("select amount from r.stocks", "2");
}

/* ---- in a transaction ------------------------------------------------------------ */

static void in_a_transaction(void **state)
{
    struct scene *scene = *state;
    struct q_people_new values = { .id = SC(50), .email = "new@x" };
    struct sc_db *tx;
    int64_t n = 0;
    for (int commit = 0; commit < 2; commit++) {
        EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
        struct sc_batch *batch = open_batch(scene, tx);
        QUEUED(q_people_insert(sc_queue(batch), &values, NULL, &scene->err));
        QUEUED(q_people_count(sc_queue(batch), &n, &scene->err));
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        sc_batch_close(batch);
        assert_int_equal(n, 1);
        SEE("select count(*) from q.people", "0");
        if (commit)
            EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
        else
            sc_tx_rollback(tx);
    }
    SEE("select count(*) from q.people", "1");
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    struct sc_batch *batch = open_batch(scene, tx);
    QUEUED(q_people_insert(sc_queue(batch), &values, NULL, &scene->err));
    EXPECT(SC_UNIQUE, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    EXPECT(SC_NOT_RUN, q_people_count(tx, &n, &scene->err));
    EXPECT(SC_UNIQUE, sc_tx_commit(tx, &scene->err));
}

/* Parents and children of several calls share the flight, and each call has one block. */
static void many_parents_with_their_children(void **state)
{
    struct scene *scene = *state;
    static const enum sc_batch_mode modes[] = { SC_ALL_OR_NOTHING, SC_INDEPENDENT };
    elsewhere(scene, people_rows);
    for (size_t i = 0; i < COUNT(modes); i++) {
        struct q_team_with_row *red = (void *)1, *blue = (void *)1, *none = (void *)1;
        size_t nred = 9, nblue = 9, nnone = 9;
        const struct sc_batch_options options = { .mode = modes[i] };
        struct sc_batch *batch = open_batch(scene, scene->db);
        struct sc_db *q = sc_queue(batch);
        EXPECT(SC_OK, sc_batch_set(batch, &options, &scene->err));
        QUEUED(q_team_with(q, "red", &red, &nred, &scene->err));
        QUEUED(q_team_with(q, "blue", NULL, NULL, &scene->err));
        QUEUED(q_team_with(q, "none", &none, &nnone, &scene->err));
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        EXPECT(SC_OK, q_team_with_take(batch, 1, &blue, &nblue, &scene->err));
        sc_batch_close(batch);
        assert_int_equal(nred, 3);
        assert_int_equal(red[0].letters_by_reader_id.count, 0);
        assert_int_equal(red[1].letters_by_reader_id.count, 5);
        assert_string_equal(red[1].letters_by_reader_id.items[4].body, "letter 10");
        assert_string_equal(red[2].letters_by_reader_id.items[0].body, "late");
        assert_int_equal(nblue, 1);
        assert_string_equal(blue->people.name, "Dan 100%");
        assert_null(blue->letters_by_reader_id.items);
        assert_null(none);
        assert_int_equal(nnone, 0);
        q_team_with_free(red);
        q_team_with_free(blue);
    }
}

/* How many of the connection's statements are such. */
static int prepared(struct scene *scene, const char *like)
{
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db,
                           "select count(*) from pg_prepared_statements"
                           " where statement like $1",
                           &like, 1, &rows, &scene->err));
    int count = atoi(sc_rows_value(rows, 0, 0));
    sc_rows_free(rows);
    return count;
}

static void queue_changes(struct scene *scene, struct sc_db *q, struct q_people **given)
{
    struct sc_error *err = &scene->err;
    const struct q_people_new one = { .id = SC(50), .email = "m@x" },
                              other = { .id = SC(51), .email = "n@x" },
                              more[] = { { .id = SC(52), .email = "o@x" },
                                         { .id = SC(53), .email = "p@x" } };
    const struct q_people_patch patch = { .name = SC("Ann") };
    QUEUED(q_people_insert(q, &one, NULL, err));
    QUEUED(q_people_insert(q, &other, given, err));
    QUEUED(q_people_insert_many(q, more, 2, NULL, NULL, err));
    QUEUED(q_people_update(q, 1, &patch, NULL, err));
    QUEUED(q_people_upsert_by_email(q, &one, NULL, err));
    QUEUED(q_people_get(q, 1, NULL, err));
}

/* SC_ROWS_GIVEN: writes ask only for rows that somebody wants, and nothing is kept. */
static void only_rows_that_are_given(void **state)
{
    struct scene *scene = *state;
    struct sc_error *err = &scene->err;
    const struct sc_batch_options options = { .rows = SC_ROWS_GIVEN };
    struct q_people *given, *taken = (void *)1;
    elsewhere(scene, people_rows);
    struct sc_batch *batch = open_batch(scene, scene->db);
    EXPECT(SC_OK, sc_batch_set(batch, &options, err));
    queue_changes(scene, sc_queue(batch), &given);
    assert_null(given);
    EXPECT(SC_MISUSE, q_people_take(batch, 0, &taken, NULL, err));
    assert_string_equal(err->message, "the batch has not run");
    EXPECT(SC_OK, sc_batch_run(batch, err));
    assert_int_equal(prepared(scene, "%insert into%"), 4);
    assert_int_equal(prepared(scene, "%insert into%returning%"), 1);
    assert_int_equal(prepared(scene, "%update %returning%"), 0);
    assert_string_equal(given->email, "n@x");
    q_people_free(given);
    for (size_t i = 0; i < 6; i++) {
        EXPECT(SC_OK, sc_batch_status(batch, i, err));
        EXPECT(SC_MISUSE, q_people_take(batch, i, &taken, NULL, err));
        assert_string_equal(err->message,
                            "the batch keeps no rows: give the call an output");
        assert_null(taken);
    }
    SEE("select count(*) from q.people where id >= 50", "4");
    SEE("select name from q.people where id = 1", "Ann");
    sc_batch_reset(batch); /* with the same options */
    const struct q_people_patch nobody = { .name = SC("Nobody") };
    QUEUED(q_people_update(sc_queue(batch), 99, &nobody, NULL, err));
    EXPECT(SC_NOT_FOUND, sc_batch_run(batch, err));
    sc_batch_close(batch);
}

static void there_is_no_such_choice_of_rows(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, scene->db);
    const struct sc_batch_options options = { .rows = (enum sc_batch_rows)7 };
    EXPECT(SC_MISUSE, sc_batch_set(batch, &options, &scene->err));
    sc_batch_close(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(outputs_are_filled_on_run),
        FEATURE_TEST(outputs_left_out_are_taken),
        FEATURE_TEST(many_parents_with_their_children),
        FEATURE_TEST(bare_values_are_taken),
        FEATURE_TEST(what_is_not_taken_is_freed),
        FEATURE_TEST(an_error_in_the_middle),
        FEATURE_TEST(a_refusal_when_queued),
        FEATURE_TEST(answers_that_are_no_rows),
        FEATURE_TEST(in_a_transaction),
        FEATURE_TEST(only_rows_that_are_given),
        FEATURE_TEST(there_is_no_such_choice_of_rows),
    };
    return RUN_FEATURES("features_batch", tests);
}
