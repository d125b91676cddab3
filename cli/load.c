/* load.c: reads schema files for the resolver. */
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/outputs.h"
#include "emit/names.h"
#include "lang/format.h"

static const char SUFFIX[] = ".schema";

static bool has_suffix(struct str name)
{
    size_t n = sizeof SUFFIX - 1;
    return name.n > n && memcmp(name.s + name.n - n, SUFFIX, n) == 0;
}

static struct source *read_source(struct loaded *loaded, const char *path, int *error)
{
    struct str text;
    *error = file_read(loaded->arena, path, &text);
    if (*error != 0) {
        return NULL;
    }
    struct source *source = arena_new(loaded->arena, struct source);
    source->path = path;
    source->text = text.s;
    source->size = text.n;
    VEC_PUSH(loaded->arena, &loaded->paths, path);
    return source;
}

static struct source *load_include(void *context, const char *path, const char **reason)
{
    int error;
    struct source *source = read_source(context, path, &error);
    if (source == NULL) {
        *reason = strerror(error);
    }
    return source;
}

struct str load_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return str_of(slash == NULL ? path : slash + 1);
}

struct str load_base(struct str file)
{
    if (has_suffix(file)) {
        file.n -= sizeof SUFFIX - 1;
    }
    return file;
}

const char *load_model(struct arena *arena, const char *path, struct loaded *loaded)
{
    *loaded = (struct loaded){ .arena = arena, .diags = { .arena = arena } };
    loaded->file = load_file_name(path);
    loaded->base = load_base(loaded->file);
    int error;
    struct source *root = read_source(loaded, path, &error);
    if (root == NULL) {
        return arena_printf(arena, "cannot read \"%s\": %s", path, strerror(error));
    }
    struct resolve_loader loader = { .load = load_include, .context = loaded };
    loaded->input = resolve_read(arena, root, &loader, &loaded->diags);
    loaded->model = resolve_files(arena, loaded->input.files, loaded->input.nfiles,
                                  &loaded->diags);
    return NULL;
}

const char *load_schema(struct arena *arena, const char *path, struct loaded *loaded)
{
    const char *error = load_model(arena, path, loaded);
    if (error == NULL && loaded->diags.nerrors == 0) {
        loaded->stmts = stmts_of_model(arena, loaded->model);
        names_check(loaded->model, loaded->stmts, loaded->base, &loaded->diags);
    }
    return error;
}

struct str load_canonical(const struct loaded *loaded)
{
    struct buf text = { 0 };
    format_snapshot(loaded->arena, loaded->input.files, loaded->input.nfiles, &text);
    struct str canonical = buf_dup(&text, loaded->arena);
    buf_release(&text);
    return canonical;
}

const char *load_find(struct arena *arena, const char **path)
{
    *path = NULL;
    DIR *dir = opendir("schema");
    struct dirent *entry;
    size_t found = 0;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.' && has_suffix(str_of(entry->d_name))) {
            *path = path_join(arena, "schema", entry->d_name);
            found++;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    if (found == 1) {
        return NULL;
    }
    return found == 0 ? "there is no schema/*.schema here: name the schema file"
                      : "schema/ holds several schema files: name one of them";
}
