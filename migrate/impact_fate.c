/* impact_fate.c: what a change does to whoever uses a table, column or type by its old name
 * and type. Must not know statements. */
#include "impacts.h"

static const struct blow nothing = { IMPACT_SLOWS, NULL, NULL };

/* Of one kind that which the server meets first: in the text, then what comes back, then
 * the values that are sent. */
static int rank_of(const struct blow *blow)
{
    int met = blow->sqlstate[0] == '4'               ? 0
              : strcmp(blow->sqlstate, "0A000") == 0 ? 1
                                                     : 2;
    return (int)blow->kind * 3 + met;
}

struct blow worse(struct blow a, struct blow b)
{
    if (!a.sqlstate || !b.sqlstate)
        return a.sqlstate ? a : b;
    return rank_of(&b) < rank_of(&a) ? b : a;
}

static struct blow blow_of(enum impact_kind kind, const char *sqlstate, const char *why)
{
    return (struct blow){ kind, sqlstate, why };
}

static const char *table_shown(struct fates *f, const struct model_table *table)
{
    return arena_printf(f->arena, "%.*s.%.*s", STR_ARGS(table->schema->name.name),
                        STR_ARGS(table->name.name));
}

static const char *column_shown(struct fates *f, const struct model_column *column)
{
    return arena_printf(f->arena, "%s.%.*s", table_shown(f, column->table),
                        STR_ARGS(column->name.name));
}

/* ---- types ---- */

struct named {
    const char *word;
    const void *object, *became; /* became NULL: gone */
    const struct model_schema *schema, *new_schema;
    struct str name, new_name;
};

/* Programs look types up by their names. */
static void type_fate(struct fates *f, const struct named *type)
{
    const char *shown = arena_printf(f->arena, "%s %.*s.%.*s", type->word,
                                     STR_ARGS(type->schema->name.name),
                                     STR_ARGS(type->name));
    const char *why = NULL;
    if (!type->became)
        why = arena_printf(f->arena, "%s has gone", shown);
    else if (!str_eq(type->name, type->new_name) ||
             !str_eq(type->schema->name.name, type->new_schema->name.name))
        why = arena_printf(f->arena, "%s is now called %.*s.%.*s", shown,
                           STR_ARGS(type->new_schema->name.name),
                           STR_ARGS(type->new_name));
    if (!why)
        return;
    struct blow *blow = arena_new(f->arena, struct blow);
    *blow = blow_of(IMPACT_BREAKS, "42704", why);
    pairs_add(&f->types, f->arena, type->object, blow);
}

static void type_fates(struct fates *f, const struct model_schema *schema)
{
    for (size_t i = 0; i < schema->enums.n; i++) {
        const struct model_enum *is = schema->enums.items[i];
        const struct model_enum *to = match_to(f->match, is);
        struct named named = { "enum",
                               is,
                               to,
                               schema,
                               to ? to->schema : NULL,
                               is->name.name,
                               to ? to->name.name : is->name.name };
        type_fate(f, &named);
    }
    for (size_t i = 0; i < schema->domains.n; i++) {
        const struct model_domain *is = schema->domains.items[i];
        const struct model_domain *to = match_to(f->match, is);
        struct named named = { "domain",
                               is,
                               to,
                               schema,
                               to ? to->schema : NULL,
                               is->name.name,
                               to ? to->name.name : is->name.name };
        type_fate(f, &named);
    }
}

static struct blow named_type_blow(const struct fates *f, const struct model_type *type)
{
    const void *object = type->kind == MODEL_ENUM     ? (const void *)type->enum_
                         : type->kind == MODEL_DOMAIN ? (const void *)type->domain
                                                      : NULL;
    const struct blow *blow = pairs_find(&f->types, object);
    /* A domain is no type that travels, but what is under it may be an enum. */
    if (type->kind == MODEL_DOMAIN)
        return named_type_blow(f, &type->domain->base);
    return blow ? *blow : nothing;
}

/* Whether the planner has to make the enum anew: a label goes or the order changes. */
static bool made_anew(const struct match *match, const struct model_enum *enum_)
{
    const struct model_label *last = NULL;
    for (size_t i = 0; i < enum_->labels.n; i++) {
        const struct model_label *label = match_to(match, &enum_->labels.items[i]);
        if (!label || (last && label < last))
            return true;
        last = label;
    }
    return false;
}

/* ---- columns ---- */

