/* ast.h: a source file as it was written: every declaration, member and attribute with
 * its place, nothing resolved. Made by parser.h, read by resolve and format. Knows
 * nothing of which names exist, which types are built in, or what any of it means.
 *
 * All of it lives in the arena that was given to parse_source and is never changed
 * later. What could not be parsed is not in the tree; what is in the tree is whole. A
 * span always covers the construct from its first token to its last (the closing ";" or
 * "}" included, a doc comment not). A zeroed struct ast_name, ast_qname, ast_sql or VEC
 * means "not written". */
#ifndef LANG_AST_H
#define LANG_AST_H
#include "../base/source.h"
#include "../base/str.h"
#include "../base/vec.h"
#include "token.h"

/* ---- names ----------------------------------------------------------------------- */

/* A name as it means: unquoted and unescaped when quoted, in lower case when not. */
struct ast_name {
    struct str text; /* n 0: not written */
    struct span span;
    bool quoted;
    struct str schema; /* of an older name alone: `was auth.users`; n 0: not written */
};
/* name or schema.name. */
struct ast_qname {
    struct ast_name schema; /* text.n 0: not written */
    struct ast_name name;
    struct span span; /* of the whole */
};
typedef VEC(struct ast_name) ast_names;

/* `as c_name`; text.n is 0 when given as "". The parser does not check that it is a C
 * name. */
struct ast_c_name {
    bool given;
    struct str text;
    struct span span; /* of the name, without "as" */
};

/* ---- SQL ------------------------------------------------------------------------- */

/* A stretch of the file's token array. Where the language puts SQL in parentheses
 * (check, generated, backfill, using, where, with) the outer pair is not part of it;
 * `default` and `on update` keep theirs. Never empty when it was written. */
struct ast_sql {
    struct span span;
    const struct token *tokens;
    size_t ntokens; /* 0: not written */
};

/* ---- types ----------------------------------------------------------------------- */

struct ast_modifier {
    struct str text; /* as written: 10, -2, Point, 'x' */
    struct span span;
};
struct ast_type {
    /* A long spelling is one name in lower case with one blank a gap, as type_find
     * knows it: "double precision", "timestamp with time zone", "bit varying". */
    struct ast_qname name;
    struct str fields; /* of an interval: "day to second"; n 0: not written */
    VEC(struct ast_modifier) modifiers; /* numeric(10,2), geometry(Point,4326) */
    int dimensions;                     /* 0: no array; int4[] 1, int4[][] 2 */
    bool nullable;                      /* "?" */
    struct span span;                   /* "?" included */
};

/* ---- columns --------------------------------------------------------------------- */

enum ast_action_kind {
    AST_ACTION_NONE, /* not written */
    AST_ACTION_NO_ACTION,
    AST_ACTION_RESTRICT,
    AST_ACTION_CASCADE,
    AST_ACTION_SET_NULL,
    AST_ACTION_SET_DEFAULT
};
struct ast_action {
    enum ast_action_kind kind;
    ast_names columns; /* set null (cols), set default (cols) */
    struct span span;  /* from "on" */
};
enum ast_match { AST_MATCH_NONE, AST_MATCH_SIMPLE, AST_MATCH_FULL };
/* A set: which of the words were written. */
enum ast_defer {
    AST_DEFERRABLE = 1,
    AST_NOT_DEFERRABLE = 2,
    AST_INITIALLY_DEFERRED = 4,
    AST_INITIALLY_IMMEDIATE = 8
};

/* The target of a foreign key and what goes with it. */
struct ast_references {
    struct ast_qname table;
    ast_names columns; /* n 0: the target's primary key */
    enum ast_match match;
    struct ast_action on_delete, on_update;
};

