/* names.c: see names.h. The words and the names of objects; names_check.c judges. Must not
 * know how C is written. */
#include "names.h"

/* ---- words ----------------------------------------------------------------------- */

#define WORD(name) #name,
static const char *const words[] = {
#include "names.def"
};
#define FUNCTION(name) #name,
static const char *const functions[] = {
#include "names.def"
};
#define HEADER(name) #name,
static const char *const headers[] = {
#include "names.def"
};
#define COUNT(list) (sizeof(list) / sizeof *(list))

/* As strcmp; most names differ from most words in their first letter. */
static int compare_word(const char *word, struct str name)
{
    unsigned char first = (unsigned char)(name.n ? name.s[0] : 0);
    if ((unsigned char)word[0] != first) {
        return (unsigned char)word[0] < first ? -1 : 1;
    }
    return str_compare(str_of(word), name);
}

static bool listed(const char *const *list, size_t n, struct str name)
{
    size_t from = 0;
    while (from < n) {
        size_t middle = from + (n - from) / 2;
        int order = compare_word(list[middle], name);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            from = middle + 1;
        } else {
            n = middle;
        }
    }
    return false;
}

struct str name_join(struct arena *arena, struct str a, struct str b, struct str c)
{
    char *text = arena_alloc(arena, a.n + b.n + c.n + 1);
    const struct str parts[] = { a, b, c };
    size_t n = 0;
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].n) {
            memcpy(text + n, parts[i].s, parts[i].n);
        }
        n += parts[i].n;
    }
    return (struct str){ text, n };
}

struct str name_upper(struct arena *arena, struct str name)
{
    char *text = arena_copy(arena, name.s ? name.s : "", name.n);
    for (size_t i = 0; i < name.n; i++) {
        if (text[i] >= 'a' && text[i] <= 'z') {
            text[i] = (char)(text[i] - 'a' + 'A');
        }
    }
    return (struct str){ text, name.n };
}

struct str name_of(const struct model_name *name)
{
    return name->has_c_name ? name->c_name : name->name;
}

struct str name_local(struct arena *arena, struct str name)
{
    bool taken = listed(words, COUNT(words), name);
    return taken ? name_join(arena, name, STR("_"), STR("")) : name;
}

static struct str mangled(struct arena *arena, struct str name)
{
    bool taken = listed(words, COUNT(words), name) ||
                 listed(functions, COUNT(functions), name);
    return taken ? name_join(arena, name, STR("_"), STR("")) : name;
}

struct str name_global(struct arena *arena, struct str base, const char *suffix)
{
    /* Of all suffixes only one ends a word: va_list. */
    if (!*suffix || !strcmp(suffix, "_list")) {
        return mangled(arena, name_join(arena, base, str_of(suffix), STR("")));
    }
    return name_join(arena, base, str_of(suffix), STR(""));
}

struct str name_constant(struct arena *arena, struct str base, struct str word)
{
    return mangled(arena, name_upper(arena, name_join(arena, base, STR("_"), word)));
}

struct str name_file(struct arena *arena, struct str base)
{
    bool taken = listed(headers, COUNT(headers), base);
    return taken ? name_join(arena, base, STR("_"), STR("")) : base;
}

/* In upper case, what is no letter or digit an underscore. */
static struct str macro(struct arena *arena, struct str name, const char *suffix)
{
    struct str guard = name_upper(arena,
                                  name_join(arena, name, str_of(suffix), STR("")));
    char *text = arena_copy(arena, guard.s, guard.n);
    for (size_t i = 0; i < guard.n; i++) {
        bool letter = (text[i] >= 'A' && text[i] <= 'Z') || text[i] == '_';
        bool digit = text[i] >= '0' && text[i] <= '9' && i > 0;
        if (!letter && !digit) {
            text[i] = '_';
        }
    }
    return (struct str){ text, guard.n };
}

struct str name_guard(struct arena *arena, struct str file)
{
    return macro(arena, file, "_H");
}

struct str name_fingerprint(struct arena *arena, struct str base)
{
    return macro(arena, base, "_SCHEMA_FINGERPRINT");
}

/* ---- objects --------------------------------------------------------------------- */

struct str name_prefix(struct arena *arena, const struct model_schema *schema)
{
    struct str name = name_of(&schema->name);
    return name.n ? name_join(arena, name, STR("_"), STR("")) : STR("");
}

static struct str in_schema(struct arena *arena, const struct model_schema *schema,
                            struct str name)
{
    struct str prefix = name_of(&schema->name);
    return name_join(arena, prefix, prefix.n ? STR("_") : STR(""), name);
}

