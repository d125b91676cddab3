/* parser_test.c: the tree of what parses. Messages for what does not are in
 * tests/errors/. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/file.h"
#include "lang/parser.h"

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

static const struct ast_file *parse_any(struct fixture *fixture, const char *text)
{
    struct source *source = arena_new(&fixture->arena, struct source);
    source->path = "t.schema";
    source->text = text;
    source->size = strlen(text);
    return parse_source(&fixture->arena, source, &fixture->diags);
}

static const struct ast_file *parse(void **state, const char *text)
{
    struct fixture *fixture = *state;
    const struct ast_file *file = parse_any(fixture, text);
    if (fixture->diags.nerrors > 0) {
        struct buf out = { 0 };
        diag_render_text(&fixture->diags, (struct diag_style){ 0 }, &out);
        print_error("%s", out.s);
        buf_release(&out);
    }
    assert_true(file->ok && !file->lost);
    assert_int_equal(fixture->diags.nerrors, 0);
    return file;
}

static const struct ast_decl *first(void **state, const char *text)
{
    const struct ast_file *file = parse(state, text);
    assert_true(file->decls.n > 0);
    return &file->decls.items[0];
}

/* The first member of a table that holds just it. */
static const struct ast_member *member(void **state, const char *text)
{
    struct fixture *fixture = *state;
    const struct ast_decl *decl = first(
        state, arena_printf(&fixture->arena, "table t {\n%s\n}", text));
    assert_int_equal(decl->kind, AST_DECL_TABLE);
    assert_int_equal(decl->table->members.n, 1);
    return &decl->table->members.items[0];
}

static const struct ast_column *column(void **state, const char *text)
{
    const struct ast_member *found = member(state, text);
    assert_int_equal(found->kind, AST_MEMBER_COLUMN);
    return found->column;
}

static void assert_str(struct str actual, const char *expected)
{
    if (!str_eq_c(actual, expected))
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARGS(actual), expected);
}

static void assert_span(struct span span, const char *expected)
{
    assert_str(span_text(span), expected);
}

static void assert_sql(struct ast_sql sql, const char *expected, size_t ntokens)
{
    assert_span(sql.span, expected);
    assert_int_equal(sql.ntokens, ntokens);
}

/* ---- files and schemas ---------------------------------------------------------------- */

static void test_empty_files(void **state)
{
    assert_int_equal(parse(state, "")->decls.n, 0);
    assert_int_equal(parse(state, "// nothing\n")->decls.n, 0);
    assert_int_equal(parse(state, ";;")->decls.n, 0);
}

static void test_schema_nests_its_declarations(void **state)
{
    const struct ast_file *file = parse(
        state, "include \"a \"\"b\"\".schema\";\n/// One.\n///\n///  Two.\n"
               "schema auth as \"\" was old, older { table t { a int4; }; enum e {} }\n"
               "table \"Other\".u { a int4; }");
    assert_int_equal(file->includes.n, 1);
    assert_str(file->includes.items[0].path.text, "a \"b\".schema");
    assert_int_equal(file->decls.n, 2);
    const struct ast_decl *decl = &file->decls.items[0];
    assert_str(decl->doc, "One.\n\n Two.");
    assert_str(decl->schema->name.text, "auth");
    assert_true(decl->schema->c_name.given);
    assert_int_equal(decl->schema->c_name.text.n, 0);
    assert_int_equal(decl->schema->was.n, 2);
    assert_str(decl->schema->was.items[1].text, "older");
    assert_int_equal(decl->schema->decls.n, 2);
    assert_span(decl->schema->decls.items[0].span, "table t { a int4; }");
    const struct ast_table *table = file->decls.items[1].table;
    assert_str(table->name.schema.text, "Other");
    assert_true(table->name.schema.quoted);
    assert_span(table->name.span, "\"Other\".u");
}

