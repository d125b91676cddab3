/* resolve_type.c: a type's name and arguments to what they mean. Must not know whose type
 * it is. */
#include "resolver.h"

#include <stdlib.h>

/* ---- questions ----------------------------------------------------------------------- */

bool type_poisoned(const struct model_type *type)
{
    const struct model_type *under = type_under(type);
    return under->kind == MODEL_BUILTIN && !under->builtin;
}

struct model_type type_poison(struct span span)
{
    return (struct model_type){ .kind = MODEL_BUILTIN, .span = span };
}

const struct model_type *type_under(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN) {
        type = &type->domain->base;
    }
    return type;
}

bool type_is_array(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN && !type->array) {
        type = &type->domain->base;
    }
    return type->array;
}

bool type_is(const struct model_type *type, enum type_category category)
{
    const struct model_type *under = type_under(type);
    return !type_is_array(type) && under->kind == MODEL_BUILTIN && under->builtin &&
           under->builtin->category == category;
}

bool type_is_counter(const struct model_type *type)
{
    return type_is(type, CATEGORY_INTEGER) && type_under(type)->builtin->id != TYPE_OID;
}

/* Source: the btree entries of src/include/catalog/pg_opclass.dat, version 15. */
bool type_has_btree(const struct model_type *type)
{
    static const enum type_id without[] = {
        TYPE_JSON, TYPE_JSONPATH, TYPE_XML,       TYPE_POINT,       TYPE_LINE,
        TYPE_LSEG, TYPE_BOX,      TYPE_PATH,      TYPE_POLYGON,     TYPE_CIRCLE,
        TYPE_XID,  TYPE_CID,      TYPE_REFCURSOR, TYPE_PG_SNAPSHOT, TYPE_TXID_SNAPSHOT
    };
    const struct model_type *under = type_under(type);
    if (under->kind != MODEL_BUILTIN || !under->builtin) {
        return true;
    }
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        if (under->builtin->id == without[i]) {
            return false;
        }
    }
    return true;
}

const char *shown_type(struct resolver *r, const struct model_type *type)
{
    const char *name = "?";
    switch (type->kind) {
    case MODEL_BUILTIN:
        name = type->builtin ? type->builtin->name.s : name;
        break;
    case MODEL_ENUM:
        name = shown_name(r, type->enum_->schema, type->enum_->name.name);
        break;
    case MODEL_DOMAIN:
        name = shown_name(r, type->domain->schema, type->domain->name.name);
        break;
    case MODEL_EXTTYPE:
        name = str_dup(r->arena, type->exttype->name.name);
        break;
    }
    return arena_printf(r->arena, "%s%s", name, type->array ? "[]" : "");
}

/* ---- arguments ------------------------------------------------------------------------ */

struct limits {
    long least, most;
};

/* What the argument may be. Source: numerictypmodin, varbit.c, varchar.c and
 * anytimestamp_typmod_check, version 15. */
static struct limits limits_of(enum type_id id, size_t argument)
{
    if (id == TYPE_NUMERIC) {
        return argument == 0 ? (struct limits){ 1, 1000 }
                             : (struct limits){ -1000, 1000 };
    }
    if (id == TYPE_VARCHAR || id == TYPE_CHAR) {
        return (struct limits){ 1, 10485760 };
    }
    if (id == TYPE_BIT || id == TYPE_VARBIT) {
        return (struct limits){ 1, 83886080 };
    }
    return (struct limits){ 0, 6 };
}

static bool check_argument(struct resolver *r, const struct type_info *info,
                           const struct ast_type *type, size_t i)
{
    const struct ast_modifier *argument = &type->modifiers.items[i];
    struct limits limits = limits_of(info->id, i);
    char *end;
    long value = strtol(str_dup(r->arena, argument->text), &end, 10);
    if (argument->text.n == 0 || *end != '\0' || value < limits.least ||
        value > limits.most) {
        (void)diag_error(
            r->diags, E_bad_type_argument, argument->span,
            "argument %zu of type \"%.*s\" must be a number from %ld to %ld", i + 1,
            STR_ARGS(info->name), limits.least, limits.most);
        return false;
    }
    return true;
}

