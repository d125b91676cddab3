/* judge.c: compares predictions with what was seen; must not know how it was seen. */
#include "judge.h"

#include <string.h>

static const char *keep(struct judge *judge, const char *text)
{
    return text ? arena_copy(judge->arena, text, strlen(text)) : "";
}

/* The report outlives the files that the texts may stand in. */
static void find(struct judge *judge, const struct certify_finding *finding)
{
    struct certify_finding one = *finding;
    one.migration = keep(judge, judge->migration);
    one.way = judge->way;
    one.title = keep(judge, one.title);
    one.object = keep(judge, one.object);
    one.predicted = keep(judge, one.predicted);
    one.seen = keep(judge, one.seen);
    VEC_PUSH(judge->arena, &judge->report->findings, one);
}

void judge_find(struct judge *judge, enum certify_kind kind, const char *object,
                const char *predicted, const char *seen)
{
    find(judge,
         &(struct certify_finding){
             .kind = kind, .object = object, .predicted = predicted, .seen = seen });
}

/* ---- what the file says ---- */

static const char *note_of(const struct judge *judge, int step, const char *key)
{
    return sc_migrations_note(judge->set, judge->at, judge->down, step, key);
}

/* A file by hand need not say anything. */
static bool is_by_hand(const struct judge *judge)
{
    const struct sc_migration *face = sc_migrations_at(judge->set, judge->at);
    return face->sum[0] == '\0';
}

/* "auth.users SHARE" */
static bool take_lock(const char *s, size_t n, const char *relation, int *mode)
{
    for (int i = LOCK_ACCESS_EXCLUSIVE; i >= LOCK_ACCESS_SHARE; i--) {
        const char *word = plan_lock_word((enum plan_lock_mode)i);
        size_t name = strlen(relation), tail = strlen(word);
        if (n == name + 1 + tail && memcmp(s, relation, name) == 0 && s[name] == ' ' &&
            memcmp(s + name + 1, word, tail) == 0) {
            *mode = i > *mode ? i : *mode;
            return true;
        }
    }
    return false;
}

/* The mode that the list gives a relation; -1: it is not in the list. */
static int predicted_mode(const char *list, const char *relation)
{
    int mode = -1;
    while (list) {
        const char *end = strstr(list, ", ");
        take_lock(list, end ? (size_t)(end - list) : strlen(list), relation, &mode);
        list = end ? end + 2 : NULL;
    }
    return mode;
}

/* "rewrite", or "rewrite of about 12,000,000 rows". */
static int predicted_cost(const char *said)
{
    size_t n = said ? strcspn(said, " ") : 0;
    for (int i = COST_META; i <= COST_REWRITE; i++) {
        const char *word = plan_cost_word((enum plan_cost)i);
        if (strlen(word) == n && memcmp(said, word, n) == 0)
            return i;
    }
    return COST_META;
}

/* ---- locks ---- */

static int stronger(int a, int b)
{
    return a > b ? a : b;
}

/* By any of the names that it has in the step. */
static int mode_by_names(const char *list, const struct watch_relation *relation)
{
    const char *names[] = { relation->before, relation->between, relation->after };
    int mode = -1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i])
            mode = stronger(mode, predicted_mode(list, names[i]));
    }
    return mode;
}

/* Nobody uses an index or a sequence but by way of its table, so that the table's lock
 * speaks for them; what the step drops is used by nobody any more. */
static void judge_lock(struct judge *judge, const struct watch_step *step,
                       const struct watch_relation *relation, const char *list)
{
    int mode = mode_by_names(list, relation);
    if (relation->table && relation->table->mode >= relation->mode)
        return;
    if (relation->table)
        mode = stronger(mode, mode_by_names(list, relation->table));
    /* Every statement that names a relation holds this one; nothing but DROP minds. */
    if (relation->mode <= mode || relation->mode == LOCK_ACCESS_SHARE ||
        (relation->kind != 'r' && !relation->after))
        return;
    find(judge, &(struct certify_finding){
                    .kind = CERTIFY_LOCK,
                    .step = step->seen.number,
                    .title = step->seen.title,
                    .object = relation->before,
                    .predicted = mode < 0 ? "no lock"
                                          : plan_lock_word((enum plan_lock_mode)mode),
                    .seen = plan_lock_word((enum plan_lock_mode)relation->mode) });
}

