/* build.h: what the grammar's actions call: tokens in, pieces of the tree out. Knows the
 * tree; must not know the parser's tables, repairs or messages about wrong tokens.
 *
 * Pieces live in the parser's arena. Tokens that the driver made up in a repair are the
 * real token before them, so each pointer is into file->tokens and spans come out right;
 * nobody reads such a token's text. */
#ifndef LANG_BUILD_H
#define LANG_BUILD_H
#include "../base/bug.h"
#include "codes.h"
#include "parse.h"

/* A stretch of the token array, both ends included; first NULL: empty. */
struct range {
    const struct token *first, *last;
};
struct range range_of(const struct token *first, const struct token *last);
struct range range_join(struct range a, struct range b);
struct span range_span(struct range range);
struct span tokens_span(const struct token *first, const struct token *last);
/* The token where the span ends. */
const struct token *last_token_of(const struct parser *p, struct span span);
/* The cleaned text of the /// lines before the token. */
struct str build_doc(struct parser *p, const struct token *token);
/* The same for what begins at the span. */
struct str build_doc_at(struct parser *p, struct span span);

/* Records an error of the parser and marks the file; see diag_error. */
struct diag *build_error(struct parser *p, int code, struct span span,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ---- build.c: names and SQL -------------------------------------------------------- */

struct ast_name *build_word(struct parser *p, const struct token *token);
/* Reports upper case, an empty name and wrong escapes; gives the word. */
struct ast_name *build_name(struct parser *p, struct ast_name *word);
struct ast_qname *build_qname(struct parser *p, struct ast_name *schema,
                              struct ast_name *name);
/* names NULL: begins a list. */
ast_names *build_names(struct parser *p, ast_names *names, struct ast_name *name);
/* An older name with the schema that it was in. */
struct ast_name *build_old_name(const struct ast_name *schema, struct ast_name *name);
struct span names_span(const ast_names *names);
struct ast_c_name *build_c_name(struct parser *p, const struct token *token);
/* Reports a doc comment inside. */
struct ast_sql build_sql(struct parser *p, struct range range);
/* The same for what stands in parentheses; reports that it is empty. */
struct ast_sql build_paren(struct parser *p, const struct token *open,
                           struct range range);

/* ---- build_type.c ------------------------------------------------------------------- */

struct modifiers {
    VEC(struct ast_modifier) list;
};
struct modifiers *build_modifier(struct parser *p, struct modifiers *modifiers,
                                 struct range range);
/* modifiers and last (their closing parenthesis) may be NULL. */
struct ast_type *build_type(struct parser *p, struct ast_qname *name,
                            struct modifiers *modifiers, const struct token *last);
/* Two words: "double precision". */
struct ast_type *build_long_type(struct parser *p, const struct token *token,
                                 struct modifiers *modifiers, const struct token *last);
/* "timestamp" with "with time zone" after it. */
struct ast_type *build_zone(struct parser *p, struct ast_type *type,
                            const struct token *zone);
struct ast_type *build_array(struct ast_type *type, const struct token *last);
struct ast_type *build_nullable(struct ast_type *type, const struct token *mark);
/* Reports what build_name reports, for the type's name. */
struct ast_type *build_checked_type(struct parser *p, struct ast_type *type);

/* ---- build_attr.c: attributes of columns and domains -------------------------------- */

struct attrs {
    VEC(struct ast_attr) list;
    struct ast_c_name c_name;
};
/* deferrable and the like, from its first word to its last. */
struct deferral {
    enum ast_defer defer;
    struct span span;
};
struct deferral deferral(enum ast_defer defer, const struct token *first,
                         const struct token *last);

/* Each adds to the attributes and gives them; start is the attribute's first token. */

/* An attribute of words alone. More than one make identity "by default", and unique "nulls
 * not distinct". */
struct attrs *attr_word(struct parser *p, struct attrs *attrs, enum ast_attr_kind kind,
                        const struct token *start, const struct token *end);
struct attrs *attr_sql(struct parser *p, struct attrs *attrs, enum ast_attr_kind kind,
                       const struct token *start, struct ast_sql sql);
struct attrs *attr_check(struct parser *p, struct attrs *attrs, struct ast_name *name,
                         const struct token *start, struct ast_sql sql);
struct attrs *attr_references(struct parser *p, struct attrs *attrs,
                              const struct token *start,
                              struct ast_references *references);
struct attrs *attr_collate(struct parser *p, struct attrs *attrs,
                           const struct token *start, struct ast_qname *name);
/* storage and compression. */
struct attrs *attr_name(struct parser *p, struct attrs *attrs, enum ast_attr_kind kind,
                        const struct token *start, struct ast_name *name);
/* words: "identity" or "identity by default". */
struct attrs *attr_identity(struct parser *p, struct attrs *attrs, struct range words,
                            struct ast_sequence *counter);
struct attrs *attr_was(struct parser *p, struct attrs *attrs, const struct token *start,
                       ast_names *names);
struct attrs *attr_c_name(struct attrs *attrs, const struct ast_c_name *c_name);
/* What belongs to an attribute before it. */
struct attrs *attr_action(struct parser *p, struct attrs *attrs, bool on_delete,
                          const struct token *start, struct ast_action *action);
struct attrs *attr_match(struct parser *p, struct attrs *attrs,
                         const struct token *start, enum ast_match match);
struct attrs *attr_defer(struct parser *p, struct attrs *attrs,
                         struct deferral deferral);
/* `not null`, of a domain alone, and `null`: advice. */
struct attrs *attr_null(struct parser *p, struct attrs *attrs,
                        const struct token *first, const struct token *last);

/* ---- build_options.c: what follows a member, or stands in a head --------------------- */

enum option_kind {
    OPTION_INCLUDE,
    OPTION_WHERE,
    OPTION_WITH,
    OPTION_TABLESPACE,
    OPTION_CONCURRENTLY,
    OPTION_NULLS_NOT_DISTINCT,
    OPTION_NO_INHERIT,
    OPTION_DEFER,
    OPTION_MATCH,
    OPTION_ON_DELETE,
    OPTION_ON_UPDATE,
    OPTION_WAS,
    OPTION_C_NAME,
    OPTION_KINDS
};
struct options {
    struct ast_options ast;
    bool nulls_not_distinct;
    enum ast_match match;
    struct ast_action on_delete, on_update;
    struct span spans[OPTION_KINDS]; /* where each was written; zeroed: not */
};
/* Reports the options that are not in the set of 1u << OPTION_*. what: "an index". */
void options_allow(struct parser *p, const struct options *options, unsigned allowed,
                   const char *what);

/* Each adds to the options, reports when its kind was written already, and gives them;
 * start is the option's first token. */
struct options *option_include(struct parser *p, struct options *options,
                               const struct token *start, const ast_names *columns);
struct options *option_where(struct parser *p, struct options *options,
                             const struct token *start, struct ast_sql sql);
struct options *option_with(struct parser *p, struct options *options,
                            const struct token *start, struct ast_sql sql);
struct options *option_tablespace(struct parser *p, struct options *options,
                                  const struct token *start,
                                  const struct ast_name *name);
struct options *option_concurrently(struct parser *p, struct options *options,
                                    const struct token *start);
struct options *option_no_inherit(struct parser *p, struct options *options,
                                  const struct token *start, const struct token *last);
struct options *option_nulls(struct parser *p, struct options *options,
                             const struct token *start);
struct options *option_was(struct parser *p, struct options *options,
                           const ast_names *names);
struct options *option_c_name(struct parser *p, struct options *options,
                              const struct ast_c_name *c_name);
struct options *option_defer(struct options *options, struct deferral deferral);
struct options *option_match(struct parser *p, struct options *options,
                             const struct token *start, enum ast_match match);
struct options *option_delete(struct parser *p, struct options *options,
                              const struct token *start, struct ast_action *action);
struct options *option_update(struct parser *p, struct options *options,
                              const struct token *start, struct ast_action *action);
struct ast_references *build_references(struct parser *p, struct ast_qname *table,
                                        ast_names *columns);
/* token: the last word of the action; columns may be NULL. */
struct ast_action *build_action(struct parser *p, enum ast_action_kind kind,
                                const struct token *token, ast_names *columns);

/* ---- build_member.c: members of a table ---------------------------------------------- */

struct column_parts {
    struct ast_name *name;
    struct ast_c_name *c_name; /* NULL: not after the name */
    struct ast_type *type;
    struct attrs *attrs;
};
void build_column(struct parser *p, struct column_parts parts, const struct token *end);
void build_dropped_column(struct parser *p, struct ast_name *name,
                          const struct token *end);

struct key_parts {
    bool primary, nulls_not_distinct;
    struct ast_name *name; /* NULL: not named; so below */
    ast_names *columns;
    struct options *options;
};
void build_key(struct parser *p, struct key_parts parts, struct range range);
struct foreign_parts {
    struct ast_name *name;
    ast_names *columns;
    struct ast_references *references;
    struct options *options;
};
void build_foreign_key(struct parser *p, struct foreign_parts parts,
                       struct range range);
struct check_parts {
    struct ast_name *name;
    struct ast_sql expression;
    struct options *options;
};
void build_check(struct parser *p, struct check_parts parts, struct range range);

struct elements {
    ast_elements list;
};
struct elements *build_elements(struct parser *p, struct elements *elements,
                                struct ast_element *element);
struct ast_element *build_column_element(struct parser *p, struct ast_name *word);
struct ast_element *build_call_element(struct parser *p, struct ast_qname *function,
                                       const struct token *end);
/* [range]: with its parentheses around inner. */
struct ast_element *build_paren_element(struct parser *p, struct range inner,
                                        struct range range);
/* Each adds to the element and gives it. */
struct ast_element *element_collate(struct parser *p, struct ast_element *element,
                                    const struct ast_qname *name);
struct ast_element *element_order(struct parser *p, struct ast_element *element,
                                  const struct token *token, bool desc);
/* token: the word after "nulls". */
struct ast_element *element_nulls(struct parser *p, struct ast_element *element,
                                  const struct token *token, bool first);
struct ast_element *element_opclass(struct parser *p, struct ast_element *element,
                                    const struct ast_qname *name);
struct ast_element *element_opclass_with(struct parser *p, struct ast_element *element,
                                         const struct ast_qname *name,
                                         struct ast_sql arguments,
                                         const struct token *end);
struct ast_element *element_operator(struct parser *p, struct ast_element *element,
                                     struct range range);

struct index_parts {
    bool unique;
    bool nulls_not_distinct;
    struct ast_name *name;
    struct ast_name *method;
    struct elements *elements;
    struct options *options;
};
struct index_parts *build_index_parts(struct parser *p, struct ast_name *name,
                                      struct ast_name *method,
                                      struct elements *elements,
                                      struct options *options);
void build_exclude(struct parser *p, struct index_parts *parts, struct range range);
void build_index(struct parser *p, struct index_parts *parts, struct range range);

/* ---- build_decl.c: declarations ------------------------------------------------------ */

/* Adds a declaration to the open schema or the file; its span is that of start alone. */
struct ast_decl *build_decl(struct parser *p, enum ast_decl_kind kind,
                            const struct token *start);
/* A head opens a declaration: it is in the tree from then on, whatever its body holds. */
void build_schema(struct parser *p, const struct token *start, struct ast_name *name,
                  struct options *options);
void build_table(struct parser *p, const struct token *start, struct ast_qname *name,
                 struct options *options);
void build_enum(struct parser *p, const struct token *start, struct ast_qname *name,
                struct options *options);
/* options: its schema and version. */
void build_extension(struct parser *p, const struct token *start, struct ast_name *name,
                     struct ast_extension *options);
/* Closes the innermost open declaration; its span ends with the token. A schema inside a
 * schema, which was reported, is none. */
void build_close(struct parser *p, const struct token *end);
/* Forgets the open declarations whose brace is not among the open brackets any more. */
void build_unwind(struct parser *p);

void build_include(struct parser *p, const struct token *start,
                   const struct token *path, const struct token *end);
struct ast_qname *build_unqualified(struct parser *p, struct ast_name *name);
void build_dropped(struct parser *p, enum ast_decl_kind kind, struct ast_qname *name,
                   struct range range);

struct value_options {
    ast_names was;
    struct ast_c_name c_name;
    const struct token *last; /* NULL: no option */
};
struct value_options *value_c_name(const struct parser *p,
                                   struct value_options *options,
                                   const struct ast_c_name *c_name);
struct value_options *value_was(struct parser *p, struct value_options *options,
                                struct ast_name *name);
/* label NULL: none was written. */
void build_value(struct parser *p, struct ast_name *name, const struct token *label,
                 struct value_options *options);
void build_dropped_value(struct parser *p, struct ast_name *name,
                         const struct token *label, struct ast_name *as);

void build_domain(struct parser *p, struct ast_qname *name, struct ast_type *type,
                  struct attrs *attrs, struct range range);
/* sequence holds what was written behind the name. */
void build_sequence(struct parser *p, struct ast_qname *name,
                    struct ast_sequence *sequence, struct range range);
/* The options of an identity, up to their ")"; name NULL: none was written. */
struct ast_sequence *build_counter(struct parser *p, struct ast_name *name,
                                   struct ast_sequence *sequence,
                                   const struct token *close);
struct ast_sequence *sequence_owner(struct parser *p, struct ast_sequence *sequence,
                                    struct ast_qname *table, struct ast_name *column);
struct ast_sequence *sequence_of_type(struct parser *p, const struct ast_type *type);
/* Adds the option, reports when its kind was written already, and gives the sequence. */
struct ast_sequence *sequence_option(struct parser *p, struct ast_sequence *sequence,
                                     struct ast_sequence_option option);
struct ast_sequence_option option_number(const struct token *first,
                                         struct range number);
/* cycle, no cycle, no minvalue, no maxvalue: word is the last one. */
struct ast_sequence_option option_word(const struct token *first,
                                       const struct token *word);
void build_extension_type(struct parser *p, struct ast_name *name, struct ast_type *as,
                          struct range range);

/* ---- build_query.c: queries ----------------------------------------------------------- */

/* Begins a query; the others fill it in, and build_query_end adds it to the tree. */
void build_query(struct parser *p, const struct token *start, struct ast_qname *name,
                 struct ast_c_name *c_name);
/* type and mark (a "?" after the bare name) may be NULL. */
void build_param(struct parser *p, struct ast_name *name, struct ast_type *type,
                 const struct token *mark);
/* choices: what stands between the braces; mark: "?" after the closing one, or NULL. */
void build_choice_param(struct parser *p, struct ast_name *name, struct range choices,
                        const struct token *close, const struct token *mark);
void build_field(struct parser *p, struct ast_name *name, struct ast_type *type);
void build_want(struct parser *p, enum ast_want want, const struct token *token);
/* type NULL: a list of fields. */
void build_result(struct parser *p, struct ast_type *type, struct span span);
void build_relation(struct parser *p, struct ast_qname *table, ast_names *columns,
                    struct span last);
/* order NULL: neither asc nor desc. */
void build_page_key(struct parser *p, struct ast_name *column,
                    const struct token *order, bool desc);
/* [open, end]: the body with its braces; open NULL: end is the ";". */
void build_query_end(struct parser *p, const struct token *open,
                     const struct token *end);

#endif
