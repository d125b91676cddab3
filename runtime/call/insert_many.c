/* insert_many.c: many rows by few statements: arrays that the server unnests. It must not
 * use COPY (load.c does), which has no RETURNING and cannot travel in a pipeline. */
#include "insert.h"
#include "runtime/sc_internal.h"
#include <string.h>

enum { GROUP_MAX = 4096 }; /* rows of one statement: bounds its arrays */

static const void *row_at(const struct sc__bulk *bulk, size_t i)
{
    return (const char *)bulk->values + i * bulk->size;
}

/* ---- which columns each row gives ------------------------------------------------------- */

static bool null_is_same(const struct sc__bulk *bulk, const struct sc__column *column)
{
    return !bulk->upsert && sc__insert_null_is_same(column);
}

static void share_null_columns(const struct sc__bulk *bulk, uint64_t *masks,
                               size_t words)
{
    const struct sc__row *row = bulk->insert->row;
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        bool any = false;
        if (!null_is_same(bulk, &row->columns[c]))
            continue;
        for (size_t i = 0; i < bulk->count && !any; i++)
            any = sc__mask_has(masks + i * words, c);
        for (size_t i = 0; i < bulk->count && any; i++)
            sc__mask_add(masks + i * words, c);
    }
}

/* ---- the same, when all rows give the same columns ----------------------------------------
 *
 * A loop a column, with a test and no call a row: mostly it is all that is needed. Whatever
 * is out of the ordinary is left to the loop over rows, which also says what is wrong. */

/* What a member is, in the form that it has: a pointer that is one or NULL, or an `is`. */
enum look { A_POINTER, NO_POINTER, SAME_IS };

static inline bool is_like(const char *member, enum look look, int first)
{
    const void *pointer;
    int is;
    if (look == SAME_IS) {
        memcpy(&is, member, sizeof(is));
        return is == first;
    }
    memcpy(&pointer, member, sizeof(pointer));
    return (pointer != NULL) == (look == A_POINTER);
}

static inline bool four_like(const char *member, size_t step, enum look look, int first)
{
    return is_like(member, look, first) && is_like(member + step, look, first) &&
           is_like(member + 2 * step, look, first) &&
           is_like(member + 3 * step, look, first);
}

/* Whether all rows are so. By sixteens: it goes over all rows for each column. */
static inline bool all_like(const struct sc__bulk *bulk, const char *member,
                            enum look look, int first)
{
    const size_t step = bulk->size;
    size_t left = bulk->count;
    for (; left >= 16; left -= 16, member += 16 * step)
        if (!four_like(member, step, look, first) ||
            !four_like(member + 4 * step, step, look, first) ||
            !four_like(member + 8 * step, step, look, first) ||
            !four_like(member + 12 * step, step, look, first))
            return false;
    for (; left > 0 && is_like(member, look, first); left--)
        member += step;
    return left == 0;
}

/* Whether all rows give the column, or none; or neither, or it is not to be told here. A row
 * that leaves out what may just as well be NULL, gives NULL. */
enum given { NONE, ALL, SOME };

static enum given pointers_given(const struct sc__bulk *bulk,
                                 const struct sc__column *column, const char *member)
{
    if (is_like(member, A_POINTER, 0))
        return null_is_same(bulk, column) || all_like(bulk, member, A_POINTER, 0)
                   ? ALL
                   : SOME;
    if (all_like(bulk, member, NO_POINTER, 0))
        return NONE;
    return null_is_same(bulk, column) ? ALL : SOME;
}

/* They may differ, so that each is looked at by itself. */
static enum given count_maybes(const struct sc__bulk *bulk,
                               const struct sc__column *column, const char *member)
{
    size_t missing = 0;
    for (size_t i = 0; i < bulk->count; i++, member += bulk->size) {
        int is;
        memcpy(&is, member, sizeof(is));
        if (is == SC_IS_VALUE)
            continue;
        if (is != SC_IS_UNSET && is != SC_IS_NULL)
            return SOME;
        missing += is == SC_IS_UNSET;
    }
    if (missing == bulk->count)
        return NONE;
    return !missing || null_is_same(bulk, column) ? ALL : SOME;
}

static enum given column_given(const struct sc__bulk *bulk,
                               const struct sc__column *column)
{
    const char *member = (const char *)bulk->values + column->new_at;
    if (column->type.flags & SC__PLAIN_NEW)
        return sc__has_null(&column->type) ? pointers_given(bulk, column, member)
                                           : SOME;
    if (all_like(bulk, member, SAME_IS, SC_IS_VALUE))
        return ALL;
    if (all_like(bulk, member, SAME_IS, SC_IS_UNSET))
        return NONE;
    return count_maybes(bulk, column, member);
}

