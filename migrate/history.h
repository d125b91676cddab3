/* history.h: the migrations in a folder: which are sealed, and what the draft's files are
 * called. Reads names only, never writes; knows nothing of what the files say.
 *
 * A migration is NNNN_name.up.sql and NNNN_name.down.sql; it is sealed when
 * NNNN_name.snapshot stands beside them. The draft is called NNNN_draft, before anything
 * is sealed 0001_init.
 */
#ifndef MIGRATE_HISTORY_H
#define MIGRATE_HISTORY_H
#include "../base/outputs.h"

struct history_entry {
    const char *id; /* "0001_init" */
    unsigned number;
};
struct history {
    struct arena *arena;
    const char *folder;
    VEC(struct history_entry) sealed; /* by number, then name */
    VEC(const char *) drafts;         /* files NNNN_draft.{up,down}.sql, by name */
};

#define HISTORY_FIRST_DRAFT "init"
#define HISTORY_DRAFT       "draft"
/* Longest name that is accepted, without its number. */
enum { HISTORY_NAME_MAX = 60 };

/* Lists the folder's sealed migrations; a missing folder has none. Returns NULL, or a
 * message in the arena: the folder cannot be read, or a sealed migration lacks its up or
 * down file. */
const char *history_read(struct arena *arena, const char *folder,
                         struct history *history);
/* The newest sealed migration, NULL when there is none. */
const struct history_entry *history_head(const struct history *history);
/* Whether a name may be given to a migration: a-z, 0-9 and "_", not empty, not too long. */
bool history_name_ok(const char *name);

/* "folder/0001_name.up.sql" for the suffix ".up.sql". */
const char *history_path(const struct history *history, const char *id,
                         const char *suffix);

#endif
