/* resolve_query_test.c: what queries resolve to. Messages are tests/errors'. */
#include "tests/support/resolving.h"

#define SHOP                                                                \
    "table shops { id int4 primary key; name text; city text?; rank int4; " \
    "  pin text secret; index (rank, id); }\n"                              \
    "table items { id int4 primary key; shop_id int4 references shops; "    \
    "  other_id int4? references shops; title text; }\n"

static void test_parameters(void **state)
{
    struct model *model = model_of(
        *state, SHOP "query q(name, n int8?, sort { up: name, down: name desc }, "
                     "ids int4[], city?) many shops { where name = $name { and "
                     "rank < $n } and id = any($ids) { and city = $city } order "
                     "by $sort }");
    struct model_query *q = query_of(model, "q");
    assert_int_equal(q->params.n, 5);
    struct model_param *const *params = q->params.items;
    assert_ptr_equal(params[0]->column, column_of(q->table, "name"));
    assert_int_equal(params[0]->number, 1);
    assert_int_equal(params[0]->gate_bit, -1);
    assert_true(params[1]->optional && params[1]->gates);
    assert_int_equal(params[1]->gate_bit, 0);
    assert_int_equal(params[2]->number, 0);
    assert_int_equal(params[2]->choice_index, 0);
    assert_int_equal(params[2]->choices.n, 2);
    assert_int_equal(params[3]->number, 3);
    assert_true(params[3]->type.array);
    assert_int_equal(params[4]->gate_bit, 1);
    assert_int_equal(params[4]->number, 4);
    assert_true(!q->whole && !q->writes && q->secret);
    assert_ptr_equal(q->table->queries.items[0], q);
}

/* SQL folds names; a quoted parameter keeps its own spelling. */
static void test_parameters_in_any_case(void **state)
{
    struct model *model = model_of(
        *state,
        SHOP "query q(name, \"Of\" int4?) many shops { where name = $NAME { and "
             "rank = $of } }");
    struct model_query *q = query_of(model, "q");
    assert_ptr_equal(q->params.items[0]->column, column_of(q->table, "name"));
    assert_true(q->params.items[1]->gates);
}

static void test_needs_of_nested_fragments(void **state)
{
    struct model *model = model_of(
        *state, SHOP
        "query q(a int4?, b int4?, c int4?) many shops { where true { and rank "
        "= $a { and id = $b } { and id <> $c and rank <> $b } } { and id = $c } }");
    struct model_query *q = query_of(model, "q");
    assert_int_equal(q->nparts, 3);
    assert_int_equal(q->parts[0].need, 0);
    const struct model_part *outer = &q->parts[1];
    assert_int_equal(outer->kind, PART_FRAGMENT);
    assert_int_equal(outer->need, 1);
    assert_int_equal(outer->nparts, 3);
    assert_int_equal(outer->parts[0].need, 1);
    assert_int_equal(outer->parts[1].need, 3);
    assert_int_equal(outer->parts[1].parts[0].need, 3);
    assert_int_equal(outer->parts[2].need, 7);
    assert_int_equal(q->parts[2].need, 4);
}

static void test_results_are_shared(void **state)
{
    struct model *model = model_of(
        *state, "schema a {" SHOP "query one_() one (n int8, s text?) { select 1, 'x' }"
                "query two() many (n int8, s text?) { select 2, 'y' }"
                "query three() many (n int8, s text) { select 2, 'y' }"
                "query four() maybe one_ { select 3, null }"
                "query five() one int8[] { select array[1] }"
                "query six() exec { delete from a.items }"
                "query seven() many eight { select 1, 'x', 2, 3 }"
                "query eight() many nine { select 1, 'x', 2, 3 }"
                "query nine() many shops; }"
                "schema b { query far() one a.two { select 4, 'z' }"
                "query own() one (n int8, s text?) { select 5, 'a' } }");
    struct model_query *one = query_of(model, "one_");
    assert_ptr_equal(one->shape, one);
    assert_ptr_equal(query_of(model, "two")->shape, one);
    assert_ptr_equal(query_of(model, "three")->shape, query_of(model, "three"));
    assert_ptr_equal(query_of(model, "four")->shape, one);
    assert_int_equal(query_of(model, "four")->fields.n, 2);
    assert_int_equal(query_of(model, "five")->result, RESULT_VALUE);
    assert_true(query_of(model, "five")->fields.items[0].type.array);
    assert_int_equal(query_of(model, "six")->result, RESULT_NONE);
    assert_true(query_of(model, "six")->writes);
    assert_int_equal(query_of(model, "seven")->result, RESULT_TABLE);
    assert_ptr_equal(query_of(model, "seven")->table, table_of(model, "a", "shops"));
    assert_ptr_equal(query_of(model, "far")->shape, one);
    assert_ptr_equal(query_of(model, "own")->shape, query_of(model, "own"));
}

