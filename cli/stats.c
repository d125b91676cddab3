/* stats.c: sizes of tables, from a server into a file and back. */
#include "stats.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/outputs.h"
#include "report.h"
#include "report_json.h"
#include "say.h"

/* The estimate is the planner's; before the first ANALYZE it is -1, "unknown". */
static const char sizes_sql[] =
    "select n.nspname || '.' || c.relname, c.reltuples::bigint, "
    "       pg_catalog.pg_total_relation_size(c.oid) "
    "  from pg_catalog.pg_class c "
    "  join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
    " where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' "
    "   and n.nspname <> 'information_schema' and n.nspname <> $1 "
    " order by 1";

/* ---- writing ---- */

static json_t *as_json(const struct sc_rows *rows)
{
    json_t *tables = json_array();
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        json_int_t count = strtoll(sc_rows_value(rows, i, 1), NULL, 10);
        json_int_t bytes = strtoll(sc_rows_value(rows, i, 2), NULL, 10);
        json_array_append_new(tables, json_pack("{s:s, s:I, s:I}", "table",
                                                sc_rows_value(rows, i, 0), "rows",
                                                count, "bytes", bytes));
    }
    return json_pack("{s:o}", "tables", tables);
}

static const char *write_json(struct session *session, json_t *object, const char *file)
{
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    struct buf buf = { 0 };
    struct outputs outputs = { .arena = session->arena };
    buf_printf(&buf, "%s\n", text);
    free(text);
    outputs_add(&outputs, file, buf_view(&buf), NULL);
    const char *error = outputs_commit(&outputs);
    buf_release(&buf);
    return error;
}

int stats_write(struct session *session, const char *file)
{
    struct sc_rows *rows = NULL;
    struct sc_error error;
    const char *const history[] = { session->conf.history };
    if (sc_query(session->db, sizes_sql, history, 1, &rows, &error) != SC_OK) {
        report_server_error(session->settings, &error);
        return EXIT_ENVIRONMENT;
    }
    json_t *object = as_json(rows);
    const char *wrong = write_json(session, object, file);
    size_t count = sc_rows_count(rows);
    json_decref(object);
    sc_rows_free(rows);
    if (wrong != NULL) {
        say_error(session->settings, "%s", wrong);
        return EXIT_ENVIRONMENT;
    }
    if (session->settings->json) {
        report_json_print(session->settings, json_pack("{ss}", "file", file));
    }
    say_done(session->settings, "%s: the sizes of %zu %s", file, count,
             count == 1 ? "table" : "tables");
    return EXIT_DONE;
}

/* ---- reading ---- */

static bool take_table(struct arena *arena, json_t *object, struct plan_sizes *sizes)
{
    const char *name = NULL;
    json_int_t rows = 0, bytes = 0;
    if (json_unpack(object, "{s:s, s:I, s:I}", "table", &name, "rows", &rows, "bytes",
                    &bytes) != 0) {
        return false;
    }
    struct plan_table_size *size = arena_new(arena, struct plan_table_size);
    *size = (struct plan_table_size){ .table = str_of(arena_printf(arena, "%s", name)),
                                      .rows = rows,
                                      .bytes = bytes };
    map_add(&sizes->by_table, arena, size->table, size);
    return true;
}

const char *stats_read(struct arena *arena, const char *file, struct plan_sizes *sizes)
{
    json_error_t error;
    json_t *root = json_load_file(file, 0, &error);
    if (root == NULL) {
        return arena_printf(arena, "cannot read \"%s\": %s", file, error.text);
    }
    json_t *tables = json_object_get(root, "tables");
    bool fits = json_is_array(tables);
    for (size_t i = 0; fits && i < json_array_size(tables); i++) {
        fits = take_table(arena, json_array_get(tables, i), sizes);
    }
    json_decref(root);
    return fits ? NULL
                : arena_printf(arena,
                               "\"%s\" is not what `schemac status --stats` "
                               "writes",
                               file);
}
