/* base_test.c: arena, text, map, vector, buffer, source and file. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/source.h"
#include "base/vec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void test_arena_gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    size_t sizes[] = { 0, 1, 3, 16, 1000, 9000, 40000, 3 << 20, 7 };
    for (size_t round = 0; round < 50; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            unsigned char *memory = arena_alloc(&arena, sizes[i]);
            assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
            for (size_t j = 0; j < sizes[i]; j += 97) {
                assert_int_equal(memory[j], 0);
            }
            memset(memory, 0xAA, sizes[i]);
        }
    }
    assert_true(arena.used >= 50 * ((3U << 20) + 50000U));
    arena_release(&arena);
    assert_null(arena.blocks);
    arena_release(&arena);
}

/* Whatever was in it: blocks of their own, several blocks, none. */
static void test_arena_is_zeroed_again_when_cleared(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    arena_clear(&arena);
    const size_t sizes[] = { 300000, 16, 20000, 7, 300000, 50000 };
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < 6; i++) {
            unsigned char *memory = arena_alloc(&arena, sizes[i]);
            for (size_t k = 0; k < sizes[i]; k++) {
                assert_int_equal(memory[k], 0);
            }
            memset(memory, 0xAA, sizes[i]);
        }
        arena_clear(&arena);
        assert_int_equal(arena.used, 0);
    }
    arena_release(&arena);
}

static void test_arena_extends_what_is_last(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    char *first = arena_alloc(&arena, 100);
    memset(first, 1, 100);
    assert_true(arena_extend(&arena, first, 100, 1000));
    for (size_t i = 112; i < 1000; i++) {
        assert_int_equal(first[i], 0);
    }
    char *second = arena_alloc(&arena, 1);
    assert_true(second >= first + 1000);
    assert_false(arena_extend(&arena, first, 1000, 1100));
    assert_true(arena_extend(&arena, second, 1, 16));
    assert_false(arena_extend(&arena, second, 1, 1 << 20));
    arena_release(&arena);
}

static void test_arena_copies_and_prints(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    assert_string_equal(arena_copy(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy(&arena, NULL, 0), "");
    assert_string_equal(arena_printf(&arena, "%s-%d", "x", 42), "x-42");
    arena_release(&arena);
}

static void test_str_compares(void **state)
{
    (void)state;
    assert_true(str_eq(STR("a"), STR("a")));
    assert_false(str_eq(STR("a"), STR("b")));
    assert_false(str_eq(STR("a"), STR("ab")));
    assert_true(str_eq((struct str){ 0 }, STR("")));
    assert_true(str_eq_nocase(STR("SeLect"), "select"));
    assert_false(str_eq_nocase(STR("select"), "selecT_"));
    assert_true(str_compare(STR("a"), STR("b")) < 0);
    assert_true(str_compare(STR("ab"), STR("a")) > 0);
    assert_int_equal(str_compare(STR("ab"), STR("ab")), 0);
    assert_true(str_compare(STR("\xC3"), STR("z")) > 0);
}

static void test_map_finds_and_keeps_order(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct arena arena = { 0 };
    struct map map = { 0 };
    static int values[N];
    assert_null(map_find(&map, STR("k0")));
    for (int i = 0; i < N; i++) {
        struct str key = str_of(arena_printf(&arena, "k%d", i));
        assert_null(map_add(&map, &arena, key, &values[i]));
    }
    assert_ptr_equal(map_add(&map, &arena, STR("k7"), &values[8]), &values[7]);
    assert_int_equal(map.n, N);
    for (int i = 0; i < N; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "k%d", i);
        assert_ptr_equal(map_find(&map, str_of(key)), &values[i]);
        assert_true(str_eq_c(map.entries[i].key, key));
    }
    assert_null(map_find(&map, STR("k5000")));
    assert_null(map_find(&map, STR("")));
    arena_release(&arena);
}

static void test_vec_grows(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    VEC(int) numbers = { 0 };
    for (int i = 0; i < 1000; i++) {
        VEC_PUSH(&arena, &numbers, i * 3);
    }
    assert_int_equal(numbers.n, 1000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(numbers.items[i], i * 3);
    }
    arena_release(&arena);
}

static void test_buf_grows_and_clears(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct buf buf = { 0 };
    assert_string_equal(buf_view(&buf).s, "");
    for (int i = 0; i < 1000; i++) {
        buf_printf(&buf, "%03d", i);
    }
    buf_putc(&buf, '.');
    buf_str(&buf, STR("end"));
    assert_int_equal(buf.n, 3004);
    assert_memory_equal(buf.s + 2997, "999.end", 8);
    struct str copy = buf_dup(&buf, &arena);
    buf_clear(&buf);
    assert_int_equal(buf.n, 0);
    assert_string_equal(buf.s, "");
    assert_memory_equal(copy.s, "000001002", 9);
    buf_release(&buf);
    assert_null(buf.s);
    arena_release(&arena);
}

