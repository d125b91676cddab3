/* rebuild.c: types that are made anew with the columns over them; must not know how
 * columns are altered or what depends on them. */
#include "rebuild.h"
#include "../sql/ddl.h"
#include "../sql/quote.h"
#include "../sql/write.h"
#include "questions.h"
#include "texts.h"

/* ---- which ---- */

bool rebuild_needs_enum(const struct planner *p, const struct model_enum *from)
{
    const struct model_enum *to = match_to(planner_match(p), from);
    const struct model_label *last = NULL;
    for (size_t i = 0; to && i < from->labels.n; i++) {
        const struct model_label *label = match_to(planner_match(p),
                                                   &from->labels.items[i]);
        if (!label || label < last)
            return true;
        last = label;
    }
    return false;
}

static bool stands_on_rebuilt(const struct planner *p, const struct model_type *type)
{
    if (type->kind == MODEL_ENUM)
        return rebuild_needs_enum(p, type->enum_);
    return type->kind == MODEL_DOMAIN && rebuild_needs_domain(p, type->domain);
}

/* Whether values that are there have to be looked at. */
static bool is_stricter(const struct planner *p, const struct model_domain *from,
                        const struct model_domain *to)
{
    bool stricter = to->not_null && !from->not_null;
    for (size_t i = 0; i < to->checks.n; i++) {
        const struct model_check *new = &to->checks.items[i];
        const struct model_check *old = match_from(planner_match(p), new);
        stricter |= !old || !match_sql_same(planner_match(p), &old->expression,
                                            &new->expression, NULL);
    }
    return stricter;
}

/* PostgreSQL does not look into arrays of a domain, and refuses (version 15,
 * src/backend/commands/typecmds.c: get_rels_with_domain). */
bool rebuild_needs_domain(const struct planner *p, const struct model_domain *from)
{
    const struct model_domain *to = match_to(planner_match(p), from);
    return to &&
           (!match_type_same(planner_match(p), &from->base, &to->base) ||
            !str_eq(from->collate, to->collate) || stands_on_rebuilt(p, &from->base) ||
            (is_stricter(p, from, to) && rebuild_is_in_array(p, from)));
}

/* ---- values ---- */

/* Labels that get another text on the way; a spare one where both sides have it. */
struct mapping {
    struct str from, to, between;
};
struct mappings {
    VEC(struct mapping) list;
};

static const struct model_label *becomes(const struct planner *p,
                                         const struct model_label *label)
{
    const struct model_label *to = match_to(planner_match(p), label);
    return to ? to : match_label_heir(planner_match(p), label);
}

/* Whether the label of that name becomes another one in its turn. */
static bool goes_on(const struct planner *p, const struct model_enum *from,
                    struct str name)
{
    for (size_t i = 0; i < from->labels.n; i++) {
        const struct model_label *label = &from->labels.items[i];
        const struct model_label *to = becomes(p, label);
        if (str_eq(label->name.name, name))
            return to && !str_eq(to->name.name, name);
    }
    return false;
}

static struct mappings mappings_of(struct planner *p, const struct model_enum *from)
{
    struct mappings mappings = { 0 };
    for (size_t i = 0; i < from->labels.n; i++) {
        const struct model_label *label = &from->labels.items[i];
        const struct model_label *to = becomes(p, label);
        if (!to || str_eq(to->name.name, label->name.name))
            continue;
        struct mapping mapping = { label->name.name, to->name.name, to->name.name };
        if (goes_on(p, from, to->name.name))
            mapping.between = text_spare(planner_arena(p), to->name.name, "__new");
        VEC_PUSH(planner_arena(p), &mappings.list, mapping);
    }
    return mappings;
}

static void put_case(struct buf *out, const struct mappings *mappings,
                     struct str column)
{
    if (!mappings->list.n) {
        buf_printf(out, "%.*s::text", STR_ARGS(column));
        return;
    }
    buf_printf(out, "(case %.*s::text", STR_ARGS(column));
    for (size_t i = 0; i < mappings->list.n; i++) {
        buf_puts(out, " when ");
        quote_literal(out, mappings->list.items[i].from);
        buf_puts(out, " then ");
        quote_literal(out, mappings->list.items[i].to);
    }
    buf_printf(out, " else %.*s::text end)", STR_ARGS(column));
}

static void put_replaced(struct buf *out, struct str from, struct str to)
{
    buf_puts(out, ", ");
    quote_literal(out, from);
    buf_puts(out, ", ");
    quote_literal(out, to);
    buf_puts(out, ")");
}

static bool waits(const struct mapping *mapping)
{
    return !str_eq(mapping->between, mapping->to);
}

