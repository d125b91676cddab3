/* say.h: how a command speaks to the user: errors and diagnostics on standard error, the
 * answer on standard output. Knows nothing of what is said. */
#ifndef CLI_SAY_H
#define CLI_SAY_H
#include "base/diag.h"
#include "options.h"

/* With --json, standard output holds one object, whatever happens: a command prints it by
 * say_json, or say_end makes it of what went wrong. */
struct said {
    bool answered;
    struct buf error; /* the first that was said */
};

/* The text of that object, with its line end. */
void say_json(const struct settings *settings, struct str text);

/* "schemac: error: ..." */
void say_error(const struct settings *settings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "schemac: note: ..."; not with --quiet. */
void say_note(const struct settings *settings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What was done, on standard output; not with --quiet or --format json. */
void say_done(const struct settings *settings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A line of the answer, on standard output. */
void say_answer(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What the compiler found, if anything: as text on standard error, or (--format json:
 * always, --json: errors) as one JSON object on standard output. */
void say_diags(const struct settings *settings, struct diags *diags);
/* Ends the output of a command that gave the exit code. Gives it back, or EXIT_ENVIRONMENT
 * when the output could not be written. */
int say_end(const struct settings *settings, int status);

/* Whether what goes to the descriptor is coloured: as --color says, else on a terminal
 * unless NO_COLOR is set to anything. */
bool say_color(const struct settings *settings, int fd);

#endif
