/* renames.c: every object that stays gets its target's name, and what goes gives up a name
 * that is needed. Must not know what else happens to the objects.
 *
 * The target's names are valid together, so whatever holds a name that is wanted moves
 * itself or goes. A holder that moves goes first; one that waits for itself in a circle,
 * or that only goes later, takes a name of its own in between. */
#include "../sql/quote.h"
#include "planner_private.h"

/* An object of the origin that moves or goes. */
struct holder {
    enum change_object object;
    const void *from, *to;         /* to NULL: it goes */
    struct str schema, name;       /* now; schema n 0: it has none */
    struct str to_schema, to_name; /* where it goes to */
    const void *scope;             /* the table of a column or constraint */
    bool done, waiting;
};
struct slot {
    struct holder *holder; /* NULL: free */
};
struct renames {
    struct planner *p;
    struct map slots;
    VEC(struct holder *) holders;
    struct pairs holder_of; /* by the origin's object */
    /* Relations and types by their names, "auth.users", once schemas have theirs. */
    struct map origin_names, target_names;
    unsigned ntemporary;
};

/* ---- name spaces: pg_namespace, pg_class, pg_type, columns and constraints ---- */

/* The letters of the name spaces in which the object has its name. */
static const char *spaces_of(enum change_object object, const void *it)
{
    switch (object) {
    case CHANGE_SCHEMA:
        return "n";
    case CHANGE_ENUM:
    case CHANGE_DOMAIN:
        return "t";
    case CHANGE_SEQUENCE:
    case CHANGE_INDEX:
        return "c";
    case CHANGE_TABLE:
        return "ct";
    case CHANGE_COLUMN:
        return "a";
    case CHANGE_CONSTRAINT:
        return ((const struct model_constraint *)it)->partial ? "c"
               : planner_is_indexed(it)                       ? "ck"
                                                              : "k";
    case CHANGE_EXTENSION:
    case CHANGE_LABEL:
    case CHANGE_DOMAIN_CHECK:
        break;
    }
    return "";
}

struct place {
    char space;
    struct str schema;
    const void *scope;
    struct str name;
};

static struct slot *slot_at(struct renames *r, const struct place *place)
{
    const char *key = place->space == 'a' || place->space == 'k'
                          ? arena_printf(r->p->arena, "%c %p %.*s", place->space,
                                         place->scope, STR_ARGS(place->name))
                          : arena_printf(r->p->arena, "%c %.*s.%.*s", place->space,
                                         STR_ARGS(place->schema),
                                         STR_ARGS(place->name));
    struct slot *slot = map_find(&r->slots, str_of(key));
    if (!slot) {
        slot = arena_new(r->p->arena, struct slot);
        map_add(&r->slots, r->p->arena, str_of(key), slot);
    }
    return slot;
}

static struct slot *slot_of(struct renames *r, const struct holder *holder, char space,
                            bool target)
{
    struct place place = { space, target ? holder->to_schema : holder->schema,
                           holder->scope, target ? holder->to_name : holder->name };
    return slot_at(r, &place);
}

static void occupy(struct renames *r, struct holder *holder, bool take)
{
    for (const char *s = spaces_of(holder->object, holder->from); *s; s++) {
        struct slot *slot = slot_of(r, holder, *s, false);
        if (take || slot->holder == holder)
            slot->holder = take ? holder : NULL;
    }
}

/* Who has the name that a holder wants; NULL: nobody else. */
static struct holder *in_the_way(struct renames *r, const struct holder *holder)
{
    for (const char *s = spaces_of(holder->object, holder->from); *s; s++) {
        struct slot *slot = slot_of(r, holder, *s, true);
        if (slot->holder && slot->holder != holder)
            return slot->holder;
    }
    return NULL;
}

/* ---- one rename ---- */

static const char *word_of(enum change_object object)
{
    return object == CHANGE_ENUM ? "type" : change_object_word(object);
}

/* Whether it is renamed by its table. */
static bool is_inner(const struct holder *holder)
{
    return holder->object == CHANGE_COLUMN ||
           (holder->object == CHANGE_CONSTRAINT && !planner_is_indexed(holder->from));
}

