/* merge_prints.c: the footprints of two heads: what each of them takes for itself, alters
 * or merely uses, by names. Must not know how anything is written. */
#include "../lang/scan.h"
#include "merges.h"

enum hold {
    HOLD_USES, /* it must be there, as it is called */
    HOLD_ALTERS /* ... and something of it is altered that users of it do not see */,
    HOLD_TAKES /* made, dropped, renamed, or of another type */
};
struct print {
    enum hold hold;
    const char *object; /* "table auth.users": the key */
    const struct change *change;
};
struct prints {
    struct arena *arena;
    struct map by_object; /* of struct print, the strongest of each */
    const struct change *change;
};

/* Tables, indexes and sequences share the names of a schema; so do types. */
static const char *key_of(struct prints *p, const char *word, struct str schema,
                          struct str name)
{
    return arena_printf(p->arena, "%s %.*s.%.*s", word, STR_ARGS(schema),
                        STR_ARGS(name));
}

static void hold(struct prints *p, enum hold how, const char *object)
{
    struct print *print = arena_new(p->arena, struct print);
    *print = (struct print){ how, object, p->change };
    struct print *first = map_add(&p->by_object, p->arena, str_of(object), print);
    if (first && first->hold < how)
        *first = *print;
}

/* ---- what an object is found by ---- */

static void hold_schema(struct prints *p, enum hold how,
                        const struct model_schema *schema)
{
    /* Public is there whatever happens. */
    if (!str_eq_c(schema->name.name, "public"))
        hold(p, how,
             arena_printf(p->arena, "schema %.*s", STR_ARGS(schema->name.name)));
}

static void hold_relation(struct prints *p, enum hold how,
                          const struct model_schema *schema, struct str name)
{
    hold(p, how, key_of(p, "table or index", schema->name.name, name));
    hold_schema(p, HOLD_USES, schema);
}

static void hold_table(struct prints *p, enum hold how, const struct model_table *table)
{
    hold_relation(p, how, table->schema, table->name.name);
}

static void hold_column(struct prints *p, enum hold how,
                        const struct model_column *column)
{
    const struct model_table *table = column->table;
    hold(p, how,
         arena_printf(p->arena, "column %.*s.%.*s.%.*s",
                      STR_ARGS(table->schema->name.name), STR_ARGS(table->name.name),
                      STR_ARGS(column->name.name)));
    hold_table(p, HOLD_USES, table);
}

static void hold_columns(struct prints *p, const model_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++)
        hold_column(p, HOLD_USES, columns->items[i]);
}

static void hold_type_name(struct prints *p, enum hold how,
                           const struct model_schema *schema, struct str name)
{
    hold(p, how, key_of(p, "type", schema->name.name, name));
    hold_schema(p, HOLD_USES, schema);
}

static void use_type(struct prints *p, const struct model_type *type)
{
    if (type->kind == MODEL_ENUM)
        hold_type_name(p, HOLD_USES, type->enum_->schema, type->enum_->name.name);
    if (type->kind == MODEL_DOMAIN)
        hold_type_name(p, HOLD_USES, type->domain->schema, type->domain->name.name);
    if (type->kind == MODEL_EXTTYPE && type->exttype->extension)
        hold(p, HOLD_USES,
             arena_printf(p->arena, "extension %.*s",
                          STR_ARGS(type->exttype->extension->name.name)));
}

/* ---- what SQL uses ---- */

/* nextval('auth.seq') */
static void use_literal(struct prints *p, const struct token *token)
{
    struct str text = token_value(p->arena, token);
    const char *dot = text.n ? memchr(text.s, '.', text.n) : NULL;
    hold(p, HOLD_USES,
         arena_printf(p->arena, "table or index %s%.*s", dot ? "" : "public.",
                      STR_ARGS(text)));
}

