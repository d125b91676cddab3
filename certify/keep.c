/* keep.c: copies rows and compares them; must not know what was run in between. */
#include "keep.h"

#include <stdlib.h>
#include <string.h>

/* What a value's text depends on: what its type stands on, and the labels of an enum. */
static const char COLUMNS[] =
    "with recursive under(type, base, modifier) as ("
    "  select oid, oid, -1 from pg_type"
    "  union all select u.type, case t.typtype when 'd' then t.typbasetype"
    "    else t.typelem end, t.typtypmod from under u join pg_type t on t.oid = u.base"
    "   where t.typtype = 'd' or (t.typcategory = 'A' and t.typelem <> 0)),"
    " kinds(type, words) as (select type, string_agg(concat_ws(' ',"
    "   format_type(base, modifier), (select string_agg(e.enumlabel, ', '"
    "     order by e.enumsortorder) from pg_enum e where e.enumtypid = base)), ' of ')"
    "   from under group by type)"
    "select c.oid, n.nspname || '.' || c.relname, format('%I.%I', n.nspname, "
    "c.relname),"
    "  a.attnum, a.attname, a.attnotnull, a.attgenerated <> '',"
    "  format_type(a.atttypid, a.atttypmod) || ' as ' || k.words"
    "  from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    "  left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
    "   and not a.attisdropped"
    "  left join kinds k on k.type = a.atttypid"
    " where c.relkind = 'r' and n.nspname !~ '^pg_'"
    "   and n.nspname not in ('information_schema', 'schemac')"
    " order by c.oid, a.attnum";

static bool is_true(const struct sc_rows *rows, size_t row, size_t column)
{
    const char *value = sc_rows_value(rows, row, column);
    return value && value[0] == 't';
}

static struct keep_table *take_table(struct arena *arena, struct keep *keep,
                                     const struct sc_rows *rows, size_t row)
{
    const char *oid = bench_value(arena, rows, row, 0);
    struct keep_table *table = map_find(&keep->tables, str_of(oid));
    if (table)
        return table;
    table = arena_new(arena, struct keep_table);
    table->oid = oid;
    table->name = bench_value(arena, rows, row, 1);
    table->sql_name = bench_value(arena, rows, row, 2);
    map_add(&keep->tables, arena, str_of(oid), table);
    return table;
}

static const char *read_tables(struct bench *bench, struct keep *keep)
{
    struct arena *arena = bench->arena;
    struct sc_rows *rows = NULL;
    *keep = (struct keep){ .bench = bench };
    const char *error = bench_ask(arena, bench->looker, COLUMNS, &rows);
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        struct keep_table *table = take_table(arena, keep, rows, i);
        struct keep_column column = { .number = bench_value(arena, rows, i, 3),
                                      .name = bench_value(arena, rows, i, 4),
                                      .not_null = is_true(rows, i, 5),
                                      .generated = is_true(rows, i, 6),
                                      .type = bench_value(arena, rows, i, 7) };
        if (column.number)
            VEC_PUSH(arena, &table->columns, column);
    }
    sc_rows_free(rows);
    return error;
}

/* ---- copying ---- */

static void put_ident(struct buf *out, const char *name)
{
    buf_putc(out, '"');
    for (; *name; name++) {
        if (*name == '"')
            buf_putc(out, '"');
        buf_putc(out, *name);
    }
    buf_putc(out, '"');
}

static const char *copy_table(struct bench *bench, const struct keep_table *table)
{
    struct buf sql = { 0 };
    buf_printf(&sql, "create temporary table copy_%s as select ", table->oid);
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct keep_column *column = &table->columns.items[i];
        buf_puts(&sql, i ? ", (" : "(");
        put_ident(&sql, column->name);
        buf_printf(&sql, ")::text as a%s", column->number);
    }
    buf_printf(&sql, " from %s", table->sql_name);
    const char *error = bench_ask(bench->arena, bench->looker, sql.s, NULL);
    buf_release(&sql);
    return error;
}

const char *keep_take(struct bench *bench, struct keep *keep)
{
    const char *error = bench_ask(bench->arena, bench->looker, "discard temporary",
                                  NULL);
    if (!error)
        error = read_tables(bench, keep);
    if (!error)
        error = keep_sequences_move(bench);
    if (!error)
        error = keep_sequences_read(bench, &keep->sequences);
    for (size_t i = 0; !error && i < keep->tables.n; i++)
        error = copy_table(bench, keep->tables.entries[i].value);
    return error;
}

static size_t count(const struct keep *keep, const char *sql)
{
    struct sc_rows *rows = NULL;
    const char *error = bench_ask(keep->bench->arena, keep->bench->looker, sql, &rows);
    const char *value = error ? NULL : sc_rows_value(rows, 0, 0);
    size_t n = value ? (size_t)strtoull(value, NULL, 10) : 0;
    sc_rows_free(rows);
    return n;
}

size_t keep_rows(const struct keep *keep)
{
    size_t n = 0;
    for (size_t i = 0; i < keep->tables.n; i++) {
        const struct keep_table *table = keep->tables.entries[i].value;
        n += count(keep, arena_printf(keep->bench->arena,
                                      "select count(*) from copy_%s", table->oid));
    }
    return n;
}

/* ---- comparing ---- */

struct comparing {
    struct keep *keep;
    struct keep now;
    struct judge *judge;
    enum keep_extent extent;
    const char *allowed;
};

