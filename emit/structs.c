/* structs.c: the structs of a table's rows and of a function's arguments, rows and
 * cursors, and the constants of constraints. Must not know what the functions do. */
#include "../sql/write.h"
#include "names.h"
#include "unit.h"

/* C has no empty struct. */
static const char no_member[] = "    char sc__none; /* no column can be given */\n";

/* "TYPE NAME;" with its documentation. */
static void put_member(struct writer *w, struct arena *arena, struct str type,
                       struct str name)
{
    struct str code = form_declare(arena, type, name);
    WRITE(w, "${code};\n", { "code", code });
}

static void put_documented(struct writer *w, struct arena *arena, struct str declared,
                           struct str doc)
{
    w->indent++;
    write_documented(w, name_join(arena, declared, STR(";"), STR("")), doc);
    w->indent--;
}

/* ---- a table ---------------------------------------------------------------------- */

static void emit_row_struct(struct writer *w, const struct unit *unit)
{
    write_blank(w);
    write_doc(w, doc_row(unit));
    WRITE(w, "struct ${row} {\n", { "row", name_global(unit->arena, unit->base, "") });
    for (size_t i = 0; i < unit->ncolumns; i++) {
        const struct unit_column *column = &unit->columns[i];
        put_documented(w, unit->arena,
                       form_declare(unit->arena, column->row_type, column->member),
                       doc_row_member(unit, column));
    }
    write_lines(w, unit->ncolumns ? "};\n"
                                  : "    char sc__none; /* the table has no column */\n"
                                    "};\n");
}

static void emit_new_struct(struct writer *w, const struct unit *unit)
{
    size_t n = 0;
    write_blank(w);
    write_doc(w,
              STR("A row to insert. Zeroed members are left out. Pointers are plain; "
                  "the others are SC(value) or SC_NULL."));
    WRITE(w, "struct ${new} {\n",
          { "new", name_global(unit->arena, unit->base, "_new") });
    for (size_t i = 0; i < unit->ncolumns; i++) {
        const struct unit_column *column = &unit->columns[i];
        if (column->new_type.n) {
            n++;
            put_documented(w, unit->arena,
                           form_declare(unit->arena, column->new_type, column->member),
                           doc_new_member(unit, column));
        }
    }
    write_lines(w, n ? "" : no_member);
    write_lines(w, "};\n");
}

static void emit_patch_struct(struct writer *w, const struct unit *unit)
{
    write_blank(w);
    write_doc(
        w, STR("What to change: SC(value) or SC_NULL; zeroed members are left alone. "
               "One that gives nothing is SC_MISUSE."));
    WRITE(w, "struct ${patch} {\n",
          { "patch", name_global(unit->arena, unit->base, "_patch") });
    for (size_t i = 0; i < unit->ncolumns; i++) {
        const struct unit_column *column = &unit->columns[i];
        if (column->patch_type.n) {
            put_documented(
                w, unit->arena,
                form_declare(unit->arena, column->patch_type, column->member),
                doc_patch_member(unit, column));
        }
    }
    write_lines(w, "};\n");
}

void emit_table_structs(struct writer *w, const struct unit *unit)
{
    emit_row_struct(w, unit);
    if (unit->has_new) {
        emit_new_struct(w, unit);
    }
    if (unit->has_patch) {
        emit_patch_struct(w, unit);
    }
}

/* ---- constraints ------------------------------------------------------------------ */

static void put_constant(struct writer *w, const struct unit *unit, struct str name,
                         struct str sql_name, struct str doc)
{
    uint32_t id = name_constraint_id(unit->table, sql_name);
    struct str code = str_of(
        arena_printf(unit->arena, "%.*s = 0x%08x,", STR_ARGS(name), (unsigned)id));
    w->indent++;
    write_documented(w, code, doc);
    w->indent--;
}

void emit_constraints(struct writer *w, const struct unit *unit)
{
    const struct model_table *table = unit->table;
    size_t nunique = 0;
    for (size_t i = 0; i < table->indexes.n; i++) {
        nunique += table->indexes.items[i]->unique;
    }
    if (table->constraints.n + nunique == 0) {
        return;
    }
    write_lines(w,
                "\n/** What err->constraint says when one of them is violated. */\n");
    WRITE(w, "enum ${tag} {\n",
          { "tag", name_global(unit->arena, unit->base, "_constraint") });
    for (size_t i = 0; i < table->constraints.n; i++) {
        const struct model_constraint *constraint = table->constraints.items[i];
        put_constant(w, unit, name_constraint(unit->arena, constraint),
                     constraint->name.name, doc_constraint(unit, constraint));
    }
    for (size_t i = 0; i < table->indexes.n; i++) {
        const struct model_index *index = table->indexes.items[i];
        if (index->unique) {
            put_constant(w, unit, name_index(unit->arena, index), index->name.name,
                         doc_index(unit, index));
        }
    }
    write_lines(w, "};\n");
}

/* ---- a function ------------------------------------------------------------------- */

