/* shape.c: what can be told of any object of a shape. Must not know catalogs or text. */
#include "shape.h"

#include <stdarg.h>

#include "base/buf.h"
#include "sql/quote.h"

const char *item_kind_word(const struct item *item)
{
    static const char *const words[] = {
        [ITEM_EXTENSION] = "extension",
        [ITEM_SCHEMA] = "schema",
        [ITEM_ENUM] = "enum",
        [ITEM_LABEL] = "label",
        [ITEM_DOMAIN] = "domain",
        [ITEM_SEQUENCE] = "sequence",
        [ITEM_TABLE] = "table",
        [ITEM_COLUMN] = "column",
        [ITEM_CONSTRAINT] = "constraint",
        [ITEM_INDEX] = "index",
    };
    return words[item->kind];
}

/* A constraint is named within its table, everything else within what it stands in; an
 * index stands in its table's schema. */
static void put_name(struct buf *out, const struct item *item)
{
    const struct item *within = item->kind == ITEM_INDEX ? item->owner->owner
                                                         : item->owner;
    if (within != NULL && item->kind != ITEM_CONSTRAINT) {
        put_name(out, within);
        buf_putc(out, '.');
    }
    quote_ident(out, item->name);
    if (item->kind == ITEM_CONSTRAINT) {
        buf_puts(out, " on ");
        put_name(out, within);
    }
}

struct str item_full_name(struct arena *arena, const struct item *item)
{
    struct buf out = { 0 };
    put_name(&out, item);
    struct str name = buf_dup(&out, arena);
    buf_release(&out);
    return name;
}

bool item_in_file(const struct item *item)
{
    for (; item != NULL; item = item->owner) {
        if (item->out) {
            return false;
        }
    }
    return true;
}

void shape_list(struct shape *shape, struct str kind, struct str name, struct str why)
{
    VEC_PUSH(shape->arena, &shape->lost, (struct shape_lost){ kind, name, why });
}

void shape_lose(struct shape *shape, struct item *item, const char *format, ...)
{
    if (!item_in_file(item)) {
        return;
    }
    item->out = true;
    va_list args;
    va_start(args, format);
    char *why = arena_vprintf(shape->arena, format, args);
    va_end(args);
    shape_list(shape, str_of(item_kind_word(item)), item_full_name(shape->arena, item),
               str_of(why));
}
