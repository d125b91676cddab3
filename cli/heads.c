/* heads.c: follows the chain of sealed migrations. Must not plan anything. */
#include "heads.h"

#include <string.h>

#include "base/file.h"
#include "migrate/file.h"

/* ---- reading ---- */

static const char *read_file(const struct heads *heads,
                             const struct history_entry *entry, const char *suffix,
                             struct str *text)
{
    const char *path = history_path(heads->history, entry->id, suffix);
    int error = file_read(heads->arena, path, text);
    return error != 0 ? arena_printf(heads->arena, "cannot read \"%s\": %s", path,
                                     strerror(error))
                      : NULL;
}

static struct str first_word(struct str text)
{
    const char *blank = memchr(text.s, ' ', text.n);
    return (struct str){ text.s, blank != NULL ? (size_t)(blank - text.s) : text.n };
}

static void read_head(const struct heads *heads, struct head *head)
{
    struct str rest = head->text;
    struct str value;
    head->id = migration_head_value(head->text, "id");
    head->by_hand = migration_head_value(head->text, "sum").n == 0;
    while ((value = migration_head_next(&rest, "parent")).n > 0) {
        VEC_PUSH(heads->arena, &head->parents, value);
    }
    rest = head->text;
    while ((value = migration_head_next(&rest, "replaces")).n > 0) {
        VEC_PUSH(heads->arena, &head->replaces, first_word(value));
    }
}

static bool carries(const struct head *head, struct str id)
{
    bool found = str_eq(head->id, id);
    for (size_t i = 0; i < head->replaces.n && !found; i++) {
        found = str_eq(head->replaces.items[i], id);
    }
    return found;
}

static bool is_parent(const struct head *head, const struct head *child)
{
    for (size_t i = 0; i < child->parents.n; i++) {
        if (carries(head, child->parents.items[i])) {
            return true;
        }
    }
    return false;
}

/* Ids are found by map; parents are few. */
static void find_tips(struct heads *heads)
{
    struct map parents = { 0 };
    for (size_t i = 0; i < heads->all.n; i++) {
        const struct head *head = &heads->all.items[i];
        for (size_t k = 0; k < head->parents.n; k++) {
            map_add(&parents, heads->arena, head->parents.items[k], heads);
        }
    }
    for (size_t i = 0; i < heads->all.n; i++) {
        struct head *head = &heads->all.items[i];
        bool taken = map_find(&parents, head->id) != NULL;
        for (size_t k = 0; k < head->replaces.n && !taken; k++) {
            taken = map_find(&parents, head->replaces.items[k]) != NULL;
        }
        if (!taken) {
            VEC_PUSH(heads->arena, &heads->tips, head);
        }
    }
}

const char *heads_read(struct arena *arena, const struct history *history,
                       struct heads *heads)
{
    *heads = (struct heads){ .arena = arena, .history = history };
    for (size_t i = 0; i < history->sealed.n; i++) {
        struct head head = { .entry = &history->sealed.items[i] };
        const char *error = read_file(heads, head.entry, ".up.sql", &head.text);
        if (error != NULL) {
            return error;
        }
        read_head(heads, &head);
        VEC_PUSH(arena, &heads->all, head);
    }
    find_tips(heads);
    return NULL;
}

/* ---- the chain ---- */

bool heads_leads_to(const struct heads *heads, const struct head *old,
                    const struct head *young)
{
    VEC(const struct head *) open = { 0 };
    VEC_PUSH(heads->arena, &open, young);
    /* Every migration comes after its parents, so that this ends. */
    for (size_t at = 0; at < open.n && at <= heads->all.n * 2; at++) {
        if (open.items[at] == old) {
            return true;
        }
        for (size_t i = 0; i < heads->all.n; i++) {
            if (is_parent(&heads->all.items[i], open.items[at])) {
                VEC_PUSH(heads->arena, &open, &heads->all.items[i]);
            }
        }
    }
    return false;
}

struct head *heads_find(const struct heads *heads, const char *name)
{
    for (size_t i = 0; i < heads->all.n; i++) {
        if (strcmp(heads->all.items[i].entry->id, name) == 0) {
            return &heads->all.items[i];
        }
    }
    return NULL;
}

const char *heads_snapshot(const struct heads *heads, const struct head *head,
                           struct str *text)
{
    return read_file(heads, head->entry, ".snapshot", text);
}

/* The last that both came after; NULL: none. */
static const struct head *common(const struct heads *heads)
{
    for (size_t i = heads->all.n; i > 0; i--) {
        const struct head *head = &heads->all.items[i - 1];
        if (heads_leads_to(heads, head, heads->tips.items[0]) &&
            heads_leads_to(heads, head, heads->tips.items[1])) {
            return head;
        }
    }
    return NULL;
}

const char *heads_merge(const struct heads *heads, struct merge **merge)
{
    struct diags diags = { .arena = heads->arena };
    struct merge_request request = { .parent = { .id = "" } };
    if (heads->tips.n != 2) {
        return arena_printf(heads->arena,
                            "the migrations end in %zu places; `schemac rebase` brings"
                            " them behind each other",
                            heads->tips.n);
    }
    const struct head *parent = common(heads);
    const char *error = NULL;
    if (parent != NULL) {
        request.parent.id = parent->entry->id;
        error = heads_snapshot(heads, parent, &request.parent.snapshot);
    }
    for (size_t i = 0; i < 2 && error == NULL; i++) {
        request.heads[i].id = heads->tips.items[i]->entry->id;
        error = heads_snapshot(heads, heads->tips.items[i], &request.heads[i].snapshot);
    }
    if (error != NULL) {
        return error;
    }
    *merge = merge_heads(heads->arena, &request, &diags);
    return *merge != NULL ? NULL
                          : "a snapshot is not a schema that this version can read";
}

bool heads_commuting(struct arena *arena, const char *folder, struct heads *heads)
{
    struct history *history = arena_new(arena, struct history);
    struct merge *merge = NULL;
    return history_read(arena, folder, history) == NULL &&
           heads_read(arena, history, heads) == NULL && heads->tips.n == 2 &&
           heads_merge(heads, &merge) == NULL && merge->conflicts.n == 0;
}

bool heads_commute(struct arena *arena, const char *folder)
{
    struct heads heads;
    return heads_commuting(arena, folder, &heads);
}
