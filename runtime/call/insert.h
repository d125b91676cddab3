/* insert.h: what inserting one row, many rows and loading share. */
#ifndef SC_INSERT_H
#define SC_INSERT_H
#include "job.h"

/* `count` structs T_new of `size` bytes each. */
struct sc__bulk {
    const struct sc__insert *insert;
    const void *values;
    size_t size;
    size_t count;
    const struct sc__upsert *upsert; /* NULL: an insert; else insert is a part of it */
};

/* Adds the columns that one struct gives to mask; SC_NOT_NULL: a required one is left
 * out, SC_MISUSE: an `is` that is none. Only reads job's label. */
enum sc_status sc__insert_given(const struct sc__job *job, const struct sc__row *row,
                                const void *values, uint64_t *mask,
                                struct sc_error *err);
/* Whether leaving the column out is the same as NULL. */
bool sc__insert_null_is_same(const struct sc__column *column);

/* The value of a column in a struct T_new. */
struct sc__source sc__insert_source(const struct sc__column *column,
                                    const void *values);
/* Encodes the columns of ask's key for one row. */
enum sc_status sc__insert_encode(struct sc__job *job, struct sc__ask *ask,
                                 const struct sc__row *row, const void *values,
                                 struct sc_error *err);

/* What each row gives: the mask of row i is at first + i * step. A NULLable column without
 * default that any row gives is in the mask of all; but not for an upsert, which would
 * overwrite what was left alone. */
struct sc__masks {
    const uint64_t *first;
    size_t step; /* 0: all rows give the same */
};
enum sc_status sc__insert_masks(struct sc__job *job, const struct sc__bulk *bulk,
                                struct sc__masks *masks, struct sc_error *err);

/* Inserts or upserts by unnest: statements for runs of rows that give the same columns. */
struct sc__outputs {
    void *out;
    size_t *n;
    bool returning;
};
enum sc_status sc__insert_bulk(struct sc_db *db, const struct sc__bulk *bulk,
                               const struct sc__outputs *outputs, struct sc_error *err);
/* Ends a call whose rows cannot be sent at all. On a queue it takes up an item, which fails
 * the run; gives status. */
enum sc_status sc__insert_refuse(struct sc_db *db, const char *label,
                                 enum sc_status status, struct sc_error *err);

#endif
