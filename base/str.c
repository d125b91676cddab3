/* str.c: slices compared and hashed, and the map. Must not own what slices point to. */
#include "str.h"
#include "arena.h"

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

bool str_eq_c(struct str a, const char *b)
{
    return str_eq(a, str_of(b));
}

static unsigned char fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_eq_nocase(struct str a, const char *b)
{
    if (a.n != strlen(b)) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (fold(a.s[i]) != fold(b[i])) {
            return false;
        }
    }
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.s, b.s, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

uint32_t str_hash(struct str s)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < s.n; i++) {
        hash = (hash ^ (unsigned char)s.s[i]) * 16777619U;
    }
    return hash;
}

char *str_dup(struct arena *arena, struct str s)
{
    return arena_copy(arena, s.s, s.n);
}

/* The slot that holds the key, or the free one where it belongs. nslots is a power of 2
 * and never full. */
static size_t map_slot(const struct map *map, struct str key)
{
    size_t mask = map->nslots - 1;
    size_t at = str_hash(key) & mask;
    while (map->slots[at] && !str_eq(map->entries[map->slots[at] - 1].key, key)) {
        at = (at + 1) & mask;
    }
    return at;
}

static void map_grow(struct map *map, struct arena *arena)
{
    size_t cap = map->cap ? map->cap * 2 : 8;
    struct map_entry *entries = arena_array(arena, struct map_entry, cap);
    if (map->n) {
        memcpy(entries, map->entries, map->n * sizeof *entries);
    }
    map->entries = entries;
    map->cap = cap;
    map->nslots = cap * 2;
    map->slots = arena_array(arena, uint32_t, map->nslots);
    for (size_t i = 0; i < map->n; i++) {
        map->slots[map_slot(map, entries[i].key)] = (uint32_t)(i + 1);
    }
}

void *map_find(const struct map *map, struct str key)
{
    if (map->n == 0) {
        return NULL;
    }
    uint32_t slot = map->slots[map_slot(map, key)];
    return slot ? map->entries[slot - 1].value : NULL;
}

void *map_add(struct map *map, struct arena *arena, struct str key, void *value)
{
    size_t slot = map->nslots ? map_slot(map, key) : 0;
    if (map->nslots && map->slots[slot]) {
        return map->entries[map->slots[slot] - 1].value;
    }
    if (map->n == map->cap) {
        map_grow(map, arena);
        slot = map_slot(map, key);
    }
    map->entries[map->n] = (struct map_entry){ key, value };
    map->n++;
    map->slots[slot] = (uint32_t)map->n;
    return NULL;
}
