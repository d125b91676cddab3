/* merge_tool.c: merges two schemas that come from one parent, for tests/pairs/merge.py:
 *
 *     merge_tool PARENT.schema A.schema B.schema
 *
 * prints the schema of both; exits with 1 and the tree of what is in the way when there is
 * none, with 2 when a file is no schema. */
#include <stdio.h>

#include "base/file.h"
#include "lang/format.h"
#include "lang/parser.h"
#include "migrate/merge.h"

static bool read_canonical(struct arena *arena, const char *path, struct diags *diags,
                           struct str *canonical)
{
    struct str text;
    if (file_read(arena, path, &text) != 0) {
        fprintf(stderr, "cannot read %s\n", path);
        return false;
    }
    struct source *source = arena_new(arena, struct source);
    *source = (struct source){ .path = path, .text = text.s, .size = text.n };
    const struct ast_file *file = parse_source(arena, source, diags);
    if (!file->ok)
        return true; /* diags say why */
    struct buf out = { 0 };
    format_snapshot(arena, &file, 1, &out);
    *canonical = buf_dup(&out, arena);
    buf_release(&out);
    return true;
}

static int merge_files(struct arena *arena, char **paths)
{
    struct diags diags = { .arena = arena };
    struct merge_request request = { .parent = { .id = "parent" },
                                     .heads = { { .id = "a" }, { .id = "b" } } };
    struct str *texts[] = { &request.parent.snapshot, &request.heads[0].snapshot,
                            &request.heads[1].snapshot };
    for (size_t i = 0; i < 3; i++) {
        if (!read_canonical(arena, paths[i], &diags, texts[i]))
            return 2;
    }
    struct merge *merge = diags.nerrors ? NULL : merge_heads(arena, &request, &diags);
    if (!merge) {
        struct buf text = { 0 };
        diag_render_text(&diags, (struct diag_style){ 0 }, &text);
        fputs(text.s, stderr);
        buf_release(&text);
        return 2;
    }
    if (merge->conflicts.n) {
        fputs(merge->report.s, stderr);
        return 1;
    }
    fwrite(merge->snapshot.s, 1, merge->snapshot.n, stdout);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 3;
    struct arena arena = { 0 };
    int status = merge_files(&arena, argv + 1);
    arena_release(&arena);
    return status;
}