/* What the column's own type brings, while the column stays as it is. */
static void keep_type(struct fates *f, const struct model_column *column,
                      struct column_fate *fate)
{
    const struct model_enum *enum_ = model_type_enum(&column->type);
    struct blow blow = named_type_blow(f, &column->type);
    if (!blow.sqlstate && enum_ && made_anew(f->match, enum_))
        blow = blow_of(IMPACT_INVALIDATES, "0A000",
                       arena_printf(f->arena, "enum %.*s.%.*s is made anew",
                                    STR_ARGS(enum_->schema->name.name),
                                    STR_ARGS(enum_->name.name)));
    for (int use = USE_READ; use <= USE_COPY; use++)
        fate->blows[use] = blow;
    if (!column->type.array)
        fate->blows[USE_COPY] = nothing; /* a label is sent as its text */
}

static void change_type(struct fates *f, const struct model_column *from,
                        const struct model_column *to, struct column_fate *fate)
{
    const char *why = arena_printf(f->arena, "column %s has another type",
                                   column_shown(f, from));
    bool alike = types_travel_alike(f->match, &from->type, &to->type);
    if (!types_read_as_text(&from->type, &to->type))
        fate->blows[USE_READ] = blow_of(alike ? IMPACT_INVALIDATES : IMPACT_BREAKS,
                                        "0A000", why);
    if (!alike)
        fate->blows[USE_COPY] = blow_of(IMPACT_BREAKS, "22P03", why);
    if (!types_comparable(f->match, &from->type, &to->type))
        fate->blows[USE_WHERE] = blow_of(IMPACT_BREAKS, "42883", why);
    if (!types_assignable(f->match, &from->type, &to->type))
        fate->blows[USE_WRITE] = blow_of(IMPACT_BREAKS, "42804", why);
    struct blow name = named_type_blow(f, &from->type);
    for (int use = USE_READ; use <= USE_WRITE; use++)
        fate->blows[use] = worse(name, fate->blows[use]);
}

static bool is_made_by_server(const struct model_column *column)
{
    return column->generated.ntokens || column->identity == IDENTITY_ALWAYS;
}

static void take_over(struct fates *f, const struct model_column *from,
                      const struct model_column *to, struct column_fate *fate)
{
    const char *why = arena_printf(f->arena, "the server makes column %s now",
                                   column_shown(f, from));
    fate->blows[USE_WRITE] = blow_of(IMPACT_BREAKS, "428C9", why);
    /* COPY puts what it is given into an identity column. */
    if (to->generated.ntokens)
        fate->blows[USE_COPY] = blow_of(IMPACT_BREAKS, "42P10", why);
}

/* A domain may keep its name and stand on another type. */
static bool type_stays(const struct match *match, const struct model_type *from,
                       const struct model_type *to)
{
    return match_type_same(match, from, to) &&
           (from->kind != MODEL_DOMAIN ||
            type_stays(match, &from->domain->base, &to->domain->base));
}

static void stay(struct fates *f, const struct model_column *from,
                 const struct model_column *to, struct column_fate *fate)
{
    if (type_stays(f->match, &from->type, &to->type))
        keep_type(f, from, fate);
    else
        change_type(f, from, to, fate);
    if (is_made_by_server(to) && !is_made_by_server(from))
        take_over(f, from, to, fate);
    if (to->nullable && !from->nullable) {
        const char *why = arena_printf(f->arena, "column %s may be NULL now",
                                       column_shown(f, from));
        fate->blows[USE_READ] = worse(fate->blows[USE_READ],
                                      blow_of(IMPACT_INVALIDATES, "22002", why));
    }
}

static bool is_called_otherwise(const struct model_column *from,
                                const struct model_column *to)
{
    return !str_eq(from->name.name, to->name.name);
}

/* The old name stands for nothing now, or, worse, for something else, so that the server
 * sees no mistake. */
static struct blow lost_blow(struct fates *f, const struct model_column *column,
                             const struct model_column *to)
{
    const char *shown = column_shown(f, column);
    const char *why = to ? arena_printf(f->arena, "column %s is now called %.*s", shown,
                                        STR_ARGS(to->name.name))
                         : arena_printf(f->arena, "column %s has gone", shown);
    const struct model_table *table = match_to(f->match, column->table);
    /* A table's own name in the place of a column is its whole row. */
    bool taken = model_find_column(table, column->name.name) ||
                 str_eq(table->name.name, column->name.name);
    return blow_of(IMPACT_BREAKS, taken ? "00000" : "42703", why);
}

