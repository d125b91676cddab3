/* resolve_load.c: includes, by the caller's loader. Must not know what the files say. */
#include "resolve_load.h"
#include "codes.h"
#include "parser.h"

struct load_file {
    struct ast_file *file; /* NULL: could not be read */
    bool open;             /* its includes are being loaded */
};

/* dir/x/../y.schema: "." and inner ".." taken out; a leading ".." stays. */
static struct str normal_path(struct arena *arena, struct str path)
{
    VEC(struct str) parts = { 0 };
    bool absolute = path.n && path.s[0] == '/';
    for (size_t at = 0; at < path.n;) {
        size_t end = at;
        while (end < path.n && path.s[end] != '/') {
            end++;
        }
        struct str part = { path.s + at, end - at };
        at = end + 1;
        if (part.n == 0 || str_eq_c(part, ".")) {
            continue;
        }
        bool up = str_eq_c(part, "..");
        if (up && parts.n && !str_eq_c(parts.items[parts.n - 1], "..")) {
            parts.n--;
        } else {
            VEC_PUSH(arena, &parts, part);
        }
    }
    struct buf text = { 0 };
    for (size_t i = 0; i < parts.n; i++) {
        buf_puts(&text, i || absolute ? "/" : "");
        buf_str(&text, parts.items[i]);
    }
    struct str normal = buf_dup(&text, arena);
    buf_release(&text);
    return normal;
}

static struct str beside(struct arena *arena, const char *from, struct str path)
{
    const char *slash = strrchr(from, '/');
    if (!slash || (path.n && path.s[0] == '/')) {
        return normal_path(arena, path);
    }
    char *joined = arena_printf(arena, "%.*s/%.*s", (int)(slash - from), from,
                                STR_ARGS(path));
    return normal_path(arena, str_of(joined));
}

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
    struct str path = beside(load->arena, from, include->path.text);
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
    struct str path = normal_path(load->arena, str_of(root->path));
    map_add(&load->by_path, load->arena, path, entry);
    load_one(load, entry, root, 0);
}
