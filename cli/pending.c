/* pending.c: compares a schema with the newest snapshot. Plans nothing. */
#include "pending.h"

#include <string.h>

#include "base/file.h"
#include "migrate/fingerprint.h"
#include "sql/ddl.h"

static const char UP[] = ".up.sql";
static const char DOWN[] = ".down.sql";
static const char SNAPSHOT[] = ".snapshot";
static const char FIRST_DRAFT[] = "0001_" HISTORY_FIRST_DRAFT;

static bool same_database(const struct model *a, const struct model *b)
{
    struct buf from = { 0 };
    struct buf to = { 0 };
    ddl_up(&from, a);
    ddl_up(&to, b);
    bool same = str_eq(buf_view(&from), buf_view(&to));
    buf_release(&from);
    buf_release(&to);
    return same;
}

/* Two texts may differ and make the same database: queries, order, spelling. */
static const char *compare_head(struct pending *pending)
{
    struct arena *arena = pending->loaded->arena;
    const char *path = history_path(&pending->history, pending->head->id, SNAPSHOT);
    struct str sealed;
    int error = file_read(arena, path, &sealed);
    if (error != 0) {
        return arena_printf(arena, "cannot read \"%s\": %s", path, strerror(error));
    }
    pending->state = PENDING_NOTHING;
    if (str_eq(sealed, pending->canonical)) {
        return NULL;
    }
    struct loaded snapshot;
    const char *message = load_model(arena, path, &snapshot);
    if (message != NULL || snapshot.diags.nerrors > 0) {
        return arena_printf(arena, "\"%s\" is not a schema that this version can read",
                            path);
    }
    if (!same_database(snapshot.model, pending->loaded->model)) {
        pending->state = PENDING_CHANGE;
    }
    return NULL;
}

const char *pending_look(struct loaded *loaded, const char *folder,
                         struct pending *pending)
{
    *pending = (struct pending){ .loaded = loaded, .state = PENDING_FIRST };
    pending->canonical = load_canonical(loaded);
    pending->fingerprint = fingerprint(loaded->arena, pending->canonical);
    const char *error = history_read(loaded->arena, folder, &pending->history);
    pending->head = history_head(&pending->history);
    if (error != NULL || pending->head == NULL) {
        return error;
    }
    return compare_head(pending);
}

static struct migration put_first(struct pending *pending, const char *id,
                                  struct outputs *outputs)
{
    struct migration first = migration_init(
        pending->loaded->arena, pending->loaded->model, pending->canonical, str_of(id));
    outputs_add(outputs, history_path(&pending->history, id, UP), first.up, NULL);
    outputs_add(outputs, history_path(&pending->history, id, DOWN), first.down, NULL);
    return first;
}

void pending_draft(struct pending *pending, struct outputs *outputs)
{
    if (pending->state == PENDING_FIRST) {
        put_first(pending, FIRST_DRAFT, outputs);
    }
}

const char *pending_seal(struct pending *pending, const char *name,
                         struct outputs *outputs)
{
    const struct history *history = &pending->history;
    const char *id = arena_printf(pending->loaded->arena, "0001_%s", name);
    struct migration first = put_first(pending, id, outputs);
    outputs_add(outputs, history_path(history, id, SNAPSHOT), first.snapshot, NULL);
    if (strcmp(id, FIRST_DRAFT) != 0) {
        outputs_remove(outputs, history_path(history, FIRST_DRAFT, UP));
        outputs_remove(outputs, history_path(history, FIRST_DRAFT, DOWN));
    }
    return id;
}
