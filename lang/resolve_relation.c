/* resolve_relation.c: what a query loads with its rows, and the order of its pages. Must
 * not change tables. */
#include "resolver.h"

/* ---- with --------------------------------------------------------------------------------------- */

static bool same_columns(const model_columns *a, const model_columns *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        if (a->items[i] != b->items[i]) {
            return false;
        }
    }
    return a->n == b->n;
}

struct found {
    struct model_constraint *key;
    size_t n;
};

static bool is_same_join(const struct model_constraint *a,
                         const struct model_constraint *b)
{
    return same_columns(&a->columns, &b->columns) &&
           same_columns(&a->target_columns, &b->target_columns);
}

static struct found find_keys(const struct model_table *child,
                              const struct model_table *parent,
                              const model_columns *columns)
{
    struct found found = { 0 };
    for (size_t i = 0; i < child->foreign_keys.n; i++) {
        struct model_constraint *key = child->foreign_keys.items[i];
        bool fits = key->target == parent &&
                    (columns->n == 0 || same_columns(&key->columns, columns));
        if (fits && !(found.key && is_same_join(found.key, key))) {
            found.key = found.n++ ? found.key : key;
        }
    }
    return found;
}

/* Whether a mistake was reported that may have taken the key away. */
static bool is_unsure(const struct table_work *work)
{
    for (size_t i = 0; i < work->pending.n; i++) {
        if (work->pending.items[i].poisoned ||
            !work->pending.items[i].constraint->target) {
            return true;
        }
    }
    return work->lost;
}

static void report_ambiguous(struct resolver *r, const struct ast_relation *ast,
                             const struct model_query *query,
                             const struct model_constraint *key)
{
    struct diag *diag = diag_error(r->diags, E_relation_ambiguous, ast->span,
                                   "table \"%s\" has several foreign keys to \"%s\"",
                                   shown_table(r, key->table),
                                   shown_table(r, query->table));
    diag_hint(r->diags, diag, "say which: `%.*s on (%.*s)`",
              STR_ARGS(key->table->name.name),
              STR_ARGS(key->columns.items[0]->name.name));
}

static void report_unmatched(struct resolver *r, const struct ast_relation *ast,
                             const struct model_constraint *key)
{
    struct diag *diag = diag_error(r->diags, E_relation_unmatched, ast->span,
                                   "rows of \"%s\" cannot be matched by their key",
                                   shown_table(r, key->table));
    diag_hint(r->diags, diag,
              "values of its type can be equal and look different; list them by the "
              "foreign key instead");
}

static void add_relation(struct resolver *r, struct query_work *work,
                         const struct ast_relation *ast)
{
    struct model_query *query = work->query;
    struct model_table *child = resolve_table_name(r, work->scope, &ast->table);
    model_columns columns = { 0 };
    if (!child || !resolve_column_list(r, work_of(r, child), &ast->columns, &columns)) {
        return;
    }
    struct found found = find_keys(child, query->table, &columns);
    if (found.n == 0 && !is_unsure(work_of(r, child))) {
        (void)diag_error(r->diags, E_relation_unknown, ast->span,
                         "table \"%s\" has no %sforeign key to \"%s\"",
                         shown_table(r, child), columns.n ? "such " : "",
                         shown_table(r, query->table));
    } else if (found.n > 1) {
        report_ambiguous(r, ast, query, found.key);
    }
    if (found.n != 1) {
        return;
    }
    for (size_t i = 0; i < query->relations.n; i++) {
        if (query->relations.items[i].foreign_key == found.key) {
            (void)diag_error(r->diags, E_relation_twice, ast->span,
                             "\"%s\" stands here twice", shown_table(r, child));
            return;
        }
    }
    if (!model_key_matches(found.key)) {
        report_unmatched(r, ast, found.key);
        return;
    }
    struct model_relation relation = { found.key, child, ast->span };
    VEC_PUSH(r->arena, &query->relations, relation);
}

void resolve_relations(struct resolver *r, struct query_work *work)
{
    const struct ast_query *ast = work->ast;
    if (ast->relations.n == 0 || work->poisoned) {
        return;
    }
    const char *why = work->query->result != RESULT_TABLE
                          ? "only rows of a table can load related rows"
                      : work->query->writes
                          ? "a statement that writes cannot load related rows"
                          : NULL;
    if (why) {
        (void)diag_error(r->diags, E_relation_not_here, ast->relations.items[0].span,
                         "%s", why);
        return;
    }
    for (size_t i = 0; i < ast->relations.n; i++) {
        add_relation(r, work, &ast->relations.items[i]);
    }
}

/* ---- page by -------------------------------------------------------------------------------------- */

