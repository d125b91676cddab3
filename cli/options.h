/* options.h: the command line: which commands and options there are, and what was given.
 * One table a kind yields parsing and help. Knows nothing of what commands do.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

/* What the program exits with, everywhere. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_NO = 1,     /* the answer is "no": stale, not formatted */
    EXIT_SCHEMA = 2, /* the schema has errors */
    EXIT_USAGE = 3,  /* the command line has */
    EXIT_ENVIRONMENT =
        4,          /* a file, a folder, a database, a history that is in the way */
    EXIT_HAZARD = 5 /* a hazard that was not allowed */
};

enum command_id {
    COMMAND_COMPILE,
    COMMAND_MAKE,
    COMMAND_DIFF,
    COMMAND_REBASE,
    COMMAND_MIGRATE,
    COMMAND_ROLLBACK,
    COMMAND_REDO,
    COMMAND_STATUS,
    COMMAND_BASELINE,
    COMMAND_REPAIR,
    COMMAND_SQUASH,
    COMMAND_SEED,
    COMMAND_EMBED,
    COMMAND_FMT,
    COMMAND_DB,
    COMMAND_PULL,
    COMMAND_HELP
};

struct command {
    enum command_id id;
    const char *name;
    const char *alias;     /* NULL: it has none */
    const char *arguments; /* as usage shows them */
    size_t least, most;    /* how many there may be */
    const char *summary;   /* one line */
    const char *details;   /* paragraphs, as help prints them */
    const char *examples;  /* "command line<two blanks>what it does" lines */
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum message_format { FORMAT_TEXT, FORMAT_JSON };

typedef VEC(const char *) option_texts;

struct said;

/* What was asked for. Texts are borrowed from argv. */
struct settings {
    const struct command *command;
    const char **arguments; /* those that are no options; NULL-terminated */
    size_t narguments;
    const char *out; /* NULL: not given, as all texts */
    const char *migrations;
    const char *schema;
    const char *depfile;
    const char *url;
    const char *env;
    const char *name;
    const char *to;
    const char *confirm;
    const char *backup;
    const char *accept;
    const char *applied;
    const char *undone;
    const char *forget;
    const char *stats;
    const char *sarif;
    const char *split;
    option_texts allow;
    option_texts schemas;
    long steps;
    long fake; /* rows for each table */
    long seed;
    long lock_wait;    /* seconds */
    long lock_timeout; /* milliseconds */
    int format;        /* enum message_format */
    int color;         /* enum color_when */
    bool unity;
    bool check;
    bool quiet;
    bool json;
    bool all;
    bool dry_run;
    bool draft;
    bool out_of_order;
    bool no_backup;
    bool drift;
    bool strict;
    bool baseline;
    bool no_renames;
    bool empty;
    bool certify;
    bool down;
    bool man;
    bool help;
    bool version;
    struct said *said; /* for --json, see say.h; or NULL */
};

/* Reads the command line into settings. Gives NULL, or what is wrong with it: a message
 * in the arena, for the user. argv[argc] is NULL; argv is not changed. */
const char *options_parse(struct arena *arena, int argc, char **argv,
                          struct settings *settings);

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* The manual page, in the language of man(7). */
void options_manual(struct buf *out);

/* Help for the program (command NULL) or for one command. */
void options_help(struct buf *out, const struct command *command);

#endif