/* No subquery may stand in USING, so not by unnest. */
static void put_array(struct buf *out, const struct mappings *mappings,
                      struct str column)
{
    const struct mapping *items = mappings->list.items;
    size_t n = mappings->list.n;
    for (size_t i = 0; i < n; i++)
        buf_puts(out,
                 waits(&items[i]) ? "array_replace(array_replace(" : "array_replace(");
    buf_printf(out, "%.*s::text[]", STR_ARGS(column));
    for (size_t i = 0; i < n; i++)
        put_replaced(out, items[i].from, items[i].between);
    for (size_t i = 0; i < n; i++) {
        if (waits(&items[i]))
            put_replaced(out, items[i].between, items[i].to);
    }
}

/* The value of a column over an enum, by its text. */
static struct str using_of(struct planner *p, const struct type_use *use,
                           const struct model_enum *under)
{
    struct buf text = { 0 };
    struct str column = planner_name(p, PHASE_TYPE, CHANGE_COLUMN, use->to);
    struct mappings mappings = mappings_of(p, under);
    if (use->array)
        put_array(&text, &mappings, column);
    else
        put_case(&text, &mappings, column);
    buf_puts(&text, "::");
    write_type(&text, &use->to->type);
    struct str copy = buf_dup(&text, planner_arena(p));
    buf_release(&text);
    return copy;
}

static bool is_array(const struct model_type *type)
{
    return type->array || (type->kind == MODEL_DOMAIN && is_array(&type->domain->base));
}

bool rebuild_put_mapped(struct planner *p, struct buf *out,
                        const struct model_column *from)
{
    const struct model_enum *under = model_type_enum(&from->type);
    struct mappings mappings = { 0 };
    if (under)
        mappings = mappings_of(p, under);
    if (!mappings.list.n)
        return false;
    struct str column = str_of(text_ident(planner_arena(p), from->name.name));
    if (out && is_array(&from->type))
        put_array(out, &mappings, column);
    else if (out)
        put_case(out, &mappings, column);
    return true;
}

/* ---- columns ---- */

static bool merges(const struct planner *p, const struct model_column *from)
{
    const struct model_enum *under = model_type_enum(&from->type);
    bool merges = false;
    for (size_t i = 0; under && i < under->labels.n; i++)
        merges |= match_label_heir(planner_match(p), &under->labels.items[i]) != NULL;
    return merges;
}

/* Another type altogether is the column's own change. */
static bool is_ours(const struct planner *p, const struct model_column *from)
{
    const struct model_column *to = match_to(planner_match(p), from);
    return to && stands_on_rebuilt(p, &from->type) &&
           match_type_same(planner_match(p), &from->type, &to->type);
}

static void retype_column(struct planner *p, const struct model_column *from)
{
    const struct model_enum *under = model_type_enum(&from->type);
    struct type_use use = { from, match_to(planner_match(p), from),
                            is_array(&from->type) };
    struct retype retype = { .from = from, .to = use.to, .cost = COST_REWRITE };
    /* A domain over another base: as PostgreSQL assigns, which cuts nothing. */
    if (under && model_type_enum(&use.to->type))
        retype.using_ = using_of(p, &use, under);
    /* Two labels that become one may make two keys one. */
    if (merges(p, from))
        ask_standing(p, use.to);
    planner_retype(p, &retype);
}

static void retype_columns(struct planner *p)
{
    const struct model *origin = match_origin(planner_match(p));
    for (size_t i = 0; i < origin->order.n; i++) {
        if (origin->order.items[i].kind != OBJECT_TABLE)
            continue;
        const struct model_table *table = origin->order.items[i].object;
        for (size_t k = 0; k < table->columns.n; k++) {
            if (is_ours(p, table->columns.items[k]))
                retype_column(p, table->columns.items[k]);
        }
    }
}

/* ---- types ---- */

struct rebuilt {
    const char *kind; /* "type", "domain" */
    enum change_object change;
    const struct model_object *object; /* of the target */
    const void *from;
    struct str schema, name; /* of the new one, not quoted */
    struct str spare;        /* the old one's, from then on */
};

static struct plan_step *add_step(struct planner *p, const struct rebuilt *type,
                                  enum plan_phase phase, const char *verb)
{
    struct arena *arena = planner_arena(p);
    struct str title = planner_title(p, type->change, type->from);
    const char *what = arena_printf(arena, "%s %.*s", change_object_word(type->change),
                                    STR_ARGS(title));
    struct plan_step *step = planner_step(p, phase,
                                          arena_printf(arena, "%s %s", verb, what));
    step_touch(p, step, str_of(what));
    return step;
}

