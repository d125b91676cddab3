/* whole.c: a result of one row into one struct that borrows nothing: its texts are copied
 * behind it, so that the result, ten times its size, can go at once. It allocates nothing and
 * knows no statement. */
#include "private.h"
#include <libpq-fe.h>
#include <string.h>

struct cell {
    const PGresult *result;
    const struct sc__type *type;
    int number; /* of the result's column */
    const char *from;
    char *out;
};

static const struct sc__fault *decode_any(struct cell cell)
{
    struct sc__bytes bytes = { cell.from, PQgetlength(cell.result, 0, cell.number) };
    char *no_tail = NULL;
    if (bytes.length == 0 && PQgetisnull(cell.result, 0, cell.number)) {
        bytes.length = -1;
    }
    return sc__decode_value(cell.type, bytes, cell.out, &no_tail);
}

SC__INLINED int cell_length(struct cell cell)
{
    return PQgetlength(cell.result, 0, cell.number);
}

SC__INLINED bool cell_is_null(struct cell cell)
{
    return *cell.from == '\0' && PQgetisnull(cell.result, 0, cell.number);
}

#include "cell.h"

/* Room behind the struct. */
struct room {
    char *next;
    const char *end;
};

/* A text, with its NUL, to where there is room. NULL: there is none. */
SC__INLINED char *put(const char *bytes, size_t size, const struct room *room)
{
    if ((ptrdiff_t)size > room->end - room->next) {
        return NULL;
    }
    return SC__MOSTLY(size <= SC__SHORT) ? sc__put_short(room->next, bytes, size)
                                         : sc__put_bytes(room->next, bytes, size);
}

SC__INLINED bool copy_text(struct cell cell, struct room *room)
{
    if (*cell.from == '\0' && PQgetisnull(cell.result, 0, cell.number)) {
        return take(cell) == NULL;
    }
    char *end = put(cell.from, strlen(cell.from) + 1, room);
    if (end == NULL) {
        return false;
    }
    memcpy(cell.out, &room->next, sizeof room->next);
    room->next = end;
    return true;
}

/* Another form that begins with a pointer to its bytes, behind which a NUL stands. */
static bool copy_bytes(struct cell cell, struct room *room)
{
    const char *bytes;
    if (take(cell) != NULL) {
        return false;
    }
    memcpy(&bytes, cell.out, sizeof bytes);
    if (bytes == NULL) {
        return true;
    }
    size_t size = (size_t)(cell.from + cell_length(cell) - bytes) + 1;
    char *end = put(bytes, size, room);
    if (end != NULL) {
        memcpy(cell.out, &room->next, sizeof room->next);
        room->next = end;
    }
    return end != NULL;
}

size_t sc__decode_whole(const struct pg_result *result, const struct sc__row *row,
                        int first, char *out, size_t size)
{
    const struct sc__column *column = row->columns;
    const struct sc__column *last = column + row->ncolumns;
    if (row->size > size) {
        return 0;
    }
    struct room room = { out + row->size, out + size };
    for (int number = first; column < last; column++, number++) {
        struct cell cell = { .result = result,
                             .type = &column->type,
                             .number = number,
                             .from = PQgetvalue(result, 0, number),
                             .out = out + column->row_at };
        const uint8_t kind = cell.type->kind;
        const bool done = kind == SC__TEXT ? copy_text(cell, &room)
                          : kind == SC__JSONB || kind == SC__BYTEA
                              ? copy_bytes(cell, &room)
                              : take(cell) == NULL;
        if (!done) {
            return 0;
        }
    }
    return (size_t)(room.next - out);
}