/* "alter table auth.users": what begins each statement. */
static void put_alter(struct renames *r, struct buf *out, const struct holder *holder)
{
    bool inner = is_inner(holder);
    bool index = !inner && (holder->object == CHANGE_INDEX ||
                            holder->object == CHANGE_CONSTRAINT);
    buf_printf(out, "alter %s ",
               inner   ? "table"
               : index ? "index"
                       : word_of(holder->object));
    if (inner) {
        planner_put_name(r->p, out, PHASE_LABEL, CHANGE_TABLE, holder->scope);
        return;
    }
    if (holder->object != CHANGE_SCHEMA) {
        quote_ident(out, holder->schema);
        buf_putc(out, '.');
    }
    quote_ident(out, holder->name);
}

/* By the name that it has at this moment. */
static void lock_table(struct planner *p, struct plan_step *step,
                       const struct model_table *table, const char *name)
{
    step_lock(p, step, table, LOCK_ACCESS_EXCLUSIVE);
    for (size_t i = 0; i < step->locks.n; i++)
        step->locks.items[i].relation = str_of(name);
}

static void lock_holder(struct planner *p, struct plan_step *step,
                        const struct holder *holder)
{
    struct plan_lock lock = { .mode = LOCK_SHARE_UPDATE_EXCLUSIVE };
    const char *name = arena_printf(p->arena, "%.*s.%.*s", STR_ARGS(holder->schema),
                                    STR_ARGS(holder->name));
    bool sequence = holder->object == CHANGE_SEQUENCE;
    if (holder->object == CHANGE_TABLE)
        lock_table(p, step, holder->from, name);
    if (is_inner(holder))
        lock_table(p, step, holder->scope,
                   planner_plain_name(p, PHASE_LABEL, CHANGE_TABLE, holder->scope).s);
    else if (sequence || holder->object == CHANGE_INDEX ||
             holder->object == CHANGE_CONSTRAINT) {
        lock.relation = str_of(name);
        lock.mode = sequence ? LOCK_ACCESS_EXCLUSIVE : lock.mode;
        VEC_PUSH(p->arena, &((struct planned *)step)->beside, lock);
    }
}

static struct plan_step *new_step(struct renames *r, const struct holder *holder,
                                  const char *how, struct str to)
{
    struct planner *p = r->p;
    struct str what = planner_title(p, holder->object, holder->from);
    const char *word = change_object_word(holder->object);
    struct plan_step *step = planner_step(
        p, holder->object == CHANGE_SCHEMA ? PHASE_SCHEMA : PHASE_RENAME,
        arena_printf(p->arena, "%s %s %.*s to %.*s", how, word, STR_ARGS(what),
                     STR_ARGS(to)));
    planner_touch(p, step, holder->object, holder->from);
    VEC_PUSH(p->arena, &p->renamed, (struct planned *)step);
    VEC_PUSH(p->arena, &p->renamed_of, holder->from);
    lock_holder(p, step, holder);
    return step;
}

static void rename_to(struct renames *r, struct holder *holder, struct str name)
{
    struct buf out = { 0 };
    occupy(r, holder, false);
    put_alter(r, &out, holder);
    if (is_inner(holder)) {
        buf_printf(&out, " rename %s ", word_of(holder->object));
        quote_ident(&out, holder->name);
        buf_puts(&out, " to ");
    } else {
        buf_puts(&out, " rename to ");
    }
    quote_ident(&out, name);
    buf_puts(&out, ";\n");
    step_sql(r->p, new_step(r, holder, "rename", name), &out);
    buf_release(&out);
    holder->name = name;
    occupy(r, holder, true);
}

static void move_to(struct renames *r, struct holder *holder, struct str schema)
{
    struct buf out = { 0 };
    occupy(r, holder, false);
    put_alter(r, &out, holder);
    buf_puts(&out, " set schema ");
    quote_ident(&out, schema);
    buf_puts(&out, ";\n");
    step_sql(r->p, new_step(r, holder, "move", schema), &out);
    buf_release(&out);
    holder->schema = schema;
    occupy(r, holder, true);
}

