/* resolve_reference.c: foreign keys, once every table's keys are known: their targets and
 * what PostgreSQL asks of them. Must not choose names or orders. */
#include "resolver.h"

/* ---- the target's key ------------------------------------------------------------------ */

static bool same_set(const model_columns *a, const model_columns *b)
{
    if (a->n != b->n) {
        return false;
    }
    for (size_t i = 0; i < a->n; i++) {
        if (!columns_contain(b, a->items[i])) {
            return false;
        }
    }
    return true;
}

/* The best of the target's keys over just these columns; NULL: none. Source:
 * transformFkeyCheckAttrs in src/backend/commands/tablecmds.c, version 15. */
static const struct model_key *find_key(const struct model_constraint *key)
{
    const struct model_key *best = NULL;
    for (size_t i = 0; i < key->target->keys.n; i++) {
        const struct model_key *candidate = &key->target->keys.items[i];
        if (!same_set(&candidate->columns, &key->target_columns)) {
            continue;
        }
        bool partial = candidate->living_only || candidate->where.ntokens;
        bool deferrable = candidate->constraint &&
                          candidate->constraint->deferrable != NOT_DEFERRABLE;
        best = candidate;
        if (!partial && !deferrable) {
            return candidate;
        }
    }
    return best;
}

static const char *shown_columns(struct resolver *r, const model_columns *columns)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(&text, i ? ", " : "");
        buf_str(&text, columns->items[i]->name.name);
    }
    struct str result = buf_dup(&text, r->arena);
    buf_release(&text);
    return result.s;
}

static void report_not_unique(struct resolver *r, const struct pending_key *pending)
{
    const struct model_constraint *key = pending->constraint;
    struct diag *diag = diag_error(
        r->diags, E_foreign_key_not_unique, pending->reference,
        "table \"%s\" has no unique key over (%s)", shown_table(r, key->target),
        shown_columns(r, &key->target_columns));
    diag->other = key->target->name.span;
    diag->note = "the table is here";
}

static void check_target_key(struct resolver *r, const struct pending_key *pending)
{
    const struct model_constraint *key = pending->constraint;
    const struct model_key *found = find_key(key);
    if (!found) {
        if (!work_of(r, key->target)->lost) {
            report_not_unique(r, pending);
        }
        return;
    }
    if (found->living_only || found->where.ntokens) {
        struct diag *diag = diag_error(
            r->diags, E_foreign_key_partial, pending->reference,
            "the unique key of \"%s\" over (%s) is partial",
            shown_table(r, key->target), shown_columns(r, &key->target_columns));
        diag_hint(r->diags, diag,
                  found->living_only ? "soft delete keeps it among the living rows: "
                                       "refer to the primary key"
                                     : "a foreign key needs one over all rows");
    } else if (found->constraint && found->constraint->deferrable != NOT_DEFERRABLE) {
        (void)diag_error(r->diags, E_foreign_key_deferrable, pending->reference,
                         "the unique key of \"%s\" over (%s) is deferrable",
                         shown_table(r, key->target),
                         shown_columns(r, &key->target_columns));
    }
}

/* ---- columns and types -------------------------------------------------------------------- */

static void check_types(struct resolver *r, const struct pending_key *pending)
{
    const struct model_constraint *key = pending->constraint;
    for (size_t i = 0; i < key->columns.n; i++) {
        const struct model_column *from = key->columns.items[i];
        const struct model_column *to = key->target_columns.items[i];
        if (type_poisoned(&from->type) || type_poisoned(&to->type)) {
            continue;
        }
        enum key_fit fit = rule_key_types(&from->type, &to->type);
        if (fit == KEY_FITS) {
            continue;
        }
        struct diag *diag = (fit == KEY_REFUSED ? diag_error : diag_warning)(
            r->diags, E_foreign_key_type, from->type.span,
            "column \"%.*s\" of type %s refers to \"%s.%.*s\" of type %s",
            STR_ARGS(from->name.name), shown_type(r, &from->type),
            shown_table(r, key->target), STR_ARGS(to->name.name),
            shown_type(r, &to->type));
        diag->other = to->type.span;
        diag->note = "the other type is here";
    }
}

static bool target_columns(struct resolver *r, struct pending_key *pending)
{
    struct model_constraint *key = pending->constraint;
    struct table_work *target = work_of(r, key->target);
    if (pending->references->columns.n) {
        return resolve_column_list(r, target, &pending->references->columns,
                                   &key->target_columns);
    }
    if (key->target->primary_key) {
        key->target_columns = key->target->primary_key->columns;
        return true;
    }
    if (!target->lost && !target->primary_span.source) {
        struct diag *diag = diag_error(
            r->diags, E_foreign_key_no_primary_key, pending->reference,
            "table \"%s\" has no primary key to refer to", shown_table(r, key->target));
        diag_hint(r->diags, diag, "name the columns of a unique key");
    }
    return false;
}

