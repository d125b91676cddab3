/* stmt_maker.h: what the makers of statements share; only sql/stmt*.c include it. */
#ifndef SQL_STMT_MAKER_H
#define SQL_STMT_MAKER_H
#include "../base/buf.h"
#include "stmt.h"

/* The making of one table's statements, or of a query's. */
struct maker {
    struct arena *arena;
    struct stmts *out;
    const struct model_table *table; /* NULL: queries without a table */
    struct buf text;                 /* of the piece that is being made */
    struct str relation;             /* auth.users */
    struct str select;               /* id, name, place::text */
    struct str living;               /* deleted_at is null; n 0: no soft delete */
    stmt_results results;
    bool secret;         /* a column of the table is */
    struct map children; /* see stmt_relation_name */
};
void maker_open(struct maker *maker, struct arena *arena, struct stmts *out,
                const struct model_table *table);
void maker_close(struct maker *maker);

/* A new statement of the table at the end of the list. */
struct stmt *maker_stmt(struct maker *maker, enum stmt_kind kind, enum stmt_want want);
/* The same, kept off the list: a relation's child. */
struct stmt *maker_stray(struct maker *maker, enum stmt_kind kind, enum stmt_want want);
/* before + the columns' names joined by "_" + after. */
struct str maker_name(struct maker *maker, const char *before,
                      const model_columns *columns, const char *after);
struct str maker_printf(struct maker *maker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes the result one value of a built-in type. */
void maker_value(struct maker *maker, struct stmt *stmt, enum type_id type);

/* Ends the piece that stands in maker->text. An empty one is dropped. */
void maker_piece(struct maker *maker, struct stmt *stmt, uint32_t need);
/* Takes maker->text out. */
struct str maker_take(struct maker *maker);

/* A parameter of a column's type; gives its number. */
size_t maker_param(struct maker *maker, struct stmt *stmt, struct model_column *column,
                   bool many);
/* "id = any($1)", "(a, b) in (select * from unnest($1, $2))": arrays $1 .. of keys. key:
 * whose collations; NULL: the columns' own. Only of a key that can be many. */
void maker_any(struct maker *maker, const model_columns *columns,
               const struct model_key *key);
bool maker_can_be_many(const struct model_key *key);
/* "a = $1 and b = $2" for a key, a parameter for each column added to the statement. */
void maker_equals(struct maker *maker, struct stmt *stmt, const struct model_key *key);
/* The collation that the key's index gives its i-th column; only an operator of that
 * collation is served by it. n 0: the column's own. */
struct str maker_key_collate(const struct model_key *key, size_t i);
/* "a = $1" with the collation of an index (n 0: none), for an existing parameter. */
void maker_equal(struct maker *maker, const struct model_column *column,
                 struct str collate, size_t number);
/* " and deleted_at is null", where the table has soft delete and deleted rows are not
 * asked for. */
void maker_living(struct maker *maker, const struct stmt *stmt);
/* "select LIST from REL" */
void maker_select(struct maker *maker);

struct str maker_column_name(const struct model_name *name);
bool maker_same_columns(const model_columns *a, const model_columns *b);
bool maker_has_column(const model_columns *columns, const struct model_column *column);

/* The keyset condition and order of a page: (a, b) < ($2, $3), order by a desc, b desc.
 * One entry a column; the text of a term is fixed, its parameter's number is not. */
struct keyset_term {
    struct str sql;     /* in the order: created_at, name collate "C" */
    struct str operand; /* in the condition */
    struct str cast;    /* what follows $n */
    bool desc;
    bool nulls_other; /* nulls stand where they would not by default */
};
typedef VEC(struct keyset_term) keyset_terms;
struct keyset_term keyset_term(struct maker *maker,
                               const struct model_element *element);
void keyset_condition(struct buf *out, const keyset_terms *terms, size_t first_number);
void keyset_order(struct buf *out, const keyset_terms *terms);
/* Adds the parameter of a page's limit, the last one. */
void maker_limit(struct maker *maker, struct stmt *stmt);
/* The end of a page's text: the gated keyset condition, the order and the limit. The
 * statement has cursor_at, cursor_bit and all of its parameters already. */
void maker_cursor(struct maker *maker, struct stmt *stmt, const keyset_terms *terms,
                  bool has_where);

/* What the rows of a foreign key to the table are called: "sessions", with "_by_cols"
 * where the child has several and for the table itself, with its schema's name before
 * where two schemas have such a table. */
struct str stmt_relation_name(struct maker *maker, const struct model_constraint *fk);

/* The makers, in the order of enum stmt_kind. */
void stmt_make_keyed(struct maker *maker);
void stmt_make_counts_and_lists(struct maker *maker);
void stmt_make_pages(struct maker *maker);
void stmt_make_writes(struct maker *maker);
void stmt_make_scan(struct maker *maker);
void stmt_make_related(struct maker *maker);
void stmt_make_query(struct maker *maker, struct model_query *query);

/* As struct stmt_column says. */
bool column_is_insertable(const struct model_column *column);
bool column_is_updatable(const struct model_column *column);

/* The indexes that serve equality on each of their prefixes: over plain columns, each of
 * them once, of the whole table or of the living. Ordered: btree. */
bool index_is_plain(const struct model_index *index);
bool index_is_ordered(const struct model_index *index);
/* Whether the index starts with these columns, in this order. */
bool index_starts_with(const struct model_index *index, const model_columns *columns);

#endif
