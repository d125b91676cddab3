/* outputs.c: compares, writes aside, renames. Knows nothing of what the files hold. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "outputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bug.h"

/* What a file is called until it is renamed: its name, this and the process. */
#define TEMPORARY ".tmp"

static const char *failure(struct outputs *outputs, const char *what, const char *path)
{
    return arena_printf(outputs->arena, "cannot %s \"%s\": %s", what, path,
                        strerror(errno));
}

const char *path_join(struct arena *arena, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/') {
        n--;
    }
    const char *slash = n == 0 || folder[n - 1] == '/' ? "" : "/";
    return arena_printf(arena, "%.*s%s%s", (int)n, folder, slash, name);
}

bool outputs_has(const struct outputs *outputs, const char *path)
{
    return map_find(&outputs->paths, str_of(path)) != NULL;
}

void outputs_remove(struct outputs *outputs, const char *path)
{
    if (access(path, F_OK) == 0) {
        VEC_PUSH(outputs->arena, &outputs->gone, path);
    }
}

size_t outputs_count(const struct outputs *outputs, enum output_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < outputs->files.n; i++) {
        count += outputs->files.items[i].state == state;
    }
    return count;
}

/* ---- looking ---------------------------------------------------------------------- */

/* memmem, which POSIX does not have. */
static bool has_mark(const char *head, size_t n, const char *mark)
{
    size_t size = strlen(mark);
    for (size_t i = 0; i + size <= n && i < OUTPUT_MARK_MAX; i++) {
        if (memcmp(head + i, mark, size) == 0) {
            return true;
        }
    }
    return false;
}

/* Fills the buffer unless the file ends before. */
static ssize_t read_full(int fd, char *buffer, size_t size)
{
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(fd, buffer + n, size - n);
        if (got < 0 && errno != EINTR) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        n += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)n;
}

/* The name between the banner and ":", in the first bytes of a file; or n is 0. */
static struct str made_of(const struct outputs *outputs, const char *head, size_t n)
{
    size_t start = outputs->banner == NULL ? 0 : strlen(outputs->banner);
    if (start == 0 || n <= start || memcmp(head, outputs->banner, start) != 0) {
        return STR("");
    }
    const char *end = memchr(head + start, ':', n - start);
    return end == NULL ? STR("")
                       : (struct str){ head + start, (size_t)(end - head) - start };
}

static const char *foreign(struct outputs *outputs, const char *path, struct str head)
{
    struct str other = made_of(outputs, head.s, head.n);
    if (other.n > 0) {
        return arena_printf(outputs->arena,
                            "\"%s\" was generated from %.*s, not from %s: each schema "
                            "needs a folder of its own (if the schema was renamed, "
                            "remove that file)",
                            path, STR_ARGS(other), outputs->origin);
    }
    return arena_printf(outputs->arena,
                        "\"%s\" was not generated from %s: generated files need a "
                        "folder of their own",
                        path, outputs->origin);
}

/* Compares an open file with what it should hold, a piece at a time. */
static const char *compare_open(struct outputs *outputs, struct output *file, int fd,
                                size_t size)
{
    char piece[16384];
    size_t at = 0;
    file->state = OUTPUT_CHANGED;
    do {
        size_t wanted = size - at < sizeof piece ? size - at : sizeof piece;
        ssize_t got = read_full(fd, piece, wanted);
        if (got < 0) {
            return failure(outputs, "read", file->path);
        }
        if (at == 0 && file->mark != NULL &&
            !has_mark(piece, (size_t)got, file->mark)) {
            return foreign(outputs, file->path, (struct str){ piece, (size_t)got });
        }
        if (size != file->text.n || (size_t)got != wanted ||
            (wanted > 0 && memcmp(piece, file->text.s + at, wanted) != 0)) {
            return NULL;
        }
        at += wanted;
    } while (at < size);
    file->state = OUTPUT_UNCHANGED;
    return NULL;
}

