/* fill.c: chooses the values of rows and sends them. Must not know how a value of a type
 * is made up. */
#include "fake.h"

#include <inttypes.h>
#include <stdlib.h>

#include "../sql/quote.h"
#include "../sql/write.h"
#include "bounds.h"
#include "pool.h"
#include "value.h"

enum {
    BATCH = 100,   /* rows in a statement */
    ATTEMPTS = 24, /* at a single row */
    HOPELESS = 20  /* rows in a row that were left out: the rest would be too */
};

/* A column that gets a value. */
struct target {
    const struct model_column *column;
    struct bounds bounds;
    bool distinct;      /* alone it makes a key's rows differ */
    size_t pool;        /* index + 1 of the pool it is taken from; 0: made up */
    size_t pool_column; /* which column of that pool's rows */
};

struct filler {
    struct arena *arena;
    struct arena table_arena; /* of one table */
    struct sc_db *db;
    const struct fake_request *request;
    const struct model_table *table;
    VEC(struct target) targets;
    VEC(struct pool) pools;
    uint64_t first; /* number of the first new row, from 1 */
    struct fake_made made;
    struct sc_error err;
};

/* ---- what is to be filled ---- */

static bool calls_nextval(const struct model_sql *sql)
{
    for (size_t i = 0; i < sql->ntokens; i++) {
        if (token_is_word(&sql->tokens[i], "nextval"))
            return true;
    }
    return false;
}

/* Numbered columns number themselves; a row is born living and in its first version. */
static bool is_made_up(const struct model_column *column)
{
    return !column->generated.ntokens && column->identity == IDENTITY_NONE &&
           !column->serial && !column->version && !column->soft_delete &&
           !calls_nextval(&column->default_);
}

static struct target *find_target(struct filler *f, const struct model_column *column)
{
    for (size_t i = 0; i < f->targets.n; i++) {
        if (f->targets.items[i].column == column)
            return &f->targets.items[i];
    }
    return NULL;
}

/* The column of a key that can differ in every row by itself: not one that points
 * elsewhere, and none of a few values. */
static void choose_distinct(struct filler *f, const struct model_key *key)
{
    struct target *best = NULL;
    for (size_t i = 0; i < key->columns.n; i++) {
        struct target *target = find_target(f, key->columns.items[i]);
        if (target == NULL)
            return;
        const bool few = model_type_enum(&target->column->type) != NULL ||
                         model_type_ckind(&target->column->type) == CKIND_BOOL ||
                         target->bounds.choices.n;
        if (target->distinct)
            return;
        if (!target->pool && (best == NULL || !few))
            best = few && best != NULL ? best : target;
    }
    if (best != NULL)
        best->distinct = true;
}

static void take_columns(struct filler *f)
{
    for (size_t i = 0; i < f->table->columns.n; i++) {
        const struct model_column *column = f->table->columns.items[i];
        if (is_made_up(column))
            VEC_PUSH(&f->table_arena, &f->targets,
                     (struct target){ .column = column,
                                      .bounds = bounds_of(&f->table_arena, column) });
    }
}

static enum sc_status take_keys(struct filler *f)
{
    for (size_t i = 0; i < f->table->foreign_keys.n; i++) {
        const struct model_constraint *key = f->table->foreign_keys.items[i];
        struct pool pool;
        enum sc_status status = pool_read(&f->table_arena, f->db, key, &pool, &f->err);
        if (status != SC_OK)
            return status;
        VEC_PUSH(&f->table_arena, &f->pools, pool);
        for (size_t k = 0; k < key->columns.n; k++) {
            struct target *target = find_target(f, key->columns.items[k]);
            if (target == NULL || target->pool)
                continue;
            target->pool = f->pools.n;
            target->pool_column = k;
        }
    }
    for (size_t i = 0; i < f->table->keys.n; i++)
        choose_distinct(f, &f->table->keys.items[i]);
    return SC_OK;
}

/* Numbers go on where an earlier run ended. */
static enum sc_status count_rows(struct filler *f)
{
    struct buf sql = { 0 };
    struct sc_rows *rows = NULL;
    buf_puts(&sql, "select count(*) from ");
    write_table_name(&sql, f->table);
    enum sc_status status = sc_query(f->db, sql.s, NULL, 0, &rows, &f->err);
    if (status == SC_OK)
        f->first = strtoull(sc_rows_value(rows, 0, 0), NULL, 10) + 1;
    sc_rows_free(rows);
    buf_release(&sql);
    return status;
}

/* ---- one row ---- */

static uint64_t chance(const struct filler *f, const struct target *target,
                       uint64_t number, unsigned attempt)
{
    uint64_t mix = value_mix(f->request->seed, str_hash(f->table->name.name));
    mix = value_mix(mix, str_hash(f->table->schema->name.name));
    mix = value_mix(mix, target != NULL ? str_hash(target->column->name.name) : 0);
    return value_mix(value_mix(mix, number), attempt);
}

