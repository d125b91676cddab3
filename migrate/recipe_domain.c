/* recipe_domain.c: domains made, altered and dropped, with their checks; another base is
 * rebuild.h's. Must not know of columns but to ask what they hold. */
#include "../sql/ddl.h"
#include "rebuild.h"
#include "texts.h"

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb, const struct model_domain *domain)
{
    struct arena *arena = planner_arena(p);
    struct str title = planner_title(p, CHANGE_DOMAIN, domain);
    struct plan_step *step = planner_step(
        p, phase, arena_printf(arena, "%s domain %.*s", verb, STR_ARGS(title)));
    step_touch(p, step, str_of(arena_printf(arena, "domain %.*s", STR_ARGS(title))));
    return step;
}

/* A statement about the domain in a phase, by the name that it has there. */
static void put_alter(struct planner *p, struct plan_step *step, enum plan_phase phase,
                      const struct model_domain *domain, const char *what)
{
    struct str name = planner_name(p, phase, CHANGE_DOMAIN, domain);
    step_printf(p, step, "alter domain %.*s %s;\n", STR_ARGS(name), what);
}

static void comment(struct planner *p, const struct model_domain *domain)
{
    struct str name = planner_name(p, PHASE_COMMENT, CHANGE_DOMAIN, domain);
    planner_comment(
        p, str_of(arena_printf(planner_arena(p), "domain %.*s", STR_ARGS(name))),
        domain->name.doc, NULL);
}

static void create(struct planner *p, const struct model_domain *domain)
{
    struct model_object object = { OBJECT_DOMAIN, (void *)domain };
    struct buf sql = { 0 };
    ddl_create(&sql, &object);
    ddl_comments(&sql, &object);
    step_sql(p, add_step(p, PHASE_CREATE, "create", domain), &sql);
    buf_release(&sql);
}

static void drop(struct planner *p, const struct model_domain *domain)
{
    struct str name = planner_name(p, PHASE_DROP_DOMAIN, CHANGE_DOMAIN, domain);
    step_printf(p, add_step(p, PHASE_DROP_DOMAIN, "drop", domain),
                "drop domain %.*s;\n", STR_ARGS(name));
}

/* ---- default and NOT NULL ---- */

static void set_default(struct planner *p, const struct model_domain *to)
{
    struct buf what = { 0 };
    buf_puts(&what, to->default_.ntokens ? "set" : "drop default");
    if (to->default_.ntokens)
        ddl_default(&what, &to->default_);
    put_alter(p, add_step(p, PHASE_CREATE, "set the default of", to), PHASE_CREATE, to,
              what.s);
    buf_release(&what);
}

/* Every table that uses the domain is read under a lock against writers; there is no
 * NOT VALID for this, and VALIDATE takes the same lock (version 15,
 * src/backend/commands/typecmds.c: get_rels_with_domain). */
static void read_tables(struct planner *p, struct plan_step *step,
                        const struct model_domain *from)
{
    struct type_uses uses = rebuild_uses(p, from);
    for (size_t i = 0; i < uses.list.n; i++)
        step_lock(p, step, uses.list.items[i].to->table, LOCK_SHARE);
    if (uses.list.n)
        step_alone(step, COST_SCAN);
}

/* condition: over "value", of the rows in the way. */
static void check_uses(struct planner *p, const struct model_domain *from,
                       const char *what, const char *condition)
{
    struct arena *arena = planner_arena(p);
    struct type_uses uses = rebuild_uses(p, from);
    for (size_t i = 0; i < uses.list.n; i++) {
        const struct type_use *use = &uses.list.items[i];
        struct str title = planner_title(p, CHANGE_COLUMN, use->from);
        planner_check(
            p, (struct plan_check){
                   .title = arena_printf(arena, "%s in %.*s", what, STR_ARGS(title)),
                   .query = str_of(rebuild_question(
                       p, use, condition, model_type_enum(&from->base) != NULL)),
                   .hint = "Change the values that do not fit." });
    }
}

static void set_not_null(struct planner *p, const struct model_domain *from,
                         const struct model_domain *to)
{
    if (!to->not_null) {
        put_alter(p, add_step(p, PHASE_CREATE, "allow NULL in", to), PHASE_CREATE, to,
                  "drop not null");
        return;
    }
    struct plan_step *step = add_step(p, PHASE_STRICTER, "forbid NULL in", to);
    put_alter(p, step, PHASE_STRICTER, to, "set not null");
    read_tables(p, step, from);
}

/* ---- checks ---- */

/* Labels are compared as texts, which is the same but for their order. */
static bool is_of_texts(const struct model_sql *sql)
{
    static const char *const words[] = { "value", "and",  "or",       "not", "in",
                                         "is",    "null", "distinct", "from" };
    bool plain = true;
    for (size_t i = 0; i < sql->ntokens; i++) {
        const struct token *token = &sql->tokens[i];
        bool known = token->kind == TOKEN_STRING || token->kind == TOKEN_LPAREN ||
                     token->kind == TOKEN_RPAREN || token->kind == TOKEN_COMMA ||
                     token->kind == TOKEN_EQUAL || token_is(token, "<>") ||
                     token_is(token, "!=");
        for (size_t k = 0; !known && k < sizeof words / sizeof *words; k++)
            known = token_is_word(token, words[k]);
        plain = plain && known;
    }
    return plain;
}

