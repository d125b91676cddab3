/* stmt_given.c: the text of a variant: pieces put together, or the statement that the
 * runtime makes of the columns that are given (runtime/sc.h at struct sc__insert,
 * sc__upsert and sc__update); must not know how statements are derived. */
#include "quote.h"
#include "stmt_maker.h"
#include "write.h"

/* The statement's table, as columns are written, and which of them are given. */
struct given {
    const struct stmt *stmt;
    const bool *columns;
    bool returning;
    struct arena *arena;
    struct buf out;
};

static bool is_given(const struct given *given, size_t i)
{
    return given->columns && given->columns[i];
}

static struct stmt_column column_at(const struct given *given, size_t i)
{
    return stmt_column(given->arena, given->stmt->table->columns.items[i]);
}

static size_t count_given(const struct given *given)
{
    size_t n = 0;
    for (size_t i = 0; i < given->stmt->table->columns.n; i++)
        n += is_given(given, i);
    return n;
}

static void put_names(struct given *given)
{
    const char *before = " (";
    for (size_t i = 0; i < given->stmt->table->columns.n; i++) {
        if (!is_given(given, i))
            continue;
        buf_puts(&given->out, before);
        buf_str(&given->out, column_at(given, i).sql);
        before = ", ";
    }
    buf_puts(&given->out, ")");
}

static void put_insert(struct given *given)
{
    struct buf *out = &given->out;
    buf_puts(out, "insert into ");
    buf_str(out, given->stmt->relation);
    if (!count_given(given)) {
        buf_puts(out, " default values");
        return;
    }
    put_names(given);
    buf_puts(out, " values (");
    size_t n = 0;
    for (size_t i = 0; i < given->stmt->table->columns.n; i++) {
        if (!is_given(given, i))
            continue;
        buf_puts(out, n ? ", " : "");
        buf_printf(out, "$%zu%.*s", n + 1, STR_ARGS(column_at(given, i).cast));
        n++;
    }
    buf_puts(out, ")");
}

static void put_insert_many(struct given *given)
{
    struct buf *out = &given->out;
    buf_puts(out, "insert into ");
    buf_str(out, given->stmt->relation);
    put_names(given);
    const char *before = " select ";
    size_t n = 0;
    for (size_t i = 0; i < given->stmt->table->columns.n; i++) {
        if (!is_given(given, i))
            continue;
        n++;
        buf_printf(out, "%sx.c%zu%.*s", before, n,
                   STR_ARGS(column_at(given, i).many_cast));
        before = ", ";
    }
    buf_puts(out, " from unnest(");
    for (size_t i = 1; i <= n; i++)
        buf_printf(out, "%s$%zu", i > 1 ? ", " : "", i);
    buf_puts(out, ") as x(");
    for (size_t i = 1; i <= n; i++)
        buf_printf(out, "%sc%zu", i > 1 ? ", " : "", i);
    buf_puts(out, ")");
}

static void put_also(struct given *given, bool first)
{
    if (!given->stmt->also.n)
        return;
    buf_puts(&given->out, first ? "" : ", ");
    buf_str(&given->out, given->stmt->also);
}

static void put_excluded(struct given *given, size_t i, bool first)
{
    struct str name = column_at(given, i).sql;
    buf_printf(&given->out, "%s%.*s = excluded.%.*s", first ? "" : ", ", STR_ARGS(name),
               STR_ARGS(name));
}

/* What an upsert sets of the row that it meets: nothing that finds it. */
static bool is_set_by_upsert(const struct given *given, size_t i)
{
    const struct stmt *stmt = given->stmt;
    const struct model_column *column = stmt->table->columns.items[i];
    return is_given(given, i) && column_at(given, i).updatable &&
           !column->in_primary_key && !maker_has_column(&stmt->key->columns, column);
}