static void step_aside(struct renames *r, struct holder *holder)
{
    const char *name = arena_printf(r->p->arena, "schemac_moved_%u", ++r->ntemporary);
    rename_to(r, holder, str_of(name));
    if (!holder->to)
        pairs_add(&r->p->moved, r->p->arena, holder->from, name);
}

/* Whether anything of either model has the name there, but the object itself. What does
 * not move is no holder. */
static bool is_taken(struct renames *r, struct str schema, const struct holder *holder)
{
    const char *name = arena_printf(r->p->arena, "%.*s.%.*s", STR_ARGS(schema),
                                    STR_ARGS(holder->name));
    const void *old = map_find(&r->origin_names, str_of(name));
    const void *new = map_find(&r->target_names, str_of(name));
    return (old && old != holder->from) || (new &&new != holder->to);
}

/* Whether the place in the new schema under the old name is free on the way. */
static bool way_is_free(struct renames *r, const struct holder *holder)
{
    struct holder on_the_way = *holder;
    on_the_way.to_name = holder->name;
    const struct holder *other = in_the_way(r, &on_the_way);
    return (!other || other == holder) && (str_eq(holder->name, holder->to_name) ||
                                           !is_taken(r, holder->to_schema, holder));
}

static void add_holder(struct renames *r, enum change_object object, const void *from,
                       const void *to);

/* It goes along with its table, whose schema it is still in. */
static void take_along(struct renames *r, const struct holder *table,
                       enum change_object object, const void *from)
{
    struct holder follower = { .from = from, .name = object_name(object, from)->name };
    follower.to = match_to(planner_match(r->p), from);
    if (!is_taken(r, table->to_schema, &follower) || planner_is_rebuilt(r->p, from))
        return;
    if (!pairs_find(&r->holder_of, from))
        add_holder(r, object, from, follower.to);
    struct holder *holder = (void *)pairs_find(&r->holder_of, from);
    occupy(r, holder, false);
    holder->schema = table->schema;
    step_aside(r, holder);
    occupy(r, holder, false);
    holder->schema = table->to_schema;
    occupy(r, holder, true);
}

static void take_followers(struct renames *r, const struct holder *holder)
{
    const struct model_table *table = holder->from;
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (planner_is_indexed(table->constraints.items[i]))
            take_along(r, holder, CHANGE_CONSTRAINT, table->constraints.items[i]);
    }
    for (size_t i = 0; i < table->indexes.n; i++)
        take_along(r, holder, CHANGE_INDEX, table->indexes.items[i]);
    for (size_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i]->owned)
            take_along(r, holder, CHANGE_SEQUENCE, table->columns.items[i]->owned);
    }
}

static void go(struct renames *r, struct holder *holder)
{
    if (!str_eq(holder->schema, holder->to_schema)) {
        if (!way_is_free(r, holder))
            step_aside(r, holder);
        if (holder->object == CHANGE_TABLE)
            take_followers(r, holder);
        move_to(r, holder, holder->to_schema);
    }
    if (!str_eq(holder->name, holder->to_name))
        rename_to(r, holder, holder->to_name);
    holder->done = true;
}

/* Follows whoever is in the way to its end, then renames from there back. */
static void settle(struct renames *r, struct holder *first)
{
    VEC(struct holder *) chain = { 0 };
    struct holder *holder = first;
    while (holder && holder->to && !holder->done && !holder->waiting) {
        holder->waiting = true;
        VEC_PUSH(r->p->arena, &chain, holder);
        holder = in_the_way(r, holder);
    }
    if (holder && (holder->waiting || !holder->to))
        step_aside(r, holder);
    while (chain.n) {
        holder = chain.items[--chain.n];
        struct holder *other = in_the_way(r, holder);
        if (other)
            step_aside(r, other);
        go(r, holder);
        holder->waiting = false;
    }
}

/* ---- who moves, goes, comes ---- */

static const void *scope_of(enum change_object object, const void *it)
{
    if (object == CHANGE_COLUMN)
        return ((const struct model_column *)it)->table;
    if (object == CHANGE_CONSTRAINT)
        return ((const struct model_constraint *)it)->table;
    return NULL;
}

