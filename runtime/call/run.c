/* run.c: statements whose text is fixed but for its variants. It must not know tables. */
#include "runtime/inline.h"
#include "runtime/sc_internal.h"

static enum sc_status fail_param(struct sc_error *err, const char *label,
                                 unsigned number, const struct sc__fault *fault)
{
    return sc__fail(err, label, fault->status, "parameter $%u %s", number, fault->text);
}

/* How many elements an array argument has; every struct sc_xs begins alike. */
static size_t count_of(const void *arg)
{
    return arg ? ((const struct sc_int4s *)arg)->count : 0;
}

static enum sc_status check_counts(const struct sc__stmt *stmt, const void *const *args,
                                   struct sc_error *err)
{
    size_t count = 0;
    bool first = true;
    for (uint16_t i = 0; i < stmt->nparams; i++) {
        if (!(stmt->params[i].flags & SC__ARRAY))
            continue;
        if (!first && count_of(args[i]) != count)
            return sc__fail(err, stmt->label, SC_MISUSE,
                            "the arrays have different numbers of elements");
        count = count_of(args[i]);
        first = false;
    }
    return SC_OK;
}

SC__INLINED enum sc_status encode_args(struct sc__job *job, struct sc__ask *ask,
                                       const struct sc__stmt *stmt,
                                       const void *const *args, struct sc_error *err)
{
    struct sc__wire *wire = ask->wires;
    for (uint16_t i = 0; i < stmt->nparams; i++, wire++) {
        const struct sc__type *type = &stmt->params[i];
        if (!args[i]) { /* an optional parameter that is left out */
            *wire = (struct sc__wire){ 0 };
            continue;
        }
        if (sc__ask_borrow(type, args[i], wire))
            continue;
        struct sc__source from = { type, args[i], 0,
                                   (type->flags & SC__NULLABLE) && sc__is_maybe(type) };
        const struct sc__fault *fault = sc__encode(&from, job->scratch, wire);
        if (fault)
            return fail_param(err, job->label, i + 1u, fault);
    }
    return SC_OK;
}

/* Whether each choice parameter picked something that the statement has. */
static bool picks_exist(const struct sc__stmt *stmt, uint64_t variant)
{
    unsigned asked = 0, found = 0; /* bits of choices */
    for (uint16_t i = 0; i < stmt->npieces; i++) {
        const struct sc__piece *piece = &stmt->pieces[i];
        if (!piece->choice)
            continue;
        unsigned choice = piece->choice - 1u;
        asked |= 1u << choice;
        if ((uint8_t)(variant >> (32 + 8 * choice)) == piece->pick)
            found |= 1u << choice;
    }
    return asked == found;
}

/* An ask of a statement with the given variant. */
struct running {
    const struct sc__stmt *stmt;
    uint64_t variant;
    const void *const *args;
};

SC__INLINED enum sc_status fill_ask(struct sc__job *job, struct sc__ask *ask,
                                    const struct running *of, struct sc_error *err)
{
    ask->word = of->variant;
    ask->key.owner = of->stmt;
    ask->key.words = &ask->word;
    ask->key.nwords = 1;
    ask->key.op = SC__OP_RUN;
    ask->row = of->stmt->row;
    ask->flags = of->stmt->flags;
    if (!sc__ask_wires(job, ask, of->stmt->nparams))
        return sc__fail_memory(err, job->label);
    if (of->stmt->npieces && !picks_exist(of->stmt, of->variant))
        return sc__fail(err, job->label, SC_MISUSE, "a choice is none that there is");
    if (of->stmt->flags & SC__SAME_COUNT) {
        enum sc_status status = check_counts(of->stmt, of->args, err);
        if (status != SC_OK)
            return status;
    }
    return encode_args(job, ask, of->stmt, of->args, err);
}

enum sc_status sc__run_ask(struct sc__job *job, const struct sc__stmt *stmt,
                           uint64_t variant, const void *const *args,
                           struct sc_error *err)
{
    struct running of = { stmt, variant, args };
    job->row = stmt->row;
    return sc__job_asks(job, 1) ? fill_ask(job, &job->asks[0], &of, err)
                                : sc__fail_memory(err, stmt->label);
}

SC__INLINED enum sc_status fill_job(struct sc__job *job, const struct running *of,
                                    void *out, void *n, struct sc_error *err)
{
    const struct sc__stmt *stmt = of->stmt;
    job->row = stmt->row;
    job->want = stmt->want;
    job->flags = stmt->flags;
    job->out = out;
    job->n = n;
    job->single = out && stmt->want <= SC__WANT_MAYBE;
    return sc__job_asks(job, 1) ? fill_ask(job, &job->asks[0], of, err)
                                : sc__fail_memory(err, stmt->label);
}

/* sc__run in a batch, or without a handle. */
SC__ALONE enum sc_status run_elsewhere(struct sc_db *db, const struct sc__stmt *stmt,
                                       uint64_t variant, const void *const *args,
                                       void *out, void *n, struct sc_error *err)
{
    const struct running of = { stmt, variant, args };
    struct sc__job *job;
    enum sc_status status = sc__job_elsewhere(db, stmt->label, &job, err);
    return status == SC_OK
               ? sc__job_submit(db, job, fill_job(job, &of, out, n, err), err)
               : status;
}

enum sc_status sc__run(struct sc_db *db, const struct sc__stmt *stmt, uint64_t variant,
                       const void *const *args, void *out, void *n,
                       struct sc_error *err)
{
    const struct running of = { stmt, variant, args };
    struct sc__desk desk;
    sc__job_blank(stmt, out, n);
    if (sc__job_is_elsewhere(db))
        return run_elsewhere(db, stmt, variant, args, out, n, err);
    struct sc__job *job = sc__desk_job(&desk, stmt->label);
    return sc__job_run(db, job, fill_job(job, &of, out, n, err), err);
}

/* A parent's job has the row of its own statement, with the size of the C struct that
 * also holds the relations: nested.c delivers it. */
enum sc_status sc__run_nested(struct sc_db *db, const struct sc__nested *nested,
                              uint64_t variant, const void *const *args, void *out,
                              size_t *n, struct sc_error *err)
{
    const struct sc__stmt *stmt = nested->stmt;
    struct sc__desk desk;
    struct sc__job *job;
    enum sc_status status = sc__job_begin(db, &desk, stmt->label, &job, err);
    sc__job_blank(stmt, out, n);
    if (status != SC_OK)
        return status;
    job->row = stmt->row;
    job->nested = nested;
    job->want = stmt->want;
    job->flags = stmt->flags;
    job->out = out;
    job->n = n;
    if (!sc__job_asks(job, 1u + nested->nrelations))
        status = sc__fail_memory(err, stmt->label);
    for (size_t i = 0; status == SC_OK && i < job->nasks; i++) {
        const struct sc__stmt *of = i ? nested->relations[i - 1].stmt : stmt;
        job->flags |= of->flags & SC__TOUCHES_SECRET;
        struct running running = { of, variant, args };
        status = fill_ask(job, &job->asks[i], &running, err);
    }
    return sc__job_submit(db, job, status, err);
}
