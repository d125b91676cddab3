/* tx_text.c: what begins a transaction, in SQL. It must not send anything. */
#include "runtime/sc_internal.h"
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

/* False: the time is negative. */
static bool add_timeout(struct sc__tx_texts *texts, const char *name, int ms)
{
    if (ms > 0)
        snprintf(texts->set[texts->nset++], sizeof(texts->set[0]), "set local %s = %d",
                 name, ms);
    return ms >= 0;
}

enum sc_status sc__tx_compose(const struct sc_tx_options *options,
                              struct sc__tx_texts *texts, struct sc_error *err)
{
    const struct sc_tx_options none = { 0 };
    if (!options)
        options = &none;
    const char *isolation = isolation_text(options->isolation);
    if (!isolation)
        return sc__fail(err, "sc_tx_begin", SC_MISUSE, "there is no such isolation");
    texts->nset = 0;
    snprintf(texts->begin, sizeof(texts->begin), "begin%s%s%s", isolation,
             options->read_only ? " read only" : "",
             options->deferrable ? " deferrable" : "");
    if (!add_timeout(texts, "statement_timeout", options->statement_timeout_ms) ||
        !add_timeout(texts, "lock_timeout", options->lock_timeout_ms) ||
        !add_timeout(texts, "idle_in_transaction_session_timeout",
                     options->idle_timeout_ms))
        return sc__fail(err, "sc_tx_begin", SC_MISUSE, "a time is negative");
    return SC_OK;
}