enum ast_attr_kind {
    AST_ATTR_DEFAULT,     /* sql */
    AST_ATTR_IDENTITY,    /* by_default, sequence */
    AST_ATTR_GENERATED,   /* sql */
    AST_ATTR_UNIQUE,      /* nulls_not_distinct, defer */
    AST_ATTR_PRIMARY_KEY, /* defer */
    AST_ATTR_REFERENCES,  /* references, defer */
    AST_ATTR_CHECK,       /* name (may be unwritten), sql */
    AST_ATTR_COLLATE,     /* qname */
    AST_ATTR_STORAGE,     /* name */
    AST_ATTR_COMPRESSION, /* name */
    AST_ATTR_ON_UPDATE,   /* sql: `on update now()`, not a foreign key's action */
    AST_ATTR_SECRET,
    AST_ATTR_VERSION,
    AST_ATTR_SOFT_DELETE,
    AST_ATTR_WAS,      /* names: older ones, the newest of them first */
    AST_ATTR_BACKFILL, /* sql */
    AST_ATTR_USING,    /* sql */
    AST_ATTR_NOT_NULL  /* of a domain; a column's is reported and left out */
};
struct ast_sequence;
/* One attribute of a column or domain, in source order. `on delete ..`, `on update
 * cascade`, `match ..` and `deferrable ..` belong to the `references` (or key) before
 * them and are no attributes of their own. `not null` and `null` are reported and left
 * out. */
struct ast_attr {
    enum ast_attr_kind kind;
    struct span span;
    union {
        bool by_default;
        bool nulls_not_distinct;
        struct ast_name name;
        struct ast_qname qname;
        struct ast_references *references;
        ast_names names;
    };
    struct ast_sql sql;
    struct ast_sequence *sequence; /* identity (..): its options; NULL: none */
    unsigned defer;                /* of enum ast_defer */
};

struct ast_column {
    struct ast_name name;
    struct ast_c_name c_name; /* written after the name or among the attributes */
    struct ast_type type;
    VEC(struct ast_attr) attrs;
};

/* ---- other members of a table ---------------------------------------------------- */

/* What may follow a key, check, exclusion or index. The parser reports an option that
 * does not go with its member and leaves it out. */
struct ast_options {
    ast_names include;
    struct ast_sql where;
    struct ast_sql with; /* storage parameters */
    struct ast_name tablespace;
    bool concurrently;
    bool no_inherit;
    unsigned defer; /* of enum ast_defer */
    ast_names was;
    struct ast_c_name c_name;
};

/* An element of an index or an exclusion. */
struct ast_element {
    struct ast_name column;    /* a plain name, or */
    struct ast_sql expression; /* a call as written, or what stood in parentheses */
    struct ast_qname collate;
    struct ast_qname opclass;
    struct ast_sql opclass_args;
    bool asc, desc;
    bool nulls_first, nulls_last;
    struct ast_sql with_operator; /* exclude: `with =`, `with operator(pg_catalog.=)` */
    struct span span;
};
typedef VEC(struct ast_element) ast_elements;

/* primary key [name] (cols); unique [name] [nulls not distinct] (cols) */
struct ast_key {
    bool primary;
    struct ast_name name; /* text.n 0: not named; so in the members below */
    bool nulls_not_distinct;
    ast_names columns;
    struct ast_options options;
};
struct ast_foreign_key {
    struct ast_name name;
    ast_names columns;
    struct ast_references references;
    struct ast_options options;
};
struct ast_check {
    struct ast_name name;
    struct ast_sql expression;
    struct ast_options options;
};
struct ast_exclude {
    struct ast_name name;
    struct ast_name method; /* text.n 0: not written */
    ast_elements elements;
    struct ast_options options;
};
struct ast_index {
    bool unique;
    struct ast_name name;
    struct ast_name method;
    bool nulls_not_distinct;
    ast_elements elements;
    struct ast_options options;
};

