/* put_keys.c: constraints and indexes, as members and as attributes. Must not know
 * catalogs. */
#include "clean.h"
#include "put.h"

/* A check that is longer has a line of its own. */
enum { MAX_INLINE_CHECK = 48 };

static const char *action_word(char action)
{
    switch (action) {
    case 'r':
        return "restrict";
    case 'c':
        return "cascade";
    case 'n':
        return "set null";
    case 'd':
        return "set default";
    default:
        return NULL;
    }
}

/* ---- what follows keys --------------------------------------------------------------------- */

static void put_list(struct put *put, const char *before, const shape_columns *columns)
{
    if (columns->n > 0) {
        buf_puts(&put->out, before);
        put_columns(put, columns);
        buf_putc(&put->out, ')');
    }
}

static void put_clause(struct put *put, const char *before, struct str text)
{
    if (text.n > 0) {
        buf_printf(&put->out, "%s%.*s)", before, STR_ARGS(text));
    }
}

static void put_deferrable(struct put *put, const struct shape_constraint *constraint)
{
    buf_puts(&put->out, constraint->deferrable ? " deferrable" : "");
    buf_puts(&put->out, constraint->deferred ? " initially deferred" : "");
}

static void put_tablespace(struct put *put, struct str tablespace)
{
    if (tablespace.n > 0) {
        buf_puts(&put->out, " tablespace ");
        buf_str(&put->out, clean_name(put->arena, tablespace));
    }
}

static bool is_primary_key(const struct shape_table *table,
                           const shape_columns *columns)
{
    const struct shape_constraint *key = table->primary_key;
    if (key == NULL || !item_in_file(&key->item) || key->columns.n != columns->n) {
        return false;
    }
    for (size_t i = 0; i < columns->n; i++) {
        if (key->columns.items[i] != columns->items[i]) {
            return false;
        }
    }
    return true;
}

/* " references auth.users (id) on delete cascade" */
static void put_references(struct put *put, const struct shape_constraint *key)
{
    const struct item *target = &key->target->item;
    buf_puts(&put->out, " references ");
    if (target->owner != key->item.owner->owner) {
        buf_printf(&put->out, "%.*s.",
                   STR_ARGS(clean_name(put->arena, target->owner->name)));
    }
    buf_str(&put->out, clean_name(put->arena, target->name));
    if (!is_primary_key(key->target, &key->target_columns)) {
        put_list(put, " (", &key->target_columns);
    }
    buf_puts(&put->out, key->match_full ? " match full" : "");
    if (action_word(key->on_update) != NULL) {
        buf_printf(&put->out, " on update %s", action_word(key->on_update));
    }
    if (action_word(key->on_delete) != NULL) {
        buf_printf(&put->out, " on delete %s", action_word(key->on_delete));
        put_list(put, " (", &key->set_columns);
    }
}

/* ---- attributes ------------------------------------------------------------------------------ */

bool put_is_inline(const struct shape_constraint *constraint)
{
    const struct item *item = &constraint->item;
    if (constraint->columns.n != 1 || item->doc.n > 0 || item->c_name.n > 0 ||
        constraint->include.n > 0 || constraint->with.n > 0 ||
        constraint->tablespace.n > 0 || constraint->set_columns_given ||
        constraint->no_inherit) {
        return false;
    }
    switch (constraint->type) {
    case 'c':
        return constraint->expression.n <= MAX_INLINE_CHECK;
    case 'x':
        return false;
    default:
        return !item->named;
    }
}

void put_inline(struct put *put, struct shape_constraint *constraint)
{
    size_t start = put->out.n;
    switch (constraint->type) {
    case 'p':
        buf_puts(&put->out, " primary key");
        break;
    case 'u':
        buf_puts(&put->out, " unique");
        buf_puts(&put->out,
                 constraint->nulls_not_distinct ? " nulls not distinct" : "");
        break;
    case 'f':
        put_references(put, constraint);
        break;
    default:
        buf_puts(&put->out, " check");
        put_given_name(put, &constraint->item);
        put_clause(put, " (", constraint->expression);
        break;
    }
    put_deferrable(put, constraint);
    put_end(put, start, &constraint->item);
}

/* ---- members ---------------------------------------------------------------------------------- */

static void put_key(struct put *put, const struct shape_constraint *key)
{
    buf_puts(&put->out, key->type == 'p' ? "primary key" : "unique");
    put_given_name(put, &key->item);
    buf_puts(&put->out, key->nulls_not_distinct ? " nulls not distinct" : "");
    put_list(put, " (", &key->columns);
    put_list(put, " include (", &key->include);
}

static void put_foreign_key(struct put *put, const struct shape_constraint *key)
{
    buf_puts(&put->out, "foreign key");
    put_given_name(put, &key->item);
    put_list(put, " (", &key->columns);
    put_references(put, key);
}

static void put_exclude(struct put *put, const struct shape_constraint *constraint)
{
    buf_puts(&put->out, "exclude");
    put_given_name(put, &constraint->item);
    buf_printf(&put->out, " using %.*s",
               STR_ARGS(clean_name(put->arena, constraint->method)));
    put_clause(put, " (", constraint->expression);
    put_list(put, " include (", &constraint->include);
    put_clause(put, " where (", constraint->where);
}

void put_constraint(struct put *put, struct shape_constraint *constraint)
{
    size_t start = put_begin(put, &constraint->item);
    switch (constraint->type) {
    case 'f':
        put_foreign_key(put, constraint);
        break;
    case 'c':
        buf_puts(&put->out, "check");
        put_given_name(put, &constraint->item);
        put_clause(put, " (", constraint->expression);
        break;
    case 'x':
        put_exclude(put, constraint);
        break;
    default:
        put_key(put, constraint);
        break;
    }
    buf_puts(&put->out, constraint->no_inherit ? " no inherit" : "");
    put_clause(put, " with (", constraint->with);
    put_tablespace(put, constraint->tablespace);
    put_deferrable(put, constraint);
    put_c_name(put, &constraint->item);
    buf_puts(&put->out, ";\n");
    put_end(put, start, &constraint->item);
}

void put_index(struct put *put, struct shape_index *index)
{
    size_t start = put_begin(put, &index->item);
    buf_puts(&put->out, index->unique ? "unique index" : "index");
    put_given_name(put, &index->item);
    if (!str_eq_c(index->method, "btree")) {
        buf_printf(&put->out, " using %.*s",
                   STR_ARGS(clean_name(put->arena, index->method)));
    }
    put_clause(put, " (", index->elements);
    put_list(put, " include (", &index->include);
    buf_puts(&put->out, index->nulls_not_distinct ? " nulls not distinct" : "");
    put_clause(put, " with (", index->with);
    put_tablespace(put, index->tablespace);
    put_clause(put, " where (", index->where);
    put_c_name(put, &index->item);
    buf_puts(&put->out, ";\n");
    put_end(put, start, &index->item);
}
