/* backup.h: the dump before a change that loses data. */
#ifndef CLI_BACKUP_H
#define CLI_BACKUP_H
#include "session.h"

enum backup_way { BACKUP_UP, BACKUP_DOWN, BACKUP_REDO };

/* Before migrations go up or down: in a protected environment, where one of those that
 * would be run loses data, --backup or --no-backup has to be given; --backup FILE is
 * obeyed everywhere, by pg_dump into a new file. Gives an exit code. */
int backup_before(struct session *session, enum backup_way way);

#endif