static const struct model_table *table_of_sequence(
    const struct model_sequence *sequence)
{
    const struct model_column *owner = sequence->owner ? sequence->owner
                                                       : sequence->owned_by;
    return owner ? owner->table : NULL;
}

/* Indexes and owned sequences follow their table into its schema. */
static const struct model_schema *home_of(const struct renames *r,
                                          enum change_object object, const void *it)
{
    const struct model_table *table = NULL;
    if (object == CHANGE_INDEX)
        table = ((const struct model_index *)it)->table;
    if (object == CHANGE_CONSTRAINT)
        table = ((const struct model_constraint *)it)->table;
    if (object == CHANGE_SEQUENCE)
        table = table_of_sequence(it);
    const struct model_table *to = table ? match_to(planner_match(r->p), table) : NULL;
    return to ? to->schema : object_schema(object, it);
}

static struct str home_name(const struct renames *r, enum change_object object,
                            const void *it)
{
    const struct model_schema *schema = home_of(r, object, it);
    if (object == CHANGE_SCHEMA || !schema)
        return (struct str){ NULL, 0 };
    return planner_of_origin(r->p, schema) ? planner_schema_now(r->p, schema)
                                           : schema->name.name;
}

static void add_holder(struct renames *r, enum change_object object, const void *from,
                       const void *to)
{
    struct holder *holder = arena_new(r->p->arena, struct holder);
    *holder = (struct holder){ .object = object,
                               .from = from,
                               .to = to,
                               .schema = home_name(r, object, from),
                               .name = object_name(object, from)->name,
                               .scope = scope_of(object, from) };
    if (to) {
        holder->to_schema = home_name(r, object, to);
        holder->to_name = object_name(object, to)->name;
    }
    VEC_PUSH(r->p->arena, &r->holders, holder);
    pairs_add(&r->holder_of, r->p->arena, from, holder);
    occupy(r, holder, true);
}

static void add_gone_table(struct renames *r, const struct model_table *table)
{
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (planner_is_indexed(table->constraints.items[i]))
            add_holder(r, CHANGE_CONSTRAINT, table->constraints.items[i], NULL);
    }
    for (size_t i = 0; i < table->indexes.n; i++)
        add_holder(r, CHANGE_INDEX, table->indexes.items[i], NULL);
    for (size_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i]->owned)
            add_holder(r, CHANGE_SEQUENCE, table->columns.items[i]->owned, NULL);
    }
}

static bool has_place(enum change_object object)
{
    return object != CHANGE_EXTENSION && object != CHANGE_LABEL &&
           object != CHANGE_DOMAIN_CHECK;
}

static void add_owned(struct renames *r, const struct change *change)
{
    const struct model_column *from = change->from, *to = change->to;
    if (from->owned && to && to->owned && (change->aspects & ASPECT_SEQUENCE))
        add_holder(r, CHANGE_SEQUENCE, from->owned, to->owned);
    else if (from->owned && (!to || !to->owned))
        add_holder(r, CHANGE_SEQUENCE, from->owned, NULL);
}

static void add_change(struct renames *r, const struct change *change)
{
    unsigned moves = ASPECT_NAME | ASPECT_SCHEMA;
    bool replaced = change->to && (change->aspects & ASPECT_DEFINITION);
    if (!change->from || !has_place(change->object))
        return;
    /* Constraints go at once, but for a key that is kept until its index is there. */
    if (change->object == CHANGE_CONSTRAINT &&
        (!change->to || (replaced && !planner_is_indexed(change->from))))
        return;
    if (replaced)
        pairs_add(&r->p->replaced, r->p->arena, change->from, r->p);
    if (change->object == CHANGE_TABLE && !change->to)
        add_gone_table(r, change->from);
    if (change->object == CHANGE_COLUMN)
        add_owned(r, change);
    if (!change->to || replaced)
        add_holder(r, change->object, change->from, NULL);
    else if (change->aspects & moves)
        add_holder(r, change->object, change->from, change->to);
}

