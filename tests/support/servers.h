/* servers.h: PostgreSQL servers, standbys and poolers of a test's own, that it starts, stops
 * and promotes as it likes. Knows nothing of what is being tested.
 *
 * All live in one fresh folder and listen on Unix sockets in it: server i on port
 * SERVERS_PORT + i. They are children of the test and end with it, however it ends.
 * Functions give 0, or -1 after saying on stderr what is wrong.
 */
#ifndef TESTS_SUPPORT_SERVERS_H
#define TESTS_SUPPORT_SERVERS_H
#include <sys/types.h>

#include "base/arena.h"
#include "cluster/process.h"

enum { SERVERS_MAX = 3, SERVERS_PORT = 5440, SERVERS_POOLER_PORT = 6440 };

struct servers {
    struct arena arena;
    struct process_owner owner;
    const char *bin;
    const char *folder;
    pid_t pids[SERVERS_MAX]; /* 0: does not run */
    pid_t pooler;
};

/* Makes the folder, and server 0 in it, which runs. Its superuser is schemac. */
int servers_open(struct servers *servers);
/* Stops all and removes the folder. */
void servers_close(struct servers *servers);

/* Makes server i a streaming standby of server `of`, and starts it. */
int servers_standby(struct servers *servers, int i, int of);
int servers_start(struct servers *servers, int i);
/* fast: clients are told; else as if it had crashed. */
void servers_stop(struct servers *servers, int i, int fast);
/* Makes a standby a primary, and waits until it takes writes. */
int servers_promote(struct servers *servers, int i);

/* Starts PgBouncer, in the given pool_mode, before server 0. lines: more of [pgbouncer]. */
int servers_pooler(struct servers *servers, const char *mode, const char *lines);

/* A connection string: of servers a bit each of `mask`, in order, or the pooler (mask 0);
 * more: further options, or "". Lives as long as servers. */
const char *servers_url(struct servers *servers, unsigned mask, const char *database,
                        const char *more);

#endif
