/* heads.h: the sealed migrations of a folder as a chain: whose parent each is, and where
 * it ends, which is in two places when branches were merged. Reads files; writes none. */
#ifndef CLI_HEADS_H
#define CLI_HEADS_H
#include "migrate/history.h"
#include "migrate/merge.h"

/* What the head of a sealed file says. */
struct head {
    const struct history_entry *entry;
    struct str text; /* of the up file */
    struct str id;
    VEC(struct str) parents;  /* ids */
    VEC(struct str) replaces; /* ids of what it stands for */
    bool by_hand;             /* its statements are nobody's plan */
};
struct heads {
    struct arena *arena;
    const struct history *history;
    VEC(struct head) all;    /* in the order of the history */
    VEC(struct head *) tips; /* nobody's parent */
};

/* Returns NULL, or a message in the arena: a file cannot be read. */
const char *heads_read(struct arena *arena, const struct history *history,
                       struct heads *heads);
/* Whether `old` is `young` or one of those that it came after. */
bool heads_leads_to(const struct heads *heads, const struct head *old,
                    const struct head *young);
struct head *heads_find(const struct heads *heads, const char *name);
/* A sealed migration's snapshot. */
const char *heads_snapshot(const struct heads *heads, const struct head *head,
                           struct str *text);
/* Both tips of two together. Returns NULL, or a message in the arena: they are not two, or
 * a snapshot is no schema. */
const char *heads_merge(const struct heads *heads, struct merge **merge);
/* Whether a folder ends in two migrations that touch different objects, so that both may
 * be applied in any order. False when in doubt. */
bool heads_commute(struct arena *arena, const char *folder);
/* The same, and which two they are. */
bool heads_commuting(struct arena *arena, const char *folder, struct heads *heads);

#endif
