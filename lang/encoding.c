/* encoding.c: UTF-8, byte order marks and NUL bytes. Must not know tokens. */
#include "encoding.h"
#include "codes.h"

/* The Unicode Standard, table 3-7: for each first byte how many follow, and the bounds of
 * the second. */
struct lead {
    unsigned char first, last;
    unsigned char follow, low, high;
};
static const struct lead leads[] = {
    { 0xc2, 0xdf, 1, 0x80, 0xbf }, { 0xe0, 0xe0, 2, 0xa0, 0xbf },
    { 0xe1, 0xec, 2, 0x80, 0xbf }, { 0xed, 0xed, 2, 0x80, 0x9f },
    { 0xee, 0xef, 2, 0x80, 0xbf }, { 0xf0, 0xf0, 3, 0x90, 0xbf },
    { 0xf1, 0xf3, 3, 0x80, 0xbf }, { 0xf4, 0xf4, 3, 0x80, 0x8f },
};

static const struct lead *find_lead(unsigned char byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    return NULL;
}

/* The length of the character at s, at most left bytes; 0: it is not UTF-8. */
static size_t character_length(const unsigned char *s, size_t left)
{
    if (*s < 0x80)
        return 1;
    const struct lead *lead = find_lead(*s);
    if (!lead || left <= lead->follow || s[1] < lead->low || s[1] > lead->high)
        return 0;
    for (size_t i = 2; i <= lead->follow; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return (size_t)lead->follow + 1;
}

static bool begins_with(const struct source *source, const char *mark, size_t n)
{
    return source->size >= n && memcmp(source->text, mark, n) == 0;
}

static void report_not_utf8(struct source *source, struct diags *diags, size_t at)
{
    struct span span = { source, (uint32_t)at, (uint32_t)at + 1 };
    struct diag *diag = diag_error(diags, E_not_utf8, span,
                                   "the file is not UTF-8: byte 0x%02x",
                                   (unsigned)(unsigned char)source->text[at]);
    if (begins_with(source, "\xff\xfe", 2) || begins_with(source, "\xfe\xff", 2))
        diag_hint(diags, diag, "it looks like UTF-16; save it as UTF-8");
    else
        diag_hint(diags, diag, "save it as UTF-8");
}

bool encoding_check(struct source *source, struct diags *diags, size_t *skip)
{
    *skip = begins_with(source, "\xef\xbb\xbf", 3) ? 3 : 0;
    if (source->size >= UINT32_MAX) {
        *skip = 0;
        diag_error(diags, E_file_too_large, (struct span){ source, 0, 0 },
                   "the file is too large");
        return false;
    }
    const unsigned char *s = (const unsigned char *)source->text;
    for (size_t i = *skip; i < source->size;) {
        size_t n = character_length(s + i, source->size - i);
        if (n == 0) {
            report_not_utf8(source, diags, i);
            return false;
        }
        if (s[i] == 0) {
            struct span span = { source, (uint32_t)i, (uint32_t)i + 1 };
            diag_error(diags, E_nul_byte, span, "the file holds a NUL byte");
            return false;
        }
        i += n;
    }
    return true;
}
