/* pending.c: compares a schema with the newest snapshot. Must not know how a change is
 * planned. */
#include "pending.h"

#include <string.h>

#include "base/file.h"
#include "emit/names.h"
#include "migrate/fingerprint.h"

static const char UP[] = ".up.sql";
static const char DOWN[] = ".down.sql";
static const char SNAPSHOT[] = ".snapshot";

/* ---- looking ---- */

static const char *read_head_file(struct pending *pending, const char *suffix,
                                  struct str *text)
{
    struct arena *arena = pending->loaded->arena;
    const char *path = history_path(&pending->history, pending->head->id, suffix);
    int error = file_read(arena, path, text);
    return error != 0
               ? arena_printf(arena, "cannot read \"%s\": %s", path, strerror(error))
               : NULL;
}

static const char *read_head(struct pending *pending)
{
    struct str up;
    const char *error = read_head_file(pending, SNAPSHOT, &pending->sealed);
    if (error == NULL) {
        error = read_head_file(pending, UP, &up);
    }
    if (error != NULL) {
        return error;
    }
    pending->parent = migration_head_value(up, "id");
    pending->from = fingerprint(pending->loaded->arena, pending->sealed);
    return NULL;
}

static const char *load_snapshot(struct pending *pending, struct loaded *snapshot)
{
    struct arena *arena = pending->loaded->arena;
    const char *path = history_path(&pending->history, pending->head->id, SNAPSHOT);
    const char *message = load_model(arena, path, snapshot);
    return message != NULL || snapshot->diags.nerrors > 0
               ? arena_printf(arena,
                              "\"%s\" is not a schema that this version can read", path)
               : NULL;
}

static struct str function_name(void *context, struct arena *arena,
                                const struct stmt *stmt)
{
    (void)context;
    return name_function(arena, stmt);
}

static void plan(struct pending *pending, const struct model *from,
                 const struct pending_options *options)
{
    struct draft_request request = { .from = from,
                                     .to = pending->loaded->model,
                                     .options = options->no_renames ? MATCH_NO_RENAMES
                                                                    : MATCH_STRICT,
                                     .sizes = options->sizes,
                                     .impact = from != NULL,
                                     .name = function_name };
    draft_make(pending->loaded->arena, &request, &pending->loaded->diags,
               &pending->draft);
}

/* Two texts may differ and make the same database: queries, order, spelling. */
static const char *compare_head(struct pending *pending,
                                const struct pending_options *options)
{
    struct loaded snapshot;
    pending->state = PENDING_NOTHING;
    const char *error = read_head(pending);
    if (error != NULL || str_eq(pending->sealed, pending->canonical)) {
        return error;
    }
    error = load_snapshot(pending, &snapshot);
    if (error != NULL) {
        return error;
    }
    pending->state = PENDING_CHANGE;
    plan(pending, snapshot.model, options);
    if (pending->loaded->diags.nerrors == 0 && pending->draft.up->steps.n == 0) {
        pending->state = PENDING_NOTHING;
    }
    return NULL;
}

const char *pending_look(struct loaded *loaded, const char *folder,
                         const struct pending_options *options, struct pending *pending)
{
    *pending = (struct pending){ .loaded = loaded, .state = PENDING_FIRST };
    pending->canonical = load_canonical(loaded);
    pending->fingerprint = fingerprint(loaded->arena, pending->canonical);
    const char *error = history_read(loaded->arena, folder, &pending->history);
    pending->head = history_head(&pending->history);
    if (error != NULL) {
        return error;
    }
    if (pending->head != NULL) {
        return compare_head(pending, options);
    }
    pending->from = fingerprint(loaded->arena, STR(""));
    plan(pending, NULL, options);
    return NULL;
}

/* ---- files ---- */

static unsigned next_number(const struct pending *pending)
{
    return pending->head != NULL ? pending->head->number + 1 : 1;
}

static const char *id_of(struct pending *pending, const char *name)
{
    return arena_printf(pending->loaded->arena, "%04u_%s", next_number(pending), name);
}

static const char *draft_id(struct pending *pending)
{
    return id_of(pending, pending->head != NULL ? HISTORY_DRAFT : HISTORY_FIRST_DRAFT);
}

static void remove_draft(struct pending *pending, struct outputs *outputs)
{
    const char *id = draft_id(pending);
    outputs_remove(outputs, history_path(&pending->history, id, UP));
    outputs_remove(outputs, history_path(&pending->history, id, DOWN));
}

/* Gives the migration's id. */
static struct str put_files(struct pending *pending,
                            const struct migration_request *request,
                            struct outputs *outputs)
{
    struct arena *arena = pending->loaded->arena;
    const char *id = str_dup(arena, request->name);
    struct migration files = migration_write(arena, request);
    outputs_add(outputs, history_path(&pending->history, id, UP), files.up, NULL);
    outputs_add(outputs, history_path(&pending->history, id, DOWN), files.down, NULL);
    return files.id;
}

void pending_draft(struct pending *pending, struct outputs *outputs)
{
    if (pending->state == PENDING_NOTHING) {
        remove_draft(pending, outputs);
        return;
    }
    struct migration_request request = { .name = str_of(draft_id(pending)),
                                         .parents = { pending->parent },
                                         .from = pending->from,
                                         .to = pending->fingerprint,
                                         .draft = &pending->draft };
    put_files(pending, &request, outputs);
}

/* The sealed one is what a next draft counts on. */
static const char *seal(struct pending *pending, struct migration_request *request,
                        struct str snapshot, struct outputs *outputs)
{
    struct arena *arena = pending->loaded->arena;
    struct history_entry *head = arena_new(arena, struct history_entry);
    *head = (struct history_entry){ .id = str_dup(arena, request->name),
                                    .number = next_number(pending) };
    struct str id = put_files(pending, request, outputs);
    outputs_add(outputs, history_path(&pending->history, head->id, SNAPSHOT), snapshot,
                NULL);
    if (strcmp(head->id, draft_id(pending)) != 0) {
        remove_draft(pending, outputs);
    }
    pending->head = head;
    pending->parent = id;
    return head->id;
}

const char *pending_seal(struct pending *pending, const struct pending_seal *how,
                         struct outputs *outputs)
{
    struct migration_request request = { .name = str_of(id_of(pending, how->name)),
                                         .parents = { pending->parent },
                                         .from = pending->from,
                                         .to = pending->fingerprint,
                                         .draft = &pending->draft,
                                         .allowed = how->allowed,
                                         .nallowed = how->nallowed };
    return seal(pending, &request, pending->canonical, outputs);
}

const char *pending_seal_empty(struct pending *pending, const char *name,
                               struct outputs *outputs)
{
    struct migration_request request = { .name = str_of(id_of(pending, name)),
                                         .parents = { pending->parent },
                                         .from = pending->from,
                                         .to = pending->from };
    const char *id = seal(pending, &request, pending->sealed, outputs);
    pending_draft(pending, outputs);
    return id;
}
