/* recipe_numbering.c: columns that become or cease to be serial or identity, with the
 * position of their sequence kept; must not know of types, keys or nullability. */
#include "../sql/ddl.h"
#include "numbering.h"
#include "texts.h"

/* A column on its way, and the names that its statements are made of. */
struct turn {
    struct planner *p;
    const struct model_column *from, *to;
    const char *table, *column;             /* as SQL writes them */
    struct plan_step *step;                 /* under ACCESS EXCLUSIVE */
    const struct model_sequence *src, *dst; /* whose position becomes whose */
};

static const char *sequence_name(const struct turn *t,
                                 const struct model_sequence *sequence)
{
    return planner_name(t->p, PHASE_ALTER, CHANGE_SEQUENCE, sequence).s;
}

static const char *literal(const struct turn *t, const char *text)
{
    return text_literal(planner_arena(t->p), str_of(text));
}

static void put_column(const struct turn *t, const char *what)
{
    step_printf(t->p, t->step, "alter table %s alter column %s %s;\n", t->table,
                t->column, what);
}

static struct str touched(struct planner *p, const struct model_column *column)
{
    struct str title = planner_title(p, CHANGE_COLUMN, column);
    return str_of(arena_printf(planner_arena(p), "column %.*s", STR_ARGS(title)));
}

/* ---- positions ---- */

/* The declared sequence that the column owns; NULL: none. */
static const struct model_sequence *declared_of(const struct model_column *column)
{
    const struct model_table *table = column->table;
    for (size_t i = 0; i < table->sequences.n; i++) {
        if (table->sequences.items[i]->owned_by == column)
            return table->sequences.items[i];
    }
    return NULL;
}

static const struct model_sequence *sequence_of(const struct model_column *column)
{
    return column->owned ? column->owned : declared_of(column);
}

/* From one sequence to another, both there. One that nothing was drawn from has no
 * position to keep. src, dst: as SQL writes them. */
static void put_position(const struct turn *t, const char *src, const char *dst)
{
    const struct model_counter *a = &t->src->counter, *b = &t->dst->counter;
    const char *value = "s.last_value";
    if (b->least > a->least || b->most < a->most)
        value = arena_printf(planner_arena(t->p),
                             "least(greatest(s.last_value, '%lld'), '%lld')",
                             (long long)b->least, (long long)b->most);
    step_printf(t->p, t->step,
                "do $position$\nbegin\n"
                "    perform pg_catalog.setval(%s, %s, s.is_called)\n"
                "       from %s s where s.is_called or s.last_value <> '%lld';\n"
                "end\n$position$;\n",
                literal(t, dst), value, src, (long long)a->start);
}

/* The new sequence goes on behind the rows that are there. Whoever inserted before gave
 * its own numbers, so no lock is needed. */
static void add_position_of_rows(const struct turn *t)
{
    struct arena *arena = planner_arena(t->p);
    const struct model_counter *counter = &t->dst->counter;
    struct str title = planner_title(t->p, CHANGE_COLUMN, t->to);
    struct plan_step *step = planner_step(
        t->p, PHASE_ALTER,
        arena_printf(arena, "number %.*s on from its rows", STR_ARGS(title)));
    step_printf(t->p, step,
                "do $position$\nbegin\n"
                "    perform pg_catalog.setval(%s, m.n)\n"
                "       from (select %s(%s) as n from %s) m\n"
                "      where m.n between '%lld' and '%lld';\n"
                "end\n$position$;\n",
                literal(t, sequence_name(t, t->dst)),
                counter->increment > 0 ? "max" : "min", t->column, t->table,
                (long long)counter->least, (long long)counter->most);
    step_lock(t->p, step, t->to->table, LOCK_ACCESS_SHARE);
    step_touch(t->p, step, touched(t->p, t->from));
    step_apart(step);
    step->cost = COST_SCAN;
}

/* ---- the parts of a turn ---- */

static void put_identity(const struct turn *t)
{
    struct buf sql = { 0 };
    buf_printf(&sql, "alter table %s alter column %s add", t->table, t->column);
    ddl_identity(&sql, t->to);
    buf_puts(&sql, ";\n");
    step_sql(t->p, t->step, &sql);
    buf_release(&sql);
}

static void put_default(const struct turn *t)
{
    if (!t->to->default_.ntokens)
        return;
    struct buf sql = { 0 };
    buf_printf(&sql, "alter table %s alter column %s set", t->table, t->column);
    ddl_default(&sql, &t->to->default_);
    buf_puts(&sql, ";\n");
    step_sql(t->p, t->step, &sql);
    buf_release(&sql);
}

/* serial: the sequence, which is there, numbers the column. */
static void put_serial(const struct turn *t)
{
    const char *name = sequence_name(t, t->to->owned);
    step_printf(t->p, t->step,
                "alter table %s alter column %s set default nextval(%s::regclass);\n",
                t->table, t->column, literal(t, name));
    step_printf(t->p, t->step, "alter sequence %s owned by %s.%s;\n", name, t->table,
                t->column);
}

