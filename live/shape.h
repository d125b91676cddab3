/* shape.h: a database as its catalogs tell it, in the order of the schema file to be: what
 * read_*.c fills and put_*.c writes. Private to live/. */
#ifndef LIVE_SHAPE_H
#define LIVE_SHAPE_H
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

enum item_kind {
    ITEM_EXTENSION,
    ITEM_SCHEMA,
    ITEM_ENUM,
    ITEM_LABEL,
    ITEM_DOMAIN,
    ITEM_SEQUENCE,
    ITEM_TABLE,
    ITEM_COLUMN,
    ITEM_CONSTRAINT,
    ITEM_INDEX
};

/* What every object of the file has; the first member of each struct below. */
struct item {
    enum item_kind kind;
    uint32_t oid; /* of its catalog row; 0: it has none */
    struct str name;
    struct str doc;     /* its comment; n 0: none */
    struct item *owner; /* a label's enum, a column's table, a table's schema, ... */
    struct str c_name;  /* `as` of it; n 0: none */
    unsigned tries;     /* C names that were not free */
    bool named;         /* its name is written out */
    bool out;           /* it is not in the file but in the list */
    bool documented;    /* its comment is in the list */
};

/* A type as the file writes it. */
struct shape_type {
    struct str text;      /* "numeric(10,2)", "mood"; without schema, brackets, "?" */
    struct str schema;    /* n 0: a built-in type or an extension's */
    struct str extension; /* whose it is; n 0: none's */
    struct str name;      /* of the element, bare: "numeric", "mood" */
    struct str cast;      /* how expressions cast to it: "text", "app.mood[]" */
    bool array;
    struct str why_not; /* why the language has no such type; n 0: it has */
};

struct shape_extension {
    struct item item;
    struct str schema;
    VEC(struct str) types; /* those that columns use */
};

struct shape_label {
    struct item item;
    struct str ident; /* the C side of it */
};
struct shape_enum {
    struct item item;
    VEC(struct shape_label *) labels;
};

struct shape_check {
    struct item item;
    struct str expression;
};
struct shape_domain {
    struct item item;
    struct shape_type type;
    bool not_null;
    struct str default_, collate;
    VEC(struct shape_check *) checks;
};

/* The columns of pg_sequence, as text. */
struct shape_counter {
    struct str type, start, increment, least, most, cache;
    bool cycle;
};
struct shape_sequence {
    struct item item;
    struct shape_counter counter;
    struct shape_column *owned_by; /* NULL: nobody's */
    struct shape_column *part_of;  /* identity's or serial's; NULL: its own */
};

struct shape_column {
    struct item item;
    unsigned number; /* attnum */
    struct shape_type type;
    bool not_null;
    struct str default_, collate, storage, compression;
    char identity;  /* 'a', 'd' or 0 */
    bool generated; /* default_ is its expression */
    bool serial;
    struct shape_sequence *sequence; /* identity's or serial's */
    VEC(struct shape_constraint *) inlines;
};

typedef VEC(struct shape_column *) shape_columns;

struct shape_constraint {
    struct item item;
    char type; /* contype: p u f c x */
    shape_columns columns;
    shape_columns include;
    struct shape_table *target; /* of a foreign key; NULL: not in the file */
    struct str target_name;     /* "auth.users" as SQL has it */
    shape_columns target_columns;
    char on_update, on_delete; /* confupdtype ... */
    bool match_full;
    bool set_columns_given;
    shape_columns set_columns;
    bool deferrable, deferred, nulls_not_distinct, no_inherit;
    struct str expression; /* of a check; the elements of an exclusion */
    struct str where;      /* of an exclusion */
    struct str method, with, tablespace;
    bool inline_;
};

struct shape_index {
    struct item item;
    bool unique, nulls_not_distinct;
    struct str method, elements, where, with, tablespace;
    shape_columns include;
    struct str order; /* what it is sorted by: its columns' numbers */
};

struct shape_table {
    struct item item;
    bool unlogged;
    struct str with, tablespace;
    VEC(struct shape_column *) columns;
    VEC(struct shape_constraint *) constraints; /* as the file has them */
    VEC(struct shape_index *) indexes;
    struct shape_constraint *primary_key;
};

struct shape_schema {
    struct item item;
    VEC(struct shape_enum *) enums;
    VEC(struct shape_domain *) domains;
    VEC(struct shape_sequence *) sequences;
    VEC(struct shape_table *) tables;
};

/* Something that the file cannot say. */
struct shape_lost {
    struct str kind, name, why;
};

struct shape {
    struct arena *arena;
    VEC(struct shape_extension *) extensions;
    VEC(struct shape_schema *) schemas;
    VEC(struct shape_lost) lost;
    struct map schemas_by_oid;   /* each by its oid's text */
    struct map relations_by_oid; /* tables and sequences: struct item */
    struct map extensions_by_name;
    struct map known; /* by "class/oid": the struct item that it is, or is part of */
};

/* What the list and messages call it: "column auth.users.name" is kind and name. */
const char *item_kind_word(const struct item *item);
struct str item_full_name(struct arena *arena, const struct item *item);
/* Whether it and everything it stands in is in the file. */
bool item_in_file(const struct item *item);

/* Puts it into the list, once; parts of it are then not in the file either. */
void shape_lose(struct shape *shape, struct item *item, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void shape_list(struct shape *shape, struct str kind, struct str name, struct str why);

#endif
