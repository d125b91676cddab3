/* upsert_many.c: many rows, inserted or set, by arrays that the server unnests. It must not
 * send two rows with the same key: which of them counts would depend on how they are
 * parted into statements. */
#include "insert.h"
#include "runtime/sc_internal.h"
#include <string.h>

/* What is looked for: rows whose key's columns are the same bytes. Whatever else the server
 * takes for equal (citext, a collation) it refuses itself, within a statement. */
struct keys {
    const struct sc__upsert *upsert;
    const struct sc__bulk *bulk;
    struct sc__scratch *scratch;
};

struct slot {
    uint32_t hash;
    uint32_t row; /* counted from 1; 0: free */
};

/* A key column of a row as it travels; false: it is not given, is NULL or faulty, and meets
 * no other. */
static bool part_of(const struct keys *keys, size_t row, uint16_t k,
                    struct sc__wire *wire)
{
    const struct sc__bulk *bulk = keys->bulk;
    const struct sc__column *column = &bulk->insert->row->columns[keys->upsert->key[k]];
    const char *values = (const char *)bulk->values + row * bulk->size;
    struct sc__source from = sc__insert_source(column, values);
    if (sc__given(from.type, from.maybe, from.value) != SC_IS_VALUE ||
        sc__encode(&from, keys->scratch, wire) || !wire->value)
        return false;
    if (wire->format == 0)
        wire->length = (int)strlen(wire->value);
    return true;
}

static bool hash_of(const struct keys *keys, size_t row, uint32_t *hash)
{
    *hash = 0x811c9dc5u;
    for (uint16_t k = 0; k < keys->upsert->nunique; k++) {
        struct sc__wire wire;
        if (!part_of(keys, row, k, &wire))
            return false;
        for (int i = 0; i < wire.length; i++)
            *hash = (*hash ^ (unsigned char)wire.value[i]) * 0x01000193u;
        *hash = (*hash ^ (uint32_t)wire.length) * 0x01000193u;
    }
    return true;
}

static bool is_same(const struct keys *keys, size_t a, size_t b)
{
    for (uint16_t k = 0; k < keys->upsert->nunique; k++) {
        struct sc__wire x, y;
        if (!part_of(keys, a, k, &x) || !part_of(keys, b, k, &y) ||
            x.length != y.length ||
            (x.length && memcmp(x.value, y.value, (size_t)x.length) != 0))
            return false;
    }
    return true;
}

static enum sc_status fail_double(const struct keys *keys, size_t row, size_t first,
                                  struct sc_error *err)
{
    sc__fail(err, keys->upsert->insert.label, SC_UNIQUE,
             "row %zu has the same key as row %zu", row, first);
    if (err)
        err->item = (int)row;
    return SC_UNIQUE;
}

/* Puts a row's key among those before it. */
static enum sc_status add_key(const struct keys *keys, struct slot *slots, size_t size,
                              size_t row, struct sc_error *err)
{
    uint32_t hash;
    if (!hash_of(keys, row, &hash))
        return SC_OK;
    size_t at = hash & (size - 1);
    for (; slots[at].row; at = (at + 1) & (size - 1)) {
        size_t before = slots[at].row - 1;
        if (slots[at].hash == hash && is_same(keys, row, before))
            return fail_double(keys, row, before, err);
    }
    slots[at] = (struct slot){ hash, (uint32_t)row + 1 };
    return SC_OK;
}

static enum sc_status check_keys(const struct keys *keys, struct sc_error *err)
{
    size_t size = 8, count = keys->bulk->count;
    const char *label = keys->upsert->insert.label;
    if (count > INT32_MAX / 2)
        return sc__fail(err, label, SC_MISUSE, "too many rows for one call");
    while (size < 2 * count)
        size *= 2;
    struct slot *slots = sc__scratch_alloc(keys->scratch, size * sizeof(*slots));
    if (!slots)
        return sc__fail_memory(err, label);
    memset(slots, 0, size * sizeof(*slots));
    enum sc_status status = SC_OK;
    for (size_t i = 0; i < count && status == SC_OK; i++)
        status = add_key(keys, slots, size, i, err);
    return status;
}

enum sc_status sc__upsert_many(struct sc_db *db, const struct sc__upsert *upsert,
                               const void *values, size_t size, size_t count, void *out,
                               size_t *n, struct sc_error *err)
{
    const struct sc__bulk bulk = { &upsert->insert, values, size, count, upsert };
    struct sc__outputs outputs = { out, n, out || (db && sc__db_keeps(db)) };
    if (out)
        *(void **)out = NULL;
    if (n)
        *n = 0;
    struct sc__scratch scratch;
    sc__scratch_init(&scratch, NULL, 0);
    struct keys keys = { upsert, &bulk, &scratch };
    enum sc_status status = SC_OK;
    if (upsert->nunique && count > 1)
        status = check_keys(&keys, err);
    sc__scratch_release(&scratch);
    return status == SC_OK ? sc__insert_bulk(db, &bulk, &outputs, err)
                           : sc__insert_refuse(db, upsert->insert.label, status, err);
}
