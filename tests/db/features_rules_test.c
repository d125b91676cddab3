/* features_rules_test.c: what a schema promises of rows, through generated functions:
 * soft delete, version, on update. */
#include "tests/db/support/features.h"

static struct r_docs *add_doc(struct scene *scene, const char *slug, const char *owner,
                              const char *title)
{
    struct r_docs_new values = { .slug = slug, .owner = owner, .title = title };
    struct r_docs *doc;
    EXPECT(SC_OK, r_docs_insert(scene->db, &values, &doc, &scene->err));
    assert_string_equal(doc->slug, slug);
    assert_false(sc_has(doc->deleted_at));
    return doc;
}

static int64_t add_doc_id(struct scene *scene, const char *slug)
{
    struct r_docs *doc = add_doc(scene, slug, "ada", slug);
    int64_t id = doc->id;
    r_docs_free(doc);
    return id;
}

/* ---- soft delete ----------------------------------------------------------------- */

static void delete_marks_the_row(void **state)
{
    struct scene *scene = *state;
    int64_t id = add_doc_id(scene, "a");
    EXPECT(SC_OK, r_docs_delete(scene->db, id, &scene->err));
    SEE("select deleted_at between now() - interval '1 minute' and now() from r.docs",
        "t");
    EXPECT(SC_NOT_FOUND, r_docs_delete(scene->db, id, &scene->err));
    EXPECT(SC_NOT_FOUND, r_docs_delete(scene->db, 77, &scene->err));
    assert_string_equal(scene->err.query, "r_docs_delete");
}

/* Each derived read of docs sees the row, or does not. */
static void expect_living(struct scene *scene, int64_t id, bool seen)
{
    struct sc_db *db = scene->db;
    struct sc_error *err = &scene->err;
    struct r_docs *docs = (void *)1;
    struct r_docs_get_with_notes_row *nested = (void *)1;
    enum sc_status found = seen ? SC_OK : SC_NOT_FOUND;
    size_t n, want = seen ? 1 : 0;
    int64_t count = 9;
    bool there = !seen;
    const char *slugs[] = { "a" }, *owners[] = { "ada" };
    struct sc_int8s ids = SC_LIST(&id, 1);
    struct sc_texts by_slug = SC_LIST(slugs, 1), by_owner = SC_LIST(owners, 1);

    EXPECT(found, r_docs_get(db, id, &docs, err));
    assert_int_equal(docs != NULL, seen);
    r_docs_free(docs);
    EXPECT(found, r_docs_by_slug(db, "a", &docs, err));
    r_docs_free(docs);
    EXPECT(found, r_docs_by_owner_title(db, "ada", "a", &docs, err));
    r_docs_free(docs);
    EXPECT(found, r_docs_get_with_notes(db, id, &nested, err));
    r_docs_get_with_notes_free(nested);

#define SEEN(call)             \
    EXPECT(SC_OK, call);       \
    assert_int_equal(n, want); \
    r_docs_free(docs)
    SEEN(r_docs_get_many(db, ids, &docs, &n, err));
    SEEN(r_docs_many_by_slug(db, by_slug, &docs, &n, err));
    SEEN(r_docs_many_by_owner_title(db, by_owner, by_slug, &docs, &n, err));
    SEEN(r_docs_list_by_owner(db, "ada", &docs, &n, err));
    SEEN(r_docs_list_by_owner_id(db, "ada", id, &docs, &n, err));
    SEEN(r_docs_page_in_id(db, NULL, 5, &docs, &n, err));
    SEEN(r_docs_page_by_owner(db, "ada", NULL, 5, &docs, &n, err));
    SEEN(r_docs_page_in_owner_id(db, NULL, 5, &docs, &n, err));
#undef SEEN

#define EXISTS(call)     \
    EXPECT(SC_OK, call); \
    assert_int_equal(there, seen)
    EXISTS(r_docs_exists(db, id, &there, err));
    EXISTS(r_docs_exists_by_slug(db, "a", &there, err));
    EXISTS(r_docs_exists_by_owner_title(db, "ada", "a", &there, err));
#undef EXISTS

#define COUNTED(call)    \
    EXPECT(SC_OK, call); \
    assert_int_equal(count, want)
    COUNTED(r_docs_count(db, &count, err));
    COUNTED(r_docs_count_by_owner(db, "ada", &count, err));
    COUNTED(r_docs_count_by_owner_id(db, "ada", id, &count, err));
#undef COUNTED
}

