/* keep_sequences.c: where sequences stand, so that no number is given twice after a change
 * of what they are for; must not know what was run in between. */
#include "keep.h"

#include <string.h>

/* Each sequence, and the column that it is for: a serial's and an identity's alike, so that
 * one becomes the other's successor. What is quoted twice is a query to be run. */
#define SEQUENCES                                                   \
    " from pg_sequence q join pg_class c on c.oid = q.seqrelid"     \
    " join pg_namespace n on n.oid = c.relnamespace"                \
    " left join pg_depend d on d.classid = 'pg_class'::regclass"    \
    "  and d.objid = c.oid and d.refclassid = 'pg_class'::regclass" \
    "  and d.refobjsubid > 0 and d.deptype in ('a', 'i')"           \
    " left join pg_attribute a on a.attrelid = d.refobjid"          \
    "  and a.attnum = d.refobjsubid"                                \
    " left join pg_class t on t.oid = d.refobjid"                   \
    " left join pg_namespace m on m.oid = t.relnamespace"           \
    " where n.nspname !~ '^pg_' and n.nspname <> 'schemac'"

static const char MOVE[] =
    "select nextval(c.oid::regclass) from generate_series(1, 3) g,"
    " lateral (select c.oid, q.seqmax, q.seqincrement" SEQUENCES
    " and q.seqincrement > 0 and q.seqmax >= 100"
    " and coalesce(pg_sequence_last_value(c.oid), 0) <= q.seqmax - 10 * q.seqincrement"
    ") c";

static const char ASK[] = "select string_agg(format('select %L, %L, concat(last_value, "
                          "case when not is_called"
                          " then '' not given yet'' end) from %I.%I',"
                          " coalesce(d.refobjid || '.' || d.refobjsubid, c.oid::text),"
                          " coalesce(m.nspname || '.' || t.relname || '.' || a.attname,"
                          "  n.nspname || '.' || c.relname), n.nspname, c.relname),"
                          " ' union all ')" SEQUENCES;

const char *keep_sequences_move(struct bench *bench)
{
    return bench_ask(bench->arena, bench->looker, MOVE, NULL);
}

const char *keep_sequences_read(struct bench *bench, struct map *sequences)
{
    struct arena *arena = bench->arena;
    struct sc_rows *rows = NULL;
    *sequences = (struct map){ 0 };
    const char *error = bench_ask(arena, bench->looker, ASK, &rows);
    const char *sql = error ? NULL : bench_value(arena, rows, 0, 0);
    sc_rows_free(rows);
    if (!sql)
        return error;
    rows = NULL;
    error = bench_ask(arena, bench->looker, sql, &rows);
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        struct keep_sequence *one = arena_new(arena, struct keep_sequence);
        *one = (struct keep_sequence){ .name = bench_value(arena, rows, i, 1),
                                       .position = bench_value(arena, rows, i, 2) };
        map_add(sequences, arena, str_of(bench_value(arena, rows, i, 0)), one);
    }
    sc_rows_free(rows);
    return error;
}

void keep_sequences_compare(struct keep *keep, const struct map *now,
                            struct judge *judge)
{
    struct arena *arena = keep->bench->arena;
    for (size_t i = 0; i < keep->sequences.n; i++) {
        struct keep_sequence *then = keep->sequences.entries[i].value;
        const struct keep_sequence *one = map_find(now, keep->sequences.entries[i].key);
        then->lost = then->lost || !one;
        if (!then->lost && strcmp(then->position, one->position) != 0)
            judge_find(judge, CERTIFY_ROWS, then->name,
                       arena_printf(arena, "numbers after %s", then->position),
                       arena_printf(arena, "numbers after %s", one->position));
    }
}
