/* resolve_load.c: includes, by the caller's loader. Must not know what the files say. */
#include "resolve_load.h"
#include "codes.h"
#include "includes.h"
#include "parser.h"

struct load_file {
    struct ast_file *file; /* NULL: could not be read */
    bool open;             /* its includes are being loaded */
};

static void load_one(struct load *load, struct load_file *entry, struct source *source,
                     int depth);

/* The source, or NULL when it was reported that there is none. */
static struct source *ask(struct load *load, const struct ast_include *include,
                          struct str path)
{
    const char *reason = "this compilation takes no included files";
    struct source *source = NULL;
    if (load->files.n >= RESOLVE_MAX_INCLUDES) {
        reason = "too many files";
    } else if (load->loader) {
        source = load->loader->load(load->loader->context, path.s, &reason);
    }
    if (!source) {
        (void)diag_error(load->diags, E_include_unread, include->path.span,
                         "cannot read \"%.*s\": %s", STR_ARGS(path), reason);
    }
    return source;
}

/* Gives false when the file could not be read. */
static bool include_one(struct load *load, const char *from,
                        const struct ast_include *include, int depth)
{
    struct str path = includes_path(load->arena, from, include->path.text);
    struct load_file *known = map_find(&load->by_path, path);
    if (known && known->open) {
        (void)diag_error(load->diags, E_include_cycle, include->path.span,
                         "file \"%.*s\" includes itself by way of this include",
                         STR_ARGS(path));
    }
    if (known) {
        return true;
    }
    if (depth >= RESOLVE_MAX_DEPTH) {
        (void)diag_error(load->diags, E_include_unread, include->path.span,
                         "cannot read \"%.*s\": more than %d includes within includes",
                         STR_ARGS(path), RESOLVE_MAX_DEPTH);
        return false;
    }
    struct load_file *entry = arena_new(load->arena, struct load_file);
    map_add(&load->by_path, load->arena, path, entry);
    struct source *source = ask(load, include, path);
    if (source) {
        load_one(load, entry, source, depth + 1);
    }
    return source;
}

static void load_one(struct load *load, struct load_file *entry, struct source *source,
                     int depth)
{
    entry->file = parse_source(load->arena, source, load->diags);
    entry->open = true;
    VEC_PUSH(load->arena, &load->files, entry->file);
    for (size_t i = 0; i < entry->file->includes.n; i++) {
        const struct ast_include *include = &entry->file->includes.items[i];
        if (!include_one(load, source->path, include, depth)) {
            entry->file->unread = true;
        }
    }
    entry->open = false;
}

void load_files(struct load *load, struct source *root)
{
    struct load_file *entry = arena_new(load->arena, struct load_file);
    struct str path = includes_normal_path(load->arena, str_of(root->path));
    map_add(&load->by_path, load->arena, path, entry);
    load_one(load, entry, root, 0);
}
