/* cmd_seed.c: schemac seed: the project's seed files, or made-up rows. */
#include <errno.h>
#include <unistd.h>

#include "commands.h"
#include "fake/fake.h"
#include "load.h"
#include "report.h"
#include "report_json.h"
#include "say.h"
#include "tally.h"

/* ---- seeds/NAME.sql ---- */

static int run_files(struct session *session)
{
    struct tally tally = tally_open(session);
    struct sc_migrate_options options = session_options(session);
    struct sc_migrate_error error;
    options.event = tally_event;
    options.user = &tally;
    if (sc_seed(session->db, session->conf.seeds, &options, &error) != SC_OK) {
        tally_close(&tally, &error);
        return report_error(session, &error);
    }
    tally_close(&tally, NULL);
    return EXIT_DONE;
}

/* A project without seeds is none in trouble. */
static bool has_folder(const struct session *session)
{
    if (access(session->conf.seeds, F_OK) == 0 || errno != ENOENT) {
        return true;
    }
    if (session->settings->json) {
        struct tally tally = tally_open((struct session *)session);
        tally_close(&tally, NULL);
    }
    say_done(session->settings, "there are no seeds: no folder \"%s\"",
             session->conf.seeds);
    return false;
}

/* ---- --fake N ---- */

struct making {
    const struct settings *settings;
    json_t *tables; /* NULL: not wanted */
};

static void made(void *user, const struct fake_made *made)
{
    struct making *making = user;
    if (making->tables != NULL) {
        json_t *table = json_pack("{s:s, s:I, s:I}", "table", made->table, "rows",
                                  (json_int_t)made->rows, "left_out",
                                  (json_int_t)made->left_out);
        if (made->why != NULL) {
            json_object_set_new(table, "why", json_string(made->why));
        }
        json_array_append_new(making->tables, table);
        return;
    }
    say_done(making->settings, "%s: %zu %s", made->table, made->rows,
             made->rows == 1 ? "row" : "rows");
    if (made->left_out > 0) {
        say_note(making->settings, "%s: %zu left out: %s", made->table, made->left_out,
                 made->why);
    }
}

static int load(struct session *session, struct loaded *loaded)
{
    const char *path = session->conf.schema;
    const char *error = path == NULL ? load_find(session->arena, &path) : NULL;
    if (error == NULL) {
        error = load_model(session->arena, path, loaded);
    }
    if (error != NULL) {
        say_error(session->settings, "%s", error);
        return EXIT_ENVIRONMENT;
    }
    if (loaded->diags.nerrors > 0) {
        say_diags(session->settings, &loaded->diags);
        return EXIT_SCHEMA;
    }
    return EXIT_DONE;
}

static int fill(struct session *session, const struct loaded *loaded)
{
    const struct settings *settings = session->settings;
    struct making making = { .settings = settings,
                             .tables = settings->json ? json_array() : NULL };
    const struct fake_request request = { .model = loaded->model,
                                          .rows = (size_t)settings->fake,
                                          .seed = settings->seed < 0
                                                      ? 1
                                                      : (uint64_t)settings->seed,
                                          .made = made,
                                          .user = &making };
    const char *error = fake_fill(session->arena, session->db, &request);
    if (making.tables != NULL) {
        json_t *object = json_pack("{s:o}", "tables", making.tables);
        if (error != NULL) {
            json_object_set_new(object, "error", json_pack("{s:s}", "message", error));
        }
        report_json_print(settings, object);
    }
    if (error != NULL) {
        say_error(settings, "%s", error);
        return EXIT_ENVIRONMENT;
    }
    return EXIT_DONE;
}

/* Made-up rows have no place where real ones are. */
static int refuse(const struct session *session)
{
    say_error(session->settings,
              "environment %s is protected: it takes no made-up rows",
              session_name(session));
    return EXIT_ENVIRONMENT;
}

int cmd_seed(struct arena *arena, const struct settings *settings)
{
    const bool fake = settings->fake >= 0;
    struct session session;
    struct loaded loaded;
    int status = session_open(&session, arena, settings);
    if (status == EXIT_DONE && fake) {
        status = session.conf.protected_ ? refuse(&session) : load(&session, &loaded);
    }
    if (status == EXIT_DONE && !fake && !has_folder(&session)) {
        return EXIT_DONE;
    }
    if (status == EXIT_DONE) {
        status = session_connect(&session);
    }
    if (status == EXIT_DONE) {
        status = fake ? fill(&session, &loaded) : run_files(&session);
    }
    session_close(&session);
    return status;
}