static void test_dropped(void **state)
{
    const struct ast_file *file = parse(state, "table a.b dropped; schema s dropped; "
                                               "enum e dropped; domain d dropped; "
                                               "sequence q dropped;");
    static const enum ast_decl_kind kinds[] = { AST_DECL_TABLE, AST_DECL_SCHEMA,
                                                AST_DECL_ENUM, AST_DECL_DOMAIN,
                                                AST_DECL_SEQUENCE };
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(file->decls.items[i].kind, AST_DECL_DROPPED);
        assert_int_equal(file->decls.items[i].dropped->kind, kinds[i]);
    }
    assert_str(file->decls.items[0].dropped->name.schema.text, "a");
}

/* ---- tables ----------------------------------------------------------------------------- */

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

/* ---- other declarations -------------------------------------------------------------------- */

static void test_enum(void **state)
{
    const struct ast_enum *enum_ =
        first(state,
              "enum e as c_e was f { a,\n/// Bee.\nin_progress = \"in \"\"p\" as p "
              "was q was r, gone dropped as a, }")
            ->enum_;
    assert_int_equal(enum_->values.n, 3);
    assert_str(enum_->values.items[0].label, "a");
    assert_false(enum_->values.items[0].has_label);
    const struct ast_value *value = &enum_->values.items[1];
    assert_str(value->label, "in \"p");
    assert_str(value->c_name.text, "p");
    assert_int_equal(value->was.n, 2);
    assert_true(enum_->values.items[2].dropped);
    assert_str(enum_->values.items[2].dropped_as.text, "a");
}

static void test_domain_and_sequence(void **state)
{
    const struct ast_file *file = parse(
        state,
        "domain app.email citext? collate \"C\" check ok (value ~ '@') was mail;\n"
        "sequence s as int8 start with -5 increment by 2 minvalue 1 no maxvalue "
        "cache 3 no cycle was r;\nsequence t start 1 cycle;");
    const struct ast_domain *domain = file->decls.items[0].domain;
    assert_true(domain->type.nullable);
    assert_int_equal(domain->attrs.n, 3);
    assert_str(domain->attrs.items[1].name.text, "ok");
    const struct ast_sequence *sequence = file->decls.items[1].sequence;
    assert_str(sequence->type.name.name.text, "int8");
    assert_int_equal(sequence->options.n, 6);
    assert_str(sequence->options.items[0].number, "-5");
    assert_true(sequence->options.items[3].no_);
    assert_int_equal(sequence->options.items[3].number.n, 0);
    assert_span(sequence->options_span,
                "start with -5 increment by 2 minvalue 1 no maxvalue "
                "cache 3 no cycle");
    assert_int_equal(file->decls.items[2].sequence->options.n, 2);
}

static void test_extension(void **state)
{
    const struct ast_file *file = parse(
        state, "extension pgcrypto;\nextension postgis schema gis version \"3.3\" {\n"
               "/// A shape.\ntype geometry; type box2d as text; }");
    assert_int_equal(file->decls.n, 2);
    const struct ast_extension *extension = file->decls.items[1].extension;
    assert_str(extension->schema.text, "gis");
    assert_str(extension->version.text, "3.3");
    assert_int_equal(extension->types.n, 2);
    assert_str(extension->types.items[0].doc, "A shape.");
    assert_int_equal(extension->types.items[0].as.name.name.text.n, 0);
    assert_str(extension->types.items[1].as.name.name.text, "text");
}

/* ---- queries -------------------------------------------------------------------------------- */

static const struct ast_query *query(void **state, const char *text)
{
    const struct ast_decl *decl = first(state, text);
    assert_int_equal(decl->kind, AST_DECL_QUERY);
    return decl->query;
}

