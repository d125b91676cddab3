/* str.h: slices of text that somebody else owns, and an ordered map keyed by them. */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *s; /* not NUL-terminated in general; NULL only when n is 0 */
    size_t n;
};
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* The two arguments of "%.*s". */
#define STR_ARGS(x) (int)(x).n, (x).s ? (x).s : ""

static inline struct str str_of(const char *s)
{
    return (struct str){ s, s ? strlen(s) : 0 };
}
bool str_eq(struct str a, struct str b);
bool str_eq_c(struct str a, const char *b);
/* ASCII case folded on both sides. */
bool str_eq_nocase(struct str a, const char *b);
int str_compare(struct str a, struct str b); /* bytewise, like strcmp */
uint32_t str_hash(struct str s);             /* FNV-1a */
/* A NUL-terminated copy in the arena. */
char *str_dup(struct arena *arena, struct str s);

/* A map from text to pointers that remembers the order of insertion. Zeroed: empty. Keys
 * are borrowed; memory is the arena's. Finding is O(1). */
struct map_entry {
    struct str key;
    void *value;
};
struct map {
    struct map_entry *entries; /* in order of insertion */
    size_t n, cap;
    uint32_t *slots; /* index + 1; 0: free */
    size_t nslots;
};
void *map_find(const struct map *map, struct str key);
/* Adds and gives NULL; when the key is there already, changes nothing and gives the
 * present value. value must not be NULL. */
void *map_add(struct map *map, struct arena *arena, struct str key, void *value);

#endif
