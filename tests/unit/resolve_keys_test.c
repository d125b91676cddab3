/* resolve_keys_test.c: sequences, keys, indexes and the order of creation that files resolve
 * to. Messages are tests/errors'. */
#include "tests/support/resolving.h"

static void test_sequences_count(void **state)
{
    struct model *model = model_of(
        *state, "sequence up as int4 owned by t.a;\n"
                "sequence down increment by -2 cache 5 cycle;\n"
                "table t {\n"
                "  a int4;\n"
                "  b int2 identity (sequence own start with - 7 minvalue -9);\n"
                "  c serial4;\n"
                "}\n");
    struct model_table *t = table_of(model, "public", "t");
    const struct model_schema *public_ = model_find_schema(model, STR("public"));
    const struct model_sequence *up = public_->sequences.items[0];
    assert_ptr_equal(up->owned_by, column_of(t, "a"));
    assert_null(up->owner);
    assert_ptr_equal(t->sequences.items[0], up);
    assert_int_equal(up->counter.most, INT32_MAX);
    assert_int_equal(up->counter.start, 1);
    const struct model_counter *down = &public_->sequences.items[1]->counter;
    assert_int_equal(down->start, -1);
    assert_int_equal(down->increment, -2);
    assert_true(down->least == INT64_MIN);
    assert_int_equal(down->cache, 5);
    assert_true(down->cycle);
    const struct model_sequence *b = column_of(t, "b")->owned;
    assert_true(b->named);
    assert_str(b->name.name, "own");
    assert_str(b->options, "start with -7 minvalue -9");
    assert_int_equal(b->counter.start, -7);
    assert_int_equal(b->counter.most, INT16_MAX);
    const struct model_sequence *c = column_of(t, "c")->owned;
    assert_false(c->named);
    assert_str(c->name.name, "t_c_seq");
    assert_int_equal(c->counter.most, INT32_MAX);
}

static void test_keys_come_primary_first(void **state)
{
    struct model *model = model_of(
        *state,
        "table t { a int4 unique; b int4?; c text; primary key (a, b2); b2 int4;"
        " unique index (c); unique index (lower(c)); unique index (b) where (a > 0);"
        " unique nulls not distinct (b, c); index (b); }");
    struct model_table *t = table_of(model, "public", "t");
    assert_int_equal(t->keys.n, 5);
    assert_true(t->keys.items[0].primary);
    assert_int_equal(t->keys.items[0].columns.n, 2);
    assert_str(t->keys.items[1].constraint->name.name, "t_a_key");
    assert_str(t->keys.items[2].index->name.name, "t_c_idx");
    assert_false(t->keys.items[2].nullable);
    assert_true(t->keys.items[3].nullable && t->keys.items[3].where.ntokens == 3);
    assert_true(t->keys.items[4].constraint->nulls_not_distinct);
    assert_int_equal(t->indexes.n, 4);
}

static void test_soft_delete_makes_keys_partial(void **state)
{
    struct model *model = model_of(
        *state, "table t { id int4 primary key; a int4 unique; b int4; "
                "gone timestamptz? soft delete; unique index (b); index (a, b); }");
    struct model_table *t = table_of(model, "public", "t");
    assert_false(t->keys.items[0].living_only || t->primary_key->partial);
    assert_true(t->keys.items[1].living_only && t->keys.items[1].constraint->partial);
    assert_true(t->keys.items[2].living_only && t->indexes.items[0]->living_only);
    assert_false(t->indexes.items[1]->living_only);
}