static void put_conflict(struct given *given)
{
    const struct stmt *stmt = given->stmt;
    bool first = true;
    buf_printf(&given->out, " on conflict %.*s do update set ", STR_ARGS(stmt->target));
    for (size_t i = 0; i < stmt->table->columns.n; i++) {
        if (!is_set_by_upsert(given, i))
            continue;
        put_excluded(given, i, first);
        first = false;
    }
    if (first)
        put_excluded(given, stmt->key->columns.items[0]->index, first);
    put_also(given, false);
}

static void put_returning(struct given *given)
{
    if (given->returning) {
        buf_puts(&given->out, " returning ");
        buf_str(&given->out, given->stmt->returning);
    }
}

static void put_sets(struct given *given)
{
    const struct stmt *stmt = given->stmt;
    size_t number = stmt->params.n;
    bool first = true;
    buf_printf(&given->out, "update %.*s set ", STR_ARGS(stmt->relation));
    for (size_t i = 0; i < stmt->table->columns.n; i++) {
        if (!is_given(given, i))
            continue;
        struct stmt_column column = column_at(given, i);
        buf_printf(&given->out, "%s%.*s = $%zu%.*s", first ? "" : ", ",
                   STR_ARGS(column.sql), ++number, STR_ARGS(column.cast));
        first = false;
    }
    put_also(given, first);
    buf_printf(&given->out, " %.*s", STR_ARGS(stmt->where));
}

static void put_update(struct given *given)
{
    const struct stmt *stmt = given->stmt;
    buf_str(&given->out, stmt->head);
    put_sets(given);
    given->returning |= stmt->head.n > 0;
    put_returning(given);
    buf_str(&given->out, stmt->tail);
}

static void put_copy(struct given *given)
{
    buf_printf(&given->out, "copy %.*s", STR_ARGS(given->stmt->relation));
    put_names(given);
    buf_puts(&given->out, " from stdin (format binary)");
}

static void put_pieces(struct given *given, uint64_t bits)
{
    const stmt_pieces *pieces = &given->stmt->pieces;
    for (size_t i = 0; i < pieces->n; i++) {
        const struct stmt_piece *piece = &pieces->items[i];
        bool picked = piece->choice < 0 ||
                      (int)((bits >> (32 + 8 * piece->choice)) & 0xff) == piece->pick;
        if ((piece->need & ~bits) == 0 && picked)
            buf_str(&given->out, piece->sql);
    }
}

static void put_text(struct given *given, uint64_t bits)
{
    switch (given->stmt->kind) {
    case STMT_INSERT:
        put_insert(given);
        put_returning(given);
        return;
    case STMT_INSERT_MANY:
        put_insert_many(given);
        put_returning(given);
        return;
    case STMT_UPSERT:
        put_insert(given);
        put_conflict(given);
        put_returning(given);
        return;
    case STMT_UPSERT_MANY:
        put_insert_many(given);
        put_conflict(given);
        put_returning(given);
        return;
    case STMT_UPDATE:
        put_update(given);
        return;
    case STMT_LOAD:
        put_copy(given);
        return;
    case STMT_GET:
    case STMT_BY_KEY:
    case STMT_GET_MANY:
    case STMT_MANY_BY_KEY:
    case STMT_EXISTS:
    case STMT_EXISTS_BY_KEY:
    case STMT_COUNT:
    case STMT_COUNT_BY:
    case STMT_LIST:
    case STMT_PAGE:
    case STMT_DELETE:
    case STMT_RESTORE:
    case STMT_PURGE:
    case STMT_SCAN:
    case STMT_RELATED:
    case STMT_RELATED_MANY:
    case STMT_QUERY:
        put_pieces(given, bits);
        return;
    }
}

struct str stmt_text(struct arena *arena, const struct stmt *stmt,
                     struct stmt_variant variant)
{
    struct given given = { .stmt = stmt,
                           .columns = variant.columns,
                           .returning = variant.returning,
                           .arena = arena };
    put_text(&given, variant.bits);
    struct str text = buf_dup(&given.out, arena);
    buf_release(&given.out);
    return text;
}