struct str name_table(struct arena *arena, const struct model_table *table)
{
    return in_schema(arena, table->schema, name_of(&table->name));
}

struct str name_enum(struct arena *arena, const struct model_enum *enum_)
{
    return in_schema(arena, enum_->schema, name_of(&enum_->name));
}

struct str name_enum_maybe(struct arena *arena, const struct model_enum *enum_,
                           const char *suffix)
{
    struct str name = name_join(arena, STR("maybe_"), name_of(&enum_->name),
                                str_of(suffix));
    return name_global(arena, in_schema(arena, enum_->schema, name), "");
}

struct str name_label(struct arena *arena, const struct model_enum *enum_,
                      const struct model_label *label)
{
    bool given = label->name.has_c_name && label->name.c_name.n > 0;
    return name_constant(arena, name_enum(arena, enum_),
                         given ? label->name.c_name : label->ident);
}

struct str name_query(struct arena *arena, const struct model_query *query)
{
    return in_schema(arena, query->schema, name_of(&query->name));
}

struct str name_function(struct arena *arena, const struct stmt *stmt)
{
    if (stmt->kind == STMT_QUERY) {
        return name_global(arena, name_query(arena, stmt->query), "");
    }
    struct str table = name_table(arena, stmt->table);
    return name_global(arena, name_join(arena, table, STR("_"), stmt->name), "");
}

/* ---- constraints ----------------------------------------------------------------- */

static bool is_c_word(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(c >= '0' && c <= '9')) {
            return false;
        }
    }
    return name.n > 0;
}

/* PostgreSQL's own names begin with the table's: users_email_key gives email_key. */
static struct str without_table(struct str name, struct str table)
{
    bool begins = name.n > table.n + 1 && name.s[table.n] == '_' &&
                  !memcmp(name.s, table.s, table.n);
    size_t skip = begins ? table.n + 1 : 0;
    return (struct str){ name.s + skip, name.n - skip };
}

/* For an unnamed constraint whose columns are no C names: their C names and the ending
 * that PostgreSQL chose (key, fkey, check1). */
static struct str of_columns(struct arena *arena, struct str name,
                             const model_columns *columns)
{
    size_t end = name.n;
    while (end > 0 && name.s[end - 1] != '_') {
        end--;
    }
    struct str made = { name.s + end, name.n - end };
    for (size_t i = columns->n; i-- > 0;) {
        made = name_join(arena, name_of(&columns->items[i]->name), STR("_"), made);
    }
    return made;
}

struct str name_constraint(struct arena *arena,
                           const struct model_constraint *constraint)
{
    const struct model_table *table = constraint->table;
    struct str word = without_table(name_of(&constraint->name), table->name.name);
    if (constraint->name.has_c_name) {
        word = constraint->name.c_name;
    } else if (!constraint->named && !is_c_word(word)) {
        word = of_columns(arena, word, &constraint->columns);
    }
    return name_constant(arena, name_table(arena, table), word);
}

struct str name_index(struct arena *arena, const struct model_index *index)
{
    struct str word = without_table(name_of(&index->name), index->table->name.name);
    if (index->name.has_c_name) {
        word = index->name.c_name;
    } else if (!index->named && !is_c_word(word)) {
        model_columns columns = { 0 };
        for (size_t i = 0; i < index->elements.n; i++) {
            if (index->elements.items[i].column) {
                VEC_PUSH(arena, &columns, index->elements.items[i].column);
            }
        }
        word = of_columns(arena, word, &columns);
    }
    return name_constant(arena, name_table(arena, index->table), word);
}

static uint32_t fnv1a(uint32_t hash, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        hash = (hash ^ (unsigned char)text.s[i]) * 16777619u;
    }
    return hash;
}

uint32_t name_constraint_id(const struct model_table *table, struct str constraint)
{
    uint32_t hash = fnv1a(2166136261u, table->schema->name.name);
    hash = fnv1a(hash, STR("."));
    hash = fnv1a(hash, table->name.name);
    hash = fnv1a(hash, STR("."));
    hash = fnv1a(hash, constraint) & 0x7fffffff;
    return hash ? hash : 1;
}

struct str name_schema_file(struct arena *arena, const struct model_schema *schema,
                            struct str base)
{
    struct str name = name_of(&schema->name);
    if (name.n == 0) {
        name = is_c_word(schema->name.name) ? schema->name.name : STR("schema");
    }
    if (str_eq(name, base)) {
        return name_join(arena, name, STR("_schema"), STR(""));
    }
    return name_file(arena, name);
}
