/* batch.h: jobs that wait to travel together. */
#ifndef SC_BATCH_H
#define SC_BATCH_H
#include "job.h"

/* A new item's job, its memory the batch's. Fails as sc__job_begin. */
enum sc_status sc__batch_add(struct sc_batch *batch, const char *label,
                             struct sc__job **job, struct sc_error *err);
/* Keeps the item that was added last; another st than SC_OK is the item's failure, and
 * then the batch's. */
enum sc_status sc__batch_keep(struct sc_batch *batch, enum sc_status st,
                              struct sc_error *err);

#endif
