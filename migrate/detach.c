/* detach.c: which constraints, indexes and generated columns have to go before a column
 * is rewritten, and the one ALTER TABLE that rewrites it; must not know why it is. */
#include "../sql/ddl.h"
#include "../sql/quote.h"
#include "../sql/write.h"
#include "casts.h"
#include "planner_private.h"

/* ---- what is taken away and made again ---- */

bool planner_is_rebuilt(const struct planner *p, const void *from)
{
    return pairs_find(&p->rebuilt, from) != NULL;
}

bool planner_rebuild(struct planner *p, enum change_object object, const void *from,
                     const struct model_table *table)
{
    if (planner_is_rebuilt(p, from))
        return false;
    pairs_add(&p->rebuilt, p->arena, from, p);
    const void *to = match_to(planner_match(p), from);
    if (to && object != CHANGE_COLUMN) {
        struct change change = { object, from,
                                 to,     ASPECT_DEFINITION,
                                 table,  match_to(planner_match(p), table) };
        VEC_PUSH(p->arena, &p->again, change);
    }
    return true;
}

static bool has_column(const model_columns *columns, const struct model_column *column)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

/* By words: a name that happens to be the column's counts, too. */
static bool mentions(struct planner *p, const struct model_sql *sql, struct str name)
{
    for (size_t i = 0; i < sql->ntokens; i++) {
        const struct token *token = &sql->tokens[i];
        if ((token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED) &&
            str_eq(token_value(p->arena, token), name))
            return true;
    }
    return false;
}

/* A foreign key stands on a unique index over its target's columns. */
static bool same_columns(const model_columns *a, const model_columns *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (!has_column(b, a->items[i]))
            return false;
    }
    return true;
}

void planner_detach_users(struct planner *p, const struct model_table *table,
                          const model_columns *key)
{
    for (size_t i = 0; i < table->referenced_by.n; i++) {
        const struct model_constraint *user = table->referenced_by.items[i];
        if (same_columns(&user->target_columns, key))
            planner_rebuild(p, CHANGE_CONSTRAINT, user, user->table);
    }
}

struct detach {
    struct planner *p;
    const struct model_column *column;
    struct str name;
    const struct model_type
        *type;      /* what it gets; NULL: it goes, and takes plain indexes
                                      with it */
    bool keep_keys; /* foreign keys stay */
};

/* Whether PostgreSQL builds plain elements of the default operator class anew by itself:
 * it does where the new type has one. */
static bool is_built_anew(const struct detach *d, struct str method)
{
    const struct model_type *from = &d->column->type, *to = d->type;
    if (to && (!method.n || str_eq_c(method, "btree")))
        return type_has_order(to);
    return to && to->kind == from->kind && to->array == from->array &&
           to->builtin == from->builtin;
}

static bool element_goes(const struct detach *d, const struct model_element *element,
                         struct str method)
{
    if (element->column)
        return element->column == d->column &&
               (element->opclass.n > 0 || !is_built_anew(d, method));
    return mentions(d->p, &element->expression, d->name);
}

static bool index_goes(const struct detach *d, const struct model_index *index)
{
    bool living = index->living_only && index->table->soft_delete == d->column;
    bool goes = living || mentions(d->p, &index->where, d->name) ||
                (!d->type && has_column(&index->include, d->column));
    for (size_t i = 0; i < index->elements.n; i++)
        goes |= element_goes(d, &index->elements.items[i], index->method);
    return goes;
}

static bool exclude_goes(const struct detach *d,
                         const struct model_constraint *constraint)
{
    bool goes = mentions(d->p, &constraint->where, d->name);
    for (size_t i = 0; i < constraint->elements.n; i++)
        goes |= element_goes(d, &constraint->elements.items[i], constraint->method);
    return goes;
}

