/* pending.c: compares a schema with the newest snapshot. Must not know how a change is
 * planned. */
#include "pending.h"

#include <string.h>

#include "emit/names.h"
#include "migrate/fingerprint.h"

static const char UP[] = ".up.sql";
static const char DOWN[] = ".down.sql";
static const char SNAPSHOT[] = ".snapshot";

/* ---- where the sealed migrations end ---- */

static const char *take_tip(struct pending *pending, const struct head *tip)
{
    pending->head = tip->entry;
    pending->parents[0] = tip->id;
    return heads_snapshot(&pending->heads, tip, &pending->sealed);
}

static const char *in_the_way(struct pending *pending, const struct merge *merge)
{
    return arena_printf(pending->loaded->arena,
                        "two migrations follow one and touch the same things:\n%.*s"
                        "`schemac rebase %s` plans the later one anew behind the other",
                        STR_ARGS(merge->report), pending->head->id);
}

/* Two that touch different things stand beside each other. */
static const char *take_both(struct pending *pending)
{
    struct merge *merge = NULL;
    const struct heads *heads = &pending->heads;
    pending->head = history_head(&pending->history);
    const char *error = heads_merge(heads, &merge);
    if (error == NULL && merge->conflicts.n > 0) {
        error = in_the_way(pending, merge);
    }
    if (error != NULL) {
        return error;
    }
    pending->sealed = merge->snapshot;
    pending->parents[0] = heads->tips.items[0]->id;
    pending->parents[1] = heads->tips.items[1]->id;
    return NULL;
}

/* All but what only leads to the named one. */
static const char *take_other(struct pending *pending, const char *name)
{
    struct arena *arena = pending->loaded->arena;
    const struct heads *heads = &pending->heads;
    const struct head *named = heads_find(heads, name);
    if (named == NULL || heads->tips.n != 2) {
        return named == NULL
                   ? arena_printf(arena, "there is no sealed migration \"%s\"", name)
                   : "the migrations end in one place: nothing to rebase";
    }
    bool first = heads_leads_to(heads, named, heads->tips.items[0]);
    if (first && heads_leads_to(heads, named, heads->tips.items[1])) {
        return arena_printf(arena,
                            "both ends come after %s: name one that only one of "
                            "them does",
                            name);
    }
    const struct head *tip = heads->tips.items[first ? 0 : 1];
    const struct head *other = heads->tips.items[first ? 1 : 0];
    for (size_t i = 0; i < heads->all.n; i++) {
        const struct head *head = &heads->all.items[i];
        if (head != tip && heads_leads_to(heads, head, tip) &&
            !heads_leads_to(heads, head, other)) {
            VEC_PUSH(arena, &pending->branch, head);
        }
    }
    VEC_PUSH(arena, &pending->branch, tip);
    return take_tip(pending, other);
}

static const char *take_head(struct pending *pending,
                             const struct pending_options *options)
{
    const struct heads *heads = &pending->heads;
    const char *error = options->rebase != NULL ? take_other(pending, options->rebase)
                        : heads->tips.n == 1 ? take_tip(pending, heads->tips.items[0])
                                             : take_both(pending);
    if (error == NULL) {
        pending->from = fingerprint(pending->loaded->arena, pending->sealed);
    }
    return error;
}

/* ---- looking ---- */

static struct model *resolve_sealed(struct pending *pending, const char **error)
{
    struct arena *arena = pending->loaded->arena;
    struct diags diags = { .arena = arena };
    struct source *source = arena_new(arena, struct source);
    *source = (struct source){
        .path = history_path(&pending->history, pending->head->id, SNAPSHOT),
        .text = pending->sealed.n > 0 ? str_dup(arena, pending->sealed) : "",
        .size = pending->sealed.n
    };
    struct model *model = resolve(arena, source, NULL, &diags);
    *error = diags.nerrors > 0
                 ? arena_printf(arena,
                                "\"%s\" is not a schema that this version can read",
                                source->path)
                 : NULL;
    return model;
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
    pending->state = PENDING_NOTHING;
    const char *error = take_head(pending, options);
    if (error != NULL || str_eq(pending->sealed, pending->canonical)) {
        return error;
    }
    const struct model *sealed = resolve_sealed(pending, &error);
    if (error != NULL) {
        return error;
    }
    pending->state = PENDING_CHANGE;
    plan(pending, sealed, options);
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
    if (error == NULL) {
        error = heads_read(loaded->arena, &pending->history, &pending->heads);
    }
    if (error != NULL) {
        return error;
    }
    if (pending->history.sealed.n > 0) {
        return compare_head(pending, options);
    }
    pending->from = fingerprint(loaded->arena, STR(""));
    plan(pending, NULL, options);
    return NULL;
}

/* ---- files ---- */

static bool is_left_out(const struct pending *pending,
                        const struct history_entry *entry)
{
    for (size_t i = 0; i < pending->branch.n; i++) {
        if (pending->branch.items[i]->entry == entry) {
            return true;
        }
    }
    return false;
}

