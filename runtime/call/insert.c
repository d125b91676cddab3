/* insert.c: inserts and upserts of one row. It must not write SQL (ask.c does), nor touch
 * a column that was not given. */
#include "insert.h"
#include "runtime/codec/number.h"
#include "runtime/inline.h"
#include "runtime/sc_internal.h"
#include <string.h>

/* ---- which columns are given -------------------------------------------------------------- */

static bool is_plain(const struct sc__column *column)
{
    return column->type.flags & SC__PLAIN_NEW;
}

struct sc__source sc__insert_source(const struct sc__column *column, const void *values)
{
    return (struct sc__source){ .type = &column->type,
                                .value = (const char *)values + column->new_at,
                                .maybe = !is_plain(column) };
}

bool sc__insert_null_is_same(const struct sc__column *column)
{
    unsigned flags = column->type.flags;
    return (flags & SC__NULLABLE) && !(flags & SC__HAS_DEFAULT) &&
           !(flags & SC__NO_NEW);
}

static const struct sc__fault required = { SC_NOT_NULL, "is required" };
static const struct sc__fault neither = { SC_MISUSE,
                                          "is neither left out, NULL nor a value" };

enum sc_status sc__insert_given(const struct sc__job *job, const struct sc__row *row,
                                const void *values, uint64_t *mask,
                                struct sc_error *err)
{
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        const struct sc__column *column = &row->columns[c];
        if (column->type.flags & SC__NO_NEW)
            continue;
        struct sc__source from = sc__insert_source(column, values);
        int is = sc__given(from.type, from.maybe, from.value);
        if (is == -1)
            return sc__fail_column(err, job->label, column->name, &neither);
        if (is == SC_IS_VALUE || (is == SC_IS_NULL && from.maybe))
            sc__mask_add(mask, c);
        else if (column->type.flags & SC__REQUIRED)
            return sc__fail_column(err, job->label, column->name, &required);
    }
    return SC_OK;
}

/* ---- one row --------------------------------------------------------------------------------- */

enum sc_status sc__insert_encode(struct sc__job *job, struct sc__ask *ask,
                                 const struct sc__row *row, const void *values,
                                 struct sc_error *err)
{
    size_t count = sc__mask_count(ask->key.words, ask->key.nwords), n = 0;
    if (!sc__ask_wires(job, ask, (uint16_t)count))
        return sc__fail_memory(err, job->label);
    for (uint16_t c = 0; n < count; c++) {
        const struct sc__column *column = &row->columns[c];
        if (!sc__mask_has(ask->key.words, c))
            continue;
        struct sc__source from = sc__insert_source(column, values);
        const struct sc__fault *fault = sc__ask_encode(&from, job->scratch,
                                                       &ask->wires[n++]);
        if (fault)
            return sc__fail_column(err, job->label, column->name, fault);
    }
    return SC_OK;
}

/* What is inserted by which descriptor. */
struct inserting {
    const struct sc__insert *insert;
    const void *owner; /* insert, or the upsert that it is in */
    enum sc__op op;
    bool returning;
};

/* Whether the statement names the column, given or not: NULL for what is left out and has
 * no default makes fewer different statements. An upsert would overwrite what was left
 * alone. */
static inline bool is_named(const struct inserting *of, const struct sc__column *column)
{
    return of->op == SC__OP_INSERT && sc__insert_null_is_same(column);
}

/* No fault: the statement does without the column. */
static const struct sc__fault not_named = { SC_OK, "is left out" };

/* A member that is left out, or a plain NULL. */
static const struct sc__fault *fill_nothing(const struct inserting *of,
                                            const struct sc__column *column,
                                            struct sc__wire *wire)
{
    wire->value = NULL;
    wire->length = wire->format = 0;
    if (is_named(of, column))
        return NULL;
    return column->type.flags & SC__REQUIRED ? &required : &not_named;
}

/* A member of any form. */
SC__ALONE const struct sc__fault *fill_member(const struct inserting *of,
                                              const struct sc__column *column,
                                              const void *values,
                                              struct sc__scratch *scratch,
                                              struct sc__wire *wire)
{
    if (column->type.flags & SC__NO_NEW)
        return &not_named;
    struct sc__source from = sc__insert_source(column, values);
    int is = sc__given(from.type, from.maybe, from.value);
    if (is == -1)
        return &neither;
    if (is != SC_IS_VALUE && (is != SC_IS_NULL || !from.maybe))
        return fill_nothing(of, column, wire);
    return sc__encode(&from, scratch, wire);
}