/* What the check says is asked of the rows where all that it names was there before. */
static bool is_askable(const struct model_domain *from, const struct model_check *check)
{
    if (model_type_enum(&from->base))
        return !from->base.array && is_of_texts(&check->expression);
    bool plain = from->base.kind == MODEL_BUILTIN;
    for (size_t i = 0; i < check->expression.ntokens; i++)
        plain = plain && check->expression.tokens[i].kind != TOKEN_DOT;
    return plain;
}

static void ask_rows(struct planner *p, const struct model_domain *from,
                     const struct model_check *check)
{
    struct arena *arena = planner_arena(p);
    if (!is_askable(from, check))
        return;
    check_uses(p, from,
               arena_printf(arena, "check %.*s holds", STR_ARGS(check->name.name)),
               arena_printf(arena, "not (%s)", text_sql(arena, &check->expression)));
}

static void comment_check(struct planner *p, const struct model_domain *domain,
                          const struct model_check *check)
{
    struct arena *arena = planner_arena(p);
    struct str name = planner_name(p, PHASE_COMMENT, CHANGE_DOMAIN, domain);
    planner_comment(
        p,
        str_of(arena_printf(arena, "constraint %s on domain %.*s",
                            text_ident(arena, check->name.name), STR_ARGS(name))),
        check->name.doc, NULL);
}

static void add_check(struct planner *p, const struct model_domain *from,
                      const struct model_domain *to, const struct model_check *check)
{
    struct arena *arena = planner_arena(p);
    const char *name = text_ident(arena, check->name.name);
    ask_rows(p, from, check);
    put_alter(p, add_step(p, PHASE_CONSTRAINT, "add a check to", to), PHASE_CONSTRAINT,
              to,
              arena_printf(arena, "add constraint %s check (%s) not valid", name,
                           text_sql(arena, &check->expression)));
    struct plan_step *step = add_step(p, PHASE_STRICTER, "validate a check of", to);
    put_alter(p, step, PHASE_STRICTER, to,
              arena_printf(arena, "validate constraint %s", name));
    step_apart(step);
    read_tables(p, step, from);
    if (check->name.doc.n)
        comment_check(p, to, check);
}

static void drop_check(struct planner *p, const struct model_domain *from,
                       const struct model_check *check)
{
    struct arena *arena = planner_arena(p);
    put_alter(
        p, add_step(p, PHASE_DETACH, "drop a check of", from), PHASE_DETACH, from,
        arena_printf(arena, "drop constraint %s", text_ident(arena, check->name.name)));
}

static bool has_check(const struct model_domain *domain, struct str name)
{
    for (size_t i = 0; i < domain->checks.n; i++) {
        if (str_eq(domain->checks.items[i].name.name, name))
            return true;
    }
    return false;
}

static void put_rename(struct planner *p, enum plan_phase phase,
                       const struct model_domain *to, struct str old, struct str new)
{
    struct arena *arena = planner_arena(p);
    put_alter(p, add_step(p, phase, "rename a check of", to), phase, to,
              arena_printf(arena, "rename constraint %s to %s", text_ident(arena, old),
                           text_ident(arena, new)));
}

/* A name that another one still has is taken by way of one that nobody has. */
static void rename_check(struct planner *p, const struct model_domain *from,
                         const struct model_domain *to, struct str old, struct str new)
{
    if (!has_check(from, new)) {
        put_rename(p, PHASE_LABEL, to, old, new);
        return;
    }
    struct str spare = text_spare(planner_arena(p), new, "__new");
    put_rename(p, PHASE_LABEL, to, old, spare);
    put_rename(p, PHASE_CREATE, to, spare, new);
}

static void change_check(struct planner *p, const struct change *change)
{
    const struct model_domain *from = change->from_owner, *to = change->to_owner;
    const struct model_check *old = change->from, *new = change->to;
    bool other = old && new && (change->aspects & ASPECT_DEFINITION);
    if (rebuild_needs_domain(p, from)) { /* made with the domain */
        if (new && (!old || other))
            ask_rows(p, from, new);
        rebuild_types(p);
        return;
    }
    if (!new || other)
        drop_check(p, from, old);
    if (!old || other)
        add_check(p, from, to, new);
    if (!old || !new || other)
        return;
    if (change->aspects & ASPECT_NAME)
        rename_check(p, from, to, old->name.name, new->name.name);
    if (change->aspects & ASPECT_COMMENT)
        comment_check(p, to, new);
}

/* ---- the whole ---- */

static void alter(struct planner *p, const struct change *change)
{
    const struct model_domain *from = change->from, *to = change->to;
    bool rebuilt = rebuild_needs_domain(p, from);
    if ((change->aspects & ASPECT_NULLABLE) && to->not_null)
        check_uses(p, from, "no NULL", "value is null");
    if (rebuilt)
        rebuild_types(p);
    if (rebuilt)
        return;
    if (change->aspects & ASPECT_DEFAULT)
        set_default(p, to);
    if (change->aspects & ASPECT_NULLABLE)
        set_not_null(p, from, to);
    if (change->aspects & ASPECT_COMMENT)
        comment(p, to);
}

void recipe_domain(struct planner *p, const struct change *change)
{
    if (change->object == CHANGE_DOMAIN_CHECK)
        change_check(p, change);
    else if (!change->from)
        create(p, change->to);
    else if (!change->to)
        drop(p, change->from);
    else
        alter(p, change);
}
