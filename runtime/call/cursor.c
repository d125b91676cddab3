/* cursor.c: page cursors as URL-safe text and back. It must not trust the text: it comes
 * from outside.
 *
 * The text is base64url (RFC 4648, no padding) of: a format byte, 4 bytes that say which
 * cursor it is of, each value as a 4-byte length, its binary form and a NUL, and 4 bytes
 * of checksum. It is not encrypted: whoever has it can read the values.
 */
#include "runtime/sc_internal.h"
#include <string.h>

enum { FORMAT = 1, HEAD = 5, CHECK = 4 };

static uint32_t fnv(uint32_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x01000193u;
    return hash;
}

static uint32_t fingerprint(const struct sc__cursor *cursor)
{
    uint32_t hash = fnv(0x811c9dc5u, cursor->label, strlen(cursor->label) + 1);
    for (uint16_t c = 0; c < cursor->ncolumns; c++) {
        const struct sc__column *column = &cursor->columns[c];
        unsigned char kind[] = { column->type.kind, column->type.flags & SC__ARRAY };
        hash = fnv(hash, column->name, strlen(column->name) + 1);
        hash = fnv(hash, kind, sizeof(kind));
    }
    return hash;
}

static void put32(char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (char)(unsigned char)(value >> (24 - 8 * i));
}

static uint32_t get32(const char *from)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 8 | (unsigned char)from[i];
    return value;
}

/* ---- base64url --------------------------------------------------------------------------- */

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void to_text(const char *from, size_t size, char *to)
{
    for (size_t i = 0; i < size; i += 3) {
        uint32_t bits = (uint32_t)(unsigned char)from[i] << 16;
        if (i + 1 < size)
            bits |= (uint32_t)(unsigned char)from[i + 1] << 8;
        if (i + 2 < size)
            bits |= (unsigned char)from[i + 2];
        size_t digits = size - i >= 3 ? 4 : size - i + 1;
        for (size_t d = 0; d < digits; d++)
            *to++ = alphabet[bits >> (18 - 6 * d) & 63];
    }
    *to = 0;
}

/* Gives how many bytes it wrote, or -1. `to` holds 3 bytes for each 4 of the text. */
static long from_text(const char *text, size_t length, char *to)
{
    uint32_t bits = 0;
    long size = 0;
    for (size_t i = 0; i < length; i++) {
        const char *digit = strchr(alphabet, text[i]);
        if (!digit || !*digit)
            return -1;
        bits = (bits << 6 | (uint32_t)(digit - alphabet)) & 0xffffff;
        if (i % 4 == 1)
            to[size++] = (char)(unsigned char)(bits >> 4);
        if (i % 4 == 2)
            to[size++] = (char)(unsigned char)(bits >> 2);
        if (i % 4 == 3)
            to[size++] = (char)(unsigned char)bits;
    }
    /* one text a cursor: bits that no byte takes are 0 */
    if ((length % 4 == 2 && bits & 15) || (length % 4 == 3 && bits & 3))
        return -1;
    return length % 4 == 1 ? -1 : size;
}

/* ---- writing ------------------------------------------------------------------------------ */

static enum sc_status write_values(const struct sc__cursor *cursor, const void *value,
                                   struct sc__buffer *to, struct sc_error *err)
{
    for (uint16_t c = 0; c < cursor->ncolumns; c++) {
        const struct sc__column *column = &cursor->columns[c];
        struct sc__source from = { &column->type, (const char *)value + column->row_at,
                                   0, sc__is_maybe(&column->type) };
        const struct sc__fault *fault = sc__encode_field(&from, to);
        if (fault)
            return sc__fail_column(err, cursor->label, column->name, fault);
        if (!sc__buffer_reserve(to, 1 + CHECK))
            return sc__fail_memory(err, cursor->label);
        to->data[to->size++] = 0;
    }
    return SC_OK;
}

static enum sc_status write_all(const struct sc__cursor *cursor, const void *value,
                                struct sc__buffer *to, struct sc_error *err)
{
    if (!sc__buffer_reserve(to, HEAD + CHECK))
        return sc__fail_memory(err, cursor->label);
    to->data[0] = FORMAT;
    put32(to->data + 1, fingerprint(cursor));
    to->size = HEAD;
    enum sc_status status = write_values(cursor, value, to, err);
    if (status != SC_OK)
        return status;
    put32(to->data + to->size, fnv(0x811c9dc5u, to->data, to->size));
    to->size += CHECK;
    return SC_OK;
}

