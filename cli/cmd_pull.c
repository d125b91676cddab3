/* cmd_pull.c: schemac pull. */
#include <jansson.h>
#include <stdio.h>

#include "base/outputs.h"
#include "commands.h"
#include "conf.h"
#include "emit/names.h"
#include "live/live.h"
#include "live/target.h"
#include "load.h"
#include "say.h"
#include "sql/stmt.h"

struct pulling {
    struct arena *arena;
    const struct settings *settings;
    const char *file; /* NULL: standard output */
    struct conf conf;
    struct live_pulled pulled;
};

static int failed(const struct pulling *p, const char *error)
{
    say_error(p->settings, "%s", error);
    return EXIT_ENVIRONMENT;
}

/* ---- reading the database ---------------------------------------------------------------- */

static void judge(void *context, struct model *model, struct diags *diags)
{
    struct pulling *p = context;
    struct stmts *stmts = stmts_of_model(p->arena, model);
    names_check(model, stmts, load_base(str_of(p->file == NULL ? "pulled" : p->file)),
                diags);
}

static const char *const *chosen_schemas(const struct pulling *p)
{
    return p->settings->schemas.items;
}

static const char *read_database(struct pulling *p)
{
    struct sc_error err;
    struct sc_db *db;
    if (sc_open(p->conf.url, &db, &err) != SC_OK)
        return arena_printf(p->arena, "cannot connect: %s", err.message);
    const struct live_options options = { .own = p->conf.history,
                                          .schemas = chosen_schemas(p),
                                          .nschemas = p->settings->schemas.n,
                                          .judge = judge,
                                          .context = p };
    const char *error = live_pull(p->arena, db, &options, &p->pulled);
    sc_close(db);
    return error;
}

static const char *connect(struct pulling *p)
{
    struct target target;
    struct settings settings = *p->settings;
    settings.out = NULL; /* the file, no folder */
    const char *error = conf_read(p->arena, &settings, &p->conf);
    if (error != NULL)
        return error;
    conf_apply(&p->conf);
    error = target_find(p->arena, p->conf.url, &target);
    if (error != NULL)
        return error;
    const char *name = p->conf.environment;
    say_note(p->settings, "database %s on %s as %s, environment %s%s", target.database,
             target.host, target.user, name != NULL ? name : "default",
             p->conf.protected_ ? " (protected)" : "");
    return read_database(p);
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

/* {"file", "tables", "lost": [{"kind", "name", "why"}]} */
static void say_json(const struct pulling *p)
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
    char *line = json_dumps(root, JSON_INDENT(2));
    say_answer("%s", line);
    free(line);
    json_decref(root);
}

static const char *write_file(const struct pulling *p)
{
    struct outputs outputs = { .arena = p->arena };
    outputs_add(&outputs, p->file, p->pulled.text, NULL);
    const char *error = outputs.error;
    return error != NULL ? error : outputs_commit(&outputs);
}

static int finish(const struct pulling *p)
{
    const char *error = NULL;
    if (p->file != NULL)
        error = write_file(p);
    else
        fwrite(p->pulled.text.s, 1, p->pulled.text.n, stdout);
    if (error != NULL)
        return failed(p, error);
    bool json = p->settings->format == FORMAT_JSON && p->file != NULL;
    if (json)
        say_json(p);
    else
        say_lost(p);
    if (p->file != NULL) {
        say_done(p->settings, "%s: %zu %s%s", p->file, p->pulled.tables,
                 p->pulled.tables == 1 ? "table" : "tables",
                 p->pulled.lost.n > 0 ? ", not all that the database has" : "");
    }
    return p->settings->strict && p->pulled.lost.n > 0 ? EXIT_ENVIRONMENT : EXIT_DONE;
}

int cmd_pull(struct arena *arena, const struct settings *settings)
{
    struct pulling p = { .arena = arena, .settings = settings, .file = settings->out };
    const char *error = connect(&p);
    return error != NULL ? failed(&p, error) : finish(&p);
}
