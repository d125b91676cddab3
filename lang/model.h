/* model.h: a schema with everything resolved: names, types, keys, implicit constraints and
 * their names, the order of creation. Made by resolve.h from the AST; read by sql, emit and
 * (later) migrate. Plain data in one arena; nothing here points into the AST but spans,
 * names and SQL tokens. Rooms that read it never change it.
 */
#ifndef LANG_MODEL_H
#define LANG_MODEL_H
#include "../base/source.h"
#include "../base/str.h"
#include "../base/vec.h"
#include "token.h"
#include "types.h"

struct model_schema;
struct model_table;
struct model_column;
struct model_enum;
struct model_domain;
struct model_exttype;
struct model_query;

/* What every named object has. */
struct model_name {
    struct str name;   /* as PostgreSQL has it */
    struct str c_name; /* from `as c_name`; n 0: none was given (s "" for `as ""`) */
    bool has_c_name;
    struct str doc;   /* cleaned text of the /// comment; n 0: none */
    struct span span; /* of the name where it is declared */
};

/* Older names, the newest of them first. */
typedef VEC(struct str) model_names;
/* ... with the schemas that they were in: `was auth.users`. */
struct model_place {
    struct str schema, name;
};
typedef VEC(struct model_place) model_places;

/* SQL of the user's own: its tokens, and the text they span. Never matched over text. */
struct model_sql {
    struct span span;
    const struct token *tokens;
    size_t ntokens;
};

/* ---- types ---------------------------------------------------------------------- */

enum model_type_kind { MODEL_BUILTIN, MODEL_ENUM, MODEL_DOMAIN, MODEL_EXTTYPE };

/* One use of a type. `base` and ckind see through domains and extension types. */
struct model_type {
    enum model_type_kind kind;
    const struct type_info *builtin; /* MODEL_BUILTIN */
    struct model_enum *enum_;        /* MODEL_ENUM */
    struct model_domain *domain;     /* MODEL_DOMAIN */
    struct model_exttype *exttype;   /* MODEL_EXTTYPE */
    struct str modifiers; /* "10,2", n 0: none; "Point,4326" for an exttype */
    struct str fields;    /* of an interval: "day to second"; n 0: all */
    bool array;
    struct span span;
};

/* ---- columns -------------------------------------------------------------------- */

enum model_identity { IDENTITY_NONE, IDENTITY_ALWAYS, IDENTITY_BY_DEFAULT };

struct model_column {
    struct model_name name;
    struct model_table *table;
    size_t index; /* in table->columns */
    struct model_type type;
    bool nullable;
    bool in_primary_key;
    bool serial; /* serial2 / 4 / 8: type is int2 / 4 / 8 */
    enum model_identity identity;
    struct model_sql default_; /* ntokens 0: none */
    struct model_sql generated;
    struct model_sql on_update; /* set by every generated UPDATE */
    struct str collate;         /* SQL text ("de_DE" quoted as needed); n 0: none */
    struct str storage;         /* plain, external, extended, main; n 0: the type's */
    struct str compression;     /* pglz, lz4; n 0: the server's default */
    bool secret;
    bool version;
    bool soft_delete;
    struct model_sequence *owned; /* the implicit sequence of serial and identity */
    /* Hints for change; inert in what this version makes. */
    model_names was;
    struct model_sql backfill;
    struct model_sql using_;
};

/* ---- constraints and indexes ----------------------------------------------------- */

enum model_constraint_kind {
    CONSTRAINT_PRIMARY_KEY,
    CONSTRAINT_UNIQUE,
    CONSTRAINT_FOREIGN_KEY,
    CONSTRAINT_CHECK,
    CONSTRAINT_EXCLUDE
};
enum model_action {
    ACTION_NO_ACTION,
    ACTION_RESTRICT,
    ACTION_CASCADE,
    ACTION_SET_NULL,
    ACTION_SET_DEFAULT
};
enum model_match { MATCH_SIMPLE, MATCH_FULL };
enum model_deferrable { NOT_DEFERRABLE, DEFERRABLE_IMMEDIATE, DEFERRABLE_DEFERRED };

typedef VEC(struct model_column *) model_columns;

/* An element of an index or of an exclusion. */
struct model_element {
    struct model_column *column; /* NULL: an expression */
    struct model_sql expression;
    struct str collate; /* SQL text; n 0: none */
    struct str opclass; /* SQL text, arguments included; n 0: the default */
    bool desc;
    bool nulls_given;
    bool nulls_first;         /* resolved: PostgreSQL's default when not given */
    struct str with_operator; /* EXCLUDE: the operator */
};

