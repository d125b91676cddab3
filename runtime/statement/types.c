/* types.c: OIDs. The only place that asks the server's catalog, and only for enums. */
#include "runtime/sc_internal.h"
#include <stdlib.h>
#include <string.h>

struct built_in {
    uint32_t oid;
    uint32_t array_oid;
};

/* Every type that has a C form. Source: src/include/catalog/pg_type.dat, 15. */
static const struct built_in built_ins[] = {
    { 16, 1000 },   /* bool */
    { 17, 1001 },   /* bytea */
    { 19, 1003 },   /* name */
    { 20, 1016 },   /* int8 */
    { 21, 1005 },   /* int2 */
    { 23, 1007 },   /* int4 */
    { 25, 1009 },   /* text */
    { 26, 1028 },   /* oid */
    { 114, 199 },   /* json */
    { 142, 143 },   /* xml */
    { 650, 651 },   /* cidr */
    { 700, 1021 },  /* float4 */
    { 701, 1022 },  /* float8 */
    { 869, 1041 },  /* inet */
    { 1042, 1014 }, /* bpchar */
    { 1043, 1015 }, /* varchar */
    { 1082, 1182 }, /* date */
    { 1083, 1183 }, /* time */
    { 1114, 1115 }, /* timestamp */
    { 1184, 1185 }, /* timestamptz */
    { 1186, 1187 }, /* interval */
    { 1266, 1270 }, /* timetz */
    { 1700, 1231 }, /* numeric */
    { 2950, 2951 }, /* uuid */
    { 3802, 3807 }, /* jsonb */
};
enum { TEXT_ARRAY = 1009 };

static uint32_t built_in_array(uint32_t oid)
{
    for (size_t i = 0; i < sizeof(built_ins) / sizeof(*built_ins); i++)
        if (built_ins[i].oid == oid)
            return built_ins[i].array_oid;
    return 0;
}

static const struct sc__known_type *known(const struct sc__types *types,
                                          const struct sc__enum *labels)
{
    for (size_t i = 0; i < types->count; i++)
        if (types->known[i].labels == labels ||
            strcmp(types->known[i].labels->type, labels->type) == 0)
            return &types->known[i];
    return NULL;
}

static bool is_enum(const struct sc__type *type)
{
    return type->kind == SC__ENUM && type->oid == 0 && type->labels;
}

uint32_t sc__types_oid(const struct sc__types *types, const struct sc__type *type,
                       bool as_list)
{
    bool is_array = type->flags & SC__ARRAY;
    if (as_list && is_array)
        return TEXT_ARRAY;
    if (is_enum(type)) {
        const struct sc__known_type *found = known(types, type->labels);
        if (!found)
            return 0;
        return as_list || is_array ? found->array_oid : found->oid;
    }
    return as_list ? built_in_array(type->oid) : type->oid;
}

uint32_t sc__types_element(const struct sc__types *types, const struct sc__type *type,
                           bool as_list)
{
    bool is_array = type->flags & SC__ARRAY;
    if (!is_enum(type) || as_list == is_array) /* a literal in text[], or no array */
        return 0;
    const struct sc__known_type *found = known(types, type->labels);
    return found ? found->oid : 0;
}

enum family { OWN, TEXTS, TEXT_ARRAYS };

static enum family family_of(uint32_t oid)
{
    switch (oid) {
    case 19:   /* name */
    case 25:   /* text */
    case 705:  /* unknown */
    case 1042: /* bpchar */
    case 1043: /* varchar */
        return TEXTS;
    case 1003:
    case 1009:
    case 1014:
    case 1015:
        return TEXT_ARRAYS;
    default:
        return OWN;
    }
}

bool sc__types_alike(uint32_t a, uint32_t b)
{
    return a == b || (family_of(a) != OWN && family_of(a) == family_of(b));
}

bool sc__types_has_list(const struct sc__type *type)
{
    return (type->flags & SC__ARRAY) || is_enum(type) || built_in_array(type->oid);
}

void sc__types_forget(struct sc__types *types)
{
    types->count = 0;
}

void sc__types_release(struct sc__types *types)
{
    free(types->known);
    *types = (struct sc__types){ 0 };
}