static const char *compare_one(struct outputs *outputs, struct output *file)
{
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) {
        file->state = OUTPUT_NEW;
        return NULL;
    }
    if (fd < 0) {
        return failure(outputs, "read", file->path);
    }
    struct stat status = { .st_mode = 0 };
    const char *error;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        error = arena_printf(
            outputs->arena, "\"%s\" is in the way: it is no ordinary file", file->path);
    } else {
        error = compare_open(outputs, file, fd, (size_t)status.st_size);
    }
    file->mode = (unsigned)status.st_mode & 07777U;
    close(fd);
    return error;
}

/* ---- writing ---------------------------------------------------------------------- */

/* Makes the folders above a path, from the outermost. */
static const char *make_folders(struct outputs *outputs, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        char *folder = arena_copy(outputs->arena, path, (size_t)(slash - path));
        if (mkdir(folder, 0777) == 0) {
            VEC_PUSH(outputs->arena, &outputs->made, folder);
        } else if (errno != EEXIST) {
            return failure(outputs, "make the folder", folder);
        }
    }
    return NULL;
}

static int write_full(int fd, struct str text)
{
    size_t at = 0;
    while (at < text.n) {
        ssize_t put = write(fd, text.s + at, text.n - at);
        if (put < 0 && errno != EINTR) {
            return -1;
        }
        at += put > 0 ? (size_t)put : 0;
    }
    return 0;
}

/* Where the bytes belong: behind a link if the path is one. */
static const char *find_target(struct outputs *outputs, const struct output *file)
{
    struct stat status;
    if (file->state == OUTPUT_NEW || lstat(file->path, &status) != 0 ||
        !S_ISLNK(status.st_mode)) {
        return file->path;
    }
    char *real = realpath(file->path, NULL);
    const char *target = real == NULL ? file->path
                                      : arena_copy(outputs->arena, real, strlen(real));
    free(real);
    return target;
}

static const char *write_aside(struct outputs *outputs, struct output *file)
{
    file->target = find_target(outputs, file);
    char *temporary = arena_printf(outputs->arena, "%s" TEMPORARY "%ld", file->target,
                                   (long)getpid());
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int fd = open(temporary, flags, 0666);
    if (fd < 0 && errno == EEXIST && unlink(temporary) == 0) {
        /* Of a killed run with our number, as runs in a container have it. */
        fd = open(temporary, flags, 0666);
    }
    if (fd < 0) {
        return failure(outputs, "write", file->path);
    }
    file->temporary = temporary;
    int failed = write_full(fd, file->text);
    if (file->state == OUTPUT_CHANGED) {
        failed |= fchmod(fd, (mode_t)file->mode);
    }
    if (file->durable) {
        failed |= fsync(fd);
    }
    /* A full disk may show only now. */
    failed |= close(fd);
    return failed != 0 ? failure(outputs, "write", file->path) : NULL;
}

/* The same, and ahead of it makes the folder, unless it did so for the last file. */
static const char *write_one(struct outputs *outputs, struct output *file)
{
    const char *slash = strrchr(file->path, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - file->path);
    struct str folder = { file->path, n };
    if (outputs->folder.s == NULL || !str_eq(folder, outputs->folder)) {
        const char *error = make_folders(outputs, file->path);
        if (error != NULL) {
            return error;
        }
        outputs->folder = folder;
    }
    return write_aside(outputs, file);
}

/* From the first file that is written on, signals that end the program wait. */
static void hold_signals(struct outputs *outputs)
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGHUP);
    if (!outputs->holds) {
        sigprocmask(SIG_BLOCK, &ending, &outputs->held);
        outputs->holds = true;
    }
}

/* ---- adding ------------------------------------------------------------------------- */

