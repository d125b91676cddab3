/* doc_funcs.c: what the documentation says of functions and their arguments. Must not know
 * how a comment is written. */
#include "../sql/quote.h"
#include "../sql/write.h"
#include "names.h"
#include "unit.h"

/* ---- what it does ------------------------------------------------------------------------ */

/* Sentences with holes: ${table}; ${key}: "primary key (id)" or "(user_id)"; ${child}. */
static const char *const summaries[] = {
    [STMT_GET] = "Finds the row of ${table} with this ${key}.",
    [STMT_BY_KEY] = "Finds the row of ${table} with this ${key}.",
    [STMT_GET_MANY] =
        "Finds the rows of ${table} with any of these values of its ${key}, in no "
        "particular order; keys "
        "without a row are left out.",
    [STMT_MANY_BY_KEY] =
        "Finds the rows of ${table} with any of these ${key}, in no order; "
        "keys without a row are left out.",
    [STMT_EXISTS] = "Tells whether ${table} has a row with this ${key}.",
    [STMT_EXISTS_BY_KEY] = "Tells whether ${table} has a row with this ${key}.",
    [STMT_COUNT] = "Counts the rows of ${table}.",
    [STMT_COUNT_BY] = "Counts the rows of ${table} with this ${key}.",
    [STMT_LIST] = "Lists the rows of ${table} with this ${key}.",
    [STMT_PAGE] =
        "Lists rows of ${table}${with}, at most limit of them, in the order of "
        "${order}. after: where the page before ended, NULL for the first.",
    [STMT_INSERT] = "Inserts a row into ${table}.",
    [STMT_INSERT_MANY] =
        "Inserts count rows into ${table}, all or none: a statement for each "
        "run of rows that give the same columns, in one round trip.",
    [STMT_UPSERT] =
        "Inserts a row into ${table}; where one with the same ${key} is there, "
        "sets the columns that are given instead.",
    [STMT_UPSERT_MANY] =
        "The same for count rows, all or none, in one round trip. Rows with the same "
        "key: SC_UNIQUE.",
    [STMT_UPDATE] =
        "Changes the row of ${table} with this ${key}: just the columns that patch "
        "gives.",
    [STMT_DELETE] = "Deletes the row of ${table} with this ${key}.",
    [STMT_RESTORE] = "Brings back the deleted row of ${table} with this ${key}.",
    [STMT_PURGE] = "Deletes the row of ${table} with this ${key} for good.",
    [STMT_SCAN] =
        "Reads all rows of ${table} by COPY, one by one; sc_stream_close ends "
        "it.",
    [STMT_RELATED_MANY] =
        "The same for many keys, in no particular order; keys without a row are left "
        "out.",
    [STMT_LOAD] =
        "Loads count rows into ${table} by COPY, the fastest way for many, in three "
        "round trips; nothing comes back. A column with a default is given by every "
        "row or by none, else SC_MISUSE.",
    [STMT_RELATED] =
        "Finds the row of ${table} with this ${key}, and the rows of ${child} "
        "that refer to it.",
};

/* A key that is unique among the living only. */
static const char several_by_key[] = "Finds the rows of ${table} with this ${key}.";

static struct str taken(struct buf *text, struct arena *arena)
{
    struct str made = buf_dup(text, arena);
    buf_release(text);
    return made;
}

/* "(user_id, created_at)": what its inputs are called in the schema. */
static struct str key_words(const struct unit *unit, const struct func *func)
{
    const struct stmt *stmt = func->stmt;
    struct buf text = { 0 };
    if (stmt->key) {
        buf_puts(&text, stmt->key->primary ? "primary key (" : "unique key (");
        write_columns(&text, &stmt->key->columns);
        buf_putc(&text, ')');
        return taken(&text, unit->arena);
    }
    bool several = func->ninputs > 1;
    buf_puts(&text, several ? "(" : "");
    for (size_t i = 0; i < func->ninputs; i++) {
        buf_puts(&text, i ? ", " : "");
        buf_str(&text, func->inputs[i].plain);
    }
    buf_puts(&text, several ? ")" : "");
    return taken(&text, unit->arena);
}

static struct str order_words(const struct unit *unit, const struct func *func)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < func->norder; i++) {
        buf_puts(&text, i ? ", " : "");
        buf_str(&text, func->order[i].result->name);
        buf_puts(&text, func->stmt->order.items[i].desc ? " desc" : "");
    }
    return taken(&text, unit->arena);
}

static struct str table_words(const struct unit *unit, const struct model_table *table)
{
    struct buf text = { 0 };
    write_table_name(&text, table);
    return taken(&text, unit->arena);
}

static void put_summary(struct buf *text, const struct unit *unit,
                        const struct func *func)
{
    const struct stmt *stmt = func->stmt;
    struct writer line = { 0 };
    bool several = stmt->kind == STMT_BY_KEY && func->out == FUNC_ROWS;
    const char *summary = several ? several_by_key : summaries[stmt->kind];
    struct str template = name_join(unit->arena, str_of(summary), STR("\n"), STR(""));
    bool fixed = stmt->kind == STMT_PAGE && func->ninputs;
    struct str key = key_words(unit, func);
    WRITE(&line, template.s, { "table", table_words(unit, stmt->table) },
          { "key", key },
          { "with", fixed ? name_join(unit->arena, STR(" with this "), key, STR(""))
                          : STR("") },
          { "order", order_words(unit, func) },
          { "child", stmt->relations.n
                         ? table_words(unit, stmt->relations.items[0].child->table)
                         : STR("") });
    buf_put(text, line.out.s, line.out.n - 1);
    buf_release(&line.out);
}

