/* fits.c: what a running program asks: does this database fit it, and how far is a
 * statement. Through the library's own door, so that a pool will do. */
#include "sc_migrate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_ROOM = 2 * 63 + 3 }; /* a quoted name of PostgreSQL's greatest length */

__attribute__((format(printf, 2, 3))) static enum sc_status mismatch(
    struct sc_error *err, const char *format, ...)
{
    va_list args;
    if (!err)
        return SC_SCHEMA_MISMATCH;
    *err = (struct sc_error){ .status = SC_SCHEMA_MISMATCH };
    snprintf(err->query, sizeof err->query, "sc_schema_check");
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return SC_SCHEMA_MISMATCH;
}

static bool quote(const char *name, char quoted[NAME_ROOM])
{
    size_t n = 0;
    quoted[n++] = '"';
    for (; *name && n < NAME_ROOM - 3; name++) {
        if (*name == '"')
            quoted[n++] = '"';
        quoted[n++] = *name;
    }
    quoted[n++] = '"';
    quoted[n] = '\0';
    return *name == '\0';
}

static enum sc_status exists(struct sc_db *db, const char *schema, struct sc_error *err)
{
    char table[NAME_ROOM + 16];
    const char *params[] = { table };
    struct sc_rows *rows = NULL;
    snprintf(table, sizeof table, "%s.migrations", schema);
    enum sc_status status = sc_query(db, "select to_regclass($1)", params, 1, &rows,
                                     err);
    if (status == SC_OK && !sc_rows_value(rows, 0, 0))
        status = mismatch(err,
                          "the database has no history of migrations in schema %s: it "
                          "was not migrated",
                          schema);
    sc_rows_free(rows);
    return status;
}

enum { NAME, STATE, TO, BREAKS };

static bool is(const struct sc_rows *rows, size_t row, size_t column, const char *text)
{
    const char *value = sc_rows_value(rows, row, column);
    return value && strcmp(value, text) == 0;
}

/* The length of the next of several fingerprints, which blanks stand between. */
static size_t next_print(const char **prints)
{
    *prints += strspn(*prints, " ");
    return strcspn(*prints, " ");
}

/* The last row that leads to a fingerprint; the number of rows: none does. */
static size_t find_row(const struct sc_rows *rows, const char *print, size_t size)
{
    for (size_t i = sc_rows_count(rows); i > 0; i--) {
        const char *to = sc_rows_value(rows, i - 1, TO);
        if (to && strlen(to) == size && memcmp(to, print, size) == 0)
            return i - 1;
    }
    return sc_rows_count(rows);
}

static enum sc_status not_there(const struct sc_rows *rows, struct sc_error *err)
{
    size_t n = sc_rows_count(rows);
    if (n == 0)
        return mismatch(err, "the database has no migration yet");
    return mismatch(err,
                    "the database stands at migration \"%s\" and has not seen the "
                    "one that this program was made for",
                    sc_rows_value(rows, n - 1, NAME));
}

/* Rows from the first to the latest. Each fingerprint has to be led to; what is later than
 * the first of them, and is none of them, must not break statements. */
static enum sc_status judge(const struct sc_rows *rows, const char *prints,
                            struct sc_error *err)
{
    size_t n = sc_rows_count(rows), first = n;
    const char *print = prints;
    for (size_t size = next_print(&print); size; size = next_print(&print)) {
        size_t ours = find_row(rows, print, size);
        if (ours == n)
            return not_there(rows, err);
        if (!is(rows, ours, STATE, "applied"))
            return mismatch(err, "migration \"%s\" is not finished: %s",
                            sc_rows_value(rows, ours, NAME),
                            sc_rows_value(rows, ours, STATE));
        first = ours < first ? ours : first;
        print += size;
    }
    if (first == n)
        return not_there(rows, err);
    for (size_t i = first + 1; i < n; i++) {
        const char *to = sc_rows_value(rows, i, TO);
        bool ours = to && *to && strstr(prints, to);
        if (!ours && !is(rows, i, BREAKS, ""))
            return mismatch(err,
                            "the later migration \"%s\" breaks statements of this "
                            "program: %s",
                            sc_rows_value(rows, i, NAME),
                            sc_rows_value(rows, i, BREAKS));
    }
    return SC_OK;
}

enum sc_status sc_schema_check(struct sc_db *db, const char *fingerprint,
                               const char *schema, struct sc_error *err)
{
    char quoted[NAME_ROOM], sql[NAME_ROOM + 160];
    struct sc_rows *rows = NULL;
    if (!quote(schema ? schema : "schemac", quoted))
        return mismatch(err, "no schema has such a long name: \"%s\"", schema);
    enum sc_status status = exists(db, quoted, err);
    if (status != SC_OK)
        return status;
    snprintf(sql, sizeof sql,
             "select name, state, to_fingerprint, breaks from %s.migrations"
             " where state in ('running', 'applied', 'undoing') order by batch, seq",
             quoted);
    status = sc_query(db, sql, NULL, 0, &rows, err);
    if (status == SC_OK)
        status = judge(rows, fingerprint, err);
    sc_rows_free(rows);
    return status;
}

/* ---- progress ---------------------------------------------------------------------------- */

/* Views of PostgreSQL 12 and later. A scan is counted in blocks, a sort in rows. */
static const char PROGRESS[] =
    "select 'create index', phase, case when blocks_total > blocks_done then "
    "blocks_done"
    " else tuples_done end, case when blocks_total > blocks_done then blocks_total"
    " else tuples_total end, case when blocks_total > blocks_done then 'blocks'"
    " else 'rows' end from pg_catalog.pg_stat_progress_create_index where pid = "
    "$1::int4"
    " union all select lower(command), phase, heap_blks_scanned, heap_blks_total,"
    " 'blocks' from pg_catalog.pg_stat_progress_cluster where pid = $1::int4"
    " union all select 'vacuum', phase, heap_blks_scanned, heap_blks_total, 'blocks'"
    " from pg_catalog.pg_stat_progress_vacuum where pid = $1::int4";

static void put(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static int64_t number(const char *text)
{
    return text ? strtoll(text, NULL, 10) : 0;
}

enum sc_status sc_migrate_progress(struct sc_db *other, int pid,
                                   struct sc_progress *progress, struct sc_error *err)
{
    char text[16];
    const char *params[] = { text };
    struct sc_rows *rows = NULL;
    struct sc_error unread;
    err = err ? err : &unread;
    snprintf(text, sizeof text, "%d", pid);
    enum sc_status status = sc_query(other, PROGRESS, params, 1, &rows, err);
    if (status == SC_OK && !sc_rows_count(rows)) {
        *err = (struct sc_error){ .status = SC_NOT_FOUND };
        put(err->message, sizeof err->message, "it runs nothing that reports progress");
        status = SC_NOT_FOUND;
    }
    if (status == SC_OK) {
        put(progress->what, sizeof progress->what, sc_rows_value(rows, 0, 0));
        put(progress->phase, sizeof progress->phase, sc_rows_value(rows, 0, 1));
        progress->done = number(sc_rows_value(rows, 0, 2));
        progress->total = number(sc_rows_value(rows, 0, 3));
        put(progress->unit, sizeof progress->unit, sc_rows_value(rows, 0, 4));
    }
    sc_rows_free(rows);
    return status;
}
