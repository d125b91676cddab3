/* form.h: the C form of a type: what a member or parameter of it is written as, and the
 * descriptor that the runtime reads. Knows the model's types and runtime/sc.h's, by name.
 */
#ifndef EMIT_FORM_H
#define EMIT_FORM_H
#include "../base/arena.h"
#include "../lang/model.h"

struct form {
    struct str plain; /* "int64_t", "const char *", "struct sc_texts" */
    struct str maybe; /* "struct sc_maybe_int8" */
    bool own_null;    /* the plain form has a NULL of its own */
    bool borrows;     /* it points to memory that somebody owns */
    const char
        *present; /* what is not NULL in it: ".data"; "" for a pointer; NULL: nothing */
    const char *kind; /* "SC__INT8" */
    uint32_t oid;     /* 0: an enum's own */
    bool array;
    const struct model_enum *enum_; /* NULL: none */
};

/* many: an array of the type, for lists of keys. */
struct form form_of(struct arena *arena, const struct model_type *type, bool many);
/* How a value that may be NULL is written. */
struct str form_nullable(const struct form *form);
/* "const char *name", "int64_t name". */
struct str form_declare(struct arena *arena, struct str type, struct str name);
/* How an enum's tag, list and maybe are called. */
struct str form_enum(struct arena *arena, const struct model_enum *enum_);
struct str form_enum_list(struct arena *arena, const struct model_enum *enum_);
/* The descriptor of an enum: sc__auth_account_type_enum. What
 * is private to generated code is sc__BASE_KIND; the kinds' endings differ. */
struct str form_enum_descriptor(struct arena *arena, const struct model_enum *enum_);
/* The SQL type as documentation names it: "numeric(10,2)", "auth.account_type[]". */
struct str form_sql(struct arena *arena, const struct model_type *type);

#endif
