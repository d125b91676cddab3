/* load.h: rows by COPY BINARY, which load.c, load_from.c and load_rows.c share; nobody else
 * includes it.
 *
 *     load.c        what is sent when, and what comes of it
 *     load_rows.c   rows, out of an array or a callback, as bytes
 *     load_from.c   a callback's, where COPY cannot be used
 *     copy_line.c   which row the server refused
 */
#ifndef SC_LOAD_H
#define SC_LOAD_H
#include "runtime/call/insert.h"

struct sc__loading {
    struct sc__conn *conn;
    const struct sc__insert *insert;
    const struct sc__column *
        *columns; /* those that are given, in the order of the COPY */
    uint16_t ncolumns;
    bool own_tx;   /* the transaction is of this load alone */
    bool ended;    /* ... and its end was sent */
    int64_t until; /* sc__clock when all of it must be over; 0: no limit */
    struct sc__job job;
    const struct sc__hooks *hooks; /* of a load without COPY; NULL: nobody is told */
    char *sql;                     /* for them */

    /* The rows. */
    struct sc__copy copy;            /* an array's; of a callback: the row at hand */
    const struct sc__supply *supply; /* NULL: an array */
    void *one;                       /* the callback's row at hand */
    uint64_t *mask;                  /* what all rows give */
    uint64_t *given;                 /* of a callback: room for what one gives */
    bool done;                       /* all rows are encoded */
    int64_t rows;                    /* encoded so far */
};

/* Sets the columns that mask gives, in the order that the codec likes. */
enum sc_status sc__load_columns(struct sc__loading *load, const uint64_t *mask,
                                struct sc_error *err);
/* Whether all columns of the mask have a binary form, and there is one. */
bool sc__load_can_copy(const struct sc__row *row, const uint64_t *mask);
/* Makes load->copy's fields, once the connection's types are known. */
enum sc_status sc__load_fields(struct sc__loading *load, struct sc_error *err);
/* Takes the callback's next row into load->one, checked; or sets done. SC_CANCELLED: it
 * stopped. SC_TIMEOUT: the time is over. */
enum sc_status sc__load_pull(struct sc__loading *load, struct sc_error *err);
/* Appends rows until the buffer holds `enough` bytes or all are in it (done). */
enum sc_status sc__load_fill(struct sc__loading *load, size_t enough,
                             struct sc__buffer *to, struct sc_error *err);

/* Runs a load whose columns are set. */
enum sc_status sc__load_run(struct sc_db *db, struct sc__loading *load,
                            struct sc_error *err);

/* The line that the context of an error of COPY tells, 0 where it tells none. name: the
 * table's, as SQL writes it. */
int64_t sc__copy_line(const char *context, const char *name);

/* Says which row a failure is about: -1: none, or it is not known. */
static inline enum sc_status sc__load_item(struct sc_error *err, int64_t row,
                                           enum sc_status status)
{
    if (err && status != SC_OK)
        err->item = row > INT32_MAX ? -1 : (int)row;
    return status;
}

#endif
