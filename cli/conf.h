/* conf.h: where things are and which database is meant: schemac.conf, files of
 * environment variables, the process's environment and the command line, put together
 * once. Connects to nothing, prints nothing.
 *
 * schemac.conf, in the current folder, is lines of `name = value` in dotenv's form:
 *
 *     schema     = schema/app.schema
 *     out        = gen
 *     migrations = gen/migrations
 *     seeds      = seeds
 *     history    = schemac          # the schema that history and journal live in
 *
 * Of a variable, the first of these that sets it counts: .env.NAME when --env NAME is
 * given, the process's environment, .env. An empty value is as good as none.
 */
#ifndef CLI_CONF_H
#define CLI_CONF_H
#include "dotenv.h"
#include "options.h"

struct conf {
    const char *schema;      /* NULL: the only schema/NAME.schema */
    const char *out;         /* "gen" */
    const char *migrations;  /* the folder "migrations" in out */
    const char *seeds;       /* "seeds" */
    const char *history;     /* "schemac" */
    const char *environment; /* the name given by --env; NULL: none */
    bool protected_;         /* SCHEMAC_PROTECTED is set, and not to 0 */
    const char *url;         /* --url or DATABASE_URL; NULL: libpq's own variables */
    dotenv_variables set;    /* what the files set that counts over the process's
                                environment: DATABASE_URL, PG..., SCHEMAC_... */
};

/* Reads what there is. Gives NULL, or a message in the arena that names file and line: a
 * file that cannot be read or understood, a missing .env.NAME, an unknown name in
 * schemac.conf. */
const char *conf_read(struct arena *arena, const struct settings *settings,
                      struct conf *conf);
/* The same without the environment: schema and folders only, for what needs no database. */
const char *conf_places(struct arena *arena, const struct settings *settings,
                        struct conf *conf);
/* Puts what the files set into the process's environment, where libpq and programs that
 * are started find it. Call it before there are threads. */
void conf_apply(const struct conf *conf);

#endif