/* Whether all columns of a key point elsewhere: then the rows of the pools are gone
 * through one combination after the other, as join tables want it. */
static bool keyed_by_pools(struct filler *f, const struct target *target)
{
    for (size_t i = 0; i < f->table->keys.n; i++) {
        const model_columns *columns = &f->table->keys.items[i].columns;
        bool all = true, within = false;
        for (size_t k = 0; k < columns->n; k++) {
            const struct target *other = find_target(f, columns->items[k]);
            all = all && other != NULL && other->pool;
            within = within || other == target;
        }
        if (all && within)
            return true;
    }
    return false;
}

static size_t pool_row(struct filler *f, const struct target *target, uint64_t number,
                       unsigned attempt)
{
    const struct pool *pool = &f->pools.items[target->pool - 1];
    const size_t n = pool_rows(pool);
    if (!keyed_by_pools(f, target)) {
        uint64_t mix = chance(f, NULL, number, attempt);
        return (size_t)(value_mix(mix, target->pool) % n);
    }
    uint64_t index = number - 1 + attempt;
    for (size_t i = 0; i + 1 < target->pool; i++) {
        const size_t before = pool_rows(&f->pools.items[i]);
        index /= before ? before : 1;
    }
    return (size_t)(index % n);
}

/* A row that points at its own table's first row points at itself. */
static bool put_own(struct filler *f, struct buf *out, const struct target *target,
                    uint64_t number, unsigned attempt);

static bool put_target(struct filler *f, struct buf *out, const struct target *target,
                       uint64_t number, unsigned attempt)
{
    const uint64_t random = chance(f, target, number, attempt);
    const bool nullable = target->column->nullable && !target->distinct;
    if (target->pool) {
        const struct pool *pool = &f->pools.items[target->pool - 1];
        if (pool_rows(pool) && !(nullable && random % 8 == 0)) {
            const size_t row = pool_row(f, target, number, attempt);
            buf_str(out, pool->values.items[row * pool->width + target->pool_column]);
            return true;
        }
        if (!target->column->nullable)
            return put_own(f, out, target, number, attempt);
        buf_puts(out, "null");
        return true;
    }
    if (nullable && random % 8 == 0) {
        buf_puts(out, "null");
        return true;
    }
    const struct value_wish wish = { .type = &target->column->type,
                                     .name = target->column->name.name,
                                     .bounds = &target->bounds,
                                     .number = number,
                                     .random = random,
                                     .place = target->column->index,
                                     .distinct = target->distinct };
    if (value_put(out, &wish))
        return true;
    buf_puts(out, target->column->nullable ? "null" : "default");
    return target->column->nullable || target->column->default_.ntokens;
}

static bool put_own(struct filler *f, struct buf *out, const struct target *target,
                    uint64_t number, unsigned attempt)
{
    const struct model_constraint *key = f->pools.items[target->pool - 1].key;
    const struct target *own = key->target == f->table
                                   ? find_target(
                                         f,
                                         key->target_columns.items[target->pool_column])
                                   : NULL;
    return own != NULL && own != target && put_target(f, out, own, number, attempt);
}

static const char *no_value(struct filler *f, const struct target *target)
{
    const struct str column = target->column->name.name;
    if (!target->pool)
        return arena_printf(f->arena, "no value for column \"%.*s\"", STR_ARGS(column));
    const struct model_table *table = f->pools.items[target->pool - 1].key->target;
    return arena_printf(f->arena,
                        "column \"%.*s\" has to point at a row of %.*s.%.*s, which has "
                        "none",
                        STR_ARGS(column), STR_ARGS(table->schema->name.name),
                        STR_ARGS(table->name.name));
}

/* False: a value cannot be had; the row would be refused. */
static bool put_row(struct filler *f, struct buf *out, uint64_t number,
                    unsigned attempt)
{
    buf_putc(out, '(');
    for (size_t i = 0; i < f->targets.n; i++) {
        buf_puts(out, i ? ", " : "");
        if (!put_target(f, out, &f->targets.items[i], number, attempt)) {
            f->made.why = no_value(f, &f->targets.items[i]);
            return false;
        }
    }
    buf_putc(out, ')');
    return true;
}

/* ---- sending ---- */

static void put_head(struct filler *f, struct buf *sql)
{
    buf_puts(sql, "insert into ");
    write_table_name(sql, f->table);
    if (!f->targets.n) {
        buf_puts(sql, " default values");
        return;
    }
    buf_puts(sql, " (");
    for (size_t i = 0; i < f->targets.n; i++) {
        buf_puts(sql, i ? ", " : "");
        quote_ident(sql, f->targets.items[i].column->name.name);
    }
    buf_puts(sql, ") values ");
}