static void test_signatures(void **state)
{
    const struct ast_query *found = query(
        state, "query q as c_q(id,\n/// The text.\nq text?, all bool[], x?, "
               "sort { newest: created_at desc, id desc, by_name: lower(name) }?) "
               "many app.users? with accounts, app.sessions on (user_id, x) "
               "page by created_at desc, id asc, n { }");
    assert_str(found->c_name.text, "c_q");
    assert_int_equal(found->params.n, 5);
    const struct ast_param *params = found->params.items;
    assert_false(params[0].has_type || params[0].optional);
    assert_true(params[1].has_type && params[1].optional);
    assert_str(params[1].doc, "The text.");
    assert_int_equal(params[2].type.dimensions, 1);
    assert_true(params[3].optional && !params[3].has_type);
    assert_true(params[4].optional);
    assert_int_equal(params[4].choices.n, 2);
    assert_sql(params[4].choices.items[0].sql, "created_at desc, id desc", 5);
    assert_sql(params[4].choices.items[1].sql, "lower(name)", 4);
    assert_int_equal(found->want, AST_WANT_MANY);
    assert_int_equal(found->result, AST_RESULT_NAMED);
    assert_str(found->type.name.schema.text, "app");
    assert_int_equal(found->relations.n, 2);
    assert_int_equal(found->relations.items[1].columns.n, 2);
    assert_int_equal(found->page.n, 3);
    assert_true(found->page.items[0].desc && found->page.items[1].asc);
    assert_true(found->has_body);
    assert_int_equal(found->parts.n, 0);
}

static void test_results(void **state)
{
    const struct ast_query *found = query(
        state, "query q maybe (id int8, n numeric(10,2)?) { select 1 }");
    assert_int_equal(found->want, AST_WANT_MAYBE);
    assert_int_equal(found->result, AST_RESULT_FIELDS);
    assert_int_equal(found->fields.n, 2);
    assert_true(found->fields.items[1].type.nullable);
    assert_int_equal(query(state, "query q() exec { x }")->result, AST_RESULT_NONE);
    assert_int_equal(query(state, "query q() { x }")->want, AST_WANT_NONE);
    assert_false(query(state, "query q() many users;")->has_body);
    found = query(state, "query q() many timestamp with time zone { x }");
    assert_str(found->type.name.name.text, "timestamp with time zone");
}

static void test_bodies_are_parts(void **state)
{
    const struct ast_query *found = query(
        state, "query q(a?, b?) many t { where (x = 1 { or y = $a { and z = $b } }) "
               "and \"}\" <> '{' and $${$$ <> j->>'k' -- }\n and a[1:2] ? 'k' }");
    assert_int_equal(found->parts.n, 3);
    const struct ast_part *parts = found->parts.items;
    assert_int_equal(parts[0].kind, AST_PART_SQL);
    assert_span(parts[0].span, "where (x = 1");
    assert_int_equal(parts[1].kind, AST_PART_FRAGMENT);
    assert_span(parts[1].span, "{ or y = $a { and z = $b } }");
    assert_int_equal(parts[1].parts.n, 2);
    assert_int_equal(parts[1].parts.items[1].parts.n, 1);
    assert_sql(parts[1].parts.items[1].parts.items[0].sql, "and z = $b", 4);
    assert_int_equal(parts[2].sql.tokens[0].kind, TOKEN_RPAREN);
    assert_int_equal(parts[2].sql.tokens[parts[2].sql.ntokens - 1].kind, TOKEN_STRING);
}

/* ---- keywords are names ------------------------------------------------------------------------ */

static void test_every_keyword_is_a_name(void **state)
{
    struct fixture *fixture = *state;
    for (int kind = TOKEN_END; kind < TOKEN_KINDS; kind++) {
        const char *k = token_keyword_word((enum token_kind)kind);
        if (!k)
            continue;
        const char *text = arena_printf(
            &fixture->arena,
            "schema %s { table %s { %s int4; a %s default 1; primary key (%s); "
            "check %s (%s); index %s (%s); b text was %s, %s; c int8 references %s "
            "(%s); }\n"
            "enum %s { %s, a was %s }\nquery %s(%s, b %s) many %s { where %s = $%s }\n"
            "table %s dropped; }",
            k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k, k);
        const struct ast_file *file = parse(state, text);
        const struct ast_schema *schema = file->decls.items[0].schema;
        assert_int_equal(schema->decls.n, 4);
        const struct ast_table *table = schema->decls.items[0].table;
        assert_int_equal(table->members.n, 7);
        assert_str(table->members.items[0].column->name.text, k);
        assert_int_equal(table->members.items[2].kind, AST_MEMBER_KEY);
        assert_str(table->members.items[4].index->name.text, k);
    }
}

