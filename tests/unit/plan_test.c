/* plan_test.c: every tests/plans/NAME.plan gives exactly the text in its sections up and
 * down, or errors; and every plan keeps the promise about locks. With UPDATE_EXPECTED=1
 * in the environment it writes those sections instead; read the difference before
 * committing it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "migrate/file.h"
#include "tests/support/plan_case.h"

enum { MAX_CASES = 500 };

/* ---- what a case says ---- */

static void put_section(struct buf *out, const char *word, const char *text)
{
    if (text)
        buf_printf(out, "%s==== %s\n%s", out->n ? "\n" : "", word, text);
}

static void put_plan(struct plan_case *test, struct buf *out, const char *word,
                     const struct plan *plan)
{
    struct buf text = { 0 };
    migration_put_plan(&text, &test->arena, plan);
    put_section(out, word, text.n ? text.s : "");
    buf_release(&text);
    const char *wrong = plan_prove(&test->arena, plan);
    if (wrong)
        print_error("%s: %s\n", word, wrong);
    assert_null(wrong);
}

static void put_errors(struct plan_case *test, struct buf *out)
{
    struct buf text = { 0 };
    diag_render_text(&test->diags, (struct diag_style){ 0 }, &text);
    put_section(out, "errors", text.s);
    buf_release(&text);
}

static void render(struct plan_case *test, struct buf *out)
{
    static const char *const given[] = { "from",  "to",     "options",
                                         "rows",  "probe",  "before",
                                         "after", "undone", "refused" };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        put_section(out, given[i], plan_case_section(test, given[i]));
    if (test->diags.nerrors) {
        put_errors(test, out);
        return;
    }
    put_plan(test, out, "up", test->draft.up);
    put_plan(test, out, "down", test->draft.down);
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
    struct plan_case test;
    struct buf out = { 0 };
    assert_int_equal(plan_case_read(&test, *state), 0);
    render(&test, &out);
    if (getenv("UPDATE_EXPECTED"))
        update(test.path, buf_view(&out));
    else
        assert_string_equal(out.s, test.text.s);
    buf_release(&out);
    plan_case_close(&test);
}

/* ---- a plan that breaks the promise is found ---- */

static const char *proof_of(struct arena *arena, struct plan_step step)
{
    struct plan plan = { .steps = { 0 } };
    VEC_PUSH(arena, &plan.steps, step);
    return plan_prove(arena, &plan);
}

static void test_proof(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct plan_lock lock = { STR("auth.users"), LOCK_SHARE };
    struct plan_step step = {
        .title = "t", .sql = STR("select;\n"), .transaction = true, .cost = COST_SCAN
    };
    assert_null(proof_of(&arena, step));
    VEC_PUSH(&arena, &step.locks, lock);
    assert_string_equal(proof_of(&arena, step),
                        "step 1 (t): scan while it holds SHARE on auth.users");
    step.locks.items[0].mode = LOCK_SHARE_UPDATE_EXCLUSIVE;
    assert_null(proof_of(&arena, step));
    step.locks.items[0].mode = LOCK_ACCESS_EXCLUSIVE;
    step.cost = COST_ROWS;
    assert_string_equal(proof_of(&arena, step),
                        "step 1 (t): rows while it holds ACCESS EXCLUSIVE on "
                        "auth.users");
    step.cost = COST_META;
    assert_null(proof_of(&arena, step));
    step.cost = COST_REWRITE;
    step.alone = true;
    assert_null(proof_of(&arena, step));
    step.cost = COST_META;
    assert_string_equal(proof_of(&arena, step),
                        "step 1 (t) is marked to stand alone and does not have to");
    arena_release(&arena);
}

/* What the words of a statement tell counts, whatever the step says of itself. */
static void test_proof_by_words(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *wrong;
    } cases[] = {
        { "alter table auth.users add constraint c check (a > 0) not valid;", NULL },
        { "alter table auth.users add constraint c check (a > 0);", "scan" },
        { "Alter Table auth.users\n validate constraint c;", "scan" },
        { "alter table auth.other validate constraint c;", NULL },
        { "alter table auth.users add constraint c unique (a);", "build" },
        { "alter table auth.users add constraint c unique using index i;", NULL },
        { "create index i on auth.users (a);", "build" },
        { "update auth.users set a = 1;", "rows" },
        { "alter table auth.users set logged;", "rewrite" },
        { "select 'alter table auth.users set logged'; select 1;", NULL },
        { "alter table auth.users add column a int4;\n"
          "alter table auth.users add column b int4 generated always as (a) stored;",
          "rewrite" },
    };
    struct arena arena = { 0 };
    struct plan_lock lock = { STR("auth.users"), LOCK_ACCESS_EXCLUSIVE };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan_step step = { .title = "t",
                                  .sql = str_of(cases[i].sql),
                                  .transaction = true };
        VEC_PUSH(&arena, &step.locks, lock);
        const char *wrong = proof_of(&arena, step);
        if (!cases[i].wrong)
            assert_null(wrong);
        else
            assert_string_equal(wrong, arena_printf(&arena,
                                                    "step 1 (t) says that it costs"
                                                    " meta, and costs %s",
                                                    cases[i].wrong));
    }
    arena_release(&arena);
}

int main(void)
{
    struct arena arena = { 0 };
    static struct CMUnitTest cases[MAX_CASES];
    size_t n = 0;
    cases[n++] = (struct CMUnitTest)cmocka_unit_test(test_proof);
    cases[n++] = (struct CMUnitTest)cmocka_unit_test(test_proof_by_words);
    n += plan_case_tests(&arena, run_case, NULL, cases + n, MAX_CASES - n);
    int failed = _cmocka_run_group_tests("plan", cases, n, NULL, NULL);
    arena_release(&arena);
    return failed;
}
