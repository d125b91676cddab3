/* resolver.h: what the files of the resolver share. Nobody else includes it.
 *
 * The order of the passes (resolve.c): declare every object, so that all names are known;
 * types of enums, domains, sequences, extensions; columns; keys, checks and indexes;
 * foreign keys; order of creation; names that PostgreSQL chooses; queries; hints.
 *
 * A thing that cannot be resolved is poisoned (a type without a built-in, a table that
 * was lost in parsing) and silences whatever hangs on it: one mistake, one message. */
#ifndef LANG_RESOLVER_H
#define LANG_RESOLVER_H
#include "../base/bug.h"
#include "../base/suggest.h"
#include "names.h"
#include "codes.h"
#include "resolve.h"

enum entity_kind {
    ENTITY_SCHEMA,
    ENTITY_EXTENSION,
    ENTITY_TABLE,
    ENTITY_ENUM,
    ENTITY_DOMAIN,
    ENTITY_SEQUENCE,
    ENTITY_INDEX,
    ENTITY_CONSTRAINT,
    ENTITY_QUERY
};
/* What a name stands for. */
struct entity {
    enum entity_kind kind;
    void *object; /* struct model_<kind>; of a query: struct query_work */
    struct span span;
    bool implicit; /* PostgreSQL chose the name */
};

/* A schema under work: its namespaces. */
struct scope {
    struct model_schema *schema;
    struct map types;      /* entities: tables, enums, domains */
    struct map relations;  /* entities: tables, declared sequences */
    struct map queries;    /* entities */
    struct map shapes;     /* struct model_query by the fields of its result */
    struct map works;      /* struct table_work by table name */
    struct map old_tables; /* older names and dropped ones, rules_hint.c's */
    struct map old_types;
    struct map old_sequences;
    struct name_space taken; /* filled in order of creation; entities */
    bool lost;               /* its end is not known: neither is what it holds */
};

/* A foreign key whose target is not looked up yet. */
struct pending_key {
    struct model_constraint *constraint;
    const struct ast_references *references;
    struct span span;      /* of the columns, or of the column's name */
    struct span reference; /* of the target's name */
    bool poisoned;
};

struct table_work {
    struct model_table *table;
    const struct ast_table *ast;
    struct scope *scope;
    struct span span; /* of the declaration */
    bool lost;
    struct map lost_words; /* of its lost members, once they are asked for ... */
    bool lost_known;       /* ... as they have been */
    VEC(struct pending_key) pending;
    VEC(struct model_key) keys; /* the primary key among them */
    struct span primary_span;
    struct map constraint_names; /* struct model_constraint */
    int state;                   /* resolve_order.c's */
};
struct enum_work {
    struct model_enum *enum_;
    const struct ast_enum *ast;
    struct scope *scope;
};
struct domain_work {
    struct model_domain *domain;
    const struct ast_domain *ast;
    struct scope *scope;
    int state; /* 0: not begun, 1: under way, 2: done */
};
struct sequence_work {
    struct model_sequence *sequence;
    const struct ast_sequence *ast;
    struct scope *scope;
};
struct extension_work {
    struct model_extension *extension;
    const struct ast_extension *ast;
};
struct query_work {
    struct model_query *query;
    const struct ast_query *ast;
    struct scope *scope;
    int state; /* of its result, as in domain_work */
    bool poisoned;
};
struct dropped_work {
    const struct ast_dropped *ast;
    struct scope *scope; /* NULL: outside any schema */
};

struct resolver {
    struct arena *arena;
    struct diags *diags;
    struct model *model;
    const struct ast_file *const *files;
    size_t nfiles;
    struct map lost;       /* words of what could not be parsed */
    bool unread;           /* a file could not be read: anything may be in it */
    struct map scopes;     /* by schema name */
    struct map exttypes;   /* struct model_exttype by name */
    struct map extensions; /* struct entity */
    VEC(struct table_work *) tables;
    VEC(struct enum_work *) enums;
    VEC(const struct model_enum *) lost_enums; /* labels of which could not be parsed */
    VEC(struct domain_work *) domains;
    VEC(struct sequence_work *) sequences;
    VEC(struct extension_work) extension_works;
    VEC(struct query_work *) queries;
    VEC(struct dropped_work) dropped;
    VEC(struct model_domain *) domain_order; /* a base before what is made of it */
    int depth;                               /* domains over domains under way */
    struct map secret_tables;                /* struct secret_list by table name */
};

/* ---- resolve_declare.c: every name ------------------------------------------------- */

void resolve_declare(struct resolver *r);
struct scope *scope_find(const struct resolver *r, struct str schema);
struct scope *scope_of(const struct resolver *r, const struct model_schema *schema);

