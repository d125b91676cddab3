/* unit.h: one pair of files: a table's, or a schema's own (its enums, and the queries that
 * belong to no table), with everything about it decided. Private to this room.
 */
#ifndef EMIT_UNIT_H
#define EMIT_UNIT_H
#include "emit.h"
#include "func.h"
#include "writer.h"

/* A column of the unit's table. */
struct unit_column {
    const struct model_column *column;
    struct stmt_column sql;
    struct str member;
    struct form form;
    struct str row_type; /* in struct T, T_new and T_patch */
    struct str new_type; /* n 0: not in it */
    struct str patch_type;
    bool plain_new; /* in _new: NULL means left out */
};

struct unit {
    struct arena *arena; /* of this unit alone */
    const struct emit_options *options;
    const struct model_schema *schema;
    const struct model_table *table; /* NULL: the schema's own */
    struct str file;                 /* "auth_users" */
    struct str base;                 /* of the table's names; n 0: none */
    struct unit_column *columns;
    size_t ncolumns;
    struct func *funcs;
    size_t nfuncs;
    bool has_new, has_patch; /* some function takes it */
};

/* Where a unit's statements stand. */
struct unit_source {
    const struct model_schema *schema;
    const struct model_table *table;
    struct stmt *const *stmts;
    size_t nstmts;
};
struct unit unit_make(struct arena *arena, const struct emit_options *options,
                      struct unit_source source);
/* Whether a schema has anything for a pair of its own. */
bool unit_is_needed(const struct unit_source *source);
/* Whose header declares the enum. */
struct str unit_enum_file(const struct unit *unit, const struct model_enum *enum_);

/* Calls `each` once for every enum that the unit's header needs to be complete. */
struct unit_enums {
    VEC(const struct model_enum *) list;
};
void unit_collect_enums(const struct unit *unit, struct unit_enums *enums);

/* ---- what writes: each appends to the writer ------------------------------------------- */

void emit_banner(struct writer *w, const struct emit_options *options);
void emit_header(struct writer *w, const struct unit *unit);
void emit_source(struct writer *w, const struct unit *unit);
struct emit_listed {
    struct str file; /* without ".h" */
    struct str doc;  /* of the schema that begins here; n 0: none */
};
struct emit_headers {
    VEC(struct emit_listed) list;
};
void emit_umbrella(struct writer *w, struct arena *arena,
                   const struct emit_options *options,
                   const struct emit_headers *headers);

/* Enums: declarations and definitions. */
void emit_enum_header(struct writer *w, const struct unit *unit,
                      const struct model_enum *enum_);
void emit_enum_source(struct writer *w, const struct unit *unit,
                      const struct model_enum *enum_);

/* Structs of a table, its constraints; structs of a function. */
void emit_table_structs(struct writer *w, const struct unit *unit);
void emit_constraints(struct writer *w, const struct unit *unit);
void emit_func_structs(struct writer *w, const struct unit *unit,
                       const struct func *func);

/* Descriptors of a table and of a function's own structs. */
void emit_table_rows(struct writer *w, const struct unit *unit);
void emit_func_rows(struct writer *w, const struct unit *unit, const struct func *func);
/* { &sc__auth_kind, 0, SC__ENUM, SC__NULLABLE } */
void emit_type(struct buf *out, struct arena *arena, const struct form *form,
               const char *flags);

/* Functions. */
void emit_prototype(struct writer *w, const struct unit *unit, const struct func *func,
                    const char *tail);
/* NAME_stream; T_load_from; NAME_next. base: the row's, or a function of bare values. */
void emit_stream_prototype(struct writer *w, const struct unit *unit,
                           const struct func *func, const char *tail);
void emit_load_from_prototype(struct writer *w, const struct unit *unit,
                              const struct func *func, const char *tail);
void emit_next_prototype(struct writer *w, const struct unit *unit, struct str base,
                         struct str out, const char *tail);
void emit_func_source(struct writer *w, const struct unit *unit,
                      const struct func *func);
void emit_cursor_header(struct writer *w, const struct unit *unit,
                        const struct func *func);
void emit_cursor_source(struct writer *w, const struct unit *unit,
                        const struct func *func);
/* T_free, T_take and T_next, of the table's rows (func NULL) or of a function's own. */
void emit_row_functions_header(struct writer *w, const struct unit *unit,
                               const struct func *func);
void emit_row_functions_source(struct writer *w, const struct unit *unit,
                               const struct func *func);

/* NAME_take of a declared query's bare value. */
void emit_value_take_header(struct writer *w, const struct unit *unit,
                            const struct func *func);
void emit_value_take_source(struct writer *w, const struct unit *unit,
                            const struct func *func);
/* Its outputs, as parameters. */
size_t emit_value_outputs(struct arena *arena, const struct func *func,
                          struct str items[2]);

/* NAME_next of a row (func NULL: the table's) or of a bare value. */
void emit_next_header(struct writer *w, const struct unit *unit,
                      const struct func *func);
void emit_next_source(struct writer *w, const struct unit *unit,
                      const struct func *func);
/* The second forms of a function: NAME_stream, T_load_from. */
void emit_second_header(struct writer *w, const struct unit *unit,
                        const struct func *func);
void emit_second_source(struct writer *w, const struct unit *unit,
                        const struct func *func);

/* Documentation, as text for write_doc. */
/* Whether the table has a secret column; its row's documentation then says so for all. */
bool doc_has_secret(const struct unit *unit);
struct str doc_row(const struct unit *unit);
struct str doc_row_member(const struct unit *unit, const struct unit_column *column);
struct str doc_new_member(const struct unit *unit, const struct unit_column *column);
struct str doc_patch_member(const struct unit *unit, const struct unit_column *column);
struct str doc_constraint(const struct unit *unit,
                          const struct model_constraint *constraint);
struct str doc_index(const struct unit *unit, const struct model_index *index);
struct str doc_func(const struct unit *unit, const struct func *func);
struct str doc_input(const struct unit *unit, const struct func_input *input);

#endif
