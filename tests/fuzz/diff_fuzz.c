/* diff_fuzz.c: two schemas with a form feed between them, through matching, differences,
 * the plan both ways, the impact on programs and the merging of two heads. Nothing may
 * crash, pairs are mutual, what is planned keeps the promise about locks, and a schema has
 * no difference to itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lang/resolve.h"
#include "migrate/impact.h"
#include "migrate/merge.h"
#include "migrate/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* NULL when it has mistakes. */
static const struct model *model_of(struct arena *arena, struct str text)
{
    struct source *source = arena_new(arena, struct source);
    struct diags diags = { .arena = arena };
    *source = (struct source){ .path = "fuzz.schema", .size = text.n };
    source->text = arena_copy(arena, text.s, text.n);
    const struct model *model = resolve(arena, source, NULL, &diags);
    return diags.nerrors ? NULL : model;
}

static void check_changes(const struct match *match, const struct changes *changes)
{
    for (size_t i = 0; i < changes->list.n; i++) {
        const struct change *change = &changes->list.items[i];
        bool pair = change->from && change->to;
        if (!change->from && !change->to)
            abort();
        if (pair != (change->aspects != 0))
            abort();
        if (pair && (match_to(match, change->from) != change->to ||
                     match_from(match, change->to) != change->from))
            abort();
    }
}

static void check_plan(struct arena *arena, const struct match *match, bool down)
{
    struct diags diags = { .arena = arena };
    struct plan_request request = { .match = match,
                                    .options = MATCH_NO_RENAMES,
                                    .down = down };
    const struct plan *plan = plan_make(arena, &request, &diags);
    if (!diags.nerrors && plan_prove(arena, plan))
        abort();
}

static void check_pair(struct arena *arena, const struct model *from,
                       const struct model *to)
{
    struct diags diags = { .arena = arena };
    struct buf out = { 0 };
    (void)match_models(arena, from, to, MATCH_STRICT, &diags);
    diag_render_text(&diags, (struct diag_style){ .color = false }, &out);
    buf_release(&out);
    diags = (struct diags){ .arena = arena };
    struct match *match = match_models(arena, from, to, MATCH_NO_RENAMES, &diags);
    if (diags.nerrors)
        abort(); /* nothing is asked then */
    struct match *back = match_reverse(arena, match);
    check_changes(match, changes_find(arena, match));
    check_changes(back, changes_find(arena, back));
    check_plan(arena, match, false);
    check_plan(arena, back, true);
    (void)impact_find(arena, &(struct impact_request){ .match = match });
}

static void check_itself(struct arena *arena, const struct model *model,
                         const struct model *again)
{
    struct diags diags = { .arena = arena };
    struct match *match = match_models(arena, model, again, MATCH_STRICT, &diags);
    if (diags.nerrors || changes_find(arena, match)->list.n)
        abort();
}

static void check_merge(struct arena *arena, struct str from, struct str to)
{
    struct diags diags = { .arena = arena };
    struct merge_request request = { .parent = { "parent", from },
                                     .heads = { { "a", to }, { "b", from } } };
    struct merge *merge = merge_heads(arena, &request, &diags);
    /* A head that does nothing is in nobody's way. */
    if (!merge || merge->conflicts.n)
        abort();
    request.heads[1].snapshot = to;
    (void)merge_heads(arena, &request, &diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct str text = { arena_copy(&arena, (const char *)data, size), size };
    const char *middle = strchr(text.s, '\f');
    if (middle) {
        struct str from = { text.s, (size_t)(middle - text.s) };
        const char *rest = middle + 1;
        struct str to = { rest, text.n - (size_t)(rest - text.s) };
        const struct model *a = model_of(&arena, from), *b = model_of(&arena, to);
        if (b)
            check_itself(&arena, b, model_of(&arena, to));
        if (a && b) {
            check_pair(&arena, a, b);
            check_merge(&arena, from, to);
        }
    }
    arena_release(&arena);
    return 0;
}
