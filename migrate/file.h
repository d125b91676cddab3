/* file.h: a migration as its files say it: plain SQL that psql applies, with comments that
 * a runner and a reviewer read. Gives texts; writes no file and connects to nothing. The
 * format is told in docs/MIGRATIONS.md; its reader is runner/script.c.
 */
#ifndef MIGRATE_FILE_H
#define MIGRATE_FILE_H
#include "draft.h"

/* What there is of one direction of a migration that is written by hand. */
struct migration_text {
    struct str body;    /* n 0: to be written */
    struct str hazards; /* what its head says that it loses; n 0: that nobody knows */
};
struct migration_request {
    struct str name;                      /* "0002_add_phone" */
    struct str parents[2];                /* ids; n 0: none */
    struct str from, to;                  /* fingerprints */
    const struct draft *draft;            /* NULL: written by hand, and then ... */
    const struct migration_text *by_hand; /* ... up and down of it; NULL: nothing yet */
    const struct plan_hazard *allowed;
    size_t nallowed;
    const struct str *replaces; /* a squash: ids of those that it stands for; "ID by ID"
                                   for what another of them, a squash, stood for */
    size_t nreplaces;
};
/* A migration's files. Everything lives in the arena. */
struct migration {
    struct str up, down;
    struct str
        id; /* a hash over name, parents, fingerprints and both files' statements */
};
struct migration migration_write(struct arena *arena,
                                 const struct migration_request *request);

/* Only the checks and steps of a plan, with their comments. */
void migration_put_plan(struct buf *out, struct arena *arena, const struct plan *plan);
/* One file a check or step, for runners that put files into a transaction: each gives its
 * name ("01_check.sql", "02_add_column.no_transaction.sql") and text. */
struct migration_piece {
    const char *name;
    struct str text;
};
struct migration_pieces {
    VEC(struct migration_piece) list;
};
struct migration_pieces migration_split(struct arena *arena, const struct plan *plan);

/* "lossless", "lossy: auth.users.name": the worst of all steps. */
const char *migration_reversal(struct arena *arena, const struct plan *plan);
/* Of all steps, "drop:auth.users.name, rewrite:auth.users"; NULL: none. */
const char *migration_hazards(struct arena *arena, const struct plan *plan);
/* "drop:auth.users.name" */
const char *migration_hazard(struct arena *arena, const struct plan_hazard *hazard);
/* What follows the head: all but the first lines of comment. */
struct str migration_body(struct str text);
/* The id, or the fingerprint it leads to, that a sealed file says; n 0: it says none. */
struct str migration_head_value(struct str text, const char *key);
/* The values of a key that comes several times, one a call; n 0: no more. rest: what is
 * still to be looked at, the whole text at first. */
struct str migration_head_next(struct str *rest, const char *key);
/* The same as it is written: "none" too. */
struct str migration_head_word(struct str text, const char *key);

#endif