/* Any word may be a column's or type's name: one that is none is a key that nobody takes. */
static void use_sql(struct prints *p, const struct model_sql *sql,
                    const struct model_table *table)
{
    struct scan scan = { sql->tokens, sql->ntokens };
    for (size_t i = 0; i < scan.n; i++) {
        if (scan_is_kind(scan, i, TOKEN_STRING) && i > 0 &&
            scan_is_kind(scan, i - 1, TOKEN_LPAREN))
            use_literal(p, &scan.tokens[i]);
        if (!scan_is_kind(scan, i, TOKEN_NAME) && !scan_is_kind(scan, i, TOKEN_QUOTED))
            continue;
        struct str name = token_value(p->arena, &scan.tokens[i]);
        const struct model_column *column = table ? model_find_column(table, name)
                                                  : NULL;
        if (column)
            hold_column(p, HOLD_USES, column);
        bool inside = i >= 2 && scan_is_kind(scan, i - 1, TOKEN_DOT);
        struct str schema = inside ? token_value(p->arena, &scan.tokens[i - 2])
                                   : STR("public");
        hold(p, HOLD_USES, key_of(p, "type", schema, name));
    }
}

/* ---- parts of tables ---- */

static void use_element(struct prints *p, const struct model_element *element,
                        const struct model_table *table)
{
    if (element->column)
        hold_column(p, HOLD_USES, element->column);
    use_sql(p, &element->expression, table);
}

static void print_constraint(struct prints *p, enum hold how,
                             const struct model_constraint *constraint)
{
    const struct model_table *table = constraint->table;
    hold_table(p, HOLD_USES, table);
    hold(p, how,
         arena_printf(p->arena, "constraint %.*s.%.*s.%.*s",
                      STR_ARGS(table->schema->name.name), STR_ARGS(table->name.name),
                      STR_ARGS(constraint->name.name)));
    bool indexed = constraint->kind != CONSTRAINT_FOREIGN_KEY &&
                   constraint->kind != CONSTRAINT_CHECK;
    if (indexed)
        hold_relation(p, how, table->schema, constraint->name.name);
    hold_columns(p, &constraint->columns);
    hold_columns(p, &constraint->include);
    if (constraint->target)
        hold_table(p, HOLD_USES, constraint->target);
    hold_columns(p, &constraint->target_columns);
    use_sql(p, &constraint->expression, table);
    use_sql(p, &constraint->where, table);
    for (size_t i = 0; i < constraint->elements.n; i++)
        use_element(p, &constraint->elements.items[i], table);
}

static void print_index(struct prints *p, enum hold how,
                        const struct model_index *index)
{
    hold_table(p, HOLD_USES, index->table);
    hold_relation(p, how, index->table->schema, index->name.name);
    hold_columns(p, &index->include);
    use_sql(p, &index->where, index->table);
    for (size_t i = 0; i < index->elements.n; i++)
        use_element(p, &index->elements.items[i], index->table);
}

static void print_column(struct prints *p, enum hold how,
                         const struct model_column *column)
{
    use_type(p, &column->type);
    use_sql(p, &column->default_, column->table);
    use_sql(p, &column->generated, column->table);
    if (column->owned)
        hold_relation(p, how, column->table->schema, column->owned->name.name);
    hold_column(p, how, column);
}

static void print_table(struct prints *p, enum hold how,
                        const struct model_table *table)
{
    hold_table(p, how, table);
    if (how != HOLD_TAKES)
        return;
    hold_type_name(p, how, table->schema, table->name.name);
    for (size_t i = 0; i < table->columns.n; i++)
        print_column(p, how, table->columns.items[i]);
    for (size_t i = 0; i < table->constraints.n; i++)
        print_constraint(p, how, table->constraints.items[i]);
    for (size_t i = 0; i < table->indexes.n; i++)
        print_index(p, how, table->indexes.items[i]);
}

/* ---- other objects ---- */

static void print_domain(struct prints *p, enum hold how,
                         const struct model_domain *domain)
{
    hold_type_name(p, how, domain->schema, domain->name.name);
    use_type(p, &domain->base);
    use_sql(p, &domain->default_, NULL);
}

static void print_sequence(struct prints *p, enum hold how,
                           const struct model_sequence *sequence)
{
    hold_relation(p, how, sequence->schema, sequence->name.name);
    if (sequence->owned_by)
        hold_column(p, HOLD_USES, sequence->owned_by);
}