/* Whether the list has "drop:" and that object, or what it stands in. */
static bool is_allowed(const struct comparing *c, const char *object)
{
    const char *list = c->allowed;
    while (list) {
        const char *end = strstr(list, ", ");
        size_t n = end ? (size_t)(end - list) : strlen(list);
        const size_t drop = strlen("drop:");
        if (n > drop && memcmp(list, "drop:", drop) == 0 &&
            strncmp(object, list + drop, n - drop) == 0 &&
            (object[n - drop] == '\0' || object[n - drop] == '.'))
            return true;
        list = end ? end + 2 : NULL;
    }
    return c->allowed == NULL;
}

static void find_gone(struct comparing *c, const char *object)
{
    if (c->extent == KEEP_COMMON && is_allowed(c, object))
        return;
    judge_find(c->judge, CERTIFY_ROWS, object, "that its values stay",
               "they have gone");
}

static const struct keep_column *column_now(const struct keep_table *table,
                                            const struct keep_column *column)
{
    for (size_t i = 0; i < table->columns.n; i++) {
        if (strcmp(table->columns.items[i].number, column->number) == 0)
            return &table->columns.items[i];
    }
    return NULL;
}

/* What is NULL and may not be so any more is filled: with what, the copy cannot tell. */
static bool is_filled(struct comparing *c, const struct keep_table *table,
                      const struct keep_column *column, const struct keep_column *now)
{
    return !column->not_null && now->not_null &&
           count(c->keep, arena_printf(c->keep->bench->arena,
                                       "select count(*) from copy_%s where a%s is null",
                                       table->oid, column->number)) > 0;
}

/* Whether the column's values have to be what they were. */
static bool is_common(struct comparing *c, const struct keep_table *table,
                      struct keep_column *column, const struct keep_column *now)
{
    const char *object = arena_printf(c->keep->bench->arena, "%s.%s", table->name,
                                      column->name);
    if (column->generated || (column->lost && c->extent == KEEP_COMMON))
        return false;
    bool same = now && strcmp(column->type, now->type) == 0;
    if (!now)
        find_gone(c, object);
    else if (!same && c->extent == KEEP_ALL)
        judge_find(c->judge, CERTIFY_ROWS, object, column->type, now->type);
    bool common = same && !now->generated && !is_filled(c, table, column, now);
    column->lost = column->lost || !common;
    return common;
}

/* Rows that are on one side alone. */
static size_t count_strays(struct comparing *c, const struct keep_table *table,
                           const struct buf *then, const struct buf *now)
{
    const struct keep_table *current = map_find(&c->now.tables, str_of(table->oid));
    const char *old = arena_printf(c->keep->bench->arena, "select %s from copy_%s",
                                   then->n ? then->s : "", table->oid);
    const char *new = arena_printf(c->keep->bench->arena, "select %s from %s",
                                   now->n ? now->s : "", current->sql_name);
    return count(c->keep, arena_printf(c->keep->bench->arena,
                                       "select count(*) from ((%s except all %s)"
                                       " union all (%s except all %s)) strays",
                                       old, new, new, old));
}

static void put_column(struct buf *then, struct buf *now,
                       const struct keep_column *column,
                       const struct keep_column *current)
{
    buf_printf(then, "%sa%s", then->n ? ", " : "", column->number);
    buf_puts(now, now->n ? ", (" : "(");
    put_ident(now, current->name);
    buf_puts(now, ")::text");
}

/* Whose own values are not what they were. */
static void find_column(struct comparing *c, const struct keep_table *table,
                        const struct keep_column *column,
                        const struct keep_column *current)
{
    struct buf then = { 0 }, now = { 0 };
    put_column(&then, &now, column, current);
    if (count_strays(c, table, &then, &now) > 0)
        judge_find(
            c->judge, CERTIFY_ROWS,
            arena_printf(c->keep->bench->arena, "%s.%s", table->name, column->name),
            "the same values", "others");
    buf_release(&then);
    buf_release(&now);
}

static void compare_table(struct comparing *c, struct keep_table *table)
{
    const struct keep_table *current = map_find(&c->now.tables, str_of(table->oid));
    struct buf then = { 0 }, now = { 0 };
    VEC(size_t) common = { 0 };
    if (!current) {
        if (!table->lost || c->extent == KEEP_ALL)
            find_gone(c, table->name);
        table->lost = true;
        return;
    }
    for (size_t i = 0; i < table->columns.n; i++) {
        struct keep_column *column = &table->columns.items[i];
        const struct keep_column *one = column_now(current, column);
        if (!is_common(c, table, column, one))
            continue;
        VEC_PUSH(c->keep->bench->arena, &common, i);
        put_column(&then, &now, column, one);
    }
    size_t strays = count_strays(c, table, &then, &now);
    if (strays > 0)
        judge_find(c->judge, CERTIFY_ROWS, table->name, "the same rows",
                   arena_printf(c->keep->bench->arena, "%zu rows that differ", strays));
    for (size_t i = 0; strays > 0 && i < common.n; i++) {
        const struct keep_column *column = &table->columns.items[common.items[i]];
        find_column(c, table, column, column_now(current, column));
    }
    buf_release(&then);
    buf_release(&now);
}

const char *keep_compare(struct keep *keep, struct judge *judge,
                         enum keep_extent extent, const char *allowed)
{
    struct comparing c = {
        .keep = keep, .judge = judge, .extent = extent, .allowed = allowed
    };
    const char *error = read_tables(keep->bench, &c.now);
    for (size_t i = 0; !error && i < keep->tables.n; i++)
        compare_table(&c, keep->tables.entries[i].value);
    /* By hand anything may be given. */
    struct map sequences;
    if (!error && allowed) {
        error = keep_sequences_read(keep->bench, &sequences);
        if (!error)
            keep_sequences_compare(keep, &sequences, judge);
    }
    return error;
}
