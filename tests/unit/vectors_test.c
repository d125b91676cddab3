/* vectors_test.c: values as PostgreSQL itself sent them, in text and in binary, through
 * the codec and the formatters. The file is not part of the project: without it the test
 * says so and is skipped. */
#include "tests/support/codec_text.h"
#include "tests/support/vectors.h"

static void check(const struct vector *v)
{
    static char text[200000];
    int64_t out[8] = { 0 };
    struct sc__type type = v->type;
    char *tail = decode(&type, v->bytes, v->length, out);
    if (type.flags & SC__ARRAY) {
        write_array(&type, out, text);
    } else {
        write_scalar(&type, out, text, sizeof text);
    }
    if (strcmp(text, v->text) != 0) {
        fail_msg("%s: \"%.80s\" instead of \"%.80s\"", v->name, text, v->text);
    }

    struct scratch s = open_scratch();
    struct sc__source from = { .type = &type, .value = out };
    if (type.flags & SC__ARRAY) { /* of a user's type: different in each database */
        from.element_oid = v->element_oid;
    }
    const struct sc__fault *fault = sc__encode_binary(&from, &s.arena, &s.wire);
    if (fault != NULL) {
        fail_msg("%s \"%.80s\" %s", v->name, v->text, fault->text);
    }
    if (s.wire.length != v->length ||
        memcmp(s.wire.value, v->bytes, (size_t)v->length) != 0) {
        fail_msg("%s \"%.80s\" is encoded differently", v->name, v->text);
    }
    sc__scratch_release(&s.arena);
    free(tail);
}

static void test_vectors(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open();
    struct vector v;
    int checked = 0;
    while (vectors_next(vectors, &v)) {
        if (v.type.kind != 0) {
            check(&v);
            checked++;
        }
    }
    vectors_close(vectors);
    assert_true(checked > 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
    };
    return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
