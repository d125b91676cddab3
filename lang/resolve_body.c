/* resolve_body.c: a query's body: which parameters it uses where, what each fragment
 * needs, and what kind of statement it is. Must not look at tables. */
#include "resolver.h"

enum { MAX_GATES = 32 };

struct body {
    struct resolver *r;
    struct query_work *work;
    struct map used;       /* struct model_param by name */
    struct map undeclared; /* reported already */
    bool numbered;         /* so is a parameter by its number: which one is not known */
};

/* A fragment while it is read. */
struct fragment {
    bool inside;   /* false: the body itself */
    bool choice;   /* the SQL of a choice */
    bool optional; /* an optional parameter stands directly in it */
    bool unsure;   /* an undeclared one does */
};

/* ---- parameters ------------------------------------------------------------------------------- */

static void report_undeclared(struct body *body, const struct token *token,
                              struct str name)
{
    struct resolver *r = body->r;
    if (map_add(&body->undeclared, r->arena, name, body->work)) {
        return;
    }
    struct diag *diag = diag_error(r->diags, E_undeclared_parameter, token->span,
                                   "query \"%.*s\" has no parameter \"%.*s\"",
                                   STR_ARGS(body->work->query->name.name),
                                   STR_ARGS(name));
    struct suggest suggest = suggest_for(name);
    for (size_t i = 0; i < body->work->query->params.n; i++) {
        suggest_offer(&suggest, body->work->query->params.items[i]->name.name);
    }
    if (suggest.best.n) {
        /* That it is not used otherwise is the same mistake. */
        (void)map_add(&body->used, r->arena, suggest.best, body->work);
        diag_hint(r->diags, diag, "did you mean \"$%.*s\"?", STR_ARGS(suggest.best));
    }
}

static void report_outside(struct body *body, const struct token *token,
                           const struct model_param *param)
{
    struct diag *diag = diag_error(body->r->diags, E_optional_choice_outside,
                                   token->span,
                                   "optional choice \"%.*s\" stands outside a fragment",
                                   STR_ARGS(param->name.name));
    diag_hint(body->r->diags, diag, "put what depends on it in { }");
}

static void use_param(struct body *body, struct fragment *fragment,
                      const struct token *token)
{
    struct model_param *param = find_param(body->work->query, token);
    if (!param) {
        fragment->unsure = true;
        report_undeclared(body, token, token_value(body->r->arena, token));
        return;
    }
    struct str name = param->name.name;
    (void)map_add(&body->used, body->r->arena, name, param);
    if (fragment->choice && param->choices.n) {
        (void)diag_error(body->r->diags, E_choice_in_choice, token->span,
                         "choice \"%.*s\" stands within a choice", STR_ARGS(name));
    } else if (param->optional && fragment->inside) {
        param->gates = true;
        fragment->optional = true;
    } else if (param->optional && param->choices.n) {
        report_outside(body, token, param);
    }
}

static void use_tokens(struct body *body, struct fragment *fragment,
                       const struct model_sql *sql)
{
    for (size_t i = 0; i < sql->ntokens; i++) {
        const struct token *token = &sql->tokens[i];
        if (token->kind == TOKEN_PARAM) {
            use_param(body, fragment, token);
        } else if (token->kind == TOKEN_POSITION) {
            struct diag *diag = diag_error(body->r->diags, E_numbered_parameter,
                                           token->span,
                                           "parameters have names here, not numbers");
            diag_hint(body->r->diags, diag, "declare it and write $name");
            body->numbered = true;
        }
    }
}

/* ---- parts ------------------------------------------------------------------------------------ */

static void use_parts(struct body *body, struct fragment *fragment,
                      const struct ast_part *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct ast_part *part = &parts[i];
        if (part->kind == AST_PART_SQL) {
            struct model_sql sql = resolve_sql(&part->sql);
            use_tokens(body, fragment, &sql);
            continue;
        }
        struct fragment inner = { .inside = true };
        use_parts(body, &inner, part->parts.items, part->parts.n);
        if (!inner.optional && !inner.unsure) {
            struct diag *diag = diag_error(
                body->r->diags, E_fragment_without_optional,
                (struct span){ part->span.source, part->span.start,
                               part->span.start + 1 },
                "this fragment depends on no optional parameter");
            diag_hint(body->r->diags, diag, "it needs one of a type that ends in ?");
        }
    }
}

static void number_gates(struct body *body)
{
    int next = 0;
    const struct model_query *query = body->work->query;
    for (size_t i = 0; i < query->params.n; i++) {
        struct model_param *param = query->params.items[i];
        if (!param->gates) {
            continue;
        }
        if (next == MAX_GATES) {
            (void)diag_error(body->r->diags, E_too_many_optional, param->name.span,
                             "a query has at most %d parameters that steer fragments",
                             MAX_GATES);
            return;
        }
        param->gate_bit = next++;
    }
}

static uint32_t direct_need(const struct body *body, const struct ast_part *fragment)
{
    uint32_t need = 0;
    for (size_t i = 0; i < fragment->parts.n; i++) {
        const struct ast_sql *sql = &fragment->parts.items[i].sql;
        for (size_t k = 0; k < sql->ntokens; k++) {
            if (sql->tokens[k].kind != TOKEN_PARAM) {
                continue;
            }
            const struct model_param *param = find_param(body->work->query,
                                                         &sql->tokens[k]);
            if (param && param->gate_bit >= 0) {
                need |= 1U << param->gate_bit;
            }
        }
    }
    return need;
}

