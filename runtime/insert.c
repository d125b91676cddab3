/* insert.c: inserts and upserts of one row. It must not write SQL (ask.c does), nor touch
 * a column that was not given. */
#include "insert.h"
#include "sc_internal.h"
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

/* sc__given, at once for what most members are. */
static inline int find_given(const struct sc__source *from)
{
    const char *text;
    int is;
    bool is_text = from->type->kind == SC__TEXT && !(from->type->flags & SC__ARRAY);
    if (is_text && !from->maybe) {
        memcpy(&text, from->value, sizeof(text));
        return text ? SC_IS_VALUE : SC_IS_NULL;
    }
    if (from->maybe) {
        memcpy(&is, from->value, sizeof(is));
        if (is == SC_IS_UNSET || is == SC_IS_NULL)
            return is;
    }
    return sc__given(from->type, from->maybe, from->value);
}

/* One column of one row; *used: whether it is in the statement. */
static inline const struct sc__fault *fill_column(const struct inserting *of,
                                                  const struct sc__column *column,
                                                  const struct sc__source *from,
                                                  struct sc__scratch *scratch,
                                                  struct sc__wire *wire, bool *used)
{
    int is = find_given(from);
    if (is == -1)
        return &neither;
    *used = is == SC_IS_VALUE || (is == SC_IS_NULL && from->maybe);
    if (*used)
        return sc__ask_encode(from, scratch, wire);
    *used = is_named(of, column);
    wire->value = NULL;
    wire->length = wire->format = 0;
    return !*used && column->type.flags & SC__REQUIRED ? &required : NULL;
}

/* Mask and wires in one go. */
static enum sc_status fill_columns(struct sc__job *job, struct sc__ask *ask,
                                   const struct inserting *of, const void *values,
                                   uint64_t *mask, struct sc_error *err)
{
    const struct sc__row *row = of->insert->row;
    uint16_t count = 0;
    if (!sc__ask_wires(job, ask, row->ncolumns)) /* no more than that */
        return sc__fail_memory(err, job->label);
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        const struct sc__column *column = &row->columns[c];
        if (column->type.flags & SC__NO_NEW)
            continue;
        struct sc__source from = sc__insert_source(column, values);
        bool used = false;
        const struct sc__fault *fault = fill_column(of, column, &from, job->scratch,
                                                    &ask->wires[count], &used);
        if (fault)
            return sc__fail_column(err, job->label, column->name, fault);
        if (used) {
            mask[c / 64] |= (uint64_t)1 << c % 64;
            count++;
        }
    }
    ask->nparams = count;
    return SC_OK;
}

static enum sc_status fill_one(struct sc__job *job, const struct inserting *of,
                               const void *values, struct sc_error *err)
{
    size_t words = sc__mask_words(of->insert->row);
    if (!sc__job_asks(job, 1))
        return sc__fail_memory(err, job->label);
    struct sc__ask *ask = &job->asks[0];
    uint64_t *mask = &ask->word;
    if (words > 1)
        mask = sc__scratch_alloc(job->scratch, words * sizeof(*mask));
    if (!mask)
        return sc__fail_memory(err, job->label);
    memset(mask, 0, words * sizeof(*mask));
    ask->key = (struct sc__key){ of->owner, mask, (uint16_t)words, (uint8_t)of->op,
                                 of->returning };
    ask->row = job->row;
    return fill_columns(job, ask, of, values, mask, err);
}

static enum sc_status insert_one(struct sc_db *db, struct inserting *of,
                                 const void *values, void *out, struct sc_error *err)
{
    struct sc__desk desk;
    struct sc__job *job;
    if (out)
        *(void **)out = NULL;
    enum sc_status status = sc__job_begin(db, &desk, of->insert->label, &job, err);
    if (status != SC_OK)
        return status;
    of->returning = out || db->kind == SC__DB_QUEUE;
    job->want = of->returning ? SC__WANT_ONE : SC__WANT_EXEC;
    job->flags = (uint8_t)(of->insert->flags | SC__WRITE);
    job->row = of->returning ? of->insert->row : NULL;
    job->out = out;
    status = fill_one(job, of, values, err);
    return sc__job_submit(db, job, status, err);
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
