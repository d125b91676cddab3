/* session.h: what a command that works on a database begins with: the configuration, who
 * is about to be connected to (told before it is done), the connection, the migrations.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H
#include "conf.h"
#include "live/target.h"
#include "options.h"
#include "runner/sc_migrate.h"

struct session {
    struct arena *arena;
    const struct settings *settings;
    struct conf conf;
    struct target target;
    struct sc_db *db;          /* NULL until session_connect */
    struct sc_migrations *set; /* NULL until session_migrations */
    struct sc_db *second;      /* for looking at the first one's progress; or NULL */
    bool second_failed;
    bool blocked; /* who is in the way was told */
    int pid;      /* of the server process that migrates; 0: none yet */
};

/* Reads the configuration and applies it; says nothing. Gives an exit code; what went
 * wrong has been said, as for all functions here. */
int session_open(struct session *session, struct arena *arena,
                 const struct settings *settings);
/* Says host, database and environment on standard error, and connects. */
int session_connect(struct session *session);
/* Reads the folder of migrations. */
int session_migrations(struct session *session);
/* Closes what is open. */
void session_close(struct session *session);

/* What is typed to confirm something in a protected environment: the environment's name,
 * or the database's where the environment has none. */
const char *session_name(const struct session *session);
/* The runner's options as the settings and the configuration have them, without event. */
struct sc_migrate_options session_options(struct session *session);

#endif
