/* resolve_test.c: the model that files, schemas, types and columns resolve to. Messages are
 * tests/errors'. */
#include "tests/support/resolving.h"

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

static void test_include_cycle_over_two_files(void **state)
{
    struct fixture *fixture = *state;
    static const char *const files[][2] = { { "b", "include \"a\";" } };
    struct memory memory = { .fixture = fixture, .files = files, .n = 1 };
    struct resolve_loader loader = { load, &memory };
    (void)resolve(&fixture->arena, source_of(fixture, "a", "include \"b\";"), &loader,
                  &fixture->diags);
    assert_said(fixture,
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
    assert_said(fixture,
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

/* ---- size -------------------------------------------------------------------------- */

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
        TEST(test_empty_file),
        TEST(test_includes_are_read_once_each),
        TEST(test_include_cycle_over_two_files),
        TEST(test_includes_without_a_loader),
        TEST(test_schemas),
        TEST(test_types),
        TEST(test_built_in_names_win),
        TEST(test_columns),
        TEST(test_intervals_and_domains),
        TEST(test_memory_is_linear),
    };
    return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
