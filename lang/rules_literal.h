/* rules_literal.h: whether the text of an SQL string can be a value of a built-in type:
 * only what is surely wrong is refused. Only for rules_default.c. Source of the forms: the
 * input functions in src/backend/utils/adt, version 15. */
#ifndef LANG_RULES_LITERAL_H
#define LANG_RULES_LITERAL_H
#include "types.h"

bool literal_fits(const struct type_info *type, struct str text);
/* Whether the text is one JSON value. */
bool literal_is_json(struct str text);
/* An integer that fits the type: int2, int4, int8 or oid. */
bool literal_in_range(const struct type_info *type, struct str digits, bool negative);

#endif
