/* resolve_lookup.c: names to what they stand for, and the messages when they stand for
 * nothing. Must not add to the model. */
#include "lost.h"
#include "resolver.h"

const char *shown_name(struct resolver *r, const struct model_schema *schema,
                       struct str name)
{
    if (str_eq_c(schema->name.name, "public")) {
        return str_dup(r->arena, name);
    }
    return arena_printf(r->arena, "%.*s.%.*s", STR_ARGS(schema->name.name),
                        STR_ARGS(name));
}

const char *shown_table(struct resolver *r, const struct model_table *table)
{
    return shown_name(r, table->schema, table->name.name);
}

struct table_work *work_of(const struct resolver *r, const struct model_table *table)
{
    return map_find(&scope_of(r, table->schema)->works, table->name.name);
}

static bool is_c_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9')) {
            return false;
        }
    }
    return s.n > 0;
}

struct model_name resolve_name(struct resolver *r, const struct ast_name *name,
                               const struct ast_c_name *c_name, struct str doc)
{
    struct model_name result = { .name = name->text, .doc = doc, .span = name->span };
    if (name->text.n > NAME_MAX_BYTES) {
        (void)diag_error(r->diags, E_name_too_long, name->span,
                         "name of %zu bytes; PostgreSQL keeps %d", name->text.n,
                         NAME_MAX_BYTES);
    }
    if (!c_name || !c_name->given) {
        return result;
    }
    if (!is_c_name(c_name->text)) {
        (void)diag_error(r->diags, E_bad_c_name, c_name->span, "\"%.*s\" is no C name",
                         STR_ARGS(c_name->text));
        return result;
    }
    result.has_c_name = true;
    result.c_name = c_name->text;
    return result;
}

void resolve_was(struct resolver *r, const ast_names *names, model_names *was)
{
    for (size_t i = 0; i < names->n; i++) {
        const struct ast_name *name = &names->items[i];
        if (name->schema.n) {
            struct diag *diag = diag_error(r->diags, E_was_elsewhere, name->span,
                                           "this was in no other schema");
            diag_hint(r->diags, diag,
                      "Only a table, enum, domain or sequence moves by itself.");
        } else {
            VEC_PUSH(r->arena, was, name->text);
        }
    }
}

void resolve_was_in(struct resolver *r, const ast_names *names,
                    const struct model_schema *schema, struct old_names old)
{
    for (size_t i = 0; i < names->n; i++) {
        const struct ast_name *name = &names->items[i];
        if (name->schema.n && !str_eq(name->schema, schema->name.name)) {
            struct model_place place = { name->schema, name->text };
            VEC_PUSH(r->arena, old.was_in, place);
        } else {
            VEC_PUSH(r->arena, old.was, name->text);
        }
    }
}

struct entity *find_type_entity(struct resolver *r, struct scope *scope,
                                const struct ast_qname *name)
{
    if (name->schema.text.n) {
        struct scope *other = scope_find(r, name->schema.text);
        return other ? map_find(&other->types, name->name.text) : NULL;
    }
    struct entity *found = map_find(&scope->types, name->name.text);
    struct scope *public_ = scope_find(r, STR("public"));
    if (!found && public_) {
        found = map_find(&public_->types, name->name.text);
    }
    return found;
}

bool may_be_lost(struct resolver *r, const struct scope *scope, struct str name)
{
    return r->unread || (scope && scope->lost) || map_find(&r->lost, name);
}

/* Tables near the name: of the schema it looks into, else of any. */
static void suggest_table(struct resolver *r, struct diag *diag, struct scope *scope,
                          const struct ast_qname *name)
{
    struct suggest suggest = suggest_for(name->name.text);
    for (size_t i = 0; i < scope->schema->tables.n; i++) {
        suggest_offer(&suggest, scope->schema->tables.items[i]->name.name);
    }
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%s\"?",
                  shown_name(r, scope->schema, suggest.best));
        return;
    }
    for (size_t i = 0; i < r->model->schemas.n; i++) {
        const struct model_schema *schema = r->model->schemas.items[i];
        if (map_find(&schema->table_by_name, name->name.text)) {
            diag_hint(r->diags, diag, "did you mean \"%s\"?",
                      shown_name(r, schema, name->name.text));
            return;
        }
    }
}

