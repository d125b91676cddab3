/* cmd_pull.c: schemac pull. */
#include <jansson.h>
#include <stdio.h>

#include "base/file.h"
#include "base/outputs.h"
#include "commands.h"
#include "emit/names.h"
#include "lang/parser.h"
#include "live/live.h"
#include "load.h"
#include "pending.h"
#include "precious.h"
#include "report.h"
#include "report_json.h"
#include "say.h"
#include "sql/stmt.h"

struct pulling {
    struct arena *arena;
    const struct settings *settings;
    const char *file;          /* NULL: standard output */
    struct settings elsewhere; /* the settings, where "out" is no file */
    struct session session;
    struct live_pulled pulled;
};

static int failed(const struct pulling *p, const char *error)
{
    say_error(p->settings, "%s", error);
    return EXIT_ENVIRONMENT;
}

/* ---- what may not be written over --------------------------------------------------------- */

static const char *spare_file(const struct pulling *p)
{
    struct source source = { .path = p->file };
    struct diags diags = { .arena = p->arena };
    struct str text;
    if (p->file == NULL || file_read(p->arena, p->file, &text) != 0)
        return NULL;
    source.text = text.s;
    source.size = text.n;
    const char *found = precious_in(parse_source(p->arena, &source, &diags));
    return found == NULL
               ? NULL
               : arena_printf(p->arena,
                              "\"%s\" holds %s, which no database gives back: "
                              "pull into another file",
                              p->file, found);
}

/* A baseline is the first migration. */
static const char *spare_migrations(const struct pulling *p)
{
    struct history history;
    const char *folder = p->session.conf.migrations;
    const char *error = p->settings->baseline ? history_read(p->arena, folder, &history)
                                              : NULL;
    if (error != NULL || !p->settings->baseline || history_head(&history) == NULL)
        return error;
    return arena_printf(
        p->arena, "\"%s\" holds migrations already: a baseline is the first", folder);
}

/* ---- reading the database ---------------------------------------------------------------- */

static void judge(void *context, struct model *model, struct diags *diags)
{
    struct pulling *p = context;
    struct stmts *stmts = stmts_of_model(p->arena, model);
    const char *file = p->file == NULL ? "pulled" : p->file;
    names_check(model, stmts, load_base(load_file_name(file)), diags);
}

static int read_database(struct pulling *p)
{
    const struct live_options options = { .own = p->session.conf.history,
                                          .schemas = p->settings->schemas.items,
                                          .nschemas = p->settings->schemas.n,
                                          .judge = judge,
                                          .context = p };
    int status = session_connect(&p->session);
    if (status != EXIT_DONE)
        return status;
    const char *error = live_pull(p->arena, p->session.db, &options, &p->pulled);
    return error != NULL ? failed(p, error) : EXIT_DONE;
}

/* ---- what it gives ------------------------------------------------------------------------- */

static void say_lost(const struct pulling *p)
{
    for (size_t i = 0; i < p->pulled.lost.n; i++) {
        const struct live_lost *lost = &p->pulled.lost.items[i];
        fprintf(stderr, "schemac: not in the file: %.*s %.*s: %.*s\n",
                STR_ARGS(lost->kind), STR_ARGS(lost->name), STR_ARGS(lost->why));
    }
}

static json_t *text(struct str s)
{
    return json_stringn(s.s != NULL ? s.s : "", s.n);
}

/* {"file", "tables", "lost": [{"kind", "name", "why"}]}; without a file its "text". */
static void answer_json(const struct pulling *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->pulled.lost.n; i++) {
        const struct live_lost *lost = &p->pulled.lost.items[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o}", "kind", text(lost->kind), "name",
                            text(lost->name), "why", text(lost->why)));
    }
    json_t *root = json_pack("{s:s?, s:I, s:o}", "file", p->file, "tables",
                             (json_int_t)p->pulled.tables, "lost", list);
    if (p->file == NULL) {
        json_object_set_new(root, "text", text(p->pulled.text));
    }
    report_json_print(p->settings, root);
}

