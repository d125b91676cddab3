/* ddl.h: the text that makes each object of a model. Every function appends
 * whole statements, each ended by ";" and a line end; names of constraints and indexes
 * are always written out. Knows nothing of files, steps or order between migrations. */
#ifndef SQL_DDL_H
#define SQL_DDL_H
#include "../base/buf.h"
#include "../lang/model.h"

/* The whole model: every object in the model's order of creation with its indexes and
 * comments, then the foreign keys. No transaction around it. */
void ddl_up(struct buf *out, const struct model *model);

/* One object. A table comes with its owned sequences and storage settings, without
 * foreign keys, indexes and comments. The schema public and the extension plpgsql are in
 * every database and never made. */
void ddl_create(struct buf *out, const struct model_object *object);

void ddl_create_table(struct buf *out, const struct model_table *table);
/* The indexes of a table: declared ones, and the partial unique ones that stand for the
 * unique keys of a table with soft delete. */
void ddl_create_indexes(struct buf *out, const struct model_table *table);
/* One index, or the unique index of a key: what a partial key is, and what another key can
 * be made of. name n 0: its own. */
struct ddl_index_form {
    struct str name;
    bool concurrently;
};
void ddl_create_index(struct buf *out, const struct model_index *index,
                      const struct ddl_index_form *form);
void ddl_create_key_index(struct buf *out, const struct model_constraint *key,
                          const struct ddl_index_form *form);
void ddl_add_foreign_key(struct buf *out, const struct model_constraint *key);

/* `alter sequence S owned by T.C` of a declared sequence with an owner. ddl_create_table
 * does it for the sequences that its columns own, which go with the table. */
void ddl_own_sequence(struct buf *out, const struct model_sequence *sequence);

/* `constraint NAME check (...)`, without an end: as a table's definition and ALTER TABLE
 * ... ADD write it. Not for a partial key. */
void ddl_constraint(struct buf *out, const struct model_constraint *constraint);
/* `NAME TYPE ... not null`, as CREATE TABLE and ALTER TABLE ... ADD COLUMN write it. */
void ddl_column(struct buf *out, const struct model_column *column);

/* `a collate "C" text_pattern_ops desc`, as CREATE INDEX and EXCLUDE write it. */
void ddl_element(struct buf *out, const struct model_element *element);
/* ` generated always as identity (..)`, the sequence's name only where PostgreSQL would
 * choose another. */
void ddl_identity(struct buf *out, const struct model_column *column);
/* ` default EXPRESSION`, in parentheses where PostgreSQL wants them. */
void ddl_default(struct buf *out, const struct model_sql *sql);

/* COMMENT ON for each doc comment of the object and its parts. */
void ddl_comments(struct buf *out, const struct model_object *object);
void ddl_comment_constraint(struct buf *out, const struct model_constraint *constraint);

#endif