static bool check_count(struct resolver *r, const struct pending_key *pending)
{
    const struct model_constraint *key = pending->constraint;
    if (key->columns.n == key->target_columns.n) {
        return true;
    }
    struct diag *diag = diag_error(r->diags, E_foreign_key_count, pending->span,
                                   "%zu column%s cannot refer to the %zu of (%s)",
                                   key->columns.n, key->columns.n == 1 ? "" : "s",
                                   key->target_columns.n,
                                   shown_columns(r, &key->target_columns));
    diag->other = key->target->name.span;
    diag->note = "the table is here";
    return false;
}

/* ---- actions ------------------------------------------------------------------------------ */

static bool set_columns(struct resolver *r, struct table_work *work,
                        const struct pending_key *pending)
{
    struct model_constraint *key = pending->constraint;
    const struct ast_action *on_update = &pending->references->on_update;
    if (on_update->columns.n) {
        (void)diag_error(r->diags, E_foreign_key_set_columns,
                         on_update->columns.items[0].span,
                         "only on delete can set some of the columns");
    }
    const ast_names *names = &pending->references->on_delete.columns;
    if (!resolve_column_list(r, work, names, &key->set_columns)) {
        return false;
    }
    for (size_t i = 0; i < key->set_columns.n; i++) {
        if (!columns_contain(&key->columns, key->set_columns.items[i])) {
            (void)diag_error(r->diags, E_foreign_key_set_columns, names->items[i].span,
                             "column \"%.*s\" is not of this foreign key",
                             STR_ARGS(names->items[i].text));
            return false;
        }
    }
    return true;
}

static bool sets_default(enum model_action action)
{
    return action == ACTION_SET_DEFAULT;
}

static void check_set(struct resolver *r, const struct pending_key *pending,
                      const struct ast_action *ast, enum model_action action)
{
    const struct model_constraint *key = pending->constraint;
    if (action != ACTION_SET_NULL && !sets_default(action)) {
        return;
    }
    const model_columns *columns = key->set_columns.n ? &key->set_columns
                                                      : &key->columns;
    for (size_t i = 0; i < columns->n; i++) {
        const struct model_column *column = columns->items[i];
        if (column->nullable || (sets_default(action) && column->default_.ntokens)) {
            continue;
        }
        struct diag *diag = diag_warning(
            r->diags, E_foreign_key_set_null, ast->span,
            "column \"%.*s\" is NOT NULL and %s", STR_ARGS(column->name.name),
            sets_default(action) ? "has no default to be set to"
                                 : "cannot be set to null");
        diag->other = column->type.span;
        diag->note = "the column is here";
        return;
    }
}

/* Source: ATAddForeignKeyConstraint in src/backend/commands/tablecmds.c, version 15. */
static void check_generated(struct resolver *r, const struct pending_key *pending)
{
    const struct model_constraint *key = pending->constraint;
    const struct ast_references *ast = pending->references;
    bool deletes = key->on_delete == ACTION_SET_NULL || sets_default(key->on_delete);
    bool updates = key->on_update != ACTION_NO_ACTION &&
                   key->on_update != ACTION_RESTRICT;
    for (size_t i = 0; i < key->columns.n && (deletes || updates); i++) {
        if (key->columns.items[i]->generated.ntokens) {
            (void)diag_error(r->diags, E_foreign_key_generated,
                             deletes ? ast->on_delete.span : ast->on_update.span,
                             "generated column \"%.*s\" cannot be set by a foreign key",
                             STR_ARGS(key->columns.items[i]->name.name));
            return;
        }
    }
}

static void check_actions(struct resolver *r, struct table_work *work,
                          const struct pending_key *pending)
{
    const struct model_constraint *key = pending->constraint;
    if (set_columns(r, work, pending)) {
        check_set(r, pending, &pending->references->on_delete, key->on_delete);
    }
    check_set(r, pending, &pending->references->on_update, key->on_update);
    check_generated(r, pending);
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void resolve_target(struct resolver *r, struct table_work *work,
                           struct pending_key *pending)
{
    struct model_constraint *key = pending->constraint;
    key->target = resolve_table_name(r, work->scope, &pending->references->table);
    if (!pending->poisoned) {
        check_actions(r, work, pending);
    }
    if (!key->target || pending->poisoned) {
        return;
    }
    if (!work->table->unlogged && key->target->unlogged) {
        (void)diag_error(r->diags, E_foreign_key_unlogged, pending->reference,
                         "a logged table cannot refer to the unlogged \"%s\"",
                         shown_table(r, key->target));
    }
    if (!target_columns(r, pending) || !check_count(r, pending)) {
        pending->poisoned = true;
        return;
    }
    check_target_key(r, pending);
    check_types(r, pending);
    VEC_PUSH(r->arena, &work->table->foreign_keys, key);
    VEC_PUSH(r->arena, &key->target->referenced_by, key);
}

void resolve_foreign_keys(struct resolver *r)
{
    for (size_t i = 0; i < r->tables.n; i++) {
        struct table_work *work = r->tables.items[i];
        for (size_t k = 0; k < work->pending.n; k++) {
            resolve_target(r, work, &work->pending.items[k]);
        }
    }
}
