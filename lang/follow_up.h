/* follow_up.h: errors that are only there because of a mistake in the syntax beside them.
 * Knows codes and places; nothing of what the messages say. */
#ifndef LANG_FOLLOW_UP_H
#define LANG_FOLLOW_UP_H
#include "../base/diag.h"

/* Takes out every error and warning of a rule (codes from 220 on) on a line that has an
 * error of the syntax: what was mended there is a guess, and what is said about a guess
 * helps nobody. */
void follow_up_drop(struct diags *diags);

#endif
