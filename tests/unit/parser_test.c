/* parser_test.c: the tree of files, declarations other than tables, and queries; which words
 * are names. Messages for what does not parse are in tests/errors/. */
#include "base/file.h"
#include "tests/support/parsing.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_empty_files),
        TEST(test_schema_nests_its_declarations),
        TEST(test_dropped),
        TEST(test_enum),
        TEST(test_domain_and_sequence),
        TEST(test_extension),
        TEST(test_signatures),
        TEST(test_results),
        TEST(test_bodies_are_parts),
        TEST(test_every_keyword_is_a_name),
        TEST(test_what_begins_a_member),
        TEST(test_reference_schema),
    };
    return cmocka_run_group_tests_name("parser", tests, NULL, NULL);
}
