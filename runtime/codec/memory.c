/* memory.c: the arena and the buffer that encoded values stand in; knows no value. */
#include "codec.h"
#include <stdlib.h>
#include <string.h>

struct sc__scratch_block {
    struct sc__scratch_block *older;
    size_t room;
    int64_t bytes[]; /* aligned to 8 */
};

#define BLOCK_MIN 1024
#define BLOCK_MAX ((size_t)1 << 20)

/* Each block is twice the last one, so that there are few of them. */
static size_t next_room(const struct sc__scratch *scratch)
{
    size_t last = scratch->blocks ? scratch->blocks->room : 0;
    if (last < BLOCK_MIN)
        return BLOCK_MIN;
    return last < BLOCK_MAX / 2 ? last * 2 : BLOCK_MAX;
}

void *sc__scratch_more(struct sc__scratch *scratch, size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = (size + 7) & ~(size_t)7;
    if (size > scratch->left || scratch->next == NULL) {
        size_t room = next_room(scratch);
        if (room < size)
            room = size;
        struct sc__scratch_block *block = malloc(sizeof *block + room);
        if (block == NULL) {
            return NULL;
        }
        block->room = room;
        block->older = scratch->blocks;
        scratch->blocks = block;
        if (room == size && scratch->left > 0) {
            return block->bytes; /* what is left may serve smaller ones */
        }
        scratch->next = (char *)block->bytes;
        scratch->left = room;
    }
    void *given = scratch->next;
    scratch->next += size;
    scratch->left -= size;
    return given;
}

void sc__scratch_release(struct sc__scratch *scratch)
{
    while (scratch->blocks != NULL) {
        struct sc__scratch_block *block = scratch->blocks;
        scratch->blocks = block->older;
        free(block);
    }
    scratch->next = NULL;
    scratch->left = 0;
}

void sc__scratch_reset(struct sc__scratch *scratch)
{
    struct sc__scratch_block *kept = scratch->blocks;
    if (kept == NULL) {
        return;
    }
    for (struct sc__scratch_block *block = kept->older, *older; block; block = older) {
        older = block->older;
        kept = block->room > kept->room ? (free(kept), block) : (free(block), kept);
    }
    kept->older = NULL;
    scratch->blocks = kept;
    scratch->next = (char *)kept->bytes;
    scratch->left = kept->room;
}

bool sc__buffer_reserve(struct sc__buffer *buffer, size_t more)
{
    if (more <= buffer->room - buffer->size) {
        return true;
    }
    if (more > SIZE_MAX / 2 - buffer->size) {
        return false;
    }
    size_t room = buffer->room < BLOCK_MIN ? BLOCK_MIN : buffer->room;
    while (room - buffer->size < more) {
        room *= 2;
    }
    char *data = realloc(buffer->data, room);
    if (data == NULL) {
        return false;
    }
    buffer->data = data;
    buffer->room = room;
    return true;
}

void sc__buffer_release(struct sc__buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct sc__buffer){ 0 };
}
