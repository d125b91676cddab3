/* cmd_squash.c: schemac squash: one migration that stands for all before it. */
#include <string.h>

#include "base/file.h"
#include "certify/proof.h"
#include "commands.h"
#include "load.h"
#include "migrate/file.h"
#include "migrate/fingerprint.h"
#include "migrate/history.h"
#include "report.h"
#include "report_json.h"
#include "say.h"

struct squash {
    struct arena *arena;
    const struct settings *settings;
    struct session session;
    struct history history;
    size_t count; /* of migrations to squash, the first ones of the set */
    const char *name;
    struct str snapshot; /* of the last one */
    struct loaded loaded;
    VEC(struct str) replaces; /* as the head has them */
    struct migration made;
};

static int failed(const struct squash *s, const char *error)
{
    say_error(s->settings, "%s", error);
    return EXIT_ENVIRONMENT;
}

/* ---- which ones ---- */

static const struct sc_migration *at(const struct squash *s, size_t i)
{
    return sc_migrations_at(s->session.set, i);
}

static const char *choose(struct squash *s)
{
    const char *to = s->settings->to;
    for (size_t i = 0; i < sc_migrations_count(s->session.set); i++) {
        if (at(s, i)->draft) {
            break;
        }
        if (s->count == i) {
            s->count = i + 1;
        }
        if (to != NULL && strcmp(at(s, i)->name, to) == 0) {
            return s->count < 2 ? "one migration is as short as it gets" : NULL;
        }
    }
    if (to != NULL) {
        return arena_printf(s->arena, "there is no sealed migration \"%s\"", to);
    }
    return s->count < 2 ? "nothing to squash: there are not two sealed migrations"
                        : NULL;
}

/* The head of a migration that was written by hand says no sum: what it does to rows will
 * not be done by its replacement. */
static int check_by_hand(const struct squash *s)
{
    struct buf flags = { 0 };
    for (size_t i = 0; i < s->count; i++) {
        const char *flag = arena_printf(s->arena, "irreversible:%s", at(s, i)->name);
        bool allowed = strcmp(at(s, i)->sum, at(s, i)->up_hash) == 0;
        for (size_t k = 0; k < s->settings->allow.n; k++) {
            allowed = allowed || strcmp(s->settings->allow.items[k], flag) == 0;
        }
        if (!allowed) {
            say_error(
                s->settings,
                "%s was written or changed by hand: what it does to rows is lost in a "
                "squash",
                at(s, i)->name);
            buf_printf(&flags, " --allow %s", flag);
        }
    }
    int status = flags.n > 0 ? EXIT_HAZARD : EXIT_DONE;
    if (flags.n > 0) {
        say_error(s->settings, "nothing was changed; where this is meant, pass%s",
                  flags.s);
    }
    buf_release(&flags);
    return status;
}

/* ---- the one that stands for them ---- */

static const char *read_snapshot(struct squash *s)
{
    const char *path = history_path(&s->history, at(s, s->count - 1)->name,
                                    ".snapshot");
    int error = file_read(s->arena, path, &s->snapshot);
    if (error != 0) {
        return arena_printf(s->arena, "cannot read \"%s\": %s", path, strerror(error));
    }
    const char *wrong = load_model(s->arena, path, &s->loaded);
    if (wrong == NULL && s->loaded.diags.nerrors > 0) {
        wrong = arena_printf(s->arena,
                             "\"%s\" is not a schema that this version can read", path);
    }
    return wrong;
}

/* The number of the last one, so that later ones stay later. */
static const char *new_name(const struct squash *s)
{
    const char *last = at(s, s->count - 1)->name;
    return arena_printf(s->arena, "%.*s_%s", (int)strcspn(last, "_"), last,
                        s->settings->arguments[0]);
}

/* A database that has one of that name would take the other for an edited one. */
static const char *check_name(const struct squash *s)
{
    for (size_t i = 0; i < sc_migrations_count(s->session.set); i++) {
        if (strcmp(at(s, i)->name, s->name) == 0) {
            return arena_printf(s->arena, "there is a %s already: choose another name",
                                s->name);
        }
    }
    return NULL;
}

/* What one of them stood for itself, so that a database that has neither it nor the new
 * one, but those, is known to have it. */
static void add_older(struct squash *s, const struct sc_migration *squashed)
{
    struct str rest = str_of(squashed->up);
    struct str value;
    while ((value = migration_head_next(&rest, "replaces")).n > 0) {
        bool older = memchr(value.s, ' ', value.n) != NULL;
        const char *line = arena_printf(s->arena, "%.*s%s%s", STR_ARGS(value),
                                        older ? "" : " by ", older ? "" : squashed->id);
        VEC_PUSH(s->arena, &s->replaces, str_of(line));
    }
}

