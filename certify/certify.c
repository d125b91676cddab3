/* certify.c: takes migrations up, down and up again on a database of their own; must not
 * know what is made of the report. */
#include "certify.h"

#include <string.h>

#include "../fake/fake.h"
#include "../sql/ddl.h"
#include "judge.h"
#include "keep.h"
#include "spare.h"

typedef enum sc_status run_function(struct sc_db *db, const struct sc_migrations *set,
                                    const struct sc_migrate_options *options,
                                    struct sc_migrate_error *err);

struct proving {
    struct arena *arena;
    const struct certify_request *request;
    struct certify_report *report;
    struct bench bench;
    struct sc_migrations *set;
    struct catalog
        *made; /* made[i]: what migration i leads to, made from nothing; one more
                             at the end: what `first` starts from */
    /* of the migration at hand */
    size_t number;
    const struct certify_migration *migration;
    const struct sc_migration *face;
    struct judge judge;
    struct catalog before, after;     /* on the server */
    struct catalog_differences known; /* from what was made, before it */
    struct keep keep;
    bool spared;  /* rows, for the way at hand */
    bool refused; /* it cannot go on */
};

static void tell(const struct proving *p, const char *line)
{
    if (p->request->say)
        p->request->say(p->request->user, line);
}

static void note(struct proving *p, const char *text)
{
    VEC_PUSH(p->arena, &p->report->notes, text);
}

/* ---- what comes before --------------------------------------------------------------- */

static const char *read_set(struct proving *p)
{
    const struct certify_request *request = p->request;
    struct sc_migrate_error error;
    struct sc_migration_text *texts = arena_array(p->arena, struct sc_migration_text,
                                                  request->n);
    for (size_t i = 0; i < request->n; i++) {
        const struct certify_migration *one = &request->migrations[i];
        texts[i] = (struct sc_migration_text){ .id = one->name,
                                               .up = one->up,
                                               .down = one->down,
                                               .snapshot = one->draft ? NULL : "" };
    }
    if (sc_migrations_embed(texts, request->n, &p->set, &error) == SC_OK)
        return NULL;
    return arena_printf(p->arena, "%s", error.error.message);
}

/* Runs or marks what stands before `first`. */
static const char *run_earlier(struct proving *p, run_function *run)
{
    const struct certify_request *request = p->request;
    struct sc_migrate_error error;
    struct sc_migrate_options options = { 0 };
    if (request->first == 0)
        return NULL;
    options.to = request->migrations[request->first - 1].name;
    if (run(p->bench.mover, p->set, &options, &error) == SC_OK)
        return NULL;
    return arena_printf(p->arena, "cannot make what stands before \"%s\": %s: %s",
                        request->migrations[request->first].name, error.migration,
                        error.text[0] ? error.text : error.error.message);
}

static const char *make_origin(struct proving *p)
{
    struct buf ddl = { 0 };
    const char *error = NULL;
    if (p->request->run_earlier)
        return run_earlier(p, sc_migrate);
    if (p->request->origin)
        ddl_up(&ddl, p->request->origin);
    if (ddl.n)
        error = bench_run(p->arena, p->bench.mover, ddl.s);
    buf_release(&ddl);
    return error ? error : run_earlier(p, sc_baseline);
}

static const char *make_model(struct proving *p, const struct model *model,
                              const char *whose, struct catalog *catalog)
{
    const char *error = catalog_of_model(&p->bench, model, catalog);
    return error ? arena_printf(p->arena, "the server refuses the schema %s: %s", whose,
                                error)
                 : NULL;
}

/* While the database is empty. */
static const char *make_models(struct proving *p)
{
    const struct certify_request *request = p->request;
    p->made = arena_array(p->arena, struct catalog, request->n + 1);
    const char *error = make_model(p, request->origin, "from before",
                                   &p->made[request->n]);
    for (size_t i = request->first; !error && i < request->n; i++) {
        const struct certify_migration *one = &request->migrations[i];
        if (one->to)
            error = make_model(p, one->to, arena_printf(p->arena, "of %s", one->name),
                               &p->made[i]);
    }
    return error;
}

static const struct model *model_before(const struct proving *p)
{
    return p->number == p->request->first ? p->request->origin
                                          : p->request->migrations[p->number - 1].to;
}

/* What is not as the model says before the migration will not be its doing after it. */
static const char *look_before(struct proving *p)
{
    bool first = p->number == p->request->first;
    const struct catalog *made = &p->made[first ? p->request->n : p->number - 1];
    if (first && !p->request->run_earlier) {
        p->before = *made;
        return NULL;
    }
    const char *error = catalog_read(&p->bench, &p->before);
    if (!error)
        p->known = catalog_compare(p->arena, made, &p->before, NULL);
    return error;
}

static const char *fill(struct proving *p)
{
    const struct model *model = model_before(p);
    struct fake_request request = { .model = model,
                                    .rows = p->request->rows,
                                    .seed = 1 };
    return model ? fake_fill(p->arena, p->bench.looker, &request) : NULL;
}

/* ---- one way --------------------------------------------------------------------------- */

static void on_spared(void *user, const char *title)
{
    struct proving *p = user;
    p->spared = true;
    note(p, arena_printf(p->arena,
                         "%s %s: \"%s\" is not so of the made-up rows: those in the way"
                         " were removed",
                         p->migration->name, p->judge.way, title));
    if (p->judge.down && p->face->down == SC_DOWN_LOSSLESS)
        judge_find(&p->judge, CERTIFY_ROWS, title, "lossless",
                   "a check that refuses rows from before");
}