/* ---- resolve_lookup.c: names to things, and messages about them --------------------- */

/* "auth.users", or "users" in public. NUL-terminated. */
const char *shown_name(struct resolver *r, const struct model_schema *schema,
                       struct str name);
const char *shown_table(struct resolver *r, const struct model_table *table);
/* Reports names over 63 bytes; gives the model's name with c_name checked. */
struct model_name resolve_name(struct resolver *r, const struct ast_name *name,
                               const struct ast_c_name *c_name, struct str doc);
/* Older names of what cannot move between schemas: one with a schema is reported. */
void resolve_was(struct resolver *r, const ast_names *names, model_names *was);
/* Those of what can. */
struct old_names {
    model_names *was;
    model_places *was_in;
};
void resolve_was_in(struct resolver *r, const ast_names *names,
                    const struct model_schema *schema, struct old_names old);
/* Whether the name may be one that was lost in parsing or stands in a file that could not be
 * read: it is not reported as unknown. scope: where it is looked up; NULL: anywhere. */
bool may_be_lost(struct resolver *r, const struct scope *scope, struct str name);
/* The schema's own, then public's. NULL: not found. */
struct entity *find_type_entity(struct resolver *r, struct scope *scope,
                                const struct ast_qname *name);
/* Reports and gives NULL when there is no such table. */
struct model_table *resolve_table_name(struct resolver *r, struct scope *scope,
                                       const struct ast_qname *name);
/* Reports and gives NULL when the table has no such column. */
struct model_column *resolve_column_name(struct resolver *r, struct table_work *work,
                                         const struct ast_name *name);
/* Appends the columns of the list; reports unknown and repeated ones. false: some are
 * missing. */
bool resolve_column_list(struct resolver *r, struct table_work *work,
                         const ast_names *names, model_columns *columns);
/* The same where PostgreSQL takes a repeated column: warns of it. */
bool resolve_loose_list(struct resolver *r, struct table_work *work,
                        const ast_names *names, model_columns *columns);
struct table_work *work_of(const struct resolver *r, const struct model_table *table);
/* Whether a column of this name may be among the table's lost members: it has the name, or
 * nearly, of something that stands there. */
bool may_be_lost_column(struct resolver *r, struct table_work *work, struct str name);
/* Adds the columns that the SQL mentions, each once; reports names that can only be
 * columns and are none. */
void resolve_mentions(struct resolver *r, struct table_work *work,
                      const struct model_sql *sql, model_columns *columns);
struct model_sql resolve_sql(const struct ast_sql *sql);
/* The same for what the database keeps: reports a query in it, and a cast to a type of
 * another schema than public without that schema. */
struct model_sql resolve_expression(struct resolver *r, const struct ast_sql *sql);
struct scan scan_sql(const struct model_sql *sql);
/* The tokens with one blank where white space or a comment stood. */
struct str sql_text(struct resolver *r, const struct ast_sql *sql);
bool columns_contain(const model_columns *columns, const struct model_column *column);

/* ---- resolve_type.c ------------------------------------------------------------------ */

/* What a type's name is made of; a serial sets *serial when that is not NULL. A poisoned
 * type has been reported. */
struct model_type resolve_type(struct resolver *r, struct scope *scope,
                               const struct ast_type *type, bool *serial);
/* What PostgreSQL calls a type of other systems and languages; NULL: not known. */
const char *type_foreign(struct str name);
/* Whether there is a type of this name; reports nothing. */
bool type_is_known(struct resolver *r, struct scope *scope,
                   const struct ast_type *type);
bool type_poisoned(const struct model_type *type);
struct model_type type_poison(struct span span);
/* The type as messages call it: "int4[]", "auth.account_type". */
const char *shown_type(struct resolver *r, const struct model_type *type);
/* Whether it is this category through domains, and no array. */
bool type_is(const struct model_type *type, enum type_category category);
/* The type under domains. */
const struct model_type *type_under(const struct model_type *type);
bool type_is_array(const struct model_type *type);
/* int2, int4 or int8 through domains, and no array. */
bool type_is_counter(const struct model_type *type);
/* Whether a btree index can order it. */
bool type_has_btree(const struct model_type *type);

/* ---- objects -------------------------------------------------------------------------- */

void resolve_enums(struct resolver *r);
void resolve_extensions(struct resolver *r);
void resolve_domains(struct resolver *r);
void resolve_domain(struct resolver *r, struct domain_work *work);
/* resolve_sequence.c */
void resolve_sequences(struct resolver *r);
/* `owned by`: after the columns. */
void resolve_sequence_owners(struct resolver *r);
/* Makes the sequence of a serial or identity column, without its name unless that is
 * written; ast NULL: no options. */
