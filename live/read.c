/* read.c: what all readers share, and schemas and extensions. Must not know of tables. */
#include "read.h"

#include <stdlib.h>

#include "queries.h"

const char *read_settings(struct reader *r)
{
    struct rows rows;
    return rows_ask(r->arena, r->tx, query_settings, NULL, &rows);
}

/* ---- any object --------------------------------------------------------------------------- */

void read_known(struct reader *r, enum catalog catalog, uint32_t oid, struct item *item)
{
    char *key = arena_printf(r->arena, "%u/%u", (unsigned)catalog, (unsigned)oid);
    (void)map_add(&r->shape->known, r->arena, str_of(key), item);
}

static enum catalog catalog_of(enum item_kind kind)
{
    switch (kind) {
    case ITEM_EXTENSION:
        return CATALOG_EXTENSION;
    case ITEM_SCHEMA:
        return CATALOG_NAMESPACE;
    case ITEM_ENUM:
    case ITEM_LABEL:
    case ITEM_DOMAIN:
        return CATALOG_TYPE;
    case ITEM_CONSTRAINT:
        return CATALOG_CONSTRAINT;
    case ITEM_SEQUENCE:
    case ITEM_TABLE:
    case ITEM_COLUMN:
    case ITEM_INDEX:
        return CATALOG_CLASS;
    }
    return CATALOG_CLASS;
}

void read_item(struct reader *r, struct item *item, enum item_kind kind,
               struct item *owner)
{
    item->kind = kind;
    item->owner = owner;
    if (item->oid != 0) {
        read_known(r, catalog_of(kind), item->oid, item);
    }
}

void read_named(struct reader *r, const struct rows *rows, size_t row,
                struct item_columns at, struct item *item)
{
    (void)r;
    item->oid = at.oid == (size_t)-1 ? 0 : rows_oid(rows, row, at.oid);
    item->name = rows_cell(rows, row, at.name);
    item->doc = rows_cell(rows, row, at.doc);
}

void read_why_not(struct reader *r, const struct rows *rows, size_t row, size_t column,
                  struct item *item)
{
    struct str why = rows_cell(rows, row, column);
    if (why.n > 0) {
        shape_lose(r->shape, item, "%.*s", STR_ARGS(why));
    }
}

/* ---- schemas and extensions ----------------------------------------------------------------- */

static const char *read_extensions(struct reader *r)
{
    struct rows rows;
    const char *error = rows_ask(r->arena, r->tx, query_extensions, r->params, &rows);
    if (error != NULL) {
        return error;
    }
    for (size_t i = 0; i < rows.n; i++) {
        struct shape_extension *extension = arena_new(r->arena, struct shape_extension);
        read_named(r, &rows, i, (struct item_columns){ 0, 1, 3 }, &extension->item);
        read_item(r, &extension->item, ITEM_EXTENSION, NULL);
        extension->schema = rows_cell(&rows, i, 2);
        VEC_PUSH(r->arena, &r->shape->extensions, extension);
        (void)map_add(&r->shape->extensions_by_name, r->arena, extension->item.name,
                      extension);
    }
    return NULL;
}

const char *read_schemas(struct reader *r)
{
    struct rows rows;
    const char *error = rows_ask(r->arena, r->tx, query_schemas, r->params, &rows);
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        struct shape_schema *schema = arena_new(r->arena, struct shape_schema);
        read_named(r, &rows, i, (struct item_columns){ 0, 1, 2 }, &schema->item);
        read_item(r, &schema->item, ITEM_SCHEMA, NULL);
        VEC_PUSH(r->arena, &r->shape->schemas, schema);
        (void)map_add(&r->shape->schemas_by_oid, r->arena, rows_cell(&rows, i, 0),
                      schema);
        if (rows_bool(&rows, i, 3)) {
            shape_list(r->shape, STR("comment"), STR("schema public"),
                       STR("it is gone, and the language cannot say that"));
        }
    }
    return error != NULL ? error : read_extensions(r);
}

/* ---- types ------------------------------------------------------------------------------------ */

static const char *type_word(char typtype)
{
    switch (typtype) {
    case 'c':
        return "a composite type";
    case 'r':
    case 'm':
        return "a range type";
    default:
        return "a base type";
    }
}

static void use_extension(struct reader *r, struct str extension, struct str type)
{
    struct shape_extension *x = map_find(&r->shape->extensions_by_name, extension);
    if (x == NULL) {
        return;
    }
    for (size_t i = 0; i < x->types.n; i++) {
        if (str_eq(x->types.items[i], type)) {
            return;
        }
    }
    VEC_PUSH(r->arena, &x->types, type);
}

