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

#endif
