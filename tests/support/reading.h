/* reading.h: an arena and diagnostics, new for each test of what reads schema files, and texts
 * that are compared. Knows nothing of what is read. */
#ifndef TESTS_SUPPORT_READING_H
#define TESTS_SUPPORT_READING_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/diag.h"

struct fixture {
    struct arena arena;
    struct diags diags;
};

static inline int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ 0 };
    fixture.diags.arena = &fixture.arena;
    *state = &fixture;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

/* A test whose state is a fixture. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static inline void assert_str(struct str text, const char *expected)
{
    if (!str_eq_c(text, expected))
        fail_msg("\"%.*s\" instead of \"%s\"", STR_ARGS(text), expected);
}

/* What there is to say, whole. */
static inline void assert_said(struct fixture *fixture, const char *expected)
{
    struct buf text = { 0 };
    diag_render_text(&fixture->diags, (struct diag_style){ 0 }, &text);
    assert_string_equal(buf_view(&text).s, expected);
    buf_release(&text);
}

#endif
