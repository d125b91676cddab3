/* nested.c: parents and their related rows in one block. It must not know why rows are
 * related: it matches the bytes of keys. */
#include "runtime/sc_internal.h"
#include <stdlib.h>
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
    bool plain; /* equal values have the same bytes */
    int row;
};

enum { BPCHAR = 1042, NUMERIC = 1700 };

static struct key key_of(const struct part *part, const uint16_t *columns,
                         const struct sc__relation *relation)
{
    struct key key = { part->in.result, columns, relation->nkey, true, 0 };
    for (uint16_t i = 0; i < key.count; i++) {
        Oid type = PQftype(key.result, columns[i]);
        key.plain &= type != BPCHAR && type != NUMERIC;
    }
    return key;
}

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
    enum { BEFORE = 6, DECIMALS = 2 };
    int column = key->columns[i];
    const char *value = PQgetvalue(key->result, key->row, column);
    size_t length = (size_t)PQgetlength(key->result, key->row, column);
    Oid type = key->plain ? 0 : PQftype(key->result, column);
    bool numeric = type == NUMERIC && length >= BEFORE + DECIMALS;
    while (type == BPCHAR && length && value[length - 1] == ' ')
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

/* ---- the only parent ---------------------------------------------------------------------- */

/* { items, count } in the parent. */
struct list {
    const void *items;
    size_t count;
};

static void set_list(const struct part *parent, size_t i,
                     const struct sc__relation *relation, const struct list *list)
{
    memcpy(parent->rows + i * parent->in.stride + relation->at, list, sizeof(*list));
}

/* Where a key stands in the structs. */
struct member {
    enum sc__kind kind; /* 0: it is not to be compared there */
    const char *of;     /* the parent's */
    size_t at;          /* in a child's struct */
};

/* A key of one text, integer or uuid is compared in the structs: that needs no libpq. */
static struct member member_of(const struct part *parent, const struct part *child,
                               const struct sc__relation *relation)
{
    const struct sc__column *one = &parent->in.row->columns[relation->parent_key[0]];
    const struct sc__column *other = &child->in.row->columns[relation->child_key[0]];
    const unsigned kind = one->type.kind;
    const unsigned fit = 1u << SC__TEXT | 1u << SC__INT8 | 1u << SC__INT4 |
                         1u << SC__UUID;
    if (relation->nkey != 1 || kind != other->type.kind || !(fit >> kind & 1) ||
        (one->type.flags | other->type.flags) & SC__ARRAY ||
        (kind != SC__TEXT && (one->type.flags | other->type.flags) & SC__NULLABLE))
        return (struct member){ 0 };
    return (struct member){ (enum sc__kind)kind, parent->rows + one->row_at,
                            other->row_at };
}

static inline bool is_same_text(const char *a, const char *b)
{
    const char *x, *y;
    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return x && y && strcmp(x, y) == 0;
}

static inline bool is_child(const struct member *member, const char *row)
{
    row += member->at;
    if (member->kind == SC__TEXT)
        return is_same_text(member->of, row);
    if (member->kind == SC__INT8)
        return memcmp(member->of, row, sizeof(int64_t)) == 0;
    if (member->kind == SC__INT4)
        return memcmp(member->of, row, sizeof(int32_t)) == 0;
    return memcmp(member->of, row, sizeof(struct sc_uuid)) == 0;
}

/* Mostly all that came are its children. Others are written over. */
static void link_alone(const struct part *parent, const struct part *child,
                       const struct sc__relation *relation)
{
    const struct key key = key_of(parent, relation->parent_key, relation);
    struct key other = key_of(child, relation->child_key, relation);
    struct member member = { 0 };
    if (key.plain && other.plain)
        member = member_of(parent, child, relation);
    const size_t stride = child->in.stride;
    const size_t count = is_null(&key) ? 0 : child->count;
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const char *row = child->rows + i * stride;
        other.row = (int)i;
        if (member.kind ? !is_child(&member, row) : !equal(&key, &other))
            continue;
        if (found != i)
            memcpy(child->rows + found * stride, row, stride);
        found++;
    }
    set_list(parent, 0, relation, &(struct list){ found ? child->rows : NULL, found });
}

