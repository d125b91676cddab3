/* quote.h: the only place that quotes identifiers and literals. Knows PostgreSQL's lexical
 * rules and nothing of schemas. */
#ifndef SQL_QUOTE_H
#define SQL_QUOTE_H
#include "../base/buf.h"

/* Whether the name has to stand in double quotes: as quote_identifier() decides
 * (PostgreSQL 15, src/backend/utils/adt/ruleutils.c), so anything but [a-z_][a-z0-9_]*,
 * and every keyword that is not an unreserved one. Words that later versions reserve
 * count too. */
bool quote_needed(struct str name);
/* users, "order", "a ""b""" */
void quote_ident(struct buf *out, struct str name);
/* auth.users */
void quote_qualified(struct buf *out, struct str schema, struct str name);
/* 'text', with quotes doubled; E'text' where a backslash is in it, so that the setting
 * standard_conforming_strings does not matter. */
void quote_literal(struct buf *out, struct str text);

#endif
