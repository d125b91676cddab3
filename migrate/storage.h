/* storage.h: storage parameters and column storage: what to say so that they become the
 * target's. Inside migrate/ only. */
#ifndef MIGRATE_STORAGE_H
#define MIGRATE_STORAGE_H
#include "../base/buf.h"
#include "../lang/model.h"

/* `ALTER set (..)` and `ALTER reset (..)` from one list of parameters to another. alter:
 * "alter table auth.users". */
void storage_put(struct buf *out, const char *alter, struct str from, struct str to);
/* How a type is stored when nothing is said: pg_type.typstorage, version 15. */
const char *storage_of(const struct model_type *type);

#endif