static bool key_goes(const struct detach *d, const struct model_constraint *key)
{
    bool living = key->partial && key->table->soft_delete == d->column;
    bool over = has_column(&key->columns, d->column);
    return living || (over && !is_built_anew(d, (struct str){ NULL, 0 })) ||
           (!d->type && has_column(&key->include, d->column));
}

static bool constraint_goes(const struct detach *d,
                            const struct model_constraint *constraint)
{
    switch (constraint->kind) {
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        return key_goes(d, constraint);
    case CONSTRAINT_FOREIGN_KEY:
        return !d->keep_keys && has_column(&constraint->columns, d->column);
    case CONSTRAINT_CHECK:
        return has_column(&constraint->columns, d->column);
    case CONSTRAINT_EXCLUDE:
        return exclude_goes(d, constraint);
    }
    return false;
}

static void detach_constraints(const struct detach *d)
{
    const struct model_table *table = d->column->table;
    for (size_t i = 0; i < table->constraints.n; i++) {
        const struct model_constraint *constraint = table->constraints.items[i];
        if (!constraint_goes(d, constraint))
            continue;
        planner_rebuild(d->p, CHANGE_CONSTRAINT, constraint, table);
        if (constraint->kind == CONSTRAINT_PRIMARY_KEY ||
            constraint->kind == CONSTRAINT_UNIQUE)
            planner_detach_users(d->p, table, &constraint->columns);
    }
    for (size_t i = 0; !d->keep_keys && i < table->referenced_by.n; i++) {
        const struct model_constraint *user = table->referenced_by.items[i];
        if (has_column(&user->target_columns, d->column))
            planner_rebuild(d->p, CHANGE_CONSTRAINT, user, user->table);
    }
}

static void index_columns(struct planner *p, const struct model_index *index,
                          model_columns *columns)
{
    for (size_t i = 0; i < index->elements.n; i++) {
        if (index->elements.items[i].column)
            VEC_PUSH(p->arena, columns, index->elements.items[i].column);
    }
}

void planner_detach_index_users(struct planner *p, const struct model_index *index)
{
    model_columns columns = { 0 };
    if (!index->unique)
        return;
    index_columns(p, index, &columns);
    planner_detach_users(p, index->table, &columns);
}

static void detach_indexes(const struct detach *d)
{
    const struct model_table *table = d->column->table;
    for (size_t i = 0; i < table->indexes.n; i++) {
        const struct model_index *index = table->indexes.items[i];
        if (index_goes(d, index) && planner_rebuild(d->p, CHANGE_INDEX, index, table))
            planner_detach_index_users(d->p, index);
    }
}

/* ---- the one statement of a table ---- */

struct retype_table {
    const struct model_table *from, *to;
    VEC(struct retype) columns;
    VEC(const struct model_column *) computed; /* the origin's: dropped, added again */
};

static struct retype_table *retype_table(struct planner *p,
                                         const struct model_table *from)
{
    struct retype_table *table = (void *)pairs_find(&p->retyped, from);
    if (table)
        return table;
    table = arena_new(p->arena, struct retype_table);
    table->from = from;
    table->to = match_to(planner_match(p), from);
    pairs_add(&p->retyped, p->arena, from, table);
    VEC_PUSH(p->arena, &p->retypes, table);
    return table;
}

bool planner_is_retyped(struct planner *p, const struct model_column *from)
{
    const struct retype_table *table = pairs_find(&p->retyped, from->table);
    for (size_t i = 0; table && i < table->columns.n; i++) {
        if (table->columns.items[i].from == from)
            return true;
    }
    return false;
}

bool planner_is_recomputed(const struct planner *p, const void *from)
{
    for (size_t i = 0; i < p->retypes.n; i++) {
        const struct retype_table *table = p->retypes.items[i];
        for (size_t k = 0; k < table->computed.n; k++) {
            if (table->computed.items[k] == from)
                return true;
        }
    }
    return false;
}