static bool plan(struct squash *s)
{
    struct draft draft;
    const struct draft_request request = { .to = s->loaded.model };
    if (!draft_make(s->arena, &request, &s->loaded.diags, &draft)) {
        return false;
    }
    for (size_t i = 0; i < s->count; i++) {
        VEC_PUSH(s->arena, &s->replaces, str_of(at(s, i)->id));
        add_older(s, at(s, i));
    }
    const struct migration_request how = { .name = str_of(s->name),
                                           .from = fingerprint(s->arena, STR("")),
                                           .to = fingerprint(s->arena, s->snapshot),
                                           .draft = &draft,
                                           .replaces = s->replaces.items,
                                           .nreplaces = s->replaces.n };
    s->made = migration_write(s->arena, &how);
    return true;
}

/* ---- the proof ---- */

static struct sc_migration_text text_of(const struct sc_migration *file)
{
    return (struct sc_migration_text){
        .id = file->name, .up = file->up, .down = file->down_sql, .snapshot = ""
    };
}

static const char *prove(struct squash *s)
{
    struct sc_migration_text *old = arena_array(s->arena, struct sc_migration_text,
                                                s->count);
    for (size_t i = 0; i < s->count; i++) {
        old[i] = text_of(at(s, i));
    }
    const struct sc_migration_text new = { .id = s->name,
                                           .up = str_dup(s->arena, s->made.up),
                                           .down = str_dup(s->arena, s->made.down),
                                           .snapshot = "" };
    struct sc_migrations *before = NULL, *after = NULL;
    struct sc_migrate_error error;
    const char *wrong;
    if (sc_migrations_embed(old, s->count, &before, &error) != SC_OK ||
        sc_migrations_embed(&new, 1, &after, &error) != SC_OK) {
        wrong = arena_printf(s->arena, "%s", error.error.message);
    } else {
        wrong = proof_same(s->arena, before, after);
    }
    sc_migrations_free(before);
    sc_migrations_free(after);
    return wrong;
}

/* ---- the folder ---- */

static const char *write_files(struct squash *s)
{
    static const char *const suffixes[] = { ".up.sql", ".down.sql", ".snapshot" };
    const struct str texts[] = { s->made.up, s->made.down, s->snapshot };
    struct outputs outputs = { .arena = s->arena, .durable = true };
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < s->count; i++) {
            outputs_remove(&outputs,
                           history_path(&s->history, at(s, i)->name, suffixes[k]));
        }
        outputs_add(&outputs, history_path(&s->history, s->name, suffixes[k]), texts[k],
                    NULL);
    }
    return outputs_commit(&outputs);
}

/* {"migration", "replaces": [...]} */
static void say_squashed(const struct squash *s)
{
    if (!s->settings->json) {
        return;
    }
    json_t *names = json_array();
    for (size_t i = 0; i < s->count; i++) {
        json_array_append_new(names, json_string(at(s, i)->name));
    }
    report_json_print(s->settings,
                      json_pack("{ss, so}", "migration", s->name, "replaces", names));
}

static int run(struct squash *s)
{
    const char *wrong = choose(s);
    if (wrong == NULL) {
        wrong = history_read(s->arena, s->session.conf.migrations, &s->history);
    }
    if (wrong != NULL) {
        return failed(s, wrong);
    }
    int status = check_by_hand(s);
    if (status != EXIT_DONE) {
        return status;
    }
    s->name = new_name(s);
    wrong = check_name(s);
    if (wrong == NULL) {
        wrong = read_snapshot(s);
    }
    if (wrong != NULL) {
        return failed(s, wrong);
    }
    if (!plan(s)) {
        say_diags(s->settings, &s->loaded.diags);
        return EXIT_SCHEMA;
    }
    say_note(s->settings, "trying both out on a server of its own");
    wrong = prove(s);
    if (wrong == NULL) {
        wrong = write_files(s);
    }
    if (wrong != NULL) {
        return failed(s, wrong);
    }
    say_squashed(s);
    say_done(s->settings, "%s stands for %zu migrations and makes the same database",
             s->name, s->count);
    return EXIT_DONE;
}

int cmd_squash(struct arena *arena, const struct settings *settings)
{
    struct squash squash = { .arena = arena, .settings = settings };
    if (!history_name_ok(settings->arguments[0])) {
        say_error(settings,
                  "\"%s\" is no name for a migration: it is made of a-z, 0-9 and \"_\"",
                  settings->arguments[0]);
        return EXIT_USAGE;
    }
    int status = session_open(&squash.session, arena, settings);
    if (status == EXIT_DONE) {
        status = session_migrations(&squash.session);
    }
    if (status == EXIT_DONE) {
        status = run(&squash);
    }
    session_close(&squash.session);
    return status;
}
