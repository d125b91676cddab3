/* pair.c: two schemas of a test, matched. */
#include "tests/support/pair.h"

int test_pair_parse(struct test_pair *pair, const char *from, const char *to,
                    enum match_options options)
{
    *pair = (struct test_pair){ 0 };
    if (test_schema_parse(&pair->from, from) != 0 ||
        test_schema_parse(&pair->to, to) != 0)
        return -1;
    pair->from.source.path = "from.schema";
    pair->to.source.path = "to.schema";
    pair->diags.arena = &pair->arena;
    pair->match = match_models(&pair->arena, pair->from.model, pair->to.model, options,
                               &pair->diags);
    if (!pair->diags.nerrors)
        pair->changes = changes_find(&pair->arena, pair->match);
    return 0;
}

void test_pair_close(struct test_pair *pair)
{
    test_schema_close(&pair->from);
    test_schema_close(&pair->to);
    arena_release(&pair->arena);
}

static void put_aspects(struct buf *out, unsigned aspects)
{
    static const char *const words[] = {
        "name",       "schema",      "comment", "type",      "collate",    "default",
        "nullable",   "identity",    "serial",  "generated", "storage",    "options",
        "tablespace", "logged",      "order",   "version",   "deferrable", "definition",
        "sequence",   "compression", "owner"
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (aspects >> i & 1)
            buf_printf(out, " %s", words[i]);
    }
}

void test_put_changes(struct buf *out, struct arena *arena,
                      const struct changes *changes)
{
    for (size_t i = 0; i < changes->list.n; i++) {
        const struct change *change = &changes->list.items[i];
        const char *sign = !change->from ? "+" : !change->to ? "-" : "~";
        struct str name = change_name(arena, change);
        buf_printf(out, "%s %s %.*s", sign, change_object_word(change->object),
                   STR_ARGS(name));
        if (change->from && change->to) {
            struct change after = *change;
            after.from = after.from_owner = NULL;
            struct str became = change_name(arena, &after);
            if (!str_eq(name, became))
                buf_printf(out, " -> %.*s", STR_ARGS(became));
            buf_putc(out, ':');
            put_aspects(out, change->aspects);
        }
        buf_putc(out, '\n');
    }
}