static void detach_computed(const struct detach *d)
{
    const struct model_table *table = d->column->table;
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *column = table->columns.items[i];
        const struct model_column *to = match_to(planner_match(d->p), column);
        if (!mentions(d->p, &column->generated, d->name))
            continue;
        struct detach whole = { d->p, column, column->name.name, NULL, false };
        if (to && to->generated.ntokens)
            planner_recompute(d->p, column);
        if (to || !planner_rebuild(d->p, CHANGE_COLUMN, column, table))
            continue;
        detach_constraints(&whole);
        detach_indexes(&whole);
    }
}

void planner_recompute(struct planner *p, const struct model_column *from)
{
    struct retype_table *table = retype_table(p, from->table);
    struct detach whole = { p, from, from->name.name, NULL, false };
    if (!planner_rebuild(p, CHANGE_COLUMN, from, from->table))
        return;
    /* What reads it goes first. */
    if (!from->generated.ntokens)
        detach_computed(&whole);
    VEC_PUSH(p->arena, &table->computed, from);
    detach_constraints(&whole);
    detach_indexes(&whole);
}

void planner_retype(struct planner *p, const struct retype *retype)
{
    const struct model_column *from = retype->from;
    struct detach detach = { p, from, from->name.name, &retype->to->type,
                             retype->keep_keys };
    if (!retype->keep_dependents) {
        detach_constraints(&detach);
        detach_indexes(&detach);
        detach_computed(&detach);
    }
    VEC_PUSH(p->arena, &retype_table(p, from->table)->columns, *retype);
}

/* ---- its text ---- */

static void put_action(struct buf *out, const char *verb,
                       const struct model_column *column)
{
    buf_printf(out, "%s\n    %s ", out->n ? "," : "", verb);
    quote_ident(out, column->name.name);
}

static bool has_default(const struct model_column *column)
{
    return column->default_.ntokens && !column->generated.ntokens;
}

bool retype_drops_identity(const struct model_column *from,
                           const struct model_column *to)
{
    const struct model_type *type = &to->type;
    bool integer = type->kind == MODEL_BUILTIN && !type->array &&
                   (type->builtin->id == TYPE_INT2 || type->builtin->id == TYPE_INT4 ||
                    type->builtin->id == TYPE_INT8);
    return from->identity != IDENTITY_NONE && !integer;
}

static void put_retype(struct buf *out, const struct retype *retype)
{
    const struct model_column *from = retype->from, *to = retype->to;
    if (has_default(from) || (from->serial && !to->serial)) {
        put_action(out, "alter column", to);
        buf_puts(out, " drop default");
    }
    put_action(out, "alter column", to);
    buf_puts(out, " type ");
    write_type(out, &to->type);
    if (to->collate.n)
        buf_printf(out, " collate %.*s", STR_ARGS(to->collate));
    if (retype->using_.n)
        buf_printf(out, " using %.*s", STR_ARGS(retype->using_));
    if (has_default(to)) {
        put_action(out, "alter column", to);
        buf_puts(out, " set");
        ddl_default(out, &to->default_);
    }
    if (to->storage.n) {
        put_action(out, "alter column", to);
        buf_printf(out, " set storage %.*s", STR_ARGS(to->storage));
    }
    if (to->compression.n) {
        put_action(out, "alter column", to);
        buf_printf(out, " set compression %.*s", STR_ARGS(to->compression));
    }
}

/* Whether it reads a column that the plan adds, which is not there yet. */
static bool is_late(struct planner *p, const struct model_column *to)
{
    const struct model_table *table = to->table;
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *column = table->columns.items[i];
        if (!match_from(planner_match(p), column) &&
            mentions(p, &to->generated, column->name.name))
            return true;
    }
    return false;
}