/* Every with-deleted form sees the row, whatever became of it. */
static void expect_remembered(struct scene *scene, int64_t id, bool deleted)
{
    struct sc_db *db = scene->db;
    struct sc_error *err = &scene->err;
    struct r_docs *docs;
    size_t n;
    int64_t count;
#define SEEN(call)                                       \
    EXPECT(SC_OK, call);                                 \
    assert_int_equal(n, 1);                              \
    assert_int_equal(docs->id, id);                      \
    assert_int_equal(sc_has(docs->deleted_at), deleted); \
    r_docs_free(docs)
    n = 1;
    SEEN(r_docs_get_with_deleted(db, id, &docs, err));
    SEEN(r_docs_by_slug_with_deleted(db, "a", &docs, &n, err));
    SEEN(r_docs_by_owner_title_with_deleted(db, "ada", "a", &docs, &n, err));
    SEEN(r_docs_list_by_owner_with_deleted(db, "ada", &docs, &n, err));
    SEEN(r_docs_list_by_owner_id_with_deleted(db, "ada", id, &docs, &n, err));
    SEEN(r_docs_page_in_id_with_deleted(db, NULL, 5, &docs, &n, err));
#undef SEEN
    EXPECT(SC_OK, r_docs_count_with_deleted(db, &count, err));
    assert_int_equal(count, 1);
}

static void reads_leave_deleted_rows_out(void **state)
{
    struct scene *scene = *state;
    int64_t id = add_doc_id(scene, "a");
    expect_living(scene, id, true);
    expect_remembered(scene, id, false);
    EXPECT(SC_OK, r_docs_delete(scene->db, id, &scene->err));
    expect_living(scene, id, false);
    expect_remembered(scene, id, true);
    EXPECT(SC_OK, r_docs_restore(scene->db, id, &scene->err));
    expect_living(scene, id, true);
    expect_remembered(scene, id, false);
    EXPECT(SC_NOT_FOUND, r_docs_restore(scene->db, id, &scene->err));
}

static void a_deleted_row_is_not_updated(void **state)
{
    struct scene *scene = *state;
    int64_t id = add_doc_id(scene, "a");
    struct r_docs_patch patch = { .title = SC("new") };
    EXPECT(SC_OK, r_docs_delete(scene->db, id, &scene->err));
    EXPECT(SC_NOT_FOUND, r_docs_update(scene->db, id, 1, &patch, NULL, &scene->err));
    SEE("select title from r.docs", "a");
}

static void purge_removes_the_row(void **state)
{
    struct scene *scene = *state;
    int64_t living = add_doc_id(scene, "a"), deleted = add_doc_id(scene, "b");
    EXPECT(SC_OK, r_docs_delete(scene->db, deleted, &scene->err));
    EXPECT(SC_OK, r_docs_purge(scene->db, deleted, &scene->err));
    EXPECT(SC_NOT_FOUND, r_docs_purge(scene->db, deleted, &scene->err));
    SEE("select count(*) from r.docs", "1");
    EXPECT(SC_OK, r_docs_purge(scene->db, living, &scene->err));
    SEE("select count(*) from r.docs", "0");
}

