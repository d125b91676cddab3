/* pending.h: what a schema changes against the newest sealed migration, and the files
 * that say so. Reads snapshots; leaves writing to outputs.h. */
#ifndef CLI_PENDING_H
#define CLI_PENDING_H
#include "base/outputs.h"
#include "heads.h"
#include "load.h"
#include "migrate/file.h"
#include "migrate/history.h"

enum pending_state {
    PENDING_FIRST,   /* nothing is sealed: the draft makes the whole schema */
    PENDING_NOTHING, /* the schema makes the database that the newest snapshot makes */
    PENDING_CHANGE   /* it makes another one */
};

struct pending_options {
    bool no_renames;
    const struct plan_sizes *sizes; /* NULL: unknown */
    const char *rebase; /* a migration whose branch counts for nothing; NULL: none */
};
struct pending {
    struct loaded *loaded;
    struct history history;
    struct heads heads;
    const struct history_entry *head; /* NULL for PENDING_FIRST; of two the later */
    struct str parents[2];            /* ids of what a migration comes after */
    VEC(const struct head *)
    branch; /* what was left out, to be rebased; its tip last */
    enum pending_state state;
    struct str canonical;   /* the schema in its canonical form */
    struct str fingerprint; /* of it */
    struct str from;        /* the fingerprint that a migration starts from */
    struct str sealed;      /* the head's snapshot; of two what both lead to */
    struct draft draft;     /* not for PENDING_NOTHING, nor after an error */
};

/* Compares the schema, which must have no errors, with the folder's newest snapshot, and
 * plans the change: what is wrong with that goes into the schema's diags. Returns NULL, or
 * a message in the arena. */
const char *pending_look(struct loaded *loaded, const char *folder,
                         const struct pending_options *options,
                         struct pending *pending);
/* Puts the draft into the outputs, if there is one to be had; one that is no longer
 * pending goes. */
void pending_draft(struct pending *pending, struct outputs *outputs);

/* Puts the draft under a name into the outputs, sealed; the draft goes. allowed: the
 * hazards that were. Not for PENDING_NOTHING. Gives the migration's id: "0001_init". */
struct pending_seal {
    const char *name;
    const struct plan_hazard *allowed;
    size_t nallowed;
};
const char *pending_seal(struct pending *pending, const struct pending_seal *seal,
                         struct outputs *outputs);
/* What its files will be. Before it is sealed. */
struct migration pending_files(struct pending *pending,
                               const struct pending_seal *seal);
/* The same as pending_seal for one that is written by hand. texts: its up and down, NULL:
 * to be written. What is pending stays so, as the draft after it. */
const char *pending_seal_by_hand(struct pending *pending, const char *name,
                                 const struct migration_text *texts,
                                 struct outputs *outputs);

#endif