enum sc_status sc__cursor_text(const struct sc__cursor *cursor, const void *value,
                               char **text, struct sc_error *err)
{
    struct sc__buffer buffer = { 0 };
    *text = NULL;
    if (!value)
        return sc__fail(err, cursor->label, SC_MISUSE, "there is no cursor to write");
    enum sc_status status = write_all(cursor, value, &buffer, err);
    if (status == SC_OK) {
        *text = sc__block_new(buffer.size / 3 * 4 + 5, 0);
        if (*text)
            to_text(buffer.data, buffer.size, *text);
        else
            status = sc__fail_memory(err, cursor->label);
    }
    sc__buffer_release(&buffer);
    return status;
}

/* ---- reading -------------------------------------------------------------------------------- */

static enum sc_status bad_text(const struct sc__cursor *cursor, struct sc_error *err)
{
    return sc__fail(err, cursor->label, SC_BAD_VALUE,
                    "the text is no cursor of this query");
}

static bool check_frame(const struct sc__cursor *cursor, const char *data, long size)
{
    if (size < HEAD + CHECK || data[0] != FORMAT ||
        get32(data + 1) != fingerprint(cursor))
        return false;
    size_t body = (size_t)size - CHECK;
    return get32(data + body) == fnv(0x811c9dc5u, data, body);
}

/* The next value of the frame; false: it does not end where it should. */
static bool next_value(const char **at, const char *end, struct sc__bytes *value)
{
    if (end - *at < 4)
        return false;
    uint32_t length = get32(*at);
    *at += 4;
    value->data = *at;
    value->length = length == UINT32_MAX ? -1 : (int)length;
    size_t size = length == UINT32_MAX ? 0 : length;
    if ((size_t)(end - *at) < size + 1 || (*at)[size] != 0)
        return false;
    *at += size + 1;
    return true;
}

static bool measure(const struct sc__cursor *cursor, const char *data, long size,
                    size_t *tail)
{
    const char *at = data + HEAD, *end = data + size - CHECK;
    *tail = 0;
    for (uint16_t c = 0; c < cursor->ncolumns; c++) {
        struct sc__bytes value;
        if (!next_value(&at, end, &value) ||
            sc__decode_value_size(&cursor->columns[c].type, value, tail))
            return false;
    }
    return at == end;
}

static bool decode(const struct sc__cursor *cursor, const char *data, long size,
                   char *out, char *tail)
{
    const char *at = data + HEAD, *end = data + size - CHECK;
    memset(out, 0, cursor->size);
    for (uint16_t c = 0; c < cursor->ncolumns; c++) {
        const struct sc__column *column = &cursor->columns[c];
        struct sc__bytes value;
        if (!next_value(&at, end, &value) ||
            sc__decode_value(&column->type, value, out + column->row_at, &tail))
            return false;
    }
    return true;
}

static size_t align8(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

enum sc_status sc__cursor_parse(const struct sc__cursor *cursor, const char *text,
                                void *out, struct sc_error *err)
{
    enum { TEXT_MAX = 1 << 24 }; /* no index key is anywhere near */
    *(void **)out = NULL;
    size_t length = text ? strlen(text) : 0, tail;
    if (!length || length > TEXT_MAX)
        return bad_text(cursor, err);
    struct sc__scratch scratch;
    sc__scratch_init(&scratch, NULL, 0);
    char *frame = sc__scratch_alloc(&scratch, length);
    if (!frame)
        return sc__fail_memory(err, cursor->label);
    long size = from_text(text, length, frame);
    bool ok = check_frame(cursor, frame, size) && measure(cursor, frame, size, &tail);
    enum sc_status status = ok ? SC_OK : bad_text(cursor, err);
    size_t head = align8(cursor->size), frame_at = head + (ok ? align8(tail) : 0);
    char *block = ok ? sc__block_new(frame_at + length, 0) : NULL;
    if (block) { /* the values' texts stay where they are: in the block's copy */
        memcpy(block + frame_at, frame, (size_t)size);
        ok = decode(cursor, block + frame_at, size, block, block + head);
    } else if (ok) {
        status = sc__fail_memory(err, cursor->label);
    }
    sc__scratch_release(&scratch);
    if (status == SC_OK && !ok)
        status = bad_text(cursor, err);
    if (status != SC_OK) {
        sc_free(block);
        return status;
    }
    *(void **)out = block;
    return SC_OK;
}
