/* build_query.c: queries: signature, result and body. Must not know which statements the
 * body holds or what its parameters mean. */
#include "build.h"

void build_query(struct parser *p, const struct token *start, struct ast_qname *name,
                 struct ast_c_name *c_name)
{
    p->query = arena_new(p->arena, struct ast_query);
    p->query_start = start;
    p->query->name = *name;
    if (c_name)
        p->query->c_name = *c_name;
}

/* ---- parameters ---------------------------------------------------------------------- */

static struct ast_param *add_param(struct parser *p, struct ast_name *name)
{
    struct ast_param param = { .name = *name, .span = name->span };
    param.doc = build_doc_at(p, name->span);
    VEC_PUSH(p->arena, &p->query->params, param);
    return &p->query->params.items[p->query->params.n - 1];
}

void build_param(struct parser *p, struct ast_name *name, struct ast_type *type,
                 const struct token *mark)
{
    struct ast_param *param = add_param(p, name);
    param->optional = mark || (type && type->nullable);
    if (type) {
        param->has_type = true;
        param->type = *type;
        param->span = span_join(name->span, type->span);
    } else if (mark) {
        param->span = span_join(name->span, mark->span);
    }
}

/* Whether a choice begins at the token: a name and ":". */
static bool starts_choice(const struct token *token, const struct token *last)
{
    return token < last && token[1].kind == TOKEN_COLON &&
           (token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED);
}

/* The last token of the choice whose SQL begins at the token: before the "," that another
 * choice follows. */
static const struct token *choice_end(const struct token *token,
                                      const struct token *last)
{
    int depth = 0;
    for (; token <= last; token++) {
        if (token->kind == TOKEN_LPAREN || token->kind == TOKEN_LBRACKET)
            depth++;
        else if (token->kind == TOKEN_RPAREN || token->kind == TOKEN_RBRACKET)
            depth--;
        else if (token->kind == TOKEN_COMMA && depth == 0 &&
                 starts_choice(token + 1, last))
            break;
    }
    return token - 1;
}

static void add_choices(struct parser *p, struct ast_param *param, struct range choices)
{
    const struct token *token = choices.first;
    while (token < choices.last && starts_choice(token, choices.last)) {
        struct ast_choice choice = { .name = *build_name(p, build_word(p, token)) };
        const struct token *end = choice_end(token + 2, choices.last);
        if (end > token + 1)
            choice.sql = build_sql(p, range_of(token + 2, end));
        else
            build_error(p, E_empty_sql, token->span, "choice without SQL");
        VEC_PUSH(p->arena, &param->choices, choice);
        token = end + 2;
    }
}

void build_choice_param(struct parser *p, struct ast_name *name, struct range choices,
                        const struct token *close, const struct token *mark)
{
    struct ast_param *param = add_param(p, name);
    param->optional = mark != NULL;
    bool behind = mark && mark > close;
    param->span = span_join(name->span, behind ? mark->span : close->span);
    add_choices(p, param, choices);
}

/* ---- the result ----------------------------------------------------------------------- */

void build_field(struct parser *p, struct ast_name *name, struct ast_type *type)
{
    struct ast_field field = { .name = *name, .type = *type };
    field.span = span_join(name->span, type->span);
    field.doc = build_doc_at(p, name->span);
    VEC_PUSH(p->arena, &p->query->fields, field);
}

void build_want(struct parser *p, enum ast_want want, const struct token *token)
{
    p->query->want = want;
    p->query->want_span = token->span;
}

void build_result(struct parser *p, struct ast_type *type, struct span span)
{
    p->query->result = type ? AST_RESULT_NAMED : AST_RESULT_FIELDS;
    p->query->result_span = span;
    if (type)
        p->query->type = *type;
}

void build_relation(struct parser *p, struct ast_qname *table, ast_names *columns,
                    struct span last)
{
    struct ast_relation relation = { .table = *table };
    relation.span = span_join(table->span, last);
    if (columns)
        relation.columns = *columns;
    VEC_PUSH(p->arena, &p->query->relations, relation);
}

void build_page_key(struct parser *p, struct ast_name *column,
                    const struct token *order, bool desc)
{
    struct ast_page_key key = { .column = *column, .span = column->span };
    key.asc = order && !desc;
    key.desc = desc;
    if (order)
        key.span = span_join(column->span, order->span);
    VEC_PUSH(p->arena, &p->query->page, key);
}

/* ---- the body ------------------------------------------------------------------------- */

/* A walk through the body; stays inside [at, end] whatever the braces do. */
struct body_walk {
    struct parser *p;
    const struct token *at, *end; /* end: the last token, included */
};

static void add_sql(struct body_walk *walk, struct ast_part *into,
                    const struct token *first)
{
    if (first == walk->at)
        return;
    struct ast_part part = { .kind = AST_PART_SQL };
    part.sql = build_sql(walk->p, range_of(first, walk->at - 1));
    part.span = part.sql.span;
    VEC_PUSH(walk->p->arena, &into->parts, part);
}

/* Fills a fragment (or the body) up to its closing brace, which is left standing. Depth is
 * PARSER_MAX_DEPTH at most. */
static void walk_parts(struct body_walk *walk, struct ast_part *into)
{
    const struct token *first = walk->at;
    while (walk->at <= walk->end && walk->at->kind != TOKEN_RBRACE) {
        if (walk->at->kind != TOKEN_LBRACE) {
            walk->at++;
            continue;
        }
        add_sql(walk, into, first);
        struct ast_part part = { .kind = AST_PART_FRAGMENT, .span = walk->at->span };
        walk->at++;
        walk_parts(walk, &part);
        if (walk->at <= walk->end) {
            part.span = span_join(part.span, walk->at->span);
            walk->at++;
        }
        VEC_PUSH(walk->p->arena, &into->parts, part);
        first = walk->at;
    }
    add_sql(walk, into, first);
}

void build_query_end(struct parser *p, const struct token *open,
                     const struct token *end)
{
    struct ast_query *query = p->query;
    if (open) {
        struct ast_part body = { 0 };
        struct body_walk walk = { p, open + 1,
                                  end->kind == TOKEN_RBRACE ? end - 1 : end };
        walk_parts(&walk, &body);
        query->has_body = true;
        query->body = tokens_span(open, end);
        query->parts.items = body.parts.items;
        query->parts.n = body.parts.n;
        query->parts.cap = body.parts.cap;
    }
    struct ast_decl *decl = build_decl(p, AST_DECL_QUERY, p->query_start);
    decl->span = tokens_span(p->query_start, end);
    decl->query = query;
    p->query = NULL;
}
