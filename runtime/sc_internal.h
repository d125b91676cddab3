/* sc_internal.h: what the runtime's own files share. Never installed, never included by
 * generated code.
 *
 * How a call goes, with the part (a folder) and the headers that tell of each step:
 *
 *   call/       builds a job: statements ("asks") with their parameters encoded
 *               (codec/), and where the outputs go: job.h
 *   db/, pool/  find the connection and hold it; how it runs: by when, on which server,
 *               in which transaction: db.h, pool.h, with.h, tx.h, replicas.h
 *   statement/  the statement as this connection knows it: ask.h, plan.h
 *   trip/       sends asks and collects their results: flight.h, trip.h
 *   net/        the connection itself, and the only place that waits for it: conn.h, io.h
 *   call/       makes one block of the results: results.h, block.h
 *
 * On a queue the job is kept (trip/batch.h) and flies later with the others. Whatever fails
 * goes through error.h.
 *
 * Rules. No function here waits but through io.h. A PGresult has one owner. Outputs are
 * cleared when a call begins. Nothing is written to *err but by a call that fails.
 */
#ifndef SC_INTERNAL_H
#define SC_INTERNAL_H
#include "sc.h"
#include "runtime/codec/codec.h"
#include <libpq-fe.h>

#include "error.h"
#include "runtime/statement/text.h"
#include "runtime/call/block.h"
#include "runtime/db/stats.h"
#include "runtime/db/hooks.h"
#include "runtime/statement/types.h"
#include "runtime/net/fork.h"
#include "runtime/db/tx.h"
#include "runtime/statement/ask.h"
#include "runtime/statement/plan.h"
#include "runtime/net/conn.h"
#include "runtime/net/cancel.h"
#include "runtime/net/late.h"
#include "runtime/net/io.h"
#include "runtime/trip/flight.h"
#include "runtime/call/results.h"
#include "runtime/call/job.h"
#include "runtime/db/db.h"
#include "runtime/db/with.h"
#include "runtime/pool/pool.h"
#include "runtime/pool/session.h"
#include "runtime/trip/batch.h"

#endif
