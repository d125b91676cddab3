/* text.c: a growing text. It knows nothing of SQL. */
#include "text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct sc__text *text, size_t more)
{
    if (text->failed)
        return false;
    if (text->size + more < text->room)
        return true;
    size_t room = text->room * 2 > text->size + more ? text->room * 2
                                                     : text->size + more + 128;
    char *data = realloc(text->data, room);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->room = room;
    return true;
}

void sc__text_add(struct sc__text *text, const char *more)
{
    size_t size = strlen(more);
    if (!reserve(text, size + 1))
        return;
    memcpy(text->data + text->size, more, size + 1);
    text->size += size;
}

void sc__text_word(struct sc__text *text, const char *more)
{
    if (!more)
        return;
    sc__text_add(text, " ");
    sc__text_add(text, more);
}

void sc__text_number(struct sc__text *text, const char *before, unsigned number)
{
    char digits[16];
    snprintf(digits, sizeof(digits), "%u", number);
    sc__text_add(text, before);
    sc__text_add(text, digits);
}

char *sc__text_take(struct sc__text *text)
{
    char *data = text->data;
    if (text->failed) {
        free(data);
        data = NULL;
    }
    *text = (struct sc__text){ 0 };
    return data;
}
