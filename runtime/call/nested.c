/* nested.c: parents and their related rows in one block. It must not know why rows are
 * related: it matches the bytes of keys. */
#include "runtime/sc_internal.h"
#include <string.h>

/* One result on its way into the block. */
struct part {
    struct sc__result in;
    size_t count;
    size_t tail_size;
    char *rows;
    char *tail;
};

static size_t align16(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

static size_t rows_size(const struct part *part)
{
    return align16(part->count * part->in.stride);
}

static enum sc_status measure(struct sc__job *job, struct part *parts, size_t *total,
                              struct sc_error *err)
{
    *total = 0;
    for (size_t i = 0; i < job->nasks; i++) {
        const struct sc__ask *ask = &job->asks[i];
        struct part *part = &parts[i];
        *part = (struct part){ .in = { .result = ask->result, .row = ask->row } };
        part->in.stride = i ? ask->row->size : job->nested->size;
        part->count = (size_t)PQntuples(ask->result);
        const struct sc__fault *fault = sc__decode_size(&part->in, &part->tail_size);
        if (fault)
            return sc__rows_fail(job->label, &part->in, fault, err);
        *total += rows_size(part) + align16(part->tail_size);
    }
    return SC_OK;
}

static enum sc_status fill(struct sc__job *job, struct part *parts, char *block,
                           struct sc_error *err)
{
    for (size_t i = 0; i < job->nasks; i++) {
        struct part *part = &parts[i];
        part->rows = block;
        part->tail = block + rows_size(part);
        block = part->tail + align16(part->tail_size);
        const struct sc__fault *fault = sc__decode_rows(&part->in, part->rows,
                                                        part->tail);
        if (fault)
            return sc__rows_fail(job->label, &part->in, fault, err);
    }
    return SC_OK;
}

/* ---- matching -------------------------------------------------------------------------- */

/* A row's key: some columns of a result. */
struct key {
    const PGresult *result;
    const uint16_t *columns;
    uint16_t count;
    int row;
};

static bool is_null(const struct key *key)
{
    for (uint16_t i = 0; i < key->count; i++)
        if (PQgetisnull(key->result, key->row, key->columns[i]))
            return true;
    return false;
}

/* One column's bytes, in two parts: between them stands what equal values may differ in. */
struct part_bytes {
    const char *bytes;
    size_t head;
    size_t skip;
    size_t length;
};

/* 1.0 is 1.00: a numeric's fourth word is the number of decimals that it shows. A char(n)
 * is filled up with blanks, and is equal to one of another n without them. */
static struct part_bytes bytes_of(const struct key *key, uint16_t i)
{
    enum { BPCHAR = 1042, NUMERIC = 1700, BEFORE = 6, DECIMALS = 2 };
    int column = key->columns[i];
    const char *value = PQgetvalue(key->result, key->row, column);
    size_t length = (size_t)PQgetlength(key->result, key->row, column);
    bool numeric = PQftype(key->result, column) == NUMERIC &&
                   length >= BEFORE + DECIMALS;
    while (PQftype(key->result, column) == BPCHAR && length && value[length - 1] == ' ')
        length--;
    return (struct part_bytes){ value, numeric ? BEFORE : length,
                                numeric ? DECIMALS : 0, length };
}

static uint32_t hash_bytes(uint32_t hash, const char *bytes, size_t length)
{
    for (size_t b = 0; b < length; b++)
        hash = (hash ^ (unsigned char)bytes[b]) * 0x01000193u;
    return hash;
}

static uint32_t hash_of(const struct key *key)
{
    uint32_t hash = 0x811c9dc5u;
    for (uint16_t i = 0; i < key->count; i++) {
        struct part_bytes of = bytes_of(key, i);
        size_t rest = of.head + of.skip;
        hash = hash_bytes(hash, of.bytes, of.head);
        hash = hash_bytes(hash, of.bytes + rest, of.length - rest);
        hash = (hash ^ (uint32_t)of.length) * 0x01000193u;
    }
    return hash;
}

static bool equal(const struct key *a, const struct key *b)
{
    for (uint16_t i = 0; i < a->count; i++) {
        struct part_bytes x = bytes_of(a, i), y = bytes_of(b, i);
        size_t rest = x.head + x.skip;
        if (x.length != y.length || memcmp(x.bytes, y.bytes, x.head) != 0 ||
            memcmp(x.bytes + rest, y.bytes + rest, x.length - rest) != 0)
            return false;
    }
    return true;
}

/* { items, count } in the parent. */
struct list {
    const void *items;
    size_t count;
};

/* Children of one key: they stand together, for the statement orders by the key. */
struct run {
    size_t from;
    size_t count;
};
struct index {
    struct run *slots; /* count 0: free */
    size_t size;       /* a power of two, more than twice the runs */
    struct key child;  /* its row changes */
};

static struct run *find(const struct index *index, const struct key *key)
{
    struct key child = index->child;
    size_t at = hash_of(key) & (index->size - 1);
    for (;; at = (at + 1) & (index->size - 1)) {
        struct run *slot = &index->slots[at];
        child.row = (int)slot->from;
        if (!slot->count || equal(key, &child))
            return slot;
    }
}

static enum sc_status out_of_order(const struct sc__job *job, struct sc_error *err)
{
    return sc__fail(err, job->label, SC_SERVER,
                    "related rows did not come in the order of their key");
}

static enum sc_status index_children(struct sc__job *job, struct index *index,
                                     size_t count, struct sc_error *err)
{
    index->size = 4;
    while (index->size < 2 * count + 2)
        index->size *= 2;
    size_t bytes = index->size * sizeof(*index->slots);
    index->slots = sc__scratch_alloc(job->scratch, bytes);
    if (!index->slots)
        return sc__fail_memory(err, job->label);
    memset(index->slots, 0, bytes);
    struct key at = index->child, next = index->child;
    for (size_t i = 0; i < count; i = (size_t)next.row) {
        at.row = (int)i;
        next.row = at.row + 1;
        while ((size_t)next.row < count && equal(&at, &next))
            next.row++;
        struct run *slot = find(index, &at);
        if (slot->count)
            return out_of_order(job, err);
        if (!is_null(&at))
            *slot = (struct run){ i, (size_t)next.row - i };
    }
    return SC_OK;
}

/* The children of a parent that is the only one: mostly all that came. */
static enum sc_status link_alone(struct sc__job *job, const struct part *parts,
                                 size_t which, struct sc_error *err)
{
    const struct sc__relation *relation = &job->nested->relations[which];
    const struct part *child = &parts[1 + which];
    const struct key parent = { parts[0].in.result, relation->parent_key,
                                relation->nkey, 0 };
    struct key key = { child->in.result, relation->child_key, relation->nkey, 0 };
    struct run run = { 0, 0 };
    for (size_t i = 0; !is_null(&parent) && i < child->count; i++) {
        key.row = (int)i;
        if (!equal(&parent, &key))
            continue;
        if (run.count && run.from + run.count != i)
            return out_of_order(job, err);
        run.from = run.count++ ? run.from : i;
    }
    struct list list = { run.count ? child->rows + run.from * child->in.stride : NULL,
                         run.count };
    memcpy(parts[0].rows + relation->at, &list, sizeof(list));
    return SC_OK;
}

static enum sc_status link(struct sc__job *job, const struct part *parts, size_t which,
                           struct sc_error *err)
{
    const struct sc__relation *relation = &job->nested->relations[which];
    const struct part *parent = &parts[0], *child = &parts[1 + which];
    if (parent->count == 1)
        return link_alone(job, parts, which, err);
    struct index index = { .child = { child->in.result, relation->child_key,
                                      relation->nkey, 0 } };
    enum sc_status status = index_children(job, &index, child->count, err);
    if (status != SC_OK)
        return status;
    for (size_t i = 0; i < parent->count; i++) {
        struct key key = { parent->in.result, relation->parent_key, relation->nkey,
                           (int)i };
        const struct run *run = is_null(&key) ? NULL : find(&index, &key);
        struct list list = { NULL, 0 };
        if (run && run->count)
            list = (struct list){ child->rows + run->from * child->in.stride,
                                  run->count };
        memcpy(parent->rows + i * parent->in.stride + relation->at, &list,
               sizeof(list));
    }
    return SC_OK;
}

enum sc_status sc__nested_deliver(struct sc__job *job, void **block, size_t *count,
                                  struct sc_error *err)
{
    size_t total;
    *block = NULL;
    *count = 0;
    struct part *parts = sc__scratch_alloc(job->scratch, job->nasks * sizeof(*parts));
    if (!parts)
        return sc__fail_memory(err, job->label);
    enum sc_status status = measure(job, parts, &total, err);
    if (status != SC_OK || !parts[0].count)
        return status;
    char *made = sc__block_new(total, job->nasks);
    if (!made)
        return sc__fail_memory(err, job->label);
    status = fill(job, parts, made, err);
    for (size_t i = 0; status == SC_OK && i + 1 < job->nasks; i++)
        status = link(job, parts, i, err);
    if (status != SC_OK) {
        sc__block_discard(made);
        return status;
    }
    for (size_t i = 0; i < job->nasks; i++) {
        sc__block_own(made, job->asks[i].result);
        job->asks[i].result = NULL;
    }
    *block = made;
    *count = parts[0].count;
    return SC_OK;
}
