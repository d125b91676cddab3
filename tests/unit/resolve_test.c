/* resolve_test.c: the model that files resolve to. Messages are tests/errors'. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lang/resolve.h"

struct fixture {
    struct arena arena;
    struct diags diags;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ 0 };
    fixture.diags.arena = &fixture.arena;
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

static struct source *source_of(struct fixture *fixture, const char *path,
                                const char *text)
{
    struct source *source = arena_new(&fixture->arena, struct source);
    *source = (struct source){ .path = path, .text = text, .size = strlen(text) };
    return source;
}

static void assert_silent(struct fixture *fixture)
{
    struct buf text = { 0 };
    diag_render_text(&fixture->diags, (struct diag_style){ 0 }, &text);
    assert_string_equal(buf_view(&text).s, "");
    buf_release(&text);
}

/* The model of a file that has nothing to be said about. */
static struct model *model_of(struct fixture *fixture, const char *text)
{
    struct model *model = resolve(&fixture->arena, source_of(fixture, "a.schema", text),
                                  NULL, &fixture->diags);
    assert_silent(fixture);
    return model;
}

static struct model_table *table_of(const struct model *model, const char *schema,
                                    const char *name)
{
    struct model_table *table = model_find_table(model, str_of(schema), str_of(name));
    assert_non_null(table);
    return table;
}

static struct model_column *column_of(const struct model_table *table, const char *name)
{
    struct model_column *column = model_find_column(table, str_of(name));
    assert_non_null(column);
    return column;
}

static struct model_query *query_of(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->schemas.n; i++) {
        for (size_t k = 0; k < model->schemas.items[i]->queries.n; k++) {
            struct model_query *query = model->schemas.items[i]->queries.items[k];
            if (str_eq_c(query->name.name, name)) {
                return query;
            }
        }
    }
    fail_msg("no query %s", name);
    return NULL;
}

static void assert_str(struct str text, const char *expected)
{
    if (!str_eq_c(text, expected)) {
        fail_msg("\"%.*s\" instead of \"%s\"", STR_ARGS(text), expected);
    }
}

/* ---- files and schemas ------------------------------------------------------------------- */

static void test_empty_file(void **state)
{
    struct model *model = model_of(*state, "");
    assert_int_equal(model->schemas.n, 0);
    assert_int_equal(model->order.n, 0);
    assert_int_equal(model->sources.n, 1);
}

struct memory {
    struct fixture *fixture;
    const char *const (*files)[2];
    size_t n;
    struct buf asked;
};

static struct source *load(void *context, const char *path, const char **reason)
{
    struct memory *memory = context;
    buf_printf(&memory->asked, "%s ", path);
    for (size_t i = 0; i < memory->n; i++) {
        if (strcmp(memory->files[i][0], path) == 0) {
            return source_of(memory->fixture, path, memory->files[i][1]);
        }
    }
    *reason = "not in memory";
    return NULL;
}

static void test_includes_are_read_once_each(void **state)
{
    struct fixture *fixture = *state;
    static const char *const files[][2] = {
        { "dir/b.schema",
          "include \"../c.schema\"; schema x { table b { id int4 primary "
          "key; c int4 references c; } }" },
        { "c.schema",
          "include \"./dir/d.schema\"; schema x { table c { id int4 primary "
          "key; } }" },
        { "dir/d.schema", "" },
    };
    struct memory memory = { .fixture = fixture, .files = files, .n = 3 };
    struct resolve_loader loader = { load, &memory };
    const char *root = "include \"dir/b.schema\"; include \"dir/../c.schema\"; "
                       "schema x { table a { id int4 primary key references b; } }";
    struct model *model = resolve(&fixture->arena, source_of(fixture, "a.schema", root),
                                  &loader, &fixture->diags);
    assert_silent(fixture);
    assert_string_equal(memory.asked.s, "dir/b.schema c.schema dir/d.schema ");
    assert_int_equal(model->sources.n, 4);
    assert_string_equal(model->sources.items[0]->path, "a.schema");
    assert_int_equal(model->schemas.n, 1);
    assert_int_equal(model->schemas.items[0]->tables.n, 3);
    buf_release(&memory.asked);
}

