/* put.c: schemas and what stands in them but tables. Must not know catalogs. */
#include "put.h"

#include "clean.h"
#include "lang/types.h"
#include "sql/quote.h"

/* ---- any object ------------------------------------------------------------------------ */

static void put_doc(struct put *put, struct str doc)
{
    size_t at = 0;
    while (doc.n > 0 && at <= doc.n) {
        const char *line = doc.s + at;
        const char *end = memchr(line, '\n', doc.n - at);
        size_t n = end == NULL ? doc.n - at : (size_t)(end - line);
        buf_puts(&put->out, n > 0 ? "/// " : "///");
        buf_put(&put->out, line, n);
        buf_putc(&put->out, '\n');
        at += n + 1;
    }
}

size_t put_begin(struct put *put, const struct item *item)
{
    put_doc(put, item->doc);
    return put->out.n;
}

void put_end(struct put *put, size_t start, struct item *item)
{
    VEC_PUSH(put->arena, &put->marks, (struct mark){ start, put->out.n, item });
}

struct item *put_find(const struct put *put, size_t offset)
{
    const struct mark *best = NULL;
    for (size_t i = 0; i < put->marks.n; i++) {
        const struct mark *mark = &put->marks.items[i];
        bool inside = mark->start <= offset && offset < mark->end;
        if (inside &&
            (best == NULL || mark->end - mark->start < best->end - best->start)) {
            best = mark;
        }
    }
    return best == NULL ? NULL : best->item;
}

void put_c_name(struct put *put, const struct item *item)
{
    if (item->c_name.n > 0) {
        buf_printf(&put->out, " as %.*s",
                   STR_ARGS(clean_name(put->arena, item->c_name)));
    }
}

void put_given_name(struct put *put, const struct item *item)
{
    if (item->named) {
        buf_putc(&put->out, ' ');
        buf_str(&put->out, clean_name(put->arena, item->name));
    }
}

void put_columns(struct put *put, const shape_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(&put->out, i > 0 ? ", " : "");
        buf_str(&put->out, clean_name(put->arena, columns->items[i]->item.name));
    }
}

/* A name that means a built-in type when no schema stands before it. */
static bool reads_as_builtin(struct str name)
{
    static const char *const serials[] = { "serial",   "smallserial", "bigserial",
                                           "serial2",  "serial4",     "serial8",
                                           "interval", "nchar",       "national" };
    for (size_t i = 0; i < sizeof serials / sizeof *serials; i++) {
        if (str_eq_c(name, serials[i])) {
            return true;
        }
    }
    return type_find(name) != NULL;
}

void put_type(struct put *put, const struct shape_type *type, struct str schema)
{
    struct str name = clean_name(put->arena, type->name);
    if (type->schema.n > 0 &&
        (!str_eq(type->schema, schema) || reads_as_builtin(type->name))) {
        buf_str(&put->out, clean_name(put->arena, type->schema));
        buf_putc(&put->out, '.');
    }
    if (type->schema.n > 0 || type->extension.n > 0) {
        buf_str(&put->out, name);
    }
    buf_str(&put->out, type->text);
    buf_puts(&put->out, type->array ? "[]" : "");
}

/* ---- extensions -------------------------------------------------------------------------- */

static void put_extension(struct put *put, struct shape_extension *extension)
{
    size_t start = put_begin(put, &extension->item);
    buf_puts(&put->out, "extension ");
    buf_str(&put->out, clean_name(put->arena, extension->item.name));
    if (!str_eq_c(extension->schema, "public")) {
        buf_puts(&put->out, " schema ");
        buf_str(&put->out, clean_name(put->arena, extension->schema));
    }
    buf_puts(&put->out, extension->types.n > 0 ? " {\n" : ";\n");
    for (size_t i = 0; i < extension->types.n; i++) {
        buf_puts(&put->out, "type ");
        buf_str(&put->out, clean_name(put->arena, extension->types.items[i]));
        buf_puts(&put->out, ";\n");
    }
    buf_puts(&put->out, extension->types.n > 0 ? "}\n" : "");
    put_end(put, start, &extension->item);
}

