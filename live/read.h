/* read.h: the catalogs' rows to a shape, a subject a file. Private to live/. */
#ifndef LIVE_READ_H
#define LIVE_READ_H
#include "clean.h"
#include "rows.h"
#include "shape.h"

struct reader {
    struct arena *arena;
    struct sc_db *tx;
    const char *params[2]; /* as queries.h has them */
    struct shape *shape;
    struct rows objects[2]; /* query_objects, query_others */
    struct rows needs;      /* query_needs */
    struct rows traits[2];  /* query_rights, query_traits */
};

/* Each gives NULL or a message in the arena. In this order: each needs those before. */
const char *read_settings(struct reader *r);
const char *read_schemas(struct reader *r); /* and extensions */
const char *read_types(struct reader *r);   /* enums and domains */
const char *read_tables(struct reader *r);  /* and columns */
const char *read_sequences(struct reader *r);
const char *read_constraints(struct reader *r);
const char *read_indexes(struct reader *r);
const char *read_rest(struct reader *r); /* what the list is made of */

/* Which catalog an object is of. Source: src/include/catalog/pg_*.h, version 15. */
enum catalog {
    CATALOG_TYPE = 1247,
    CATALOG_CLASS = 1259,
    CATALOG_CONSTRAINT = 2606,
    CATALOG_NAMESPACE = 2615,
    CATALOG_EXTENSION = 3079
};

/* Fills what every object has from the columns "oid, .., name, comment", which stand at the
 * places given; owner may be NULL. */
struct item_columns {
    size_t oid, name, doc;
};
void read_item(struct reader *r, struct item *item, enum item_kind kind,
               struct item *owner);
void read_named(struct reader *r, const struct rows *rows, size_t row,
                struct item_columns at, struct item *item);
/* The row has a reason why it cannot be in the file: puts the item into the list. */
void read_why_not(struct reader *r, const struct rows *rows, size_t row, size_t column,
                  struct item *item);
/* TYPE_COLUMNS of scope.h, from the column on. */
struct shape_type read_type(struct reader *r, const struct rows *rows, size_t row,
                            size_t first);
/* "1,4,2": the table's columns of those numbers; 0 is left out. */
shape_columns read_columns(struct reader *r, const struct shape_table *table,
                           struct str numbers);
/* The columns of a table, or the value of a domain of the type, for clean.h. */
struct clean_scope read_scope(struct shape_table *table);
struct clean_scope read_value_scope(struct shape_type *type);
struct shape_table *read_find_table(const struct reader *r, struct str oid);
/* Notes that an object of that catalog is the item, or a part of it. */
void read_known(struct reader *r, enum catalog catalog, uint32_t oid,
                struct item *item);

#endif