void outputs_add(struct outputs *outputs, const char *path, struct str text,
                 const char *mark)
{
    if (map_add(&outputs->paths, outputs->arena, str_of(path), outputs) != NULL) {
        BUG("the same file is written twice");
    }
    struct output file = { .path = path,
                           .text = text,
                           .digest = digest_of(text),
                           .mark = mark,
                           .durable = outputs->durable };
    const char *error = compare_one(outputs, &file);
    if (outputs->error == NULL) {
        outputs->error = error;
    }
    bool kept = outputs->error == NULL && file.state != OUTPUT_UNCHANGED;
    if (kept && outputs->early) {
        hold_signals(outputs);
        outputs->error = write_one(outputs, &file);
        kept = false;
    }
    file.text = kept ? (struct str){ str_dup(outputs->arena, text), text.n } : STR("");
    VEC_PUSH(outputs->arena, &outputs->files, file);
}

static bool is_c_file(const char *name)
{
    size_t n = strlen(name);
    return n > 2 && name[n - 2] == '.' && (name[n - 1] == 'c' || name[n - 1] == 'h');
}

static bool is_one_of_ours(const char *name, size_t n)
{
    static const char *const endings[] = { ".c", ".h", ".sql", ".snapshot" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t tail = strlen(endings[i]);
        if (n > tail && memcmp(name + n - tail, endings[i], tail) == 0) {
            return true;
        }
    }
    return false;
}