static void test_statements(void **state)
{
    struct model *model = model_of(
        *state, SHOP
        "query a(id int4) exec { update shops set rank = 1 where id = $id }"
        "query b(id int4) many (n int4) { with gone as (delete from items where id = "
        "$id "
        "returning id) select id from gone }"
        "query c(id int4) many (n int4) { with x as (select id from items where id = "
        "$id for "
        "update) select id from x }"
        "query d() many (n int4) { values (1), (2) }"
        "query e() exec { with x as (select 1) insert into items select 1, 2, 3, 'x' }"
        "query f(id) one items { where id = $id for update }"
        "query g() exec { MERGE into items i using shops s on true when matched then "
        "do "
        "nothing }");
    static const struct {
        const char *name;
        bool whole, writes;
    } cases[] = { { "a", true, true },  { "b", true, true }, { "c", true, false },
                  { "d", true, false }, { "e", true, true }, { "f", false, false },
                  { "g", true, true } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(query_of(model, cases[i].name)->whole, cases[i].whole);
        assert_int_equal(query_of(model, cases[i].name)->writes, cases[i].writes);
    }
}

static void test_relations_and_pages(void **state)
{
    struct model *model = model_of(
        *state,
        SHOP "query a(id) one shops with items on (other_id) { where id = $id }"
             "query b() many shops page by rank desc, id desc;"
             "query c() many (id int4, r int4) page by r desc, id { select id, rank "
             "from shops }");
    struct model_query *a = query_of(model, "a");
    assert_int_equal(a->relations.n, 1);
    assert_str(a->relations.items[0].foreign_key->columns.items[0]->name.name,
               "other_id");
    struct model_query *b = query_of(model, "b");
    assert_int_equal(b->page.n, 2);
    assert_true(b->page.items[0].desc);
    assert_str(b->page.items[1].column->name.name, "id");
    struct model_query *c = query_of(model, "c");
    assert_int_equal(c->page.items[0].field, 1);
    assert_false(c->page.items[1].desc);
}

/* Those called "yes_..." are, those called "no_..." are not. */
static void assert_secret_by_name(const struct model *model)
{
    for (size_t i = 0; i < model->schemas.items[0]->queries.n; i++) {
        struct model_query *query = model->schemas.items[0]->queries.items[i];
        bool expected = query->name.name.s[0] == 'y';
        if (query->secret != expected) {
            fail_msg("%.*s", STR_ARGS(query->name.name));
        }
    }
}

static void test_secrets(void **state)
{
    struct model *model = model_of(
        *state, SHOP
        "query yes_row(id) one shops { where id = $id }"
        "query yes_body(x text) exec { delete from shops where pin = $x }"
        "query yes_param(pin text) exec { delete from shops where name = $pin }"
        "query yes_field() many (pin text) { select name from public.shops }"
        "query yes_star() many (a int4) { select count(*), s.* from shops s }"
        "query no_count() one int8 { select count(*) from shops }"
        "query no_other(pin text) many items { where title = $pin }"
        "query yes_write(x text) exec { delete from shops where name = $x }"
        "query no_write(x text) exec { delete from items where title = $x }"
        "query no_string(x text) many (n text) { select name from shops where name = "
        "'pin' || $x }");
    assert_secret_by_name(model);
    assert_true(query_of(model, "yes_param")->params.items[0]->secret);
    assert_true(query_of(model, "yes_field")->fields.items[0].secret);
    assert_false(query_of(model, "yes_body")->params.items[0]->secret);
}

/* What a foreign key's action does to a row with secrets is told of that row. */
static void test_secrets_that_actions_reach(void **state)
{
    struct model *model = model_of(
        *state,
        "table lands { id int4 primary key; code int4 unique; }"
        "table towns { id int4 primary key; land_id int4 references lands on delete "
        "cascade; code int4 references lands (code) on update cascade; mate int4? "
        "references towns on delete set null; }"
        "table houses { id int4 primary key; town_id int4 references towns on delete "
        "cascade on update cascade; }"
        "table keys { id int4 primary key; house_id int4? references houses on delete "
        "set null; pin text secret; }"
        "table notes { house_id int4 references houses on delete cascade; land_id int4 "
        "references lands; }"
        "table logs { key_id int4 references keys on delete cascade; }"
        "query yes_far(x int4) exec { delete from lands where id = $x }"
        "query yes_near(x int4) exec { delete from houses where id = $x }"
        "query yes_in_with(x int4) exec { with gone as (delete from public.towns where "
        "id = $x returning id) insert into notes select id, id from gone }"
        "query no_update(x int4) exec { update houses set town_id = $x }"
        "query no_update_far(x int4) exec { update lands set code = $x }"
        "query no_insert(x int4) exec { insert into houses values ($x, $x) }"
        "query no_child(x int4) exec { delete from notes where house_id = $x }"
        "query no_read(x int4) many int4 { select id from lands where id > $x }");
    assert_secret_by_name(model);
    assert_true(table_of(model, "public", "lands")->delete_reaches_secrets);
    assert_false(table_of(model, "public", "lands")->update_reaches_secrets);
    assert_false(table_of(model, "public", "keys")->delete_reaches_secrets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_parameters),
        TEST(test_parameters_in_any_case),
        TEST(test_needs_of_nested_fragments),
        TEST(test_results_are_shared),
        TEST(test_statements),
        TEST(test_relations_and_pages),
        TEST(test_secrets),
        TEST(test_secrets_that_actions_reach),
    };
    return cmocka_run_group_tests_name("resolve_query", tests, NULL, NULL);
}
