/* stmt.h: every statement that a program can send: derived from tables and declared as
 * queries, with variants, parameter and result types. Emit prints them as C descriptors,
 * migrate asks which of them a change breaks, check and the tests prove each of them
 * against a server. Knows nothing of C; reads the model only.
 */
#ifndef SQL_STMT_H
#define SQL_STMT_H
#include "../base/arena.h"
#include "../lang/model.h"

enum stmt_kind {
    STMT_GET,         /* by primary key */
    STMT_BY_KEY,      /* by another unique key */
    STMT_GET_MANY,    /* by arrays of primary key columns */
    STMT_MANY_BY_KEY, /* by arrays of a unique key's columns */
    STMT_EXISTS,      /* by primary key */
    STMT_EXISTS_BY_KEY,
    STMT_COUNT,    /* of the table */
    STMT_COUNT_BY, /* equality on a prefix */
    STMT_LIST,     /* equality on a prefix of an index, or on a foreign key */
    STMT_PAGE,     /* keyset page: by primary key, or in an index's order */
    STMT_INSERT,
    STMT_INSERT_MANY,
    STMT_UPSERT, /* one a unique key */
    STMT_UPSERT_MANY,
    STMT_UPDATE,
    STMT_DELETE,       /* soft where the table has soft delete */
    STMT_RESTORE,      /* soft delete only */
    STMT_PURGE,        /* soft delete only: the row itself */
    STMT_LOAD,         /* COPY BINARY in */
    STMT_SCAN,         /* COPY BINARY out: the text is the query that is copied */
    STMT_RELATED,      /* get by primary key with the rows of one foreign key */
    STMT_RELATED_MANY, /* the same by arrays of primary key columns */
    STMT_QUERY         /* declared */
};

/* What a statement is about to do with rows: the question that readers of all kinds ask. */
enum stmt_deed {
    STMT_FINDS,   /* reads those that it looks for */
    STMT_READS,   /* reads all */
    STMT_ADDS,    /* by INSERT or COPY */
    STMT_UPSERTS, /* adds, or changes what has the key */
    STMT_CHANGES, /* sets the given columns of those that it looks for */
    STMT_MARKS, /* the same as deleted, or as not; without soft delete it removes them */
    STMT_REMOVES,
    STMT_DECLARED /* its own text says */
};
enum stmt_deed stmt_deed(enum stmt_kind kind);

/* What comes back. */
enum stmt_want {
    STMT_WANT_ONE,
    STMT_WANT_MAYBE,
    STMT_WANT_MANY,
    STMT_WANT_EXEC,  /* rows touched */
    STMT_WANT_TOUCH, /* exactly one row touched */
    STMT_WANT_VALUE, /* one row, one column: count, exists, a bare scalar */
    STMT_WANT_LOAD,  /* COPY in */
    STMT_WANT_SCAN   /* COPY out */
};

/* What a row is in C terms' absence: where the columns come from. */
enum stmt_row {
    STMT_ROW_NONE,
    STMT_ROW_TABLE,  /* table's columns, all, in order */
    STMT_ROW_FIELDS, /* query->shape's fields */
    STMT_ROW_VALUE   /* one bare value, results[0] */
};

struct stmt_param {
    struct str name; /* plain: user_id, limit */
    struct model_type type;
    bool array;    /* an array of the type (many keys at once) */
    bool nullable; /* may be NULL */
    bool secret;
    struct model_column *column;  /* NULL: none behind it */
    struct model_param *declared; /* STMT_QUERY; NULL else */
    int gate_bit;                 /* bit of the variant, -1: not a gate */
};
struct stmt_choice {
    struct model_param *declared; /* number of choices: declared->choices.n */
    int index;                    /* 0 - 3 */
};
struct stmt_result {
    struct str name;
    struct model_type type;
    bool nullable;
    bool secret;
    struct model_column *column; /* NULL: none behind it */
};

/* A stretch of text that some variants have. */
struct stmt_piece {
    struct str sql; /* NUL-terminated */
    uint32_t need;  /* gate bits, all given; 0: always */
    int choice;     /* -1: none */
    int pick;
};