/* ---- many parents --------------------------------------------------------------------------- */

/* Children of one key. */
struct run {
    size_t from;
    size_t count;
    size_t placed; /* of those that are moved together */
};
struct index {
    struct run *slots; /* count 0: free */
    size_t size;       /* a power of two, more than twice the runs */
    struct key child;  /* its row changes */
    bool scattered;    /* children of one key do not stand together */
};

/* from: a row of the slot's key, for the look-up: it must not have moved yet. */
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

/* How many rows from row i on have its key. */
static size_t alike(const struct index *index, size_t i, size_t count)
{
    struct key at = index->child, next = index->child;
    at.row = (int)i;
    size_t to = i + 1;
    for (; to < count; to++) {
        next.row = (int)to;
        if (!equal(&at, &next))
            break;
    }
    return to - i;
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
    struct key at = index->child;
    for (size_t i = 0, n; i < count; i += n) {
        at.row = (int)i;
        n = alike(index, i, count);
        if (is_null(&at))
            continue;
        struct run *slot = find(index, &at);
        index->scattered |= slot->count > 0;
        if (!slot->count)
            slot->from = i;
        slot->count += n;
    }
    return SC_OK;
}

/* Where the children of each key begin, in the order of their first ones; and moves all of
 * them there. Keys are read in the result, where no row moves. */
static void move_together(const struct index *index, const struct part *child,
                          char *copies)
{
    const size_t stride = child->in.stride;
    struct key at = index->child;
    size_t next = 0;
    memcpy(copies, child->rows, child->count * stride);
    for (size_t i = 0, n; i < child->count; i += n) {
        at.row = (int)i;
        n = alike(index, i, child->count);
        if (is_null(&at))
            continue;
        struct run *slot = find(index, &at);
        if (slot->from == i) {
            slot->placed = next;
            next += slot->count;
        }
        memcpy(child->rows + slot->placed * stride, copies + i * stride, n * stride);
        slot->placed += n;
    }
}

static enum sc_status gather(struct sc__job *job, const struct index *index,
                             const struct part *child, struct sc_error *err)
{
    char *copies = malloc(child->count * child->in.stride);
    if (!copies)
        return sc__fail_memory(err, job->label);
    move_together(index, child, copies);
    free(copies);
    return SC_OK;
}

/* The children's place: behind `placed` where they were moved. */
static struct list list_of(const struct index *index, const struct part *child,
                           const struct run *run)
{
    if (!run || !run->count)
        return (struct list){ NULL, 0 };
    size_t from = index->scattered ? run->placed - run->count : run->from;
    return (struct list){ child->rows + from * child->in.stride, run->count };
}

static enum sc_status link_all(struct sc__job *job, const struct part *parent,
                               const struct part *child,
                               const struct sc__relation *relation,
                               struct sc_error *err)
{
    struct index index = { .child = key_of(child, relation->child_key, relation) };
    enum sc_status status = index_children(job, &index, child->count, err);
    if (status == SC_OK && index.scattered)
        status = gather(job, &index, child, err);
    if (status != SC_OK)
        return status;
    struct key key = key_of(parent, relation->parent_key, relation);
    for (size_t i = 0; i < parent->count; i++) {
        key.row = (int)i;
        const struct run *run = is_null(&key) ? NULL : find(&index, &key);
        struct list list = list_of(&index, child, run);
        set_list(parent, i, relation, &list);
    }
    return SC_OK;
}

static enum sc_status link(struct sc__job *job, const struct part *parts, size_t which,
                           struct sc_error *err)
{
    const struct sc__relation *relation = &job->nested->relations[which];
    const struct part *parent = &parts[0], *child = &parts[1 + which];
    if (parent->count != 1)
        return link_all(job, parent, child, relation, err);
    link_alone(parent, child, relation);
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
