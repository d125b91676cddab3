/* sql_fuzz.c: whatever schema the resolver finds right becomes SQL: objects up and down,
 * every statement, with nothing and with everything given. Nothing may crash. */
#include <stdint.h>
#include <stdlib.h>

#include "lang/resolve.h"
#include "sql/ddl.h"
#include "sql/stmt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_given(const struct stmt *stmt)
{
    return stmt->pieces.n == 0;
}

static void check_stmt(struct arena *arena, const struct stmt *stmt)
{
    size_t n = stmt->table ? stmt->table->columns.n : 0;
    bool *columns = arena_array(arena, bool, n + 1);
    struct stmt_variant variant = { .columns = columns };
    if (is_given(stmt) && !stmt->table)
        abort();
    stmt_text(arena, stmt, variant);
    for (size_t i = 0; i < n; i++)
        columns[i] = true;
    variant.returning = true;
    variant.bits = UINT32_MAX;
    if (stmt_text(arena, stmt, variant).n == 0)
        abort();
    for (size_t i = 0; i < stmt->relations.n; i++)
        check_stmt(arena, stmt->relations.items[i].child);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct source source = { .path = "fuzz.schema" };
    struct diags diags = { .arena = &arena };
    source.text = arena_copy(&arena, (const char *)data, size);
    source.size = size;
    const struct model *model = resolve(&arena, &source, NULL, &diags);
    if (diags.nerrors == 0) {
        struct buf text = { 0 };
        ddl_up(&text, model);
        buf_release(&text);
        const struct stmts *stmts = stmts_of_model(&arena, model);
        for (size_t i = 0; i < stmts->list.n; i++)
            check_stmt(&arena, stmts->list.items[i]);
    }
    arena_release(&arena);
    return 0;
}
