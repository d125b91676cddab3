/* types.h: the built-in types of PostgreSQL, by id and by spelling. */
#ifndef LANG_TYPES_H
#define LANG_TYPES_H
#include "../base/str.h"

enum type_id {
#define TYPE(id, name, oid, array_oid, ckind, category, modifiers) TYPE_##id,
#include "types.def"
    TYPE_COUNT
};

/* The C form of a value: runtime/sc.h's SC__ kinds, by the same names. */
enum ckind {
    CKIND_AS_TEXT, /* no C form: cast to and from text, const char * in C */
    CKIND_BOOL,
    CKIND_INT2,
    CKIND_INT4,
    CKIND_INT8,
    CKIND_OID,
    CKIND_FLOAT4,
    CKIND_FLOAT8,
    CKIND_NUMERIC,
    CKIND_TEXT,
    CKIND_JSONB,
    CKIND_BYTEA,
    CKIND_UUID,
    CKIND_DATE,
    CKIND_TIME,
    CKIND_TIMETZ,
    CKIND_TIMESTAMP,
    CKIND_TIMESTAMPTZ,
    CKIND_INTERVAL,
    CKIND_INET,
    CKIND_ENUM
};

enum type_category {
    CATEGORY_BOOL,
    CATEGORY_INTEGER,
    CATEGORY_NUMBER,
    CATEGORY_STRING,
    CATEGORY_BINARY,
    CATEGORY_BITS,
    CATEGORY_DATETIME,
    CATEGORY_JSON,
    CATEGORY_OTHER
};

struct type_info {
    enum type_id id;
    struct str name;
    uint32_t oid, array_oid;
    enum ckind ckind;
    enum type_category category;
    int modifiers;
};

const struct type_info *type_info(enum type_id id);
/* How the server stores its values unless told otherwise: "plain", "main" or "extended".
 * Source: typstorage in src/include/catalog/pg_type.dat, version 15. */
const char *type_storage(enum type_id id);
/* By the short name or any other spelling (lower case, one blank a gap); NULL: none. */
const struct type_info *type_find(struct str spelling);
/* Calls suggest_offer for every spelling. */
struct suggest;
void type_suggest(struct suggest *suggest);

#endif