static void check_arguments(struct resolver *r, const struct type_info *info,
                            const struct ast_type *type)
{
    size_t most = (size_t)info->modifiers;
    if (type->modifiers.n > most) {
        struct span span = type->modifiers.items[most].span;
        if (most == 0) {
            (void)diag_error(r->diags, E_bad_type_argument, span,
                             "type \"%.*s\" takes no argument", STR_ARGS(info->name));
        } else {
            (void)diag_error(r->diags, E_bad_type_argument, span,
                             "type \"%.*s\" takes at most %zu argument%s",
                             STR_ARGS(info->name), most, most == 1 ? "" : "s");
        }
        return;
    }
    for (size_t i = 0; i < type->modifiers.n; i++) {
        if (!check_argument(r, info, type, i)) {
            return;
        }
    }
}

/* Source: opt_interval in src/backend/parser/gram.y, version 15. */
static void check_fields(struct resolver *r, const struct ast_type *type)
{
    static const char *const pairs[] = { "year to month",   "day to hour",
                                         "day to minute",   "day to second",
                                         "hour to minute",  "hour to second",
                                         "minute to second" };
    struct str fields = type->fields;
    bool known = fields.n == 0 || !memchr(fields.s, ' ', fields.n);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        known = known || str_eq_c(fields, pairs[i]);
    }
    bool seconds = fields.n >= 6 && memcmp(fields.s + fields.n - 6, "second", 6) == 0;
    if (!known) {
        (void)diag_error(r->diags, E_bad_type_argument, type->span,
                         "an interval cannot keep %.*s", STR_ARGS(fields));
    } else if (fields.n && type->modifiers.n && !seconds) {
        (void)diag_error(r->diags, E_bad_type_argument, type->modifiers.items[0].span,
                         "only seconds have digits behind the point");
    }
}

/* How many arguments count: bit(1) is bit, char(1) is char, numeric(10, 0) numeric(10).
 * Other types keep what they were told: timestamp(6) is not timestamp to the catalog. */
static size_t telling_arguments(const struct type_info *info,
                                const struct ast_type *type)
{
    size_t n = type->modifiers.n;
    const struct ast_modifier *items = type->modifiers.items;
    bool one = info->id == TYPE_CHAR || info->id == TYPE_BIT;
    if (one && n == 1 && str_eq_c(items[0].text, "1")) {
        return 0;
    }
    bool whole = info->id == TYPE_NUMERIC && n == 2 && str_eq_c(items[1].text, "0");
    return whole ? 1 : n;
}

static struct str arguments_text(struct resolver *r, const struct ast_type *type,
                                 size_t n)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < n; i++) {
        buf_puts(&text, i ? "," : "");
        buf_str(&text, type->modifiers.items[i].text);
    }
    struct str result = buf_dup(&text, r->arena);
    buf_release(&text);
    return result;
}

/* float(n) is float4 up to 24 bits and float8 up to 53. */
static struct model_type float_type(struct resolver *r, const struct ast_type *type)
{
    const struct ast_modifier *bits = &type->modifiers.items[0];
    long value = strtol(str_dup(r->arena, bits->text), NULL, 10);
    if (type->modifiers.n > 1 || value < 1 || value > 53) {
        (void)diag_error(r->diags, E_bad_type_argument, bits->span,
                         "argument 1 of type \"float\" must be a number from 1 to 53");
    }
    return (struct model_type){ .kind = MODEL_BUILTIN,
                                .builtin = type_info(value <= 24 ? TYPE_FLOAT4
                                                                 : TYPE_FLOAT8) };
}

/* ---- names ------------------------------------------------------------------------------ */

static const struct type_info *serial_of(struct str name)
{
    static const struct {
        const char *name;
        enum type_id id;
    } serials[] = {
        { "serial2", TYPE_INT2 }, { "serial4", TYPE_INT4 },
        { "serial8", TYPE_INT8 }, { "smallserial", TYPE_INT2 },
        { "serial", TYPE_INT4 },  { "bigserial", TYPE_INT8 },
    };
    for (size_t i = 0; i < sizeof serials / sizeof *serials; i++) {
        if (str_eq_c(name, serials[i].name)) {
            return type_info(serials[i].id);
        }
    }
    return NULL;
}