void resolve_owned_sequence(struct resolver *r, struct model_column *column,
                            const struct ast_sequence *ast);
void resolve_columns(struct resolver *r);
void resolve_members(struct resolver *r);
void resolve_foreign_keys(struct resolver *r);
void resolve_order(struct resolver *r);
void resolve_names(struct resolver *r);
void resolve_queries(struct resolver *r);
/* resolve_dropped.c: what the hints say is gone; once enums and columns are known. */
void resolve_dropped(struct resolver *r);

/* resolve_result.c: what every query gives; params and body need it. */
void resolve_results(struct resolver *r);
/* resolve_param.c: the signature's parameters. */
void resolve_params(struct resolver *r, struct query_work *work);
struct model_param *find_param(const struct model_query *query,
                               const struct token *token);
/* resolve_body.c: parts, needs, what the statement is. */
void resolve_body(struct resolver *r, struct query_work *work);
/* The words that begin the body; NULL: it begins with none. */
const struct token *body_first(const struct ast_query *ast);
/* resolve_relation.c: `with` and `page by`. */
void resolve_relations(struct resolver *r, struct query_work *work);
void resolve_page(struct resolver *r, struct query_work *work);
/* resolve_secret.c: whether a secret column is concerned. */
void resolve_secrets(struct resolver *r);

struct model_constraint *constraint_add(struct resolver *r, struct table_work *work,
                                        enum model_constraint_kind kind,
                                        const struct ast_name *name);
enum model_deferrable resolve_defer(struct resolver *r, unsigned defer,
                                    struct span span);
struct model_element resolve_element(struct resolver *r, struct table_work *work,
                                     const struct ast_element *ast);
void resolve_index(struct resolver *r, struct table_work *work,
                   const struct ast_member *member);
void resolve_exclude(struct resolver *r, struct table_work *work,
                     const struct ast_member *member);
struct str sql_qname(struct resolver *r, const struct ast_qname *name);

/* Keys and included columns of an index. Source: INDEX_MAX_KEYS, version 15. */
enum { INDEX_MAX_COLUMNS = 32 };

/* ---- rules ----------------------------------------------------------------------------- */

/* Whether a default (or on update) of the column's type can be what is written. */
void rule_default(struct resolver *r, const struct model_type *type, bool nullable,
                  const struct model_sql *sql);
/* Whether the server lets a column refer to a key of another type, and whether the column
 * then holds every key as it is. */
enum key_fit { KEY_REFUSED, KEY_CONVERTED, KEY_FITS };
enum key_fit rule_key_types(const struct model_type *from, const struct model_type *to);
/* attr: the collation; NULL: none. */
void rule_collate(struct resolver *r, const struct ast_attr *attr,
                  const struct model_type *type);
/* Reports what is known to change and so cannot stand in what is stored: functions, casts;
 * `where` says what that is. */
void rule_immutable(struct resolver *r, struct table_work *work,
                    const struct model_sql *sql, const char *where);
/* Reports a string that is no label of the enum; type: the enum itself. */
void rule_label(struct resolver *r, const struct model_type *type, struct str text,
                struct span span);
/* The same of each element of an array as text: {open,shut}. */
void rule_array_labels(struct resolver *r, const struct model_type *type,
                       struct str text, struct span span);
/* The same of each string that the SQL compares with a column of an enum. */
void rule_compared_labels(struct resolver *r, struct table_work *work,
                          const struct model_sql *sql);
/* Whether the word is a value by itself, such as current_date. */
bool rule_is_value(struct str word);
/* Reports columns of the table that SQL reads as something else for want of quotes: in an
 * expression, in a query's body. */
void rule_words(struct resolver *r, const struct model_table *table,
                const struct model_sql *sql);
void rule_query_words(struct resolver *r, const struct query_work *work);
/* Warns of numbers that not every server reads. */
void rules_number(struct resolver *r);
/* Reports aggregates, window functions and functions that give many rows. */
void rule_one_value(struct resolver *r, struct scan scan);
/* Reports an operator class that the method does not have on any server. */
void rule_class_name(struct resolver *r, struct str method,
                     const struct ast_qname *name);
/* Reports storage parameters that there are not. method: of an index; n 0: a table's. */
void rule_storage(struct resolver *r, struct str method, const struct ast_sql *with);
/* Reports a column whose type the method does not know by itself. */
void rule_operator_class(struct resolver *r, struct str method,
                         const struct model_element *element, struct span span);
void rules_column(struct resolver *r, struct table_work *work,
                  const struct ast_column *ast, struct model_column *column);
void rules_table(struct resolver *r, struct table_work *work);
void rules_page(struct resolver *r, struct query_work *work);
void rules_hints(struct resolver *r);

#endif
