/* rules_index.c: what an index can hold: types that its method knows, functions that do not
 * change. Must not change the model. */
#include "resolver.h"

/* Source: provolatile in src/include/catalog/pg_proc.dat, version 15; the most usual. */
void rule_immutable(struct resolver *r, const struct model_sql *sql, const char *where)
{
    static const char *const words[] = { "current_date",      "current_time",
                                         "current_timestamp", "localtime",
                                         "localtimestamp",    "current_user",
                                         "session_user",      "current_role" };
    static const char *const functions[] = { "now",
                                             "clock_timestamp",
                                             "statement_timestamp",
                                             "transaction_timestamp",
                                             "timeofday",
                                             "random",
                                             "gen_random_uuid",
                                             "nextval",
                                             "currval",
                                             "concat",
                                             "concat_ws",
                                             "to_char",
                                             "to_date",
                                             "to_json",
                                             "to_jsonb",
                                             "current_setting",
                                             "array_to_string" };
    enum {
        WORDS = sizeof words / sizeof *words,
        FUNCTIONS = sizeof functions / sizeof *functions
    };
    struct scan scan = scan_sql(sql);
    for (size_t i = 0; i < scan.n; i++) {
        bool call = scan_is_kind(scan, i + 1, TOKEN_LPAREN);
        bool own = i > 0 && scan_is_kind(scan, i - 1, TOKEN_DOT);
        const char *const *names = call ? functions : words;
        for (size_t k = 0; k < (call ? (size_t)FUNCTIONS : (size_t)WORDS); k++) {
            if (!own && scan_is_word(scan, i, names[k])) {
                (void)diag_error(r->diags, E_not_immutable, scan.tokens[i].span,
                                 "%s cannot use %s, which is not immutable", where,
                                 names[k]);
                return;
            }
        }
    }
}

enum { GIN = 1, GIST = 2, SPGIST = 4 };
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

/* An extension (btree_gin, btree_gist, pg_trgm, ...) may bring more. */
void rule_operator_class(struct resolver *r, struct str method,
                         const struct model_element *element, struct span span)
{
    unsigned wanted = str_eq_c(method, "gin")      ? GIN
                      : str_eq_c(method, "gist")   ? GIST
                      : str_eq_c(method, "spgist") ? SPGIST
                                                   : 0;
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
