/* diag.c: diagnostics recorded and put in order. Must not know what they are about, and
 * must not print. */
#include "diag.h"
#include "diag_order.h"

#include <stdlib.h>

/* Whether this is the first error at the place; remembers the place. */
static bool first_here(struct diags *diags, struct span span)
{
    struct {
        const struct source *source;
        size_t start;
    } place = { span.source, span.start };
    struct str key = { arena_copy(diags->arena, (const char *)&place, sizeof place),
                       sizeof place };
    return !map_add(&diags->places, diags->arena, key, diags);
}

static struct diag *record(struct diags *diags, struct diag diag)
{
    VEC_PUSH(diags->arena, &diags->list, diag);
    return &diags->list.items[diags->list.n - 1];
}

struct diag *diag_error(struct diags *diags, int code, struct span span,
                        const char *format, ...)
{
    if (span.source && !first_here(diags, span)) {
        diags->spare = (struct diag){ 0 };
        return &diags->spare;
    }
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(diags->arena, format, args);
    va_end(args);
    diags->nerrors++;
    return record(diags, (struct diag){ .severity = DIAG_ERROR,
                                        .code = code,
                                        .span = span,
                                        .message = message });
}

struct diag *diag_warning(struct diags *diags, int code, struct span span,
                          const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(diags->arena, format, args);
    va_end(args);
    diags->nwarnings++;
    return record(diags, (struct diag){ .severity = DIAG_WARNING,
                                        .code = code,
                                        .span = span,
                                        .message = message });
}

void diag_hint(struct diags *diags, struct diag *diag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag->hint = arena_vprintf(diags->arena, format, args);
    va_end(args);
}

static int by_place(const void *left, const void *right)
{
    const struct diag_place *a = left;
    const struct diag_place *b = right;
    if (a->file != b->file) {
        return a->file < b->file ? -1 : 1;
    }
    if (a->diag->span.start != b->diag->span.start) {
        return a->diag->span.start < b->diag->span.start ? -1 : 1;
    }
    return a->diag < b->diag ? -1 : a->diag > b->diag;
}

/* Files count in the order in which diagnostics first name them. */
static size_t file_rank(struct map *files, struct arena *arena,
                        const struct source *const *source)
{
    struct str key = { (const char *)source, sizeof *source };
    struct map_entry *present = map_find(files, key);
    if (!present) {
        size_t rank = files->n;
        struct map_entry *mark = arena_new(arena, struct map_entry);
        mark->key.n = rank;
        map_add(files, arena, key, mark);
        return rank;
    }
    return present->key.n;
}

struct diag_order diag_order(const struct diags *diags)
{
    struct diag_order order = { 0 };
    struct map files = { 0 };
    struct diag_place *all = arena_array(diags->arena, struct diag_place,
                                         diags->list.n + 1);
    for (size_t i = 0; i < diags->list.n; i++) {
        const struct diag *diag = &diags->list.items[i];
        const struct source *const *source = (void *)&diag->span.source;
        all[i] = (struct diag_place){ diag, file_rank(&files, diags->arena, source) };
    }
    qsort(all, diags->list.n, sizeof *all, by_place);
    order.places = all;
    size_t errors = 0;
    for (size_t i = 0; i < diags->list.n; i++) {
        bool error = all[i].diag->severity == DIAG_ERROR;
        if (!error || errors < DIAG_MAX_ERRORS) {
            order.places[order.n++] = all[i];
        }
        errors += error;
    }
    return order;
}
