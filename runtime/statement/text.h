/* text.h: a growing text for composed SQL. Fails stickily: write freely, ask once. */
#ifndef SC_TEXT_H
#define SC_TEXT_H
#include <stdbool.h>
#include <stddef.h>

struct sc__text { /* zeroed: empty */
    char *data;   /* always ends with a NUL when it is not NULL */
    size_t size;
    size_t room;
    bool failed; /* there was no memory for something */
};

void sc__text_add(struct sc__text *text, const char *more);
/* Adds a space and `more`, unless more is NULL. */
void sc__text_word(struct sc__text *text, const char *more);
void sc__text_number(struct sc__text *text, const char *before, unsigned number);
/* Gives the text to the caller, who frees it; NULL when it failed. */
char *sc__text_take(struct sc__text *text);

#endif