static struct model_table *report_table(struct resolver *r, struct scope *scope,
                                        const struct ast_qname *name)
{
    struct scope *where = name->schema.text.n ? scope_find(r, name->schema.text)
                                              : scope;
    if (!where && !may_be_lost(r, NULL, name->schema.text)) {
        struct diag *diag = diag_error(r->diags, E_unknown_schema, name->schema.span,
                                       "schema \"%.*s\" is not declared",
                                       STR_ARGS(name->schema.text));
        struct suggest suggest = suggest_for(name->schema.text);
        for (size_t i = 0; i < r->model->schemas.n; i++) {
            suggest_offer(&suggest, r->model->schemas.items[i]->name.name);
        }
        if (suggest.best.n) {
            diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
        }
    }
    if (!where || may_be_lost(r, where, name->name.text)) {
        return NULL;
    }
    struct diag *diag = diag_error(r->diags, E_unknown_table, name->span,
                                   "there is no table \"%s\"",
                                   shown_name(r, where->schema, name->name.text));
    suggest_table(r, diag, where, name);
    return NULL;
}

struct model_table *resolve_table_name(struct resolver *r, struct scope *scope,
                                       const struct ast_qname *name)
{
    struct entity *entity = find_type_entity(r, scope, name);
    if (entity && entity->kind == ENTITY_TABLE) {
        return entity->object;
    }
    return report_table(r, scope, name);
}

static const struct ast_file *file_of(const struct resolver *r,
                                      const struct source *source)
{
    for (size_t i = 0; i < r->nfiles; i++) {
        if (r->files[i]->source == source) {
            return r->files[i];
        }
    }
    BUG("a declaration of no file");
}

bool may_be_lost_column(struct resolver *r, struct table_work *work, struct str name)
{
    if (work->lost && !work->lost_known) {
        work->lost_known = true;
        lost_members(r->arena, file_of(r, work->span.source), work->ast, work->span,
                     &work->lost_words);
    }
    struct suggest suggest = suggest_for(name);
    for (size_t i = 0; i < work->lost_words.n; i++) {
        suggest_offer(&suggest, work->lost_words.entries[i].key);
    }
    return suggest.best.n > 0;
}

static void report_column(struct resolver *r, struct table_work *work, struct str name,
                          struct span span)
{
    if (may_be_lost_column(r, work, name)) {
        return;
    }
    struct diag *diag = diag_error(r->diags, E_unknown_column, span,
                                   "table \"%s\" has no column \"%.*s\"",
                                   shown_table(r, work->table), STR_ARGS(name));
    struct suggest suggest = suggest_for(name);
    for (size_t i = 0; i < work->table->columns.n; i++) {
        suggest_offer(&suggest, work->table->columns.items[i]->name.name);
    }
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    }
}

struct model_column *resolve_column_name(struct resolver *r, struct table_work *work,
                                         const struct ast_name *name)
{
    struct model_column *column = model_find_column(work->table, name->text);
    if (!column) {
        report_column(r, work, name->text, name->span);
    }
    return column;
}

bool columns_contain(const model_columns *columns, const struct model_column *column)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column) {
            return true;
        }
    }
    return false;
}

/* A column that is none and one that stands here twice; false: it is not to be had. */
static bool take_column(struct resolver *r, struct table_work *work,
                        const struct ast_name *name, bool loose, model_columns *columns)
{
    struct model_column *column = resolve_column_name(r, work, name);
    if (!column) {
        return false;
    }
    bool again = columns_contain(columns, column);
    if (again && loose) {
        (void)diag_warning(r->diags, E_column_repeated, name->span,
                           "column \"%.*s\" stands here twice", STR_ARGS(name->text));
    } else if (again) {
        (void)diag_error(r->diags, E_column_twice, name->span,
                         "column \"%.*s\" stands here twice", STR_ARGS(name->text));
        return false;
    }
    VEC_PUSH(r->arena, columns, column);
    return true;
}

bool resolve_column_list(struct resolver *r, struct table_work *work,
                         const ast_names *names, model_columns *columns)
{
    bool whole = true;
    for (size_t i = 0; i < names->n; i++) {
        whole = take_column(r, work, &names->items[i], false, columns) && whole;
    }
    return whole;
}

bool resolve_loose_list(struct resolver *r, struct table_work *work,
                        const ast_names *names, model_columns *columns)
{
    bool whole = true;
    for (size_t i = 0; i < names->n; i++) {
        whole = take_column(r, work, &names->items[i], true, columns) && whole;
    }
    return whole;
}

