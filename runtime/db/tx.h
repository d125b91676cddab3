/* tx.h: transactions, as other files of the runtime see them. */
#ifndef SC_TX_H
#define SC_TX_H
#include "runtime/sc.h"

/* What begins a transaction: statements that go out together, in this order. SET LOCAL and
 * not set_config: it takes no snapshot, which would be older than the first statement's. */
struct sc__tx_texts {
    char begin[128];
    char set[3][64];
    int nset;
};
/* options may be NULL. SC_MISUSE: there is no such isolation, a time is negative. */
enum sc_status sc__tx_compose(const struct sc_tx_options *options,
                              struct sc__tx_texts *texts, struct sc_error *err);

/* As sc_tx_begin; until: sc__clock when all of the transaction must be over; 0: no limit. */
enum sc_status sc__tx_begin(struct sc_db *db, const struct sc_tx_options *options,
                            int64_t until, struct sc_db **tx, struct sc_error *err);

#endif