static void report_nullable(struct resolver *r, const struct ast_page_key *ast)
{
    struct diag *diag = diag_error(r->diags, E_page_nullable, ast->span,
                                   "cannot page by \"%.*s\", which may be NULL",
                                   STR_ARGS(ast->column.text));
    diag_hint(r->diags, diag, "a row without a value has no place in the order");
}

static bool check_order(struct resolver *r, const struct ast_page_key *ast,
                        const struct model_type *type)
{
    if (type_poisoned(type) || type_has_btree(type)) {
        return true;
    }
    (void)diag_error(r->diags, E_no_ordering, ast->span,
                     "cannot page by \"%.*s\": type %s has no order",
                     STR_ARGS(ast->column.text), shown_type(r, type));
    return false;
}

static bool page_column(struct resolver *r, struct query_work *work,
                        const struct ast_page_key *ast, struct model_page_key *key)
{
    key->column = resolve_column_name(r, work_of(r, work->query->table), &ast->column);
    if (!key->column) {
        return false;
    }
    if (key->column->nullable) {
        report_nullable(r, ast);
        return false;
    }
    return check_order(r, ast, &key->column->type);
}

static bool page_field(struct resolver *r, struct query_work *work,
                       const struct ast_page_key *ast, struct model_page_key *key)
{
    const struct model_query *query = work->query;
    struct suggest suggest = suggest_for(ast->column.text);
    for (size_t i = 0; i < query->fields.n; i++) {
        const struct model_field *field = &query->fields.items[i];
        suggest_offer(&suggest, field->name.name);
        if (!str_eq(field->name.name, ast->column.text)) {
            continue;
        }
        key->field = i;
        if (field->nullable) {
            report_nullable(r, ast);
        }
        return check_order(r, ast, &field->type);
    }
    struct diag *diag = diag_error(r->diags, E_unknown_column, ast->column.span,
                                   "query \"%.*s\" has no field \"%.*s\"",
                                   STR_ARGS(query->name.name),
                                   STR_ARGS(ast->column.text));
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    }
    return false;
}

static bool is_twice(struct resolver *r, const struct ast_query *ast, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (str_eq(ast->page.items[k].column.text, ast->page.items[i].column.text)) {
            (void)diag_error(r->diags, E_column_twice, ast->page.items[i].span,
                             "column \"%.*s\" stands here twice",
                             STR_ARGS(ast->page.items[i].column.text));
            return true;
        }
    }
    return false;
}

/* ORDER BY, LIMIT, OFFSET or FETCH of the body's own, outside brackets and fragments. */
static const struct token *own_order(const struct ast_query *ast)
{
    int depth = 0;
    for (size_t i = 0; i < ast->parts.n; i++) {
        const struct ast_sql *sql = &ast->parts.items[i].sql;
        for (size_t k = 0; k < sql->ntokens; k++) {
            const struct token *token = &sql->tokens[k];
            depth += token->kind == TOKEN_LPAREN;
            depth -= token->kind == TOKEN_RPAREN;
            bool order = token_is_word(token, "order") ||
                         token_is_word(token, "limit") ||
                         token_is_word(token, "offset") ||
                         token_is_word(token, "fetch");
            if (depth == 0 && order) {
                return token;
            }
        }
    }
    return NULL;
}

static bool can_page(struct resolver *r, const struct query_work *work)
{
    const struct ast_query *ast = work->ast;
    const struct model_query *query = work->query;
    const char *why = query->want != WANT_MANY        ? "only many has pages"
                      : query->result == RESULT_VALUE ? "bare values have no pages"
                      : query->writes ? "a statement that writes has no pages"
                                      : NULL;
    if (why) {
        (void)diag_error(r->diags, E_page_not_here, ast->page.items[0].span, "%s", why);
        return false;
    }
    const struct token *own = own_order(ast);
    if (own) {
        (void)diag_error(r->diags, E_page_with_order, own->span,
                         "pages bring an order and a limit of their own");
    }
    return !own;
}

void resolve_page(struct resolver *r, struct query_work *work)
{
    const struct ast_query *ast = work->ast;
    if (ast->page.n == 0 || work->poisoned || !can_page(r, work)) {
        return;
    }
    bool whole = true;
    for (size_t i = 0; i < ast->page.n; i++) {
        const struct ast_page_key *page = &ast->page.items[i];
        struct model_page_key key = { .desc = page->desc };
        bool found = !is_twice(r, ast, i) && (work->query->result == RESULT_TABLE
                                                  ? page_column(r, work, page, &key)
                                                  : page_field(r, work, page, &key));
        if (found) {
            VEC_PUSH(r->arena, &work->query->page, key);
        }
        whole = whole && found;
    }
    if (whole && work->query->result == RESULT_TABLE &&
        !work_of(r, work->query->table)->lost) {
        rules_page(r, work);
    }
}