/* Where new columns have their values, as one that is computed from them is added. */
static void add_late(struct planner *p, const struct model_column *to)
{
    struct buf column = { 0 };
    struct plan_step *step = planner_step(
        p, PHASE_BACKFILL,
        arena_printf(p->arena, "compute %.*s",
                     STR_ARGS(planner_title(p, CHANGE_COLUMN, to))));
    ddl_column(&column, to);
    step_printf(p, step, "alter table %s add column %s;\n",
                planner_name(p, PHASE_BACKFILL, CHANGE_TABLE, to->table).s, column.s);
    planner_touch(p, step, CHANGE_COLUMN, to);
    step_lock(p, step, to->table, LOCK_ACCESS_EXCLUSIVE);
    step_alone(step, COST_REWRITE);
    step_hazard(p, step, HAZARD_REWRITE, planner_title(p, CHANGE_TABLE, to->table),
                "every row is written anew while nobody can read the table");
    buf_release(&column);
}

static void put_computed(struct planner *p, struct buf *out,
                         const struct retype_table *table)
{
    for (size_t i = 0; i < table->computed.n; i++)
        put_action(out, "drop column",
                   match_to(planner_match(p), table->computed.items[i]));
    for (size_t i = 0; i < table->columns.n; i++)
        put_retype(out, &table->columns.items[i]);
    for (size_t i = 0; i < table->computed.n; i++) {
        const struct model_column *to = match_to(planner_match(p),
                                                 table->computed.items[i]);
        if (is_late(p, to)) {
            add_late(p, to);
            continue;
        }
        buf_printf(out, "%s\n    add column ", out->n ? "," : "");
        ddl_column(out, to);
    }
}

static enum plan_cost dearest(struct planner *p, const struct retype_table *table)
{
    enum plan_cost cost = COST_META;
    for (size_t i = 0; i < table->computed.n; i++) {
        if (!is_late(p, match_to(planner_match(p), table->computed.items[i])))
            cost = COST_REWRITE;
    }
    for (size_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i].cost > cost)
            cost = table->columns.items[i].cost;
    }
    return cost;
}

static const char *retype_title(struct planner *p, const struct retype_table *table)
{
    struct buf out = { 0 };
    buf_printf(&out, "change the type of ");
    for (size_t i = 0; i < table->columns.n; i++) {
        struct str name = planner_title(p, CHANGE_COLUMN, table->columns.items[i].to);
        buf_printf(&out, "%s%.*s", i ? ", " : "", STR_ARGS(name));
    }
    if (!table->columns.n) {
        buf_clear(&out);
        buf_puts(&out, "compute ");
        for (size_t i = 0; i < table->computed.n; i++) {
            const void *to = match_to(planner_match(p), table->computed.items[i]);
            struct str name = planner_title(p, CHANGE_COLUMN, to);
            buf_printf(&out, "%s%.*s", i ? ", " : "", STR_ARGS(name));
        }
    }
    const char *title = buf_dup(&out, p->arena).s;
    buf_release(&out);
    return title;
}

static void touch_columns(struct planner *p, struct plan_step *step,
                          const struct retype_table *table)
{
    for (size_t i = 0; i < table->columns.n; i++)
        planner_touch(p, step, CHANGE_COLUMN, table->columns.items[i].from);
    for (size_t i = 0; i < table->computed.n; i++)
        planner_touch(p, step, CHANGE_COLUMN, table->computed.items[i]);
}

/* What a column says beside its values is gone with a column that is made again. */
static void comment_computed(struct planner *p, const struct retype_table *table)
{
    for (size_t i = 0; i < table->computed.n; i++) {
        const struct model_column *to = match_to(planner_match(p),
                                                 table->computed.items[i]);
        if (to->name.doc.n)
            planner_comment_column(p, to);
    }
}

