/* put.h: a shape as the text of a schema file, with notes of which object stands where.
 * Private to live/. */
#ifndef LIVE_PUT_H
#define LIVE_PUT_H
#include "base/buf.h"
#include "shape.h"

/* Where an object stands in the text. */
struct mark {
    size_t start, end;
    struct item *item;
};
struct put {
    struct arena *arena;
    struct buf out;
    VEC(struct mark) marks; /* by their ends */
};

/* Appends all of it that is not in the list. The text is not formatted. */
void put_shape(struct put *put, const struct shape *shape);
void put_table(struct put *put, struct shape_table *table);

/* The innermost object at the offset; NULL: none. */
struct item *put_find(const struct put *put, size_t offset);

/* Begins an object with its doc comment; gives what put_end wants. */
size_t put_begin(struct put *put, const struct item *item);
void put_end(struct put *put, size_t start, struct item *item);
/* " as c_name", when it has one. */
void put_c_name(struct put *put, const struct item *item);
/* " name", when it is to be written. */
void put_given_name(struct put *put, const struct item *item);
/* "a, b" */
void put_columns(struct put *put, const shape_columns *columns);
/* A type in the schema. */
void put_type(struct put *put, const struct shape_type *type, struct str schema);
/* "start with 5 increment by 2", what differs from what the type has anyway. */
void put_counter(struct put *put, const struct shape_counter *counter);

/* put_keys.c: whether a constraint stands as an attribute of its column, and it as that. */
bool put_is_inline(const struct shape_constraint *constraint);
void put_inline(struct put *put, struct shape_constraint *constraint);
void put_constraint(struct put *put, struct shape_constraint *constraint);
void put_index(struct put *put, struct shape_index *index);

#endif
