/* pending.h: what a schema changes against the newest sealed migration, and the files
 * that say so. Reads snapshots; leaves writing to outputs.h. */
#ifndef CLI_PENDING_H
#define CLI_PENDING_H
#include "base/outputs.h"
#include "load.h"
#include "migrate/history.h"
#include "migrate/init.h"

enum pending_state {
    PENDING_FIRST,   /* nothing is sealed: the draft makes the whole schema */
    PENDING_NOTHING, /* the schema makes the database that the newest snapshot makes */
    PENDING_CHANGE   /* it makes another one */
};

struct pending {
    struct loaded *loaded;
    struct history history;
    const struct history_entry *head; /* NULL for PENDING_FIRST */
    enum pending_state state;
    struct str canonical;   /* the schema in its canonical form */
    struct str fingerprint; /* of it */
};

/* Compares the schema, which must have no errors, with the folder's newest snapshot.
 * Returns NULL, or a message in the arena. */
const char *pending_look(struct loaded *loaded, const char *folder,
                         struct pending *pending);
/* Puts the draft into the outputs, if there is one to be had. */
void pending_draft(struct pending *pending, struct outputs *outputs);
/* Puts the sealed first migration into the outputs; a draft of another name goes. Only
 * for PENDING_FIRST. Gives the migration's id: "0001_init". */
const char *pending_seal(struct pending *pending, const char *name,
                         struct outputs *outputs);

#endif