static void hazards_of_columns(struct planner *p, struct plan_step *step,
                               const struct retype_table *table)
{
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct retype *retype = &table->columns.items[i];
        step_reversal(p, step, retype->reversal, retype->reversal_why);
        if (retype->narrows)
            step_hazard(p, step, HAZARD_NARROW,
                        planner_title(p, CHANGE_COLUMN, retype->to),
                        "values may not fit; a check refuses before any is cut");
    }
    for (size_t i = 0; i < table->computed.n; i++) {
        const struct model_column *from = table->computed.items[i];
        struct str name = planner_title(p, CHANGE_COLUMN, from);
        if (from->generated.ntokens)
            continue;
        step_hazard(p, step, HAZARD_DROP, name, "its values go, others are computed");
        step_reversal(p, step, REVERSAL_LOSSY,
                      arena_printf(p->arena, "%.*s", STR_ARGS(name)));
    }
}

/* PostgreSQL takes a foreign key that stays off and puts it back on, under the strongest
 * lock of either table (ATPostAlterTypeCleanup, version 15). */
static void lock_keys(struct planner *p, struct plan_step *step,
                      const struct model_column *from)
{
    const struct model_table *table = from->table;
    for (size_t i = 0; i < table->foreign_keys.n; i++) {
        const struct model_constraint *key = table->foreign_keys.items[i];
        if (has_column(&key->columns, from) && !planner_is_rebuilt(p, key))
            step_lock(p, step, key->target, LOCK_ACCESS_EXCLUSIVE);
    }
    for (size_t i = 0; i < table->referenced_by.n; i++) {
        const struct model_constraint *user = table->referenced_by.items[i];
        if (has_column(&user->target_columns, from) && !planner_is_rebuilt(p, user))
            step_lock(p, step, user->table, LOCK_ACCESS_EXCLUSIVE);
    }
}

/* PostgreSQL gives the type to the sequence before it looks at what else is altered
 * (transformAlterTableStmt, version 15). */
static void drop_identities(struct planner *p, struct plan_step *step,
                            const struct retype_table *table)
{
    struct str name = planner_name(p, PHASE_TYPE, CHANGE_TABLE, table->to);
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct retype *retype = &table->columns.items[i];
        struct str column = planner_name(p, PHASE_TYPE, CHANGE_COLUMN, retype->to);
        if (retype_drops_identity(retype->from, retype->to))
            step_printf(p, step, "alter table %.*s alter column %.*s drop identity;\n",
                        STR_ARGS(name), STR_ARGS(column));
    }
}

static void make_retype(struct planner *p, const struct retype_table *table)
{
    struct buf actions = { 0 };
    struct plan_step *step = planner_step(p, PHASE_TYPE, retype_title(p, table));
    enum plan_cost cost = dearest(p, table);
    struct str name = planner_name(p, PHASE_TYPE, CHANGE_TABLE, table->to);
    put_computed(p, &actions, table);
    bool utc = false;
    for (size_t i = 0; i < table->columns.n; i++)
        utc |= table->columns.items[i].utc;
    if (utc)
        step_printf(p, step, "set local time zone 'UTC';\n");
    drop_identities(p, step, table);
    step_printf(p, step, "alter table %.*s%s;\n", STR_ARGS(name), actions.s);
    step_lock(p, step, table->to, LOCK_ACCESS_EXCLUSIVE);
    for (size_t i = 0; i < table->columns.n; i++)
        lock_keys(p, step, table->columns.items[i].from);
    if (utc)
        step_apart(step);
    if (cost > COST_META)
        step_alone(step, cost);
    struct str object = planner_title(p, CHANGE_TABLE, table->to);
    if (cost == COST_REWRITE)
        step_hazard(p, step, HAZARD_REWRITE, object,
                    "every row is written anew while nobody can read the table");
    if (cost == COST_BUILD)
        step_hazard(p, step, HAZARD_BUILD, object,
                    "an index is built while nobody can read the table");
    hazards_of_columns(p, step, table);
    touch_columns(p, step, table);
    comment_computed(p, table);
    buf_release(&actions);
}

void retypes_make(struct planner *p)
{
    for (size_t i = 0; i < p->retypes.n; i++)
        make_retype(p, p->retypes.items[i]);
}
