/* conf.c: finds and ranks the configuration. Prints nothing. */
#include "conf.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/outputs.h"
#include "base/suggest.h"

static const char FILE_NAME[] = "schemac.conf";

struct key {
    const char *name;
    size_t offset; /* in struct conf */
};
static const struct key keys[] = {
    { "schema", offsetof(struct conf, schema) },
    { "out", offsetof(struct conf, out) },
    { "migrations", offsetof(struct conf, migrations) },
    { "seeds", offsetof(struct conf, seeds) },
    { "history", offsetof(struct conf, history) },
};
enum { KEYS = sizeof keys / sizeof *keys };

/* A missing file has no variables, unless it must be there. */
static const char *read_file(struct arena *arena, const char *path, bool must,
                             dotenv_variables *variables)
{
    struct str text;
    int error = file_read(arena, path, &text);
    if (error == ENOENT && !must) {
        return NULL;
    }
    if (error != 0) {
        return arena_printf(arena, "cannot read \"%s\": %s", path, strerror(error));
    }
    const char *wrong = dotenv_read(arena, text, variables);
    return wrong == NULL ? NULL : arena_printf(arena, "%s: %s", path, wrong);
}

/* ---- schemac.conf ---- */

static const char *unknown_key(struct arena *arena, const char *name)
{
    struct suggest suggest = suggest_for(str_of(name));
    for (size_t i = 0; i < KEYS; i++) {
        suggest_offer(&suggest, str_of(keys[i].name));
    }
    const char *hint = "";
    if (suggest.best.n > 0) {
        hint = arena_printf(arena, " (did you mean \"%.*s\"?)", STR_ARGS(suggest.best));
    }
    return arena_printf(arena, "%s: there is no setting \"%s\"%s", FILE_NAME, name,
                        hint);
}

static const char *take_setting(struct arena *arena, struct conf *conf,
                                const struct dotenv_variable *setting)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].name, setting->name) == 0) {
            if (setting->value[0] != '\0') {
                *(const char **)(void *)((char *)conf +
                                         keys[i].offset) = setting->value;
            }
            return NULL;
        }
    }
    return unknown_key(arena, setting->name);
}

static const char *read_settings(struct arena *arena, struct conf *conf)
{
    dotenv_variables settings = { 0 };
    const char *error = read_file(arena, FILE_NAME, false, &settings);
    for (size_t i = 0; error == NULL && i < settings.n; i++) {
        error = take_setting(arena, conf, &settings.items[i]);
    }
    return error;
}

/* ---- the environment ---- */

/* Other people's variables in the files are theirs. */
static bool is_ours(const char *name)
{
    return strcmp(name, "DATABASE_URL") == 0 || strncmp(name, "PG", 2) == 0 ||
           strncmp(name, "SCHEMAC_", 8) == 0;
}

/* Keeps of a file what is of interest and not set already. over: even if the process
 * sets it. */
static void rank(struct arena *arena, struct conf *conf, const dotenv_variables *file,
                 bool over)
{
    for (size_t i = file->n; i-- > 0;) {
        const struct dotenv_variable *variable = &file->items[i];
        const char *present = getenv(variable->name);
        bool taken = !is_ours(variable->name) || variable->value[0] == '\0' ||
                     (!over && present != NULL && present[0] != '\0');
        for (size_t k = 0; k < conf->set.n && !taken; k++) {
            taken = strcmp(conf->set.items[k].name, variable->name) == 0;
        }
        if (!taken) {
            VEC_PUSH(arena, &conf->set, *variable);
        }
    }
}

static const char *read_environment(struct arena *arena, struct conf *conf)
{
    dotenv_variables named = { 0 }, plain = { 0 };
    const char *error = NULL;
    if (conf->environment != NULL) {
        const char *path = arena_printf(arena, ".env.%s", conf->environment);
        error = read_file(arena, path, true, &named);
    }
    if (error == NULL) {
        error = read_file(arena, ".env", false, &plain);
    }
    rank(arena, conf, &named, true);
    rank(arena, conf, &plain, false);
    return error;
}

/* The value that counts; NULL: not set, or empty. */
static const char *variable(const struct conf *conf, const char *name)
{
    for (size_t i = 0; i < conf->set.n; i++) {
        if (strcmp(conf->set.items[i].name, name) == 0) {
            return conf->set.items[i].value;
        }
    }
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

/* ---- all of it ---- */

static void take(const char **to, const char *given)
{
    if (given != NULL) {
        *to = given;
    }
}

const char *conf_places(struct arena *arena, const struct settings *settings,
                        struct conf *conf)
{
    *conf = (struct conf){ .out = "gen", .seeds = "seeds", .history = "schemac" };
    const char *error = read_settings(arena, conf);
    if (error != NULL) {
        return error;
    }
    take(&conf->schema, settings->schema);
    take(&conf->out, settings->out);
    take(&conf->migrations, settings->migrations);
    if (conf->migrations == NULL) {
        conf->migrations = path_join(arena, conf->out, "migrations");
    }
    return NULL;
}

const char *conf_read(struct arena *arena, const struct settings *settings,
                      struct conf *conf)
{
    const char *error = conf_places(arena, settings, conf);
    conf->environment = settings->env;
    if (error == NULL) {
        error = read_environment(arena, conf);
    }
    if (error != NULL) {
        return error;
    }
    const char *guard = variable(conf, "SCHEMAC_PROTECTED");
    conf->protected_ = guard != NULL && strcmp(guard, "0") != 0;
    conf->url = settings->url != NULL ? settings->url : variable(conf, "DATABASE_URL");
    return NULL;
}

void conf_apply(const struct conf *conf)
{
    for (size_t i = 0; i < conf->set.n; i++) {
        (void)setenv(conf->set.items[i].name, conf->set.items[i].value, 1);
    }
}