static void say_what(const struct pulling *p)
{
    if (p->settings->json) {
        answer_json(p);
        return;
    }
    say_lost(p);
    if (p->file != NULL) {
        say_done(p->settings, "%s: %zu %s%s", p->file, p->pulled.tables,
                 p->pulled.tables == 1 ? "table" : "tables",
                 p->pulled.lost.n > 0 ? ", not all that the database has" : "");
    }
}

static int write_file(const struct pulling *p)
{
    if (p->file == NULL && p->settings->json) {
        return EXIT_DONE;
    }
    if (p->file == NULL) {
        fwrite(p->pulled.text.s, 1, p->pulled.text.n, stdout);
        return EXIT_DONE;
    }
    struct outputs outputs = { .arena = p->arena };
    outputs_add(&outputs, p->file, p->pulled.text, NULL);
    const char *error = outputs.error;
    if (error == NULL)
        error = outputs_commit(&outputs);
    return error != NULL ? failed(p, error) : EXIT_DONE;
}

/* ---- taking the database over --------------------------------------------------------------- */

/* The first migration and its snapshot: what the database has already. */
static const char *seal(struct pulling *p, const char **id)
{
    struct loaded loaded;
    struct pending pending;
    struct outputs outputs = { .arena = p->arena };
    const struct pending_options options = { .no_renames = false };
    const struct pending_seal how = { .name = "baseline" };
    const char *error = load_schema(p->arena, p->file, &loaded);
    if (error == NULL)
        error = pending_look(&loaded, p->session.conf.migrations, &options, &pending);
    if (error != NULL)
        return error;
    *id = pending_seal(&pending, &how, &outputs);
    error = outputs.error;
    return error != NULL ? error : outputs_commit(&outputs);
}

static int mark_applied(struct pulling *p, const char *id)
{
    int status = session_migrations(&p->session);
    if (status != EXIT_DONE)
        return status;
    struct sc_migrate_options options = session_options(&p->session);
    struct sc_migrate_error error;
    options.to = id;
    if (sc_baseline(p->session.db, p->session.set, &options, &error) != SC_OK)
        return report_error(&p->session, &error);
    say_done(p->settings, "%s is what the database has",
             path_join(p->arena, p->session.conf.migrations, id));
    return EXIT_DONE;
}

static int take_over(struct pulling *p)
{
    const char *id = NULL;
    const char *error = seal(p, &id);
    return error != NULL ? failed(p, error) : mark_applied(p, id);
}

/* ---- together --------------------------------------------------------------------------------- */

/* With --strict nothing is written that is not the whole. */
static int pull(struct pulling *p)
{
    const char *error = spare_file(p);
    if (error == NULL)
        error = spare_migrations(p);
    if (error != NULL)
        return failed(p, error);
    int status = read_database(p);
    if (status != EXIT_DONE)
        return status;
    bool refused = p->settings->strict && p->pulled.lost.n > 0;
    if (refused && p->settings->baseline) {
        say_what(p);
        return EXIT_ENVIRONMENT;
    }
    status = write_file(p);
    if (status != EXIT_DONE)
        return status;
    say_what(p);
    if (p->settings->baseline)
        return take_over(p);
    return refused ? EXIT_ENVIRONMENT : EXIT_DONE;
}

int cmd_pull(struct arena *arena, const struct settings *settings)
{
    struct pulling p = { .arena = arena,
                         .settings = settings,
                         .file = settings->out,
                         .elsewhere = *settings };
    if (settings->baseline && settings->out == NULL) {
        say_error(settings, "a baseline needs a file: name it with -o");
        return EXIT_USAGE;
    }
    p.elsewhere.out = NULL;
    int status = session_open(&p.session, arena, &p.elsewhere);
    if (status == EXIT_DONE)
        status = pull(&p);
    session_close(&p.session);
    return status;
}
