/* variants.c: every text of a statement, with its types. */
#include "tests/support/variants.h"

#include <stdlib.h>

#include "base/bug.h"
#include "sql/write.h"

/* ---- types ---- */

struct enum_oids {
    Oid oid, array_oid;
};

static Oid oid_at(const PGresult *result, int column)
{
    return PQntuples(result) == 1
               ? (Oid)strtoul(PQgetvalue(result, 0, column), NULL, 10)
               : 0;
}

static const struct enum_oids *enum_oids(struct test_variants *walk,
                                         const struct model_enum *type)
{
    struct buf name = { 0 };
    write_enum_name(&name, type);
    struct enum_oids *known = map_find(&walk->enums, buf_view(&name));
    if (!known) {
        const char *const params[] = { name.s };
        PGresult *result = PQexecParams(walk->conn,
                                        "select oid, typarray from pg_type where oid = "
                                        "to_regtype($1::text)",
                                        1, NULL, params, NULL, NULL, 0);
        known = arena_new(walk->arena, struct enum_oids);
        *known = (struct enum_oids){ oid_at(result, 0), oid_at(result, 1) };
        PQclear(result);
        map_add(&walk->enums, walk->arena, buf_dup(&name, walk->arena), known);
    }
    buf_release(&name);
    return known;
}

static Oid wire_oid(struct test_variants *walk, const struct model_type *type,
                    bool many)
{
    struct write_form form = write_form(type);
    bool array = form.array || many;
    if (form.wire.kind == MODEL_ENUM) {
        const struct enum_oids *oids = enum_oids(walk, form.wire.enum_);
        return array ? oids->array_oid : oids->oid;
    }
    if (form.wire.kind != MODEL_BUILTIN)
        BUG("a type that does not travel");
    return array ? form.wire.builtin->array_oid : form.wire.builtin->oid;
}

static void add_param(struct test_variant *variant, Oid oid)
{
    variant->lost_type = variant->lost_type || oid == 0;
    variant->params[variant->nparams++] = oid;
}

static void add_result(struct test_variant *variant, Oid oid)
{
    variant->lost_type = variant->lost_type || oid == 0;
    variant->results[variant->nresults++] = oid;
}

/* ---- statements made of pieces ---- */

static void add_types(struct test_variants *walk, struct test_variant *variant)
{
    const struct stmt *stmt = variant->stmt;
    for (size_t i = 0; i < stmt->params.n; i++)
        add_param(variant, wire_oid(walk, &stmt->params.items[i].type,
                                    stmt->params.items[i].array));
    for (size_t i = 0; i < stmt->results.n; i++)
        add_result(variant, wire_oid(walk, &stmt->results.items[i].type, false));
}

static uint32_t gates(const struct stmt *stmt)
{
    uint32_t all = stmt->cursor_bit < 0 ? 0 : UINT32_C(1) << stmt->cursor_bit;
    for (size_t i = 0; i < stmt->params.n; i++) {
        if (stmt->params.items[i].gate_bit >= 0)
            all |= UINT32_C(1) << stmt->params.items[i].gate_bit;
    }
    return all;
}

static struct test_variant *variant_of(const struct stmt *stmt)
{
    struct test_variant *variant = calloc(1, sizeof *variant);
    if (!variant)
        out_of_memory();
    variant->stmt = stmt;
    return variant;
}

static void give_bits(struct test_variants *walk, const struct stmt *stmt,
                      uint64_t bits)
{
    struct test_variant *variant = variant_of(stmt);
    variant->whole = (bits & gates(stmt)) == gates(stmt);
    variant->text = stmt_text(walk->arena, stmt, (struct stmt_variant){ .bits = bits });
    add_types(walk, variant);
    walk->each(walk->context, variant);
    free(variant);
}