static void emit_choice(struct writer *w, const struct unit *unit,
                        const struct func *func, const struct stmt_choice *choice)
{
    struct arena *arena = unit->arena;
    const struct model_param *declared = choice->declared;
    WRITE(w,
          "\n"
          "/** What ${func} may be asked for. */\n"
          "enum ${tag} {\n",
          { "func", func->name }, { "tag", func_choice(arena, func, choice) });
    w->indent++;
    for (size_t i = 0; i < declared->choices.n; i++) {
        struct str end = i + 1 < declared->choices.n ? STR(",") : STR("");
        struct str pick = func_pick(arena, func, choice, i);
        struct buf sql = { 0 };
        write_sql(&sql, &declared->choices.items[i].sql);
        write_documented(w, name_join(arena, pick, i ? STR("") : STR(" = 0"), end),
                         sql.n ? buf_view(&sql) : STR("nothing"));
        buf_release(&sql);
    }
    w->indent--;
    write_lines(w, "};\n");
    if (choice->declared->optional) {
        WRITE(w, "SC_MAYBE(${maybe}, enum ${tag});\n",
              { "maybe", func_maybe_choice(arena, func, choice) },
              { "tag", func_choice(arena, func, choice) });
    }
}

static void emit_args(struct writer *w, const struct unit *unit,
                      const struct func *func)
{
    WRITE(w,
          "\n"
          "/** The arguments of ${func}. */\n"
          "struct ${args} {\n",
          { "func", func->name }, { "args", func_name(unit->arena, func, "_args") });
    for (size_t i = 0; i < func->ninputs; i++) {
        const struct func_input *input = &func->inputs[i];
        put_documented(w, unit->arena,
                       form_declare(unit->arena, input->type, input->name),
                       doc_input(unit, input));
    }
    write_lines(w, "};\n");
}

static void emit_fields(struct writer *w, const struct unit *unit,
                        const struct func *func)
{
    const struct stmt *stmt = func->stmt;
    for (size_t i = 0; i < stmt->results.n; i++) {
        const struct stmt_result *result = &stmt->results.items[i];
        struct form form = form_of(unit->arena, &result->type, false);
        struct str type = result->nullable ? form_nullable(&form) : form.plain;
        struct str doc = name_join(unit->arena, form_sql(unit->arena, &result->type),
                                   result->nullable ? STR(" or NULL") : STR(""),
                                   result->secret ? STR(", secret") : STR(""));
        put_documented(
            w, unit->arena,
            form_declare(unit->arena, type, name_local(unit->arena, result->name)),
            doc);
    }
}

static void emit_lists(struct writer *w, const struct unit *unit,
                       const struct func *func)
{
    struct arena *arena = unit->arena;
    struct str own = name_global(arena, name_table(arena, func->stmt->table), "");
    w->indent++;
    put_member(w, arena, name_join(arena, STR("struct "), own, STR("")),
               func_own_member(arena, func));
    w->indent--;
    for (size_t i = 0; i < func->stmt->relations.n; i++) {
        const struct stmt_relation *relation = &func->stmt->relations.items[i];
        struct str child = name_table(arena, relation->child->table);
        WRITE(w,
              "    struct {\n"
              "        struct ${child} *items; /**< NULL when there is none */\n"
              "        size_t count;\n"
              "    } ${name};\n",
              { "child", name_global(arena, child, "") },
              { "name", name_local(arena, relation->name) });
    }
}

static void emit_own_row(struct writer *w, const struct unit *unit,
                         const struct func *func)
{
    struct str release = name_global(unit->arena, func->row_base, "_free");
    write_blank(w);
    write_doc(
        w, str_of(arena_printf(unit->arena,
                               "A row of %.*s. Free it, or a list of them, with %.*s.",
                               STR_ARGS(func->name), STR_ARGS(release))));
    WRITE(w, "struct ${row} {\n", { "row", func->row });
    if (func->nested) {
        emit_lists(w, unit, func);
    } else {
        emit_fields(w, unit, func);
    }
    write_lines(w, "};\n");
}

static void emit_cursor(struct writer *w, const struct unit *unit,
                        const struct func *func)
{
    WRITE(w,
          "\n"
          "/** Where a page of ${func} ended. Texts in it are borrowed. */\n"
          "struct ${cursor} {\n",
          { "func", func->name },
          { "cursor", func_name(unit->arena, func, "_cursor") });
    w->indent++;
    for (size_t i = 0; i < func->norder; i++) {
        put_member(w, unit->arena, func->order[i].form.plain, func->order[i].member);
    }
    w->indent--;
    write_lines(w, "};\n");
}

void emit_func_structs(struct writer *w, const struct unit *unit,
                       const struct func *func)
{
    for (size_t i = 0; i < func->stmt->choices.n; i++) {
        emit_choice(w, unit, func, &func->stmt->choices.items[i]);
    }
    if (func->args) {
        emit_args(w, unit, func);
    }
    if (func->own_row) {
        emit_own_row(w, unit, func);
    }
    if (func->page) {
        emit_cursor(w, unit, func);
    }
}
