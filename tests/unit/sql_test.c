/* sql_test.c: what a small schema becomes, as text: tests/golden/sql.up.sql and
 * .statements, to be read in review. GOLDEN_UPDATE=1 writes them anew. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/file.h"
#include "sql/ddl.h"
#include "sql/quote.h"
#include "sql/write.h"
#include "tests/support/schema.h"

static struct test_schema schema;

static int open_schema(void **state)
{
    (void)state;
    return test_schema_read(&schema, "tests/golden/sql.schema");
}

static int close_schema(void **state)
{
    (void)state;
    test_schema_close(&schema);
    return 0;
}

static void rewrite(const char *path, const struct buf *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text->s, 1, text->n, file), text->n);
    assert_int_equal(fclose(file), 0);
}

static void compare(const char *name, const struct buf *text)
{
    char path[500];
    struct str golden = { NULL, 0 };
    snprintf(path, sizeof path, "%s/tests/golden/%s", TEST_ROOT, name);
    if (getenv("GOLDEN_UPDATE"))
        rewrite(path, text);
    assert_int_equal(file_read(&schema.arena, path, &golden), 0);
    assert_string_equal(text->s, golden.s);
}

static void test_up(void **state)
{
    (void)state;
    struct buf text = { 0 };
    ddl_up(&text, schema.model);
    compare("sql.up.sql", &text);
    buf_release(&text);
}

/* ---- statements ---- */

/* "  $1 user_id text, $2 ids int8[]" */
static void put_params(struct buf *out, const struct stmt *stmt)
{
    for (size_t i = 0; i < stmt->params.n; i++) {
        const struct stmt_param *param = &stmt->params.items[i];
        struct write_form form = write_form(&param->type);
        buf_printf(out, "%s$%zu %.*s ", i ? ", " : "    ", i + 1,
                   STR_ARGS(param->name));
        write_cast_type(out, &form.wire, form.array || param->array);
        buf_puts(out, param->nullable ? "?" : "");
        if (param->gate_bit >= 0)
            buf_printf(out, " gate %d", param->gate_bit);
        buf_puts(out, param->secret ? " secret" : "");
    }
    buf_puts(out, stmt->params.n ? "\n" : "");
}

static void put_pieces(struct buf *out, const struct stmt *stmt)
{
    for (size_t i = 0; i < stmt->pieces.n; i++) {
        const struct stmt_piece *piece = &stmt->pieces.items[i];
        buf_puts(out, "    ");
        if (piece->need)
            buf_printf(out, "[%x] ", piece->need);
        if (piece->choice >= 0)
            buf_printf(out, "[%d: %d] ", piece->choice, piece->pick);
        buf_printf(out, "%s\n", piece->sql.s);
    }
}

static void put_text(struct buf *out, const struct stmt *stmt, const bool *columns)
{
    struct str text = stmt_text(
        &schema.arena, stmt,
        (struct stmt_variant){ .columns = columns,
                               .returning = stmt->want != STMT_WANT_LOAD });
    buf_printf(out, "    %s\n", text.s);
}

/* With nothing and with everything given. */
static void put_given(struct buf *out, const struct stmt *stmt)
{
    bool *columns = calloc(stmt->table->columns.n, sizeof *columns);
    assert_non_null(columns);
    if (stmt->kind == STMT_INSERT || stmt->kind == STMT_UPSERT)
        put_text(out, stmt, columns);
    for (size_t i = 0; i < stmt->table->columns.n; i++) {
        struct stmt_column column = stmt_column(&schema.arena,
                                                stmt->table->columns.items[i]);
        columns[i] = stmt->kind == STMT_UPDATE ? column.updatable : column.insertable;
    }
    put_text(out, stmt, columns);
    free(columns);
}

static void put_stmt(struct buf *out, const struct stmt *stmt)
{
    static const char *const wants[] = { "one",   "maybe", "many", "exec",
                                         "touch", "value", "load", "scan" };
    if (stmt->table)
        write_table_name(out, stmt->table);
    buf_printf(out, " %.*s: %s%s%s\n", STR_ARGS(stmt->name), wants[stmt->want],
               stmt->writes ? ", writes" : "", stmt->secret ? ", secret" : "");
    put_params(out, stmt);
    if (stmt->pieces.n)
        put_pieces(out, stmt);
    else
        put_given(out, stmt);
    for (size_t i = 0; i < stmt->relations.n; i++) {
        buf_printf(out, "  + %.*s\n", STR_ARGS(stmt->relations.items[i].name));
        put_pieces(out, stmt->relations.items[i].child);
    }
}

static void test_statements(void **state)
{
    (void)state;
    struct buf text = { 0 };
    for (size_t i = 0; i < schema.stmts->list.n; i++)
        put_stmt(&text, schema.stmts->list.items[i]);
    compare("sql.statements", &text);
    buf_release(&text);
}

/* One array a table, and the same list from every door. */
static void test_lists_agree(void **state)
{
    (void)state;
    size_t n = 0;
    for (size_t i = 0; i < schema.model->schemas.n; i++) {
        const struct model_schema *part = schema.model->schemas.items[i];
        for (size_t k = 0; k < part->tables.n; k++)
            n += stmts_of_table(&schema.arena, part->tables.items[k])->list.n;
        n += stmts_of_schema(&schema.arena, part)->list.n;
    }
    assert_int_equal(n, schema.stmts->list.n);
    const struct stmt *get = test_find_stmt(&schema, "shop.orders", "get");
    const struct stmt *page = test_find_stmt(&schema, "shop.orders", "page_in_id");
    assert_ptr_equal(get->results.items, page->results.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_up),
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_lists_agree),
    };
    return cmocka_run_group_tests_name("sql", tests, open_schema, close_schema);
}
