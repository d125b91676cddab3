/* recipe_enum.c: enums made and dropped, their labels added and renamed; what that does
 * not reach is rebuild.h's. Must not know of columns but to ask what they hold. */
#include "../lang/codes.h"
#include "../sql/ddl.h"
#include "rebuild.h"
#include "texts.h"

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb, const struct model_enum *type)
{
    struct arena *arena = planner_arena(p);
    struct str title = planner_title(p, CHANGE_ENUM, type);
    struct plan_step *step = planner_step(
        p, phase, arena_printf(arena, "%s enum %.*s", verb, STR_ARGS(title)));
    step_touch(p, step, str_of(arena_printf(arena, "enum %.*s", STR_ARGS(title))));
    return step;
}

static void comment(struct planner *p, const struct model_enum *type)
{
    struct str name = planner_name(p, PHASE_COMMENT, CHANGE_ENUM, type);
    planner_comment(p,
                    str_of(arena_printf(planner_arena(p), "type %.*s", STR_ARGS(name))),
                    type->name.doc, NULL);
}

static void create(struct planner *p, const struct model_enum *type)
{
    struct model_object object = { OBJECT_ENUM, (void *)type };
    struct buf sql = { 0 };
    ddl_create(&sql, &object);
    step_sql(p, add_step(p, PHASE_CREATE, "create", type), &sql);
    buf_release(&sql);
    if (type->name.doc.n)
        comment(p, type);
}

static void drop(struct planner *p, const struct model_enum *type)
{
    struct str name = planner_name(p, PHASE_DROP, CHANGE_ENUM, type);
    step_printf(p, add_step(p, PHASE_DROP, "drop", type), "drop type %.*s;\n",
                STR_ARGS(name));
}

/* ---- labels that stay ---- */

static bool has_label(const struct model_enum *type, struct str label)
{
    for (size_t i = 0; i < type->labels.n; i++) {
        if (str_eq(type->labels.items[i].name.name, label))
            return true;
    }
    return false;
}

static void put_rename(struct planner *p, struct plan_step *step,
                       const struct model_enum *type, struct str from, struct str to)
{
    struct str name = planner_name(p, PHASE_LABEL, CHANGE_ENUM, type);
    step_printf(p, step, "alter type %.*s rename value %s to %s;\n", STR_ARGS(name),
                text_literal(planner_arena(p), from),
                text_literal(planner_arena(p), to));
}

/* A label whose new name another one still has waits under a spare name. */
enum turn { TURN_ASIDE, TURN_STRAIGHT, TURN_BACK };

static void rename_label(struct planner *p, struct plan_step *step,
                         const struct model_label *from, enum turn turn,
                         const struct change *change)
{
    const struct model_enum *old = change->from, *new = change->to;
    const struct model_label *to = match_to(planner_match(p), from);
    struct str is = from->name.name, becomes = to->name.name;
    if (str_eq(is, becomes))
        return;
    bool held = has_label(old, becomes);
    struct str spare = text_spare(planner_arena(p), becomes, "__new");
    if (turn == TURN_ASIDE && held)
        put_rename(p, step, new, is, spare);
    if (turn == TURN_STRAIGHT && !held)
        put_rename(p, step, new, is, becomes);
    if (turn == TURN_BACK && held)
        put_rename(p, step, new, spare, becomes);
}

static void rename_labels(struct planner *p, const struct change *change)
{
    const struct model_enum *from = change->from;
    struct plan_step *step = add_step(p, PHASE_LABEL, "rename values of", from);
    for (enum turn turn = TURN_ASIDE; turn <= TURN_BACK; turn++) {
        for (size_t i = 0; i < from->labels.n; i++)
            rename_label(p, step, &from->labels.items[i], turn, change);
    }
}

/* ---- labels that are new ---- */

/* The first label behind the i-th that was there before; NULL: none. */
static const struct model_label *next_old(const struct planner *p,
                                          const struct model_enum *type, size_t i)
{
    while (++i < type->labels.n) {
        if (match_from(planner_match(p), &type->labels.items[i]))
            return &type->labels.items[i];
    }
    return NULL;
}

