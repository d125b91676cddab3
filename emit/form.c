/* form.c: see form.h. Must not know of tables or statements. */
#include "form.h"
#include "../sql/write.h"
#include "names.h"

struct builtin_form {
    const char *kind;
    const char *plain, *maybe;
    const char *list, *maybe_list;
    const char *present; /* see struct form */
};

#define FORM(kind, plain, tag, present)                                   \
    {                                                                     \
        "SC__" kind, plain, "struct sc_maybe_" tag, "struct sc_" tag "s", \
            "struct sc_maybe_" tag "s", present                           \
    }
/* An enum has forms of its own. */
static const struct builtin_form builtin_forms[] = {
    [CKIND_AS_TEXT] = FORM("TEXT", "const char *", "text", ""),
    [CKIND_BOOL] = FORM("BOOL", "bool", "bool", NULL),
    [CKIND_INT2] = FORM("INT2", "int16_t", "int2", NULL),
    [CKIND_INT4] = FORM("INT4", "int32_t", "int4", NULL),
    [CKIND_INT8] = FORM("INT8", "int64_t", "int8", NULL),
    [CKIND_OID] = FORM("OID", "uint32_t", "oid", NULL),
    [CKIND_FLOAT4] = FORM("FLOAT4", "float", "float4", NULL),
    [CKIND_FLOAT8] = FORM("FLOAT8", "double", "float8", NULL),
    [CKIND_NUMERIC] = FORM("NUMERIC", "struct sc_numeric", "numeric", ".text"),
    [CKIND_TEXT] = FORM("TEXT", "const char *", "text", ""),
    [CKIND_JSONB] = FORM("JSONB", "const char *", "text", ""),
    [CKIND_BYTEA] = FORM("BYTEA", "struct sc_bytea", "bytea", ".data"),
    [CKIND_UUID] = FORM("UUID", "struct sc_uuid", "uuid", NULL),
    [CKIND_DATE] = FORM("DATE", "struct sc_date", "date", NULL),
    [CKIND_TIME] = FORM("TIME", "struct sc_time", "time", NULL),
    [CKIND_TIMETZ] = FORM("TIMETZ", "struct sc_timetz", "timetz", NULL),
    [CKIND_TIMESTAMP] = FORM("TIMESTAMP", "struct sc_timestamp", "timestamp", NULL),
    [CKIND_TIMESTAMPTZ] = FORM("TIMESTAMPTZ", "struct sc_timestamptz", "timestamptz",
                               NULL),
    [CKIND_INTERVAL] = FORM("INTERVAL", "struct sc_interval", "interval", NULL),
    [CKIND_INET] = FORM("INET", "struct sc_inet", "inet", NULL),
};

struct str form_enum(struct arena *arena, const struct model_enum *enum_)
{
    return name_join(arena, STR("enum "),
                     name_global(arena, name_enum(arena, enum_), ""), STR(""));
}

struct str form_enum_list(struct arena *arena, const struct model_enum *enum_)
{
    return name_global(arena, name_enum(arena, enum_), "_list");
}

struct str form_enum_descriptor(struct arena *arena, const struct model_enum *enum_)
{
    return name_join(arena, STR("sc__"), name_enum(arena, enum_), STR("_enum"));
}

static struct form enum_form(struct arena *arena, const struct model_enum *enum_,
                             bool array)
{
    struct str list = form_enum_list(arena, enum_);
    struct form form = { .kind = "SC__ENUM", .enum_ = enum_, .array = array };
    form.plain = array ? name_join(arena, STR("struct "), list, STR(""))
                       : form_enum(arena, enum_);
    form.maybe = name_join(arena, STR("struct "),
                           name_enum_maybe(arena, enum_, array ? "_list" : ""),
                           STR(""));
    form.own_null = form.borrows = array;
    form.present = array ? ".items" : NULL;
    return form;
}

struct form form_of(struct arena *arena, const struct model_type *type, bool many)
{
    struct write_form travels = write_form(type);
    bool array = travels.array || many;
    struct model_enum *enum_ = model_type_enum(&travels.wire);
    if (enum_) {
        return enum_form(arena, enum_, array);
    }
    const struct type_info *info = model_type_builtin(&travels.wire);
    const struct builtin_form *builtin = &builtin_forms[info->ckind];
    struct form form = { .kind = builtin->kind, .array = array };
    form.oid = array ? info->array_oid : info->oid;
    form.plain = str_of(array ? builtin->list : builtin->plain);
    form.maybe = str_of(array ? builtin->maybe_list : builtin->maybe);
    form.present = array ? ".items" : builtin->present;
    form.own_null = form.borrows = form.present != NULL;
    return form;
}

struct str form_nullable(const struct form *form)
{
    return form->own_null ? form->plain : form->maybe;
}

struct str form_declare(struct arena *arena, struct str type, struct str name)
{
    bool pointer = type.n > 0 && type.s[type.n - 1] == '*';
    return name_join(arena, type, pointer ? STR("") : STR(" "), name);
}

struct str form_sql(struct arena *arena, const struct model_type *type)
{
    struct buf buf = { 0 };
    write_type(&buf, type);
    struct str text = buf_dup(&buf, arena);
    buf_release(&buf);
    return text;
}
