/* unit.c: see unit.h: decides what stands in a pair of files. Must not write C. */
#include "unit.h"
#include "names.h"

static void decide_column(struct arena *arena, const struct model_column *column,
                          struct unit_column *out)
{
    out->column = column;
    out->sql = stmt_column(arena, column);
    out->member = name_local(arena, name_of(&column->name));
    out->form = form_of(arena, &column->type, false);
    out->row_type = column->nullable ? form_nullable(&out->form) : out->form.plain;
    bool null_is_a_choice = column->nullable && out->sql.has_default;
    out->plain_new = out->sql.insertable && out->form.own_null && !null_is_a_choice;
    if (out->sql.insertable) {
        out->new_type = out->plain_new ? out->form.plain : out->form.maybe;
    }
    if (out->sql.updatable) {
        out->patch_type = out->form.maybe;
    }
}

static void decide_columns(struct unit *unit)
{
    const struct model_table *table = unit->table;
    unit->ncolumns = table->columns.n;
    unit->columns = arena_array(unit->arena, struct unit_column, table->columns.n + 1);
    for (size_t i = 0; i < table->columns.n; i++) {
        decide_column(unit->arena, table->columns.items[i], &unit->columns[i]);
    }
}

struct unit unit_make(struct arena *arena, const struct emit_options *options,
                      struct unit_source source)
{
    struct unit unit = { .arena = arena,
                         .options = options,
                         .schema = source.schema,
                         .table = source.table };
    if (unit.table) {
        unit.base = name_table(arena, unit.table);
        unit.file = name_file(arena, unit.base);
        decide_columns(&unit);
    } else {
        unit.file = name_schema_file(arena, unit.schema, options->base);
    }
    unit.funcs = arena_array(arena, struct func, source.nstmts + 1);
    unit.nfuncs = source.nstmts;
    for (size_t i = 0; i < source.nstmts; i++) {
        unit.funcs[i] = func_decide(arena, source.stmts[i]);
        unit.has_new = unit.has_new || func_takes_values(source.stmts[i]);
        unit.has_patch = unit.has_patch || source.stmts[i]->kind == STMT_UPDATE;
    }
    return unit;
}

bool unit_is_needed(const struct unit_source *source)
{
    return source->table || source->nstmts || source->schema->enums.n;
}

struct str unit_enum_file(const struct unit *unit, const struct model_enum *enum_)
{
    return name_schema_file(unit->arena, enum_->schema, unit->options->base);
}

/* ---- enums ------------------------------------------------------------------------ */

static void collect(const struct unit *unit, struct unit_enums *enums,
                    const struct model_enum *enum_)
{
    for (size_t i = 0; i < enums->list.n; i++) {
        if (enums->list.items[i] == enum_) {
            return;
        }
    }
    if (enum_) {
        VEC_PUSH(unit->arena, &enums->list, enum_);
    }
}

static void collect_of_func(const struct unit *unit, struct unit_enums *enums,
                            const struct func *func)
{
    for (size_t i = 0; i < func->ninputs; i++) {
        collect(unit, enums, func->inputs[i].form.enum_);
    }
    for (size_t i = 0; i < func->norder; i++) {
        collect(unit, enums, func->order[i].form.enum_);
    }
    collect(unit, enums, func->value.enum_);
    const struct stmt *stmt = func->stmt;
    for (size_t i = 0; func->own_row && !func->nested && i < stmt->results.n; i++) {
        collect(unit, enums,
                form_of(unit->arena, &stmt->results.items[i].type, false).enum_);
    }
}

void unit_collect_enums(const struct unit *unit, struct unit_enums *enums)
{
    for (size_t i = 0; i < unit->ncolumns; i++) {
        collect(unit, enums, unit->columns[i].form.enum_);
    }
    for (size_t i = 0; i < unit->nfuncs; i++) {
        collect_of_func(unit, enums, &unit->funcs[i]);
    }
}
