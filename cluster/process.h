/* process.h: the server's programs, run as the user they belong to. For cluster/ only. */
#ifndef CLUSTER_PROCESS_H
#define CLUSTER_PROCESS_H
#include <stdbool.h>
#include <sys/types.h>

#include "../base/arena.h"

/* Who the server runs as. */
struct process_owner {
    const char *name; /* of that user: the superuser of the cluster has it too */
    uid_t uid;
    gid_t gid;
    bool change; /* this process is root: children become the owner */
};
const char *process_owner(struct arena *arena, struct process_owner *owner);

/* Runs a program as the owner, in the root folder, with no input and its output in the
 * file `log` (replaced; NULL: dropped). arguments end with NULL; the first is the
 * program's path. Gives its exit status, 128 + n for signal n, -1 when it cannot start. */
int process_run(const struct process_owner *owner, const char *const *arguments,
                const char *log);
/* The last lines of a file, for messages; "" when there is none. */
const char *process_tail(struct arena *arena, const char *path);
/* Whether the owner may write into the folder. */
bool process_may_write(const struct process_owner *owner, const char *folder);
/* Removes the folder and what is in it. */
void process_remove(const struct process_owner *owner, const char *folder);

#endif