/* Every pick of every choice from the one at `at` on. */
static void give_picks(struct test_variants *walk, const struct stmt *stmt, size_t at,
                       uint64_t bits)
{
    if (at == stmt->choices.n) {
        give_bits(walk, stmt, bits);
        return;
    }
    const struct stmt_choice *choice = &stmt->choices.items[at];
    for (uint64_t pick = 0; pick < choice->declared->choices.n; pick++)
        give_picks(walk, stmt, at + 1, bits | pick << (32 + 8 * choice->index));
}

/* Every subset of the gates: the usual trick of counting down within a mask. */
static void give_pieces(struct test_variants *walk, const struct stmt *stmt)
{
    uint32_t all = gates(stmt), bits = all;
    for (;;) {
        give_picks(walk, stmt, 0, bits);
        if (!bits)
            break;
        bits = (bits - 1) & all;
    }
    for (size_t i = 0; i < stmt->relations.n; i++)
        give_pieces(walk, stmt->relations.items[i].child);
}

/* ---- statements made of the given columns ---- */

static void add_given(struct test_variants *walk, struct test_variant *variant,
                      const struct stmt_variant *given)
{
    const struct stmt *stmt = variant->stmt;
    bool many = stmt->kind == STMT_INSERT_MANY || stmt->kind == STMT_UPSERT_MANY;
    for (size_t i = 0; i < stmt->params.n; i++)
        add_param(variant, wire_oid(walk, &stmt->params.items[i].type, false));
    for (size_t i = 0; i < stmt->table->columns.n; i++) {
        const struct model_type *type = &stmt->table->columns.items[i]->type;
        if (!given->columns[i])
            continue;
        bool text = many && write_form(type).array;
        add_param(variant,
                  text ? type_info(TYPE_TEXT)->array_oid : wire_oid(walk, type, many));
    }
    if (stmt->head.n) {
        add_result(variant, type_info(TYPE_BOOL)->oid);
        add_result(variant, type_info(TYPE_BOOL)->oid);
    }
    bool rows = given->returning || stmt->head.n;
    for (size_t i = 0; rows && i < stmt->results.n; i++)
        add_result(variant, wire_oid(walk, &stmt->results.items[i].type, false));
}

static void give_columns(struct test_variants *walk, const struct stmt *stmt,
                         const struct stmt_variant *given, bool whole)
{
    struct test_variant *variant = variant_of(stmt);
    variant->whole = whole && given->returning;
    variant->text = stmt_text(walk->arena, stmt, *given);
    variant->copy = stmt->kind == STMT_LOAD;
    if (!variant->copy)
        add_given(walk, variant, given);
    walk->each(walk->context, variant);
    free(variant);
}

/* None, each alone, all. */
static void give_sets(struct test_variants *walk, const struct stmt *stmt,
                      bool returning)
{
    size_t n = stmt->table->columns.n;
    bool *one = arena_array(walk->arena, bool, n);
    bool *all = arena_array(walk->arena, bool, n);
    struct stmt_variant given = { .columns = one, .returning = returning };
    if (stmt->kind == STMT_INSERT || stmt->kind == STMT_UPSERT)
        give_columns(walk, stmt, &given, false);
    for (size_t i = 0; i < n; i++) {
        struct stmt_column column = stmt_column(walk->arena,
                                                stmt->table->columns.items[i]);
        all[i] = stmt->kind == STMT_UPDATE ? column.updatable : column.insertable;
        one[i] = all[i];
        if (one[i])
            give_columns(walk, stmt, &given, false);
        one[i] = false;
    }
    given.columns = all;
    give_columns(walk, stmt, &given, true);
}

void test_each_variant(struct test_variants *walk, const struct stmt *stmt)
{
    enum stmt_deed deed = stmt_deed(stmt->kind);
    if (deed != STMT_ADDS && deed != STMT_UPSERTS && deed != STMT_CHANGES) {
        give_pieces(walk, stmt);
        return;
    }
    give_sets(walk, stmt, false);
    give_sets(walk, stmt, true);
}