static void print_object(struct prints *p, enum hold how, const void *object,
                         const void *owner)
{
    const struct model_enum *enum_;
    switch (p->change->object) {
    case CHANGE_SCHEMA:
        hold_schema(p, how, object);
        return;
    case CHANGE_EXTENSION:
        hold(p, how,
             arena_printf(
                 p->arena, "extension %.*s",
                 STR_ARGS(((const struct model_extension *)object)->name.name)));
        return;
    case CHANGE_ENUM:
    case CHANGE_LABEL:
        enum_ = p->change->object == CHANGE_ENUM ? object : owner;
        hold_type_name(p, how, enum_->schema, enum_->name.name);
        return;
    case CHANGE_DOMAIN:
    case CHANGE_DOMAIN_CHECK:
        print_domain(p, how, p->change->object == CHANGE_DOMAIN ? object : owner);
        return;
    case CHANGE_SEQUENCE:
        print_sequence(p, how, object);
        return;
    case CHANGE_TABLE:
        print_table(p, how, object);
        return;
    case CHANGE_COLUMN:
        print_column(p, how, object);
        return;
    case CHANGE_CONSTRAINT:
        print_constraint(p, how, object);
        return;
    case CHANGE_INDEX:
        print_index(p, how, object);
        return;
    }
}

/* A label or check that comes, and what users do not see, only alters. */
static enum hold hold_of(const struct change *change)
{
    const unsigned takes = ASPECT_NAME | ASPECT_SCHEMA | ASPECT_TYPE |
                           ASPECT_GENERATED | ASPECT_SERIAL | ASPECT_IDENTITY |
                           ASPECT_ORDER | ASPECT_DEFINITION | ASPECT_SEQUENCE;
    bool part = change->object == CHANGE_LABEL || change->object == CHANGE_DOMAIN_CHECK;
    if (part && (change->object == CHANGE_DOMAIN_CHECK || !change->from))
        return HOLD_ALTERS;
    bool whole = !change->from || !change->to;
    return whole || change->aspects & takes ? HOLD_TAKES : HOLD_ALTERS;
}

static struct prints prints_of(struct arena *arena, const struct changes *changes)
{
    struct prints p = { .arena = arena };
    for (size_t i = 0; i < changes->list.n; i++) {
        p.change = &changes->list.items[i];
        enum hold how = hold_of(p.change);
        if (p.change->from)
            print_object(&p, how, p.change->from, p.change->from_owner);
        if (p.change->to)
            print_object(&p, how, p.change->to, p.change->to_owner);
    }
    return p;
}

/* ---- both ---- */

static bool are_apart(const struct print *a, const struct print *b)
{
    if (a->hold == HOLD_TAKES || b->hold == HOLD_TAKES)
        return false;
    return a->hold != HOLD_ALTERS || b->hold != HOLD_ALTERS;
}

static const char *does(struct arena *arena, const struct head *head,
                        const struct print *print)
{
    return arena_printf(arena, "%s: %s", head->version.id,
                        merge_change_text(arena, print->change));
}

/* Two changes are in each other's way once, however many names they share. */
static bool is_told(struct merging *m, struct map *told, const struct print *a,
                    const struct print *b)
{
    const char *pair = arena_printf(m->arena, "%p %p", (const void *)a->change,
                                    (const void *)b->change);
    return map_add(told, m->arena, str_of(pair), (void *)pair) != NULL;
}

void merge_find_prints(struct merging *m)
{
    struct prints a = prints_of(m->arena, m->heads[0].changes);
    struct prints b = prints_of(m->arena, m->heads[1].changes);
    struct map told = { 0 };
    for (size_t i = 0; i < a.by_object.n; i++) {
        const struct print *mine = a.by_object.entries[i].value;
        const struct print *other = map_find(&b.by_object, a.by_object.entries[i].key);
        if (!other || are_apart(mine, other) || is_told(m, &told, mine, other))
            continue;
        merge_conflict(m, mine->object,
                       arena_printf(m->arena, "%s; %s",
                                    does(m->arena, &m->heads[0], mine),
                                    does(m->arena, &m->heads[1], other)));
    }
}
