/* folder.c: a set of migrations out of a folder, or of texts that a program carries. Must
 * not know of databases. */
#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 256 * 1024 * 1024 };

static const char UP[] = ".up.sql";

/* ---- reading files ------------------------------------------------------------------- */

static bool read_into(FILE *file, struct scm_text *text)
{
    char part[4096];
    size_t n;
    while ((n = fread(part, 1, sizeof part - 1, file)) > 0) {
        part[n] = '\0';
        if (strlen(part) != n || text->n + n > FILE_LIMIT)
            return false;
        scm_put(text, part);
    }
    return !ferror(file);
}

const char *scm_read_file(struct scm_arena *arena, const char *path, const char **why)
{
    FILE *file = fopen(path, "rb");
    struct scm_text text = { 0 };
    errno = file ? 0 : errno;
    bool ok = file && read_into(file, &text);
    *why = errno ? strerror(errno) : "it holds a NUL byte, or is too large";
    const char *copy = ok && !text.failed
                           ? scm_copy(arena, text.s ? text.s : "", text.n)
                           : NULL;
    if (ok && text.failed)
        arena->failed = true;
    if (file)
        fclose(file);
    scm_text_release(&text);
    return copy;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t n = strlen(name), tail = strlen(suffix);
    return n > tail && strcmp(name + n - tail, suffix) == 0;
}

static void add_name(struct scm_arena *arena, struct scm_names *names, size_t *room,
                     const char *name)
{
    if (names->n == *room) {
        size_t more = *room ? *room * 2 : 64;
        const char **items = scm_alloc(arena, more * sizeof *items);
        if (!items)
            return;
        if (names->n)
            memcpy(items, names->items, names->n * sizeof *items);
        names->items = items;
        *room = more;
    }
    names->items[names->n++] = scm_copy(arena, name, strlen(name));
}

int scm_list(struct scm_arena *arena, const char *folder, const char *suffix,
             struct scm_names *names)
{
    size_t room = 0;
    *names = (struct scm_names){ 0 };
    DIR *dir = opendir(folder);
    if (!dir)
        return -1;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.' && ends_in(entry->d_name, suffix))
            add_name(arena, names, &room, entry->d_name);
    }
    closedir(dir);
    if (names->n > 1)
        qsort(names->items, names->n, sizeof *names->items, compare_names);
    return 0;
}

/* ---- one migration --------------------------------------------------------------------- */

/* "lossy: auth.users.name" */
static void read_down(struct sc_migration *face, const char *down)
{
    static const struct {
        const char *word;
        enum sc_down down;
    } WORDS[] = { { "lossy", SC_DOWN_LOSSY }, { "impossible", SC_DOWN_IMPOSSIBLE } };
    face->down_why = "";
    for (size_t i = 0; i < SCM_COUNT(WORDS); i++) {
        size_t n = strlen(WORDS[i].word);
        if (strncmp(down, WORDS[i].word, n) != 0)
            continue;
        face->down = WORDS[i].down;
        face->down_why = down + n + strspn(down + n, ": ");
    }
}

static bool destroys(const char *hazards)
{
    static const char *const WORDS[] = { "drop:", "narrow:", "irreversible:" };
    for (size_t i = 0; i < SCM_COUNT(WORDS); i++) {
        const char *hit = strstr(hazards, WORDS[i]);
        if (hit && (hit == hazards || hit[-1] == ' '))
            return true;
    }
    return false;
}

static void show(struct scm_migration *m)
{
    struct sc_migration *face = &m->face;
    const struct scm_script *up = &m->up, *down = &m->down;
    face->title = up->title;
    face->path = up->path;
    face->id = up->id;
    face->parents[0] = up->parents[0];
    face->parents[1] = up->parents[1];
    face->from = up->from;
    face->to = up->to;
    face->sum = up->sum;
    face->up_hash = up->hash;
    face->down_hash = down->text ? down->hash : "";
    face->order = up->order;
    face->hazards = up->hazards;
    face->breaks = up->breaks;
    face->checks = (int)up->nchecks;
    face->steps = (int)up->nsteps;
    face->up = up->text;
    face->down_sql = down->text ? down->text : "";
    face->unknown = scm_unknown(up);
    face->down_unknown = down->text && scm_unknown(down);
    face->destroys = face->unknown || destroys(up->hazards);
    read_down(face, up->down);
    if (!down->text) {
        face->down = SC_DOWN_IMPOSSIBLE;
        face->down_why = "it has no down file";
    }
}

static enum sc_status put(struct sc_migrations *set, const char *prefix,
                          const struct sc_migration_text *text,
                          struct sc_migrate_error *err)
{
    struct scm_migration *m = &set->items[set->n++];
    m->face.name = text->id;
    m->face.draft = !text->snapshot;
    m->commutes = text->commutes;
    const char *path = scm_printf(&set->arena, "%s%s%s", prefix, text->id, UP);
    enum sc_status status = scm_script_read(&set->arena, path, text->up, &m->up, err);
    if (status == SC_OK && text->down) {
        path = scm_printf(&set->arena, "%s%s.down.sql", prefix, text->id);
        status = scm_script_read(&set->arena, path, text->down, &m->down, err);
    }
    if (status == SC_OK)
        show(m);
    else
        snprintf(err->migration, sizeof err->migration, "%s", text->id);
    return status;
}