static void keys_are_unique_among_the_living(void **state)
{
    struct scene *scene = *state;
    int64_t first = add_doc_id(scene, "a");
    struct r_docs_new again = { .slug = "a", .owner = "bob", .title = "x" };
    struct r_docs_new title = { .slug = "b", .owner = "ada", .title = "a" };
    struct r_docs *docs;
    size_t n;
    EXPECT(SC_UNIQUE, r_docs_insert(scene->db, &again, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, R_DOCS_SLUG_KEY);
    EXPECT(SC_UNIQUE, r_docs_insert(scene->db, &title, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, R_DOCS_OWNER_TITLE_KEY);

    EXPECT(SC_OK, r_docs_delete(scene->db, first, &scene->err));
    EXPECT(SC_OK, r_docs_insert(scene->db, &again, NULL, &scene->err));
    EXPECT(SC_OK, r_docs_insert(scene->db, &title, NULL, &scene->err));
    EXPECT(SC_UNIQUE, r_docs_restore(scene->db, first, &scene->err));
    assert_true(scene->err.constraint == R_DOCS_SLUG_KEY ||
                scene->err.constraint == R_DOCS_OWNER_TITLE_KEY);

    EXPECT(SC_OK, r_docs_by_slug_with_deleted(scene->db, "a", &docs, &n, &scene->err));
    assert_int_equal(n, 2);
    r_docs_free(docs);
    EXPECT(SC_OK, r_docs_by_slug(scene->db, "a", &docs, &scene->err));
    assert_string_equal(docs->owner, "bob");
    r_docs_free(docs);
}

static void upsert_meets_the_living_only(void **state)
{
    struct scene *scene = *state;
    struct r_docs_new values = { .slug = "a", .owner = "ada", .title = "one" };
    struct r_docs *doc;
    EXPECT(SC_OK, r_docs_upsert_by_slug(scene->db, &values, &doc, &scene->err));
    int64_t first = doc->id;
    r_docs_free(doc);
    values.title = "two";
    EXPECT(SC_OK, r_docs_upsert_by_slug(scene->db, &values, &doc, &scene->err));
    assert_int_equal(doc->id, first);
    assert_string_equal(doc->title, "two");
    r_docs_free(doc);
    values.slug = "b";
    EXPECT(SC_OK, r_docs_upsert_by_owner_title(scene->db, &values, &doc, &scene->err));
    assert_int_equal(doc->id, first);
    assert_string_equal(doc->slug, "b");
    r_docs_free(doc);

    EXPECT(SC_OK, r_docs_delete(scene->db, first, &scene->err));
    EXPECT(SC_OK, r_docs_upsert_by_slug(scene->db, &values, &doc, &scene->err));
    assert_true(doc->id != first);
    assert_false(sc_has(doc->deleted_at));
    r_docs_free(doc);
    SEE("select string_agg(title || (deleted_at is null), ' ' order by id) from r.docs",
        "twofalse twotrue");
}

/* The primary key stays whole: a deleted row still holds it. */
static void soft_delete_behind_a_natural_key(void **state)
{
    struct scene *scene = *state;
    struct r_tags_new values = { .name = "red", .color = "f00" };
    struct r_tags *tag;
    size_t n;
    EXPECT(SC_OK, r_tags_insert(scene->db, &values, NULL, &scene->err));
    EXPECT(SC_OK, r_tags_delete(scene->db, "red", &scene->err));
    EXPECT(SC_NOT_FOUND, r_tags_get(scene->db, "red", &tag, &scene->err));
    assert_null(tag);
    EXPECT(SC_UNIQUE, r_tags_insert(scene->db, &values, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, R_TAGS_PKEY);
    EXPECT(SC_OK, r_tags_get_with_deleted(scene->db, "red", &tag, &scene->err));
    assert_true(sc_has(tag->gone_at));
    r_tags_free(tag);
    EXPECT(SC_OK, r_tags_page_in_name(scene->db, NULL, 5, &tag, &n, &scene->err));
    assert_int_equal(n, 0);
    assert_null(tag);
    EXPECT(SC_OK, r_tags_restore(scene->db, "red", &scene->err));
    EXPECT(SC_OK, r_tags_get(scene->db, "red", &tag, &scene->err));
    assert_string_equal(tag->color, "f00");
    r_tags_free(tag);
}

/* ---- version --------------------------------------------------------------------- */

static void of_two_updaters_one_is_stale(void **state)
{
    struct scene *scene = *state;
    struct r_docs *doc = add_doc(scene, "a", "ada", "one");
    struct r_docs_patch first = { .title = SC("first") };
    struct r_docs_patch second = { .title = SC("second") };
    struct r_docs *after;
    assert_int_equal(doc->revision, 1);
    EXPECT(SC_OK, r_docs_update(scene->db, doc->id, doc->revision, &first, &after,
                                &scene->err));
    assert_int_equal(after->revision, 2);
    assert_string_equal(after->title, "first");
    assert_string_equal(after->slug, "a");
    r_docs_free(after);
    EXPECT(SC_STALE, r_docs_update(scene->db, doc->id, doc->revision, &second, &after,
                                   &scene->err));
    assert_null(after);
    assert_string_equal(scene->err.query, "r_docs_update");
    EXPECT(SC_STALE, r_docs_update(scene->db, doc->id, doc->revision, &second, NULL,
                                   &scene->err));
    SEE("select title || revision from r.docs", "first2");
    EXPECT(SC_OK, r_docs_update(scene->db, doc->id, 2, &second, NULL, &scene->err));
    SEE("select title || revision from r.docs", "second3");
    EXPECT(SC_NOT_FOUND,
           r_docs_update(scene->db, doc->id + 1, 3, &second, &after, &scene->err));
    assert_null(after);
    EXPECT(SC_NOT_FOUND,
           r_docs_update(scene->db, doc->id + 1, 3, &second, NULL, &scene->err));
    r_docs_free(doc);
}

/* The second updater waits for the first one's row, and must not overwrite it. */
static void a_version_holds_against_an_open_transaction(void **state)
{
    struct scene *scene = *state;
    struct r_docs *doc = add_doc(scene, "a", "ada", "one");
    struct r_docs_patch patch = { .title = SC("mine") };
    PGconn *other = PQconnectdb(scene->test.url);
    PQclear(PQexec(other, "begin; update r.docs set title = 'theirs', revision = 2"));
    /* It commits while we wait, in its own session. */
    assert_int_equal(PQsendQuery(other, "select pg_sleep(0.3); commit"), 1);
    EXPECT(SC_STALE, r_docs_update(scene->db, doc->id, 1, &patch, NULL, &scene->err));
    PGresult *result;
    while ((result = PQgetResult(other)) != NULL)
        PQclear(result);
    PQfinish(other);
    SEE("select title from r.docs", "theirs");
    r_docs_free(doc);
}

static void version_behind_two_key_columns(void **state)
{
    struct scene *scene = *state;
    struct r_stocks_new values = { .item = "nut", .place = "x", .amount = SC(5) };
    struct r_stocks_patch patch = { .amount = SC(6) };
    struct r_stocks *stock;
    EXPECT(SC_OK, r_stocks_insert(scene->db, &values, &stock, &scene->err));
    assert_int_equal(stock->v, 0);
    r_stocks_free(stock);
    EXPECT(SC_NOT_FOUND,
           r_stocks_update(scene->db, "nut", "y", 0, &patch, &stock, &scene->err));
    EXPECT(SC_STALE,
           r_stocks_update(scene->db, "nut", "x", 1, &patch, &stock, &scene->err));
    EXPECT(SC_OK,
           r_stocks_update(scene->db, "nut", "x", 0, &patch, &stock, &scene->err));
    assert_int_equal(stock->v, 1);
    assert_int_equal(stock->amount, 6);
    r_stocks_free(stock);
    SC_SET(patch.amount, -1);
    EXPECT(SC_CHECK,
           r_stocks_update(scene->db, "nut", "x", 1, &patch, &stock, &scene->err));
    assert_int_equal(scene->err.constraint, R_STOCKS_AMOUNT_CHECK);
    assert_null(stock);
    SEE("select v from r.stocks", "1");
}

/* The key in the call says which row, the one in the patch what becomes of it. */
static void a_key_can_be_changed(void **state)
{
    struct scene *scene = *state;
    struct r_stocks_new values = { .item = "nut", .place = "x", .amount = SC(5) };
    struct r_stocks_patch patch = { .place = SC("z") };
    struct r_stocks *stock;
    EXPECT(SC_OK, r_stocks_insert(scene->db, &values, NULL, &scene->err));
    EXPECT(SC_OK,
           r_stocks_update(scene->db, "nut", "x", 0, &patch, &stock, &scene->err));
    assert_string_equal(stock->place, "z");
    r_stocks_free(stock);
    EXPECT(SC_NOT_FOUND,
           r_stocks_update(scene->db, "nut", "x", 1, &patch, NULL, &scene->err));
}

/* What refers to the row goes on referring to it. */
static void an_upsert_moves_no_row_to_another_primary_key(void **state)
{
    struct scene *scene = *state;
    struct r_keys_new values = { .token = "first", .code = "c", .owner = "ada" };
    struct r_keys *key;
    EXPECT(SC_OK, r_keys_insert(scene->db, &values, NULL, &scene->err));
    values.token = "second";
    values.owner = "bob";
    EXPECT(SC_OK, r_keys_upsert_by_code(scene->db, &values, &key, &scene->err));
    assert_string_equal(key->token, "first");
    assert_string_equal(key->owner, "bob");
    r_keys_free(key);
    SEE("select string_agg(token || owner, ' ') from r.keys", "firstbob");
}

static void upsert_raises_the_version(void **state)
{
    struct scene *scene = *state;
    struct r_stocks_new values = { .item = "nut", .place = "x", .amount = SC(5) };
    struct r_stocks *stock;
    for (int i = 0; i < 3; i++) {
        EXPECT(SC_OK, r_stocks_upsert(scene->db, &values, &stock, &scene->err));
        assert_int_equal(stock->v, i);
        r_stocks_free(stock);
    }
}

/* ---- on update ------------------------------------------------------------------- */

static void every_update_sets_on_update(void **state)
{
    struct scene *scene = *state;
    struct r_docs *doc = add_doc(scene, "a", "ada", "one");
    struct r_docs_patch patch = { .title = SC("new") };
    struct r_docs *after;
    assert_int_equal(doc->touched, 0);
    EXPECT(SC_OK, r_docs_update(scene->db, doc->id, 1, &patch, &after, &scene->err));
    assert_int_equal(after->touched, 1);
    r_docs_free(after);
    r_docs_free(doc);
    SEE("select touched from r.docs", "1");
}

static void an_upsert_that_updates_sets_on_update(void **state)
{
    struct scene *scene = *state;
    struct r_docs_new values = { .slug = "a", .owner = "ada", .title = "one" };
    struct r_docs *doc;
    for (int i = 0; i < 2; i++) {
        EXPECT(SC_OK, r_docs_upsert_by_slug(scene->db, &values, &doc, &scene->err));
        assert_int_equal(doc->touched, i);
        assert_int_equal(doc->revision, 1 + i);
        r_docs_free(doc);
    }
    struct r_stocks_new stock = { .item = "nut", .place = "x", .amount = SC(5) };
    EXPECT(SC_OK, r_stocks_upsert(scene->db, &stock, NULL, &scene->err));
    SEE("select extract(year from at) from r.stocks", "2000");
    EXPECT(SC_OK, r_stocks_upsert(scene->db, &stock, NULL, &scene->err));
    SEE("select extract(year from at at time zone 'UTC') from r.stocks", "2001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(delete_marks_the_row),
        FEATURE_TEST(reads_leave_deleted_rows_out),
        FEATURE_TEST(a_deleted_row_is_not_updated),
        FEATURE_TEST(purge_removes_the_row),
        FEATURE_TEST(keys_are_unique_among_the_living),
        FEATURE_TEST(upsert_meets_the_living_only),
        FEATURE_TEST(soft_delete_behind_a_natural_key),
        FEATURE_TEST(of_two_updaters_one_is_stale),
        FEATURE_TEST(a_version_holds_against_an_open_transaction),
        FEATURE_TEST(version_behind_two_key_columns),
        FEATURE_TEST(a_key_can_be_changed),
        FEATURE_TEST(an_upsert_moves_no_row_to_another_primary_key),
        FEATURE_TEST(upsert_raises_the_version),
        FEATURE_TEST(every_update_sets_on_update),
        FEATURE_TEST(an_upsert_that_updates_sets_on_update),
    };
    return RUN_FEATURES("features_rules", tests);
}
