/* schema.c: a schema of a test, resolved. */
#include "tests/support/schema.h"

#include <stdio.h>

#include "base/file.h"
#include "lang/resolve.h"

static int resolve_source(struct test_schema *schema)
{
    struct diags diags = { .arena = &schema->arena };
    schema->model = resolve(&schema->arena, &schema->source, NULL, &diags);
    if (diags.nerrors) {
        struct buf text = { 0 };
        diag_render_text(&diags, (struct diag_style){ .color = false }, &text);
        fputs(text.s, stderr);
        buf_release(&text);
        return -1;
    }
    schema->stmts = stmts_of_model(&schema->arena, schema->model);
    return 0;
}

int test_schema_read(struct test_schema *schema, const char *path)
{
    *schema = (struct test_schema){ .source = { .path = path } };
    struct str text;
    const char *whole = arena_printf(&schema->arena, "%s/%s", TEST_ROOT, path);
    if (file_read(&schema->arena, whole, &text) != 0) {
        fprintf(stderr, "cannot read %s\n", whole);
        return -1;
    }
    schema->source.text = text.s;
    schema->source.size = text.n;
    return resolve_source(schema);
}

int test_schema_parse(struct test_schema *schema, const char *text)
{
    *schema = (struct test_schema){ .source = { .path = "test.schema", .text = text } };
    schema->source.size = strlen(text);
    return resolve_source(schema);
}

void test_schema_close(struct test_schema *schema)
{
    arena_release(&schema->arena);
}

static bool is_of(struct arena *arena, const struct stmt *stmt, const char *table)
{
    if (!stmt->table || !table)
        return !stmt->table && !table;
    struct str schema = stmt->table->schema->name.name, name = stmt->table->name.name;
    return str_eq_c(
        str_of(arena_printf(arena, "%.*s.%.*s", STR_ARGS(schema), STR_ARGS(name))),
        table);
}

const struct stmt *test_find_stmt(const struct test_schema *schema, const char *table,
                                  const char *name)
{
    struct arena scratch = { 0 };
    const struct stmt *found = NULL;
    for (size_t i = 0; i < schema->stmts->list.n && !found; i++) {
        const struct stmt *stmt = schema->stmts->list.items[i];
        if (str_eq_c(stmt->name, name) && is_of(&scratch, stmt, table))
            found = stmt;
    }
    arena_release(&scratch);
    return found;
}
