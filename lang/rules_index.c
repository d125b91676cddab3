/* rules_index.c: what an index can hold: types that its method knows, and operator classes
 * that there are. Must not change the model. */
#include "resolver.h"

enum { BTREE = 1, HASH = 2, GIN = 4, GIST = 8, SPGIST = 16, BRIN = 32 };
/* Default operator classes. Source: src/include/catalog/pg_opclass.dat, version 15. */
static const struct {
    enum type_id id;
    unsigned methods;
} known[] = {
    { TYPE_TSVECTOR, GIN | GIST },
    { TYPE_JSONB, GIN },
    { TYPE_TSQUERY, GIST },
    { TYPE_POINT, GIST | SPGIST },
    { TYPE_BOX, GIST | SPGIST },
    { TYPE_POLYGON, GIST | SPGIST },
    { TYPE_CIRCLE, GIST },
    { TYPE_TEXT, SPGIST },
    { TYPE_VARCHAR, SPGIST },
    { TYPE_INET, SPGIST },
    { TYPE_CIDR, SPGIST },
    { TYPE_INT4RANGE, GIST | SPGIST },
    { TYPE_INT8RANGE, GIST | SPGIST },
    { TYPE_NUMRANGE, GIST | SPGIST },
    { TYPE_TSRANGE, GIST | SPGIST },
    { TYPE_TSTZRANGE, GIST | SPGIST },
    { TYPE_DATERANGE, GIST | SPGIST },
    { TYPE_INT4MULTIRANGE, GIST },
    { TYPE_INT8MULTIRANGE, GIST },
    { TYPE_NUMMULTIRANGE, GIST },
    { TYPE_TSMULTIRANGE, GIST },
    { TYPE_TSTZMULTIRANGE, GIST },
    { TYPE_DATEMULTIRANGE, GIST },
};

static unsigned methods_of(const struct model_type *type)
{
    const struct model_type *under = type_under(type);
    if (under->kind == MODEL_EXTTYPE || type_poisoned(type)) {
        return GIN | GIST | SPGIST;
    }
    if (type_is_array(type)) {
        return GIN;
    }
    for (size_t i = 0; under->kind == MODEL_BUILTIN && i < sizeof known / sizeof *known;
         i++) {
        if (known[i].id == under->builtin->id) {
            return known[i].methods;
        }
    }
    return 0;
}

static unsigned method_bit(struct str method)
{
    static const char *const names[] = { "btree", "hash",   "gin",
                                         "gist",  "spgist", "brin" };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_eq_c(method, names[i])) {
            return 1U << i;
        }
    }
    return 0;
}

/* An extension (btree_gin, btree_gist, pg_trgm, ...) may bring more. */
void rule_operator_class(struct resolver *r, struct str method,
                         const struct model_element *element, struct span span)
{
    unsigned wanted = method_bit(method) & (GIN | GIST | SPGIST);
    if (!wanted || !element->column || element->opclass.n || r->model->extensions.n ||
        (methods_of(&element->column->type) & wanted)) {
        return;
    }
    struct diag *diag = diag_error(r->diags, E_no_operator_class, span,
                                   "index method \"%.*s\" does not know type %s",
                                   STR_ARGS(method),
                                   shown_type(r, &element->column->type));
    if (wanted != SPGIST) {
        diag_hint(r->diags, diag, "the extension btree_%.*s may teach it",
                  STR_ARGS(method));
    }
}

/* ---- operator classes that are named -------------------------------------------------------- */

static const struct {
    struct str name;
    unsigned methods;
} classes[] = {
#define OPCLASS(name, methods) { { name, sizeof(name) - 1 }, methods },
#include "opclasses.def"
};
enum { NCLASSES = sizeof classes / sizeof *classes };

/* Whether every server has it for the method; offers those that it has. */
static bool find_class(struct str name, unsigned method, struct suggest *suggest)
{
    for (size_t i = 0; i < NCLASSES; i++) {
        if (!(classes[i].methods & method)) {
            continue;
        }
        if (str_eq(classes[i].name, name)) {
            return true;
        }
        suggest_offer(suggest, classes[i].name);
    }
    return false;
}

/* A word of the order that was taken for an operator class: `dsec`. */
static bool offer_order(struct suggest *suggest)
{
    static const char *const words[] = { "desc", "asc", "nulls", "collate" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        suggest_offer(suggest, str_of(words[i]));
    }
    return suggest->best.n > 0;
}

static const char *extension_of(struct str name)
{
    bool trigrams = name.n > 9 && memcmp(name.s + name.n - 9, "_trgm_ops", 9) == 0;
    bool vectors = name.n > 7 && memcmp(name.s, "vector_", 7) == 0;
    bool scalars = name.n > 5 && memcmp(name.s, "gist_", 5) == 0;
    return trigrams ? "pg_trgm" : scalars ? "btree_gist" : vectors ? "vector" : NULL;
}

void rule_class_name(struct resolver *r, struct str method,
                     const struct ast_qname *name)
{
    struct suggest suggest = suggest_for(name->name.text), order = suggest;
    struct str schema = name->schema.text;
    unsigned bit = method_bit(method);
    bool own = schema.n && !str_eq_c(schema, "pg_catalog");
    if (!bit || own || find_class(name->name.text, bit, &suggest)) {
        return;
    }
    bool misspelt = schema.n == 0 && !name->name.quoted && offer_order(&order);
    if (!misspelt && r->model->extensions.n) {
        return;
    }
    struct diag *diag = diag_error(r->diags, E_unknown_class, name->span,
                                   "index method \"%.*s\" has no operator class "
                                   "\"%.*s\"",
                                   STR_ARGS(method), STR_ARGS(name->name.text));
    const char *extension = extension_of(name->name.text);
    struct str best = misspelt ? order.best : suggest.best;
    if (extension) {
        diag_hint(r->diags, diag, "it is of the extension %s, which is not declared",
                  extension);
    } else if (best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(best));
    }
}
