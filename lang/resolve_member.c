/* resolve_member.c: keys, checks and foreign keys of a table, inline or not, in source
 * order. Must not look at other tables: targets wait for resolve_reference.c. */
#include "resolver.h"

struct model_constraint *constraint_add(struct resolver *r, struct table_work *work,
                                        enum model_constraint_kind kind,
                                        const struct ast_name *name)
{
    struct model_constraint *constraint = arena_new(r->arena, struct model_constraint);
    constraint->kind = kind;
    constraint->table = work->table;
    constraint->named = name->text.n > 0;
    constraint->name = resolve_name(r, name, NULL, (struct str){ 0 });
    VEC_PUSH(r->arena, &work->table->constraints, constraint);
    return constraint;
}

/* What goes with a constraint that is a member of its own. */
static void set_options(struct resolver *r, struct model_constraint *constraint,
                        const struct ast_options *options,
                        const struct ast_member *member)
{
    struct ast_name name = { .text = constraint->name.name,
                             .span = constraint->name.span };
    constraint->name = resolve_name(r, &name, &options->c_name, member->doc);
    if (!constraint->named) {
        constraint->name.span = member->span;
    }
    constraint->deferrable = resolve_defer(r, options->defer, member->span);
    rule_storage(r, STR("btree"), &options->with);
    constraint->with = options->with.ntokens ? sql_text(r, &options->with)
                                             : (struct str){ 0 };
    constraint->tablespace = span_text(options->tablespace.span);
    resolve_was(r, &options->was, &constraint->was);
}

enum model_deferrable resolve_defer(struct resolver *r, unsigned defer,
                                    struct span span)
{
    bool deferred = defer & AST_INITIALLY_DEFERRED;
    bool both = (defer & AST_DEFERRABLE) && (defer & AST_NOT_DEFERRABLE);
    bool twice = deferred && (defer & AST_INITIALLY_IMMEDIATE);
    if (both || twice || (deferred && (defer & AST_NOT_DEFERRABLE))) {
        (void)diag_error(r->diags, E_defer_conflict, span,
                         "deferrable options that exclude each other");
        return NOT_DEFERRABLE;
    }
    if (deferred) {
        return DEFERRABLE_DEFERRED;
    }
    return defer & AST_DEFERRABLE ? DEFERRABLE_IMMEDIATE : NOT_DEFERRABLE;
}

/* ---- keys ------------------------------------------------------------------------------- */

static bool same_columns(const model_columns *a, const model_columns *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        if (a->items[i] != b->items[i]) {
            return false;
        }
    }
    return a->n == b->n;
}

/* Of two such keys in one CREATE TABLE PostgreSQL makes one and forgets the second's name
 * (transformIndexConstraints in src/backend/parser/parse_utilcmd.c, version 15). */
static void check_redundant(struct resolver *r, const struct table_work *work,
                            struct model_constraint *key, struct span span)
{
    for (size_t i = 0; i < work->keys.n; i++) {
        const struct model_constraint *other = work->keys.items[i].constraint;
        if (!other || !same_columns(&other->columns, &key->columns) ||
            !same_columns(&other->include, &key->include) ||
            other->deferrable != key->deferrable ||
            other->nulls_not_distinct != key->nulls_not_distinct) {
            continue;
        }
        key->repeats = true;
        struct diag *diag = diag_warning(
            r->diags, E_redundant_key, span, "these columns are a%s key already",
            other->kind == CONSTRAINT_PRIMARY_KEY ? " primary" : " unique");
        diag->other = other->name.span;
        diag->note = "the key is here";
        return;
    }
}

static void check_primary(struct resolver *r, const struct model_constraint *key,
                          struct span span)
{
    for (size_t i = 0; i < key->columns.n; i++) {
        struct model_column *column = key->columns.items[i];
        column->in_primary_key = true;
        if (column->nullable) {
            struct diag *diag = diag_error(
                r->diags, E_nullable_primary_key, column->type.span,
                "primary key column \"%.*s\" cannot be nullable",
                STR_ARGS(column->name.name));
            diag->other = span;
            diag->note = "the primary key is here";
        }
    }
}

static bool is_second_primary(struct resolver *r, struct table_work *work,
                              struct span span)
{
    if (work->primary_span.source) {
        struct diag *diag = diag_error(r->diags, E_two_primary_keys, span,
                                       "table \"%s\" has a primary key already",
                                       shown_table(r, work->table));
        diag_hint(r->diags, diag, "for a key of two columns write primary key (a, b)");
        diag->other = work->primary_span;
        diag->note = "the first is here";
        return true;
    }
    work->primary_span = span;
    return false;
}

