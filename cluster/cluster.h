/* cluster.h: private PostgreSQL servers, made from the installed server's own programs:
 * one for development that stays, and throw-away ones for proofs. Listens on a Unix socket
 * in a folder of its own and nowhere else; never touches a server that it did not make.
 * Knows nothing of schemas and does not connect: it gives a URL.
 *
 * PostgreSQL refuses to run as root: its programs are then run as the user postgres, or
 * nobody where there is no such user. Functions that can fail return NULL, or a message in
 * the arena. They start programs and wait for them: call them from one thread.
 */
#ifndef CLUSTER_CLUSTER_H
#define CLUSTER_CLUSTER_H
#include <stdbool.h>

#include "../base/arena.h"

/* Where a server lives. */
struct cluster {
    const char *folder; /* data, log and socket in it */
    const char *socket; /* the folder of the socket: `folder`, or a short one in /tmp */
    const char *url;    /* postgresql:///DATABASE?host=...&user=... */
    const char *database;
    const char *bin; /* the folder of initdb and pg_ctl */
};

/* ---- the one for development ---- */

/* The server that belongs to a project's folder (an absolute path): kept below
 * $XDG_STATE_HOME (~/.local/state), for root in /var/tmp, under a name made of the
 * project's. database: the name of the database in the URL. Looks only. */
const char *cluster_of_project(struct arena *arena, const char *project,
                               const char *database, struct cluster *cluster);
/* Whether it was made, and whether it runs. */
bool cluster_exists(const struct cluster *cluster);
bool cluster_runs(const struct cluster *cluster);
/* Makes it and its database if need be, and starts it unless it runs. Data is durable
 * (fsync is on). */
const char *cluster_start(struct arena *arena, const struct cluster *cluster);
/* Stops it (mode fast: clients are disconnected); no error when it does not run. Its
 * data stays. */
const char *cluster_stop(struct arena *arena, const struct cluster *cluster);

/* ---- throw-away ones ---- */

struct cluster_scratch; /* a running server that goes with this process */

/* Makes and starts one below ${TMPDIR:-/tmp}, without durability, and gives its URL
 * (*scratch). A guardian process stops it and removes its folder when cluster_discard is
 * called or this process ends in any way. Takes about a second. */
const char *cluster_scratch(struct arena *arena, struct cluster_scratch **scratch);
/* The server: to be read only. */
const struct cluster *cluster_scratch_cluster(const struct cluster_scratch *scratch);
/* Stops and removes it, and waits until that is done. NULL is fine. */
void cluster_discard(struct cluster_scratch *scratch);

#endif
