/* mem.c: memory that is freed all at once, and texts that grow; both remember that an
 * allocation failed. Must not know what is kept in them. */
#include "runner.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- arena ------------------------------------------------------------------------- */

enum { BLOCK = 8192 };

struct scm_block {
    struct scm_block *next;
    size_t used, size;
    max_align_t bytes[];
};

static struct scm_block *block_new(struct scm_arena *arena, size_t size)
{
    size_t room = size > BLOCK ? size : BLOCK;
    if (room > SIZE_MAX - sizeof(struct scm_block))
        return NULL;
    struct scm_block *block = malloc(sizeof *block + room);
    if (!block)
        return NULL;
    *block = (struct scm_block){ .next = arena->blocks, .size = room };
    arena->blocks = block;
    return block;
}

void *scm_alloc(struct scm_arena *arena, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    struct scm_block *block = arena->blocks;
    if (size > SIZE_MAX - align) {
        arena->failed = true;
        return NULL;
    }
    size = (size + align - 1) / align * align;
    if (!block || block->size - block->used < size)
        block = block_new(arena, size);
    if (!block) {
        arena->failed = true;
        return NULL;
    }
    void *at = (char *)block->bytes + block->used;
    block->used += size;
    return memset(at, 0, size);
}

const char *scm_copy(struct scm_arena *arena, const char *text, size_t size)
{
    char *copy = scm_alloc(arena, size + 1);
    if (!copy)
        return "";
    if (size)
        memcpy(copy, text, size);
    return copy;
}

const char *scm_printf(struct scm_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = size < 0 ? NULL : scm_alloc(arena, (size_t)size + 1);
    if (!text) {
        arena->failed = true;
        return "";
    }
    va_start(args, format);
    vsnprintf(text, (size_t)size + 1, format, args);
    va_end(args);
    return text;
}

void scm_release(struct scm_arena *arena)
{
    while (arena->blocks) {
        struct scm_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->failed = false;
}

/* ---- blocks that are given away ------------------------------------------------------ */

struct scm_given {
    struct scm_arena arena;
    max_align_t bytes[];
};

void *scm_give(struct scm_arena *arena, size_t size)
{
    struct scm_given *given = arena->failed ? NULL : calloc(1, sizeof *given + size);
    if (!given)
        return NULL;
    given->arena = *arena;
    *arena = (struct scm_arena){ 0 };
    return given->bytes;
}

void sc_migrate_free(void *block)
{
    if (!block)
        return;
    struct scm_given *given =
        (struct scm_given *)(void *)((char *)block - offsetof(struct scm_given, bytes));
    scm_release(&given->arena);
    free(given);
}

/* ---- growing text ------------------------------------------------------------------- */

static bool text_room(struct scm_text *text, size_t more)
{
    if (text->failed || more > SIZE_MAX / 2 - text->n)
        text->failed = true;
    else if (text->n + more + 1 > text->room) {
        size_t room = (text->n + more + 1) * 2;
        char *s = realloc(text->s, room);
        if (s) {
            text->s = s;
            text->room = room;
        } else {
            text->failed = true;
        }
    }
    return !text->failed;
}

void scm_put(struct scm_text *text, const char *s)
{
    size_t size = strlen(s);
    if (!text_room(text, size))
        return;
    memcpy(text->s + text->n, s, size + 1);
    text->n += size;
}

void scm_putf(struct scm_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0 || !text_room(text, (size_t)size)) {
        text->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf(text->s + text->n, (size_t)size + 1, format, args);
    va_end(args);
    text->n += (size_t)size;
}

void scm_text_release(struct scm_text *text)
{
    free(text->s);
    *text = (struct scm_text){ 0 };
}
