/* alter.c: what ALTER statements are put together from; must not know of plans. */
#include "alter.h"
#include <inttypes.h>

void alter_counter(struct buf *out, const struct model_counter *counter,
                   const char *before)
{
    buf_printf(out, " %sincrement by %" PRId64, before, counter->increment);
    buf_printf(out, " %sminvalue %" PRId64, before, counter->least);
    buf_printf(out, " %smaxvalue %" PRId64, before, counter->most);
    buf_printf(out, " %sstart with %" PRId64, before, counter->start);
    buf_printf(out, " %scache %" PRId64, before, counter->cache);
    buf_printf(out, " %s%s", before, counter->cycle ? "cycle" : "no cycle");
}