static void assert_text(struct fixture *fixture, const char *expected)
{
    struct buf text = { 0 };
    diag_render_text(&fixture->diags, (struct diag_style){ 0 }, &text);
    assert_string_equal(text.s, expected);
    buf_release(&text);
}

static void test_include_cycle_over_two_files(void **state)
{
    struct fixture *fixture = *state;
    static const char *const files[][2] = { { "b", "include \"a\";" } };
    struct memory memory = { .fixture = fixture, .files = files, .n = 1 };
    struct resolve_loader loader = { load, &memory };
    (void)resolve(&fixture->arena, source_of(fixture, "a", "include \"b\";"), &loader,
                  &fixture->diags);
    assert_text(fixture,
                "b:1:9: error[E0221]: file \"a\" includes itself by way of this "
                "include\n"
                "    1 | include \"a\";\n"
                "      |         ^^^\n"
                "1 error\n");
    buf_release(&memory.asked);
}

static void test_includes_without_a_loader(void **state)
{
    struct fixture *fixture = *state;
    (void)resolve(&fixture->arena, source_of(fixture, "a", "include \"b\";"), NULL,
                  &fixture->diags);
    assert_text(fixture,
                "a:1:9: error[E0220]: cannot read \"b\": this compilation takes "
                "no included files\n"
                "    1 | include \"b\";\n"
                "      |         ^^^\n"
                "1 error\n");
}

static void test_schemas(void **state)
{
    struct model *model = model_of(*state, "table p { id int4 primary key; }\n"
                                           "/// Doc.\n"
                                           "schema x as y was w { enum e { a } }\n"
                                           "schema x { table t { e e; } }\n"
                                           "schema public as \"\" { domain d text; }\n"
                                           "table x.u { f x.e; d d; }\n");
    assert_int_equal(model->schemas.n, 2);
    struct model_schema *public_ = model_find_schema(model, STR("public"));
    struct model_schema *x = model_find_schema(model, STR("x"));
    assert_true(public_->declared && public_->name.has_c_name);
    assert_int_equal(public_->name.c_name.n, 0);
    assert_str(x->name.c_name, "y");
    assert_str(x->name.doc, "Doc.");
    assert_str(x->was.items[0], "w");
    assert_int_equal(x->tables.n, 2);
    struct model_table *u = table_of(model, "x", "u");
    assert_ptr_equal(column_of(u, "f")->type.enum_, x->enums.items[0]);
    assert_ptr_equal(column_of(u, "d")->type.domain, public_->domains.items[0]);
}

/* ---- types and columns ---------------------------------------------------------------------- */

