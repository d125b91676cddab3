/* keep.h: copies of all rows, to see later what became of them. They stand in temporary
 * tables of the looking connection; tables and columns are told by the server's own
 * numbers for them, so that a new name changes nothing. Inside certify/ only. */
#ifndef CERTIFY_KEEP_H
#define CERTIFY_KEEP_H
#include "bench.h"
#include "judge.h"

struct keep_column {
    const char *number, *name;
    const char *type; /* its name, and what its values are read by: labels, base type */
    bool not_null, generated;
    bool lost; /* gone, filled or of another type once: compared by KEEP_ALL only */
};
struct keep_table {
    const char *oid, *name; /* auth.users, for a person */
    const char *sql_name;   /* quoted */
    bool lost;
    VEC(struct keep_column) columns;
};
struct keep_sequence {
    const char *name;     /* of its column, auth.users.id; or its own */
    const char *position; /* the last number that it has given */
    bool lost;
};
struct keep {
    struct bench *bench;
    struct map tables;    /* by oid, of struct keep_table * */
    struct map sequences; /* by the column's numbers, or its own; of keep_sequence * */
};

/* Copies what is there, with the sequences moved on; an earlier copy goes. */
const char *keep_take(struct bench *bench, struct keep *keep);
/* How many rows were copied. */
size_t keep_rows(const struct keep *keep);

/* Compares with what is there now. What has another type, is computed, or is filled from
 * now on is passed over. What has gone is a finding unless allowed says so (a list like
 * "drop:auth.users, drop:auth.users.name"; NULL: all may have gone). KEEP_COMMON passes
 * over for good what it once passed over; KEEP_ALL takes none of these excuses. */
enum keep_extent { KEEP_COMMON, KEEP_ALL };
/* keep_sequences.c: the positions of sequences, by the columns that they are for. */
const char *keep_sequences_move(struct bench *bench);
const char *keep_sequences_read(struct bench *bench, struct map *sequences);
/* One that has gone once is passed over from then on. */
void keep_sequences_compare(struct keep *keep, const struct map *now,
                            struct judge *judge);

const char *keep_compare(struct keep *keep, struct judge *judge,
                         enum keep_extent extent, const char *allowed);

#endif