static void assert_at(struct source *source, struct arena *arena, uint32_t offset,
                      const size_t at[2])
{
    struct position position = source_position(source, offset, arena);
    assert_int_equal(position.line, at[0]);
    assert_int_equal(position.column, at[1]);
}

static void test_source_counts_characters(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const char *text = "ab\r\n\n\xC3\xA9z\nlast";
    struct source source = { .path = "x", .text = text, .size = strlen(text) };
    assert_at(&source, &arena, 0, (const size_t[]){ 1, 1 });
    assert_at(&source, &arena, 1, (const size_t[]){ 1, 2 });
    assert_at(&source, &arena, 4, (const size_t[]){ 2, 1 });
    assert_at(&source, &arena, 5, (const size_t[]){ 3, 1 });
    assert_at(&source, &arena, 6, (const size_t[]){ 3, 1 });
    assert_at(&source, &arena, 7, (const size_t[]){ 3, 2 });
    assert_at(&source, &arena, 9, (const size_t[]){ 4, 1 });
    assert_at(&source, &arena, 13, (const size_t[]){ 4, 5 });
    assert_true(str_eq_c(source_line(&source, 1, &arena), "ab"));
    assert_true(str_eq_c(source_line(&source, 2, &arena), ""));
    assert_true(str_eq_c(source_line(&source, 4, &arena), "last"));
    assert_int_equal(source_line(&source, 5, &arena).n, 0);
    assert_int_equal(source_line(&source, 0, &arena).n, 0);
    struct span a = { &source, 0, 2 };
    struct span b = { &source, 9, 13 };
    assert_int_equal(span_join(a, b).end, 13);
    assert_true(str_eq_c(span_text(b), "last"));
    assert_int_equal(span_text((struct span){ 0 }).n, 0);
    assert_int_equal(span_join((struct span){ 0 }, b).start, 9);
    assert_int_equal(span_join(b, (struct span){ 0 }).start, 9);
    arena_release(&arena);
}

static void test_file_is_read_whole(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    char path[] = "/tmp/base_test.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "one\0two", 7), 7);
    assert_int_equal(close(fd), 0);
    struct str text = { 0 };
    assert_int_equal(file_read(&arena, path, &text), 0);
    assert_int_equal(text.n, 7);
    assert_memory_equal(text.s, "one\0two", 8);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(file_read(&arena, path, &text), ENOENT);
    assert_int_equal(file_read(&arena, "/tmp", &text), EISDIR);
    assert_int_equal(file_read(&arena, "/dev/null", &text), 0);
    assert_int_equal(text.n, 0);
    arena_release(&arena);
}

/* The empty text's is the algorithm's own constant. */
static void test_digest_tells_texts_apart(void **state)
{
    (void)state;
    char hex[DIGEST_DIGITS + 1] = "";
    digest_hex(digest_of((struct str){ 0 }), hex);
    assert_string_equal(hex, "99aa06d3014798d86001c324468d497f");
    struct arena arena = { 0 };
    struct map seen = { 0 };
    char *text = arena_alloc(&arena, 3000);
    for (size_t n = 0; n < 3000; n++) {
        digest_hex(digest_of((struct str){ text, n }), hex);
        char *key = arena_copy(&arena, hex, DIGEST_DIGITS);
        assert_null(map_add(&seen, &arena, str_of(key), text));
    }
    struct buf list = { 0 };
    digest_put(&list, digest_of(STR("")));
    assert_int_equal(list.n, DIGEST_BYTES);
    assert_memory_equal(list.s, "\x99\xaa\x06\xd3", 4);
    buf_release(&list);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(test_arena_is_zeroed_again_when_cleared),
        cmocka_unit_test(test_arena_extends_what_is_last),
        cmocka_unit_test(test_arena_copies_and_prints),
        cmocka_unit_test(test_str_compares),
        cmocka_unit_test(test_map_finds_and_keeps_order),
        cmocka_unit_test(test_vec_grows),
        cmocka_unit_test(test_buf_grows_and_clears),
        cmocka_unit_test(test_source_counts_characters),
        cmocka_unit_test(test_file_is_read_whole),
        cmocka_unit_test(test_digest_tells_texts_apart),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
