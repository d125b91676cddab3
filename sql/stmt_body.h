/* stmt_body.h: the text of a declared query, put together of the tokens of its body. */
#ifndef SQL_STMT_BODY_H
#define SQL_STMT_BODY_H
#include "stmt_maker.h"

struct body {
    struct maker *maker; /* whose text and arena are written to */
    struct stmt *stmt;   /* whose pieces are made; its params are there */
    const struct model_query *query;
    stmt_results results; /* the query's */
    keyset_terms terms;   /* page by */
    /* While it is put: */
    const struct token *splice; /* where the last statement of a WITH begins */
    uint32_t need;
};

/* Puts the whole text, the last piece left open in maker->text. keys: only these columns
 * of the result table are selected, for use as a subselect; NULL: everything. */
void body_put(struct body *body, const model_columns *keys);
/* The body itself, with a blank before it or without. */
void body_put_parts(struct body *body, bool blank);
/* name(a, b, c): the result's columns as an alias. */
void body_put_names(struct body *body, const char *name);
/* The name of the i-th result column, as SQL writes it. */
struct str body_column(const struct body *body, size_t i);

#endif
