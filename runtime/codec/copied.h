/* copied.h: a row of COPY BINARY out into a struct. Knows formats, never a connection. */
#ifndef SC_CODEC_COPIED_H
#define SC_CODEC_COPIED_H
#include "codec.h"

/* A row of COPY BINARY out, none of whose columns is numeric or an array, at once: what
 * sc__copied_cells and sc__copied_row below do. out->is_row false: it is none. */
struct sc__copied;
const struct sc__fault *sc__copied_flat(char *data, size_t size,
                                        const struct sc__row *row, void *struct_,
                                        struct sc__copied *out);

/* The same of any row, in three steps. sc__copied_cells finds its values (`cells` has
 * room for row->ncolumns) and ends each with a NUL where it stands; data[size] is one
 * already. sc__copied_size says what they need beside the struct, and sc__copied_row fills
 * that (aligned to 8) and the struct; texts and byteas point into data. The COPY's header
 * may stand before the row, or alone; its trailer is no row. Faults as above. */
struct sc__copied {
    bool is_row;
    size_t size; /* of a row's values, in bytes */
    int bad;     /* filled on a fault: index in row->columns */
    size_t tail; /* filled by sc__copied_size */
};
const struct sc__fault *sc__copied_cells(char *data, size_t size,
                                         const struct sc__row *row,
                                         struct sc__bytes *cells,
                                         struct sc__copied *out);
const struct sc__fault *sc__copied_size(const struct sc__row *row,
                                        const struct sc__bytes *cells,
                                        struct sc__copied *out);
const struct sc__fault *sc__copied_row(const struct sc__row *row,
                                       const struct sc__bytes *cells, void *struct_,
                                       char *tail, int *bad);

#endif