/* "(3)" of "public.vector(3)". */
static struct str modifiers_of(struct str text)
{
    size_t at = text.n;
    if (at > 0 && text.s[at - 1] == ')') {
        while (at > 0 && text.s[at - 1] != '(') {
            at--;
        }
        return (struct str){ text.s + at - 1, text.n - at + 1 };
    }
    return (struct str){ "", 0 };
}

struct shape_type read_type(struct reader *r, const struct rows *rows, size_t row,
                            size_t first)
{
    struct str text = rows_cell(rows, row, first);
    struct str schema = rows_cell(rows, row, first + 2);
    char typtype = rows_cell(rows, row, first + 3).s[0];
    struct shape_type type = { .name = rows_cell(rows, row, first + 1),
                               .array = rows_bool(rows, row, first + 4),
                               .extension = rows_cell(rows, row, first + 5),
                               .cast = rows_cell(rows, row, first + 6) };
    if (str_eq_c(schema, "pg_catalog") && typtype != 'c') {
        type.text = str_eq_c(text, "bit(1)") ? STR("bit") : text;
    } else if (type.extension.n > 0) {
        type.text = modifiers_of(text);
        use_extension(r, type.extension, type.name);
    } else if (typtype == 'e' || typtype == 'd') {
        type.schema = schema;
    } else {
        type.why_not = str_of(
            arena_printf(r->arena, "%.*s is %s", STR_ARGS(text), type_word(typtype)));
    }
    return type;
}

/* ---- what names mean in expressions -------------------------------------------------------- */

/* Arrays and types of a schema's own are not IN's. */
static struct str cast_to(const struct shape_type *type)
{
    return type->array ? (struct str){ 0 } : type->cast;
}

static struct str cast_of_column(void *context, struct str name)
{
    const struct shape_table *table = context;
    bool quoted = name.n > 2 && name.s[0] == '"';
    struct str bare = quoted ? (struct str){ name.s + 1, name.n - 2 } : name;
    for (size_t i = 0; i < table->columns.n; i++) {
        if (str_eq(table->columns.items[i]->item.name, bare)) {
            return cast_to(&table->columns.items[i]->type);
        }
    }
    return (struct str){ 0 };
}

static struct str cast_of_value(void *context, struct str name)
{
    return str_eq_c(name, "VALUE") ? cast_to(context) : (struct str){ 0 };
}

struct clean_scope read_scope(struct shape_table *table)
{
    return (struct clean_scope){ .cast_of = cast_of_column, .context = table };
}

struct clean_scope read_value_scope(struct shape_type *type)
{
    return (struct clean_scope){ .cast_of = cast_of_value, .context = type };
}

/* ---- tables ----------------------------------------------------------------------------------- */

struct shape_table *read_find_table(const struct reader *r, struct str oid)
{
    if (oid.n == 0) {
        return NULL;
    }
    struct item *item = map_find(&r->shape->relations_by_oid, oid);
    return item != NULL && item->kind == ITEM_TABLE ? (struct shape_table *)item : NULL;
}

static struct shape_column *find_column(const struct shape_table *table,
                                        unsigned number)
{
    for (size_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i]->number == number) {
            return table->columns.items[i];
        }
    }
    return NULL;
}

shape_columns read_columns(struct reader *r, const struct shape_table *table,
                           struct str numbers)
{
    shape_columns columns = { 0 };
    const char *at = numbers.s;
    while (at != NULL && *at != '\0') {
        char *end;
        unsigned long number = strtoul(at, &end, 10);
        struct shape_column *column = find_column(table, (unsigned)number);
        if (column != NULL) {
            VEC_PUSH(r->arena, &columns, column);
        }
        at = *end == ',' ? end + 1 : NULL;
    }
    return columns;
}

const char *read_rest(struct reader *r)
{
    const struct {
        const char *sql;
        struct rows *rows;
    } asked[] = { { query_objects, &r->objects[0] },
                  { query_others, &r->objects[1] },
                  { query_needs, &r->needs },
                  { query_rights, &r->traits[0] },
                  { query_traits, &r->traits[1] } };
    const char *error = NULL;
    for (size_t i = 0; i < sizeof asked / sizeof *asked && error == NULL; i++) {
        error = rows_ask(r->arena, r->tx, asked[i].sql, r->params, asked[i].rows);
    }
    return error;
}