/* Whether the server refused the values and nothing worse: then others may do. */
static bool is_refusal(const struct sc_error *err)
{
    return strncmp(err->sqlstate, "23", 2) == 0 ||
           strncmp(err->sqlstate, "22", 2) == 0 || strncmp(err->sqlstate, "P0", 2) == 0;
}

static enum sc_status send(struct filler *f, uint64_t number, size_t count,
                           unsigned attempt)
{
    struct buf sql = { 0 };
    bool possible = true;
    put_head(f, &sql);
    for (size_t i = 0; f->targets.n && possible && i < count; i++) {
        buf_puts(&sql, i ? ", " : "");
        possible = put_row(f, &sql, number + i, attempt);
    }
    enum sc_status status = SC_BAD_VALUE;
    if (possible)
        status = sc_query(f->db, sql.s, NULL, 0, NULL, &f->err);
    else
        f->err = (struct sc_error){ .status = SC_BAD_VALUE, .sqlstate = "22000" };
    buf_release(&sql);
    return status;
}

/* Gives SC_OK for a row that had to be left out, too. */
static enum sc_status send_single(struct filler *f, uint64_t number)
{
    f->made.left_out++;
    for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
        enum sc_status status = send(f, number, 1, attempt);
        if (status == SC_OK) {
            f->made.left_out--;
            f->made.rows++;
            return SC_OK;
        }
        if (!is_refusal(&f->err))
            return status;
    }
    if (f->err.message[0] != '\0')
        f->made.why = arena_printf(f->arena, "%s", f->err.message);
    return SC_OK;
}

static enum sc_status send_batch(struct filler *f, uint64_t number, size_t count)
{
    if (count > 1 && f->targets.n) {
        enum sc_status status = send(f, number, count, 0);
        f->made.rows += status == SC_OK ? count : 0;
        if (status == SC_OK || !is_refusal(&f->err))
            return status;
    }
    size_t hopeless = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t before = f->made.rows;
        enum sc_status status = send_single(f, number + i);
        if (status != SC_OK)
            return status;
        hopeless = f->made.rows > before ? 0 : hopeless + 1;
        if (hopeless == HOPELESS) {
            f->made.left_out += count - i - 1;
            return SC_OK;
        }
    }
    return SC_OK;
}

/* What points at its own table finds the rows of earlier batches. */
static enum sc_status refresh_pools(struct filler *f)
{
    for (size_t i = 0; i < f->pools.n; i++) {
        struct pool *pool = &f->pools.items[i];
        if (pool->key->target != f->table || pool_rows(pool) >= BATCH)
            continue;
        enum sc_status status = pool_read(&f->table_arena, f->db, pool->key, pool,
                                          &f->err);
        if (status != SC_OK)
            return status;
    }
    return SC_OK;
}

static enum sc_status fill_table(struct filler *f)
{
    take_columns(f);
    enum sc_status status = take_keys(f);
    if (status == SC_OK)
        status = count_rows(f);
    for (size_t done = 0; status == SC_OK && done < f->request->rows;) {
        const size_t left = f->request->rows - done;
        const size_t before = f->made.rows;
        const size_t count = left < BATCH ? left : BATCH;
        status = send_batch(f, f->first + done, count);
        done += count;
        if (status == SC_OK && f->made.rows == before) {
            f->made.left_out += f->request->rows - done;
            break;
        }
        if (status == SC_OK)
            status = refresh_pools(f);
    }
    return status;
}

/* Class 42: a name that the server does not know, or knows as something else. */
static const char *what_failed(struct arena *arena, const struct filler *f)
{
    const bool other = strncmp(f->err.sqlstate, "42", 2) == 0 ||
                       strncmp(f->err.sqlstate, "3F", 2) == 0;
    return arena_printf(arena, "%s: %s%s", f->made.table, f->err.message,
                        other ? "; the database is not as the schema has it: is a "
                                "migration pending?"
                              : "");
}

const char *fake_fill(struct arena *arena, struct sc_db *db,
                      const struct fake_request *request)
{
    const struct model *model = request->model;
    for (size_t i = 0; i < model->order.n; i++) {
        if (model->order.items[i].kind != OBJECT_TABLE)
            continue;
        struct filler f = { .arena = arena,
                            .db = db,
                            .request = request,
                            .table = model->order.items[i].object };
        f.made.table = arena_printf(arena, "%.*s.%.*s",
                                    STR_ARGS(f.table->schema->name.name),
                                    STR_ARGS(f.table->name.name));
        const enum sc_status status = fill_table(&f);
        arena_release(&f.table_arena);
        if (status != SC_OK)
            return what_failed(arena, &f);
        if (!f.made.left_out)
            f.made.why = NULL;
        if (request->made != NULL)
            request->made(request->user, &f.made);
    }
    return NULL;
}