struct model_sql resolve_sql(const struct ast_sql *sql)
{
    return (struct model_sql){ sql->span, sql->tokens, sql->ntokens };
}

/* SQL that the database keeps is read with the search path of whoever applies it: there,
 * a type of a schema other than public goes by its whole name. */
static void check_cast(struct resolver *r, const struct token *type)
{
    struct str name = token_value(r->arena, type);
    struct scope *public_ = scope_find(r, STR("public"));
    if (type_find(name) || (public_ && map_find(&public_->types, name)) ||
        map_find(&r->exttypes, name)) {
        return;
    }
    for (size_t i = 0; i < r->scopes.n; i++) {
        const struct scope *scope = r->scopes.entries[i].value;
        if (map_find(&scope->types, name)) {
            struct diag *diag = diag_error(r->diags, E_type_without_schema, type->span,
                                           "type \"%.*s\" stands without its schema",
                                           STR_ARGS(name));
            diag_hint(r->diags, diag, "write %.*s.%.*s",
                      STR_ARGS(scope->schema->name.name),
                      STR_ARGS(span_text(type->span)));
            return;
        }
    }
}

static void check_casts(struct resolver *r, struct scan scan)
{
    for (size_t i = 1; i < scan.n; i++) {
        bool name = scan_is_kind(scan, i, TOKEN_NAME) ||
                    scan_is_kind(scan, i, TOKEN_QUOTED);
        if (name && scan_is_kind(scan, i - 1, TOKEN_CAST) &&
            !scan_is_kind(scan, i + 1, TOKEN_DOT)) {
            check_cast(r, &scan.tokens[i]);
        }
    }
}

/* A query in brackets of its own, or one that is all there is. */
static bool find_query(struct scan scan, size_t *at)
{
    for (size_t i = 0; i < scan.n; i++) {
        bool first = i == 0 || scan_is_kind(scan, i - 1, TOKEN_LPAREN);
        if (first &&
            (scan_is_word(scan, i, "select") || scan_is_word(scan, i, "values") ||
             scan_is_word(scan, i, "with"))) {
            *at = i;
            return true;
        }
    }
    return false;
}

struct model_sql resolve_expression(struct resolver *r, const struct ast_sql *sql)
{
    struct model_sql made = resolve_sql(sql);
    struct scan scan = scan_sql(&made);
    size_t at;
    check_casts(r, scan);
    if (find_query(scan, &at)) {
        (void)diag_error(r->diags, E_query_in_expression, scan.tokens[at].span,
                         "a query inside an expression that the database keeps");
    } else {
        rule_one_value(r, scan);
    }
    return made;
}

struct scan scan_sql(const struct model_sql *sql)
{
    return (struct scan){ sql->tokens, sql->ntokens };
}

void resolve_mentions(struct resolver *r, struct table_work *work,
                      const struct model_sql *sql, model_columns *columns)
{
    struct scan scan = scan_sql(sql);
    rule_compared_labels(r, work, sql);
    rule_words(r, work->table, sql);
    for (size_t i = 0; i < scan.n; i++) {
        if (!scan_names_column(scan, i, work->table->name.name)) {
            continue;
        }
        struct str name = token_value(r->arena, &scan.tokens[i]);
        struct model_column *column = model_find_column(work->table, name);
        if (!column && !str_eq(name, work->table->name.name)) {
            report_column(r, work, name, scan.tokens[i].span);
        } else if (column && !columns_contain(columns, column)) {
            VEC_PUSH(r->arena, columns, column);
        }
    }
}

struct str sql_qname(struct resolver *r, const struct ast_qname *name)
{
    if (name->name.text.n == 0) {
        return (struct str){ 0 };
    }
    struct str schema = span_text(name->schema.span);
    return str_of(arena_printf(r->arena, "%.*s%s%.*s", STR_ARGS(schema),
                               schema.n ? "." : "",
                               STR_ARGS(span_text(name->name.span))));
}

struct str sql_text(struct resolver *r, const struct ast_sql *sql)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < sql->ntokens; i++) {
        buf_puts(&text, i && sql->tokens[i].space ? " " : "");
        buf_str(&text, token_text(&sql->tokens[i]));
    }
    struct str result = buf_dup(&text, r->arena);
    buf_release(&text);
    return result;
}