/* A plain text or a number, which most members are, at once. False: it is neither. */
SC__INLINED bool fill_common(const struct sc__column *column, const void *values,
                             struct sc__wire *wire)
{
    const unsigned flags = column->type.flags;
    const char *member = (const char *)values + column->new_at, *text;
    if (flags & SC__NO_NEW)
        return false;
    if (!(flags & SC__PLAIN_NEW))
        return sc__encode_number(&column->type, member, true, wire);
    if (column->type.kind != SC__TEXT || flags & SC__ARRAY)
        return false;
    memcpy(&text, member, sizeof(text));
    wire->value = text;
    wire->length = wire->format = 0;
    return text;
}

/* Mask and wires in one go. */
SC__INLINED enum sc_status fill_columns(struct sc__job *job, const struct inserting *of,
                                        const void *values, uint64_t *mask,
                                        struct sc_error *err)
{
    struct sc__ask *ask = job->asks;
    struct sc__wire *wire = ask->wires;
    const struct sc__row *row = of->insert->row;
    const struct sc__column *column = row->columns, *last = column + row->ncolumns;
    uint64_t word = 0;
    for (uint64_t bit = 1; column < last; column++) {
        const struct sc__fault *fault = NULL;
        if (!fill_common(column, values, wire))
            fault = fill_member(of, column, values, job->scratch, wire);
        if (!fault) {
            word |= bit;
            wire++;
        } else if (fault != &not_named) {
            return sc__fail_column(err, job->label, column->name, fault);
        }
        bit <<= 1;
        if (!bit) { /* on to the next word */
            *mask++ = word;
            word = 0;
            bit = 1;
        }
    }
    if (word)
        *mask = word;
    ask->nparams = (uint16_t)(wire - ask->wires);
    return SC_OK;
}

SC__INLINED enum sc_status fill_one(struct sc__job *job, const struct inserting *of,
                                    const void *values, struct sc_error *err)
{
    const struct sc__row *row = of->insert->row;
    size_t words = sc__mask_words(row);
    if (!values)
        return sc__fail(err, job->label, SC_MISUSE, "the values are NULL");
    if (!sc__job_asks(job, 1))
        return sc__fail_memory(err, job->label);
    struct sc__ask *ask = job->asks;
    uint64_t *mask = sc__ask_mask(job, ask, words);
    ask->key = (struct sc__key){ of->owner, mask, (uint16_t)words, (uint8_t)of->op,
                                 of->returning };
    ask->row = job->row;
    /* Wires for all of them: how many are used is known only at the end. */
    if (!mask || !sc__ask_wires(job, ask, row->ncolumns))
        return sc__fail_memory(err, job->label);
    return fill_columns(job, of, values, mask, err);
}

SC__INLINED enum sc_status fill_job(struct sc__job *job, struct inserting *of,
                                    const void *values, void *out, struct sc_error *err)
{
    job->want = of->returning ? SC__WANT_ONE : SC__WANT_EXEC;
    job->flags = (uint8_t)(of->insert->flags | SC__WRITE);
    job->row = of->returning ? of->insert->row : NULL;
    job->out = out;
    job->single = out;
    return fill_one(job, of, values, err);
}

/* insert_one in a batch, or without a handle. */
SC__ALONE enum sc_status insert_elsewhere(struct sc_db *db, struct inserting *of,
                                          const void *values, void *out,
                                          struct sc_error *err)
{
    struct sc__job *job;
    enum sc_status status = sc__job_elsewhere(db, of->insert->label, &job, err);
    if (status != SC_OK)
        return status;
    of->returning = out || sc__db_keeps(db);
    return sc__job_submit(db, job, fill_job(job, of, values, out, err), err);
}

SC__INLINED enum sc_status insert_one(struct sc_db *db, struct inserting *of,
                                      const void *values, void *out,
                                      struct sc_error *err)
{
    struct sc__desk desk;
    if (out)
        *(void **)out = NULL;
    if (sc__job_is_elsewhere(db))
        return insert_elsewhere(db, of, values, out, err);
    struct sc__job *job = sc__desk_job(&desk, of->insert->label);
    of->returning = out;
    return sc__job_run(db, job, fill_job(job, of, values, out, err), err);
}

enum sc_status sc__run_insert(struct sc_db *db, const struct sc__insert *insert,
                              const void *values, void *out, struct sc_error *err)
{
    struct inserting of = { .insert = insert, .owner = insert, .op = SC__OP_INSERT };
    return insert_one(db, &of, values, out, err);
}

enum sc_status sc__run_upsert(struct sc_db *db, const struct sc__upsert *upsert,
                              const void *values, void *out, struct sc_error *err)
{
    struct inserting of = { .insert = &upsert->insert,
                            .owner = upsert,
                            .op = SC__OP_UPSERT };
    return insert_one(db, &of, values, out, err);
}
