/* stamp_files.c: reads and hashes files. Must not know what a stamp is made of. */
#include "stamp_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "emit/emit.h"
#include "lang/includes.h"
#include "lang/resolve.h"

bool stamp_read(struct arena *arena, const char *path, struct str *text)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
           file_read(arena, path, text) == 0;
}

/* ---- schema files ---------------------------------------------------------------------- */

static bool walk(struct stamp_sources *sources, const char *path, int depth)
{
    struct arena *arena = sources->arena;
    struct str text;
    if (depth > RESOLVE_MAX_DEPTH || sources->list.n >= RESOLVE_MAX_INCLUDES ||
        !stamp_read(arena, path, &text)) {
        return false;
    }
    struct source *source = arena_new(arena, struct source);
    *source = (struct source){ .path = path, .text = text.s, .size = text.n };
    VEC_PUSH(arena, &sources->list, source);
    includes_list includes = { 0 };
    includes_find(arena, source, &includes);
    for (size_t i = 0; i < includes.n; i++) {
        struct str next = includes_path(arena, path, includes.items[i]);
        if (map_add(&sources->seen, arena, next, sources) == NULL &&
            !walk(sources, next.s, depth + 1)) {
            return false;
        }
    }
    return true;
}

bool stamp_sources_read(struct stamp_sources *sources, const char *path)
{
    struct str normal = includes_normal_path(sources->arena, str_of(path));
    map_add(&sources->seen, sources->arena, normal, sources);
    return walk(sources, path, 0);
}

/* ---- names ----------------------------------------------------------------------------- */

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name);
    size_t tail = strlen(ending);
    return n > tail && strcmp(name + n - tail, ending) == 0;
}

static bool is_wanted(const char *name, enum stamp_kind kind)
{
    switch (kind) {
    case STAMP_C:
        return ends_in(name, ".c") || ends_in(name, ".h");
    case STAMP_MIGRATIONS:
        return ends_in(name, ".up.sql") || ends_in(name, ".down.sql") ||
               ends_in(name, ".snapshot");
    }
    return false;
}

static bool is_draft(const struct stamp_files *files, const char *name)
{
    if (ends_in(name, ".snapshot")) {
        return false;
    }
    size_t id = strlen(name) -
                strlen(ends_in(name, ".up.sql") ? ".up.sql" : ".down.sql");
    const char *snapshot = arena_printf(files->arena, "%.*s.snapshot", (int)id, name);
    return map_find(&files->names, str_of(snapshot)) == NULL;
}

size_t stamp_files_drafts(const struct stamp_files *files)
{
    size_t n = 0;
    for (size_t i = 0; i < files->list.n; i++) {
        n += is_draft(files, files->list.items[i].name);
    }
    return n;
}

/* ---- files of a folder ----------------------------------------------------------------- */

void stamp_files_put(struct stamp_files *files, const char *path, struct digest digest)
{
    const char *slash = strrchr(path, '/');
    struct stamp_file file = { slash == NULL ? path : slash + 1, digest };
    VEC_PUSH(files->arena, &files->list, file);
    map_add(&files->names, files->arena, str_of(file.name), files);
}

/* Reads an open file over the buffer's text. */
static bool read_open(int fd, struct buf *text)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
        (size_t)status.st_size > FILE_MAX) {
        return false;
    }
    size_t size = (size_t)status.st_size;
    buf_clear(text);
    buf_room(text, size);
    while (text->n < size) {
        ssize_t got = read(fd, text->s + text->n, size - text->n);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        text->n += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static bool put_file(struct stamp_files *files, int folder, const char *name,
                     struct buf *text)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool done = fd >= 0 && read_open(fd, text);
    if (fd >= 0) {
        close(fd);
    }
    if (!done) {
        return false;
    }
    size_t at = emit_stamp_at(buf_view(text));
    if (at > 0) {
        memcpy(text->s + at, EMIT_NO_STAMP, EMIT_STAMP_SIZE);
    }
    stamp_files_put(files, arena_copy(files->arena, name, strlen(name)),
                    digest_of(buf_view(text)));
    return true;
}

bool stamp_files_read(struct stamp_files *files, const char *folder,
                      enum stamp_kind kind)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return errno == ENOENT;
    }
    struct buf text = { 0 };
    struct dirent *entry;
    bool done = true;
    while (done && (entry = readdir(dir)) != NULL) {
        if (is_wanted(entry->d_name, kind)) {
            done = put_file(files, dirfd(dir), entry->d_name, &text);
        } else {
            done = !outputs_is_leftover(entry->d_name);
        }
    }
    buf_release(&text);
    closedir(dir);
    return done;
}

/* ---- files to be ----------------------------------------------------------------------- */

static bool is_gone(const struct outputs *outputs, const char *path)
{
    for (size_t i = 0; i < outputs->gone.n; i++) {
        if (strcmp(outputs->gone.items[i], path) == 0) {
            return true;
        }
    }
    return false;
}

bool stamp_files_expect(struct stamp_files *files, const char *folder,
                        const struct outputs *outputs)
{
    struct arena *arena = files->arena;
    struct stamp_files there = { .arena = arena };
    if (!stamp_files_read(&there, folder, STAMP_MIGRATIONS)) {
        return false;
    }
    for (size_t i = 0; i < outputs->files.n; i++) {
        const struct output *file = &outputs->files.items[i];
        const char *slash = strrchr(file->path, '/');
        const char *name = slash == NULL ? file->path : slash + 1;
        if (is_wanted(name, STAMP_MIGRATIONS) &&
            strcmp(path_join(arena, folder, name), file->path) == 0) {
            stamp_files_put(files, file->path, file->digest);
        }
    }
    size_t ours = files->list.n;
    for (size_t i = 0; i < there.list.n; i++) {
        const struct stamp_file *file = &there.list.items[i];
        const char *path = path_join(arena, folder, file->name);
        if (!outputs_has(outputs, path) && !is_gone(outputs, path)) {
            stamp_files_put(files, path, file->digest);
        }
    }
    bool strange = false;
    for (size_t i = ours; i < files->list.n; i++) {
        strange = strange || is_draft(files, files->list.items[i].name);
    }
    return !strange;
}

static int compare_names(const void *a, const void *b)
{
    const struct stamp_file *x = a;
    const struct stamp_file *y = b;
    return strcmp(x->name, y->name);
}

struct digest stamp_files_digest(struct arena *arena, const struct stamp_files *files)
{
    size_t n = files->list.n;
    struct stamp_file *sorted = arena_array(arena, struct stamp_file, n + 1);
    if (n > 0) {
        memcpy(sorted, files->list.items, n * sizeof *sorted);
        qsort(sorted, n, sizeof *sorted, compare_names);
    }
    struct buf list = { 0 };
    for (size_t i = 0; i < n; i++) {
        buf_put(&list, sorted[i].name, strlen(sorted[i].name) + 1);
        digest_put(&list, sorted[i].digest);
    }
    struct digest digest = digest_of(buf_view(&list));
    buf_release(&list);
    return digest;
}