bool outputs_is_leftover(const char *name)
{
    const char *tail = strrchr(name, '.');
    const size_t n = sizeof TEMPORARY - 1;
    if (tail == NULL || strncmp(tail, TEMPORARY, n) != 0 ||
        !is_one_of_ours(name, (size_t)(tail - name))) {
        return false;
    }
    char *end = NULL;
    long pid = tail[n] >= '1' && tail[n] <= '9' ? strtol(tail + n, &end, 10) : 0;
    if (pid <= 0 || pid >= INT_MAX || *end != '\0') {
        return false;
    }
    return kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* It begins as our files do, or ends before that. */
static void put_leftover(struct outputs *outputs, const char *path, const char *mark)
{
    char head[OUTPUT_MARK_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = fd < 0 ? -1 : read_full(fd, head, sizeof head);
    if (got == 0 || (got > 0 && has_mark(head, (size_t)got, mark))) {
        VEC_PUSH(outputs->arena, &outputs->leftovers, path);
    }
    if (fd >= 0) {
        close(fd);
    }
}

/* A C file that is not in the set: ours and gone, or somebody else's. */
static const char *sweep_one(struct outputs *outputs, const char *path,
                             const char *mark)
{
    char head[OUTPUT_MARK_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = fd < 0 ? -1 : read_full(fd, head, sizeof head);
    const char *error = NULL;
    if (got < 0) {
        error = failure(outputs, "read", path);
    } else if (!has_mark(head, (size_t)got, mark)) {
        error = foreign(outputs, path, (struct str){ head, (size_t)got });
    } else {
        VEC_PUSH(outputs->arena, &outputs->gone, path);
    }
    if (fd >= 0) {
        close(fd);
    }
    return error;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *sweep_open(struct outputs *outputs, DIR *dir, const char *folder,
                              const char *mark)
{
    VEC(const char *) strangers = { 0 };
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        const char *path = path_join(outputs->arena, folder, entry->d_name);
        if (is_c_file(entry->d_name) &&
            map_find(&outputs->paths, str_of(path)) == NULL) {
            VEC_PUSH(outputs->arena, &strangers, path);
        } else if (outputs_is_leftover(entry->d_name)) {
            put_leftover(outputs, path, mark);
        }
    }
    if (strangers.n > 1) {
        qsort(strangers.items, strangers.n, sizeof *strangers.items, compare_paths);
    }
    for (size_t i = 0; i < strangers.n; i++) {
        const char *error = sweep_one(outputs, strangers.items[i], mark);
        if (error != NULL) {
            return error;
        }
    }
    return NULL;
}

void outputs_tidy(struct outputs *outputs, const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (outputs_is_leftover(entry->d_name)) {
            VEC_PUSH(outputs->arena, &outputs->leftovers,
                     path_join(outputs->arena, folder, entry->d_name));
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

bool outputs_is_bare(const char *folder)
{
    DIR *dir = opendir(folder[0] == '\0' ? "." : folder);
    bool bare = dir != NULL || errno == ENOENT;
    struct dirent *entry;
    while (dir != NULL && bare && (entry = readdir(dir)) != NULL) {
        bare = !is_c_file(entry->d_name);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return bare;
}

const char *outputs_sweep(struct outputs *outputs, const char *folder, const char *mark)
{
    DIR *dir = opendir(folder[0] == '\0' ? "." : folder);
    if (dir == NULL) {
        return errno == ENOENT ? NULL : failure(outputs, "read the folder", folder);
    }
    const char *error = sweep_open(outputs, dir, folder, mark);
    closedir(dir);
    return error;
}

/* ---- the end ------------------------------------------------------------------------ */

static const char *write_all_aside(struct outputs *outputs)
{
    const char *error = NULL;
    for (size_t i = 0; i < outputs->files.n && error == NULL; i++) {
        struct output *file = &outputs->files.items[i];
        if (file->state != OUTPUT_UNCHANGED && file->temporary == NULL) {
            error = write_one(outputs, file);
        }
    }
    return error;
}

/* The names in the folder of a path. A file system that cannot (EINVAL) is left alone. */
static int sync_folder(struct outputs *outputs, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL ? "."
                         : slash == path
                             ? "/"
                             : arena_copy(outputs->arena, path, (size_t)(slash - path));
    int fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    int failed = fd < 0 || (fsync(fd) != 0 && errno != EINVAL) ? -1 : 0;
    if (fd >= 0) {
        close(fd);
    }
    return failed;
}

/* The folder of the durable files, which is one, and those above that were made. */
static const char *sync_folders(struct outputs *outputs)
{
    const char *last = NULL;
    for (size_t i = 0; i < outputs->files.n; i++) {
        const struct output *file = &outputs->files.items[i];
        last = file->durable && file->target != NULL ? file->target : last;
    }
    if (last == NULL) {
        return NULL;
    }
    for (size_t i = outputs->made.n; i > 0; i--) {
        if (sync_folder(outputs, outputs->made.items[i - 1]) != 0) {
            return failure(outputs, "write", outputs->made.items[i - 1]);
        }
    }
    return sync_folder(outputs, last) != 0 ? failure(outputs, "write", last) : NULL;
}

static const char *remove_gone(struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->gone.n; i++) {
        const char *path = outputs->gone.items[i];
        if (unlink(path) != 0 && errno != ENOENT) {
            return failure(outputs, "remove", path);
        }
    }
    return NULL;
}

static const char *put_in_place(struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->files.n; i++) {
        struct output *file = &outputs->files.items[i];
        if (file->temporary != NULL && rename(file->temporary, file->target) != 0) {
            return failure(outputs, "write", file->path);
        }
        file->temporary = NULL;
    }
    const char *error = sync_folders(outputs);
    return error != NULL ? error : remove_gone(outputs);
}

static void undo(struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->files.n; i++) {
        struct output *file = &outputs->files.items[i];
        if (file->temporary != NULL) {
            unlink(file->temporary);
            file->temporary = NULL;
        }
    }
    while (outputs->made.n > 0) {
        rmdir(outputs->made.items[--outputs->made.n]);
    }
}

void outputs_abandon(struct outputs *outputs)
{
    undo(outputs);
    if (outputs->holds) {
        sigprocmask(SIG_SETMASK, &outputs->held, NULL);
        outputs->holds = false;
    }
}

const char *outputs_commit(struct outputs *outputs)
{
    hold_signals(outputs);
    const char *error = outputs->error;
    if (error == NULL) {
        for (size_t i = 0; i < outputs->leftovers.n; i++) {
            unlink(outputs->leftovers.items[i]);
        }
        error = write_all_aside(outputs);
    }
    if (error == NULL) {
        error = put_in_place(outputs);
    }
    if (error == NULL) {
        outputs->made.n = 0;
    }
    outputs_abandon(outputs);
    return error;
}
