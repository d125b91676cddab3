/* arena.c: blocks of zeroed memory, handed out by moving a pointer. Must not know what it
 * holds. */
#include "arena.h"
#include "bug.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = _Alignof(max_align_t), FIRST_BLOCK = 32 << 10, LARGEST_BLOCK = 1 << 20 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(max_align_t) char data[];
};

void arena_release(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    *arena = (struct arena){ 0 };
}

void arena_clear(struct arena *arena)
{
    struct arena_block *kept = arena->blocks;
    if (!arena->next) {
        arena_release(arena);
        return;
    }
    struct arena others = { .blocks = kept->next };
    arena_release(&others);
    kept->next = NULL;
    memset(kept->data, 0, (size_t)(arena->next - kept->data));
    *arena = (struct arena){ .blocks = kept, .next = kept->data, .end = arena->end };
}

static struct arena_block *block_new(struct arena *arena, size_t size)
{
    struct arena_block *block = NULL;
    if (size <= SIZE_MAX - sizeof(struct arena_block)) {
        block = calloc(1, sizeof(struct arena_block) + size);
    }
    if (!block) {
        out_of_memory();
    }
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

/* A block of its own for what is larger than a quarter of a block: the current block
 * stays in use. */
static void *alloc_large(struct arena *arena, size_t size)
{
    struct arena_block *current = arena->blocks;
    struct arena_block *block = block_new(arena, size);
    if (current) {
        arena->blocks = current;
        block->next = current->next;
        current->next = block;
    }
    return block->data;
}

static size_t rounded(size_t size)
{
    if (size > SIZE_MAX - ALIGN) {
        out_of_memory();
    }
    return (size ? size + ALIGN - 1 : ALIGN) / ALIGN * ALIGN;
}

bool arena_extend(struct arena *arena, void *memory, size_t size, size_t wanted)
{
    size = rounded(size);
    wanted = rounded(wanted);
    if (arena->next == NULL || (char *)memory + size != arena->next ||
        (size_t)(arena->end - arena->next) < wanted - size) {
        return false;
    }
    arena->next += wanted - size;
    arena->used += wanted - size;
    return true;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size = rounded(size);
    arena->used += size;
    if ((size_t)(arena->end - arena->next) < size) {
        size_t last = arena->next ? arena->blocks->size : FIRST_BLOCK / 2;
        size_t wanted = last >= LARGEST_BLOCK ? LARGEST_BLOCK : last * 2;
        if (size > wanted / 4) {
            return alloc_large(arena, size);
        }
        struct arena_block *block = block_new(arena, wanted);
        arena->next = block->data;
        arena->end = block->data + wanted;
    }
    void *memory = arena->next;
    arena->next += size;
    return memory;
}

char *arena_copy(struct arena *arena, const char *s, size_t n)
{
    char *copy = arena_alloc(arena, n + 1);
    if (n) {
        memcpy(copy, s, n);
    }
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    char first[256]; /* mostly enough, and then one pass is */
    va_list again;
    va_copy(again, args);
    int n = format ? vsnprintf(first, sizeof first, format, args) : -1;
    if (n < 0) {
        BUG("bad format");
    }
    char *text = arena_alloc(arena, (size_t)n + 1);
    if ((size_t)n < sizeof first) {
        memcpy(text, first, (size_t)n);
    } else {
        (void)vsnprintf(text, (size_t)n + 1, format, again);
    }
    va_end(again);
    return text;
}
