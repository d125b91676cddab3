/* decimal.h: reads and writes decimal pieces of text without locale or allocation; it
 * must not know what the pieces mean. Not installed. */
#ifndef SC_VALUE_TEXT_H
#define SC_VALUE_TEXT_H
#include "runtime/sc.h"

/* Writers give the end of what they wrote, and write no NUL. */
char *sc__put_text(char *to, const char *text);
/* At least `width` digits, zeros in front. */
char *sc__put_uint(char *to, uint64_t value, int width);
char *sc__put_int(char *to, int64_t value);

/* Readers move *at behind what they took; false leaves it where it was. */
bool sc__take_char(const char **at, char c);
bool sc__take_word(const char **at, const char *word);
/* Between min and max digits (max at most 19); one digit more is a refusal. */
bool sc__take_uint(const char **at, int min, int max, uint64_t *value);
/* "." and digits, as millionths, the seventh digit rounded half up (so 1,000,000 is
 * possible); no "." is 0. False: "." without a digit. */
bool sc__take_millionths(const char **at, int64_t *value);

bool sc__is_digit(char c);
/* The digit's value, -1 when it is none. */
int sc__hex_digit(char c);

#endif
