/* queries.h: every catalog query of this room, as text. Each takes $1, the schemas that are
 * passed over, and $2, the only ones wanted (NULL: all), both as text arrays; they are
 * written for an empty search_path, in which every name comes out qualified. How many are
 * sent does not depend on the database. Private to live/. */
#ifndef LIVE_QUERIES_H
#define LIVE_QUERIES_H

/* What expressions and constants are written with, for the transaction. */
extern const char query_settings[];

/* oid, name, comment, whether comment and owner are those that every database has */
extern const char query_schemas[];
/* oid, name, schema, comment (n 0 where the extension's own) */
extern const char query_extensions[];
/* oid, schema's oid, name, comment */
extern const char query_enums[];
/* enum's oid, label */
extern const char query_labels[];
/* oid, schema's oid, name, comment, not null, default, collation, 7 of the type */
extern const char query_domains[];
/* oid, domain's oid, name, comment, expression, why not */
extern const char query_domain_checks[];
/* oid, schema's oid, name, comment, unlogged, options, tablespace, why not */
extern const char query_tables[];
/* table's oid, number, name, comment, not null, default, collation, storage, compression,
 * identity, generated, why not, 7 of the type */
extern const char query_columns[];
/* oid, schema's oid, name, comment, type, start, increment, least, most, cache, cycle,
 * owner's oid, its column's number, how it is owned (a: as serial's, i: identity's),
 * unlogged, whether several defaults use it */
extern const char query_sequences[];
/* oid, table's oid, name, comment, type, columns, included ones, other table's oid, its
 * name, its columns, on update, on delete, match, set columns, deferrable, deferred, nulls
 * not distinct, expression, definition, where, method, options, tablespace, index's
 * oid, why not, a check that is not inherited */
extern const char query_constraints[];
/* oid, table's oid, name, comment, unique, nulls not distinct, definition, method, where,
 * included columns, options, tablespace, why not */
extern const char query_indexes[];
/* class's oid, oid, table's oid or 0, kind, identity */
extern const char query_objects[];
/* the same of what stands in no schema or in a table */
extern const char query_others[];
/* class's oid, oid, and what of tables needs it: "column a of table t" and the like */
extern const char query_needs[];
/* kind, identity, why, class's oid, oid: what objects have beside what the file says:
 * privileges and owners, and the rest */
extern const char query_rights[];
extern const char query_traits[];

#endif
