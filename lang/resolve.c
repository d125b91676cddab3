/* resolve.c: the passes of the resolver, in order. Must not look at any declaration. */
#include "follow_up.h"
#include "lost.h"
#include "resolver.h"
#include "resolve_load.h"

static void find_lost(struct resolver *r)
{
    for (size_t i = 0; i < r->nfiles; i++) {
        r->unread = r->unread || r->files[i]->unread;
        if (r->files[i]->lost) {
            lost_words(r->arena, r->files[i], &r->lost);
        }
    }
}

struct model *resolve_files(struct arena *arena, const struct ast_file *const *files,
                            size_t nfiles, struct diags *diags)
{
    struct resolver r = { .arena = arena, .diags = diags, .files = files };
    r.nfiles = nfiles;
    r.model = arena_new(arena, struct model);
    find_lost(&r);
    for (size_t i = 0; i < nfiles; i++) {
        VEC_PUSH(arena, &r.model->sources, files[i]->source);
    }
    resolve_declare(&r);
    resolve_extensions(&r);
    resolve_enums(&r);
    resolve_domains(&r);
    resolve_sequences(&r);
    resolve_columns(&r);
    resolve_sequence_owners(&r);
    resolve_members(&r);
    resolve_foreign_keys(&r);
    resolve_order(&r);
    resolve_names(&r);
    resolve_queries(&r);
    rules_hints(&r);
    rules_number(&r);
    resolve_dropped(&r);
    follow_up_drop(diags);
    return r.model;
}

struct resolve_input resolve_read(struct arena *arena, struct source *root,
                                  const struct resolve_loader *loader,
                                  struct diags *diags)
{
    struct load load = { .arena = arena, .diags = diags, .loader = loader };
    load_files(&load, root);
    return (struct resolve_input){
        .files = (const struct ast_file *const *)load.files.items,
        .nfiles = load.files.n,
    };
}

struct model *resolve(struct arena *arena, struct source *root,
                      const struct resolve_loader *loader, struct diags *diags)
{
    struct resolve_input input = resolve_read(arena, root, loader, diags);
    return resolve_files(arena, input.files, input.nfiles, diags);
}
