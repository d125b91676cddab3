/* stmt_maker.c: what the makers of statements share; must not know any of them. */
#include <stdarg.h>
#include "quote.h"
#include "stmt_maker.h"
#include "write.h"

/* Most statements have one piece and one parameter, and there are many statements: the
 * first item gets room for itself alone. */
#define PUSH_FIRST(arena, vec, ...)                                                    \
    do {                                                                               \
        if (!(vec)->cap)                                                               \
            (vec)->items = arena_alloc((arena), sizeof *(vec)->items), (vec)->cap = 1; \
        VEC_PUSH(arena, vec, __VA_ARGS__);                                             \
    } while (0)

static stmt_results table_results(struct maker *maker)
{
    const struct model_table *table = maker->table;
    stmt_results results = { .cap = table->columns.n };
    results.items = arena_array(maker->arena, struct stmt_result, results.cap);
    for (size_t i = 0; i < table->columns.n; i++) {
        struct model_column *column = table->columns.items[i];
        struct stmt_result result = { .name = maker_column_name(&column->name),
                                      .type = column->type,
                                      .nullable = column->nullable,
                                      .secret = column->secret,
                                      .column = column };
        VEC_PUSH(maker->arena, &results, result);
        maker->secret |= column->secret;
    }
    return results;
}

static struct str select_list(struct maker *maker)
{
    for (size_t i = 0; i < maker->table->columns.n; i++) {
        const struct model_column *column = maker->table->columns.items[i];
        buf_puts(&maker->text, i ? ", " : "");
        quote_ident(&maker->text, column->name.name);
        write_read_cast(&maker->text, &column->type);
    }
    return maker_take(maker);
}

void maker_open(struct maker *maker, struct arena *arena, struct stmts *out,
                const struct model_table *table)
{
    *maker = (struct maker){ .arena = arena, .out = out, .table = table };
    if (!table)
        return;
    write_table_name(&maker->text, table);
    maker->relation = maker_take(maker);
    maker->select = select_list(maker);
    maker->results = table_results(maker);
    if (table->soft_delete) {
        quote_ident(&maker->text, table->soft_delete->name.name);
        buf_puts(&maker->text, " is null");
        maker->living = maker_take(maker);
    }
}

void maker_close(struct maker *maker)
{
    buf_release(&maker->text);
}

struct stmt *maker_stray(struct maker *maker, enum stmt_kind kind, enum stmt_want want)
{
    struct stmt *stmt = arena_new(maker->arena, struct stmt);
    stmt->kind = kind;
    stmt->want = want;
    stmt->table = (struct model_table *)maker->table;
    stmt->secret = maker->secret;
    stmt->relation = maker->relation;
    stmt->cursor_bit = -1;
    if (want == STMT_WANT_ONE || want == STMT_WANT_MAYBE || want == STMT_WANT_MANY ||
        want == STMT_WANT_SCAN) {
        stmt->row = STMT_ROW_TABLE;
        stmt->results = maker->results;
    }
    return stmt;
}

struct stmt *maker_stmt(struct maker *maker, enum stmt_kind kind, enum stmt_want want)
{
    struct stmt *stmt = maker_stray(maker, kind, want);
    VEC_PUSH(maker->arena, &maker->out->list, stmt);
    return stmt;
}

struct str maker_column_name(const struct model_name *name)
{
    return name->has_c_name ? name->c_name : name->name;
}

struct str maker_name(struct maker *maker, const char *before,
                      const model_columns *columns, const char *after)
{
    struct buf name = { 0 };
    buf_puts(&name, before);
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(&name, i ? "_" : "");
        buf_str(&name, maker_column_name(&columns->items[i]->name));
    }
    buf_puts(&name, after);
    struct str copy = buf_dup(&name, maker->arena);
    buf_release(&name);
    return copy;
}

struct str maker_printf(struct maker *maker, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(maker->arena, format, args);
    va_end(args);
    return str_of(text);
}

void maker_value(struct maker *maker, struct stmt *stmt, enum type_id type)
{
    struct stmt_result result = { .type = { .kind = MODEL_BUILTIN,
                                            .builtin = type_info(type) } };
    stmt->row = STMT_ROW_VALUE;
    PUSH_FIRST(maker->arena, &stmt->results, result);
}

struct str maker_take(struct maker *maker)
{
    struct str text = buf_dup(&maker->text, maker->arena);
    buf_clear(&maker->text);
    return text;
}

void maker_piece(struct maker *maker, struct stmt *stmt, uint32_t need)
{
    if (!maker->text.n)
        return;
    struct stmt_piece piece = { .sql = maker_take(maker), .need = need, .choice = -1 };
    PUSH_FIRST(maker->arena, &stmt->pieces, piece);
}

size_t maker_param(struct maker *maker, struct stmt *stmt, struct model_column *column,
                   bool many)
{
    struct stmt_param param = { .name = maker_column_name(&column->name),
                                .type = column->type,
                                .array = many,
                                .secret = column->secret,
                                .column = column,
                                .gate_bit = -1 };
    PUSH_FIRST(maker->arena, &stmt->params, param);
    return stmt->params.n;
}

void maker_equal(struct maker *maker, const struct model_column *column,
                 struct str collate, size_t number)
{
    write_operand(&maker->text, column);
    if (collate.n)
        buf_printf(&maker->text, " collate %.*s", STR_ARGS(collate));
    buf_printf(&maker->text, " = $%zu", number);
    write_send_cast(&maker->text, &column->type, false);
}

struct str maker_key_collate(const struct model_key *key, size_t i)
{
    return key->index ? key->index->elements.items[i].collate : (struct str){ NULL, 0 };
}

void maker_equals(struct maker *maker, struct stmt *stmt, const struct model_key *key)
{
    for (size_t i = 0; i < key->columns.n; i++) {
        struct model_column *column = key->columns.items[i];
        buf_puts(&maker->text, i ? " and " : "");
        size_t number = maker_param(maker, stmt, column, false);
        maker_equal(maker, column, maker_key_collate(key, i), number);
    }
}

void maker_living(struct maker *maker, const struct stmt *stmt)
{
    if (!maker->living.n || stmt->with_deleted)
        return;
    buf_puts(&maker->text, " and ");
    buf_str(&maker->text, maker->living);
}

void maker_select(struct maker *maker)
{
    buf_puts(&maker->text, "select ");
    buf_str(&maker->text, maker->select);
    buf_puts(&maker->text, " from ");
    buf_str(&maker->text, maker->relation);
}

bool maker_same_columns(const model_columns *a, const model_columns *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (a->items[i] != b->items[i])
            return false;
    }
    return true;
}

bool maker_has_column(const model_columns *columns, const struct model_column *column)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}