static void put_soft_delete(struct buf *text, const struct func *func)
{
    const struct model_column *column = func->stmt->table->soft_delete;
    if (!column) {
        return;
    }
    switch (func->stmt->kind) {
    case STMT_DELETE:
        buf_puts(text, " The row stays, marked by ");
        quote_ident(text, column->name.name);
        buf_putc(text, '.');
        return;
    case STMT_INSERT:
    case STMT_INSERT_MANY:
    case STMT_LOAD:
    case STMT_UPSERT:
    case STMT_UPSERT_MANY:
    case STMT_RELATED_MANY:
    case STMT_RESTORE:
    case STMT_PURGE:
    case STMT_QUERY:
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
    case STMT_SCAN:
    case STMT_UPDATE:
    case STMT_RELATED:
        break;
    }
    buf_puts(text, func->stmt->with_deleted ? " Deleted rows count too."
                                            : " Deleted rows do not count.");
}

static void put_query_summary(struct buf *text, const struct func *func)
{
    const struct model_query *query = func->stmt->query;
    if (query->name.doc.n) {
        buf_str(text, query->name.doc);
    } else {
        buf_puts(text, "Runs the query ");
        quote_qualified(text, query->schema->name.name, query->name.name);
        buf_putc(text, '.');
    }
    if (func->page) {
        buf_puts(text,
                 "\nGives at most limit rows. after: where the page before ended, NULL "
                 "for the first.");
    }
}

/* ---- what it may answer --------------------------------------------------------------------- */

static void put_constants(struct buf *text, const char *status, struct buf *constants)
{
    if (constants->n) {
        buf_puts(text, text->n ? "; " : "");
        buf_puts(text, status);
        buf_puts(text, " (");
        buf_str(text, buf_view(constants));
        buf_putc(text, ')');
    }
    buf_clear(constants);
}

static void add_constant(struct buf *constants, struct str name)
{
    buf_puts(constants, constants->n ? ", " : "");
    buf_str(constants, name);
}

/* with_key: the primary key's columns are given too. */
static void put_constraints(struct buf *text, const struct unit *unit,
                            enum model_constraint_kind kind, const char *status,
                            bool with_key)
{
    const struct model_table *table = unit->table;
    struct buf constants = { 0 };
    bool unique = kind == CONSTRAINT_UNIQUE;
    for (size_t i = 0; i < table->constraints.n; i++) {
        const struct model_constraint *constraint = table->constraints.items[i];
        if (constraint->kind == kind ||
            (with_key && unique && constraint->kind == CONSTRAINT_PRIMARY_KEY)) {
            add_constant(&constants, name_constraint(unit->arena, constraint));
        }
    }
    for (size_t i = 0; unique && i < table->indexes.n; i++) {
        if (table->indexes.items[i]->unique) {
            add_constant(&constants, name_index(unit->arena, table->indexes.items[i]));
        }
    }
    put_constants(text, status, &constants);
    buf_release(&constants);
}

static bool key_may_change(const struct unit *unit)
{
    for (size_t i = 0; i < unit->ncolumns; i++) {
        const struct unit_column *column = &unit->columns[i];
        if (column->column->in_primary_key && column->patch_type.n) {
            return true;
        }
    }
    return false;
}

/* The constraints that a row with new values may violate. */
static void put_written(struct buf *text, const struct unit *unit,
                        const struct stmt *stmt)
{
    bool inserts = stmt->kind == STMT_INSERT;
    bool with_key = inserts || (stmt->kind == STMT_UPDATE && key_may_change(unit));
    struct buf list = { 0 };
    put_constraints(&list, unit, CONSTRAINT_UNIQUE, "SC_UNIQUE", with_key);
    put_constraints(&list, unit, CONSTRAINT_EXCLUDE, "SC_EXCLUSION", false);
    if (stmt->kind != STMT_RESTORE) {
        put_constraints(&list, unit, CONSTRAINT_FOREIGN_KEY, "SC_FOREIGN_KEY", false);
        put_constraints(&list, unit, CONSTRAINT_CHECK, "SC_CHECK", false);
    }
    buf_puts(text, list.n ? " " : "");
    buf_str(text, buf_view(&list));
    if (inserts) {
        buf_puts(text, list.n ? "; " : " ");
        buf_puts(text, "SC_NOT_NULL: a required column is missing");
    }
    buf_puts(text, list.n || inserts ? "." : "");
    buf_release(&list);
}