static unsigned next_number(const struct pending *pending)
{
    unsigned last = pending->head != NULL ? pending->head->number : 0;
    for (size_t i = 0; i < pending->history.sealed.n; i++) {
        const struct history_entry *entry = &pending->history.sealed.items[i];
        if (entry->number > last && !is_left_out(pending, entry)) {
            last = entry->number;
        }
    }
    return last + 1;
}

static const char *id_of(struct pending *pending, const char *name)
{
    return arena_printf(pending->loaded->arena, "%04u_%s", next_number(pending), name);
}

static const char *draft_id(struct pending *pending)
{
    return id_of(pending, pending->head != NULL ? HISTORY_DRAFT : HISTORY_FIRST_DRAFT);
}

static bool is_sealed(const struct pending *pending, const char *file)
{
    const struct history *history = &pending->history;
    for (size_t i = 0; i < history->sealed.n; i++) {
        const char *id = history->sealed.items[i].id;
        size_t n = strlen(id);
        if (strncmp(file, id, n) == 0 && file[n] == '.') {
            return true;
        }
    }
    return false;
}

static void remove_file(struct pending *pending, struct outputs *outputs,
                        const char *name, const char *suffix)
{
    const char *path = history_path(&pending->history, name, suffix);
    bool known = outputs_has(outputs, path);
    for (size_t i = 0; i < outputs->gone.n && !known; i++) {
        known = strcmp(outputs->gone.items[i], path) == 0;
    }
    if (!known) {
        outputs_remove(outputs, path);
    }
}

/* All that is not the draft now: one that was sealed, that is no longer pending, or that
 * another branch's migration has overtaken. After what is put. */
static void remove_drafts(struct pending *pending, struct outputs *outputs)
{
    const struct history *history = &pending->history;
    for (size_t i = 0; i < history->drafts.n; i++) {
        if (!is_sealed(pending, history->drafts.items[i])) {
            remove_file(pending, outputs, history->drafts.items[i], "");
        }
    }
    if (history->sealed.n == 0) {
        const char *first = "0001_" HISTORY_FIRST_DRAFT;
        remove_file(pending, outputs, first, UP);
        remove_file(pending, outputs, first, DOWN);
    }
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
        remove_drafts(pending, outputs);
        return;
    }
    struct migration_request request = { .name = str_of(draft_id(pending)),
                                         .parents = { pending->parents[0],
                                                      pending->parents[1] },
                                         .from = pending->from,
                                         .to = pending->fingerprint,
                                         .draft = &pending->draft };
    put_files(pending, &request, outputs);
    remove_drafts(pending, outputs);
}

/* The sealed one is what a next draft counts on. */
static const char *seal(struct pending *pending, struct migration_request *request,
                        struct str snapshot, struct outputs *outputs)
{
    struct arena *arena = pending->loaded->arena;
    struct history_entry *head = arena_new(arena, struct history_entry);
    *head = (struct history_entry){ .id = str_dup(arena, request->name),
                                    .number = next_number(pending) };
    outputs->durable = true;
    struct str id = put_files(pending, request, outputs);
    outputs_add(outputs, history_path(&pending->history, head->id, SNAPSHOT), snapshot,
                NULL);
    outputs->durable = false;
    pending->head = head;
    pending->parents[0] = id;
    pending->parents[1] = (struct str){ NULL, 0 };
    pending->from = request->to;
    pending->sealed = snapshot;
    return head->id;
}

static struct migration_request seal_request(struct pending *pending,
                                             const struct pending_seal *how)
{
    return (struct migration_request){ .name = str_of(id_of(pending, how->name)),
                                       .parents = { pending->parents[0],
                                                    pending->parents[1] },
                                       .from = pending->from,
                                       .to = pending->fingerprint,
                                       .draft = &pending->draft,
                                       .allowed = how->allowed,
                                       .nallowed = how->nallowed };
}

struct migration pending_files(struct pending *pending, const struct pending_seal *how)
{
    struct migration_request request = seal_request(pending, how);
    return migration_write(pending->loaded->arena, &request);
}

const char *pending_seal(struct pending *pending, const struct pending_seal *how,
                         struct outputs *outputs)
{
    struct migration_request request = seal_request(pending, how);
    pending->state = PENDING_NOTHING;
    const char *id = seal(pending, &request, pending->canonical, outputs);
    remove_drafts(pending, outputs);
    return id;
}

const char *pending_seal_by_hand(struct pending *pending, const char *name,
                                 const struct migration_text *texts,
                                 struct outputs *outputs)
{
    struct migration_request request = { .name = str_of(id_of(pending, name)),
                                         .parents = { pending->parents[0],
                                                      pending->parents[1] },
                                         .from = pending->from,
                                         .to = pending->from,
                                         .by_hand = texts };
    const char *id = seal(pending, &request, pending->sealed, outputs);
    pending_draft(pending, outputs);
    return id;
}