struct model_constraint {
    struct model_name name; /* PostgreSQL's own choice when none was written */
    bool named;             /* written by the user */
    bool inline_;           /* written as a column's attribute */
    bool repeats;           /* over what is one already: CREATE TABLE could drop it */
    enum model_constraint_kind kind;
    struct model_table *table;
    model_columns columns; /* keys; CHECK: the columns it mentions, in order */
    model_columns include;
    bool nulls_not_distinct;
    enum model_deferrable deferrable;
    /* A unique key of a table with soft delete is a partial unique index instead. */
    bool partial; /* ... among the living only */
    /* foreign key */
    struct model_table *target;
    model_columns target_columns;
    enum model_match match;
    enum model_action on_delete, on_update;
    model_columns set_columns; /* on delete set null (cols) */
    /* check, exclude */
    bool no_inherit; /* a check that tables which inherit do not get */
    struct model_sql expression;
    struct str method; /* EXCLUDE: "gist" ...; n 0: btree */
    VEC(struct model_element) elements;
    struct model_sql where; /* EXCLUDE */
    struct str with;        /* storage parameters, SQL text without parentheses */
    struct str tablespace;
    model_names was;
};

struct model_index {
    struct model_name name;
    bool named;
    struct model_table *table;
    bool unique;
    bool nulls_not_distinct;
    bool concurrently;
    struct str method; /* n 0: btree */
    VEC(struct model_element) elements;
    model_columns include;
    struct model_sql where; /* ntokens 0: whole table */
    bool living_only;       /* unique index of a soft-delete table: and col is null */
    struct str with;
    struct str tablespace;
    model_names was;
};

/* A key that finds at most one row: the primary key, unique constraints, and unique
 * indexes over plain columns. In source order, the primary key first. */
struct model_key {
    model_columns columns;
    struct model_constraint *constraint; /* or */
    struct model_index *index;
    bool primary;
    bool nullable;          /* a column may be NULL: finds only non-NULL keys */
    struct model_sql where; /* predicate of a partial unique index */
    bool living_only;       /* holds among rows that are not deleted */
};

/* ---- tables --------------------------------------------------------------------- */

struct model_table {
    struct model_name name;
    struct model_schema *schema;
    bool unlogged;
    struct str with;
    struct str tablespace;
    VEC(struct model_column *) columns;
    VEC(struct model_constraint *) constraints; /* source order */
    VEC(struct model_index *) indexes;          /* source order */
    VEC(struct model_key) keys;           /* keys.items[0].primary when there is one */
    struct model_constraint *primary_key; /* NULL: none */
    VEC(struct model_constraint *) foreign_keys;
    VEC(struct model_constraint *) referenced_by;
    /* Whether a delete, or an update, may write to a table with secrets by way of foreign
     * keys' actions: the server would quote that row. */
    bool delete_reaches_secrets, update_reaches_secrets;
    VEC(struct model_sequence *) sequences; /* declared ones, owned by its columns */
    struct model_column *version;           /* NULL: none */
    struct model_column *soft_delete;       /* NULL: none */
    struct map column_by_name;
    VEC(struct model_query *) queries; /* whose result is a row of this table */
    model_names was;
    model_places was_in;
    model_names dropped; /* columns that are gone for good, not renamed */
};

/* ---- other objects ---------------------------------------------------------------- */

struct model_label {
    struct model_name name; /* name.name: the label; name.c_name: as written */
    struct str ident;       /* the identifier written (in_progress) */
    model_names was;
};
/* `closed dropped as archived` */
struct model_gone_label {
    struct str name;                /* the label or its identifier */
    const struct model_label *heir; /* what its rows become */
};
struct model_enum {
    struct model_name name;
    struct model_schema *schema;
    VEC(struct model_label) labels;
    model_names was;
    model_places was_in;
    VEC(struct model_gone_label) dropped;
};
struct model_check {
    struct model_name name;
    bool named;
    struct model_sql expression;
};
struct model_domain {
    struct model_name name;
    struct model_schema *schema;
    struct model_type base;
    bool nullable;
    bool not_null; /* `not null`: no value may be missing, in whatever column */
    struct model_sql default_;
    struct str collate;
    VEC(struct model_check) checks;
    model_names was;
    model_places was_in;
};
/* How a sequence counts, with PostgreSQL's defaults filled in: the columns of pg_sequence. */
struct model_counter {
    int64_t start, increment, least, most, cache;
    bool cycle;
};
struct model_sequence {
    struct model_name name;
    bool named; /* written by the user */
    struct model_schema *schema;
    const struct type_info *type;
    struct str options; /* SQL text after the type: "start with 1 increment by 2" */
    struct model_counter counter;  /* what the options amount to */
    struct model_column *owner;    /* of serial and identity; NULL: declared */
    struct model_column *owned_by; /* `owned by` of a declared one: goes with it */
    model_names was;
    model_places was_in;
};
struct model_extension {
    struct model_name name;
    struct str schema; /* n 0: the default */
    struct str version;
    VEC(struct model_exttype *) types;
};
struct model_exttype {
    struct model_name name; /* "vector", "citext" */
    struct model_extension *extension;
    struct str sql_name;  /* as SQL writes it, schema included when known */
    struct model_type as; /* the declared C form; text when none is declared */
};

/* ---- queries --------------------------------------------------------------------- */

enum model_want { WANT_ONE, WANT_MAYBE, WANT_MANY, WANT_EXEC };