static void put_referring(struct buf *text, const struct unit *unit)
{
    const struct model_table *table = unit->table;
    struct buf constants = { 0 };
    for (size_t i = 0; i < table->referenced_by.n; i++) {
        const struct model_constraint *key = table->referenced_by.items[i];
        if (key->on_delete == ACTION_NO_ACTION || key->on_delete == ACTION_RESTRICT) {
            add_constant(&constants, name_constraint(unit->arena, key));
        }
    }
    if (constants.n) {
        buf_puts(text, " SC_FOREIGN_KEY: rows refer to it (");
        buf_str(text, buf_view(&constants));
        buf_puts(text, ").");
    }
    buf_release(&constants);
}

static void put_violations(struct buf *text, const struct unit *unit,
                           const struct stmt *stmt)
{
    switch (stmt->kind) {
    case STMT_INSERT:
    case STMT_UPDATE:
    case STMT_RESTORE:
        put_written(text, unit, stmt);
        return;
    case STMT_INSERT_MANY:
    case STMT_UPSERT:
    case STMT_LOAD:
        buf_puts(text, " Violations as at ");
        buf_str(text, name_global(unit->arena, unit->base, "_insert"));
        buf_putc(text, '.');
        return;
    case STMT_DELETE:
        if (stmt->table->soft_delete) {
            return;
        }
        put_referring(text, unit);
        return;
    case STMT_PURGE:
        put_referring(text, unit);
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
    case STMT_UPSERT_MANY:
    case STMT_PAGE:
    case STMT_SCAN:
    case STMT_RELATED:
    case STMT_RELATED_MANY:
    case STMT_QUERY:
        return;
    }
}

static void put_statuses(struct buf *text, const struct unit *unit,
                         const struct func *func)
{
    const struct stmt *stmt = func->stmt;
    bool declared = stmt->kind == STMT_QUERY;
    bool versioned = false;
    for (size_t i = 0; stmt->table && i < stmt->params.n; i++) {
        const struct model_column *column = stmt->params.items[i].column;
        versioned = versioned ||
                    (column && column == stmt->table->version && !declared);
    }
    bool one = stmt->want == STMT_WANT_ONE || stmt->want == STMT_WANT_TOUCH;
    if (one && !func_takes_values(stmt)) {
        buf_puts(text, " SC_NOT_FOUND: there is none.");
    }
    if (declared && (one || stmt->want == STMT_WANT_MAYBE)) {
        buf_puts(text, " SC_TOO_MANY: there is more than one.");
    }
    if (versioned) {
        buf_puts(text, " SC_STALE: it is there, in another version.");
    }
    put_violations(text, unit, stmt);
}

/* ---- who owns what ------------------------------------------------------------------------------ */

static void put_ownership(struct buf *text, const struct unit *unit,
                          const struct func *func)
{
    struct str release = name_global(unit->arena, func->row_base, "_free");
    switch (func->out) {
    case FUNC_NOTHING:
    case FUNC_STREAM:
        return;
    case FUNC_ROW:
        buf_puts(text, func->stmt->want == STMT_WANT_MAYBE
                           ? " *row is NULL where there is none; else free it with "
                           : " Free *row with ");
        buf_str(text, release);
        break;
    case FUNC_ROWS:
        buf_puts(text, " Free *rows with ");
        buf_str(text, release);
        break;
    case FUNC_TOUCHED:
        buf_puts(text, " *n: how many rows it touched; n may be NULL");
        break;
    case FUNC_VALUE:
        return;
    case FUNC_ONE_VALUE:
        buf_puts(text,
                 func->stmt->want == STMT_WANT_MAYBE
                     ? " *value is NULL where there is none; else free it with sc_free"
                     : " Free *value with sc_free");
        break;
    case FUNC_VALUES:
        buf_puts(text, " Free *values with sc_free");
        break;
    }
    bool written = func_takes_values(func->stmt) || func->stmt->kind == STMT_UPDATE;
    buf_puts(text, !written ? "."
                   : func->out == FUNC_ROWS
                       ? "; rows and n may be NULL: nothing comes back."
                       : "; row may be NULL: nothing comes back.");
}

struct str doc_func(const struct unit *unit, const struct func *func)
{
    struct buf text = { 0 };
    if (func->stmt->kind == STMT_QUERY) {
        put_query_summary(&text, func);
    } else {
        put_summary(&text, unit, func);
        buf_puts(&text, func->stmt->same_count
                            ? " The arrays are of one length, else SC_MISUSE."
                            : "");
        put_soft_delete(&text, func);
    }
    put_statuses(&text, unit, func);
    put_ownership(&text, unit, func);
    if (func->stmt->secret && !doc_has_secret(unit)) {
        buf_puts(&text, " Errors carry no detail: a secret is concerned.");
    }
    return taken(&text, unit->arena);
}

struct str doc_input(const struct unit *unit, const struct func_input *input)
{
    struct buf text = { 0 };
    if (input->choice) {
        return STR("");
    }
    write_type(&text, &input->param->type);
    buf_puts(&text, input->param->array ? "[]" : "");
    buf_puts(&text, input->param->gate_bit >= 0 ? "; counts only when it is given"
                    : input->param->nullable    ? " or NULL"
                                                : "");
    buf_puts(&text, input->param->secret ? ", secret" : "");
    return taken(&text, unit->arena);
}