static struct model_part *make_parts(const struct body *body,
                                     const struct ast_part *parts, size_t n,
                                     uint32_t need)
{
    struct model_part *made = arena_array(body->r->arena, struct model_part, n);
    for (size_t i = 0; i < n; i++) {
        const struct ast_part *part = &parts[i];
        made[i].need = need;
        if (part->kind == AST_PART_SQL) {
            made[i].kind = PART_TOKENS;
            made[i].sql = resolve_sql(&part->sql);
            continue;
        }
        made[i].kind = PART_FRAGMENT;
        made[i].need = need | direct_need(body, part);
        made[i].nparts = part->parts.n;
        made[i].parts = make_parts(body, part->parts.items, part->parts.n,
                                   made[i].need);
    }
    return made;
}

static void check_used(struct body *body)
{
    const struct model_query *query = body->work->query;
    for (size_t i = 0; i < query->params.n; i++) {
        const struct model_param *param = query->params.items[i];
        if (map_find(&body->used, param->name.name) || body->numbered) {
            continue;
        }
        struct diag *diag = diag_error(
            body->r->diags, E_unused_parameter, param->name.span,
            "query \"%.*s\" does not use parameter \"%.*s\"",
            STR_ARGS(query->name.name), STR_ARGS(param->name.name));
        diag_hint(body->r->diags, diag, "in the SQL it is written $%.*s",
                  STR_ARGS(param->name.name));
    }
}

/* ---- the statement ----------------------------------------------------------------------------- */

const struct token *body_first(const struct ast_query *ast)
{
    if (ast->parts.n == 0 || ast->parts.items[0].kind != AST_PART_SQL) {
        return NULL;
    }
    return &ast->parts.items[0].sql.tokens[0];
}

static bool is_one_of(const struct token *token, const char *const *words, size_t n)
{
    for (size_t i = 0; token && i < n; i++) {
        if (token_is_word(token, words[i])) {
            return true;
        }
    }
    return false;
}

static const char *const statements[] = { "insert", "update", "delete", "merge",
                                          "select", "with",   "values" };
enum { NWRITES = 4, NSTATEMENTS = 7 };

/* A statement within `with`: its word follows a bracket. */
static bool part_writes(const struct ast_part *part)
{
    for (size_t i = 0; i < part->sql.ntokens; i++) {
        const struct token *token = &part->sql.tokens[i];
        bool begins = i == 0 || token[-1].kind == TOKEN_LPAREN ||
                      token[-1].kind == TOKEN_RPAREN;
        if (begins && is_one_of(token, statements, NWRITES)) {
            return true;
        }
    }
    for (size_t i = 0; i < part->parts.n; i++) {
        if (part_writes(&part->parts.items[i])) {
            return true;
        }
    }
    return false;
}

static bool body_writes(const struct ast_query *ast)
{
    const struct token *first = body_first(ast);
    if (is_one_of(first, statements, NWRITES)) {
        return true;
    }
    bool with = first && token_is_word(first, "with");
    for (size_t i = 0; with && i < ast->parts.n; i++) {
        if (part_writes(&ast->parts.items[i])) {
            return true;
        }
    }
    return false;
}

static bool has_returning(const struct ast_part *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < parts[i].sql.ntokens; k++) {
            if (token_is_word(&parts[i].sql.tokens[k], "returning")) {
                return true;
            }
        }
    }
    return false;
}

static struct span first_span(const struct query_work *work)
{
    const struct token *first = body_first(work->ast);
    return first ? first->span : work->query->name.span;
}

static void check_statement(struct resolver *r, struct query_work *work)
{
    const struct model_query *query = work->query;
    if (work->poisoned) {
        return;
    }
    if (!query->whole && query->result != RESULT_TABLE) {
        struct diag *diag = diag_error(r->diags, E_tail_without_table, first_span(work),
                                       "query \"%.*s\" needs a full statement",
                                       STR_ARGS(query->name.name));
        diag_hint(r->diags, diag,
                  "only a query whose result is a table's row can leave "
                  "out what stands before where");
        return;
    }
    const struct token *first = body_first(work->ast);
    bool plain = first && !token_is_word(first, "with");
    if (query->want != WANT_EXEC && query->writes && plain &&
        !has_returning(work->ast->parts.items, work->ast->parts.n)) {
        struct diag *diag = diag_error(
            r->diags, E_write_without_returning, first->span,
            "query \"%.*s\" gives rows, but this statement returns none",
            STR_ARGS(query->name.name));
        diag_hint(r->diags, diag, "add returning, or write exec");
    }
}

void resolve_body(struct resolver *r, struct query_work *work)
{
    struct body body = { .r = r, .work = work };
    struct model_query *query = work->query;
    const struct ast_query *ast = work->ast;
    struct fragment outside = { 0 };
    struct fragment choice = { .choice = true };
    query->whole = is_one_of(body_first(ast), statements, NSTATEMENTS);
    query->writes = body_writes(ast);
    if (ast->lost) {
        return;
    }
    use_parts(&body, &outside, ast->parts.items, ast->parts.n);
    for (size_t i = 0; i < query->params.n; i++) {
        struct model_param *param = query->params.items[i];
        for (size_t k = 0; k < param->choices.n; k++) {
            use_tokens(&body, &choice, &param->choices.items[k].sql);
        }
    }
    number_gates(&body);
    query->nparts = ast->parts.n;
    query->parts = make_parts(&body, ast->parts.items, ast->parts.n, 0);
    check_used(&body);
    check_statement(r, work);
}
