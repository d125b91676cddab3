/* cmd_embed.c: schemac embed: the migrations as a C source, for a program that carries
 * them. */
#include <stdio.h>

#include "base/file.h"
#include "base/outputs.h"
#include "commands.h"
#include "heads.h"
#include "report.h"
#include "say.h"

static const char MARK[] = "/* Made by schemac embed";

/* As numbers: C compilers need not take a string longer than 4,095 bytes. */
static void put_text(struct buf *out, const char *name, size_t index, const char *text)
{
    buf_printf(out, "static const char %s_%zu[] = {", name, index);
    size_t n = strlen(text) + 1;
    for (size_t i = 0; i < n; i++) {
        buf_printf(out, "%s%d,", i % 20 == 0 ? "\n    " : " ", text[i]);
    }
    buf_puts(out, "\n};\n");
}

static void put_head(struct buf *out, const char *name)
{
    buf_printf(out,
               "%s: do not edit.\n"
               " *\n"
               " * extern const struct sc_migration_text %s[];\n"
               " * extern const size_t n%s;\n"
               " */\n"
               "#include <sc_migrate.h>\n\n"
               "extern const struct sc_migration_text %s[];\n"
               "extern const size_t n%s;\n\n",
               MARK, name, name, name, name);
}

/* Of two branches that touch nothing in common, the end of one. */
static bool is_end(const struct heads *heads, const char *name)
{
    const struct head *head = heads != NULL ? heads_find(heads, name) : NULL;
    return head != NULL &&
           (head == heads->tips.items[0] || head == heads->tips.items[1]);
}

static void put_table(struct buf *out, const char *name,
                      const struct sc_migrations *set, const struct heads *commuting)
{
    size_t sealed = 0;
    buf_printf(out, "\nconst struct sc_migration_text %s[] = {\n", name);
    for (size_t i = 0; i < sc_migrations_count(set); i++) {
        const struct sc_migration *file = sc_migrations_at(set, i);
        if (file->draft) {
            continue;
        }
        buf_printf(out, "    { .id = \"%s\", .up = up_%zu, ", file->name, i);
        if (file->down_sql[0] != '\0') {
            buf_printf(out, ".down = down_%zu, ", i);
        }
        buf_printf(out, ".snapshot = \"\"%s },\n",
                   is_end(commuting, file->name) ? ", .commutes = true" : "");
        sealed++;
    }
    /* An array has one element at least. */
    buf_printf(out, "%s};\nconst size_t n%s = %zu;\n",
               sealed == 0 ? "    { 0 },\n" : "", name, sealed);
}

static void put_source(struct buf *out, const char *name,
                       const struct sc_migrations *set, const struct heads *commuting)
{
    put_head(out, name);
    for (size_t i = 0; i < sc_migrations_count(set); i++) {
        const struct sc_migration *file = sc_migrations_at(set, i);
        if (file->draft) {
            continue;
        }
        put_text(out, "up", i, file->up);
        if (file->down_sql[0] != '\0') {
            put_text(out, "down", i, file->down_sql);
        }
    }
    put_table(out, name, set, commuting);
}

static int write_source(struct session *session, const char *file, struct str text)
{
    struct outputs outputs = { .arena = session->arena };
    outputs_add(&outputs, file, text, MARK);
    const char *error = outputs_commit(&outputs);
    if (error != NULL) {
        say_error(session->settings, "%s", error);
        return EXIT_ENVIRONMENT;
    }
    say_done(session->settings, "%s: %s", file,
             outputs_count(&outputs, OUTPUT_UNCHANGED) > 0 ? "up to date" : "written");
    return EXIT_DONE;
}

static bool is_identifier(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                            "0123456789");
    return n > 0 && name[n] == '\0' && (name[0] < '0' || name[0] > '9');
}

int cmd_embed(struct arena *arena, const struct settings *settings)
{
    const char *name = settings->name != NULL ? settings->name : "app_migrations";
    if (!is_identifier(name)) {
        say_error(settings, "\"%s\" is no C identifier", name);
        return EXIT_USAGE;
    }
    struct session session;
    int status = session_open(&session, arena, settings);
    if (status == EXIT_DONE) {
        status = session_migrations(&session);
    }
    if (status == EXIT_DONE) {
        struct buf text = { 0 };
        struct heads heads;
        bool commute = heads_commuting(arena, session.conf.migrations, &heads);
        put_source(&text, name, session.set, commute ? &heads : NULL);
        if (settings->narguments > 0) {
            status = write_source(&session, settings->arguments[0], buf_view(&text));
        } else {
            fwrite(text.s, 1, text.n, stdout);
        }
        buf_release(&text);
    }
    session_close(&session);
    return status;
}
