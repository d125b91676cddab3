/* impact.c: each statement beside the fates of what it uses. Must not decide what becomes of
 * anything: impact_fate.c does. */
#include "impacts.h"

/* ---- a derived statement ---- */

typedef bool column_picker(const struct stmt_column *column);

static bool is_insertable(const struct stmt_column *column)
{
    return column->insertable;
}

static bool is_updatable(const struct stmt_column *column)
{
    return column->updatable;
}

/* Names first: the server looks at all of them before any type. */
static struct blow given_blow(const struct fates *fates, const struct stmt *stmt,
                              column_picker *pick, enum use use)
{
    struct blow names = { 0 }, types = { 0 };
    for (size_t i = 0; i < stmt->table->columns.n; i++) {
        const struct model_column *column = stmt->table->columns.items[i];
        if (!fate_of_use(fates, column, use).sqlstate)
            continue;
        struct stmt_column written = stmt_column(fates->arena, column);
        if (!pick(&written))
            continue;
        names = worse(names, fate_of_use(fates, column, USE_NAME));
        types = worse(types, fate_of_use(fates, column, use));
    }
    return worse(names, types);
}

/* What is set beside the columns that are given. */
static struct blow also_blow(const struct fates *fates, const struct stmt *stmt)
{
    struct blow blow = { 0 };
    for (size_t i = 0; i < stmt->table->columns.n; i++) {
        const struct model_column *column = stmt->table->columns.items[i];
        if (column->on_update.ntokens || column->version || column->soft_delete)
            blow = worse(blow, fate_of_use(fates, column, USE_NAME));
    }
    return blow;
}

static bool same_columns(const struct match *match, const model_columns *from,
                         const model_columns *to)
{
    size_t found = 0;
    for (size_t i = 0; i < from->n; i++) {
        const void *became = match_to(match, from->items[i]);
        for (size_t k = 0; k < to->n; k++)
            found += to->items[k] == became;
    }
    return from->n == to->n && found == to->n;
}

static bool is_arbiter(const struct fates *fates, const struct stmt *stmt,
                       const struct model_key *key)
{
    bool whole = !key->where.ntokens && !key->living_only;
    bool alike = whole || (key->living_only == stmt->key->living_only &&
                           match_sql_same(fates->match, &stmt->key->where, &key->where,
                                          stmt->table));
    return alike && same_columns(fates->match, &stmt->key->columns, &key->columns);
}

/* Whether the target still has a key by which ON CONFLICT finds its index. */
static struct blow upsert_blow(const struct fates *fates, const struct stmt *stmt)
{
    const struct model_table *to = match_to(fates->match, stmt->table);
    const struct table_fate *fate = fate_of_table(fates, stmt->table);
    struct blow blow = { IMPACT_BREAKS, "42P10", "its unique key has gone" };
    if (!fate || !fate->indexes)
        return (struct blow){ 0 };
    for (size_t i = 0; i < to->keys.n; i++) {
        const struct model_key *key = &to->keys.items[i];
        if (!is_arbiter(fates, stmt, key))
            continue;
        if (!key->constraint || key->constraint->deferrable == NOT_DEFERRABLE)
            return (struct blow){ 0 };
        blow.sqlstate = "55000";
        blow.why = "its unique key is deferrable now";
    }
    return blow;
}

static struct blow write_blow(const struct fates *fates, const struct stmt *stmt)
{
    const struct table_fate *fate = fate_of_table(fates, stmt->table);
    struct blow blow = { 0 };
    switch (stmt_deed(stmt->kind)) {
    case STMT_UPSERTS:
        blow = worse(also_blow(fates, stmt),
                     given_blow(fates, stmt, is_insertable, USE_WRITE));
        blow = worse(blow, upsert_blow(fates, stmt));
        return worse(blow, fate->insert);
    case STMT_ADDS:
        blow = given_blow(fates, stmt, is_insertable,
                          stmt->kind == STMT_LOAD ? USE_COPY : USE_WRITE);
        return worse(blow, fate->insert);
    case STMT_CHANGES:
        return worse(also_blow(fates, stmt),
                     given_blow(fates, stmt, is_updatable, USE_WRITE));
    case STMT_MARKS:
        return stmt->table->soft_delete ? also_blow(fates, stmt) : blow;
    case STMT_FINDS:
    case STMT_READS:
    case STMT_REMOVES:
    case STMT_DECLARED:
        break;
    }
    return blow;
}

