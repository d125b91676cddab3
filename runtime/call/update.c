/* update.c: an update of the fields that a patch sets. It must not write SQL (ask.c). */
#include "runtime/sc_internal.h"
#include <string.h>

static enum sc_status fail_is(struct sc__job *job, const struct sc__column *column,
                              struct sc_error *err)
{
    const struct sc__fault neither = { SC_MISUSE,
                                       "is neither left out, NULL nor a value" };
    return sc__fail_column(err, job->label, column->name, &neither);
}

static enum sc_status add_set(struct sc__job *job, const struct sc__row *row,
                              const void *patch, uint64_t *mask, struct sc_error *err)
{
    bool any = false;
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        const struct sc__column *column = &row->columns[c];
        if (column->type.flags & SC__NO_PATCH)
            continue;
        int is = sc__given(&column->type, true, (const char *)patch + column->patch_at);
        if (is == -1)
            return fail_is(job, column, err);
        if (is == SC_IS_UNSET)
            continue;
        sc__mask_add(mask, c);
        any = true;
    }
    if (!any)
        return sc__fail(err, job->label, SC_MISUSE, "the patch sets nothing");
    return SC_OK;
}

static enum sc_status encode_key(struct sc__job *job, struct sc__ask *ask,
                                 const struct sc__update *update,
                                 const void *const *key, struct sc_error *err)
{
    for (uint16_t i = 0; i < update->nkey; i++) {
        const struct sc__type *type = &update->key[i];
        struct sc__source from = { type, key[i], 0, sc__is_maybe(type) };
        const struct sc__fault *fault = sc__ask_encode(&from, job->scratch,
                                                       &ask->wires[i]);
        if (fault)
            return sc__fail(err, job->label, fault->status, "parameter $%u %s", i + 1u,
                            fault->text);
    }
    return SC_OK;
}

static enum sc_status encode_patch(struct sc__job *job, struct sc__ask *ask,
                                   const struct sc__update *update, const void *patch,
                                   struct sc_error *err)
{
    struct sc__wire *wire = ask->wires + update->nkey;
    for (uint16_t c = 0; c < update->row->ncolumns; c++) {
        const struct sc__column *column = &update->row->columns[c];
        if (!sc__mask_has(ask->key.words, c))
            continue;
        struct sc__source from = { &column->type,
                                   (const char *)patch + column->patch_at, 0, true };
        const struct sc__fault *fault = sc__ask_encode(&from, job->scratch, wire++);
        if (fault)
            return sc__fail_column(err, job->label, column->name, fault);
    }
    return SC_OK;
}

/* What to update, and to what. */
struct updating {
    const struct sc__update *update;
    const void *const *key;
    const void *patch;
};

static enum sc_status fill(struct sc__job *job, const struct updating *of,
                           bool returning, struct sc_error *err)
{
    const struct sc__row *row = of->update->row;
    size_t words = sc__mask_words(row);
    if (!sc__job_asks(job, 1))
        return sc__fail_memory(err, job->label);
    struct sc__ask *ask = &job->asks[0];
    uint64_t *mask = &ask->word;
    if (words > 1)
        mask = sc__scratch_alloc(job->scratch, words * sizeof(*mask));
    if (!mask)
        return sc__fail_memory(err, job->label);
    memset(mask, 0, words * sizeof(*mask));
    enum sc_status status = add_set(job, row, of->patch, mask, err);
    if (status != SC_OK)
        return status;
    ask->key = (struct sc__key){ of->update, mask, (uint16_t)words, SC__OP_UPDATE,
                                 returning };
    ask->row = job->row;
    ask->first = job->versioned ? 2 : 0;
    size_t count = of->update->nkey + sc__mask_count(mask, words);
    if (!sc__ask_wires(job, ask, (uint16_t)count))
        return sc__fail_memory(err, job->label);
    status = encode_key(job, ask, of->update, of->key, err);
    return status == SC_OK ? encode_patch(job, ask, of->update, of->patch, err)
                           : status;
}

enum sc_status sc__run_update(struct sc_db *db, const struct sc__update *update,
                              const void *const *key, const void *patch, void *out,
                              struct sc_error *err)
{
    struct sc__desk desk;
    struct sc__job *job;
    if (out)
        *(void **)out = NULL;
    enum sc_status status = sc__job_begin(db, &desk, update->label, &job, err);
    if (status != SC_OK)
        return status;
    job->versioned = update->head != NULL;
    job->single = out && !job->versioned;
    bool returning = out || sc__db_keeps(db) || job->versioned;
    job->want = returning ? SC__WANT_ONE : SC__WANT_TOUCH;
    job->flags = (uint8_t)(update->flags | SC__WRITE);
    job->row = returning ? update->row : NULL;
    job->out = out;
    struct updating of = { update, key, patch };
    status = fill(job, &of, returning, err);
    return sc__job_submit(db, job, status, err);
}