/* Room for: triggers, policies, partitions, row level security. */
enum ast_member_kind {
    AST_MEMBER_COLUMN,
    AST_MEMBER_DROPPED, /* `full_name dropped;`: name */
    AST_MEMBER_KEY,
    AST_MEMBER_FOREIGN_KEY,
    AST_MEMBER_CHECK,
    AST_MEMBER_EXCLUDE,
    AST_MEMBER_INDEX
};
struct ast_member {
    enum ast_member_kind kind;
    struct span span;
    struct str doc; /* cleaned text of the /// lines before it; n 0: none */
    union {
        struct ast_column *column;
        struct ast_name dropped;
        struct ast_key *key;
        struct ast_foreign_key *foreign_key;
        struct ast_check *check;
        struct ast_exclude *exclude;
        struct ast_index *index;
    };
};

/* ---- declarations ---------------------------------------------------------------- */

struct ast_table {
    struct ast_qname name;
    struct ast_c_name c_name;
    bool unlogged;
    ast_names was;
    struct ast_sql with; /* storage parameters */
    struct ast_name tablespace;
    VEC(struct ast_member) members;
    bool lost; /* a member could not be parsed and is not here */
};

/* in_progress = "in progress" */
struct ast_value {
    struct ast_name name;
    bool has_label;
    struct str label; /* name.text when !has_label */
    struct ast_c_name c_name;
    ast_names was;
    bool dropped; /* `closed dropped as archived`: gone, and what its rows become */
    struct ast_name dropped_as;
    struct str doc;
    struct span span;
};
struct ast_enum {
    struct ast_qname name;
    struct ast_c_name c_name;
    ast_names was;
    VEC(struct ast_value) values;
    bool lost; /* a value could not be parsed and is not here */
};

/* attrs: DEFAULT, CHECK, COLLATE, NOT_NULL and WAS only. */
struct ast_domain {
    struct ast_qname name;
    struct ast_type type;
    VEC(struct ast_attr) attrs;
};

enum ast_sequence_option_kind {
    AST_SEQUENCE_START,
    AST_SEQUENCE_INCREMENT,
    AST_SEQUENCE_MINVALUE, /* number.n 0: no minvalue */
    AST_SEQUENCE_MAXVALUE, /* number.n 0: no maxvalue */
    AST_SEQUENCE_CACHE,
    AST_SEQUENCE_CYCLE, /* no_: no cycle */
};
struct ast_sequence_option {
    enum ast_sequence_option_kind kind;
    bool no_;
    struct str number; /* with its sign: "-5" */
    struct span span;
};
/* A sequence of its own, or what stands in the parentheses of identity. */
struct ast_sequence {
    struct ast_qname name; /* identity (sequence NAME ..); name.text.n 0: not written */
    struct ast_type type;  /* `as int4`; type.name.name.text.n 0: not written */
    ast_names was;
    VEC(struct ast_sequence_option) options;
    struct span options_span;  /* of an identity: up to the closing parenthesis */
    struct ast_qname owned_by; /* the table; name.text.n 0: not written */
    struct ast_name owned_by_column;
};

/* type vector as bytea; */
struct ast_extension_type {
    struct ast_name name;
    struct ast_type as;
    struct str doc;
    struct span span;
};
/* extension NAME [schema NAME] [version "1.2"] (; or { types }) */
struct ast_extension {
    struct ast_name name;
    struct ast_name schema;
    struct ast_name version;
    VEC(struct ast_extension_type) types;
};

/* ---- queries --------------------------------------------------------------------- */

struct ast_choice {
    struct ast_name name;
    struct ast_sql sql;
};
struct ast_param {
    struct ast_name name;
    bool has_type;
    struct ast_type type; /* when has_type; type.nullable: `text?` */
    bool optional;        /* "?" on the type, on the bare name, or after the choices */
    VEC(struct ast_choice) choices; /* n > 0: a choice parameter, without a type */
    struct str doc;
    struct span span;
};
struct ast_field {
    struct ast_name name;
    struct ast_type type;
    struct str doc;
    struct span span;
};
/* sessions on (user_id) */
struct ast_relation {
    struct ast_qname table;
    ast_names columns; /* n 0: not written */
    struct span span;
};
struct ast_page_key {
    struct ast_name column;
    bool asc, desc;
    struct span span;
};