static struct blow results_blow(const struct fates *fates, const struct stmt *stmt,
                                enum use use)
{
    struct blow blow = { 0 };
    for (size_t i = 0; i < stmt->results.n; i++) {
        if (stmt->results.items[i].column)
            blow = worse(blow, fate_of_use(fates, stmt->results.items[i].column, use));
    }
    return blow;
}

static struct blow params_blow(const struct fates *fates, const struct stmt *stmt)
{
    struct blow blow = { 0 };
    for (size_t i = 0; i < stmt->params.n; i++) {
        if (stmt->params.items[i].column)
            blow = worse(blow,
                         fate_of_use(fates, stmt->params.items[i].column, USE_WHERE));
    }
    return blow;
}

/* Reads of a table with soft delete look only at the living. */
static struct blow living_blow(const struct fates *fates, const struct stmt *stmt)
{
    const struct model_column *living = stmt->table->soft_delete;
    return living && !stmt->with_deleted && stmt->kind != STMT_PURGE
               ? fate_of_use(fates, living, USE_NAME)
               : (struct blow){ 0 };
}

static bool is_insert(const struct stmt *stmt)
{
    enum stmt_deed deed = stmt_deed(stmt->kind);
    return deed == STMT_ADDS || deed == STMT_UPSERTS;
}

/* In the order in which the server meets them: an insert's columns, the list of what comes
 * back, the condition, what is set; then the types that come back. */
static struct blow table_blow(const struct fates *fates, const struct stmt *stmt)
{
    const struct table_fate *fate = stmt->table ? fate_of_table(fates, stmt->table)
                                                : NULL;
    if (!fate || fate->gone.sqlstate)
        return fate ? fate->gone : (struct blow){ 0 };
    struct blow blow = is_insert(stmt) ? write_blow(fates, stmt) : (struct blow){ 0 };
    blow = worse(blow, results_blow(fates, stmt, USE_NAME));
    blow = worse(blow, living_blow(fates, stmt));
    if (stmt->kind != STMT_QUERY)
        blow = worse(blow, params_blow(fates, stmt));
    if (!is_insert(stmt))
        blow = worse(blow, write_blow(fates, stmt));
    return worse(blow, results_blow(fates, stmt, USE_READ));
}

static struct blow stmt_blow(const struct fates *fates, const struct stmt *stmt)
{
    struct blow blow = table_blow(fates, stmt);
    if (stmt->kind == STMT_QUERY)
        blow = worse(blow, query_blow(fates, stmt));
    if (blow.sqlstate && blow.kind == IMPACT_BREAKS)
        return blow; /* its relations are asked for after it */
    for (size_t i = 0; i < stmt->relations.n; i++)
        blow = worse(blow, table_blow(fates, stmt->relations.items[i].child));
    blow = worse(blow, index_blow(fates, stmt));
    for (size_t i = 0; i < stmt->relations.n; i++)
        blow = worse(blow, index_blow(fates, stmt->relations.items[i].child));
    return blow;
}

/* ---- all statements ---- */

static struct str plain_name(struct arena *arena, const struct stmt *stmt)
{
    const struct model_schema *schema = stmt->kind == STMT_QUERY ? stmt->query->schema
                                                                 : stmt->table->schema;
    const struct model_name *name = &schema->name;
    struct str prefix = name->has_c_name ? name->c_name : name->name;
    const char *line = prefix.n ? "_" : "";
    if (stmt->kind == STMT_QUERY)
        return str_of(arena_printf(arena, "%.*s%s%.*s", STR_ARGS(prefix), line,
                                   STR_ARGS(stmt->name)));
    const struct model_name *table = &stmt->table->name;
    struct str shown = table->has_c_name ? table->c_name : table->name;
    return str_of(arena_printf(arena, "%.*s%s%.*s_%.*s", STR_ARGS(prefix), line,
                               STR_ARGS(shown), STR_ARGS(stmt->name)));
}

