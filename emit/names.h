/* names.h: what things are called in C, and whether two of them want the same name. No
 * other file makes or judges a C name. Knows the model and the statements, not how C is
 * written.
 *
 * A name of the whole program is PREFIX_OBJECT or PREFIX_OBJECT_SUFFIX. One that is a
 * keyword, a common macro or (program-wide names) a function of libc gets an underscore at
 * its end, from the lists in names.def.
 */
#ifndef EMIT_NAMES_H
#define EMIT_NAMES_H
#include "../base/arena.h"
#include "../base/diag.h"
#include "../sql/stmt.h"

/* ---- words ------------------------------------------------------------------------ */

/* a .. d joined; empty ones count for nothing. */
struct str name_join(struct arena *arena, struct str a, struct str b, struct str c);
/* ASCII letters in upper case. */
struct str name_upper(struct arena *arena, struct str name);
/* What the object is called: `as`, else its own name. */
struct str name_of(const struct model_name *name);
/* As a struct member or a parameter. */
struct str name_local(struct arena *arena, struct str name);
/* As a name of the whole program: base and suffix joined, "users" "_free". A
 * suffix is "", "_list" or one that no listed word ends in. */
struct str name_global(struct arena *arena, struct str base, const char *suffix);
/* ... in upper case: base, "_" and word. */
struct str name_constant(struct arena *arena, struct str base, struct str word);
/* As a file, without its ending. */
struct str name_file(struct arena *arena, struct str base);
/* The header guard of such a file. */
struct str name_guard(struct arena *arena, struct str file);

/* APP_SCHEMA_FINGERPRINT, of the umbrella app.h. */
struct str name_fingerprint(struct arena *arena, struct str base);

/* ---- objects: bases, to be made into names by name_global ---------------------------- */

/* "auth_", or nothing for `as ""`. */
struct str name_prefix(struct arena *arena, const struct model_schema *schema);
struct str name_table(struct arena *arena, const struct model_table *table);
struct str name_enum(struct arena *arena, const struct model_enum *enum_);
/* auth_maybe_account_type */
struct str name_enum_maybe(struct arena *arena, const struct model_enum *enum_,
                           const char *suffix);
/* AUTH_ACCOUNT_TYPE_OAUTH */
struct str name_label(struct arena *arena, const struct model_enum *enum_,
                      const struct model_label *label);
struct str name_query(struct arena *arena, const struct model_query *query);
/* The statement's function. */
struct str name_function(struct arena *arena, const struct stmt *stmt);
/* AUTH_USERS_EMAIL_KEY; the constraint's name without its table's, behind the table's. */
struct str name_constraint(struct arena *arena,
                           const struct model_constraint *constraint);
struct str name_index(struct arena *arena, const struct model_index *index);
/* Its number: 31 bits of FNV-1a over "schema.table.constraint", never 0; the runtime makes
 * the same of what the server reports. */
uint32_t name_constraint_id(const struct model_table *table, struct str constraint);
/* The file of a schema's enums and of queries without a table. base is the umbrella's: a
 * schema of that name becomes NAME_schema. */
struct str name_schema_file(struct arena *arena, const struct model_schema *schema,
                            struct str base);

/* ---- judging ------------------------------------------------------------------------- */

enum {
    NAMES_COLLIDE = 401,    /* two things want one C name */
    NAMES_NO_C_NAME = 402,  /* not ASCII letters, digits and underscores */
    NAMES_RUNTIME = 403,    /* begins with sc_ */
    NAMES_SAME_NUMBER = 404 /* two constraints have one number */
};
/* Reports every name that emit_model would make wrongly: an error each, with both places.
 * base is the umbrella's name. Run it before emit_model; after an error, do not. */
void names_check(const struct model *model, const struct stmts *stmts, struct str base,
                 struct diags *diags);

#endif