/* Fills the one mask of all rows; false: they differ, or one is wrong. */
static bool find_same(const struct sc__bulk *bulk, uint64_t *mask)
{
    const struct sc__row *row = bulk->insert->row;
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        const struct sc__column *column = &row->columns[c];
        if (column->type.flags & SC__NO_NEW)
            continue;
        enum given given = column_given(bulk, column);
        if (given == SOME || (given == NONE && column->type.flags & SC__REQUIRED))
            return false;
        if (given == ALL)
            sc__mask_add(mask, c);
    }
    return true;
}

/* A failure of one row. */
static enum sc_status at_row(size_t row, enum sc_status status, struct sc_error *err)
{
    if (status != SC_OK && err)
        err->item = row > INT32_MAX ? -1 : (int)row;
    return status;
}

enum sc_status sc__insert_masks(struct sc__job *job, const struct sc__bulk *bulk,
                                struct sc__masks *masks, struct sc_error *err)
{
    const struct sc__row *row = bulk->insert->row;
    size_t words = sc__mask_words(row), size = words * sizeof(uint64_t);
    *masks = (struct sc__masks){ 0 };
    if (!bulk->values && bulk->count)
        return sc__fail(err, job->label, SC_MISUSE, "the values are NULL");
    uint64_t *same = sc__scratch_alloc(job->scratch, size), *each = NULL;
    *masks = (struct sc__masks){ same, 0 };
    if (!same)
        return sc__fail_memory(err, job->label);
    memset(same, 0, size);
    if (find_same(bulk, same))
        return SC_OK;
    if (bulk->count < SIZE_MAX / size)
        each = sc__scratch_alloc(job->scratch, bulk->count * size);
    if (!each)
        return sc__fail_memory(err, job->label);
    memset(each, 0, bulk->count * size);
    *masks = (struct sc__masks){ each, words };
    enum sc_status status = SC_OK;
    for (size_t i = 0; i < bulk->count && status == SC_OK; i++) {
        status = sc__insert_given(job, row, row_at(bulk, i), each + i * words, err);
        status = at_row(i, status, err);
    }
    if (status == SC_OK)
        share_null_columns(bulk, each, words);
    return status;
}

/* ---- groups ------------------------------------------------------------------------------ */

/* A run of rows that give the same columns. */
struct group {
    const uint64_t *mask;
    size_t from;
    size_t count;
};

static struct group group_at(const struct sc__bulk *bulk, const struct sc__masks *masks,
                             size_t from)
{
    size_t words = sc__mask_words(bulk->insert->row), to = from + 1;
    size_t left = bulk->count - from, most = left < GROUP_MAX ? left : GROUP_MAX;
    const uint64_t *mask = masks->first + from * masks->step;
    if (!masks->step)
        return (struct group){ mask, from, most };
    while (to < from + most &&
           memcmp(masks->first + to * words, mask, words * sizeof(*mask)) == 0)
        to++;
    return (struct group){ mask, from, to - from };
}

/* A single row is better off without arrays, and default values have none. */
static bool by_lists(const struct sc__row *row, const struct group *group)
{
    bool any = false;
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        if (!sc__mask_has(group->mask, c))
            continue;
        any = true;
        if (!sc__types_has_list(&row->columns[c].type))
            return false;
    }
    return any && group->count > 1;
}

static size_t count_asks(const struct sc__bulk *bulk, const struct sc__masks *masks)
{
    size_t asks = 0;
    for (size_t i = 0; i < bulk->count;) {
        struct group group = group_at(bulk, masks, i);
        asks += by_lists(bulk->insert->row, &group) ? 1 : group.count;
        i += group.count;
    }
    return asks;
}

/* ---- encoding ----------------------------------------------------------------------------- */

static void set_key(struct sc__ask *ask, const struct sc__bulk *bulk,
                    const uint64_t *mask, bool many)
{
    enum sc__op op = many ? SC__OP_INSERT_MANY : SC__OP_INSERT;
    if (bulk->upsert)
        op = many ? SC__OP_UPSERT_MANY : SC__OP_UPSERT;
    ask->key.owner = bulk->insert;
    if (bulk->upsert)
        ask->key.owner = bulk->upsert;
    ask->key.op = (uint8_t)op;
    ask->key.words = mask;
    ask->key.nwords = (uint16_t)sc__mask_words(bulk->insert->row);
}

static enum sc_status fail_at(const struct sc__job *job,
                              const struct sc__column *column, size_t row,
                              const struct sc__fault *fault, struct sc_error *err)
{
    return at_row(row, sc__fail_column(err, job->label, column->name, fault), err);
}

