/* tx_text.c: the texts that begin a transaction. It must not send them. */
#include "sc_internal.h"
#include <stdio.h>

static const char *isolation_text(enum sc_isolation isolation)
{
    switch (isolation) {
    case SC_ISOLATION_DEFAULT:
        return "";
    case SC_READ_COMMITTED:
        return " isolation level read committed";
    case SC_REPEATABLE_READ:
        return " isolation level repeatable read";
    case SC_SERIALIZABLE:
        return " isolation level serializable";
    }
    return NULL;
}

enum sc_status sc__tx_compose(const struct sc_tx_options *options,
                              struct sc__tx_texts *texts, struct sc_error *err)
{
    const char *isolation = isolation_text(options->isolation);
    if (!isolation)
        return sc__fail(err, "sc_tx_begin", SC_MISUSE, "there is no such isolation");
    texts->nset = 0;
    snprintf(texts->begin, sizeof(texts->begin), "begin%s%s%s", isolation,
             options->read_only ? " read only" : "",
             options->deferrable ? " deferrable" : "");
    return SC_OK;
}
