/* rules_storage.c: the parameters of `with (..)`. Must not know their values.
 *
 * Source: src/backend/access/common/reloptions.c, versions 15 to 18. */
#include "resolver.h"

enum { TABLE = 1, BTREE = 2, HASH = 4, GIST = 8, SPGIST = 16, GIN = 32, BRIN = 64 };

static const struct {
    const char *name;
    unsigned of;
} parameters[] = {
    { "fillfactor", TABLE | BTREE | HASH | GIST | SPGIST },
    { "deduplicate_items", BTREE },
    { "vacuum_cleanup_index_scale_factor", BTREE },
    { "buffering", GIST },
    { "fastupdate", GIN },
    { "gin_pending_list_limit", GIN },
    { "pages_per_range", BRIN },
    { "autosummarize", BRIN },
    { "oids", TABLE },
    { "toast_tuple_target", TABLE },
    { "parallel_workers", TABLE },
    { "user_catalog_table", TABLE },
    { "vacuum_index_cleanup", TABLE },
    { "vacuum_truncate", TABLE },
    { "vacuum_max_eager_freeze_failure_rate", TABLE },
    { "autovacuum_enabled", TABLE },
    { "autovacuum_vacuum_threshold", TABLE },
    { "autovacuum_vacuum_max_threshold", TABLE },
    { "autovacuum_vacuum_scale_factor", TABLE },
    { "autovacuum_vacuum_insert_threshold", TABLE },
    { "autovacuum_vacuum_insert_scale_factor", TABLE },
    { "autovacuum_analyze_threshold", TABLE },
    { "autovacuum_analyze_scale_factor", TABLE },
    { "autovacuum_vacuum_cost_delay", TABLE },
    { "autovacuum_vacuum_cost_limit", TABLE },
    { "autovacuum_freeze_min_age", TABLE },
    { "autovacuum_freeze_max_age", TABLE },
    { "autovacuum_freeze_table_age", TABLE },
    { "autovacuum_multixact_freeze_min_age", TABLE },
    { "autovacuum_multixact_freeze_max_age", TABLE },
    { "autovacuum_multixact_freeze_table_age", TABLE },
    { "log_autovacuum_min_duration", TABLE },
};

/* 0: a method that only an extension can bring. */
static unsigned kind_of(struct str method)
{
    static const char *const methods[] = { "btree",  "hash", "gist",
                                           "spgist", "gin",  "brin" };
    if (method.n == 0) {
        return TABLE;
    }
    for (unsigned i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (str_eq_c(method, methods[i])) {
            return (unsigned)BTREE << i;
        }
    }
    return 0;
}

static void check_name(struct resolver *r, unsigned kind, struct str method,
                       const struct token *token)
{
    struct str name = token_value(r->arena, token);
    struct suggest suggest = suggest_for(name);
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        if (!(parameters[i].of & kind)) {
            continue;
        }
        if (str_eq_c(name, parameters[i].name)) {
            return;
        }
        suggest_offer(&suggest, str_of(parameters[i].name));
    }
    struct diag *diag = diag_error(r->diags, E_unknown_storage, token->span,
                                   "%s%.*s has no parameter \"%.*s\"",
                                   kind == TABLE ? "a table" : "an index using ",
                                   STR_ARGS(method), STR_ARGS(name));
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    }
}

void rule_storage(struct resolver *r, struct str method, const struct ast_sql *with)
{
    unsigned kind = kind_of(method);
    for (size_t i = 0; kind && i < with->ntokens; i++) {
        const struct token *token = &with->tokens[i];
        bool name = token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED;
        bool first = i == 0 || with->tokens[i - 1].kind == TOKEN_COMMA;
        /* toast.autovacuum_enabled, and namespaces of extensions. */
        bool qualified = i + 1 < with->ntokens && with->tokens[i + 1].kind == TOKEN_DOT;
        if (name && first && !qualified) {
            check_name(r, kind, method, token);
        }
    }
}
