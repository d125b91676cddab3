/* sc_internal.h: what the runtime's own files share. Never installed, never included by
 * generated code.
 *
 * How a call goes, with the header that tells of each step:
 *
 *   run.c insert.c update.c nested.c query.c   build a job: statements ("asks") with their
 *                                              parameters encoded, and outputs   job.h
 *   db.h, pool.h, tx.c                         find the connection and hold it   conn.h
 *   with.h, replicas.h, late.h                 how it runs: by when, on which server
 *   plan.h                                     the statement as this connection knows it
 *   flight.h                                   sends asks and collects their results
 *   rows.h                                     makes one block of the results    block.h
 *
 * On a queue the job is kept (batch.c) and flies later with the others. Whatever fails
 * goes through error.h.
 *
 * Rules. No function here waits but through io.h. A PGresult has one owner. Outputs are
 * cleared when a call begins. Nothing is written to *err but by a call that fails.
 */
#ifndef SC_INTERNAL_H
#define SC_INTERNAL_H
#include "sc.h"
#include "codec.h"
#include <libpq-fe.h>

#include "error.h"
#include "text.h"
#include "block.h"
#include "stats.h"
#include "hooks.h"
#include "types.h"
#include "fork.h"
#include "tx.h"
#include "ask.h"
#include "plan.h"
#include "conn.h"
#include "cancel.h"
#include "late.h"
#include "io.h"
#include "flight.h"
#include "rows.h"
#include "job.h"
#include "db.h"
#include "with.h"
#include "pool.h"
#include "session.h"
#include "batch.h"

#endif
