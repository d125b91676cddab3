/* spare.c: removes rows that checks refuse; must not know what the migration does. */
#include "spare.h"

#include <string.h>

#include "../base/vec.h"
#include "../sqltext/sqltext.h"

/* A row is in the way when the check refuses it as the only one of its table. Rows are
 * deleted with all that refers to them. The function is the session's own. */
static const char MAKE[] =
    "create function pg_temp.spare(question text) returns text language plpgsql as $$\n"
    "declare t regclass; row_ tid; rows_ tid[]; bad tid[];\n"
    "begin\n"
    "  begin execute question; return null; exception when others then null; end;\n"
    "  for t in select c.oid::regclass from pg_class c join pg_namespace n\n"
    "      on n.oid = c.relnamespace where c.relkind = 'r' and\n"
    "      strpos(question, format('%I.%I', n.nspname, c.relname)) > 0\n"
    "      order by strpos(question, format('%I.%I', n.nspname, c.relname)) loop\n"
    "    bad := '{}';\n"
    "    execute format('select coalesce(array_agg(ctid), ''{}'') from %s', t)\n"
    "      into rows_;\n"
    "    foreach row_ in array rows_ loop\n"
    "      begin\n"
    "        set local session_replication_role = replica;\n"
    "        execute format('delete from %s where ctid <> $1', t) using row_;\n"
    "        execute question;\n"
    "        raise exception using errcode = 'CRT01';\n"
    "      exception when sqlstate 'CRT01' then null;\n"
    "        when others then bad := bad || row_;\n"
    "      end;\n"
    "    end loop;\n"
    "    set local session_replication_role = origin;\n"
    "    foreach row_ in array bad || rows_ loop\n"
    "      begin\n"
    "        execute format('delete from %s where ctid = $1', t) using row_;\n"
    "      exception when others then execute format('truncate %s cascade', t);\n"
    "      end;\n"
    "      begin\n"
    "        if row_ = any(bad) and row_ <> bad[cardinality(bad)] then continue; end "
    "if;\n"
    "        execute question;\n"
    "        return 'rows';\n"
    "      exception when others then null;\n"
    "      end;\n"
    "    end loop;\n"
    "  end loop;\n"
    "  for t in select c.oid::regclass from pg_class c join pg_namespace n\n"
    "      on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^pg_' "
    "and\n"
    "      n.nspname not in ('information_schema', 'schemac') loop\n"
    "    execute format('truncate %s cascade', t);\n"
    "  end loop;\n"
    "  return 'all';\n"
    "end $$";

static const char *make_function(struct bench *bench)
{
    return bench_ask(bench->arena, bench->looker, MAKE, NULL);
}

/* The title of a check's mark in the comments before a statement; NULL: it is none. */
static const char *check_title(struct arena *arena, const char *gap, size_t n)
{
    const char *text = arena_copy(arena, gap, n);
    const char *mark = NULL;
    for (const char *hit = strstr(text, "-- check "); hit;
         hit = strstr(hit + 1, "-- check "))
        mark = hit;
    const char *title = mark ? strstr(mark, ": ") : NULL;
    return title ? arena_copy(arena, title + 2, strcspn(title + 2, "\n")) : NULL;
}

static const char *spare(struct bench *bench, const char *question, bool *refused)
{
    struct sc_rows *rows = NULL;
    struct sc_error error;
    if (sc_query(bench->looker, "select pg_temp.spare($1)", &question, 1, &rows,
                 &error) != SC_OK)
        return arena_printf(bench->arena, "cannot make rows fit a check: %s",
                            error.message);
    *refused = sc_rows_value(rows, 0, 0) != NULL;
    sc_rows_free(rows);
    return NULL;
}

const char *spare_rows(struct bench *bench, const char *text, spare_told *told,
                       void *user)
{
    struct sc__sql_scan scan = sc__sql_begin(text ? text : "", text ? strlen(text) : 0);
    struct sc__sql_statement one;
    const char *error = NULL;
    for (size_t gap = 0; !error && sc__sql_next(&scan, &one); gap = one.end) {
        const char *title = check_title(bench->arena, text + gap, one.start - gap);
        bool refused = false;
        if (!title)
            continue;
        error = make_function(bench);
        if (!error)
            error = spare(bench, arena_copy(bench->arena, text + one.start, one.size),
                          &refused);
        if (!error)
            error = bench_ask(bench->arena, bench->looker,
                              "drop function pg_temp.spare(text)", NULL);
        if (refused)
            told(user, title);
    }
    return error;
}
