/* judge.c: see judge.h. Must not know which objects there are. */
#include "judge.h"

static const char as_hint[] = "Write \"as c_name\" after it, with another name.";
static const char either_hint[] =
    "Give one of them another name, or write \"as c_name\" after it.";

struct origin *judge_origin(struct judge *judge, const char *kind,
                            const struct model_schema *schema,
                            const struct model_name *name)
{
    struct origin *origin = arena_new(judge->arena, struct origin);
    origin->kind = kind;
    origin->span = name->span;
    origin->name = schema ? name_join(judge->arena, schema->name.name, STR("."),
                                      name->name)
                          : name->name;
    return origin;
}

static void report_collision(struct judge *judge, const struct origin *first,
                             const struct origin *second, struct str name)
{
    struct diag *diag;
    if (first == second) {
        diag = diag_error(judge->diags, NAMES_COLLIDE, second->span,
                          "%s \"%.*s\" needs the C name \"%.*s\" twice", second->kind,
                          STR_ARGS(second->name), STR_ARGS(name));
    } else {
        diag = diag_error(judge->diags, NAMES_COLLIDE, second->span,
                          "%s \"%.*s\" and %s \"%.*s\" both need the C name \"%.*s\"",
                          second->kind, STR_ARGS(second->name), first->kind,
                          STR_ARGS(first->name), STR_ARGS(name));
        diag->other = first->span;
        diag->note = "the other one is here";
    }
    diag_hint(judge->diags, diag, "%s", either_hint);
}

bool judge_global(struct judge *judge, struct origin *origin, struct str name)
{
    struct origin *first = map_find(&judge->globals, name);
    if (first) {
        report_collision(judge, first, origin, name);
        return false;
    }
    struct str kept = { arena_copy(judge->arena, name.s, name.n), name.n };
    map_add(&judge->globals, judge->arena, kept, origin);
    return true;
}

void judge_file(struct judge *judge, struct origin *origin, struct str file)
{
    char *folded = arena_copy(judge->arena, file.s, file.n);
    for (size_t i = 0; i < file.n; i++) {
        if (folded[i] >= 'A' && folded[i] <= 'Z') {
            folded[i] = (char)(folded[i] - 'A' + 'a');
        }
    }
    struct str key = { folded, file.n };
    struct origin *first = map_add(&judge->files, judge->arena, key, origin);
    if (first) {
        report_collision(judge, first, origin,
                         name_join(judge->arena, file, STR(".h"), STR("")));
    }
}

bool judge_is_word(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(c >= '0' && c <= '9')) {
            return false;
        }
    }
    return name.n > 0;
}

bool judge_digit(struct str name)
{
    return name.n > 0 && name.s[0] >= '0' && name.s[0] <= '9';
}

bool judge_none(struct judge *judge, const struct origin *origin, const char *hint)
{
    struct diag *diag = diag_error(judge->diags, NAMES_NO_C_NAME, origin->span,
                                   "%s \"%.*s\" has no C name", origin->kind,
                                   STR_ARGS(origin->name));
    diag_hint(judge->diags, diag, "%s", hint);
    return false;
}

bool judge_part(struct judge *judge, const struct origin *origin, struct str part,
                bool alone)
{
    if (!judge_is_word(part) || (alone && judge_digit(part))) {
        return judge_none(
            judge, origin,
            "Write \"as c_name\" after it, a name of ASCII letters, digits "
            "and underscores.");
    }
    return true;
}

bool judge_runtime(struct judge *judge, const struct origin *origin, struct str base)
{
    struct str start = { base.s, base.n < 3 ? base.n : 3 };
    if (!str_eq_c(start, "sc_") && !str_eq_c(start, "SC_")) {
        return true;
    }
    struct diag *diag = diag_error(judge->diags, NAMES_RUNTIME, origin->span,
                                   "the C names of %s \"%.*s\" would begin with sc_, "
                                   "which is the runtime's own prefix",
                                   origin->kind, STR_ARGS(origin->name));
    diag_hint(judge->diags, diag, "%s", as_hint);
    return false;
}

void judge_member(struct judge *judge, struct map *scope, struct origin *origin,
                  struct str name)
{
    struct origin *first = map_add(scope, &judge->scratch, name, origin);
    if (first && first != origin) {
        report_collision(judge, first, origin, name);
    }
}
