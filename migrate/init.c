/* init.c: the first migration, up and down; must not know of files or of later changes. */
#include "init.h"
#include "../sql/ddl.h"
#include "fingerprint.h"

/* ---- what a reviewer reads first ---- */

static void put_count(struct buf *out, size_t n, const char *one, const char *many)
{
    if (n)
        buf_printf(out, "%s%zu %s", out->n ? ", " : "", n, n == 1 ? one : many);
}

/* What tables have beside columns. */
static void count_parts(const struct model *model, size_t *indexes,
                        size_t *foreign_keys)
{
    for (size_t i = 0; i < model->order.n; i++) {
        if (model->order.items[i].kind != OBJECT_TABLE)
            continue;
        const struct model_table *table = model->order.items[i].object;
        *indexes += table->indexes.n;
        *foreign_keys += table->foreign_keys.n;
    }
}

/* "1 schema, 5 tables, 4 indexes, 3 foreign keys" */
static void put_summary(struct buf *out, const struct model *model)
{
    size_t n[OBJECT_TABLE + 1] = { 0 }, indexes = 0, foreign_keys = 0;
    count_parts(model, &indexes, &foreign_keys);
    for (size_t i = 0; i < model->order.n; i++)
        n[model->order.items[i].kind]++;
    put_count(out, n[OBJECT_SCHEMA], "schema", "schemas");
    put_count(out, n[OBJECT_EXTENSION], "extension", "extensions");
    put_count(out, n[OBJECT_ENUM], "enum", "enums");
    put_count(out, n[OBJECT_DOMAIN], "domain", "domains");
    put_count(out, n[OBJECT_SEQUENCE], "sequence", "sequences");
    put_count(out, n[OBJECT_TABLE], "table", "tables");
    put_count(out, indexes, "index", "indexes");
    put_count(out, foreign_keys, "foreign key", "foreign keys");
    if (!out->n)
        buf_puts(out, "nothing");
}

struct direction {
    const char *suffix;  /* up */
    const char *verb;    /* creates */
    struct str from, to; /* fingerprints */
};

static void put_header(struct buf *out, const struct migration *migration,
                       struct str name, const struct direction *way,
                       const struct buf *summary)
{
    buf_printf(out, "-- %.*s, %s: %s %.*s.\n--\n", STR_ARGS(name), way->suffix,
               way->verb, STR_ARGS(buf_view(summary)));
    buf_printf(out, "-- Apply with: psql -v ON_ERROR_STOP=1 -f %.*s.%s.sql\n--\n",
               STR_ARGS(name), way->suffix);
    buf_printf(out, "-- id:     %.*s\n", STR_ARGS(migration->id));
    buf_puts(out, "-- parent: none\n");
    buf_printf(out, "-- from:   %.*s\n", STR_ARGS(way->from));
    buf_printf(out, "-- to:     %.*s\n\n", STR_ARGS(way->to));
}

/* ---- the statements ---- */

static bool is_ascii(const struct buf *text)
{
    for (size_t i = 0; i < text->n; i++) {
        if ((unsigned char)text->s[i] > 127)
            return false;
    }
    return true;
}

static void put_transaction(struct buf *out, const struct buf *statements)
{
    buf_puts(out, "begin;\n\n");
    /* psql on a terminal takes the encoding of its locale. */
    if (!is_ascii(statements))
        buf_puts(out, "set local client_encoding = 'UTF8';\n\n");
    buf_str(out, buf_view(statements));
    buf_puts(out, statements->n ? "\ncommit;\n" : "commit;\n");
}

/* Room for a chain: a later migration has its parent's id for "none". */
static struct str identify(struct arena *arena, const struct migration *migration,
                           struct str name, const struct buf *up,
                           const struct buf *down)
{
    const struct str end = STR("\n");
    const struct str texts[] = {
        name,          end, STR("none"),  end, migration->from, end,
        migration->to, end, buf_view(up), end, buf_view(down)
    };
    return fingerprint_of(arena, texts, sizeof texts / sizeof *texts);
}

struct migration migration_init(struct arena *arena, const struct model *model,
                                struct str canonical, struct str name)
{
    struct buf up = { 0 }, down = { 0 }, summary = { 0 }, out = { 0 };
    struct migration result = { .snapshot = canonical,
                                .from = fingerprint(arena, STR("")),
                                .to = fingerprint(arena, canonical) };
    ddl_up(&up, model);
    ddl_down(&down, model);
    put_summary(&summary, model);
    result.id = identify(arena, &result, name, &up, &down);

    const struct direction ways[] = { { "up", "creates", result.from, result.to },
                                      { "down", "drops", result.to, result.from } };
    put_header(&out, &result, name, &ways[0], &summary);
    put_transaction(&out, &up);
    result.up = buf_dup(&out, arena);
    buf_clear(&out);
    put_header(&out, &result, name, &ways[1], &summary);
    put_transaction(&out, &down);
    result.down = buf_dup(&out, arena);
    buf_release(&up);
    buf_release(&down);
    buf_release(&summary);
    buf_release(&out);
    return result;
}
