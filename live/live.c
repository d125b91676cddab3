/* live.c: see live.h: reads, settles, and makes the list complete. Must not know one kind
 * of object from another. */
#include "live.h"

#include "base/buf.h"
#include "read.h"
#include "settle.h"

/* ---- reading -------------------------------------------------------------------------------- */

/* A text array of names, as SQL takes it. */
static const char *name_array(struct arena *arena, const char *const *names, size_t n)
{
    struct buf out = { 0 };
    buf_putc(&out, '{');
    for (size_t i = 0; i < n; i++) {
        buf_puts(&out, i > 0 ? ",\"" : "\"");
        for (const char *c = names[i]; *c != '\0'; c++) {
            buf_puts(&out, *c == '"' || *c == '\\' ? "\\" : "");
            buf_putc(&out, *c);
        }
        buf_putc(&out, '"');
    }
    buf_putc(&out, '}');
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text.s;
}

static const char *read_all(struct reader *r)
{
    static const char *(*const steps[])(struct reader *) = {
        read_settings,  read_schemas,     read_types,   read_tables,
        read_sequences, read_constraints, read_indexes, read_rest
    };
    const char *error = NULL;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && error == NULL; i++) {
        error = steps[i](r);
    }
    return error;
}

static const char *read_database(struct reader *r, struct sc_db *db)
{
    const struct sc_tx_options options = { .isolation = SC_REPEATABLE_READ,
                                           .read_only = true };
    struct sc_error err;
    if (sc_tx_begin(db, &options, &r->tx, &err) != SC_OK) {
        return arena_printf(r->arena, "cannot begin a transaction: %s", err.message);
    }
    const char *error = read_all(r);
    sc_tx_rollback(r->tx);
    return error;
}

/* ---- what is not in the file ------------------------------------------------------------------- */

static struct item *find_item(const struct reader *r, struct str class, struct str oid)
{
    char *key = arena_printf(r->arena, "%.*s/%.*s", STR_ARGS(class), STR_ARGS(oid));
    return map_find(&r->shape->known, str_of(key));
}

static struct str object_key(struct arena *arena, const struct rows *rows, size_t row)
{
    struct str class = rows_cell(rows, row, 0);
    struct str oid = rows_cell(rows, row, 1);
    return str_of(arena_printf(arena, "%.*s/%.*s", STR_ARGS(class), STR_ARGS(oid)));
}

/* "views", "policies" */
static const char *plural(struct arena *arena, struct str kind)
{
    char last = kind.n > 0 ? kind.s[kind.n - 1] : 's';
    if (last == 's') {
        bool class = kind.n > 1 && kind.s[kind.n - 2] == 's';
        return arena_printf(arena, "%.*s%s", STR_ARGS(kind), class ? "es" : "");
    }
    return last == 'y' ? arena_printf(arena, "%.*sies", (int)kind.n - 1, kind.s)
                       : arena_printf(arena, "%.*ss", STR_ARGS(kind));
}

static const char *why_not(struct arena *arena, struct str kind)
{
    static const char *const ours[] = { "table",    "index",  "sequence",
                                        "schema",   "domain", "table constraint",
                                        "extension" };
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (str_eq_c(kind, ours[i])) {
            return "it is in or of something that is not in the file";
        }
    }
    if (str_eq_c(kind, "type")) {
        return "the language has enums and domains alone";
    }
    return arena_printf(arena, "the language has no %s", plural(arena, kind));
}

/* What is needed by what is in the file has to be there before the file's migrations
 * are. */
static struct str why_lost(const struct reader *r, struct str kind,
                           const struct str *needed)
{
    const char *why = why_not(r->arena, kind);
    return str_of(needed == NULL ? why
                                 : arena_printf(r->arena, "%s, and %.*s needs it", why,
                                                STR_ARGS(*needed)));
}

/* Parts of a relation that is in the list itself go without saying. */
static bool is_part(const struct reader *r, const struct map *listed, struct str owner)
{
    if (str_eq_c(owner, "0")) {
        return false;
    }
    const struct item *relation = find_item(r, STR("1259"), owner);
    return relation != NULL ? !item_in_file(relation) : map_find(listed, owner) != NULL;
}