static void judge_locks(struct judge *judge, const struct watch_step *step)
{
    const char *list = note_of(judge, step->seen.number, "locks");
    if (!list && is_by_hand(judge))
        return;
    for (size_t i = 0; i < step->relations.n; i++) {
        if (step->relations.items[i]->mode >= 0)
            judge_lock(judge, step, step->relations.items[i], list ? list : "none");
    }
}

/* ---- cost ---- */

static void find_cost(struct judge *judge, const struct watch_step *step,
                      const char *predicted)
{
    find(judge, &(struct certify_finding){ .kind = CERTIFY_COST,
                                           .step = step->seen.number,
                                           .title = step->seen.title,
                                           .object = step->seen.spent_on,
                                           .predicted = predicted,
                                           .seen = step->seen.spent });
}

/* A rewrite, and a build that keeps writers out, are hazards. */
static void judge_hazard(struct judge *judge, const struct watch_step *step)
{
    const char *said = note_of(judge, step->seen.number, "hazards");
    for (size_t i = 0; i < step->relations.n; i++) {
        const struct watch_relation *one = step->relations.items[i];
        bool rewrite = one->spent == COST_REWRITE;
        bool build = one->spent == COST_BUILD && one->mode >= LOCK_SHARE;
        bool told = said &&
                    (strstr(said, "rewrite:") || (build && strstr(said, "build:")));
        if (!(rewrite || build) || told)
            continue;
        find_cost(judge, step, "no hazard");
        return;
    }
}

static void judge_cost(struct judge *judge, const struct watch_step *step)
{
    const char *word = note_of(judge, step->seen.number, "cost");
    if (!word && is_by_hand(judge))
        return;
    if ((int)step->seen.cost > predicted_cost(word))
        find_cost(judge, step, word ? word : plan_cost_word(COST_META));
    else
        judge_hazard(judge, step);
}

void judge_step(void *user, const struct watch_step *step)
{
    struct judge *judge = user;
    VEC_PUSH(judge->arena, &judge->report->steps, step->seen);
    judge_locks(judge, step);
    judge_cost(judge, step);
}

/* ---- the rest ---- */

/* A definition in one line. */
static const char *one_line(struct arena *arena, const char *text)
{
    if (!text)
        return "not there";
    char *line = arena_copy(arena, text, strlen(text));
    size_t n = 0;
    for (; *text; text++) {
        bool blank = *text == ' ' || *text == '\n' || *text == '\t';
        if (!blank)
            line[n++] = *text;
        else if (n && line[n - 1] != ' ')
            line[n++] = ' ';
    }
    line[n] = '\0';
    return line;
}

void judge_catalog(struct judge *judge, const struct catalog_differences *differences)
{
    for (size_t i = 0; i < differences->list.n; i++) {
        const struct catalog_difference *one = &differences->list.items[i];
        const char *object = arena_printf(judge->arena, "%s %s", one->kind,
                                          one->identity);
        judge_find(judge, CERTIFY_CATALOG, object, one_line(judge->arena, one->wanted),
                   one_line(judge->arena, one->found));
    }
}

void judge_refused(struct judge *judge, const struct sc_migrate_error *error,
                   const char *title)
{
    const char *text = error->text[0] ? error->text : error->error.message;
    find(judge,
         &(struct certify_finding){ .kind = CERTIFY_REFUSED,
                                    .step = error->step,
                                    .title = title,
                                    .object = error->error.sqlstate,
                                    .predicted = "that it can be run",
                                    .seen = arena_printf(judge->arena, "%s", text) });
}