enum ast_want {
    AST_WANT_NONE,
    AST_WANT_ONE,
    AST_WANT_MAYBE,
    AST_WANT_MANY,
    AST_WANT_EXEC
};
enum ast_result {
    AST_RESULT_NONE,  /* exec, or the signature was left out */
    AST_RESULT_NAMED, /* one type: a table, a query's result, or a bare type */
    AST_RESULT_FIELDS /* (name type, ..) */
};

/* A query's body: SQL and fragments in turn. Brackets of SQL may open in one part and
 * close in a later one; braces never do. */
enum ast_part_kind { AST_PART_SQL, AST_PART_FRAGMENT };
struct ast_part {
    enum ast_part_kind kind;
    struct ast_sql sql;         /* AST_PART_SQL: tokens without braces, at least one */
    VEC(struct ast_part) parts; /* AST_PART_FRAGMENT: what stands between its braces */
    struct span span;           /* of a fragment with its braces */
};
struct ast_query {
    struct ast_qname name;
    struct ast_c_name c_name;
    VEC(struct ast_param) params;
    enum ast_want want;    /* NONE: the signature was left out */
    struct span want_span; /* of the word */
    enum ast_result result;
    struct ast_type type;         /* AST_RESULT_NAMED */
    VEC(struct ast_field) fields; /* AST_RESULT_FIELDS */
    struct span result_span;
    VEC(struct ast_relation) relations;
    VEC(struct ast_page_key) page;
    bool has_body;              /* false: `;`, all rows */
    VEC(struct ast_part) parts; /* n 0 with has_body: `{ }` */
    struct span body;           /* with its braces */
    bool lost;                  /* a part of it could not be parsed and is not here */
};

/* ---- the file -------------------------------------------------------------------- */

/* Room for: views, composite and range types, functions, roles, grants, raw SQL. */
enum ast_decl_kind {
    AST_DECL_SCHEMA,
    AST_DECL_TABLE,
    AST_DECL_ENUM,
    AST_DECL_DOMAIN,
    AST_DECL_SEQUENCE,
    AST_DECL_EXTENSION,
    AST_DECL_QUERY,
    AST_DECL_DROPPED
};
/* table users dropped; */
struct ast_dropped {
    enum ast_decl_kind kind; /* SCHEMA, TABLE, ENUM, DOMAIN or SEQUENCE */
    struct ast_qname name;
};
struct ast_schema;
struct ast_decl {
    enum ast_decl_kind kind;
    struct span span;
    struct str doc;
    union {
        struct ast_schema *schema;
        struct ast_table *table;
        struct ast_enum *enum_;
        struct ast_domain *domain;
        struct ast_sequence *sequence;
        struct ast_extension *extension;
        struct ast_query *query;
        struct ast_dropped *dropped;
    };
};
typedef VEC(struct ast_decl) ast_decls;

/* schema NAME [as c_name] [was OLD, ..] { .. }; never nested in another. */
struct ast_schema {
    struct ast_name name;
    struct ast_c_name c_name;
    ast_names was;
    ast_decls decls;
    bool lost; /* its end could not be told from what follows */
};
struct ast_include {
    struct ast_name path; /* text: the path as written, unquoted */
    struct span span;
};
/* A comment that is no doc comment of the tree; for format alone. */
struct ast_comment {
    struct span span;
    size_t token; /* index of the token that follows it */
    bool newline; /* first on its line */
    bool doc;     /* a line of a /// comment */
};
struct ast_file {
    struct source *source;
    const struct token *tokens; /* ntokens, the last is TOKEN_END */
    size_t ntokens;
    VEC(struct ast_comment) comments;
    VEC(struct ast_include) includes;
    ast_decls decls; /* source order */
    bool lost;   /* a declaration could not be parsed and is not here, at any level */
    bool unread; /* a file that it includes could not be read */
    bool ok;     /* nothing was reported while lexing and parsing this file */
};

#endif