static void test_types(void **state)
{
    struct model *model = model_of(
        *state,
        "extension geo schema ext { type point3 as bytea; }\n"
        "extension citext;\n"
        "enum mood { sad, fine = \"so so\" }\n"
        "domain short varchar(5)?;\n"
        "domain shorter short;\n"
        "table t { a numeric(10, 2)?; b character varying (7)[]; c double precision;"
        " d mood[]; e shorter; f point3(Point, 4326); g citext?; h float(10);"
        " i \"int4\"; j pg_catalog.int8; k timestamp(3) with time zone; }\n");
    struct model_table *t = table_of(model, "public", "t");
    struct model_column *const *columns = t->columns.items;
    assert_ptr_equal(columns[0]->type.builtin, type_info(TYPE_NUMERIC));
    assert_str(columns[0]->type.modifiers, "10,2");
    assert_true(columns[0]->nullable);
    assert_str(columns[1]->type.modifiers, "7");
    assert_true(columns[1]->type.array && !columns[1]->nullable);
    assert_ptr_equal(columns[2]->type.builtin, type_info(TYPE_FLOAT8));
    assert_int_equal(model_type_ckind(&columns[3]->type), CKIND_ENUM);
    assert_str(model_type_enum(&columns[3]->type)->labels.items[1].name.name, "so so");
    assert_str(model_type_enum(&columns[3]->type)->labels.items[1].ident, "fine");
    assert_int_equal(columns[4]->type.kind, MODEL_DOMAIN);
    assert_int_equal(model_type_ckind(&columns[4]->type), CKIND_TEXT);
    assert_ptr_equal(model_type_builtin(&columns[4]->type), type_info(TYPE_VARCHAR));
    assert_int_equal(columns[5]->type.kind, MODEL_EXTTYPE);
    assert_str(columns[5]->type.exttype->sql_name, "ext.point3");
    assert_str(columns[5]->type.modifiers, "Point,4326");
    assert_int_equal(model_type_ckind(&columns[5]->type), CKIND_BYTEA);
    assert_true(model_type_is_cast(&columns[5]->type));
    assert_int_equal(model_type_ckind(&columns[6]->type), CKIND_TEXT);
    assert_true(model_type_is_cast(&columns[6]->type));
    assert_false(model_type_is_cast(&columns[0]->type));
    assert_ptr_equal(columns[7]->type.builtin, type_info(TYPE_FLOAT4));
    assert_ptr_equal(columns[8]->type.builtin, type_info(TYPE_INT4));
    assert_ptr_equal(columns[9]->type.builtin, type_info(TYPE_INT8));
    assert_str(columns[10]->type.modifiers, "3");
}

static void test_built_in_names_win(void **state)
{
    struct model *model = model_of(
        *state, "schema app { table date { id int4 primary key; } "
                "query a() one date { select now()::date } query b() one app.date; }");
    assert_int_equal(query_of(model, "a")->result, RESULT_VALUE);
    assert_int_equal(query_of(model, "b")->result, RESULT_TABLE);
}

static void test_columns(void **state)
{
    struct model *model = model_of(
        *state,
        "table t {\n"
        "  /// The key.\n"
        "  id int8 identity by default primary key;\n"
        "  n serial2;\n"
        "  s text default 'x' on update 'y' secret storage external collate \"C\";\n"
        "  g int4 generated (n + 1);\n"
        "  v int4 version default 1;\n"
        "  gone timestamptz? soft delete;\n"
        "  c text as see was b, a backfill ('x') using (upper(c));\n"
        "}\n");
    struct model_table *t = table_of(model, "public", "t");
    struct model_column *id = column_of(t, "id");
    assert_int_equal(id->identity, IDENTITY_BY_DEFAULT);
    assert_true(id->in_primary_key);
    assert_str(id->name.doc, "The key.");
    assert_str(id->owned->name.name, "t_id_seq");
    assert_ptr_equal(id->owned->type, type_info(TYPE_INT8));
    struct model_column *n = column_of(t, "n");
    assert_true(n->serial);
    assert_ptr_equal(n->type.builtin, type_info(TYPE_INT2));
    assert_str(n->owned->name.name, "t_n_seq");
    struct model_column *s = column_of(t, "s");
    assert_true(s->secret);
    assert_str(span_text(s->default_.span), "'x'");
    assert_str(span_text(s->on_update.span), "'y'");
    assert_str(s->storage, "external");
    assert_str(s->collate, "\"C\"");
    assert_str(span_text(column_of(t, "g")->generated.span), "n + 1");
    assert_ptr_equal(t->version, column_of(t, "v"));
    assert_ptr_equal(t->soft_delete, column_of(t, "gone"));
    struct model_column *c = column_of(t, "c");
    assert_str(c->name.c_name, "see");
    assert_int_equal(c->was.n, 2);
    assert_str(c->was.items[0], "b");
    assert_int_equal(c->index, 6);
}

/* ---- keys ------------------------------------------------------------------------------------ */

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

