/* body.h: what the writers of function bodies share. Private to bodies.c, given.c and
 * streams.c. */
#ifndef EMIT_BODY_H
#define EMIT_BODY_H
#include "unit.h"

struct str body_number(struct arena *arena, size_t n);
/* `name` and the local `params`: what the parameters are, and where. */
void body_types(struct writer *w, const struct unit *unit, const struct func *func,
                struct str name);
void body_params(struct writer *w, const struct unit *unit, const struct func *func);
/* ", .flags = SC__WRITE", or nothing. */
struct str body_flags(struct arena *arena, const struct stmt *stmt);
/* static const uint16_t sc__NAME_I[]: columns by their place in the row. */
void body_key(struct writer *w, const struct unit *unit, const char *name, size_t i,
              const model_columns *columns);

/* "return FUNCTION(db, &DESCRIPTOR, variant, params, OUT, err);", and `variant` where there
 * are several. */
struct body_call {
    struct str function;
    struct str descriptor;
    struct str out;
};
void body_call(struct writer *w, const struct unit *unit, const struct func *func,
               struct body_call call);

/* Whole bodies. call: the line that calls the runtime. */
void body_insert(struct writer *w, const struct unit *unit, const struct func *func,
                 const char *call);
void body_upsert(struct writer *w, const struct unit *unit, const struct func *func,
                 const char *call);
void body_scan(struct writer *w, const struct unit *unit, const struct func *func);
void body_update(struct writer *w, const struct unit *unit, const struct func *func);

#endif
