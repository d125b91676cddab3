/* cmd_seed.c: schemac seed: the project's seed files, or made-up rows. */
#include "commands.h"
#include "fake/fake.h"
#include "load.h"
#include "report.h"
#include "report_json.h"
#include "say.h"

/* ---- seeds/NAME.sql ---- */

static int run_files(struct session *session)
{
    struct sc_migrate_options options = session_options(session);
    struct sc_migrate_error error;
    if (sc_seed(session->db, session->conf.seeds, &options, &error) != SC_OK) {
        return report_error(session, &error);
    }
    return EXIT_DONE;
}

/* ---- --fake N ---- */

struct tally {
    const struct settings *settings;
    json_t *tables; /* NULL: not wanted */
    size_t rows, left_out;
};

static void made(void *user, const struct fake_made *made)
{
    struct tally *tally = user;
    tally->rows += made->rows;
    tally->left_out += made->left_out;
    if (tally->tables != NULL) {
        json_t *table = json_pack("{s:s, s:I, s:I}", "table", made->table, "rows",
                                  (json_int_t)made->rows, "left_out",
                                  (json_int_t)made->left_out);
        if (made->why != NULL) {
            json_object_set_new(table, "why", json_string(made->why));
        }
        json_array_append_new(tally->tables, table);
        return;
    }
    say_done(tally->settings, "%s: %zu %s", made->table, made->rows,
             made->rows == 1 ? "row" : "rows");
    if (made->left_out > 0) {
        say_note(tally->settings, "%s: %zu left out: %s", made->table, made->left_out,
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
    struct tally tally = { .settings = settings,
                           .tables = settings->json ? json_array() : NULL };
    const struct fake_request request = { .model = loaded->model,
                                          .rows = (size_t)settings->fake,
                                          .seed = settings->seed < 0
                                                      ? 1
                                                      : (uint64_t)settings->seed,
                                          .made = made,
                                          .user = &tally };
    const char *error = fake_fill(session->arena, session->db, &request);
    if (tally.tables != NULL) {
        report_json_print(json_pack("{s:o}", "tables", tally.tables));
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
    if (status == EXIT_DONE) {
        status = session_connect(&session);
    }
    if (status == EXIT_DONE) {
        status = fake ? fill(&session, &loaded) : run_files(&session);
    }
    session_close(&session);
    return status;
}
