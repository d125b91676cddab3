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
