/* side.h: what is compared: the same calls, once written by hand and once generated.
 * Knows of neither's types. */
#ifndef BENCH_SIDE_H
#define BENCH_SIDE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum workload {
    READ_USER,
    READ_PAGE,
    INSERT_SESSION,
    INSERT_MANY,
    LOAD,
    READ_BATCH,  /* BATCH users by their emails: one flight, one Sync */
    READ_MANY,   /* BATCH users by their ids; by hand: as READ_BATCH */
    READ_NESTED, /* a user with accounts and sessions */
    READ_LOOP,   /* by hand: READ_BATCH's, one by one; generated: as READ_BATCH */
    SCAN,        /* every user, in constant memory; by hand: single-row mode */
    SCAN_COPY,   /* by hand: COPY BINARY; generated: as SCAN */
    STREAM,      /* a query's rows likewise */
    UPDATE_USER, /* by primary key */
    DELETE_SESSION,
    INSERT_THREE, /* a user, an account, a session: one flight, one Sync */
    TX_THREE,     /* the same between BEGIN and COMMIT, in the same flight */
    WORKLOADS
};
enum { BATCH = 100 };

/* The arguments of a call. */
struct work {
    const char *email; /* READ_USER */
    const char *after; /* READ_PAGE */
    int64_t limit;
    const char
        *token; /* INSERT_SESSION; DELETE_SESSION; the id of the user of _THREE */
    const char *user_id;
    int64_t expires;
    const char *const *keys; /* READ_BATCH, READ_MANY: BATCH of them */
};

/* A row of feedback, for INSERT_MANY and LOAD. */
struct feedback {
    const char *user_id;
    int16_t rating;
    const char *message;
    const char *metadata;
};

struct side {
    const char *name;
    void *(*open)(const char *url); /* NULL after saying on stderr what is wrong */
    void (*close)(void *self);
    long (*backend)(void *self); /* the process id of the server's side; 0: unknown */
    /* Brings the rows into the side's own form, outside what is measured. */
    bool (*stage)(void *self, const struct feedback *rows, size_t n);
    /* Adds what it read to *sum, lightly: the last row only. */
    bool (*run[WORKLOADS])(void *self, const struct work *work, uint64_t *sum);
    /* Reads a page as READ_PAGE does and adds every byte of it to *sum. */
    bool (*check)(void *self, const struct work *work, uint64_t *sum);
};
extern const struct side hand_side, generated_side;

/* Takes away what the workload has filled in; on a connection of its own, as below. */
bool bench_reset(enum workload workload);
/* Makes n sessions with the tokens PREFIX-FROM and so on. */
bool bench_sessions(const char *prefix, unsigned long from, long n);

/* A checksum of a text, NULL included. */
static inline uint64_t sum_text(uint64_t sum, const char *text)
{
    sum = sum * 31 + (text != NULL);
    for (; text && *text; text++)
        sum = sum * 31 + (unsigned char)*text;
    return sum;
}

#endif
