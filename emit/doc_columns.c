/* doc_columns.c: what the documentation says of rows, members and constraints. Must not
 * know how a comment is written. */
#include "../sql/quote.h"
#include "../sql/write.h"
#include "names.h"
#include "unit.h"

static struct str taken(struct buf *text, struct arena *arena)
{
    struct str made = buf_dup(text, arena);
    buf_release(text);
    return made;
}

/* The user's words, ready for a sentence of ours behind them. */
static void put_user_doc(struct buf *text, struct str doc)
{
    if (doc.n == 0) {
        return;
    }
    buf_str(text, doc);
    char last = doc.s[doc.n - 1];
    bool ended = last == '.' || last == '!' || last == '?' || last == ':';
    buf_puts(text, ended ? " " : ". ");
}

static void put_sql_clause(struct buf *text, const char *clause,
                           const struct model_sql *sql)
{
    if (sql->ntokens) {
        buf_puts(text, clause);
        write_sql(text, sql);
    }
}

static bool is_unique_alone(const struct model_column *column)
{
    for (size_t i = 0; i < column->table->keys.n; i++) {
        const struct model_key *key = &column->table->keys.items[i];
        if (!key->primary && key->columns.n == 1 && key->columns.items[0] == column) {
            return true;
        }
    }
    return false;
}

static void put_reference(struct buf *text, const struct model_column *column)
{
    for (size_t i = 0; i < column->table->foreign_keys.n; i++) {
        const struct model_constraint *key = column->table->foreign_keys.items[i];
        if (key->columns.n == 1 && key->columns.items[0] == column) {
            buf_puts(text, ", references ");
            write_table_name(text, key->target);
            return;
        }
    }
}

static void put_sources(struct buf *text, const struct model_column *column)
{
    if (column->identity == IDENTITY_ALWAYS) {
        buf_puts(text, ", identity");
    } else if (column->identity == IDENTITY_BY_DEFAULT) {
        buf_puts(text, ", identity by default");
    } else if (column->serial) {
        buf_puts(text, ", serial");
    }
    put_sql_clause(text, ", default ", &column->default_);
    put_sql_clause(text, ", generated as ", &column->generated);
    put_sql_clause(text, ", on update ", &column->on_update);
}

struct str doc_row_member(const struct unit *unit, const struct unit_column *of)
{
    const struct model_column *column = of->column;
    struct buf text = { 0 };
    put_user_doc(&text, column->name.doc);
    write_type(&text, &column->type);
    buf_puts(&text, column->nullable ? " or NULL" : "");
    buf_puts(&text, column->in_primary_key ? ", primary key" : "");
    buf_puts(&text, is_unique_alone(column) ? ", unique" : "");
    put_reference(&text, column);
    put_sources(&text, column);
    buf_puts(&text, column->version ? ", version" : "");
    buf_puts(&text, column->soft_delete ? ", set when the row is deleted" : "");
    buf_puts(&text, column->secret ? ", secret" : "");
    return taken(&text, unit->arena);
}

struct str doc_new_member(const struct unit *unit, const struct unit_column *of)
{
    const struct model_column *column = of->column;
    if (of->sql.required) {
        return STR("required");
    }
    struct buf text = { 0 };
    buf_puts(&text, "left out: ");
    if (column->default_.ntokens) {
        write_sql(&text, &column->default_);
    } else {
        buf_puts(&text, of->sql.has_default ? "the default" : "NULL");
    }
    return taken(&text, unit->arena);
}

struct str doc_patch_member(const struct unit *unit, const struct unit_column *of)
{
    (void)unit;
    return of->column->nullable ? STR("may be SC_NULL") : STR("not NULL");
}

bool doc_has_secret(const struct unit *unit)
{
    for (size_t i = 0; i < unit->ncolumns; i++) {
        if (unit->columns[i].column->secret) {
            return true;
        }
    }
    return false;
}

struct str doc_row(const struct unit *unit)
{
    struct buf text = { 0 };
    struct str doc = unit->table->name.doc;
    buf_str(&text, doc);
    buf_puts(&text, doc.n ? "\n" : "");
    buf_puts(&text, "A row of table ");
    write_table_name(&text, unit->table);
    buf_puts(&text, ". Free it, or a list of them, with ");
    buf_str(&text, name_global(unit->arena, unit->base, "_free"));
    buf_putc(&text, '.');
    buf_puts(&text,
             doc_has_secret(unit)
                 ? " It has secrets: errors of the functions below carry no detail."
                 : "");
    return taken(&text, unit->arena);
}

/* ---- constraints ------------------------------------------------------------------ */

static void put_key(struct buf *text, const char *word, const model_columns *columns)
{
    buf_puts(text, word);
    buf_puts(text, " (");
    write_columns(text, columns);
    buf_putc(text, ')');
}

static void put_check(struct buf *text, const struct model_sql *expression)
{
    buf_puts(text, "check (");
    write_sql(text, expression);
    buf_putc(text, ')');
}

static void put_constraint(struct buf *text, const struct model_constraint *constraint)
{
    switch (constraint->kind) {
    case CONSTRAINT_PRIMARY_KEY:
        put_key(text, "primary key", &constraint->columns);
        return;
    case CONSTRAINT_UNIQUE:
        put_key(text, "unique", &constraint->columns);
        return;
    case CONSTRAINT_FOREIGN_KEY:
        put_key(text, "foreign key", &constraint->columns);
        buf_puts(text, " references ");
        write_table_name(text, constraint->target);
        return;
    case CONSTRAINT_CHECK:
        put_check(text, &constraint->expression);
        return;
    case CONSTRAINT_EXCLUDE:
        buf_puts(text, "exclusion constraint");
        return;
    }
}

struct str doc_constraint(const struct unit *unit,
                          const struct model_constraint *constraint)
{
    struct buf text = { 0 };
    put_user_doc(&text, constraint->name.doc);
    put_constraint(&text, constraint);
    return taken(&text, unit->arena);
}

struct str doc_index(const struct unit *unit, const struct model_index *index)
{
    struct buf text = { 0 };
    put_user_doc(&text, index->name.doc);
    buf_puts(&text, "unique index ");
    quote_ident(&text, index->name.name);
    return taken(&text, unit->arena);
}