static void check_ordered(struct resolver *r, const struct model_constraint *key,
                          struct span span)
{
    const model_columns *columns = &key->columns;
    for (size_t i = 0; i < columns->n; i++) {
        const struct model_column *column = columns->items[i];
        if (!type_has_btree(&column->type)) {
            (void)diag_error(r->diags, E_no_ordering, span,
                             "column \"%.*s\" of type %s cannot be in a key",
                             STR_ARGS(column->name.name), shown_type(r, &column->type));
        }
    }
    if (columns->n + key->include.n > INDEX_MAX_COLUMNS) {
        (void)diag_error(r->diags, E_too_many_columns, span,
                         "a key has at most 32 columns");
    }
}

static bool any_nullable(const model_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i]->nullable) {
            return true;
        }
    }
    return false;
}

/* Enters a key whose columns are complete. */
static void finish_key(struct resolver *r, struct table_work *work,
                       struct model_constraint *key, struct span span)
{
    bool primary = key->kind == CONSTRAINT_PRIMARY_KEY;
    check_redundant(r, work, key, span);
    check_ordered(r, key, span);
    key->partial = !primary && work->table->soft_delete;
    if (key->partial && key->deferrable != NOT_DEFERRABLE) {
        struct diag *diag = diag_error(
            r->diags, E_deferrable_soft_delete, span,
            "a unique key of a table with soft delete cannot be deferrable");
        diag_hint(r->diags, diag, "it is an index over the living rows");
    }
    if (primary) {
        check_primary(r, key, span);
        work->table->primary_key = key;
    }
    struct model_key entry = { .columns = key->columns,
                               .constraint = key,
                               .primary = primary,
                               .nullable = any_nullable(&key->columns),
                               .living_only = key->partial };
    VEC_PUSH(r->arena, &work->keys, entry);
}

static struct model_constraint *key_new(struct resolver *r, struct table_work *work,
                                        bool primary, const struct ast_name *name)
{
    return constraint_add(r, work, primary ? CONSTRAINT_PRIMARY_KEY : CONSTRAINT_UNIQUE,
                          name);
}

static void resolve_key(struct resolver *r, struct table_work *work,
                        const struct ast_member *member)
{
    const struct ast_key *ast = member->key;
    if (ast->primary && is_second_primary(r, work, member->span)) {
        return;
    }
    model_columns columns = { 0 };
    model_columns include = { 0 };
    bool whole = resolve_column_list(r, work, &ast->columns, &columns);
    whole = resolve_loose_list(r, work, &ast->options.include, &include) && whole;
    if (!whole) {
        return;
    }
    struct model_constraint *key = key_new(r, work, ast->primary, &ast->name);
    key->columns = columns;
    key->include = include;
    key->nulls_not_distinct = ast->nulls_not_distinct;
    set_options(r, key, &ast->options, member);
    finish_key(r, work, key, member->span);
}

static void inline_key(struct resolver *r, struct table_work *work,
                       struct model_column *column, const struct ast_attr *attr)
{
    bool primary = attr->kind == AST_ATTR_PRIMARY_KEY;
    if (primary && is_second_primary(r, work, attr->span)) {
        return;
    }
    struct ast_name unnamed = { .span = attr->span };
    struct model_constraint *key = key_new(r, work, primary, &unnamed);
    key->inline_ = true;
    key->nulls_not_distinct = !primary && attr->nulls_not_distinct;
    key->deferrable = resolve_defer(r, attr->defer, attr->span);
    VEC_PUSH(r->arena, &key->columns, column);
    finish_key(r, work, key, attr->span);
}

/* ---- checks ----------------------------------------------------------------------------- */

static void resolve_check(struct resolver *r, struct table_work *work,
                          const struct ast_member *member)
{
    const struct ast_check *ast = member->check;
    struct model_constraint *check = constraint_add(r, work, CONSTRAINT_CHECK,
                                                    &ast->name);
    set_options(r, check, &ast->options, member);
    check->no_inherit = ast->options.no_inherit;
    check->expression = resolve_expression(r, &ast->expression);
    resolve_mentions(r, work, &check->expression, &check->columns);
}

static void inline_check(struct resolver *r, struct table_work *work,
                         const struct ast_attr *attr)
{
    struct model_constraint *check = constraint_add(r, work, CONSTRAINT_CHECK,
                                                    &attr->name);
    check->inline_ = true;
    check->name.span = check->named ? check->name.span : attr->span;
    check->expression = resolve_expression(r, &attr->sql);
    resolve_mentions(r, work, &check->expression, &check->columns);
}

/* ---- foreign keys ------------------------------------------------------------------------ */

