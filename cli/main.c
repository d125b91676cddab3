/* main.c: reads the command line and runs one command. */
#include <stdio.h>

#include "base/str.h"
#include "commands.h"
#include "runtime/sc.h"
#include "say.h"

static int run(struct arena *arena, const struct settings *settings)
{
    if (settings->version) {
        say_answer("schemac " SC_VERSION);
        return EXIT_DONE;
    }
    if (settings->help) {
        return cmd_help(arena, settings);
    }
    switch (settings->command->id) {
    case COMMAND_COMPILE:
        return cmd_compile(arena, settings);
    case COMMAND_MAKE:
        return cmd_make(arena, settings);
    case COMMAND_DIFF:
        return cmd_diff(arena, settings);
    case COMMAND_MIGRATE:
        return cmd_migrate(arena, settings);
    case COMMAND_ROLLBACK:
        return cmd_rollback(arena, settings);
    case COMMAND_REDO:
        return cmd_redo(arena, settings);
    case COMMAND_STATUS:
        return cmd_status(arena, settings);
    case COMMAND_BASELINE:
        return cmd_baseline(arena, settings);
    case COMMAND_REPAIR:
        return cmd_repair(arena, settings);
    case COMMAND_SQUASH:
        return cmd_squash(arena, settings);
    case COMMAND_SEED:
        return cmd_seed(arena, settings);
    case COMMAND_EMBED:
        return cmd_embed(arena, settings);
    case COMMAND_REBASE:
        return cmd_rebase(arena, settings);
    case COMMAND_FMT:
        return cmd_fmt(arena, settings);
    case COMMAND_DB:
        return cmd_db(arena, settings);
    case COMMAND_PULL:
        return cmd_pull(arena, settings);
    case COMMAND_HELP:
        return cmd_help(arena, settings);
    }
    return EXIT_USAGE;
}

static int usage(const struct settings *settings, const char *error)
{
    say_error(settings, "%s", error);
    fprintf(stderr, "`schemac help%s%s` tells more\n", settings->command ? " " : "",
            settings->command ? settings->command->name : "");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct arena arena = { 0 };
    struct settings settings;
    const char *error = options_parse(&arena, argc, argv, &settings);
    struct said said = { .answered = false };
    settings.said = &said;
    int status = error != NULL ? usage(&settings, error) : run(&arena, &settings);
    status = say_end(&settings, status);
    buf_release(&said.error);
    arena_release(&arena);
    return status;
}
