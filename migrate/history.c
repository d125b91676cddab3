/* history.c: lists a folder of migrations. Knows nothing of what the files say. */
#include "history.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static const char SNAPSHOT[] = ".snapshot";

bool history_name_ok(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && n <= HISTORY_NAME_MAX && name[n] == '\0';
}

const char *history_path(const struct history *history, const char *id,
                         const char *suffix)
{
    const char *name = arena_printf(history->arena, "%s%s", id, suffix);
    return path_join(history->arena, history->folder, name);
}

/* The number of "0001_init.snapshot"; 0 when the name is no snapshot's. */
static unsigned snapshot_number(const char *name)
{
    size_t n = strlen(name);
    size_t tail = sizeof SNAPSHOT - 1;
    if (n <= tail + 5 || strcmp(name + n - tail, SNAPSHOT) != 0) {
        return 0;
    }
    unsigned number = 0;
    for (size_t i = 0; i < 4; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return 0;
        }
        number = number * 10 + (unsigned)(name[i] - '0');
    }
    return name[4] == '_' ? number : 0;
}

static const char *check_file(const struct history *history, const char *id,
                              const char *suffix)
{
    const char *path = history_path(history, id, suffix);
    if (access(path, F_OK) == 0) {
        return NULL;
    }
    return arena_printf(history->arena,
                        "\"%s\" is missing: the sealed migration %s is not whole", path,
                        id);
}

static int compare_entries(const void *a, const void *b)
{
    const struct history_entry *x = a;
    const struct history_entry *y = b;
    return strcmp(x->id, y->id);
}

/* "0002_draft.up.sql": also one that another branch has overtaken. */
static bool is_draft(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits == 4 && (strcmp(name + 4, "_" HISTORY_DRAFT ".up.sql") == 0 ||
                           strcmp(name + 4, "_" HISTORY_DRAFT ".down.sql") == 0);
}

static void list_sealed(struct history *history, DIR *dir)
{
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        const char *name = entry->d_name;
        unsigned number = snapshot_number(name);
        if (number > 0) {
            size_t n = strlen(name) - (sizeof SNAPSHOT - 1);
            struct history_entry sealed = { .id = arena_copy(history->arena, name, n),
                                            .number = number };
            VEC_PUSH(history->arena, &history->sealed, sealed);
        } else if (is_draft(name)) {
            const char *draft = arena_copy(history->arena, name, strlen(name));
            VEC_PUSH(history->arena, &history->drafts, draft);
        }
    }
    if (history->sealed.n > 1) {
        /* Numbers have four digits, so that their order is that of the text. */
        qsort(history->sealed.items, history->sealed.n, sizeof *history->sealed.items,
              compare_entries);
    }
}

const char *history_read(struct arena *arena, const char *folder,
                         struct history *history)
{
    *history = (struct history){ .arena = arena, .folder = folder };
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return errno == ENOENT
                   ? NULL
                   : arena_printf(arena, "cannot read the folder \"%s\": %s", folder,
                                  strerror(errno));
    }
    list_sealed(history, dir);
    closedir(dir);
    const char *error = NULL;
    for (size_t i = 0; i < history->sealed.n && error == NULL; i++) {
        error = check_file(history, history->sealed.items[i].id, ".up.sql");
        if (error == NULL) {
            error = check_file(history, history->sealed.items[i].id, ".down.sql");
        }
    }
    return error;
}

const struct history_entry *history_head(const struct history *history)
{
    size_t n = history->sealed.n;
    return n == 0 ? NULL : &history->sealed.items[n - 1];
}