static void test_what_begins_a_member(void **state)
{
    static const struct {
        const char *text;
        enum ast_member_kind kind;
    } cases[] = {
        { "index int4;", AST_MEMBER_COLUMN },
        { "index (a);", AST_MEMBER_INDEX },
        { "index using (a);", AST_MEMBER_INDEX },
        { "index using gin (a);", AST_MEMBER_INDEX },
        { "index int4 using (x);", AST_MEMBER_COLUMN },
        { "index i using gin (a);", AST_MEMBER_INDEX },
        { "\"index\" numeric(3);", AST_MEMBER_COLUMN },
        { "unique text unique;", AST_MEMBER_COLUMN },
        { "unique unique (unique);", AST_MEMBER_KEY },
        { "unique index (a);", AST_MEMBER_INDEX },
        { "unique nulls not distinct (a);", AST_MEMBER_KEY },
        { "check bool;", AST_MEMBER_COLUMN },
        { "check check (check);", AST_MEMBER_CHECK },
        { "exclude text[];", AST_MEMBER_COLUMN },
        { "exclude using gist (a with =);", AST_MEMBER_EXCLUDE },
        { "primary text;", AST_MEMBER_COLUMN },
        { "foreign bool?;", AST_MEMBER_COLUMN },
        { "trigger int8;", AST_MEMBER_COLUMN },
        { "policy text;", AST_MEMBER_COLUMN },
        { "partition int4;", AST_MEMBER_COLUMN },
        { "dropped dropped;", AST_MEMBER_DROPPED },
        { "dropped bool;", AST_MEMBER_COLUMN },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(member(state, cases[i].text)->kind, cases[i].kind);
}

/* ---- mistakes: what survives ---------------------------------------------------------------------- */

static void test_a_skipped_member_marks_its_table_only(void **state)
{
    const struct ast_file *file = parse_any(
        *state, "table t { a int4 foo bar; b int4; }\ntable u { a int4; }");
    assert_false(file->ok || file->lost);
    assert_int_equal(file->decls.n, 2);
    assert_true(file->decls.items[0].table->lost);
    assert_int_equal(file->decls.items[0].table->members.n, 1);
    assert_false(file->decls.items[1].table->lost);
}

static void test_a_repair_loses_nothing(void **state)
{
    const struct ast_file *file = parse_any(
        *state,
        "schema s {\ntable t {\na int4\nb varchar(3;\nc int4 uniqe,\nindex (a));\n"
        "table u { a int4; }\n");
    assert_false(file->ok || file->lost);
    const struct ast_schema *schema = file->decls.items[0].schema;
    assert_int_equal(schema->decls.n, 2);
    assert_int_equal(schema->decls.items[0].table->members.n, 4);
    assert_false(schema->decls.items[0].table->lost);
}

static void test_a_skipped_declaration_marks_its_file(void **state)
{
    const struct ast_file *file = parse_any(
        *state, "schema s { create table t (a int4); enum e { a } }\nenum f { b }");
    assert_true(file->lost && !file->decls.items[0].schema->lost);
    assert_int_equal(file->decls.n, 2);
}

static void test_a_misspelt_declaration_is_read(void **state)
{
    const struct ast_file *file = parse_any(
        *state, "schema s { tabel t { a int4; } enm e { a } }\nqury q() exec { x }");
    assert_false(file->ok || file->lost);
    assert_int_equal(file->decls.items[0].schema->decls.n, 2);
    assert_int_equal(file->decls.n, 2);
}

/* Brackets in any number never overflow a stack. */
static void test_deep_nesting_is_one_error(void **state)
{
    static const char *const openings[] = { "(", "[", "{", "{ (",
                                            "table t { a int4 check (" };
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        struct fixture *fixture = *state;
        struct buf text = { 0 };
        buf_puts(&text, "query q() exec { ");
        for (int n = 0; n < 5000; n++)
            buf_puts(&text, openings[i]);
        parse_any(fixture, text.s);
        assert_true(fixture->diags.nerrors > 0);
        buf_release(&text);
    }
}

