/* update.c: an update of the fields that a patch sets. It must not write SQL (ask.c). */
#include "runtime/codec/number.h"
#include "runtime/inline.h"
#include "runtime/sc_internal.h"
#include <string.h>

/* What to update, and to what. */
struct updating {
    const struct sc__update *update;
    const void *const *key;
    const void *patch;
};

static const struct sc__fault *encode_any_key(const struct sc__type *type,
                                              const void *key,
                                              struct sc__scratch *scratch,
                                              struct sc__wire *wire)
{
    const struct sc__source from = { type, key, 0, sc__is_maybe(type) };
    return sc__encode(&from, scratch, wire);
}

/* A text at once. */
SC__INLINED enum sc_status encode_key(struct sc__job *job, const struct updating *of,
                                      struct sc__wire *wire, struct sc_error *err)
{
    const struct sc__type *type = of->update->key;
    for (unsigned i = 0; i < of->update->nkey; i++, type++, wire++) {
        if (sc__ask_borrow(type, of->key[i], wire))
            continue;
        const struct sc__fault *fault = encode_any_key(type, of->key[i], job->scratch,
                                                       wire);
        if (fault)
            return sc__fail(err, job->label, fault->status, "parameter $%u %s", i + 1u,
                            fault->text);
    }
    return SC_OK;
}

/* A member that is set, of any kind, and what is wrong with it. */
SC__ALONE const struct sc__fault *encode_any(const struct sc__column *column,
                                             const char *member,
                                             struct sc__scratch *scratch,
                                             struct sc__wire *wire)
{
    static const struct sc__fault neither = { SC_MISUSE,
                                              "is neither left out, NULL nor a value" };
    const struct sc__source from = { &column->type, member, 0, true };
    if (sc__given(from.type, true, member) == -1)
        return &neither;
    return sc__encode(&from, scratch, wire);
}

/* The same; a text or a number at once. */
SC__INLINED const struct sc__fault *encode_member(const struct sc__column *column,
                                                  const char *member,
                                                  struct sc__scratch *scratch,
                                                  struct sc__wire *wire)
{
    int is;
    memcpy(&is, member, sizeof(is));
    if (is == SC_IS_VALUE &&
        sc__ask_borrow(&column->type, member + offsetof(struct sc_maybe_text, value),
                       wire))
        return NULL;
    if (sc__encode_number(&column->type, member, true, wire))
        return NULL;
    return encode_any(column, member, scratch, wire);
}

SC__INLINED bool is_unset(const char *member)
{
    int is;
    memcpy(&is, member, sizeof(is));
    return is == SC_IS_UNSET;
}

/* Mask and wires in one go. */
SC__INLINED enum sc_status fill_patch(struct sc__job *job, const struct updating *of,
                                      uint64_t *mask, struct sc_error *err)
{
    const unsigned nkey = of->update->nkey;
    const struct sc__row *row = of->update->row;
    const struct sc__column *column = row->columns;
    unsigned n = nkey;
    for (unsigned c = 0; c < row->ncolumns; c++, column++) {
        const char *member = (const char *)of->patch + column->patch_at;
        if ((column->type.flags & SC__NO_PATCH) || is_unset(member))
            continue;
        struct sc__wire *wire = &job->asks->wires[n++];
        const struct sc__fault *fault = encode_member(column, member, job->scratch,
                                                      wire);
        if (fault)
            return sc__fail_column(err, job->label, column->name, fault);
        mask[c / 64] |= (uint64_t)1 << (c % 64);
    }
    job->asks->nparams = (uint16_t)n;
    return n > nkey ? SC_OK
                    : sc__fail(err, job->label, SC_MISUSE, "the patch sets nothing");
}

SC__INLINED enum sc_status fill(struct sc__job *job, const struct updating *of,
                                bool returning, struct sc_error *err)
{
    const struct sc__row *row = of->update->row;
    size_t words = sc__mask_words(row);
    if (!of->patch)
        return sc__fail(err, job->label, SC_MISUSE, "the patch is NULL");
    if (!sc__job_asks(job, 1))
        return sc__fail_memory(err, job->label);
    struct sc__ask *ask = job->asks;
    uint64_t *mask = sc__ask_mask(job, ask, words);
    ask->key = (struct sc__key){ of->update, mask, (uint16_t)words, SC__OP_UPDATE,
                                 returning };
    ask->row = job->row;
    ask->first = job->versioned ? 2 : 0;
    /* Wires for all of them: how many are used is known only at the end. */
    if (!mask || !sc__ask_wires(job, ask, (uint16_t)(of->update->nkey + row->ncolumns)))
        return sc__fail_memory(err, job->label);
    enum sc_status status = fill_patch(job, of, mask, err);
    return status == SC_OK ? encode_key(job, of, ask->wires, err) : status;
}

SC__INLINED enum sc_status fill_job(struct sc__job *job, const struct updating *of,
                                    void *out, bool kept, struct sc_error *err)
{
    const struct sc__update *update = of->update;
    job->versioned = update->head != NULL;
    job->single = out && !job->versioned;
    bool returning = out || kept || job->versioned;
    job->want = returning ? SC__WANT_ONE : SC__WANT_TOUCH;
    job->flags = (uint8_t)(update->flags | SC__WRITE);
    job->row = returning ? update->row : NULL;
    job->out = out;
    return fill(job, of, returning, err);
}

/* sc__run_update in a batch, or without a handle. */
SC__ALONE enum sc_status update_elsewhere(struct sc_db *db, const struct updating *of,
                                          void *out, struct sc_error *err)
{
    struct sc__job *job;
    enum sc_status status = sc__job_elsewhere(db, of->update->label, &job, err);
    if (status != SC_OK)
        return status;
    status = fill_job(job, of, out, sc__db_keeps(db), err);
    return sc__job_submit(db, job, status, err);
}

enum sc_status sc__run_update(struct sc_db *db, const struct sc__update *update,
                              const void *const *key, const void *patch, void *out,
                              struct sc_error *err)
{
    const struct updating of = { update, key, patch };
    struct sc__desk desk;
    if (out)
        *(void **)out = NULL;
    if (sc__job_is_elsewhere(db))
        return update_elsewhere(db, &of, out, err);
    struct sc__job *job = sc__desk_job(&desk, update->label);
    return sc__job_run(db, job, fill_job(job, &of, out, false, err), err);
}