/* A new object's name is wanted; whoever has it and goes later steps aside. */
static void claim(struct renames *r, enum change_object object, const void *to)
{
    struct holder want = { .object = object,
                           .from = to,
                           .to_schema = home_name(r, object, to),
                           .to_name = object_name(object, to)->name,
                           .scope = scope_of(object, to) };
    if (want.scope) {
        const void *older = match_from(planner_match(r->p), want.scope);
        want.scope = older ? older : want.scope;
    }
    struct holder *other;
    while ((other = in_the_way(r, &want)) && !other->to)
        step_aside(r, other);
}

static void claim_table(struct renames *r, const struct model_table *table)
{
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (planner_is_indexed(table->constraints.items[i]))
            claim(r, CHANGE_CONSTRAINT, table->constraints.items[i]);
    }
    for (size_t i = 0; i < table->indexes.n; i++)
        claim(r, CHANGE_INDEX, table->indexes.items[i]);
    for (size_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i]->owned)
            claim(r, CHANGE_SEQUENCE, table->columns.items[i]->owned);
    }
}

/* What is replaced under one name frees it by itself. */
static bool keeps_name(const struct change *change)
{
    return change->from && str_eq(object_name(change->object, change->from)->name,
                                  object_name(change->object, change->to)->name);
}

static void claim_change(struct renames *r, const struct change *change)
{
    bool replaced = change->from && (change->aspects & ASPECT_DEFINITION);
    if (!r->holders.n || !change->to || !has_place(change->object))
        return;
    if (change->object == CHANGE_COLUMN &&
        ((const struct model_column *)change->to)->owned)
        claim(r, CHANGE_SEQUENCE, ((const struct model_column *)change->to)->owned);
    if ((change->from && !replaced) || keeps_name(change))
        return;
    claim(r, change->object, change->to);
    if (change->object == CHANGE_TABLE)
        claim_table(r, change->to);
}

/* ---- the whole ---- */

static void settle_kind(struct renames *r, enum change_object object)
{
    for (size_t i = 0; i < r->holders.n; i++) {
        struct holder *holder = r->holders.items[i];
        if (holder->object == object && holder->to && !holder->done)
            settle(r, holder);
    }
}

void renames_make(struct planner *p)
{
    struct renames r = { .p = p };
    const struct changes *changes = p->changes;
    /* Schemas first: the others' names begin with theirs. */
    for (size_t i = 0; i < changes->list.n; i++) {
        if (changes->list.items[i].object == CHANGE_SCHEMA)
            add_change(&r, &changes->list.items[i]);
    }
    settle_kind(&r, CHANGE_SCHEMA);
    for (size_t i = 0; i < changes->list.n; i++) {
        if (changes->list.items[i].object == CHANGE_SCHEMA)
            claim_change(&r, &changes->list.items[i]);
    }
    planner_note_names(p, &r.origin_names, match_origin(planner_match(p)));
    planner_note_names(p, &r.target_names, match_target(planner_match(p)));
    for (size_t i = 0; i < changes->list.n; i++) {
        if (changes->list.items[i].object != CHANGE_SCHEMA)
            add_change(&r, &changes->list.items[i]);
    }
    /* Tables before what moves with them. */
    static const enum change_object order[] = { CHANGE_ENUM,   CHANGE_DOMAIN,
                                                CHANGE_TABLE,  CHANGE_SEQUENCE,
                                                CHANGE_COLUMN, CHANGE_CONSTRAINT,
                                                CHANGE_INDEX };
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        settle_kind(&r, order[k]);
    for (size_t i = 0; i < changes->list.n; i++) {
        if (changes->list.items[i].object != CHANGE_SCHEMA)
            claim_change(&r, &changes->list.items[i]);
    }
}

void renames_trim(struct planner *p)
{
    for (size_t i = 0; i < p->renamed.n; i++) {
        const void *from = p->renamed_of.items[i];
        /* A computed column still stands when the renames are made. */
        if (pairs_find(&p->early, from) ||
            (planner_is_rebuilt(p, from) && !planner_is_recomputed(p, from)))
            p->renamed.items[i]->text.n = 0;
    }
}