/* Nothing but brackets may nest. */
static void test_long_lists_do_not_nest(void **state)
{
    static const struct {
        const char *before, *item, *after;
    } lists[] = { { "table t { a int4 default ", "- ", "1; }" },
                  { "table t { a int4 default ", "1 + ", "1; }" },
                  { "table t { a int4", "[]", "; }" },
                  { "table t { a text default 'a'", "::text", "; }" },
                  { "table t { a int4 default 1", " secret", "; }" },
                  { "table t { index (", "a desc, ", "b); }" },
                  { "enum e { ", "a was b, ", "c }" },
                  { "query q(", "a int4, ", "b int4) exec { x }" },
                  { "query q() exec { ", "{ x } (y) [z] , ", "}" },
                  { "", "table t { } ; ", "" } };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct buf text = { 0 };
        buf_puts(&text, lists[i].before);
        for (int n = 0; n < 5000; n++)
            buf_puts(&text, lists[i].item);
        buf_puts(&text, lists[i].after);
        parse(state, text.s);
        buf_release(&text);
    }
}

static struct buf many_tables(int n)
{
    struct buf text = { 0 };
    for (int i = 0; i < n; i++)
        buf_printf(&text, "table t%d { a int4 primary key; b text?; index (b); }\n", i);
    return text;
}

static void test_memory_is_linear(void **state)
{
    struct fixture *fixture = *state;
    struct buf small = many_tables(500), large = many_tables(2000);
    size_t before = fixture->arena.used;
    parse_any(fixture, small.s);
    size_t one = fixture->arena.used - before;
    before = fixture->arena.used;
    parse_any(fixture, large.s);
    assert_true(fixture->arena.used - before < 6 * one);
    buf_release(&small);
    buf_release(&large);
}

/* ---- the reference schema -------------------------------------------------------------------------- */

static void test_reference_schema(void **state)
{
    struct fixture *fixture = *state;
    struct str text;
    assert_int_equal(file_read(&fixture->arena, TEST_ROOT "/schema/app.schema", &text),
                     0);
    const struct ast_schema *schema = first(state, text.s)->schema;
    assert_int_equal(schema->decls.n, 13);
    const struct ast_table *users = schema->decls.items[0].table;
    assert_str(schema->decls.items[0].doc, "A person who can sign in.");
    assert_int_equal(users->members.n, 7);
    assert_str(users->members.items[2].doc, "Lower-case; the sign-in name.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_empty_files),
        TEST(test_schema_nests_its_declarations),
        TEST(test_dropped),
        TEST(test_table_head),
        TEST(test_types),
        TEST(test_attributes_in_source_order),
        TEST(test_defaults),
        TEST(test_references_collects_its_options),
        TEST(test_keys),
        TEST(test_foreign_key_and_check),
        TEST(test_index_elements),
        TEST(test_exclude),
        TEST(test_enum),
        TEST(test_domain_and_sequence),
        TEST(test_extension),
        TEST(test_signatures),
        TEST(test_results),
        TEST(test_bodies_are_parts),
        TEST(test_every_keyword_is_a_name),
        TEST(test_what_begins_a_member),
        TEST(test_a_skipped_member_marks_its_table_only),
        TEST(test_a_repair_loses_nothing),
        TEST(test_a_skipped_declaration_marks_its_file),
        TEST(test_a_misspelt_declaration_is_read),
        TEST(test_deep_nesting_is_one_error),
        TEST(test_long_lists_do_not_nest),
        TEST(test_memory_is_linear),
        TEST(test_reference_schema),
    };
    return cmocka_run_group_tests_name("parser", tests, NULL, NULL);
}