static void add_label(struct planner *p, const struct model_enum *type, size_t i)
{
    struct arena *arena = planner_arena(p);
    const struct model_label *label = &type->labels.items[i];
    const struct model_label *next = next_old(p, type, i);
    struct str name = planner_name(p, PHASE_LABEL, CHANGE_ENUM, type);
    const char *value = text_literal(arena, label->name.name);
    struct plan_step *step = add_step(
        p, PHASE_LABEL, arena_printf(arena, "add value %s to", value), type);
    const char *place = "";
    if (next && i > 0)
        place = arena_printf(arena, " after %s",
                             text_literal(arena, type->labels.items[i - 1].name.name));
    else if (next)
        place = arena_printf(arena, " before %s", text_literal(arena, next->name.name));
    /* It cannot be used before it is committed, nor be taken back (version 15,
     * src/backend/catalog/pg_enum.c); run twice, it is there already. */
    step_printf(p, step, "alter type %.*s add value if not exists %s%s;\n",
                STR_ARGS(name), value, place);
    step->transaction = false;
    step_reversal(p, step, REVERSAL_IMPOSSIBLE,
                  arena_printf(arena, "not while a row has %s", value));
}

static void add_labels(struct planner *p, const struct model_enum *type)
{
    for (size_t i = 0; i < type->labels.n; i++) {
        if (!match_from(planner_match(p), &type->labels.items[i]))
            add_label(p, type, i);
    }
}

/* ---- labels that go ---- */

static void check_use(struct planner *p, const struct type_use *use,
                      const struct model_label *label)
{
    struct arena *arena = planner_arena(p);
    struct str title = planner_title(p, CHANGE_COLUMN, use->from);
    const char *value = text_literal(arena, label->name.name);
    const char *condition = arena_printf(arena, "value::text = %s", value);
    planner_check(
        p, (struct plan_check){
               .title = arena_printf(arena, "no %s in %.*s", value, STR_ARGS(title)),
               .query = str_of(rebuild_question(p, use, condition, false)),
               .hint = arena_printf(arena,
                                    "Give these rows another value, or say "
                                    "in the schema what they become: "
                                    "\"%.*s\" dropped as ...",
                                    STR_ARGS(label->name.name)) });
}

static void refuse(struct planner *p, const struct change *change,
                   const struct model_label *label)
{
    const struct model_enum *to = change->to;
    struct str title = planner_title(p, CHANGE_ENUM, to);
    struct diags *diags = planner_diags(p);
    struct diag *diag = diag_error(
        diags, E_label_without_heir, to->name.span,
        "enum \"%.*s\" no longer has \"%.*s\", and nothing says what its rows become",
        STR_ARGS(title), STR_ARGS(label->name.name));
    diag_hint(diags, diag,
              "Write \"%.*s\" dropped as LABEL in the enum, or LABEL was \"%.*s\".",
              STR_ARGS(label->name.name), STR_ARGS(label->name.name));
}

static void remove_label(struct planner *p, const struct change *change,
                         const struct model_label *label)
{
    if (!planner_lenient(p)) {
        refuse(p, change, label);
        return;
    }
    struct type_uses uses = rebuild_uses(p, change->from);
    for (size_t i = 0; i < uses.list.n; i++)
        check_use(p, &uses.list.items[i], label);
}

static void remove_labels(struct planner *p, const struct change *change)
{
    const struct match *match = planner_match(p);
    const struct model_enum *from = change->from;
    for (size_t i = 0; i < from->labels.n; i++) {
        const struct model_label *label = &from->labels.items[i];
        if (!match_to(match, label) && !match_label_heir(match, label))
            remove_label(p, change, label);
    }
}

/* ---- the whole ---- */

/* All labels at once, whichever of their changes comes first. */
static void settle_labels(struct planner *p, const struct change *change)
{
    if (!planner_once(p, &((const struct model_enum *)change->to)->labels))
        return;
    if (rebuild_needs_enum(p, change->from)) {
        remove_labels(p, change);
        rebuild_types(p);
    } else {
        rename_labels(p, change);
        add_labels(p, change->to);
    }
}

void recipe_enum(struct planner *p, const struct change *change)
{
    if (change->object == CHANGE_LABEL) {
        struct change whole = { .object = CHANGE_ENUM,
                                .from = change->from_owner,
                                .to = change->to_owner };
        settle_labels(p, &whole);
    } else if (!change->from) {
        create(p, change->to);
    } else if (!change->to) {
        drop(p, change->from);
    } else {
        settle_labels(p, change);
        if ((change->aspects & ASPECT_COMMENT) && !rebuild_needs_enum(p, change->from))
            comment(p, change->to);
    }
}
