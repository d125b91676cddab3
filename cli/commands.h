/* commands.h: the commands' entries, one a file cmd_*.c. Each gives an exit code. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H
#include "options.h"

int cmd_compile(struct arena *arena, const struct settings *settings);
int cmd_make(struct arena *arena, const struct settings *settings);
int cmd_migrate(struct arena *arena, const struct settings *settings);
int cmd_rollback(struct arena *arena, const struct settings *settings);
int cmd_redo(struct arena *arena, const struct settings *settings);
int cmd_status(struct arena *arena, const struct settings *settings);
int cmd_baseline(struct arena *arena, const struct settings *settings);
int cmd_repair(struct arena *arena, const struct settings *settings);
int cmd_squash(struct arena *arena, const struct settings *settings);
int cmd_seed(struct arena *arena, const struct settings *settings);
int cmd_embed(struct arena *arena, const struct settings *settings);
int cmd_diff(struct arena *arena, const struct settings *settings);
int cmd_rebase(struct arena *arena, const struct settings *settings);
int cmd_fmt(struct arena *arena, const struct settings *settings);
int cmd_db(struct arena *arena, const struct settings *settings);
int cmd_pull(struct arena *arena, const struct settings *settings);
int cmd_help(struct arena *arena, const struct settings *settings);

#endif