static void begin_way(struct proving *p, const char *way, bool down)
{
    p->judge = (struct judge){ .arena = p->arena,
                               .report = p->report,
                               .set = p->set,
                               .at = p->judge.at,
                               .down = down,
                               .migration = p->migration->name,
                               .way = way };
    p->spared = false;
}

static const char *spare(struct proving *p)
{
    const char *text = p->judge.down ? p->migration->down : p->migration->up;
    return spare_rows(&p->bench, text, on_spared, p);
}

static void run_watched(struct proving *p, struct watch *watch)
{
    const char *accept[] = { "lossy", p->migration->name };
    struct sc_migrate_error error;
    struct sc_migrate_options options = { .accept = accept,
                                          .naccept = 2,
                                          .draft = p->migration->draft,
                                          .event = watch_event,
                                          .user = watch };
    options.to = p->judge.down ? NULL : p->migration->name;
    options.steps = p->judge.down ? 1 : 0;
    run_function *run = p->judge.down ? sc_rollback : sc_migrate;
    watch_on_done(watch, judge_step, &p->judge);
    if (run(p->bench.mover, p->set, &options, &error) == SC_OK)
        return;
    p->refused = true;
    if (error.trouble != SC_TROUBLE_STOPPED)
        judge_refused(&p->judge, &error, watch_title(watch));
}

static const char *run_way(struct proving *p)
{
    struct watch *watch = NULL;
    size_t before = p->report->steps.n;
    const char *error = watch_open(&p->bench, p->migration->name, p->judge.way, &watch);
    if (!error)
        run_watched(p, watch);
    const char *late = watch_close(watch);
    size_t steps = p->report->steps.n - before;
    tell(p, arena_printf(p->arena, "%s %s: %zu %s", p->migration->name, p->judge.way,
                         steps, steps == 1 ? "step" : "steps"));
    return error ? error : late;
}

/* ---- up, down, up ------------------------------------------------------------------------ */

static void compare(struct proving *p, const struct catalog *wanted,
                    const struct catalog *found,
                    const struct catalog_differences *known)
{
    struct catalog_differences differences = catalog_compare(p->arena, wanted, found,
                                                             known);
    judge_catalog(&p->judge, &differences);
}

static const char *compare_now(struct proving *p, const struct catalog *wanted)
{
    struct catalog found;
    const char *error = catalog_read(&p->bench, &found);
    if (!error)
        compare(p, wanted, &found, NULL);
    return error;
}

/* A file by hand may make what the language cannot say. */
static const char *compare_target(struct proving *p)
{
    const char *error = catalog_read(&p->bench, &p->after);
    if (!error && p->migration->to && p->face->sum[0] != '\0')
        compare(p, &p->made[p->number], &p->after, &p->known);
    return error;
}

static const char *go_up(struct proving *p)
{
    begin_way(p, "up", false);
    const char *error = spare(p);
    if (!error)
        error = keep_take(&p->bench, &p->keep);
    if (!error)
        error = run_way(p);
    if (error || p->refused)
        return error;
    bool by_hand = p->face->sum[0] == '\0';
    error = compare_target(p);
    if (!error)
        error = keep_compare(&p->keep, &p->judge, KEEP_COMMON,
                             by_hand ? NULL : p->face->hazards);
    return error;
}

static const char *go_down(struct proving *p)
{
    begin_way(p, "down", true);
    const char *error = spare(p);
    if (!error && p->spared)
        error = keep_take(&p->bench, &p->keep);
    if (!error)
        error = run_way(p);
    if (error || p->refused)
        return error;
    error = compare_now(p, &p->before);
    bool all = p->face->down == SC_DOWN_LOSSLESS && !p->spared;
    if (!error)
        error = keep_compare(&p->keep, &p->judge, all ? KEEP_ALL : KEEP_COMMON,
                             p->spared ? NULL : "");
    return error;
}

static const char *go_up_again(struct proving *p)
{
    begin_way(p, "up again", false);
    const char *error = spare(p);
    if (!error)
        error = run_way(p);
    return error || p->refused ? error : compare_now(p, &p->after);
}

static const char *prove(struct proving *p)
{
    const char *error = fill(p);
    if (!error)
        error = look_before(p);
    if (!error)
        error = go_up(p);
    if (error || p->refused)
        return error;
    if (!p->migration->down) {
        note(p, arena_printf(p->arena, "%s has no down file: it was only applied",
                             p->migration->name));
        return NULL;
    }
    error = go_down(p);
    return error || p->refused ? error : go_up_again(p);
}

/* ---- the door ---------------------------------------------------------------------------- */

static bool find_face(struct proving *p)
{
    for (size_t at = 0; at < sc_migrations_count(p->set); at++) {
        p->face = sc_migrations_at(p->set, at);
        p->judge.at = at;
        if (strcmp(p->face->name, p->migration->name) == 0)
            return true;
    }
    return false;
}

static const char *prove_all(struct proving *p)
{
    const char *error = NULL;
    for (size_t i = p->request->first; !error && !p->refused && i < p->request->n;
         i++) {
        p->number = i;
        p->migration = &p->request->migrations[i];
        if (find_face(p))
            error = prove(p);
    }
    return error;
}

const char *certify(struct arena *arena, const struct certify_request *request,
                    struct certify_report *report)
{
    struct proving p = { .arena = arena, .request = request, .report = report };
    *report = (struct certify_report){ .steps = { 0 } };
    const char *error = read_set(&p);
    if (!error)
        error = bench_open(arena, request->url, &p.bench);
    if (!error)
        error = make_models(&p);
    if (!error)
        error = make_origin(&p);
    if (!error)
        error = prove_all(&p);
    bench_close(&p.bench);
    sc_migrations_free(p.set);
    return error;
}
