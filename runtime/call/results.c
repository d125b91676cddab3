/* results.c: results into blocks. It must not allocate for a single row or value. */
#include "runtime/sc_internal.h"
#include <string.h>

enum sc_status sc__rows_fail(const char *label, const struct sc__result *in,
                             const struct sc__fault *fault, struct sc_error *err)
{
    int bad = in->bad >= 0 && in->bad < in->row->ncolumns ? in->bad : 0;
    return sc__fail_column(err, label, in->row->columns[bad].name, fault);
}

int64_t sc__rows_touched(const PGresult *result)
{
    int64_t count = 0;
    const char *digits = PQcmdTuples((PGresult *)(uintptr_t)result);
    for (; *digits; digits++)
        count = count * 10 + (*digits - '0');
    return count;
}

static struct sc__result reading(const struct sc__rows *rows, const struct sc__ask *ask)
{
    return (struct sc__result){ .result = ask->result,
                                .row = ask->row,
                                .first = ask->first,
                                .stride = rows->stride };
}

static size_t align8(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

/* Rows of all results, and the bytes that stand behind them. */
static enum sc_status measure(const struct sc__rows *rows, size_t *count, size_t *tail,
                              struct sc_error *err)
{
    for (size_t i = 0; i < rows->nasks; i++) {
        struct sc__result in = reading(rows, &rows->asks[i]);
        size_t more = 0;
        const struct sc__fault *fault = sc__decode_size(&in, &more);
        if (fault)
            return sc__rows_fail(rows->label, &in, fault, err);
        *count += (size_t)PQntuples(rows->asks[i].result);
        *tail += align8(more);
    }
    return SC_OK;
}

static enum sc_status fill(const struct sc__rows *rows, char *block, char *tail,
                           struct sc_error *err)
{
    for (size_t i = 0; i < rows->nasks; i++) {
        struct sc__result in = reading(rows, &rows->asks[i]);
        const struct sc__fault *fault = sc__decode_rows(&in, block, tail);
        if (fault)
            return sc__rows_fail(rows->label, &in, fault, err);
        block += (size_t)PQntuples(rows->asks[i].result) * rows->stride;
        if (i + 1 == rows->nasks)
            break;
        size_t used = 0;
        (void)sc__decode_size(&in, &used);
        tail += align8(used);
    }
    return SC_OK;
}

enum sc_status sc__rows_take(const struct sc__rows *rows, void **block, size_t *count,
                             struct sc_error *err)
{
    size_t total = 0, tail = 0;
    *block = NULL;
    *count = 0;
    enum sc_status status = measure(rows, &total, &tail, err);
    if (status != SC_OK || !total)
        return status;
    size_t size = align8(total * rows->stride);
    char *made = sc__block_new(size + tail, rows->nasks);
    if (!made)
        return sc__fail_memory(err, rows->label);
    status = fill(rows, made, made + size, err);
    if (status != SC_OK) {
        sc__block_discard(made);
        return status;
    }
    for (size_t i = 0; i < rows->nasks; i++) {
        sc__block_own(made, rows->asks[i].result);
        rows->asks[i].result = NULL;
    }
    *block = made;
    *count = total;
    return SC_OK;
}

/* ---- one row ---------------------------------------------------------------------------- */

void sc__rows_settle(struct sc__ask *ask)
{
    PGresult *result = ask->result;
    size_t room;
    if (!ask->plan->flat || PQntuples(result) != 1 || !PQbinaryTuples(result) ||
        PQnfields(result) < ask->first + ask->row->ncolumns)
        return;
    char *place = sc__slab_room(ask->slab, &room);
    size_t size = place ? sc__decode_whole(result, ask->row, ask->first, place, room)
                        : 0;
    if (!size)
        return;
    ask->made = sc__slab_take(*ask->slab, size);
    ask->result = NULL;
    PQclear(result);
}

/* ---- one value -------------------------------------------------------------------------- */

/* A copy of `size` bytes with a NUL behind them, in a block of its own. */
static bool own_bytes(const void *data, size_t size, const void **out)
{
    char *copy = sc__block_new(size + 1, 0);
    if (!copy)
        return false;
    memcpy(copy, data, size);
    copy[size] = 0;
    *out = copy;
    return true;
}

static bool own_text(const char *text, const void **out)
{
    return own_bytes(text, strlen(text), out);
}

/* Makes the value in out independent of the result. */
static bool detach(enum sc__kind kind, void *out)
{
    const void *copy = NULL;
    if (kind == SC__BYTEA) {
        struct sc_bytea *bytes = out;
        if (bytes->data && !own_bytes(bytes->data, bytes->size, &copy))
            return false;
        bytes->data = copy;
        return true;
    }
    if (kind == SC__NUMERIC) {
        struct sc_numeric *numeric = out;
        if (numeric->text && !own_text(numeric->text, &copy))
            return false;
        numeric->text = copy;
        return true;
    }
    if (kind != SC__TEXT && kind != SC__JSONB)
        return true;
    const char **text = out;
    if (*text && !own_text(*text, &copy))
        return false;
    *text = copy;
    return true;
}

enum sc_status sc__rows_value(const struct sc__ask *ask, void *out,
                              struct sc_error *err)
{
    enum { NUMERIC_ROOM = 256 };
    _Alignas(8) char room[NUMERIC_ROOM];
    const struct sc__type *type = &ask->row->columns[0].type;
    const struct sc__result at = { .result = ask->result,
                                   .row = ask->row,
                                   .first = ask->first,
                                   .stride = ask->row->size };
    struct sc__result in = at;
    size_t tail = 0;
    const struct sc__fault *fault = sc__decode_size(&in, &tail);
    if (fault)
        return sc__rows_fail(ask->label, &in, fault, err);
    if (type->flags & SC__ARRAY)
        return sc__fail(err, ask->label, SC_MISUSE, "an array is no single value");
    char *more = tail > sizeof(room) ? sc__block_new(tail, 0) : room;
    if (!more)
        return sc__fail_memory(err, ask->label);
    fault = sc__decode_rows(&in, out, more);
    bool owned = fault || detach((enum sc__kind)type->kind, out);
    if (more != room)
        sc_free(more);
    if (!fault && owned)
        return SC_OK;
    memset(out, 0, sc__form_size(type, sc__is_maybe(type)));
    if (fault)
        return sc__rows_fail(ask->label, &in, fault, err);
    return sc__fail_memory(err, ask->label);
}