struct listing {
    struct map relations; /* that are in the list */
    struct map needs;     /* of query_needs, by "class/oid" */
};

static void list_objects(struct reader *r, const struct rows *rows,
                         const struct listing *listing)
{
    for (size_t i = 0; i < rows->n; i++) {
        struct str kind = rows_cell(rows, i, 3);
        bool known = find_item(r, rows_cell(rows, i, 0), rows_cell(rows, i, 1)) != NULL;
        if (!known && !is_part(r, &listing->relations, rows_cell(rows, i, 2))) {
            struct str key = object_key(r->arena, rows, i);
            shape_list(r->shape, kind, rows_cell(rows, i, 4),
                       why_lost(r, kind, map_find(&listing->needs, key)));
        }
    }
}

static void list_all_objects(struct reader *r)
{
    struct listing listing = { 0 };
    for (size_t i = 0; i < r->objects[0].n; i++) {
        (void)map_add(&listing.relations, r->arena, rows_cell(&r->objects[0], i, 1), r);
    }
    for (size_t i = 0; i < r->needs.n; i++) {
        (void)map_add(&listing.needs, r->arena, object_key(r->arena, &r->needs, i),
                      &r->needs.cells[i * r->needs.columns + 2]);
    }
    list_objects(r, &r->objects[0], &listing);
    list_objects(r, &r->objects[1], &listing);
}

static void list_traits(struct reader *r, const struct rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct item *item = find_item(r, rows_cell(rows, i, 3),
                                            rows_cell(rows, i, 4));
        if (item == NULL || item_in_file(item)) {
            shape_list(r->shape, rows_cell(rows, i, 0), rows_cell(rows, i, 1),
                       rows_cell(rows, i, 2));
        }
    }
}

/* On one line, whatever the name. */
static void put_line(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        buf_putc(out, c == '\n' || c == '\r' || c == '\t' ? ' ' : c);
    }
}

static struct str comment_of(struct arena *arena, const struct shape *shape)
{
    struct buf out = { 0 };
    if (shape->lost.n == 0) {
        return (struct str){ 0 };
    }
    buf_puts(&out, "// The database also has what this file cannot say:\n//\n");
    for (size_t i = 0; i < shape->lost.n; i++) {
        const struct shape_lost *lost = &shape->lost.items[i];
        buf_puts(&out, "//   ");
        put_line(&out, lost->kind);
        buf_putc(&out, ' ');
        put_line(&out, lost->name);
        buf_puts(&out, ": ");
        put_line(&out, lost->why);
        buf_putc(&out, '\n');
    }
    buf_putc(&out, '\n');
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text;
}

/* ---- together ------------------------------------------------------------------------------------ */

static void hand_over(const struct shape *shape, struct live_pulled *pulled)
{
    for (size_t i = 0; i < shape->lost.n; i++) {
        const struct shape_lost *lost = &shape->lost.items[i];
        VEC_PUSH(shape->arena, &pulled->lost,
                 (struct live_lost){ lost->kind, lost->name, lost->why });
    }
    for (size_t i = 0; i < shape->schemas.n; i++) {
        const struct shape_schema *schema = shape->schemas.items[i];
        for (size_t k = 0; k < schema->tables.n; k++) {
            pulled->tables += item_in_file(&schema->tables.items[k]->item);
        }
    }
}

const char *live_pull(struct arena *arena, struct sc_db *db,
                      const struct live_options *options, struct live_pulled *pulled)
{
    struct shape shape = { .arena = arena };
    struct reader r = { .arena = arena, .shape = &shape };
    *pulled = (struct live_pulled){ 0 };
    r.params[0] = name_array(arena, &options->own, options->own == NULL ? 0 : 1);
    r.params[1] = options->nschemas == 0
                      ? NULL
                      : name_array(arena, options->schemas, options->nschemas);
    const char *error = read_database(&r, db);
    if (error == NULL) {
        error = settle_shape(arena, &shape, options);
    }
    if (error != NULL) {
        return error;
    }
    list_all_objects(&r);
    list_traits(&r, &r.traits[0]);
    list_traits(&r, &r.traits[1]);
    hand_over(&shape, pulled);
    pulled->text = settle_text(arena, &shape, comment_of(arena, &shape));
    return NULL;
}
