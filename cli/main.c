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
    int status = error != NULL ? usage(&settings, error) : run(&arena, &settings);
    int end = say_end(&settings);
    arena_release(&arena);
    return status == EXIT_DONE ? end : status;
}
