/* decimal.c: decimal pieces of text; knows no type. */
#include "decimal.h"
#include <string.h>

char *sc__put_text(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length);
    return to + length;
}

char *sc__put_uint(char *to, uint64_t value, int width)
{
    char digits[20]; /* UINT64_MAX has 20 */
    int n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (int i = n; i < width; i++) {
        *to++ = '0';
    }
    while (n > 0) {
        *to++ = digits[--n];
    }
    return to;
}

char *sc__put_int(char *to, int64_t value)
{
    if (value < 0) {
        *to++ = '-';
        return sc__put_uint(to, 0 - (uint64_t)value, 1);
    }
    return sc__put_uint(to, (uint64_t)value, 1);
}

bool sc__take_char(const char **at, char c)
{
    if (**at != c) {
        return false;
    }
    ++*at;
    return true;
}

bool sc__take_word(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0) {
        return false;
    }
    *at += length;
    return true;
}

bool sc__is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int sc__hex_digit(char c)
{
    if (sc__is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool sc__take_uint(const char **at, int min, int max, uint64_t *value)
{
    const char *p = *at;
    uint64_t sum = 0;
    while (sc__is_digit(*p) && p - *at < max) {
        sum = sum * 10 + (uint64_t)(*p++ - '0');
    }
    if (p - *at < min || sc__is_digit(*p)) {
        return false;
    }
    *at = p;
    *value = sum;
    return true;
}

bool sc__take_millionths(const char **at, int64_t *value)
{
    const char *p = *at;
    *value = 0;
    if (*p != '.') {
        return true;
    }
    if (!sc__is_digit(*++p)) {
        return false;
    }
    int64_t sum = 0;
    for (int i = 0; i < 6; i++) {
        sum = sum * 10 + (sc__is_digit(*p) ? *p++ - '0' : 0);
    }
    *value = sum + (*p >= '5' && *p <= '9');
    while (sc__is_digit(*p)) {
        p++;
    }
    *at = p;
    return true;
}
