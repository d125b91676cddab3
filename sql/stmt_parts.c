/* stmt_parts.c: the parts of a query's body as pieces of text: tokens, parameters by their
 * numbers, fragments, choices; must not know what stands around the body. */
#include "stmt_body.h"
#include "write.h"

static const struct model_param *find_param(const struct body *body,
                                            const struct token *token)
{
    for (size_t i = 0; i < body->query->params.n; i++) {
        if (token_is_param(token, body->query->params.items[i]->name.name))
            return body->query->params.items[i];
    }
    return NULL;
}

/* $1, $1::point; in parentheses where a subscript or a field follows the cast. */
static void put_param(struct body *body, const struct model_param *param,
                      const struct token *next)
{
    struct buf *out = &body->maker->text;
    bool cast = write_form(&param->type).cast;
    bool wrap = cast && next &&
                (next->kind == TOKEN_LBRACKET || next->kind == TOKEN_DOT);
    buf_printf(out, "%s$%d", wrap ? "(" : "", param->number);
    write_send_cast(out, &param->type, false);
    buf_puts(out, wrap ? ")" : "");
}

static void put_tokens(struct body *body, const struct token *tokens, size_t n);

/* One piece for each of its fragments. */
static void put_choice(struct body *body, const struct model_param *param)
{
    struct maker *maker = body->maker;
    maker_piece(maker, body->stmt, body->need);
    for (size_t i = 0; i < param->choices.n; i++) {
        const struct model_sql *sql = &param->choices.items[i].sql;
        if (!sql->ntokens)
            continue;
        put_tokens(body, sql->tokens, sql->ntokens);
        maker_piece(maker, body->stmt, body->need);
        struct stmt_piece *piece = &body->stmt->pieces.items[body->stmt->pieces.n - 1];
        piece->choice = param->choice_index;
        piece->pick = (int)i;
    }
}

void body_put_names(struct body *body, const char *name)
{
    struct buf *out = &body->maker->text;
    buf_printf(out, "%s(", name);
    for (size_t i = 0; i < body->results.n; i++) {
        buf_puts(out, i ? ", " : "");
        buf_str(out, body_column(body, i));
    }
    buf_puts(out, ")");
}

static void put_tokens(struct body *body, const struct token *tokens, size_t n)
{
    struct buf *out = &body->maker->text;
    for (size_t i = 0; i < n; i++) {
        const struct token *token = &tokens[i];
        if (token == body->splice) {
            body_put_names(body, ", result");
            buf_puts(out, " as (");
        } else {
            write_gap(out, tokens, i);
        }
        const struct model_param *param = token->kind == TOKEN_PARAM
                                              ? find_param(body, token)
                                              : NULL;
        if (!param)
            buf_str(out, token_text(token));
        else if (param->choices.n)
            put_choice(body, param);
        else
            put_param(body, param, i + 1 < n ? token + 1 : NULL);
    }
}

/* ---- parts ---- */

/* A statement may end in ";". */
static size_t without_end(const struct body *body, const struct model_part *part)
{
    size_t n = part->sql.ntokens;
    bool last = part == &body->query->parts[body->query->nparts - 1];
    while (last && n && part->sql.tokens[n - 1].kind == TOKEN_SEMICOLON)
        n--;
    return n;
}

/* blank: whether one belongs before the first part. */
static void put_parts(struct body *body, const struct model_part *parts, size_t n,
                      bool blank)
{
    for (size_t i = 0; i < n; i++) {
        const struct model_part *part = &parts[i];
        size_t ntokens = part->kind == PART_TOKENS ? without_end(body, part) : 0;
        if (part->kind == PART_FRAGMENT) {
            uint32_t outer = body->need;
            maker_piece(body->maker, body->stmt, outer);
            body->need = part->need | outer;
            put_parts(body, part->parts, part->nparts, true);
            maker_piece(body->maker, body->stmt, body->need);
            body->need = outer;
        } else if (ntokens) {
            buf_puts(&body->maker->text, blank || i ? " " : "");
            put_tokens(body, part->sql.tokens, ntokens);
        }
    }
}

void body_put_parts(struct body *body, bool blank)
{
    put_parts(body, body->query->parts, body->query->nparts, blank);
}
