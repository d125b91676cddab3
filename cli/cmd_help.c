/* cmd_help.c: help and --help. */
#include <stdio.h>

#include "commands.h"
#include "say.h"

int cmd_help(struct arena *arena, const struct settings *settings)
{
    (void)arena;
    const struct command *command = settings->command;
    if (command->id == COMMAND_HELP) {
        const char *name = settings->arguments[0];
        command = name == NULL ? NULL : command_find(name);
        if (name != NULL && command == NULL) {
            say_error(settings, "there is no command \"%s\"", name);
            return EXIT_USAGE;
        }
    }
    struct buf out = { 0 };
    if (settings->man) {
        options_manual(&out);
    } else {
        options_help(&out, command);
    }
    fwrite(out.s, 1, out.n, stdout);
    buf_release(&out);
    return EXIT_DONE;
}
