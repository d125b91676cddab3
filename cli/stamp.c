/* stamp.c: hashes what a run reads and what it leaves. Must not know what any file says
 * but for its includes and its stamp. */
#include "stamp.h"

#include "emit/emit.h"
#include "emit/names.h"
#include "generator.h"
#include "stamp_files.h"

/* ---- what a run reads ------------------------------------------------------------------ */

static struct digest digest_inputs(struct arena *arena, const struct stamp_place *place,
                                   const struct stamp_sources *sources,
                                   const struct stamp_files *migrations)
{
    struct buf list = { 0 };
    const char *slash = strrchr(place->schema, '/');
    buf_printf(&list, "schemac %s\nunity %d\nno renames %d\nschema %s\n%zu files\n",
               generator_id, place->unity, place->no_renames,
               slash == NULL ? place->schema : slash + 1, sources->list.n);
    for (size_t i = 0; i < sources->list.n; i++) {
        const struct source *source = sources->list.items[i];
        digest_put(&list, digest_of((struct str){ source->text, source->size }));
    }
    digest_put(&list, stamp_files_digest(arena, migrations));
    struct digest digest = digest_of(buf_view(&list));
    buf_release(&list);
    return digest;
}

/* ---- is it current? -------------------------------------------------------------------- */

static bool digits_are(const char *digits, struct digest digest)
{
    char wanted[DIGEST_DIGITS];
    digest_hex(digest, wanted);
    return memcmp(digits, wanted, sizeof wanted) == 0;
}

/* A stamp's two numbers, or NULL where the umbrella has none but zeros. */
static const char *read_stamp(struct arena *arena, const char *path)
{
    struct str text;
    if (!stamp_read(arena, path, &text)) {
        return NULL;
    }
    size_t at = emit_stamp_at(text);
    bool none = at == 0 || memcmp(text.s + at, EMIT_NO_STAMP, EMIT_STAMP_SIZE) == 0;
    return none ? NULL : text.s + at;
}

static const char *umbrella_path(struct arena *arena, const struct stamp_place *place)
{
    struct str file = load_file_name(place->schema);
    struct str name = name_join(arena, name_file(arena, load_base(file)), STR(".h"),
                                STR(""));
    return path_join(arena, place->out, str_dup(arena, name));
}

static bool inputs_are(struct arena *arena, const struct stamp_place *place,
                       const char *stamp, struct stamp_found *found)
{
    struct stamp_sources sources = { .arena = arena };
    struct stamp_files migrations = { .arena = arena };
    if (!stamp_sources_read(&sources, place->schema) ||
        !stamp_files_read(&migrations, place->migrations, STAMP_MIGRATIONS) ||
        !digits_are(stamp, digest_inputs(arena, place, &sources, &migrations))) {
        return false;
    }
    for (size_t i = 0; i < sources.list.n; i++) {
        VEC_PUSH(arena, &found->paths, sources.list.items[i]->path);
    }
    found->nfiles += stamp_files_drafts(&migrations);
    return true;
}

bool stamp_is_current(struct arena *arena, const struct stamp_place *place,
                      struct stamp_found *found)
{
    *found = (struct stamp_found){ .umbrella = umbrella_path(arena, place) };
    const char *stamp = read_stamp(arena, found->umbrella);
    if (stamp == NULL || !inputs_are(arena, place, stamp, found)) {
        return false;
    }
    struct stamp_files files = { .arena = arena };
    if (!stamp_files_read(&files, place->out, STAMP_C)) {
        return false;
    }
    found->nfiles += files.list.n;
    return digits_are(stamp + DIGEST_DIGITS + 1, stamp_files_digest(arena, &files));
}

/* ---- making one ------------------------------------------------------------------------ */

/* The schema is read a second time, in the way that the next run will: it must come to the
 * very texts that were compiled. */
static bool same_sources(const struct stamp_sources *sources,
                         const struct loaded *loaded)
{
    bool same = sources->list.n == loaded->input.nfiles;
    for (size_t i = 0; same && i < sources->list.n; i++) {
        const struct source *a = sources->list.items[i];
        const struct source *b = loaded->input.files[i]->source;
        same = strcmp(a->path, b->path) == 0 &&
               str_eq((struct str){ a->text, a->size },
                      (struct str){ b->text, b->size });
    }
    return same;
}

bool stamp_make(const struct stamp_place *place, const struct loaded *loaded,
                const struct outputs *outputs, const struct output *umbrella,
                struct stamp *stamp)
{
    struct arena *arena = outputs->arena;
    struct stamp_sources sources = { .arena = arena };
    struct stamp_files migrations = { .arena = arena };
    struct stamp_files files = { .arena = arena };
    if (!stamp_sources_read(&sources, place->schema) ||
        !same_sources(&sources, loaded) ||
        !stamp_files_expect(&migrations, place->migrations, outputs)) {
        return false;
    }
    for (size_t i = 0; i < outputs->files.n; i++) {
        const struct output *file = &outputs->files.items[i];
        if (file->mark != NULL) {
            stamp_files_put(&files, file->path, file->digest);
        }
    }
    stamp_files_put(&files, umbrella->path, digest_of(umbrella->text));
    *stamp = (struct stamp){ digest_inputs(arena, place, &sources, &migrations),
                             stamp_files_digest(arena, &files) };
    return true;
}

/* ---- in the umbrella ------------------------------------------------------------------- */

struct str stamp_put(struct arena *arena, struct str umbrella,
                     const struct stamp *stamp)
{
    char *text = str_dup(arena, umbrella);
    size_t at = emit_stamp_at(umbrella);
    digest_hex(stamp->inputs, text + at);
    digest_hex(stamp->outputs, text + at + DIGEST_DIGITS + 1);
    return (struct str){ text, umbrella.n };
}

struct str stamp_same(struct arena *arena, const char *path, struct str umbrella)
{
    struct str there;
    if (!stamp_read(arena, path, &there) || there.n != umbrella.n ||
        emit_stamp_at(there) != emit_stamp_at(umbrella)) {
        return STR("");
    }
    char *bare = str_dup(arena, there);
    memcpy(bare + emit_stamp_at(there), EMIT_NO_STAMP, EMIT_STAMP_SIZE);
    return memcmp(bare, umbrella.s, umbrella.n) == 0 ? there : STR("");
}
