/* folder.c: see its header. It must not be pointed at a folder that holds folders. */
#include "folder.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        abort();
    }
}

struct folder folder_new(void)
{
    struct folder folder;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder.path, sizeof folder.path, "%s/schemac-test.XXXXXX",
             tmp ? tmp : "/tmp");
    check(mkdtemp(folder.path) != NULL, folder.path);
    return folder;
}

void folder_put(const struct folder *folder, const char *name, const char *format, ...)
{
    char path[512];
    va_list args;
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "w");
    check(file != NULL, path);
    va_start(args, format);
    vfprintf(file, format, args);
    va_end(args);
    check(fclose(file) == 0, path);
}

void folder_remove(const struct folder *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    check(unlink(path) == 0, path);
}

void folder_clear(struct folder *folder)
{
    DIR *dir = opendir(folder->path);
    check(dir != NULL, folder->path);
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            folder_remove(folder, entry->d_name);
    }
    closedir(dir);
    check(rmdir(folder->path) == 0, folder->path);
}