static enum sc_status encode_lists(struct sc__job *job, struct sc__ask *ask,
                                   const struct sc__bulk *bulk,
                                   const struct group *group, struct sc_error *err)
{
    const struct sc__row *row = bulk->insert->row;
    size_t count = sc__mask_count(group->mask, ask->key.nwords), n = 0;
    if (!sc__ask_wires(job, ask, (uint16_t)count))
        return sc__fail_memory(err, job->label);
    for (uint16_t c = 0; n < count; c++) {
        const struct sc__column *column = &row->columns[c];
        if (!sc__mask_has(group->mask, c))
            continue;
        struct sc__strided from = { .type = &column->type,
                                    .base = row_at(bulk, group->from),
                                    .stride = bulk->size,
                                    .offset = column->new_at,
                                    .count = group->count,
                                    .maybe = !(column->type.flags & SC__PLAIN_NEW) };
        const struct sc__fault *fault = sc__encode_strided(&from, job->scratch,
                                                           &ask->wires[n++]);
        if (fault)
            return fail_at(job, column, group->from + from.bad, fault, err);
    }
    return SC_OK;
}

static enum sc_status fill_group(struct sc__job *job, struct sc__ask **next,
                                 const struct sc__bulk *bulk, const struct group *group,
                                 struct sc_error *err)
{
    enum sc_status status = SC_OK;
    if (by_lists(bulk->insert->row, group)) {
        set_key(*next, bulk, group->mask, true);
        return encode_lists(job, (*next)++, bulk, group, err);
    }
    for (size_t i = 0; i < group->count && status == SC_OK; i++) {
        struct sc__ask *ask = (*next)++;
        set_key(ask, bulk, group->mask, false);
        status = sc__insert_encode(job, ask, bulk->insert->row,
                                   row_at(bulk, group->from + i), err);
        status = at_row(group->from + i, status, err);
    }
    return status;
}

static enum sc_status fill(struct sc__job *job, const struct sc__bulk *bulk,
                           bool returning, struct sc_error *err)
{
    enum sc_status status = SC_OK;
    if (!bulk->count)
        return SC_OK;
    struct sc__masks masks;
    status = sc__insert_masks(job, bulk, &masks, err);
    if (status != SC_OK)
        return status;
    if (!sc__job_asks(job, count_asks(bulk, &masks)))
        return sc__fail_memory(err, job->label);
    struct sc__ask *next = job->asks;
    for (size_t i = 0; i < bulk->count && status == SC_OK;) {
        struct group group = group_at(bulk, &masks, i);
        status = fill_group(job, &next, bulk, &group, err);
        i += group.count;
    }
    for (size_t i = 0; i < job->nasks; i++) {
        job->asks[i].key.returning = returning;
        job->asks[i].row = job->row;
    }
    return status;
}

enum sc_status sc__insert_bulk(struct sc_db *db, const struct sc__bulk *bulk,
                               const struct sc__outputs *outputs, struct sc_error *err)
{
    struct sc__desk desk;
    struct sc__job *job;
    enum sc_status status = sc__job_begin(db, &desk, bulk->insert->label, &job, err);
    if (status != SC_OK)
        return status;
    job->want = SC__WANT_MANY;
    job->flags = (uint8_t)(bulk->insert->flags | SC__WRITE);
    job->row = outputs->returning ? bulk->insert->row : NULL;
    job->out = outputs->out;
    job->n = outputs->n;
    enum sc_status filled = fill(job, bulk, outputs->returning, err);
    status = sc__job_submit(db, job, filled, err);
    const bool names_row = filled != SC_OK && filled != SC_NO_MEMORY;
    if (status != SC_OK && status != SC_QUEUED && db->kind != SC__DB_QUEUE && err &&
        !names_row)
        err->item = -1;
    return status;
}

enum sc_status sc__insert_refuse(struct sc_db *db, const char *label,
                                 enum sc_status status, struct sc_error *err)
{
    struct sc__job *job;
    if (!db || db->kind != SC__DB_QUEUE ||
        sc__batch_add(db->batch, label, &job, NULL) != SC_OK)
        return status;
    return sc__batch_keep(db->batch, status, err);
}

enum sc_status sc__insert_many(struct sc_db *db, const struct sc__insert *insert,
                               const void *values, size_t size, size_t count, void *out,
                               size_t *n, struct sc_error *err)
{
    const struct sc__bulk bulk = { insert, values, size, count, NULL };
    if (out)
        *(void **)out = NULL;
    if (n)
        *n = 0;
    struct sc__outputs outputs = { out, n, out || (db && sc__db_keeps(db)) };
    return sc__insert_bulk(db, &bulk, &outputs, err);
}
