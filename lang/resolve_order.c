/* resolve_order.c: the order of creation: what is referred to before what refers, else
 * source order. Must not look at anything but references. */
#include "resolver.h"

static void put(struct resolver *r, enum model_object_kind kind, void *object)
{
    VEC_PUSH(r->arena, &r->model->order, (struct model_object){ kind, object });
}

/* A table on the way down: its next foreign key to look at. */
struct visit {
    struct table_work *work;
    size_t next;
};

/* Depth first over foreign keys, with a stack of its own: chains may be as long as there
 * are tables. state: 1 on the stack, 2 placed. */
static void place_table(struct resolver *r, struct table_work *root)
{
    VEC(struct visit) stack = { 0 };
    root->state = 1;
    VEC_PUSH(r->arena, &stack, (struct visit){ root, 0 });
    while (stack.n) {
        struct visit *top = &stack.items[stack.n - 1];
        struct model_table *table = top->work->table;
        if (top->next == table->foreign_keys.n) {
            top->work->state = 2;
            put(r, OBJECT_TABLE, table);
            stack.n--;
            continue;
        }
        struct model_constraint *key = table->foreign_keys.items[top->next++];
        struct table_work *target = work_of(r, key->target);
        if (target->state == 0) {
            target->state = 1;
            VEC_PUSH(r->arena, &stack, (struct visit){ target, 0 });
        } else if (target->state == 1 && target != top->work) {
            VEC_PUSH(r->arena, &r->model->late, key);
        }
    }
}

void resolve_order(struct resolver *r)
{
    for (size_t i = 0; i < r->model->schemas.n; i++) {
        struct model_schema *schema = r->model->schemas.items[i];
        if (!str_eq_c(schema->name.name, "public")) {
            put(r, OBJECT_SCHEMA, schema);
        }
    }
    for (size_t i = 0; i < r->model->extensions.n; i++) {
        put(r, OBJECT_EXTENSION, r->model->extensions.items[i]);
    }
    for (size_t i = 0; i < r->enums.n; i++) {
        put(r, OBJECT_ENUM, r->enums.items[i]->enum_);
    }
    for (size_t i = 0; i < r->domain_order.n; i++) {
        put(r, OBJECT_DOMAIN, r->domain_order.items[i]);
    }
    for (size_t i = 0; i < r->sequences.n; i++) {
        put(r, OBJECT_SEQUENCE, r->sequences.items[i]->sequence);
    }
    for (size_t i = 0; i < r->tables.n; i++) {
        if (r->tables.items[i]->state == 0) {
            place_table(r, r->tables.items[i]);
        }
    }
}