static void column_fate(struct fates *f, const struct model_column *column,
                        struct table_fate *table)
{
    const struct model_column *to = match_to(f->match, column);
    struct column_fate fate = { 0 };
    if (!to || is_called_otherwise(column, to))
        fate.blows[USE_NAME] = lost_blow(f, column, to);
    else
        stay(f, column, to, &fate);
    bool any = false;
    for (int use = 0; use < USES; use++)
        any = any || fate.blows[use].sqlstate;
    table->shape = table->shape || !to || fate.blows[USE_READ].sqlstate;
    if (!any)
        return;
    table->columns = true;
    struct column_fate *kept = arena_new(f->arena, struct column_fate);
    *kept = fate;
    pairs_add(&f->columns, f->arena, column, kept);
}

/* ---- new rows ---- */

/* Whether nothing differs that says if a new row has to bring a value. */
static bool asks_alike(const struct model_column *from, const struct model_column *to)
{
    return from->nullable == to->nullable && from->serial == to->serial &&
           from->identity == to->identity &&
           !from->default_.ntokens == !to->default_.ntokens &&
           !from->generated.ntokens == !to->generated.ntokens &&
           from->type.kind != MODEL_DOMAIN && to->type.kind != MODEL_DOMAIN;
}

/* What an insert of the origin's programs leaves out, or may, and the target wants. */
static struct blow insert_blow(struct fates *f, const struct model_table *to)
{
    for (size_t i = 0; i < to->columns.n; i++) {
        const struct model_column *column = to->columns.items[i];
        const struct model_column *was = match_from(f->match, column);
        if (was && asks_alike(was, column))
            continue; /* most of them, and what follows takes time */
        if (!stmt_column(f->arena, column).required)
            continue;
        if (!was || !stmt_column(f->arena, was).required)
            return blow_of(IMPACT_BREAKS, "23502",
                           arena_printf(f->arena, "column %s wants a value",
                                        column_shown(f, column)));
    }
    return nothing;
}

/* ---- tables ---- */

static bool indexes_change(struct fates *f, const struct model_table *table)
{
    for (size_t i = 0; i < table->indexes.n; i++) {
        const struct model_index *index = table->indexes.items[i];
        const struct model_index *to = match_to(f->match, index);
        if (!to || !match_index_same(f->match, index, to))
            return true;
    }
    for (size_t i = 0; i < table->constraints.n; i++) {
        const struct model_constraint *constraint = table->constraints.items[i];
        const struct model_constraint *to = match_to(f->match, constraint);
        if (!to || !match_constraint_same(f->match, constraint, to))
            return true;
    }
    return false;
}

static struct blow gone_blow(struct fates *f, const struct model_table *table,
                             const struct model_table *to)
{
    const char *shown = table_shown(f, table);
    const char *now = to ? table_shown(f, to) : NULL;
    if (now && strcmp(now, shown) == 0)
        return nothing;
    const char *why = now ? arena_printf(f->arena, "table %s is now called %s", shown,
                                         now)
                          : arena_printf(f->arena, "table %s has gone", shown);
    bool taken = model_find_table(match_target(f->match), table->schema->name.name,
                                  table->name.name);
    return blow_of(IMPACT_BREAKS, taken ? "00000" : "42P01", why);
}

static void table_fate(struct fates *f, const struct model_table *table)
{
    const struct model_table *to = match_to(f->match, table);
    struct table_fate fate = { .gone = gone_blow(f, table, to) };
    if (!fate.gone.sqlstate) {
        fate.insert = insert_blow(f, to);
        fate.shape = table->columns.n != to->columns.n;
        fate.indexes = indexes_change(f, table);
        for (size_t i = 0; i < table->columns.n; i++)
            column_fate(f, table->columns.items[i], &fate);
    }
    bool any = fate.gone.sqlstate || fate.insert.sqlstate || fate.columns ||
               fate.shape || fate.indexes;
    if (!any)
        return;
    struct table_fate *kept = arena_new(f->arena, struct table_fate);
    *kept = fate;
    pairs_add(&f->tables, f->arena, table, kept);
}

void fates_find(struct fates *fates)
{
    const struct model *model = match_origin(fates->match);
    for (size_t i = 0; i < model->schemas.n; i++)
        type_fates(fates, model->schemas.items[i]);
    for (size_t i = 0; i < model->schemas.n; i++) {
        const struct model_schema *schema = model->schemas.items[i];
        for (size_t k = 0; k < schema->tables.n; k++)
            table_fate(fates, schema->tables.items[k]);
    }
}

const struct table_fate *fate_of_table(const struct fates *fates,
                                       const struct model_table *table)
{
    return pairs_find(&fates->tables, table);
}

struct blow fate_of_use(const struct fates *fates, const struct model_column *column,
                        enum use use)
{
    const struct column_fate *fate = pairs_find(&fates->columns, column);
    if (!fate)
        return nothing;
    return fate->blows[USE_NAME].sqlstate ? fate->blows[USE_NAME] : fate->blows[use];
}
