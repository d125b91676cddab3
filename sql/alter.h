/* alter.h: clauses and statements that change an object which is there. Each statement is
 * ended by ";" and a line end. Knows nothing of steps or of what was before. */
#ifndef SQL_ALTER_H
#define SQL_ALTER_H
#include "../base/buf.h"
#include "../lang/model.h"

/* " increment by 2 minvalue 1 maxvalue 9 start with 1 cache 1 no cycle": all that a
 * sequence counts by, whatever it had. before: what stands before each, "" or "set ". */
void alter_counter(struct buf *out, const struct model_counter *counter,
                   const char *before);

#endif