static void test_intervals_and_domains(void **state)
{
    struct model *model = model_of(*state, "domain d text not null;\n"
                                           "domain e text;\n"
                                           "table t {\n"
                                           "  a interval Day TO second(3);\n"
                                           "  b \"char\";\n"
                                           "  c national char varying(4);\n"
                                           "}\n");
    const struct model_schema *public_ = model_find_schema(model, STR("public"));
    assert_true(public_->domains.items[0]->not_null);
    assert_false(public_->domains.items[1]->not_null);
    struct model_table *t = table_of(model, "public", "t");
    const struct model_type *a = &column_of(t, "a")->type;
    assert_ptr_equal(a->builtin, type_info(TYPE_INTERVAL));
    assert_str(a->fields, "day to second");
    assert_str(a->modifiers, "3");
    assert_ptr_equal(column_of(t, "b")->type.builtin, type_info(TYPE_ONE_CHAR));
    const struct model_type *c = &column_of(t, "c")->type;
    assert_ptr_equal(c->builtin, type_info(TYPE_VARCHAR));
    assert_str(c->modifiers, "4");
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

/* ---- queries ----------------------------------------------------------------------------------- */

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
    for (size_t i = 0; i < model->schemas.items[0]->queries.n; i++) {
        struct model_query *query = model->schemas.items[0]->queries.items[i];
        bool expected = query->name.name.s[0] == 'y';
        if (query->secret != expected) {
            fail_msg("%.*s", STR_ARGS(query->name.name));
        }
    }
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
    for (size_t i = 0; i < model->schemas.items[0]->queries.n; i++) {
        struct model_query *query = model->schemas.items[0]->queries.items[i];
        bool expected = query->name.name.s[0] == 'y';
        if (query->secret != expected) {
            fail_msg("%.*s", STR_ARGS(query->name.name));
        }
    }
    assert_true(table_of(model, "public", "lands")->delete_reaches_secrets);
    assert_false(table_of(model, "public", "lands")->update_reaches_secrets);
    assert_false(table_of(model, "public", "keys")->delete_reaches_secrets);
}

/* Twenty times the tables cost about twenty times the memory. */
static size_t cost_of(size_t tables)
{
    struct fixture fixture = { 0 };
    fixture.diags.arena = &fixture.arena;
    struct buf text = { 0 };
    for (size_t i = 0; i < tables; i++) {
        buf_printf(
            &text,
            "table t%zu { id int8 identity primary key; up int8? references t%zu; n "
            "text unique; index (up, n); check (n <> ''); }\n"
            "query q%zu(n) maybe t%zu { where n = $n }\n",
            i, (i * 7919) % tables, i, i);
    }
    (void)model_of(&fixture, text.s);
    size_t used = fixture.arena.used;
    buf_release(&text);
    arena_release(&fixture.arena);
    return used;
}

static void test_memory_is_linear(void **state)
{
    (void)state;
    size_t few = cost_of(100);
    size_t many = cost_of(2000);
    assert_true(many < few * 20 * 5 / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_empty_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_includes_are_read_once_each, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_include_cycle_over_two_files, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_includes_without_a_loader, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_schemas, setup, teardown),
        cmocka_unit_test_setup_teardown(test_types, setup, teardown),
        cmocka_unit_test_setup_teardown(test_built_in_names_win, setup, teardown),
        cmocka_unit_test_setup_teardown(test_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sequences_count, setup, teardown),
        cmocka_unit_test_setup_teardown(test_intervals_and_domains, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys_come_primary_first, setup, teardown),
        cmocka_unit_test_setup_teardown(test_soft_delete_makes_keys_partial, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_foreign_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_order_of_creation, setup, teardown),
        cmocka_unit_test_setup_teardown(test_indexes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_parameters, setup, teardown),
        cmocka_unit_test_setup_teardown(test_parameters_in_any_case, setup, teardown),
        cmocka_unit_test_setup_teardown(test_needs_of_nested_fragments, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_results_are_shared, setup, teardown),
        cmocka_unit_test_setup_teardown(test_statements, setup, teardown),
        cmocka_unit_test_setup_teardown(test_relations_and_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(test_secrets, setup, teardown),
        cmocka_unit_test_setup_teardown(test_secrets_that_actions_reach, setup,
                                        teardown),
        cmocka_unit_test(test_memory_is_linear),
    };
    return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
