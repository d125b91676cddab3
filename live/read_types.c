/* read_types.c: enums and domains. Must not know of tables. */
#include "clean.h"
#include "queries.h"
#include "read.h"

static const struct item_columns OF_OBJECT = { 0, 2, 3 };

static struct shape_schema *schema_of(struct reader *r, const struct rows *rows,
                                      size_t row)
{
    return map_find(&r->shape->schemas_by_oid, rows_cell(rows, row, 1));
}

/* ---- enums --------------------------------------------------------------------------- */

static void add_enum(struct reader *r, const struct rows *rows, size_t row,
                     struct map *by_oid)
{
    struct shape_enum *type = arena_new(r->arena, struct shape_enum);
    struct shape_schema *schema = schema_of(r, rows, row);
    read_named(r, rows, row, OF_OBJECT, &type->item);
    read_item(r, &type->item, ITEM_ENUM, &schema->item);
    VEC_PUSH(r->arena, &schema->enums, type);
    (void)map_add(by_oid, r->arena, rows_cell(rows, row, 0), type);
}

static void add_label(struct reader *r, const struct rows *rows, size_t row,
                      const struct map *by_oid)
{
    struct shape_enum *type = map_find(by_oid, rows_cell(rows, row, 0));
    if (type == NULL) {
        return;
    }
    struct shape_label *label = arena_new(r->arena, struct shape_label);
    label->item.name = rows_cell(rows, row, 1);
    read_item(r, &label->item, ITEM_LABEL, &type->item);
    VEC_PUSH(r->arena, &type->labels, label);
}

static const char *read_enums(struct reader *r)
{
    struct rows rows;
    struct map by_oid = { 0 };
    const char *error = rows_ask(r->arena, r->tx, query_enums, r->params, &rows);
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_enum(r, &rows, i, &by_oid);
    }
    if (error == NULL) {
        error = rows_ask(r->arena, r->tx, query_labels, r->params, &rows);
    }
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_label(r, &rows, i, &by_oid);
    }
    return error;
}

/* ---- domains -------------------------------------------------------------------------- */

static void add_domain(struct reader *r, const struct rows *rows, size_t row,
                       struct map *by_oid)
{
    struct shape_domain *domain = arena_new(r->arena, struct shape_domain);
    struct shape_schema *schema = schema_of(r, rows, row);
    read_named(r, rows, row, OF_OBJECT, &domain->item);
    read_item(r, &domain->item, ITEM_DOMAIN, &schema->item);
    domain->not_null = rows_bool(rows, row, 4);
    domain->default_ = rows_cell(rows, row, 5);
    domain->collate = rows_cell(rows, row, 6);
    domain->type = read_type(r, rows, row, 7);
    if (domain->type.why_not.n > 0) {
        shape_lose(r->shape, &domain->item, "its type %.*s",
                   STR_ARGS(domain->type.why_not));
    }
    VEC_PUSH(r->arena, &schema->domains, domain);
    (void)map_add(by_oid, r->arena, rows_cell(rows, row, 0), domain);
}

static void add_check(struct reader *r, const struct rows *rows, size_t row,
                      const struct map *by_oid)
{
    struct shape_domain *domain = map_find(by_oid, rows_cell(rows, row, 1));
    if (domain == NULL) {
        return;
    }
    struct shape_check *check = arena_new(r->arena, struct shape_check);
    read_named(r, rows, row, OF_OBJECT, &check->item);
    read_item(r, &check->item, ITEM_CONSTRAINT, &domain->item);
    const struct clean_scope scope = read_value_scope(&domain->type);
    check->expression = clean_sql(r->arena, rows_cell(rows, row, 4), &scope);
    VEC_PUSH(r->arena, &domain->checks, check);
    read_why_not(r, rows, row, 5, &check->item);
    if (check->item.doc.n > 0) {
        shape_list(
            r->shape, STR("comment"),
            str_of(arena_printf(r->arena, "constraint %.*s",
                                STR_ARGS(item_full_name(r->arena, &check->item)))),
            STR("a domain's checks have no doc comments"));
        check->item.doc = (struct str){ 0 };
    }
}

static const char *read_domains(struct reader *r)
{
    struct rows rows;
    struct map by_oid = { 0 };
    const char *error = rows_ask(r->arena, r->tx, query_domains, r->params, &rows);
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_domain(r, &rows, i, &by_oid);
    }
    if (error == NULL) {
        error = rows_ask(r->arena, r->tx, query_domain_checks, r->params, &rows);
    }
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_check(r, &rows, i, &by_oid);
    }
    return error;
}

const char *read_types(struct reader *r)
{
    const char *error = read_enums(r);
    return error != NULL ? error : read_domains(r);
}