/* ---- enums and domains --------------------------------------------------------------------- */

static void put_label(struct put *put, struct shape_label *label)
{
    size_t start = put_begin(put, &label->item);
    struct str name = label->item.name;
    bool plain = label->item.c_name.n == 0 && clean_is_word(name) &&
                 str_eq(name, clean_word(put->arena, name));
    if (plain) {
        buf_str(&put->out, name);
    } else {
        struct str ident = label->item.c_name.n > 0 ? label->item.c_name : label->ident;
        struct str quoted = clean_name(put->arena, name);
        buf_printf(&put->out, "%.*s = ", STR_ARGS(ident));
        if (quoted.s[0] == '"' || quoted.s[0] == 'U') {
            buf_str(&put->out, quoted);
        } else {
            buf_printf(&put->out, "\"%.*s\"", STR_ARGS(quoted));
        }
    }
    put_end(put, start, &label->item);
}

static void put_enum(struct put *put, struct shape_enum *type)
{
    size_t start = put_begin(put, &type->item);
    buf_puts(&put->out, "enum ");
    buf_str(&put->out, clean_name(put->arena, type->item.name));
    put_c_name(put, &type->item);
    buf_puts(&put->out, " { ");
    for (size_t i = 0; i < type->labels.n; i++) {
        put_label(put, type->labels.items[i]);
        buf_puts(&put->out, i + 1 < type->labels.n ? ", " : "");
    }
    buf_puts(&put->out, " }\n\n");
    put_end(put, start, &type->item);
}

static void put_check(struct put *put, struct shape_check *check)
{
    size_t start = put->out.n;
    buf_puts(&put->out, " check");
    put_given_name(put, &check->item);
    buf_printf(&put->out, " (%.*s)", STR_ARGS(check->expression));
    put_end(put, start, &check->item);
}

static void put_domain(struct put *put, struct shape_domain *domain)
{
    struct str schema = domain->item.owner->name;
    size_t start = put_begin(put, &domain->item);
    buf_puts(&put->out, "domain ");
    buf_str(&put->out, clean_name(put->arena, domain->item.name));
    put_c_name(put, &domain->item);
    buf_putc(&put->out, ' ');
    put_type(put, &domain->type, schema);
    buf_puts(&put->out, domain->not_null ? " not null" : "");
    if (domain->collate.n > 0) {
        buf_printf(&put->out, " collate %.*s", STR_ARGS(domain->collate));
    }
    if (domain->default_.n > 0) {
        struct str text = clean_default(put->arena, domain->default_,
                                        domain->type.cast);
        buf_printf(&put->out, " default %.*s", STR_ARGS(text));
    }
    for (size_t i = 0; i < domain->checks.n; i++) {
        if (item_in_file(&domain->checks.items[i]->item)) {
            put_check(put, domain->checks.items[i]);
        }
    }
    buf_puts(&put->out, ";\n\n");
    put_end(put, start, &domain->item);
}

/* ---- sequences -------------------------------------------------------------------------------- */

static const char *type_most(struct str type)
{
    return str_eq_c(type, "smallint")  ? "32767"
           : str_eq_c(type, "integer") ? "2147483647"
                                       : "9223372036854775807";
}

static const char *type_least(struct str type)
{
    return str_eq_c(type, "smallint")  ? "-32768"
           : str_eq_c(type, "integer") ? "-2147483648"
                                       : "-9223372036854775808";
}

static void put_option(struct put *put, const char *word, struct str value,
                       struct str usual)
{
    if (!str_eq(value, usual)) {
        buf_printf(&put->out, " %s %.*s", word, STR_ARGS(value));
    }
}

