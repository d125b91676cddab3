/* names.c: PostgreSQL's choice of names. Must not know which names are asked for. */
#include "names.h"

#include <stdio.h>

/* The longest prefix of at most n bytes that ends between characters (pg_mbcliplen). */
static size_t clip(struct str s, size_t n)
{
    if (n >= s.n) {
        return s.n;
    }
    while (n > 0 && ((unsigned char)s.s[n] & 0xC0U) == 0x80U) {
        n--;
    }
    return n;
}

struct str name_object(struct arena *arena, struct str name1, struct str name2,
                       struct str label)
{
    size_t overhead = (name2.n ? 1 : 0) + (label.n ? label.n + 1 : 0);
    size_t room = NAME_MAX_BYTES - overhead;
    size_t n1 = name1.n;
    size_t n2 = name2.n;
    while (n1 + n2 > room) {
        if (n1 > n2) {
            n1--;
        } else {
            n2--;
        }
    }
    n1 = clip(name1, n1);
    n2 = clip(name2, n2);
    char *s = arena_printf(arena, "%.*s%s%.*s%s%.*s", (int)n1, name1.s,
                           name2.n ? "_" : "", (int)n2, name2.n ? name2.s : "",
                           label.n ? "_" : "", STR_ARGS(label));
    return str_of(s);
}

struct str name_addition(struct arena *arena, const name_list *columns)
{
    char text[2 * (NAME_MAX_BYTES + 1)];
    size_t n = 0;
    for (size_t i = 0; i < columns->n; i++) {
        struct str column = columns->items[i];
        if (n > 0) {
            text[n++] = '_';
        }
        size_t length = column.n < NAME_MAX_BYTES ? column.n : NAME_MAX_BYTES;
        memcpy(text + n, column.s, length);
        n += length;
        if (n > NAME_MAX_BYTES) {
            break;
        }
    }
    return (struct str){ arena_copy(arena, text, n), n };
}

static bool listed(const name_list *list, struct str name)
{
    for (size_t i = 0; i < list->n; i++) {
        if (str_eq(list->items[i], name)) {
            return true;
        }
    }
    return false;
}

void name_add_column(struct arena *arena, name_list *columns, struct str name)
{
    struct str tried = name;
    for (int i = 1; listed(columns, tried); i++) {
        char number[16];
        int n = snprintf(number, sizeof number, "%d", i);
        size_t kept = clip(name, NAME_MAX_BYTES - (size_t)n);
        tried = str_of(arena_printf(arena, "%.*s%s", (int)kept, name.s, number));
    }
    VEC_PUSH(arena, columns, tried);
}

static bool is_taken(const struct name_space *space, struct str name,
                     enum name_kind kind)
{
    bool relation = kind != NAME_CONSTRAINT && map_find(&space->relations, name);
    bool constraint = kind != NAME_RELATION && map_find(&space->constraints, name);
    return relation || constraint;
}

struct str name_choose(struct arena *arena, const struct name_space *space,
                       const struct name_parts *parts, enum name_kind kind)
{
    struct str label = parts->label;
    for (int pass = 1;; pass++) {
        struct str name = name_object(arena, parts->name1, parts->name2, label);
        if (!is_taken(space, name, kind)) {
            return name;
        }
        label = str_of(arena_printf(arena, "%.*s%d", STR_ARGS(parts->label), pass));
    }
}
