/* server.h: making, starting and stopping the server of a folder. For cluster/ only. */
#ifndef CLUSTER_SERVER_H
#define CLUSTER_SERVER_H
#include "cluster.h"
#include "process.h"

/* The newest server's programs: SCHEMAC_PG_BIN, /usr/lib/postgresql, or the folder of an
 * initdb in PATH. */
const char *server_find_bin(struct arena *arena, const char **bin);
/* What a cluster in the folder is called; socket: NULL for the folder itself. */
struct cluster server_at(struct arena *arena, const struct process_owner *owner,
                         const char *folder, const char *socket, const char *database);
/* Makes the data folder. durable: what was committed survives a crash. */
const char *server_make(struct arena *arena, const struct cluster *cluster,
                        const struct process_owner *owner, bool durable);
const char *server_start(struct arena *arena, const struct cluster *cluster,
                         const struct process_owner *owner);
/* mode: "fast" or "immediate", of pg_ctl. */
const char *server_stop(struct arena *arena, const struct cluster *cluster,
                        const struct process_owner *owner, const char *mode);
/* Makes the cluster's database unless it is there. The server runs. */
const char *server_make_database(struct arena *arena, const struct cluster *cluster,
                                 const struct process_owner *owner);
bool server_runs(const struct cluster *cluster, const struct process_owner *owner);

enum { SERVER_SOCKET_MAX = 80 }; /* longest folder: 107 bytes less the socket's name */

#endif