static bool add(struct sc__types *types, const struct sc__enum *labels)
{
    if (types->count == types->room) {
        size_t room = types->room ? types->room * 2 : 8;
        struct sc__known_type *grown = realloc(types->known, room * sizeof(*grown));
        if (!grown)
            return false;
        types->known = grown;
        types->room = room;
    }
    types->known[types->count++] = (struct sc__known_type){ .labels = labels };
    return true;
}

/* 'a', "b" -> ...values (0, to_regtype('a')), (1, ...): names come from the schema file,
 * and may hold quotes. */
static void add_literal(struct sc__text *sql, const char *text)
{
    sc__text_add(sql, "'");
    for (const char *p = text; *p; p++) {
        char one[3] = { *p, *p == '\'' ? '\'' : 0, 0 };
        sc__text_add(sql, one);
    }
    sc__text_add(sql, "'");
}

char *sc__types_question(const struct sc__types *types)
{
    struct sc__text sql = { 0 };
    const char *before = "(";
    sc__text_add(&sql, "select x.n, t.oid, t.typarray from (values ");
    for (size_t i = 0; i < types->count; i++) {
        if (types->known[i].oid)
            continue;
        sc__text_number(&sql, before, (unsigned)i);
        before = ", (";
        sc__text_add(&sql, ", pg_catalog.to_regtype(");
        add_literal(&sql, types->known[i].labels->type);
        sc__text_add(&sql, "))");
    }
    sc__text_add(&sql, ") as x(n, t) join pg_catalog.pg_type t on t.oid = x.t");
    return sc__text_take(&sql);
}

static uint32_t number(const PGresult *result, int row, int column)
{
    return (uint32_t)strtoul(PQgetvalue(result, row, column), NULL, 10);
}

/* What was asked for is not known after all. */
static void drop_unanswered(struct sc__types *types)
{
    size_t kept = 0;
    for (size_t i = 0; i < types->count; i++)
        if (types->known[i].oid)
            types->known[kept++] = types->known[i];
    types->count = kept;
}

enum sc_status sc__types_want(struct sc__types *types, const struct sc__type_list *list,
                              bool *unknown, struct sc_error *err)
{
    *unknown = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct sc__type *type = list->types[i];
        if (!is_enum(type))
            continue;
        const struct sc__known_type *found = known(types, type->labels);
        *unknown |= !found || !found->oid;
        if (!found && !add(types, type->labels)) {
            drop_unanswered(types);
            return sc__fail_memory(err, list->label);
        }
    }
    return SC_OK;
}

void sc__types_answer(struct sc__types *types, const PGresult *result)
{
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK && PQnfields(result) == 3;
    for (int row = 0; good && row < PQntuples(result); row++) {
        uint32_t i = number(result, row, 0);
        if (i >= types->count || types->known[i].oid) /* not what was asked for */
            continue;
        types->known[i].oid = number(result, row, 1);
        types->known[i].array_oid = number(result, row, 2);
    }
    drop_unanswered(types);
}

enum sc_status sc__types_check(const struct sc__types *types,
                               const struct sc__type_list *list, struct sc_error *err)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_enum(list->types[i]) && !known(types, list->types[i]->labels))
            return sc__fail(err, list->label, SC_SCHEMA_MISMATCH,
                            "type \"%s\" does not exist", list->types[i]->labels->type);
    return SC_OK;
}

static enum sc_status ask_server(struct sc__conn *conn, const char *label,
                                 struct sc_error *err)
{
    char *sql = sc__types_question(&conn->types);
    if (!sql)
        return sc__fail_memory(err, label);
    PGresult *result = sc__io_command(conn, sql);
    free(sql);
    enum sc_status status = SC_OK;
    if (!result)
        status = sc__fail_conn(err, label, conn->pg);
    else if (PQresultStatus(result) != PGRES_TUPLES_OK)
        status = sc__fail_result(err, &(struct sc__blame){ .label = label }, result);
    sc__types_answer(&conn->types, result);
    PQclear(result);
    return status;
}

enum sc_status sc__types_learn(struct sc__conn *conn, const struct sc__type_list *list,
                               struct sc_error *err)
{
    bool unknown;
    enum sc_status status = sc__types_want(&conn->types, list, &unknown, err);
    if (status == SC_OK && unknown)
        status = ask_server(conn, list->label, err);
    return status == SC_OK ? sc__types_check(&conn->types, list, err) : status;
}
