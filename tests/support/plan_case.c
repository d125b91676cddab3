/* plan_case.c: reads and plans cases. */
#include "tests/support/plan_case.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

#define FOLDER TEST_ROOT "/tests/plans/"

static const char MARK[] = "==== ";

static void add_section(struct plan_case *test, const char *at, const char *end)
{
    const char *line = memchr(at, '\n', (size_t)(end - at));
    const char *word = at + sizeof MARK - 1;
    struct str *text = arena_new(&test->arena, struct str);
    line = line ? line : end;
    *text = (struct str){ line < end ? line + 1 : end, 0 };
    text->n = (size_t)(end - text->s);
    /* The empty line before the next mark is the file's. */
    while (text->n > 1 && text->s[text->n - 1] == '\n' && text->s[text->n - 2] == '\n')
        text->n--;
    *text = (struct str){ str_dup(&test->arena, *text), text->n };
    map_add(&test->sections, &test->arena, (struct str){ word, (size_t)(line - word) },
            text);
}

static void cut(struct plan_case *test)
{
    const char *at = test->text.s, *end = test->text.s + test->text.n;
    while (at < end) {
        const char *next = strstr(at + 1, "\n==== ");
        next = next ? next + 1 : end;
        if (strncmp(at, MARK, sizeof MARK - 1) == 0)
            add_section(test, at, next);
        at = next;
    }
}

const char *plan_case_section(const struct plan_case *test, const char *word)
{
    const struct str *text = map_find(&test->sections, str_of(word));
    return text ? text->s : NULL;
}

static int plan(struct plan_case *test)
{
    const char *from = plan_case_section(test, "from");
    const char *to = plan_case_section(test, "to");
    const char *options = plan_case_section(test, "options");
    if (!from || !to || test_schema_parse(&test->from, from) != 0 ||
        test_schema_parse(&test->to, to) != 0)
        return -1;
    test->to.source.path = "to.schema";
    test->diags = (struct diags){ .arena = &test->arena };
    bool lenient = options && strstr(options, "no-renames");
    struct draft_request request = { .from = test->from.model,
                                     .to = test->to.model,
                                     .options = lenient ? MATCH_NO_RENAMES
                                                        : MATCH_STRICT };
    draft_make(&test->arena, &request, &test->diags, &test->draft);
    return 0;
}

int plan_case_read(struct plan_case *test, const char *name)
{
    *test = (struct plan_case){ 0 };
    test->path = arena_printf(&test->arena, FOLDER "%s.plan", name);
    if (file_read(&test->arena, test->path, &test->text) != 0) {
        fprintf(stderr, "cannot read %s\n", test->path);
        return -1;
    }
    cut(test);
    if (plan(test) != 0) {
        fprintf(stderr, "%s: no schemas that can be compared\n", test->path);
        return -1;
    }
    return 0;
}

void plan_case_close(struct plan_case *test)
{
    test_schema_close(&test->from);
    test_schema_close(&test->to);
    arena_release(&test->arena);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **plan_case_names(struct arena *arena)
{
    VEC(const char *) names = { 0 };
    DIR *dir = opendir(FOLDER);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        size_t n = strlen(entry->d_name);
        if (n > 5 && strcmp(entry->d_name + n - 5, ".plan") == 0)
            VEC_PUSH(arena, &names, arena_copy(arena, entry->d_name, n - 5));
    }
    if (dir)
        closedir(dir);
    qsort(names.items, names.n, sizeof *names.items, compare);
    VEC_PUSH(arena, &names, NULL);
    return names.items;
}

size_t plan_case_tests(struct arena *arena, CMUnitTestFunction run, const char *only,
                       struct CMUnitTest *tests, size_t most)
{
    const char **names = plan_case_names(arena);
    size_t n = 0;
    for (; *names && n < most; names++) {
        if (only && strcmp(only, *names) != 0)
            continue;
        tests[n] = (struct CMUnitTest){ .name = *names, .test_func = run };
        tests[n++].initial_state = (void *)*names;
    }
    return n;
}