typedef VEC(struct stmt_param) stmt_params;
typedef VEC(struct stmt_result) stmt_results;
typedef VEC(struct stmt_piece) stmt_pieces;

struct stmt;
struct stmt_relation {
    const struct stmt *child; /* many rows of relation table, in any order */
    struct str name;          /* the child table's name (with _by_cols where needed) */
    struct model_constraint *foreign_key;
};

/* Page functions: the order, as columns or fields of the result. */
struct stmt_order {
    size_t result; /* index in results */
    bool desc;
};

struct stmt {
    enum stmt_kind kind;
    enum stmt_want want;
    enum stmt_row row;
    struct str name; /* after the table's prefix: "by_email"; a query's own name */
    struct model_table *table;            /* NULL: a query without a table */
    struct model_query *query;            /* STMT_QUERY */
    const struct model_key *key;          /* keyed kinds */
    struct model_constraint *foreign_key; /* STMT_LIST by one, STMT_RELATED */
    bool with_deleted;                    /* sees deleted rows too */
    bool writes;
    bool secret;        /* a secret column is concerned: no detail in errors */
    bool same_count;    /* array parameters of equal length */
    stmt_params params; /* $1 ... in order; page: keys, then the cursor, then limit */
    VEC(struct stmt_choice) choices;
    stmt_results results; /* one array a table, shared by its statements */
    stmt_pieces pieces;   /* the text; one piece when there are no variants */
    VEC(struct stmt_relation) relations;
    VEC(struct stmt_order) order; /* pages; params from cursor_at on are the cursor's */
    size_t cursor_at;             /* index of the first cursor parameter */
    int cursor_bit;               /* gate bit "a cursor is given"; -1: no page */
    /* STMT_INSERT*, UPSERT, UPDATE, LOAD: the text is made of the columns that are given,
     * as runtime/sc.h says at struct sc__insert, sc__upsert and sc__update. */
    struct str relation;   /* auth.users */
    struct str returning;  /* select list */
    struct str target;     /* upsert: (email) where deleted_at is null */
    struct str also;       /* "updated_at = now(), version = version + 1" */
    struct str where;      /* update: where id = $1 and ... */
    struct str head, tail; /* update with a version */
};

/* Whether rows of the statement may be read one by one as well: a list or a declared query
 * of many rows that writes nothing, has no relations and is no page. */
bool stmt_can_stream(const struct stmt *stmt);

/* A column as the given-columns statements write it. */
struct stmt_column {
    struct str sql;  /* quoted as needed */
    struct str cast; /* what follows $n: "::tsvector"; n 0: nothing */
    struct str
        many_cast;   /* what follows x.cN of unnest: cast, or an array's "::int4[]" */
    bool insertable; /* not generated, not identity always */
    /* ... and not version, on update, soft delete or a primary key that is numbered. */
    bool updatable;
    bool required;    /* NOT NULL without default, identity or serial */
    bool has_default; /* default, identity by default, serial, domain default */
};
struct stmt_column stmt_column(struct arena *arena, const struct model_column *column);

/* Tables in source order, then queries without a table; within a table kinds in enum
 * order, a with_deleted form after its plain one, queries last. */
struct stmts {
    VEC(struct stmt *) list;
};
/* All statements of a model; for one table (its queries included); queries of a schema
 * that belong to no table. */
struct stmts *stmts_of_model(struct arena *arena, const struct model *model);
struct stmts *stmts_of_table(struct arena *arena, const struct model_table *table);
struct stmts *stmts_of_schema(struct arena *arena, const struct model_schema *schema);

/* The text of one variant: bits as in runtime/sc.h's struct sc__piece. For the
 * given-columns kinds `columns` says which are given (by index in the table) and the text
 * is the one the runtime makes; elsewhere it is NULL. At least one column is given, but
 * for INSERT and UPSERT, where none means the defaults. */
struct stmt_variant {
    uint64_t bits;
    const bool *columns;
    bool returning;
};
struct str stmt_text(struct arena *arena, const struct stmt *stmt,
                     struct stmt_variant variant);

#endif