struct model_choice {
    struct model_name name; /* newest */
    struct model_sql sql;
};
struct model_param {
    struct model_name name;
    struct model_type type; /* not of a choice parameter */
    bool optional;          /* written with "?": nullable, and may steer fragments */
    bool gates;             /* stands directly in a fragment */
    bool secret; /* takes its type from, or has the name of, a secret column */
    struct model_column *column;      /* where its type was taken from; NULL: written */
    VEC(struct model_choice) choices; /* n > 0: a choice parameter */
    int number;       /* $number of the statement, from 1; 0: a choice */
    int gate_bit;     /* bit of the variant when gates, else -1 */
    int choice_index; /* 0 - 3, else -1 */
};
struct model_field {
    struct model_name name;
    struct model_type type;
    bool nullable;
    bool secret; /* has the name of a secret column it is taken from */
};
enum model_result_kind {
    RESULT_NONE,   /* exec */
    RESULT_TABLE,  /* a whole row of table */
    RESULT_FIELDS, /* a struct of its own or shared */
    RESULT_VALUE   /* one bare type: fields.items[0], no name */
};
struct model_relation {
    struct model_constraint *foreign_key; /* of the child, to the result table */
    struct model_table *table;            /* the child */
    struct span span;
};
struct model_page_key {
    struct model_column *column; /* RESULT_TABLE */
    size_t field;                /* RESULT_FIELDS: index */
    bool desc;
};
/* The body: a tree of text (tokens) and fragments, in order. */
enum model_part_kind { PART_TOKENS, PART_FRAGMENT };
struct model_part {
    enum model_part_kind kind;
    struct model_sql sql;     /* PART_TOKENS: a run without braces */
    struct model_part *parts; /* PART_FRAGMENT */
    size_t nparts;
    uint32_t need; /* gate bits, those of enclosing fragments included */
};
struct model_query {
    struct model_name name;
    struct model_schema *schema;
    VEC(struct model_param *) params;
    enum model_want want;
    enum model_result_kind result;
    struct model_table *table; /* RESULT_TABLE */
    struct model_query
        *shape; /* RESULT_FIELDS: the query whose struct it is (self: own) */
    VEC(struct model_field) fields;
    VEC(struct model_relation) relations;
    VEC(struct model_page_key) page;
    struct model_part *parts;
    size_t nparts;
    bool whole;  /* the body is a full statement, not a tail */
    bool writes; /* insert, update, delete, merge (with ... too) */
    bool secret; /* a secret column or parameter is concerned */
    struct span span;
};

/* ---- the whole -------------------------------------------------------------------- */

struct model_schema {
    struct model_name name; /* c_name "" by `as ""`: no prefix */
    bool declared;          /* false: "public" that was only implied */
    model_names was;
    VEC(struct model_table *) tables;
    VEC(struct model_enum *) enums;
    VEC(struct model_domain *) domains;
    VEC(struct model_sequence *) sequences; /* declared ones */
    VEC(struct model_query *) queries;
    struct map table_by_name;
};

enum model_object_kind {
    OBJECT_SCHEMA,
    OBJECT_EXTENSION,
    OBJECT_ENUM,
    OBJECT_DOMAIN,
    OBJECT_SEQUENCE,
    OBJECT_TABLE
};
struct model_object {
    enum model_object_kind kind;
    void *object; /* struct model_<kind> */
};
/* `table users dropped;`: gone for good, not renamed. */
struct model_dropped {
    enum model_object_kind kind; /* not OBJECT_EXTENSION */
    struct str schema;           /* which it was in; n 0: a schema itself */
    struct str name;
};

struct model {
    VEC(struct model_schema *) schemas; /* source order */
    VEC(struct model_extension *) extensions;
    VEC(struct model_object) order; /* order of creation; foreign keys come after */
    VEC(struct model_constraint *) late; /* foreign keys to add once all tables exist */
    VEC(struct source *) sources;        /* every file read, the first is the root */
    VEC(struct model_dropped) dropped;
    struct map schema_by_name;
};

/* The type a value travels as, through domains and extension types. */
enum ckind model_type_ckind(const struct model_type *type);
/* The built-in type under domains and declared C forms; NULL for an enum. */
const struct type_info *model_type_builtin(const struct model_type *type);
/* The enum under domains; NULL when it is none. */
struct model_enum *model_type_enum(const struct model_type *type);
/* Whether the value has to be cast to and from text (or to its declared C form). */
bool model_type_is_cast(const struct model_type *type);
/* Whether two uses name the same type; modifiers do not count. */
bool model_type_same(const struct model_type *a, const struct model_type *b);
/* Whether keys that are equal to the server are equal byte by byte too, as the runtime
 * matches related rows (numeric, which it knows, included): not so for float -0, interval
 * '1 day' = '24:00', citext, jsonb, and char(3) beside char(5). */
bool model_key_matches(const struct model_constraint *foreign_key);

struct model_schema *model_find_schema(const struct model *model, struct str name);
struct model_table *model_find_table(const struct model *model, struct str schema,
                                     struct str table);
struct model_column *model_find_column(const struct model_table *table,
                                       struct str name);

#endif