static enum model_action action_of(enum ast_action_kind kind)
{
    switch (kind) {
    case AST_ACTION_NONE:
    case AST_ACTION_NO_ACTION:
        return ACTION_NO_ACTION;
    case AST_ACTION_RESTRICT:
        return ACTION_RESTRICT;
    case AST_ACTION_CASCADE:
        return ACTION_CASCADE;
    case AST_ACTION_SET_NULL:
        return ACTION_SET_NULL;
    case AST_ACTION_SET_DEFAULT:
        return ACTION_SET_DEFAULT;
    }
    BUG("an action out of range");
}

static struct pending_key pending_new(struct model_constraint *key,
                                      const struct ast_references *references,
                                      struct span span)
{
    key->match = references->match == AST_MATCH_FULL ? MATCH_FULL : MATCH_SIMPLE;
    key->on_delete = action_of(references->on_delete.kind);
    key->on_update = action_of(references->on_update.kind);
    return (struct pending_key){ .constraint = key,
                                 .references = references,
                                 .span = span,
                                 .reference = references->table.span };
}

static void resolve_foreign_key(struct resolver *r, struct table_work *work,
                                const struct ast_member *member)
{
    const struct ast_foreign_key *ast = member->foreign_key;
    model_columns columns = { 0 };
    bool whole = resolve_loose_list(r, work, &ast->columns, &columns);
    struct model_constraint *key = constraint_add(r, work, CONSTRAINT_FOREIGN_KEY,
                                                  &ast->name);
    set_options(r, key, &ast->options, member);
    key->columns = columns;
    struct span span = ast->columns.n
                           ? span_join(ast->columns.items[0].span,
                                       ast->columns.items[ast->columns.n - 1].span)
                           : member->span;
    struct pending_key pending = pending_new(key, &ast->references, span);
    pending.poisoned = !whole;
    VEC_PUSH(r->arena, &work->pending, pending);
}

static void inline_foreign_key(struct resolver *r, struct table_work *work,
                               struct model_column *column, const struct ast_attr *attr)
{
    struct ast_name unnamed = { .span = attr->span };
    struct model_constraint *key = constraint_add(r, work, CONSTRAINT_FOREIGN_KEY,
                                                  &unnamed);
    key->inline_ = true;
    key->deferrable = resolve_defer(r, attr->defer, attr->span);
    VEC_PUSH(r->arena, &key->columns, column);
    VEC_PUSH(r->arena, &work->pending,
             pending_new(key, attr->references, column->type.span));
}

/* ---- members ------------------------------------------------------------------------------ */

static void resolve_inline(struct resolver *r, struct table_work *work,
                           const struct ast_column *ast)
{
    struct model_column *column = model_find_column(work->table, ast->name.text);
    if (!column || column->name.span.start != ast->name.span.start) {
        return; /* a duplicate */
    }
    unsigned seen = 0;
    for (size_t i = 0; i < ast->attrs.n; i++) {
        const struct ast_attr *attr = &ast->attrs.items[i];
        bool again = seen & (1U << attr->kind);
        seen |= 1U << attr->kind;
        if (attr->kind == AST_ATTR_CHECK) {
            inline_check(r, work, attr);
        } else if (attr->kind == AST_ATTR_REFERENCES) {
            inline_foreign_key(r, work, column, attr);
        } else if (!again && (attr->kind == AST_ATTR_UNIQUE ||
                              attr->kind == AST_ATTR_PRIMARY_KEY)) {
            inline_key(r, work, column, attr);
        }
    }
}

static void resolve_member(struct resolver *r, struct table_work *work,
                           const struct ast_member *member)
{
    switch (member->kind) {
    case AST_MEMBER_COLUMN:
        resolve_inline(r, work, member->column);
        break;
    case AST_MEMBER_KEY:
        resolve_key(r, work, member);
        break;
    case AST_MEMBER_FOREIGN_KEY:
        resolve_foreign_key(r, work, member);
        break;
    case AST_MEMBER_CHECK:
        resolve_check(r, work, member);
        break;
    case AST_MEMBER_EXCLUDE:
        resolve_exclude(r, work, member);
        break;
    case AST_MEMBER_INDEX:
        resolve_index(r, work, member);
        break;
    case AST_MEMBER_DROPPED:
        break; /* rules_hint.c */
    }
}

/* The primary key first, the others in source order. */
static void order_keys(struct resolver *r, struct table_work *work)
{
    for (int primary = 1; primary >= 0; primary--) {
        for (size_t i = 0; i < work->keys.n; i++) {
            if (work->keys.items[i].primary == (primary == 1)) {
                VEC_PUSH(r->arena, &work->table->keys, work->keys.items[i]);
            }
        }
    }
}

void resolve_members(struct resolver *r)
{
    for (size_t i = 0; i < r->tables.n; i++) {
        struct table_work *work = r->tables.items[i];
        for (size_t k = 0; k < work->ast->members.n; k++) {
            resolve_member(r, work, &work->ast->members.items[k]);
        }
        order_keys(r, work);
        rules_table(r, work);
    }
}
