/* errors_test.c: every tests/errors/NAME.schema gives exactly the text of NAME.expected.
 * With UPDATE_EXPECTED=1 in the environment it writes those files instead; read the
 * difference before committing it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "emit/names.h"
#include "lang/resolve.h"

#define FOLDER TEST_ROOT "/tests/errors/"

enum { MAX_CASES = 1000 };

static struct CMUnitTest cases[MAX_CASES];
static size_t ncases;

/* ---- one case ----------------------------------------------------------------------- */

/* Paths are shown without the folder: the same text wherever the tree stands. */
static struct source *load(void *context, const char *path, const char **reason)
{
    struct arena *arena = context;
    struct str text;
    if (file_read(arena, arena_printf(arena, FOLDER "%s", path), &text) != 0) {
        *reason = "No such file or directory";
        return NULL;
    }
    struct source *source = arena_new(arena, struct source);
    source->path = arena_printf(arena, "%s", path);
    source->text = text.s;
    source->size = text.n;
    return source;
}

static void render(struct arena *arena, const char *name, struct buf *out)
{
    const char *reason = NULL;
    struct source *root = load(arena, arena_printf(arena, "%s.schema", name), &reason);
    assert_non_null(root);
    struct diags diags = { .arena = arena };
    struct resolve_loader loader = { load, arena };
    struct model *model = resolve(arena, root, &loader, &diags);
    if (diags.nerrors == 0)
        names_check(model, stmts_of_model(arena, model), str_of(name), &diags);
    diag_render_text(&diags, (struct diag_style){ 0 }, out);
    if (out->n == 0)
        buf_puts(out, "nothing to say\n");
}

static void update(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.s, 1, text.n, file), text.n);
    assert_int_equal(fclose(file), 0);
}

static void run_case(void **state)
{
    const char *name = *state;
    struct arena arena = { 0 };
    struct buf out = { 0 };
    render(&arena, name, &out);
    const char *path = arena_printf(&arena, FOLDER "%s.expected", name);
    if (getenv("UPDATE_EXPECTED")) {
        update(path, buf_view(&out));
    } else {
        struct str expected = { "", 0 };
        if (file_read(&arena, path, &expected) != 0)
            print_error("no %s\n", path);
        assert_string_equal(buf_view(&out).s, expected.s);
    }
    buf_release(&out);
    arena_release(&arena);
}

/* ---- every code has a case ------------------------------------------------------------ */

struct code {
    int number;
    const char *slug;
};
static const struct code codes[] = {
#define CODE(number, slug, meaning) { (number), #slug },
#include "lang/codes.def"
};

/* Whether an expected file whose name begins with the slug shows the code. */
static bool has_case(struct arena *arena, const struct code *code)
{
    const char *error = arena_printf(arena, "error[E%04d]", code->number);
    const char *warning = arena_printf(arena, "warning[W%04d]", code->number);
    for (size_t i = 0; i < ncases; i++) {
        struct str text;
        const char *path = arena_printf(arena, FOLDER "%s.expected", cases[i].name);
        if (strncmp(cases[i].name, code->slug, strlen(code->slug)) != 0 ||
            file_read(arena, path, &text) != 0)
            continue;
        if (strstr(text.s, error) || strstr(text.s, warning))
            return true;
    }
    return false;
}

static void test_every_code_has_a_case(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    size_t missing = 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        /* No file is large enough for 113; encoding_check has a unit test. From 501 on
         * it takes two files to make a mistake: the tests of migrate have them. */
        if (codes[i].number == 113 || codes[i].number > 500 ||
            has_case(&arena, &codes[i]))
            continue;
        print_error("no case for %s (%d)\n", codes[i].slug, codes[i].number);
        missing++;
    }
    arena_release(&arena);
    assert_int_equal(missing, 0);
}

/* ---- all of them ------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct CMUnitTest *)a)->name,
                  ((const struct CMUnitTest *)b)->name);
}

/* NAME.schema is a case unless its name begins with "included": other cases
 * include those. */
static void add_case(struct arena *arena, const char *file)
{
    const char *suffix = strstr(file, ".schema");
    if (!suffix || strncmp(file, "included", 8) == 0 || ncases == MAX_CASES)
        return;
    char *name = arena_copy(arena, file, (size_t)(suffix - file));
    cases[ncases++] = (struct CMUnitTest){ .name = name,
                                           .test_func = run_case,
                                           .initial_state = name };
}

int main(void)
{
    struct arena arena = { 0 };
    DIR *folder = opendir(FOLDER);
    if (!folder)
        return 1;
    for (struct dirent *entry; (entry = readdir(folder));)
        add_case(&arena, entry->d_name);
    closedir(folder);
    qsort(cases, ncases, sizeof *cases, by_name);
    int failed = _cmocka_run_group_tests("errors", cases, ncases, NULL, NULL);
    const struct CMUnitTest coverage[] = { cmocka_unit_test(
        test_every_code_has_a_case) };
    failed += cmocka_run_group_tests_name("errors_coverage", coverage, NULL, NULL);
    arena_release(&arena);
    return failed;
}
