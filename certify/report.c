/* report.c: a report as text; must not know how it came about. */
#include <string.h>

#include "certify.h"

const char *certify_kind_word(enum certify_kind kind)
{
    switch (kind) {
    case CERTIFY_LOCK:
        return "lock";
    case CERTIFY_COST:
        return "cost";
    case CERTIFY_CATALOG:
        return "catalog";
    case CERTIFY_ROWS:
        return "rows";
    case CERTIFY_REFUSED:
        return "refused";
    }
    return "";
}

static bool same_place(const struct certify_finding *a, const struct certify_finding *b)
{
    return strcmp(a->migration, b->migration) == 0 && strcmp(a->way, b->way) == 0 &&
           a->step == b->step;
}

/* "0002_add_phone up, step 2: create index users_phone_idx" */
static void put_place(struct buf *out, const struct certify_finding *finding)
{
    buf_printf(out, "%s %s", finding->migration, finding->way);
    if (finding->step)
        buf_printf(out, ", step %d", finding->step);
    if (finding->title[0])
        buf_printf(out, ": %s", finding->title);
    buf_putc(out, '\n');
}

void certify_put(struct buf *out, const struct certify_report *report)
{
    for (size_t i = 0; i < report->findings.n; i++) {
        const struct certify_finding *one = &report->findings.items[i];
        if (i == 0 || !same_place(one, one - 1))
            put_place(out, one);
        buf_printf(out, "  %s %s: predicted %s, seen %s\n",
                   certify_kind_word(one->kind), one->object, one->predicted,
                   one->seen);
    }
    for (size_t i = 0; i < report->notes.n; i++)
        buf_printf(out, "note: %s\n", report->notes.items[i]);
}
