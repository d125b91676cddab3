/* certified.h: the proof that --certify asks for, before anything is sealed or applied:
 * what is proved, and how the answer is told. Gives exit codes; what is wrong has been
 * said. */
#ifndef CLI_CERTIFIED_H
#define CLI_CERTIFIED_H
#include <jansson.h>

#include "job.h"
#include "session.h"

/* Both give, after a proof without findings and with --json, what was seen, as a new
 * reference for the command's own answer: {"certified", "findings", "steps", "notes"}.
 * With findings that is the answer, and was printed. *proof is NULL at first. */

/* Proves what make is about to seal under the id ("0002_add_phone"). */
int certified_make(struct job *job, const char *id, const struct migration *files,
                   json_t **proof);
/* Proves every migration that migrate is about to apply, by what the database has. */
int certified_pending(struct session *session, json_t **proof);

#endif
