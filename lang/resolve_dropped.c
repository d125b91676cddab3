/* resolve_dropped.c: the hints that something is gone for good, into the model. Must not
 * judge them: rules_hint.c does. */
#include "resolver.h"

static const struct model_label *find_label(const struct model_enum *enum_,
                                            struct str name)
{
    for (size_t i = 0; i < enum_->labels.n; i++) {
        const struct model_label *label = &enum_->labels.items[i];
        if (str_eq(label->ident, name) || str_eq(label->name.name, name)) {
            return label;
        }
    }
    return NULL;
}

static void drop_labels(struct resolver *r, const struct enum_work *work)
{
    struct model_enum *enum_ = work->enum_;
    for (size_t i = 0; i < work->ast->values.n; i++) {
        const struct ast_value *value = &work->ast->values.items[i];
        if (value->dropped) {
            const struct model_label *heir = find_label(enum_, value->dropped_as.text);
            struct model_gone_label gone = { value->name.text, heir };
            VEC_PUSH(r->arena, &enum_->dropped, gone);
        }
    }
}

static void drop_columns(struct resolver *r, const struct table_work *work)
{
    for (size_t i = 0; i < work->ast->members.n; i++) {
        const struct ast_member *member = &work->ast->members.items[i];
        if (member->kind == AST_MEMBER_DROPPED) {
            VEC_PUSH(r->arena, &work->table->dropped, member->dropped.text);
        }
    }
}

static enum model_object_kind kind_of(enum ast_decl_kind kind)
{
    switch (kind) {
    case AST_DECL_SCHEMA:
        return OBJECT_SCHEMA;
    case AST_DECL_TABLE:
        return OBJECT_TABLE;
    case AST_DECL_ENUM:
        return OBJECT_ENUM;
    case AST_DECL_DOMAIN:
        return OBJECT_DOMAIN;
    case AST_DECL_SEQUENCE:
        return OBJECT_SEQUENCE;
    case AST_DECL_EXTENSION:
    case AST_DECL_QUERY:
    case AST_DECL_DROPPED:
        break;
    }
    BUG("a kind of object that cannot be dropped");
}

static void drop_object(struct resolver *r, const struct dropped_work *work)
{
    struct model_dropped dropped = { .kind = kind_of(work->ast->kind),
                                     .name = work->ast->name.name.text };
    if (dropped.kind != OBJECT_SCHEMA) {
        struct str written = work->ast->name.schema.text;
        dropped.schema = work->scope ? work->scope->schema->name.name
                         : written.n ? written
                                     : STR("public");
    }
    VEC_PUSH(r->arena, &r->model->dropped, dropped);
}

void resolve_dropped(struct resolver *r)
{
    for (size_t i = 0; i < r->enums.n; i++) {
        drop_labels(r, r->enums.items[i]);
    }
    for (size_t i = 0; i < r->tables.n; i++) {
        drop_columns(r, r->tables.items[i]);
    }
    for (size_t i = 0; i < r->dropped.n; i++) {
        drop_object(r, &r->dropped.items[i]);
    }
}