/* Ends a reading: the set in order, or nothing. */
static enum sc_status finish(struct sc_migrations *made, enum sc_status status,
                             struct sc_migrations **set, struct sc_migrate_error *err)
{
    if (status == SC_OK)
        status = scm_chain(made, err);
    if (status == SC_OK && made->arena.failed)
        status = scm_no_memory(err);
    if (status != SC_OK) {
        sc_migrations_free(made);
        made = NULL;
    }
    *set = made;
    return status;
}

static struct sc_migrations *set_new(size_t n)
{
    struct sc_migrations *set = calloc(1, sizeof *set);
    if (set)
        set->items = scm_alloc(&set->arena, (n + 1) * sizeof *set->items);
    return set;
}

static enum sc_status read_one(struct sc_migrations *set, const char *folder,
                               const char *file, struct sc_migrate_error *err)
{
    const char *why = NULL;
    struct scm_arena *arena = &set->arena;
    struct sc_migration_text text = { 0 };
    text.id = scm_copy(arena, file, strlen(file) - strlen(UP));
    const char *prefix = scm_printf(arena, "%s/%s", folder, text.id);
    const char *path = scm_printf(arena, "%s%s", prefix, UP);
    text.up = scm_read_file(arena, path, &why);
    if (text.up) {
        path = scm_printf(arena, "%s.down.sql", prefix);
        text.down = scm_read_file(arena, path, &why);
    }
    if (arena->failed)
        return scm_no_memory(err);
    if (!text.up || (!text.down && access(path, F_OK) == 0)) {
        enum sc_status status = scm_fail(err, SC_MISUSE, SC_TROUBLE_FILE,
                                         "cannot read \"%s\": %s", path, why);
        snprintf(err->migration, sizeof err->migration, "%s", text.id);
        snprintf(err->file, sizeof err->file, "%s", path);
        return status;
    }
    const char *snapshot = scm_printf(arena, "%s.snapshot", prefix);
    text.snapshot = access(snapshot, F_OK) == 0 ? "" : NULL;
    return put(set, scm_printf(arena, "%s/", folder), &text, err);
}

/* ---- doors ------------------------------------------------------------------------------ */

enum sc_status sc_migrations_read(const char *folder, struct sc_migrations **set,
                                  struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    struct scm_arena arena = { 0 };
    struct scm_names names;
    enum sc_status status = SC_OK;
    err = err ? err : &unread;
    *set = NULL;
    if (scm_list(&arena, folder, UP, &names) != 0 && errno != ENOENT) {
        status = scm_fail(err, SC_MISUSE, SC_TROUBLE_FILE,
                          "cannot read the folder \"%s\": %s", folder, strerror(errno));
        snprintf(err->file, sizeof err->file, "%s", folder);
        scm_release(&arena);
        return status;
    }
    struct sc_migrations *made = arena.failed ? NULL : set_new(names.n);
    if (!made || !made->items) {
        scm_release(&arena);
        sc_migrations_free(made);
        return scm_no_memory(err);
    }
    for (size_t i = 0; i < names.n && status == SC_OK; i++)
        status = read_one(made, folder, names.items[i], err);
    scm_release(&arena);
    return finish(made, status, set, err);
}

enum sc_status sc_migrations_embed(const struct sc_migration_text *texts, size_t ntexts,
                                   struct sc_migrations **set,
                                   struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    enum sc_status status = SC_OK;
    err = err ? err : &unread;
    *set = NULL;
    struct sc_migrations *made = set_new(ntexts);
    if (!made || !made->items) {
        sc_migrations_free(made);
        return scm_no_memory(err);
    }
    for (size_t i = 0; i < ntexts && status == SC_OK; i++)
        status = put(made, "", &texts[i], err);
    return finish(made, status, set, err);
}

void sc_migrations_free(struct sc_migrations *set)
{
    if (!set)
        return;
    scm_release(&set->arena);
    free(set);
}

size_t sc_migrations_count(const struct sc_migrations *set)
{
    return set->n;
}

const struct sc_migration *sc_migrations_at(const struct sc_migrations *set, size_t i)
{
    return i < set->n ? &set->items[i].face : NULL;
}

const char *sc_migrations_note(const struct sc_migrations *set, size_t i, bool down,
                               int step, const char *key)
{
    if (i >= set->n)
        return NULL;
    const struct scm_script *script = down ? &set->items[i].down : &set->items[i].up;
    bool there = step >= 1 && (size_t)step <= script->nsteps;
    return there ? scm_note(&script->steps[step - 1], key) : NULL;
}

int scm_find(const struct sc_migrations *set, const char *name)
{
    for (size_t i = 0; i < set->n; i++) {
        if (strcmp(set->items[i].face.name, name) == 0)
            return (int)i;
    }
    return -1;
}
