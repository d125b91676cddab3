/* memory.c: the arena and the buffer that encoded values stand in; knows no value. */
#include "codec.h"
#include <stdlib.h>
#include <string.h>

struct sc__scratch_block {
    struct sc__scratch_block *older;
    size_t room;
    size_t most;     /* that was needed of it, by a few rounds that needed little, */
    uint64_t few;    /* ... so many */
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
        *block = (struct sc__scratch_block){ .older = scratch->blocks, .room = room };
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

/* What was given since the last reset, and what stayed free behind it in full blocks. */
static size_t needed(const struct sc__scratch *scratch)
{
    size_t total = 0;
    for (const struct sc__scratch_block *at = scratch->blocks; at; at = at->older)
        total += at->room;
    return total - scratch->left;
}

/* Whether the only block has been far too large for a while. */
static bool is_too_large(struct sc__scratch_block *block, size_t need)
{
    enum { PATIENCE = 8, SHARE = 4 };
    if (block->room <= BLOCK_MAX || need >= block->room / SHARE) {
        block->few = block->most = 0;
        return false;
    }
    block->most = need > block->most ? need : block->most;
    return ++block->few == PATIENCE;
}

/* One block instead of all, with some more than is needed: rounds are seldom alike to the
 * byte. */
static void start_anew(struct sc__scratch *scratch, size_t need)
{
    size_t room = need < BLOCK_MIN ? BLOCK_MIN : need + need / 8;
    room = (room + 7) & ~(size_t)7;
    sc__scratch_release(scratch);
    struct sc__scratch_block *block = malloc(sizeof *block + room);
    if (block != NULL) /* else it grows again as it did */
        *block = (struct sc__scratch_block){ .room = room };
    scratch->blocks = block;
}

void sc__scratch_reset(struct sc__scratch *scratch)
{
    if (scratch->blocks == NULL) {
        return;
    }
    size_t need = needed(scratch);
    if (scratch->blocks->older != NULL) {
        start_anew(scratch, need);
    } else if (is_too_large(scratch->blocks, need)) {
        start_anew(scratch, scratch->blocks->most);
    }
    struct sc__scratch_block *block = scratch->blocks;
    scratch->next = block != NULL ? (char *)block->bytes : NULL;
    scratch->left = block != NULL ? block->room : 0;
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
