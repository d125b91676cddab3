/* parser_table_test.c: the tree of tables and of all that stands in them. */
#include "tests/support/parsing.h"

static void test_table_head(void **state)
{
    const struct ast_table *table =
        first(state, "unlogged table t with (fillfactor = 70) was a, b tablespace fast "
                     "as people { }")
            ->table;
    assert_true(table->unlogged);
    assert_sql(table->with, "fillfactor = 70", 3);
    assert_str(table->tablespace.text, "fast");
    assert_str(table->c_name.text, "people");
    assert_int_equal(table->was.n, 2);
    assert_int_equal(table->members.n, 0);
}

static void test_types(void **state)
{
    static const struct {
        const char *text, *name;
        size_t modifiers;
        int dimensions;
        bool nullable;
    } cases[] = {
        { "a text;", "text", 0, 0, false },
        { "a numeric(10, -2)?;", "numeric", 2, 0, true },
        { "a Double  PRECISION;", "double precision", 0, 0, false },
        { "a character varying(20)[]?;", "character varying", 1, 1, true },
        { "a bit varying;", "bit varying", 0, 0, false },
        { "a timestamp(3) with time zone [][3];", "timestamp with time zone", 1, 2,
          false },
        { "a time without time zone;", "time without time zone", 0, 0, false },
        { "a geometry(Point, 4326)?;", "geometry", 2, 0, true },
        { "a \"double precision\";", "double precision", 0, 0, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ast_type *type = &column(state, cases[i].text)->type;
        assert_str(type->name.name.text, cases[i].name);
        assert_int_equal(type->modifiers.n, cases[i].modifiers);
        assert_int_equal(type->dimensions, cases[i].dimensions);
        assert_int_equal(type->nullable, cases[i].nullable);
    }
    const struct ast_type *type = &column(state, "a gis.geometry(Point, -1)[]?;")->type;
    assert_str(type->name.schema.text, "gis");
    assert_str(type->modifiers.items[0].text, "Point");
    assert_str(type->modifiers.items[1].text, "-1");
    assert_span(type->span, "gis.geometry(Point, -1)[]?");
}

static void test_attributes_in_source_order(void **state)
{
    const struct ast_column *found = column(
        state,
        "\"A b\" text secret version soft delete identity identity by default "
        "generated (a || b) unique unique nulls not distinct primary key "
        "check (a > 0) check pos (a > 0) collate pg_catalog.\"C\" storage external "
        "on update now() was x, y backfill ('x' || i) using (a::int4) as c_NAME;");
    static const struct {
        enum ast_attr_kind kind;
        const char *text;
    } expected[] = {
        { AST_ATTR_SECRET, "secret" },
        { AST_ATTR_VERSION, "version" },
        { AST_ATTR_SOFT_DELETE, "soft delete" },
        { AST_ATTR_IDENTITY, "identity" },
        { AST_ATTR_IDENTITY, "identity by default" },
        { AST_ATTR_GENERATED, NULL },
        { AST_ATTR_UNIQUE, "unique" },
        { AST_ATTR_UNIQUE, "unique nulls not distinct" },
        { AST_ATTR_PRIMARY_KEY, "primary key" },
        { AST_ATTR_CHECK, NULL },
        { AST_ATTR_CHECK, NULL },
        { AST_ATTR_COLLATE, "collate pg_catalog.\"C\"" },
        { AST_ATTR_STORAGE, "storage external" },
        { AST_ATTR_ON_UPDATE, "on update now()" },
        { AST_ATTR_WAS, "was x, y" },
        { AST_ATTR_BACKFILL, NULL },
        { AST_ATTR_USING, NULL },
    };
    assert_int_equal(found->attrs.n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < found->attrs.n; i++) {
        assert_int_equal(found->attrs.items[i].kind, expected[i].kind);
        if (expected[i].text)
            assert_span(found->attrs.items[i].span, expected[i].text);
    }
    assert_str(found->name.text, "A b");
    assert_str(found->c_name.text, "c_NAME");
    assert_false(found->attrs.items[3].by_default);
    assert_true(found->attrs.items[4].by_default);
    assert_sql(found->attrs.items[5].sql, "a || b", 3);
    assert_true(found->attrs.items[7].nulls_not_distinct);
    assert_int_equal(found->attrs.items[9].name.text.n, 0);
    assert_str(found->attrs.items[10].name.text, "pos");
    assert_str(found->attrs.items[11].qname.name.text, "C");
    assert_sql(found->attrs.items[13].sql, "now()", 3);
    assert_int_equal(found->attrs.items[14].names.n, 2);
}

static void test_defaults(void **state)
{
    static const struct {
        const char *text, *sql;
        size_t ntokens;
    } cases[] = {
        { "a int4 default -1;", "-1", 2 },
        { "a text default 'a'::text;", "'a'::text", 3 },
        { "a text[] default array[]::text[] secret;", "array[]::text[]", 7 },
        { "a interval default interval '1 day' + '2 hours'::interval;",
          "interval '1 day' + '2 hours'::interval", 6 },
        { "a text default upper(substr('abc', 1, 2)) unique;",
          "upper(substr('abc', 1, 2))", 11 },
        { "a timestamptz default (now() at time zone 'utc');",
          "(now() at time zone 'utc')", 9 },
        { "a text default CURRENT_USER;", "CURRENT_USER", 1 },
        { "a text default 'a'\n'b';", "'a'\n'b'", 2 },
        { "a int8 default nextval('s'::regclass) primary key;",
          "nextval('s'::regclass)", 6 },
        { "a timestamptz default x::timestamp(3) with time zone on update y;",
          "x::timestamp(3) with time zone", 9 },
        { "a bool default 1 = 2;", "1 = 2", 3 },
        { "a text default $$x$$;", "$$x$$", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ast_column *found = column(state, cases[i].text);
        assert_int_equal(found->attrs.items[0].kind, AST_ATTR_DEFAULT);
        assert_sql(found->attrs.items[0].sql, cases[i].sql, cases[i].ntokens);
    }
}

static void test_references_collects_its_options(void **state)
{
    const struct ast_column *found = column(
        state,
        "a int8 references app.t (x, y) on delete set null (a) secret match full "
        "on update cascade not deferrable initially deferred on update now();");
    assert_int_equal(found->attrs.n, 3);
    const struct ast_attr *attr = &found->attrs.items[0];
    assert_int_equal(attr->kind, AST_ATTR_REFERENCES);
    assert_str(attr->references->table.schema.text, "app");
    assert_int_equal(attr->references->columns.n, 2);
    assert_int_equal(attr->references->match, AST_MATCH_FULL);
    assert_int_equal(attr->references->on_delete.kind, AST_ACTION_SET_NULL);
    assert_span(attr->references->on_delete.span, "on delete set null (a");
    assert_str(attr->references->on_delete.columns.items[0].text, "a");
    assert_int_equal(attr->references->on_update.kind, AST_ACTION_CASCADE);
    assert_int_equal(attr->defer, AST_NOT_DEFERRABLE | AST_INITIALLY_DEFERRED);
    assert_int_equal(found->attrs.items[1].kind, AST_ATTR_SECRET);
    assert_int_equal(found->attrs.items[2].kind, AST_ATTR_ON_UPDATE);
}

static void test_keys(void **state)
{
    const struct ast_member *found = member(
        state, "unique t_key nulls not distinct (a, b) include (c) deferrable was k "
               "as key_name with (fillfactor = 1) tablespace fast;");
    assert_int_equal(found->kind, AST_MEMBER_KEY);
    assert_false(found->key->primary);
    assert_str(found->key->name.text, "t_key");
    assert_true(found->key->nulls_not_distinct);
    assert_int_equal(found->key->columns.n, 2);
    assert_int_equal(found->key->options.include.n, 1);
    assert_int_equal(found->key->options.defer, AST_DEFERRABLE);
    assert_str(found->key->options.was.items[0].text, "k");
    assert_str(found->key->options.c_name.text, "key_name");
    assert_true(member(state, "primary key (a);")->key->primary);
    assert_str(member(state, "primary key pk (a);")->key->name.text, "pk");
}

static void test_foreign_key_and_check(void **state)
{
    const struct ast_foreign_key *key =
        member(state, "foreign key fk (a, b) references app.t match simple "
                      "on delete restrict on update no action initially immediate;")
            ->foreign_key;
    assert_str(key->name.text, "fk");
    assert_int_equal(key->columns.n, 2);
    assert_int_equal(key->references.columns.n, 0);
    assert_int_equal(key->references.match, AST_MATCH_SIMPLE);
    assert_int_equal(key->references.on_delete.kind, AST_ACTION_RESTRICT);
    assert_int_equal(key->references.on_update.kind, AST_ACTION_NO_ACTION);
    assert_int_equal(key->options.defer, AST_INITIALLY_IMMEDIATE);
    const struct ast_check *check =
        member(state, "check pos (a > 0 and b <> '}');")->check;
    assert_str(check->name.text, "pos");
    assert_sql(check->expression, "a > 0 and b <> '}'", 7);
}

static void test_index_elements(void **state)
{
    const struct ast_index *index =
        member(state, "unique index i using gin (a, lower(email) text_ops(x = 1) desc "
                      "nulls last, (a + b) asc, app.f(a), c collate \"C\" nulls first) "
                      "include (z) where (a is null) concurrently nulls not distinct;")
            ->index;
    assert_true(index->unique && index->nulls_not_distinct);
    assert_str(index->name.text, "i");
    assert_str(index->method.text, "gin");
    assert_int_equal(index->elements.n, 5);
    const struct ast_element *elements = index->elements.items;
    assert_str(elements[0].column.text, "a");
    assert_sql(elements[1].expression, "lower(email)", 4);
    assert_str(elements[1].opclass.name.text, "text_ops");
    assert_sql(elements[1].opclass_args, "x = 1", 3);
    assert_true(elements[1].desc && elements[1].nulls_last);
    assert_sql(elements[2].expression, "a + b", 3);
    assert_true(elements[2].asc && !elements[2].desc);
    assert_sql(elements[3].expression, "app.f(a)", 6);
    assert_str(elements[4].collate.name.text, "C");
    assert_true(elements[4].nulls_first);
    assert_span(elements[4].span, "c collate \"C\" nulls first");
    assert_sql(index->options.where, "a is null", 3);
    assert_true(index->options.concurrently);
}

static void test_exclude(void **state)
{
    const struct ast_exclude *exclude =
        member(state, "exclude no_overlap using gist (room with =, during with &&, "
                      "c inet_ops with operator(pg_catalog.=)) where (not x);")
            ->exclude;
    assert_str(exclude->name.text, "no_overlap");
    assert_int_equal(exclude->elements.n, 3);
    assert_sql(exclude->elements.items[0].with_operator, "=", 1);
    assert_sql(exclude->elements.items[1].with_operator, "&&", 1);
    assert_sql(exclude->elements.items[2].with_operator, "operator(pg_catalog.=)", 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_table_head),
        TEST(test_types),
        TEST(test_attributes_in_source_order),
        TEST(test_defaults),
        TEST(test_references_collects_its_options),
        TEST(test_keys),
        TEST(test_foreign_key_and_check),
        TEST(test_index_elements),
        TEST(test_exclude),
    };
    return cmocka_run_group_tests_name("parser_table", tests, NULL, NULL);
}
