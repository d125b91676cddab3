/* load_rows.c: rows for a COPY, out of an array or a callback. It must not send them. */
#include "load.h"
#include "runtime/sc_internal.h"
#include <string.h>

/* ---- columns ---------------------------------------------------------------------------- */

static bool is_maybe(const struct sc__column *column)
{
    return !(column->type.flags & SC__PLAIN_NEW);
}

enum sc_status sc__load_columns(struct sc__loading *load, const uint64_t *mask,
                                struct sc_error *err)
{
    const struct sc__row *row = load->insert->row;
    load->columns = sc__scratch_alloc(load->job.scratch,
                                      row->ncolumns * sizeof(*load->columns));
    if (!load->columns)
        return sc__fail_memory(err, load->insert->label);
    for (int order = 0; order < SC__COPY_ORDERS; order++)
        for (uint16_t c = 0; c < row->ncolumns; c++) {
            const struct sc__column *column = &row->columns[c];
            if (sc__mask_has(mask, c) &&
                sc__copy_order(&column->type, is_maybe(column)) == order)
                load->columns[load->ncolumns++] = column;
        }
    return SC_OK;
}

bool sc__load_can_copy(const struct sc__row *row, const uint64_t *mask)
{
    bool any = false;
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        if (!sc__mask_has(mask, c))
            continue;
        any = true;
        if (row->columns[c].cast)
            return false;
    }
    return any;
}

enum sc_status sc__load_fields(struct sc__loading *load, struct sc_error *err)
{
    struct sc__copy_field *fields = sc__scratch_alloc(load->job.scratch,
                                                      load->ncolumns * sizeof(*fields));
    if (!fields)
        return sc__fail_memory(err, load->insert->label);
    for (uint16_t i = 0; i < load->ncolumns; i++) {
        const struct sc__column *column = load->columns[i];
        fields[i] = sc__copy_field(&column->type, column->new_at, is_maybe(column));
        fields[i].element_oid = sc__types_element(&load->conn->types, &column->type,
                                                  false);
    }
    load->copy.fields = fields;
    load->copy.nfields = load->ncolumns;
    return SC_OK;
}

/* ---- a callback's ------------------------------------------------------------------------ */

/* COPY has one list of columns: what may be left out without a difference, and what the
 * first row gives. */
static enum sc_status check_given(struct sc__loading *load, struct sc_error *err)
{
    const struct sc__fault some = { SC_MISUSE,
                                    "is given by some rows only, and has a default" };
    const struct sc__row *row = load->insert->row;
    size_t words = sc__mask_words(row);
    bool first = load->rows == 0;
    uint64_t *given = first ? load->mask : load->given;
    memset(given, 0, words * sizeof(*given));
    enum sc_status status = sc__insert_given(&load->job, row, load->one, given, err);
    if (status != SC_OK)
        return status;
    for (uint16_t c = 0; c < row->ncolumns; c++)
        if (sc__insert_null_is_same(&row->columns[c]))
            sc__mask_add(given, c);
    if (first || memcmp(given, load->mask, words * sizeof(*given)) == 0)
        return SC_OK;
    uint16_t c = 0;
    while (sc__mask_has(given, c) == sc__mask_has(load->mask, c))
        c++;
    return sc__fail_column(err, load->insert->label, row->columns[c].name, &some);
}

/* A callback may take its time, which nobody counts who waits for the server. */
static enum sc_status check_time(struct sc__loading *load, struct sc_error *err)
{
    if (!load->until || sc__clock() < load->until)
        return SC_OK;
    if (load->conn)
        sc__late_wind_up(load->conn);
    enum sc_status status = sc__fail(err, load->insert->label, SC_TIMEOUT,
                                     "the call's time was over after %lld rows",
                                     (long long)load->rows);
    return sc__load_item(err, -1, status);
}

enum sc_status sc__load_pull(struct sc__loading *load, struct sc_error *err)
{
    const struct sc__supply *supply = load->supply;
    memset(load->one, 0, supply->size);
    int more = supply->next(supply->arg, load->one);
    load->done = more == 0;
    if (more < 0)
        return sc__load_item(err, load->rows,
                             sc__fail(err, load->insert->label, SC_CANCELLED,
                                      "the callback stopped the load"));
    enum sc_status status = check_time(load, err);
    if (status != SC_OK || load->done)
        return status;
    return sc__load_item(err, load->rows, check_given(load, err));
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static enum sc_status fail_field(const struct sc__loading *load,
                                 const struct sc__fault *fault, struct sc_error *err)
{
    const char *label = load->insert->label;
    if (fault->status == SC_NO_MEMORY)
        return sc__fail_memory(err, label);
    enum sc_status status = sc__fail_column(err, label,
                                            load->columns[load->copy.bad]->name, fault);
    return sc__load_item(err, load->rows, status);
}

static enum sc_status fill_supplied(struct sc__loading *load, size_t enough,
                                    struct sc__buffer *to, struct sc_error *err)
{
    struct sc__copy *copy = &load->copy;
    copy->rows = load->one;
    copy->count = 1;
    while (!load->done && to->size < enough) {
        copy->next = 0;
        const struct sc__fault *fault = sc__encode_rows(copy, SIZE_MAX, to);
        if (fault)
            return fail_field(load, fault, err);
        load->rows++;
        enum sc_status status = sc__load_pull(load, err);
        if (status != SC_OK)
            return status;
    }
    return SC_OK;
}

enum sc_status sc__load_fill(struct sc__loading *load, size_t enough,
                             struct sc__buffer *to, struct sc_error *err)
{
    struct sc__copy *copy = &load->copy;
    if (load->supply)
        return fill_supplied(load, enough, to, err);
    const struct sc__fault *fault = sc__encode_rows(copy, enough, to);
    load->rows = (int64_t)copy->next;
    load->done = copy->next == copy->count;
    return fault ? fail_field(load, fault, err) : SC_OK;
}
