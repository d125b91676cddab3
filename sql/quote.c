/* quote.c: identifiers and literals in SQL; must not know what they name. */
#include "quote.h"
#include <stdlib.h>

/* src/include/parser/kwlist.h of PostgreSQL 15: COL_NAME_KEYWORD, TYPE_FUNC_NAME_KEYWORD
 * and RESERVED_KEYWORD, in bytewise order; system_user is of 16, json and what begins like it
 * of 16 and 17, merge_action of 17. */
/* clang-format off */
static const char *const keywords[] = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric",
    "authorization", "between", "bigint", "binary", "bit", "boolean", "both", "case",
    "cast", "char", "character", "check", "coalesce", "collate", "collation", "column",
    "concurrently", "constraint", "create", "cross", "current_catalog", "current_date",
    "current_role", "current_schema", "current_time", "current_timestamp",
    "current_user", "dec", "decimal", "default", "deferrable", "desc", "distinct", "do",
    "else", "end", "except", "exists", "extract", "false", "fetch", "float", "for",
    "foreign", "freeze", "from", "full", "grant", "greatest", "group", "grouping",
    "having", "ilike", "in", "initially", "inner", "inout", "int", "integer",
    "intersect", "interval", "into", "is", "isnull", "join", "json", "json_array",
    "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query",
    "json_scalar", "json_serialize", "json_table", "json_value", "lateral", "leading",
    "least", "left", "like", "limit", "localtime", "localtimestamp", "merge_action",
    "national", "natural", "nchar", "none", "normalize", "not", "notnull", "null",
    "nullif", "numeric", "offset", "on", "only", "or", "order", "out", "outer",
    "overlaps", "overlay", "placing", "position", "precision", "primary", "real",
    "references", "returning", "right", "row", "select", "session_user", "setof",
    "similar", "smallint", "some", "substring", "symmetric", "system_user", "table",
    "tablesample", "then", "time", "timestamp", "to", "trailing", "treat", "trim",
    "true", "union", "unique", "user", "using", "values", "varchar", "variadic",
    "verbose", "when", "where", "window", "with", "xmlattributes", "xmlconcat",
    "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi",
    "xmlroot", "xmlserialize", "xmltable",
};
/* clang-format on */

static int compare(const void *key, const void *entry)
{
    const struct str *name = key;
    const char *keyword = *(const char *const *)entry;
    int order = strncmp(name->s, keyword, name->n);
    return order ? order : -(keyword[name->n] != '\0');
}

static bool is_keyword(struct str name)
{
    return bsearch(&name, keywords, sizeof keywords / sizeof *keywords,
                   sizeof *keywords, compare) != NULL;
}

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

bool quote_needed(struct str name)
{
    if (name.n == 0 || !is_lower(name.s[0]))
        return true;
    for (size_t i = 1; i < name.n; i++) {
        if (!is_lower(name.s[i]) && (name.s[i] < '0' || name.s[i] > '9'))
            return true;
    }
    return is_keyword(name);
}

static void put_doubled(struct buf *out, struct str text, const char *twice)
{
    for (size_t i = 0; i < text.n; i++) {
        if (strchr(twice, text.s[i]))
            buf_putc(out, text.s[i]);
        buf_putc(out, text.s[i]);
    }
}

void quote_ident(struct buf *out, struct str name)
{
    if (!quote_needed(name)) {
        buf_str(out, name);
        return;
    }
    buf_putc(out, '"');
    put_doubled(out, name, "\"");
    buf_putc(out, '"');
}

void quote_qualified(struct buf *out, struct str schema, struct str name)
{
    quote_ident(out, schema);
    buf_putc(out, '.');
    quote_ident(out, name);
}

void quote_literal(struct buf *out, struct str text)
{
    bool backslash = text.n > 0 && memchr(text.s, '\\', text.n) != NULL;
    buf_puts(out, backslash ? "E'" : "'");
    put_doubled(out, text, backslash ? "'\\" : "'");
    buf_putc(out, '\'');
}
