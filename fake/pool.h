/* pool.h: the rows that a foreign key may point at, as literals. For fake/ only. */
#ifndef FAKE_POOL_H
#define FAKE_POOL_H
#include "../base/arena.h"
#include "../base/vec.h"
#include "../lang/model.h"
#include "../runtime/sc.h"

struct pool {
    const struct model_constraint *key;
    size_t width;           /* columns of the key */
    VEC(struct str) values; /* row after row, as literals; n 0: no row */
};

/* Reads up to 10,000 rows of the key's table, in the order of its columns. */
enum sc_status pool_read(struct arena *arena, struct sc_db *db,
                         const struct model_constraint *key, struct pool *pool,
                         struct sc_error *err);
static inline size_t pool_rows(const struct pool *pool)
{
    return pool->width ? pool->values.n / pool->width : 0;
}

#endif
