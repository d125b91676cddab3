/* features_text_test.c: stmt_text() says what is sent: the texts that the runtime makes of
 * generated descriptors, seen through the hooks, are those that the compiler tells. */
#include "tests/db/support/features.h"
#include "sql/stmt.h"
#include "tests/support/schema.h"

static struct test_schema schema;
static char sent[4000];

static void remember(void *user, const struct sc_event *event)
{
    (void)user;
    snprintf(sent, sizeof sent, "%s", event->sql);
}

static void listen(struct scene *scene)
{
    struct sc_hooks hooks = { .start = remember };
    sc_set_hooks(scene->db, &hooks);
}

/* names: "item place", the given columns; NULL: no statement of given columns. */
static void check(const char *table, const char *name, const char *names,
                  bool returning, uint64_t bits)
{
    const struct stmt *stmt = test_find_stmt(&schema, table, name);
    bool columns[40] = { false };
    assert_non_null(stmt);
    for (size_t i = 0; names && i < stmt->table->columns.n; i++) {
        struct str column = stmt->table->columns.items[i]->name.name;
        for (const char *s = names; *s; s += strcspn(s, " "), s += *s == ' ')
            columns[i] |= str_eq(column, (struct str){ s, strcspn(s, " ") });
    }
    struct str text = stmt_text(&schema.arena, stmt,
                                (struct stmt_variant){ .bits = bits,
                                                       .columns = columns,
                                                       .returning = returning });
    assert_string_equal(sent, text.s);
}

static void inserts(void **state)
{
    struct scene *scene = *state;
    struct r_stocks_new one = { .item = "a", .place = "b", .amount = SC(1) };
    struct r_stocks *row;
    listen(scene);
    EXPECT(SC_OK, r_stocks_insert(scene->db, &one, &row, &scene->err));
    r_stocks_free(row);
    check("r.stocks", "insert", "item place amount", true, 0);
    EXPECT(SC_OK, r_stocks_upsert(scene->db, &one, NULL, &scene->err));
    check("r.stocks", "upsert", "item place amount", false, 0);
    one.amount = (struct sc_maybe_int4)SC(2);
    one.v = (struct sc_maybe_int8)SC(7);
    EXPECT(SC_OK, r_stocks_upsert(scene->db, &one, NULL, &scene->err));
    check("r.stocks", "upsert", "item place amount v", false, 0);

    /* What may be NULL and has no default is written as NULL when it is left out. */
    struct r_docs_new doc = { .slug = "s", .owner = "o", .title = "t" };
    EXPECT(SC_OK, r_docs_insert(scene->db, &doc, NULL, &scene->err));
    check("r.docs", "insert", "slug owner title password deleted_at", false, 0);
    doc.title = "u";
    EXPECT(SC_OK, r_docs_upsert_by_slug(scene->db, &doc, NULL, &scene->err));
    check("r.docs", "upsert_by_slug", "slug owner title", false, 0);
}

static void inserts_of_many(void **state)
{
    struct scene *scene = *state;
    struct r_tags_new tags[] = { { .name = "a" }, { .name = "b", .color = "red" } };
    struct r_tags *rows;
    size_t n;
    listen(scene);
    EXPECT(SC_OK, r_tags_insert_many(scene->db, tags, 2, &rows, &n, &scene->err));
    r_tags_free(rows);
    check("r.tags", "insert_many", "name color", true, 0);
}

static void updates(void **state)
{
    struct scene *scene = *state;
    struct r_stocks_new one = { .item = "a", .place = "b", .amount = SC(1) };
    struct r_stocks_patch patch = { .amount = SC(5) };
    struct r_tags_new tag = { .name = "a" };
    struct r_tags_patch color = { .color = SC_NULL };
    listen(scene);
    EXPECT(SC_OK, r_stocks_insert(scene->db, &one, NULL, &scene->err));
    EXPECT(SC_OK, r_stocks_update(scene->db, "a", "b", 0, &patch, NULL, &scene->err));
    check("r.stocks", "update", "amount", true, 0);
    EXPECT(SC_OK, r_tags_insert(scene->db, &tag, NULL, &scene->err));
    EXPECT(SC_OK, r_tags_update(scene->db, "a", &color, NULL, &scene->err));
    check("r.tags", "update", "color", false, 0);
}

static void variants(void **state)
{
    struct scene *scene = *state;
    struct v_echo_any_args args = { .x = "3" };
    struct r_docs_page_by_owner_cursor after = { .id = 5 };
    struct r_docs *rows;
    size_t n;
    int32_t value;
    listen(scene);
    EXPECT(SC_OK, v_echo_any(scene->db, &args, &value, &scene->err));
    check(NULL, "echo_any", NULL, false, 0);
    args.y = (struct sc_maybe_int4)SC(4);
    EXPECT(SC_OK, v_echo_any(scene->db, &args, &value, &scene->err));
    assert_int_equal(value, 7);
    check(NULL, "echo_any", NULL, false, 1);
    EXPECT(SC_OK,
           r_docs_page_by_owner(scene->db, "o", NULL, 3, &rows, &n, &scene->err));
    check("r.docs", "page_by_owner", NULL, false, 0);
    EXPECT(SC_OK,
           r_docs_page_by_owner(scene->db, "o", &after, 3, &rows, &n, &scene->err));
    check("r.docs", "page_by_owner", NULL, false, 1);
    EXPECT(SC_NOT_FOUND, r_docs_get(scene->db, 1, &rows, &scene->err));
    check("r.docs", "get", NULL, false, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(inserts),
        FEATURE_TEST(inserts_of_many),
        FEATURE_TEST(updates),
        FEATURE_TEST(variants),
    };
    if (test_schema_read(&schema, "tests/db/features.schema") != 0)
        return 1;
    int failed = RUN_FEATURES("features_text", tests);
    test_schema_close(&schema);
    return failed;
}
