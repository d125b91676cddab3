/* storage.c: storage parameters; must not know whose they are. */
#include "storage.h"

/* The next parameter of "a = 1, b = 'x,y'" from *at; n 0: no more. */
static struct str next_parameter(struct str list, size_t *at)
{
    size_t start = *at, i = start;
    bool quoted = false;
    while (i < list.n && (quoted || list.s[i] != ',')) {
        quoted ^= list.s[i] == '\'';
        i++;
    }
    *at = i < list.n ? i + 1 : i;
    while (start < i && (list.s[start] == ' ' || list.s[start] == '\n'))
        start++;
    return (struct str){ list.s + start, i - start };
}

static struct str name_of(struct str parameter)
{
    size_t n = 0;
    while (n < parameter.n && parameter.s[n] != '=' && parameter.s[n] != ' ')
        n++;
    return (struct str){ parameter.s, n };
}

static bool has_name(struct str list, struct str name)
{
    size_t at = 0;
    while (at < list.n) {
        if (str_eq(name_of(next_parameter(list, &at)), name))
            return true;
    }
    return false;
}

void storage_put(struct buf *out, const char *alter, struct str from, struct str to)
{
    struct buf gone = { 0 };
    size_t at = 0;
    while (at < from.n) {
        struct str name = name_of(next_parameter(from, &at));
        if (!has_name(to, name))
            buf_printf(&gone, "%s%.*s", gone.n ? ", " : "", STR_ARGS(name));
    }
    if (to.n)
        buf_printf(out, "%s set (%.*s);\n", alter, STR_ARGS(to));
    if (gone.n)
        buf_printf(out, "%s reset (%s);\n", alter, gone.s);
    buf_release(&gone);
}

const char *storage_of(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN && !type->array)
        type = &type->domain->base;
    if (type->array || type->kind == MODEL_EXTTYPE)
        return "extended";
    if (type->kind != MODEL_BUILTIN)
        return "plain";
    return type_storage(type->builtin->id);
}
