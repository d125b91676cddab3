/* types.c: the table of built-in types, looked up. Must not know of declared types. */
#include "types.h"
#include "../base/bug.h"
#include "../base/suggest.h"

static const struct type_info infos[TYPE_COUNT] = {
#define TYPE(id, name, oid, array_oid, ckind, category, modifiers)    \
    { TYPE_##id,     { name, sizeof(name) - 1 }, oid,      array_oid, \
      CKIND_##ckind, CATEGORY_##category,        modifiers },
#include "types.def"
};

struct spelling {
    struct str text;
    enum type_id id;
};
static const struct spelling spellings[] = {
#define TYPE(id, name, oid, array_oid, ckind, category, modifiers) \
    { { name, sizeof(name) - 1 }, TYPE_##id },
#define ALIAS(name, id) { { name, sizeof(name) - 1 }, TYPE_##id },
#include "types.def"
};
enum { NSPELLINGS = sizeof spellings / sizeof *spellings };

const struct type_info *type_info(enum type_id id)
{
    if (id >= TYPE_COUNT) {
        BUG("no such type");
    }
    return &infos[id];
}

static bool is_one_of(enum type_id id, const enum type_id *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
}

const char *type_storage(enum type_id id)
{
    static const enum type_id in_line[] = { TYPE_NUMERIC, TYPE_INET, TYPE_CIDR };
    static const enum type_id toasted[] = { TYPE_TEXT,
                                            TYPE_VARCHAR,
                                            TYPE_CHAR,
                                            TYPE_BPCHAR,
                                            TYPE_BYTEA,
                                            TYPE_JSON,
                                            TYPE_JSONB,
                                            TYPE_JSONPATH,
                                            TYPE_XML,
                                            TYPE_BIT,
                                            TYPE_VARBIT,
                                            TYPE_PATH,
                                            TYPE_POLYGON,
                                            TYPE_TSVECTOR,
                                            TYPE_INT4RANGE,
                                            TYPE_INT8RANGE,
                                            TYPE_NUMRANGE,
                                            TYPE_TSRANGE,
                                            TYPE_TSTZRANGE,
                                            TYPE_DATERANGE,
                                            TYPE_INT4MULTIRANGE,
                                            TYPE_INT8MULTIRANGE,
                                            TYPE_NUMMULTIRANGE,
                                            TYPE_TSMULTIRANGE,
                                            TYPE_TSTZMULTIRANGE,
                                            TYPE_DATEMULTIRANGE,
                                            TYPE_REFCURSOR,
                                            TYPE_PG_SNAPSHOT,
                                            TYPE_TXID_SNAPSHOT };
    if (is_one_of(id, in_line, sizeof in_line / sizeof *in_line)) {
        return "main";
    }
    return is_one_of(id, toasted, sizeof toasted / sizeof *toasted) ? "extended"
                                                                    : "plain";
}

const struct type_info *type_find(struct str spelling)
{
    for (size_t i = 0; i < NSPELLINGS; i++) {
        if (str_eq(spellings[i].text, spelling)) {
            return &infos[spellings[i].id];
        }
    }
    return NULL;
}

void type_suggest(struct suggest *suggest)
{
    for (size_t i = 0; i < NSPELLINGS; i++) {
        suggest_offer(suggest, spellings[i].text);
    }
}
