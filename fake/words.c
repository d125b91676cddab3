/* words.c: names, addresses and sentences of nobody. */
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *const first_names[] = { "Ada",     "Grace",    "Edsger", "Barbara",
                                           "Ken",     "Frances",  "Tony",   "Radia",
                                           "Niklaus", "Margaret", "Alan",   "Lynn" };
static const char *const last_names[] = {
    "Byron", "Moore", "Rowan", "Castle", "Finch",
    "Marsh", "Holt",  "Quill", "Larch",  "Stone"
};
static const char *const cities[] = { "Northport", "Elmsford", "Riverbend",
                                      "Oakhurst",  "Lakeside", "Millbrook" };
static const char *const words[] = {
    "amber",   "birch",  "cedar",   "delta", "ember",   "fjord",  "grove",
    "harbour", "iris",   "juniper", "kelp",  "lantern", "meadow", "north",
    "orchard", "pebble", "quartz",  "river", "slate",   "tundra"
};

#define PICK(list, n) ((list)[(n) % (sizeof(list) / sizeof *(list))])

static bool named(const struct value_wish *wish, const char *part)
{
    const size_t n = strlen(part);
    for (size_t i = 0; i + n <= wish->name.n; i++) {
        if (memcmp(wish->name.s + i, part, n) == 0)
            return true;
    }
    return false;
}

static void put_sentence(struct buf *out, uint64_t random)
{
    const uint64_t count = 4 + random % 6;
    for (uint64_t i = 0; i < count; i++) {
        const char *word = PICK(words, value_mix(random, i));
        buf_printf(out, "%s%s", i ? " " : "", word);
    }
    buf_putc(out, '.');
}

static void put_token(struct buf *out, uint64_t random)
{
    buf_printf(out, "%016" PRIx64, random);
}

/* The text without the number that makes it distinct. */
static void put_flavour(struct buf *out, const struct value_wish *wish)
{
    const uint64_t r = wish->random;
    if (named(wish, "token") || named(wish, "secret") || named(wish, "hash") ||
        named(wish, "password"))
        put_token(out, r);
    else if (named(wish, "city"))
        buf_puts(out, PICK(cities, r));
    else if (named(wish, "last_name") || named(wish, "surname"))
        buf_puts(out, PICK(last_names, r));
    else if (named(wish, "first_name"))
        buf_puts(out, PICK(first_names, r));
    else if (named(wish, "name") && !named(wish, "file"))
        buf_printf(out, "%s %s", PICK(first_names, r), PICK(last_names, r / 16));
    else if (named(wish, "message") || named(wish, "body") || named(wish, "descr") ||
             named(wish, "comment") || named(wish, "content") || named(wish, "note"))
        put_sentence(out, r);
    else if (named(wish, "title") || named(wish, "subject"))
        buf_printf(out, "%s %s", PICK(words, r), PICK(words, r / 32));
    else
        buf_puts(out, PICK(words, r));
}

static void put_whole(struct buf *out, const struct value_wish *wish)
{
    const uint64_t n = wish->distinct ? wish->number : wish->random % 100000;
    if (named(wish, "email"))
        buf_printf(out, "user%" PRIu64 "@example.com", n);
    else if (named(wish, "url") || named(wish, "link") || named(wish, "image") ||
             named(wish, "website"))
        buf_printf(out, "https://example.com/%" PRIu64, n);
    else if (named(wish, "phone"))
        buf_printf(out, "+1555%07" PRIu64, n % 10000000);
    else {
        put_flavour(out, wish);
        if (wish->distinct)
            buf_printf(out, "-%" PRIu64, n);
    }
}

/* How long it may be: by varchar(n), char(n) or name, and by checks. */
static size_t most(const struct value_wish *wish)
{
    const struct type_info *builtin = wish->type->builtin;
    size_t limit = builtin->id == TYPE_NAME ? 63 : 200;
    if (wish->type->modifiers.n)
        limit = (size_t)strtol(wish->type->modifiers.s, NULL, 10);
    else if (builtin->id == TYPE_CHAR)
        limit = 1;
    if (wish->bounds->has_most && wish->bounds->most >= 0 &&
        (size_t)wish->bounds->most < limit)
        limit = (size_t)wish->bounds->most;
    return limit;
}

/* A text too long keeps its end, where the number is; a very short one is all number. */
static void fit(struct buf *text, const struct value_wish *wish)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    const size_t limit = most(wish);
    const size_t least = wish->bounds->has_least && wish->bounds->least > 0
                             ? (size_t)wish->bounds->least
                             : 0;
    if (text->n > limit) {
        buf_clear(text);
        uint64_t n = wish->distinct ? wish->number : wish->random;
        for (size_t i = 0; i < limit && i < 12; i++, n /= 36)
            buf_putc(text, digits[n % 36]);
    }
    while (text->n < least && text->n < limit)
        buf_putc(text, 'x');
}

static void fold(struct buf *text, const struct bounds *bounds)
{
    for (size_t i = 0; i < text->n; i++) {
        char *c = &text->s[i];
        if (bounds->lower && *c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
        else if (bounds->upper && *c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
}

void words_put(struct buf *out, const struct value_wish *wish)
{
    struct buf text = { 0 };
    put_whole(&text, wish);
    fit(&text, wish);
    fold(&text, wish->bounds);
    buf_str(out, buf_view(&text));
    buf_release(&text);
}
