/* cmd_diff.c: schemac diff FROM TO: the plan between two schema files, printed. Must not
 * look at any folder of migrations. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/outputs.h"
#include "commands.h"
#include "emit/names.h"
#include "load.h"
#include "migrate/file.h"
#include "migrate/plan_json.h"
#include "migrate/plan_sarif.h"
#include "runtime/sc.h"
#include "say.h"
#include "stats.h"

struct diff {
    struct arena *arena;
    const struct settings *settings;
    struct loaded from, to;
    struct draft draft;
    const struct plan *plan; /* the way that was asked for */
};

static int failed(const struct diff *diff, const char *error)
{
    say_error(diff->settings, "%s", error);
    return EXIT_ENVIRONMENT;
}

/* ---- reading and planning ---- */

/* What is wrong with a file is told for that file alone. */
static int load(struct diff *diff, const char *path, struct loaded *loaded)
{
    const char *error = load_model(diff->arena, path, loaded);
    if (error != NULL) {
        return failed(diff, error);
    }
    if (loaded->diags.nerrors > 0) {
        say_diags(diff->settings, &loaded->diags);
        return EXIT_SCHEMA;
    }
    return EXIT_DONE;
}

static struct str function_name(void *context, struct arena *arena,
                                const struct stmt *stmt)
{
    (void)context;
    return name_function(arena, stmt);
}

static int plan(struct diff *diff)
{
    const struct settings *settings = diff->settings;
    struct diags diags = { .arena = diff->arena };
    struct plan_sizes sizes = { .by_table = { 0 } };
    const char *error = settings->stats != NULL
                            ? stats_read(diff->arena, settings->stats, &sizes)
                            : NULL;
    if (error != NULL) {
        return failed(diff, error);
    }
    struct draft_request request = { .from = diff->from.model,
                                     .to = diff->to.model,
                                     .options = settings->no_renames ? MATCH_NO_RENAMES
                                                                     : MATCH_STRICT,
                                     .sizes = settings->stats != NULL ? &sizes : NULL,
                                     .impact = true,
                                     .name = function_name };
    if (!draft_make(diff->arena, &request, &diags, &diff->draft)) {
        say_diags(settings, &diags);
        return EXIT_SCHEMA;
    }
    diff->plan = settings->down ? diff->draft.down : diff->draft.up;
    const char *wrong = plan_prove(diff->arena, diff->plan);
    if (wrong != NULL) {
        say_error(settings, "a mistake of schemac's, please report it: %s", wrong);
        return EXIT_ENVIRONMENT;
    }
    return EXIT_DONE;
}

/* ---- answering ---- */

static void put_comment(struct buf *out, const char *key, const char *value)
{
    if (value != NULL) {
        buf_printf(out, "-- %s: %s\n", key, value);
    }
}

static int print_sql(struct diff *diff)
{
    struct buf out = { 0 };
    bool up = !diff->settings->down;
    if (diff->plan->steps.n == 0) {
        return EXIT_DONE;
    }
    put_comment(&out, up ? "up" : "down", plan_summary(diff->arena, diff->plan));
    if (up) {
        put_comment(&out, "order", impact_order_word(diff->draft.impact->order));
        put_comment(&out, "down", migration_reversal(diff->arena, diff->plan));
    }
    put_comment(&out, "hazards", migration_hazards(diff->arena, diff->plan));
    buf_putc(&out, '\n');
    migration_put_plan(&out, diff->arena, diff->plan);
    fwrite(out.s, 1, out.n, stdout);
    buf_release(&out);
    return EXIT_DONE;
}

static int print_json(struct diff *diff)
{
    struct buf out = { 0 };
    struct plan_json_request request = { .draft = &diff->draft, .plan = diff->plan };
    plan_json(&out, diff->arena, &request);
    say_json(diff->settings, buf_view(&out));
    buf_release(&out);
    return EXIT_DONE;
}

/* Pieces of an older plan between those of this one would be run. */
static bool is_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    bool empty = true;
    while (dir != NULL && empty && (entry = readdir(dir)) != NULL) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return empty;
}

static int split(struct diff *diff)
{
    const char *folder = diff->settings->split;
    struct outputs outputs = { .arena = diff->arena };
    if (!is_empty(folder)) {
        return failed(
            diff, arena_printf(diff->arena, "the folder \"%s\" is not empty", folder));
    }
    struct migration_pieces pieces = migration_split(diff->arena, diff->plan);
    for (size_t i = 0; i < pieces.list.n; i++) {
        outputs_add(&outputs, path_join(diff->arena, folder, pieces.list.items[i].name),
                    pieces.list.items[i].text, NULL);
    }
    const char *error = outputs.error != NULL ? outputs.error
                                              : outputs_commit(&outputs);
    if (error != NULL) {
        return failed(diff, error);
    }
    say_done(diff->settings, "%s: %zu files written", folder, pieces.list.n);
    return EXIT_DONE;
}

static int check(struct diff *diff)
{
    if (diff->plan->steps.n == 0) {
        return EXIT_DONE;
    }
    if (!diff->settings->quiet) {
        say_answer("%s", plan_summary(diff->arena, diff->plan));
    }
    return EXIT_NO;
}

static int write_sarif(struct diff *diff)
{
    struct sarif_request request = { .plan = diff->plan,
                                     .tool_version = SC_VERSION,
                                     .file = diff->settings->arguments[1] };
    struct outputs outputs = { .arena = diff->arena };
    struct buf out = { 0 };
    plan_sarif(&out, diff->arena, &request);
    outputs_add(&outputs, diff->settings->sarif, buf_view(&out), NULL);
    const char *error = outputs_commit(&outputs);
    buf_release(&out);
    return error != NULL ? failed(diff, error) : EXIT_DONE;
}

static int answer(struct diff *diff)
{
    int status = diff->settings->sarif != NULL ? write_sarif(diff) : EXIT_DONE;
    if (status != EXIT_DONE) {
        return status;
    }
    if (diff->settings->check) {
        return check(diff);
    }
    if (diff->settings->split != NULL) {
        return split(diff);
    }
    return diff->settings->json ? print_json(diff) : print_sql(diff);
}

int cmd_diff(struct arena *arena, const struct settings *settings)
{
    struct diff diff = { .arena = arena, .settings = settings };
    int status = load(&diff, settings->arguments[0], &diff.from);
    if (status == EXIT_DONE) {
        status = load(&diff, settings->arguments[1], &diff.to);
    }
    if (status == EXIT_DONE) {
        status = plan(&diff);
    }
    return status == EXIT_DONE ? answer(&diff) : status;
}