static void put_create_sequence(const struct turn *t, const char *name)
{
    step_printf(t->p, t->step, "create sequence %s as %.*s;\n", name,
                STR_ARGS(t->to->owned->type->name));
}

static struct str spare_name(const struct turn *t,
                             const struct model_sequence *sequence)
{
    return text_spare(planner_arena(t->p), sequence->name.name, "__new");
}

static void put_rename(const struct turn *t, const char *from, struct str to)
{
    step_printf(t->p, t->step, "alter sequence %s rename to %s;\n", from,
                text_ident(planner_arena(t->p), to));
}

/* ---- turns ---- */

static void serial_to_identity(const struct turn *t)
{
    struct arena *arena = planner_arena(t->p);
    struct str spare = spare_name(t, t->to->owned);
    const char *name = sequence_name(t, t->from->owned);
    const char *old = text_qualified(arena, t->to->table->schema->name.name, spare);
    put_column(t, "drop default");
    step_printf(t->p, t->step, "alter sequence %s owned by none;\n", name);
    put_rename(t, name, spare);
    put_identity(t);
    put_position(t, old, sequence_name(t, t->to->owned));
    step_printf(t->p, t->step, "drop sequence %s;\n", old);
}

static void identity_to_serial(const struct turn *t)
{
    struct arena *arena = planner_arena(t->p);
    struct str spare = spare_name(t, t->to->owned);
    const char *new = text_qualified(arena, t->to->table->schema->name.name, spare);
    put_create_sequence(t, new);
    put_position(t, sequence_name(t, t->from->owned), new);
    put_column(t, "drop identity");
    put_rename(t, new, t->to->owned->name.name);
    put_serial(t);
}

static void numbered_to_plain(const struct turn *t)
{
    const char *name = sequence_name(t, t->from->owned);
    bool gone = retype_drops_identity(t->from, t->to);
    if (t->dst && !gone)
        put_position(t, name, sequence_name(t, t->dst));
    if (t->from->serial) {
        put_column(t, "drop default");
        step_printf(t->p, t->step, "drop sequence %s;\n", name);
    } else if (!gone) {
        put_column(t, "drop identity");
    }
    put_default(t);
    if (!t->dst || gone)
        step_reversal(t->p, t->step, REVERSAL_LOSSY,
                      "the position of its sequence is found from the rows");
}

static void plain_to_numbered(const struct turn *t)
{
    if (t->from->default_.ntokens)
        put_column(t, "drop default");
    if (t->to->serial) {
        put_create_sequence(t, sequence_name(t, t->to->owned));
        put_serial(t);
    } else {
        put_identity(t);
    }
    if (t->src)
        put_position(t, sequence_name(t, t->src), sequence_name(t, t->dst));
    else
        add_position_of_rows(t);
}

static bool counts_alike(const struct model_sequence *a, const struct model_sequence *b)
{
    const struct model_counter *x = &a->counter, *y = &b->counter;
    return a->type == b->type && x->start == y->start && x->increment == y->increment &&
           x->least == y->least && x->most == y->most && x->cache == y->cache &&
           x->cycle == y->cycle;
}

/* An identity's sequence has followed its column's type by now. */
static void same_kind(const struct turn *t)
{
    if (t->from->identity != t->to->identity)
        put_column(t, t->to->identity == IDENTITY_ALWAYS ? "set generated always"
                                                         : "set generated by default");
    if (t->to->owned && !counts_alike(t->from->owned, t->to->owned))
        numbering_recount(t->p, t->step, t->from->owned, t->to->owned);
}

enum kind { PLAIN, SERIAL, IDENTITY };

static enum kind kind_of(const struct model_column *column)
{
    return column->serial ? SERIAL : column->identity ? IDENTITY : PLAIN;
}

static void make_turn(const struct turn *t)
{
    enum kind from = kind_of(t->from), to = kind_of(t->to);
    if (from == to)
        same_kind(t);
    else if (to == PLAIN)
        numbered_to_plain(t);
    else if (from == PLAIN)
        plain_to_numbered(t);
    else if (to == IDENTITY)
        serial_to_identity(t);
    else
        identity_to_serial(t);
}

void recipe_column_numbering(struct planner *p, const struct change *change)
{
    const struct model_column *from = change->from, *to = change->to;
    struct str title = planner_title(p, CHANGE_COLUMN, from);
    struct turn turn = {
        .p = p,
        .from = from,
        .to = to,
        .table = planner_name(p, PHASE_ALTER, CHANGE_TABLE, to->table).s,
        .column = planner_name(p, PHASE_ALTER, CHANGE_COLUMN, to).s,
        .step = planner_step(
            p, PHASE_ALTER,
            arena_printf(planner_arena(p), "numbering of %.*s", STR_ARGS(title))),
        .src = sequence_of(from),
        .dst = sequence_of(to)
    };
    step_lock(p, turn.step, to->table, LOCK_ACCESS_EXCLUSIVE);
    step_touch(p, turn.step, touched(p, from));
    make_turn(&turn);
}
