/* say.h: how a command speaks to the user: errors and diagnostics on standard error, the
 * answer on standard output. Knows nothing of what is said. */
#ifndef CLI_SAY_H
#define CLI_SAY_H
#include "base/diag.h"
#include "options.h"

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
/* What the compiler found, if anything: as text on standard error, or (--format json,
 * always) as one JSON object on standard output. */
void say_diags(const struct settings *settings, struct diags *diags);
/* Ends the output. Gives 0, or EXIT_ENVIRONMENT when it could not be written. */
int say_end(const struct settings *settings);

/* Whether what goes to the descriptor is coloured: as --color says, else on a terminal
 * unless NO_COLOR is set to anything. */
bool say_color(const struct settings *settings, int fd);

#endif
