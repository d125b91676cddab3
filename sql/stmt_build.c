/* stmt_build.c: what the makers of statements share; must not know any of them. */
#include <stdarg.h>
#include "quote.h"
#include "stmt_build.h"
#include "write.h"

static stmt_results table_results(struct build *build)
{
    stmt_results results = { 0 };
    const struct model_table *table = build->table;
    for (size_t i = 0; i < table->columns.n; i++) {
        struct model_column *column = table->columns.items[i];
        struct stmt_result result = { .name = build_column_name(&column->name),
                                      .type = column->type,
                                      .nullable = column->nullable,
                                      .secret = column->secret,
                                      .column = column };
        VEC_PUSH(build->arena, &results, result);
        build->secret |= column->secret;
    }
    return results;
}

static struct str select_list(struct build *build)
{
    for (size_t i = 0; i < build->table->columns.n; i++) {
        const struct model_column *column = build->table->columns.items[i];
        buf_puts(&build->text, i ? ", " : "");
        quote_ident(&build->text, column->name.name);
        write_read_cast(&build->text, &column->type);
    }
    return build_take(build);
}

void build_open(struct build *build, struct arena *arena, struct stmts *out,
                const struct model_table *table)
{
    *build = (struct build){ .arena = arena, .out = out, .table = table };
    if (!table)
        return;
    write_table_name(&build->text, table);
    build->relation = build_take(build);
    build->select = select_list(build);
    build->results = table_results(build);
    if (table->soft_delete) {
        quote_ident(&build->text, table->soft_delete->name.name);
        buf_puts(&build->text, " is null");
        build->living = build_take(build);
    }
}

void build_close(struct build *build)
{
    buf_release(&build->text);
}

struct stmt *build_stray(struct build *build, enum stmt_kind kind, enum stmt_want want)
{
    struct stmt *stmt = arena_new(build->arena, struct stmt);
    stmt->kind = kind;
    stmt->want = want;
    stmt->table = (struct model_table *)build->table;
    stmt->secret = build->secret;
    stmt->relation = build->relation;
    stmt->cursor_bit = -1;
    if (want == STMT_WANT_ONE || want == STMT_WANT_MAYBE || want == STMT_WANT_MANY) {
        stmt->row = STMT_ROW_TABLE;
        stmt->results = build->results;
    }
    return stmt;
}

struct stmt *build_stmt(struct build *build, enum stmt_kind kind, enum stmt_want want)
{
    struct stmt *stmt = build_stray(build, kind, want);
    VEC_PUSH(build->arena, &build->out->list, stmt);
    return stmt;
}

struct str build_column_name(const struct model_name *name)
{
    return name->has_c_name ? name->c_name : name->name;
}

struct str build_name(struct build *build, const char *before,
                      const model_columns *columns, const char *after)
{
    struct buf name = { 0 };
    buf_puts(&name, before);
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(&name, i ? "_" : "");
        buf_str(&name, build_column_name(&columns->items[i]->name));
    }
    buf_puts(&name, after);
    struct str copy = buf_dup(&name, build->arena);
    buf_release(&name);
    return copy;
}

struct str build_printf(struct build *build, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(build->arena, format, args);
    va_end(args);
    return str_of(text);
}

void build_value(struct build *build, struct stmt *stmt, enum type_id type)
{
    struct stmt_result result = { .type = { .kind = MODEL_BUILTIN,
                                            .builtin = type_info(type) } };
    stmt->row = STMT_ROW_VALUE;
    VEC_PUSH(build->arena, &stmt->results, result);
}

struct str build_take(struct build *build)
{
    struct str text = buf_dup(&build->text, build->arena);
    buf_clear(&build->text);
    return text;
}

void build_piece(struct build *build, struct stmt *stmt, uint32_t need)
{
    if (!build->text.n)
        return;
    struct stmt_piece piece = { .sql = build_take(build), .need = need, .choice = -1 };
    VEC_PUSH(build->arena, &stmt->pieces, piece);
}

size_t build_param(struct build *build, struct stmt *stmt, struct model_column *column,
                   bool many)
{
    struct stmt_param param = { .name = build_column_name(&column->name),
                                .type = column->type,
                                .array = many,
                                .secret = column->secret,
                                .column = column,
                                .gate_bit = -1 };
    VEC_PUSH(build->arena, &stmt->params, param);
    return stmt->params.n;
}

void build_equal(struct build *build, const struct model_column *column,
                 struct str collate, size_t number)
{
    quote_ident(&build->text, column->name.name);
    if (collate.n)
        buf_printf(&build->text, " collate %.*s", STR_ARGS(collate));
    buf_printf(&build->text, " = $%zu", number);
    write_send_cast(&build->text, &column->type, false);
}

void build_equals(struct build *build, struct stmt *stmt, const model_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(&build->text, i ? " and " : "");
        size_t number = build_param(build, stmt, columns->items[i], false);
        build_equal(build, columns->items[i], (struct str){ NULL, 0 }, number);
    }
}

void build_living(struct build *build, const struct stmt *stmt)
{
    if (!build->living.n || stmt->with_deleted)
        return;
    buf_puts(&build->text, " and ");
    buf_str(&build->text, build->living);
}

void build_select(struct build *build)
{
    buf_puts(&build->text, "select ");
    buf_str(&build->text, build->select);
    buf_puts(&build->text, " from ");
    buf_str(&build->text, build->relation);
}

bool build_same_columns(const model_columns *a, const model_columns *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (a->items[i] != b->items[i])
            return false;
    }
    return true;
}

bool build_has_column(const model_columns *columns, const struct model_column *column)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}