static struct model_type serial_type(struct resolver *r, const struct ast_type *type,
                                     const struct type_info *info, bool *serial)
{
    if (!serial) {
        struct diag *diag = diag_error(r->diags, E_type_not_here, type->span,
                                       "type \"%.*s\" is for columns alone",
                                       STR_ARGS(type->name.name.text));
        diag_hint(r->diags, diag, "write %.*s", STR_ARGS(info->name));
    } else if (type->dimensions || type->modifiers.n) {
        (void)diag_error(r->diags, E_type_not_here, type->span,
                         "type \"%.*s\" takes no argument and makes no array",
                         STR_ARGS(type->name.name.text));
    } else {
        *serial = true;
    }
    return (struct model_type){ .kind = MODEL_BUILTIN, .builtin = info };
}

static struct model_type builtin_type(struct resolver *r, const struct ast_type *type,
                                      const struct type_info *info)
{
    if (str_eq_c(type->name.name.text, "float") && type->modifiers.n) {
        return float_type(r, type);
    }
    check_arguments(r, info, type);
    check_fields(r, type);
    return (struct model_type){ .kind = MODEL_BUILTIN,
                                .builtin = info,
                                .fields = type->fields,
                                .modifiers = arguments_text(
                                    r, type, telling_arguments(info, type)) };
}

static struct model_type entity_type(struct resolver *r, const struct ast_type *type,
                                     struct entity *entity, bool column)
{
    if (type->modifiers.n) {
        (void)diag_error(r->diags, E_bad_type_argument, type->modifiers.items[0].span,
                         "type \"%.*s\" takes no argument",
                         STR_ARGS(type->name.name.text));
    }
    if (entity->kind == ENTITY_ENUM) {
        return (struct model_type){ .kind = MODEL_ENUM, .enum_ = entity->object };
    }
    if (entity->kind == ENTITY_DOMAIN) {
        struct domain_work *work = entity->object;
        resolve_domain(r, work);
        if (work->state == 2) {
            return (struct model_type){ .kind = MODEL_DOMAIN, .domain = work->domain };
        }
        return type_poison(type->span);
    }
    struct diag *diag = diag_error(r->diags, E_type_not_here, type->span,
                                   "\"%.*s\" is a table, no type",
                                   STR_ARGS(type->name.name.text));
    if (column) {
        diag_hint(r->diags, diag, "refer to a row by its key: `references %.*s`",
                  STR_ARGS(type->name.name.text));
    }
    return type_poison(type->span);
}

const char *type_foreign(struct str name)
{
    static const char *const pairs[][2] = {
        { "string", "text" },    { "str", "text" },
        { "clob", "text" },      { "nvarchar", "text" },
        { "longtext", "text" },  { "mediumtext", "text" },
        { "tinytext", "text" },  { "blob", "bytea" },
        { "binary", "bytea" },   { "varbinary", "bytea" },
        { "bytes", "bytea" },    { "datetime", "timestamptz" },
        { "double", "float8" },  { "number", "numeric" },
        { "tinyint", "int2" },   { "mediumint", "int4" },
        { "int16", "int2" },     { "int32", "int4" },
        { "int64", "int8" },     { "int16_t", "int2" },
        { "int32_t", "int4" },   { "int64_t", "int8" },
        { "uint32", "int8" },    { "long", "int8" },
        { "short", "int2" },     { "uint16_t", "int4" },
        { "uint32_t", "int8" },  { "varchar2", "varchar" },
        { "guid", "uuid" },      { "uniqueidentifier", "uuid" },
        { "float32", "float4" }, { "float64", "float8" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (str_eq_c(name, pairs[i][0])) {
            return pairs[i][1];
        }
    }
    return NULL;
}

/* The extension whose type it is, of those that many use; NULL: not known. */
static const char *extension_of(struct str name)
{
    static const char *const types[][2] = {
        { "citext", "citext" },
        { "hstore", "hstore" },
        { "ltree", "ltree" },
        { "lquery", "ltree" },
        { "ltxtquery", "ltree" },
        { "cube", "cube" },
        { "seg", "seg" },
        { "isbn", "isn" },
        { "isbn13", "isn" },
        { "ean13", "isn" },
        { "issn", "isn" },
        { "query_int", "intarray" },
        { "vector", "vector" },
        { "halfvec", "vector" },
        { "sparsevec", "vector" },
        { "geometry", "postgis" },
        { "geography", "postgis" },
        { "box2d", "postgis" },
        { "box3d", "postgis" },
        { "semver", "semver" },
        { "roaringbitmap", "roaringbitmap" },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_eq_c(name, types[i][0])) {
            return types[i][1];
        }
    }
    return NULL;
}