struct list {
    struct arena *arena;
    const struct impact_request *request;
    const struct fates *fates;
    struct impact *impact;
};

static void add_items(struct list *list, const struct stmts *stmts)
{
    const struct impact_request *request = list->request;
    for (size_t i = 0; i < stmts->list.n; i++) {
        const struct stmt *stmt = stmts->list.items[i];
        struct blow blow = stmt_blow(list->fates, stmt);
        if (!blow.sqlstate)
            continue;
        struct impact_item item = { blow.kind, stmt, { 0 }, blow.sqlstate, blow.why };
        item.name = request->name ? request->name(request->context, list->arena, stmt)
                                  : plain_name(list->arena, stmt);
        VEC_PUSH(list->arena, &list->impact->items, item);
    }
}

/* Most tables stay as they are, and their statements need not be made. */
static bool is_concerned(const struct list *list, const struct model_table *table)
{
    bool concerned = table->queries.n || fate_of_table(list->fates, table);
    for (size_t i = 0; i < table->referenced_by.n && !concerned; i++)
        concerned = fate_of_table(list->fates, table->referenced_by.items[i]->table);
    return concerned;
}

static void add_tables(struct list *list, const struct model_schema *schema)
{
    for (size_t i = 0; i < schema->tables.n; i++) {
        if (is_concerned(list, schema->tables.items[i]))
            add_items(list, stmts_of_table(list->arena, schema->tables.items[i]));
    }
}

static bool breaks(const struct impact *impact)
{
    for (size_t i = 0; i < impact->items.n; i++) {
        if (impact->items.items[i].kind == IMPACT_BREAKS)
            return true;
    }
    return false;
}

/* One way only. */
static void find_one_way(struct arena *arena, const struct impact_request *request,
                         const struct match *match, struct impact *impact)
{
    struct fates fates = { .arena = arena, .match = match };
    fates_find(&fates);
    if (!fates.tables.n && !fates.types.n)
        return;
    const struct model *model = match_origin(match);
    struct list list = { arena, request, &fates, impact };
    for (size_t i = 0; i < model->schemas.n; i++)
        add_tables(&list, model->schemas.items[i]);
    for (size_t i = 0; i < model->schemas.n; i++)
        add_items(&list, stmts_of_schema(arena, model->schemas.items[i]));
}

struct impact *impact_find(struct arena *arena, const struct impact_request *request)
{
    struct impact *impact = arena_new(arena, struct impact);
    struct impact mirror = { 0 };
    find_one_way(arena, request, request->match, impact);
    find_one_way(arena, request, match_reverse(arena, request->match), &mirror);
    bool old = breaks(impact), new = breaks(&mirror);
    impact->order = old && new ? IMPACT_EXPAND_AND_CONTRACT
                    : old      ? IMPACT_DEPLOY_FIRST
                    : new      ? IMPACT_MIGRATE_FIRST
                               : IMPACT_EITHER;
    return impact;
}

const char *impact_kind_word(enum impact_kind kind)
{
    static const char *const words[] = { [IMPACT_BREAKS] = "breaks",
                                         [IMPACT_INVALIDATES] = "invalidates",
                                         [IMPACT_SLOWS] = "slows" };
    return words[kind];
}

const char *impact_order_word(enum impact_order order)
{
    static const char *const words[] = {
        [IMPACT_EITHER] = "either",
        [IMPACT_MIGRATE_FIRST] = "migrate first",
        [IMPACT_DEPLOY_FIRST] = "deploy first",
        [IMPACT_EXPAND_AND_CONTRACT] = "expand and contract"
    };
    return words[order];
}