static void hazards(struct planner *p, struct plan_step *step,
                    const struct model_enum *from)
{
    struct str title = planner_title(p, CHANGE_ENUM, from);
    for (size_t i = 0; i < from->labels.n; i++) {
        const struct model_label *label = &from->labels.items[i];
        const struct model_label *heir = match_label_heir(planner_match(p), label);
        if (match_to(planner_match(p), label))
            continue;
        struct str object = str_of(arena_printf(planner_arena(p), "%.*s.%.*s",
                                                STR_ARGS(title),
                                                STR_ARGS(label->name.name)));
        if (!heir) {
            step_hazard(p, step, HAZARD_NARROW, object, "a row may have the value");
            continue;
        }
        const char *why = arena_printf(
            planner_arena(p),
            "rows that had '%.*s' are told from those of '%.*s' no more",
            STR_ARGS(label->name.name), STR_ARGS(heir->name.name));
        step_hazard(p, step, HAZARD_IRREVERSIBLE, object, why);
        step_reversal(p, step, REVERSAL_LOSSY, why);
    }
}

static void make_anew(struct planner *p, const struct rebuilt *type)
{
    struct arena *arena = planner_arena(p);
    struct plan_step *step = add_step(p, type, PHASE_LABEL, "make room for");
    step_printf(p, step, "alter %s %s rename to %s;\n", type->kind,
                text_qualified(arena, type->schema, type->name),
                text_ident(arena, type->spare));
    struct buf sql = { 0 };
    step = add_step(p, type, PHASE_CREATE, "make anew");
    ddl_create(&sql, type->object);
    ddl_comments(&sql, type->object);
    step_sql(p, step, &sql);
    buf_release(&sql);
    if (type->object->kind == OBJECT_ENUM)
        hazards(p, step, type->from);
}

static void drop_old(struct planner *p, const struct rebuilt *type)
{
    bool domain = type->object->kind == OBJECT_DOMAIN;
    struct plan_step *step = add_step(p, type, domain ? PHASE_DROP_DOMAIN : PHASE_DROP,
                                      "drop the old");
    step_printf(p, step, "drop %s %s;\n", type->kind,
                text_qualified(planner_arena(p), type->schema, type->spare));
}

/* Whether it is such a type; then out says all of it. */
static bool read_enum(struct planner *p, const struct model_object *object,
                      struct rebuilt *out)
{
    const struct model_enum *to = object->object;
    const struct model_enum *from = match_from(planner_match(p), to);
    if (!from || !rebuild_needs_enum(p, from))
        return false;
    *out = (struct rebuilt){ .kind = "type",
                             .change = CHANGE_ENUM,
                             .object = object,
                             .from = from,
                             .name = to->name.name,
                             .schema = to->schema->name.name };
    return true;
}

static bool read_domain(struct planner *p, const struct model_object *object,
                        struct rebuilt *out)
{
    const struct model_domain *to = object->object;
    const struct model_domain *from = match_from(planner_match(p), to);
    if (!from || !rebuild_needs_domain(p, from))
        return false;
    *out = (struct rebuilt){ .kind = "domain",
                             .change = CHANGE_DOMAIN,
                             .object = object,
                             .from = from,
                             .name = to->name.name,
                             .schema = to->schema->name.name };
    return true;
}

static bool read_type(struct planner *p, const struct model_object *object,
                      struct rebuilt *out)
{
    bool is = (object->kind == OBJECT_ENUM && read_enum(p, object, out)) ||
              (object->kind == OBJECT_DOMAIN && read_domain(p, object, out));
    if (is)
        out->spare = text_spare(planner_arena(p), out->name, "__old");
    return is;
}

static void detach_mentions(struct planner *p, const struct rebuilt *type)
{
    const struct model_enum *enum_ = type->from;
    const struct model_domain *domain = type->from;
    if (type->object->kind == OBJECT_ENUM)
        planner_detach_mentions(p, enum_->schema->name.name, enum_->name.name);
    else
        planner_detach_mentions(p, domain->schema->name.name, domain->name.name);
}

/* What stands on another type is made after it and goes before it. */
void rebuild_types(struct planner *p)
{
    const struct model *target = match_target(planner_match(p));
    struct rebuilt type;
    if (!planner_once(p, &target->order))
        return;
    for (size_t i = 0; i < target->order.n; i++) {
        if (read_type(p, &target->order.items[i], &type))
            make_anew(p, &type);
    }
    retype_columns(p);
    for (size_t i = 0; i < target->order.n; i++) {
        if (read_type(p, &target->order.items[i], &type))
            detach_mentions(p, &type);
    }
    for (size_t i = target->order.n; i > 0; i--) {
        if (read_type(p, &target->order.items[i - 1], &type))
            drop_old(p, &type);
    }
}