/* Source: init_params in src/backend/commands/sequence.c, version 15. */
void put_counter(struct put *put, const struct shape_counter *counter)
{
    bool down = counter->increment.n > 0 && counter->increment.s[0] == '-';
    struct str least = down ? str_of(type_least(counter->type)) : STR("1");
    struct str most = down ? STR("-1") : str_of(type_most(counter->type));
    put_option(put, "start with", counter->start,
               down ? counter->most : counter->least);
    put_option(put, "increment by", counter->increment, STR("1"));
    put_option(put, "minvalue", counter->least, least);
    put_option(put, "maxvalue", counter->most, most);
    put_option(put, "cache", counter->cache, STR("1"));
    buf_puts(&put->out, counter->cycle ? " cycle" : "");
}

static void put_sequence(struct put *put, struct shape_sequence *sequence)
{
    size_t start = put_begin(put, &sequence->item);
    buf_puts(&put->out, "sequence ");
    buf_str(&put->out, clean_name(put->arena, sequence->item.name));
    if (!str_eq_c(sequence->counter.type, "bigint")) {
        buf_printf(&put->out, " as %.*s", STR_ARGS(sequence->counter.type));
    }
    put_counter(put, &sequence->counter);
    const struct shape_column *owner = sequence->owned_by;
    if (owner != NULL) {
        buf_puts(&put->out, " owned by ");
        for (const struct item *item = owner->item.owner->owner; item != NULL;) {
            buf_printf(&put->out, "%.*s.",
                       STR_ARGS(clean_name(put->arena, item->name)));
            item = item->kind == ITEM_SCHEMA ? owner->item.owner : NULL;
        }
        buf_str(&put->out, clean_name(put->arena, owner->item.name));
    }
    buf_puts(&put->out, ";\n\n");
    put_end(put, start, &sequence->item);
}

/* ---- schemas ------------------------------------------------------------------------------------- */

static void put_members(struct put *put, const struct shape_schema *schema)
{
    for (size_t i = 0; i < schema->enums.n; i++) {
        if (item_in_file(&schema->enums.items[i]->item)) {
            put_enum(put, schema->enums.items[i]);
        }
    }
    for (size_t i = 0; i < schema->domains.n; i++) {
        if (item_in_file(&schema->domains.items[i]->item)) {
            put_domain(put, schema->domains.items[i]);
        }
    }
    for (size_t i = 0; i < schema->sequences.n; i++) {
        struct shape_sequence *sequence = schema->sequences.items[i];
        if (sequence->part_of == NULL && item_in_file(&sequence->item)) {
            put_sequence(put, sequence);
        }
    }
    for (size_t i = 0; i < schema->tables.n; i++) {
        if (item_in_file(&schema->tables.items[i]->item)) {
            put_table(put, schema->tables.items[i]);
        }
    }
}

static void put_schema(struct put *put, struct shape_schema *schema)
{
    size_t before = put->out.n, marks = put->marks.n;
    size_t start = put_begin(put, &schema->item);
    buf_puts(&put->out, "schema ");
    buf_str(&put->out, clean_name(put->arena, schema->item.name));
    put_c_name(put, &schema->item);
    buf_puts(&put->out, " {\n");
    size_t empty = put->out.n;
    put_members(put, schema);
    bool always = schema->item.doc.n > 0 || !str_eq_c(schema->item.name, "public");
    if (put->out.n == empty && !always) {
        put->out.n = before;
        put->out.s[before] = '\0';
        put->marks.n = marks;
        return;
    }
    buf_puts(&put->out, "}\n\n");
    put_end(put, start, &schema->item);
}

void put_shape(struct put *put, const struct shape *shape)
{
    buf_room(&put->out, 1);
    for (size_t i = 0; i < shape->extensions.n; i++) {
        if (item_in_file(&shape->extensions.items[i]->item)) {
            put_extension(put, shape->extensions.items[i]);
        }
    }
    for (size_t i = 0; i < shape->schemas.n; i++) {
        if (item_in_file(&shape->schemas.items[i]->item)) {
            put_schema(put, shape->schemas.items[i]);
        }
    }
}