static void test_foreign_keys(void **state)
{
    struct model *model = model_of(
        *state,
        "schema a { table child { id int4 primary key; p int4? references b.parent on "
        "delete set null on update cascade deferrable initially deferred; x int4?; y "
        "int4?;"
        " foreign key (y, x) references b.parent (n, m) match full on delete set null "
        "(x);"
        " me int4 references child; } }\n"
        "schema b { table parent { id int4 primary key; m int4; n int4; unique (m, n); "
        "} }\n");
    struct model_table *child = table_of(model, "a", "child");
    struct model_table *parent = table_of(model, "b", "parent");
    assert_int_equal(child->foreign_keys.n, 3);
    struct model_constraint *first = child->foreign_keys.items[0];
    assert_ptr_equal(first->target, parent);
    assert_ptr_equal(first->target_columns.items[0], column_of(parent, "id"));
    assert_int_equal(first->on_delete, ACTION_SET_NULL);
    assert_int_equal(first->on_update, ACTION_CASCADE);
    assert_int_equal(first->deferrable, DEFERRABLE_DEFERRED);
    assert_true(first->inline_);
    struct model_constraint *second = child->foreign_keys.items[1];
    assert_int_equal(second->match, MATCH_FULL);
    assert_ptr_equal(second->target_columns.items[0], column_of(parent, "n"));
    assert_int_equal(second->set_columns.n, 1);
    assert_str(second->name.name, "child_y_x_fkey");
    assert_int_equal(parent->referenced_by.n, 2);
    assert_int_equal(child->referenced_by.n, 1);
    assert_int_equal(model->late.n, 0);
}

static void put_order(struct buf *out, const struct model *model)
{
    for (size_t i = 0; i < model->order.n; i++) {
        const struct model_object *object = &model->order.items[i];
        /* Each of them begins with its name. */
        const struct model_name *name = object->object;
        buf_printf(out, "%d:%.*s ", (int)object->kind, STR_ARGS(name->name));
    }
    for (size_t i = 0; i < model->late.n; i++) {
        buf_printf(out, "+%.*s ", STR_ARGS(model->late.items[i]->name.name));
    }
}

static void test_order_of_creation(void **state)
{
    struct model *model = model_of(
        *state,
        "table a { id int4 primary key; b int4 references b; s e default 'x'; }\n"
        "table b { id int4 primary key; c int4? references c; me int4? references b; "
        "}\n"
        "table c { id int4 primary key; a int4? references a; d app.d2; }\n"
        "schema app { domain d2 d1; domain d1 text; }\n"
        "sequence s; enum e { x } extension hstore;\n"
        "table z { id int4 primary key; }\n");
    struct buf text = { 0 };
    put_order(&text, model);
    assert_string_equal(text.s, "0:app 1:hstore 2:e 3:d1 3:d2 4:s 5:c 5:b 5:a 5:z "
                                "+c_a_fkey ");
    buf_release(&text);
}

static void test_indexes(void **state)
{
    struct model *model = model_of(
        *state, "extension btree_gist; table t { a text; b int4; c int4[]; "
                "index named (a collate \"C\" text_pattern_ops desc, b nulls first) "
                "include (c) where (b > 0) with (fillfactor = 70) was old;"
                "index using gin (c); index (lower(a), (b + 1)); "
                "exclude using gist (b with =, (b + 1) with operator(pg_catalog.=)) "
                "where (b > 1); }");
    struct model_table *t = table_of(model, "public", "t");
    struct model_index *named = t->indexes.items[0];
    assert_true(named->named);
    const struct model_element *element = &named->elements.items[0];
    assert_str(element->collate, "\"C\"");
    assert_str(element->opclass, "text_pattern_ops");
    assert_true(element->desc && element->nulls_first && !element->nulls_given);
    assert_true(named->elements.items[1].nulls_first && !named->elements.items[1].desc);
    assert_str(named->with, "fillfactor = 70");
    assert_str(named->was.items[0], "old");
    assert_str(t->indexes.items[1]->method, "gin");
    assert_str(t->indexes.items[2]->name.name, "t_lower_expr_idx");
    assert_null(t->indexes.items[2]->elements.items[0].column);
    struct model_constraint *exclude = t->constraints.items[0];
    assert_int_equal(exclude->kind, CONSTRAINT_EXCLUDE);
    assert_str(exclude->elements.items[1].with_operator, "operator(pg_catalog.=)");
    assert_str(exclude->name.name, "t_b_expr_excl");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sequences_count),
        TEST(test_keys_come_primary_first),
        TEST(test_soft_delete_makes_keys_partial),
        TEST(test_foreign_keys),
        TEST(test_order_of_creation),
        TEST(test_indexes),
    };
    return cmocka_run_group_tests_name("resolve_keys", tests, NULL, NULL);
}
