/* write.h: pieces of the model as SQL text: types, names, tokens. Shared by the DDL and
 * the statements; knows of no statement as a whole. */
#ifndef SQL_WRITE_H
#define SQL_WRITE_H
#include "../base/buf.h"
#include "../lang/model.h"

/* The type as a column declares it: varchar(20), auth.account_type[], numeric(10,2). */
void write_type(struct buf *out, const struct model_type *type);
/* The type as a cast names it: without modifiers, and never one that cuts (bpchar for
 * char, "bit" for bit, which alone mean char(1) and bit(1)). array: as an array. */
void write_cast_type(struct buf *out, const struct model_type *type, bool array);

/* How a value travels. A type without a C form travels as text, an extension type as the
 * type it was declared `as`, an array of a domain as an array of the domain's base (the
 * server describes it by an OID of its own); everything else as it is. */
struct write_form {
    bool cast;              /* the value has to be cast both ways */
    bool array;             /* an array, here or in a domain */
    struct model_type wire; /* what travels: its OID is in Parse and in the result */
};
struct write_form write_form(const struct model_type *type);
/* What follows a column in a select list: "::text", or nothing. */
void write_read_cast(struct buf *out, const struct model_type *type);
/* What follows $n: "::point", or nothing. many: $n is an array of the type. */
void write_send_cast(struct buf *out, const struct model_type *type, bool many);

/* auth.account_type */
void write_enum_name(struct buf *out, const struct model_enum *type);
void write_table_name(struct buf *out, const struct model_table *table);
/* A column where it is compared. A domain over an enum is cast to the enum, since "=" and
 * "<" take any enum but see no enum through a domain; indexes still serve it. */
void write_operand(struct buf *out, const struct model_column *column);
void write_operand_cast(struct buf *out, const struct model_type *type);
void write_operands(struct buf *out, const model_columns *columns);
/* a, b, c */
void write_columns(struct buf *out, const model_columns *columns);
/* A run of tokens: blanks and comments become one blank each. */
void write_tokens(struct buf *out, const struct token *tokens, size_t ntokens);
void write_sql(struct buf *out, const struct model_sql *sql);
/* The blank (or line end, between adjacent strings) that belongs before the token. */
void write_gap(struct buf *out, const struct token *tokens, size_t i);
/* The predicate of a partial index or key: the user's, and that the row is not deleted
 * where living is set. False, with nothing written, when there is none. */
bool write_predicate(struct buf *out, const struct model_sql *where,
                     const struct model_column *living);

#endif
