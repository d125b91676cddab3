/* file.c: a whole file into memory. Must not write, and must not say what went wrong but
 * by errno. */
#include "file.h"
#include "buf.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads up to n bytes, fewer only at the end of the file; -1: errno says why. */
static ssize_t read_full(int fd, char *to, size_t n)
{
    size_t have = 0;
    while (have < n) {
        ssize_t got = read(fd, to + have, n - have);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static int read_regular(struct arena *arena, int fd, size_t size, struct str *text)
{
    char *s = arena_alloc(arena, size + 1);
    ssize_t got = read_full(fd, s, size);
    if (got < 0) {
        return errno;
    }
    s[got] = '\0';
    *text = (struct str){ s, (size_t)got };
    return 0;
}

/* A pipe or a device: its size is known at its end. */
static int read_stream(struct arena *arena, int fd, struct str *text)
{
    struct buf buf = { 0 };
    char chunk[4096];
    ssize_t got;
    while ((got = read_full(fd, chunk, sizeof chunk)) > 0 && buf.n <= FILE_MAX) {
        buf_put(&buf, chunk, (size_t)got);
    }
    int failed = got < 0 ? errno : buf.n > FILE_MAX ? EFBIG : 0;
    if (!failed) {
        *text = buf_dup(&buf, arena);
    }
    buf_release(&buf);
    return failed;
}

static int read_open(struct arena *arena, int fd, struct str *text)
{
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return errno;
    }
    if (S_ISDIR(info.st_mode)) {
        return EISDIR;
    }
    if (!S_ISREG(info.st_mode)) {
        return read_stream(arena, fd, text);
    }
    if ((size_t)info.st_size > FILE_MAX) {
        return EFBIG;
    }
    return read_regular(arena, fd, (size_t)info.st_size, text);
}

int file_read(struct arena *arena, const char *path, struct str *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    int failed = read_open(arena, fd, text);
    (void)close(fd);
    return failed;
}
