/* tx.h: the texts that begin a transaction. */
#ifndef SC_TX_H
#define SC_TX_H
#include "sc.h"

/* Statements to be sent one after the other: in a pipeline each alone. */
struct sc__tx_texts {
    char begin[128];
    char set[3][64]; /* SET LOCAL */
    int nset;
};

/* Fails with SC_MISUSE for an isolation that is none. */
enum sc_status sc__tx_compose(const struct sc_tx_options *options,
                              struct sc__tx_texts *texts, struct sc_error *err);

#endif
