/* merge_report.c: what two heads do and what is in the way, as a tree to be read. Must not
 * decide anything. */
#include "merges.h"

static void put_aspects(struct buf *out, unsigned aspects)
{
    static const char *const words[] = {
        "name",       "schema",      "comment", "type",      "collate",    "default",
        "NULL",       "identity",    "serial",  "generated", "storage",    "options",
        "tablespace", "logged",      "order",   "version",   "deferrable", "definition",
        "sequence",   "compression", "owner"
    };
    const char *before = " (";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (aspects >> i & 1) {
            buf_printf(out, "%s%s", before, words[i]);
            before = ", ";
        }
    }
    buf_puts(out, aspects ? ")" : "");
}

const char *merge_change_text(struct arena *arena, const struct change *change)
{
    struct buf text = { 0 };
    struct str name = change_name(arena, change);
    unsigned renamed = change->aspects & (ASPECT_NAME | ASPECT_SCHEMA);
    const char *verb = !change->from ? "add"
                       : !change->to ? "drop"
                       : renamed     ? "rename"
                                     : "change";
    buf_printf(&text, "%s %s %.*s", verb, change_object_word(change->object),
               STR_ARGS(name));
    if (change->from && change->to && renamed) {
        struct change after = *change;
        after.from = after.from_owner = NULL;
        buf_printf(&text, " to %.*s", STR_ARGS(change_name(arena, &after)));
    }
    put_aspects(&text, change->aspects & ~(unsigned)(ASPECT_NAME | ASPECT_SCHEMA));
    struct str copy = buf_dup(&text, arena);
    buf_release(&text);
    return copy.s;
}

static void put_head(struct buf *out, const struct merging *m, const struct head *head,
                     bool last)
{
    const char *line = last ? "    " : "|   ";
    size_t n = head->changes->list.n;
    buf_printf(out, "%s-- %s\n", last ? "`" : "+", head->version.id);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s-- %s\n", line, i + 1 == n ? "`" : "+",
                   merge_change_text(m->arena, &head->changes->list.items[i]));
}

struct str merge_report(const struct merging *m)
{
    struct buf text = { 0 };
    size_t n = m->merge->conflicts.n;
    buf_printf(&text, "%s\n", m->parent.id[0] ? m->parent.id : "(nothing)");
    put_head(&text, m, &m->heads[0], false);
    put_head(&text, m, &m->heads[1], true);
    buf_puts(&text, n ? "in the way:\n" : "nothing is in the way\n");
    for (size_t i = 0; i < n; i++) {
        const struct merge_conflict *conflict = &m->merge->conflicts.items[i];
        buf_printf(&text, "%s-- %s: %s\n", i + 1 == n ? "`" : "+", conflict->object,
                   conflict->why);
    }
    struct str copy = buf_dup(&text, m->arena);
    buf_release(&text);
    return copy;
}