/* false: it is of no extension that is known. */
static bool hint_extension(struct resolver *r, struct diag *diag, struct str name)
{
    const char *extension = extension_of(name);
    if (!extension) {
        return false;
    }
    bool declared = map_find(&r->extensions, str_of(extension));
    diag_hint(r->diags, diag,
              declared ? "declare it in the block: extension %s { type %.*s; }"
                       : "declare its extension: extension %s { type %.*s; }",
              extension, STR_ARGS(name));
    return true;
}

static struct model_type unknown_type(struct resolver *r, struct scope *scope,
                                      const struct ast_type *type)
{
    struct scope *named = scope_find(r, type->name.schema.text);
    if (scope->lost || may_be_lost(r, named, type->name.name.text) ||
        may_be_lost(r, named, type->name.schema.text)) {
        return type_poison(type->span);
    }
    struct diag *diag = diag_error(r->diags, E_unknown_type, type->name.span,
                                   "there is no type \"%.*s\"",
                                   STR_ARGS(span_text(type->name.span)));
    struct suggest suggest = suggest_for(type->name.name.text);
    struct scope *where = named ? named : scope;
    for (size_t i = 0; i < where->types.n; i++) {
        const struct entity *entity = where->types.entries[i].value;
        if (entity->kind != ENTITY_TABLE) {
            suggest_offer(&suggest, where->types.entries[i].key);
        }
    }
    for (size_t i = 0; i < r->exttypes.n; i++) {
        suggest_offer(&suggest, r->exttypes.entries[i].key);
    }
    if (!named) {
        type_suggest(&suggest);
    }
    const char *native = type_foreign(type->name.name.text);
    if (native && !named) {
        diag_hint(r->diags, diag, "PostgreSQL calls it %s", native);
    } else if (!type->name.schema.text.n &&
               hint_extension(r, diag, type->name.name.text)) {
        return type_poison(type->span);
    } else if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    } else if (r->model->extensions.n) {
        diag_hint(r->diags, diag,
                  "declare a type of an extension in its block: "
                  "extension x { type t; }");
    }
    return type_poison(type->span);
}

static const struct type_info *find_builtin(const struct ast_type *type)
{
    const struct ast_name *name = &type->name.name;
    bool catalog = str_eq_c(type->name.schema.text, "pg_catalog");
    if (type->name.schema.text.n && !catalog) {
        return NULL;
    }
    bool one = name->quoted && str_eq_c(name->text, "char");
    return one ? type_info(TYPE_ONE_CHAR) : type_find(name->text);
}

bool type_is_known(struct resolver *r, struct scope *scope, const struct ast_type *type)
{
    return find_builtin(type) || serial_of(type->name.name.text) ||
           find_type_entity(r, scope, &type->name) ||
           map_find(&r->exttypes, type->name.name.text);
}

static struct model_type named_type(struct resolver *r, struct scope *scope,
                                    const struct ast_type *type, bool *serial)
{
    const struct ast_name *name = &type->name.name;
    bool plain = !name->quoted && type->name.schema.text.n == 0;
    const struct type_info *info = plain ? serial_of(name->text) : NULL;
    if (info) {
        return serial_type(r, type, info, serial);
    }
    info = find_builtin(type);
    if (info && !name->quoted) {
        return builtin_type(r, type, info);
    }
    struct entity *entity = find_type_entity(r, scope, &type->name);
    if (entity) {
        return entity_type(r, type, entity, serial != NULL);
    }
    struct model_exttype *exttype = map_find(&r->exttypes, name->text);
    if (exttype) {
        return (struct model_type){ .kind = MODEL_EXTTYPE,
                                    .exttype = exttype,
                                    .modifiers = arguments_text(r, type,
                                                                type->modifiers.n) };
    }
    return info ? builtin_type(r, type, info) : unknown_type(r, scope, type);
}

struct model_type resolve_type(struct resolver *r, struct scope *scope,
                               const struct ast_type *type, bool *serial)
{
    struct model_type result = named_type(r, scope, type, serial);
    result.array = type->dimensions > 0;
    result.span = type->span;
    if (type->dimensions > 1) {
        struct diag *diag = diag_warning(
            r->diags, E_array_dimensions, type->span,
            "PostgreSQL does not keep the number of dimensions of an array");
        diag_hint(r->diags, diag, "write one []");
    }
    return result;
}
