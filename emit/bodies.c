/* bodies.c: bodies of functions: static descriptors and one call of the runtime. Must not
 * know what documentation says. */
#include "body.h"
#include "names.h"

static struct str joined(struct arena *arena, const char *before, struct str middle,
                         const char *after)
{
    return name_join(arena, str_of(before), middle, str_of(after));
}

struct str body_number(struct arena *arena, size_t n)
{
    return str_of(arena_printf(arena, "%zu", n));
}

/* A longer name leaves no room behind it. */
enum { MOST_OF_A_NAME = 24 };

/* ---- parameters ------------------------------------------------------------------- */

/* How the body reaches the C form of a parameter. */
static struct str reach_param(struct arena *arena, const struct func *func, size_t i)
{
    const struct stmt_param *param = &func->stmt->params.items[i];
    for (size_t k = 0; k < func->ninputs; k++) {
        if (func->inputs[k].param == param) {
            return joined(arena, "&", func_reach(arena, func, &func->inputs[k]), "");
        }
    }
    if (func->page && i + 1 < func->stmt->params.n) {
        struct str member = func->order[i - func->stmt->cursor_at].member;
        return joined(arena, "after ? &after->", member, " : NULL");
    }
    return STR("&limit");
}

void body_params(struct writer *w, const struct unit *unit, const struct func *func)
{
    size_t n = func->stmt->params.n;
    if (n == 0) {
        return;
    }
    struct str *items = arena_array(unit->arena, struct str, n);
    for (size_t i = 0; i < n; i++) {
        items[i] = reach_param(unit->arena, func, i);
    }
    write_wrapped(w, (struct write_list){ STR("const void *const params[] = { "), items,
                                          n, " };" });
}

void body_types(struct writer *w, const struct unit *unit, const struct func *func,
                struct str name)
{
    const stmt_params *params = &func->stmt->params;
    struct str *items = arena_array(unit->arena, struct str, params->n + 1);
    struct buf type = { 0 };
    for (size_t i = 0; i < params->n; i++) {
        const struct stmt_param *param = &params->items[i];
        struct form form = form_of(unit->arena, &param->type, param->array);
        bool nullable = param->nullable;
        const char *flags = nullable && param->secret ? "SC__NULLABLE | SC__SECRET"
                            : nullable                ? "SC__NULLABLE"
                            : param->secret           ? "SC__SECRET"
                                                      : "";
        buf_clear(&type);
        emit_type(&type, unit->arena, &form, flags);
        items[i] = buf_dup(&type, unit->arena);
    }
    buf_release(&type);
    if (params->n) {
        struct str head = joined(unit->arena, "static const struct sc__type ", name,
                                 "[] = { ");
        bool is_long = name.n > MOST_OF_A_NAME;
        if (is_long) {
            WRITE(w, "static const struct sc__type ${name}[] = {\n", { "name", name });
        }
        w->indent += is_long;
        write_wrapped(w, (struct write_list){ is_long ? STR("") : head, items,
                                              params->n, is_long ? "," : " };" });
        w->indent -= is_long;
        write_lines(w, is_long ? "};\n" : "");
    }
}

/* ---- the variant ------------------------------------------------------------------ */

static struct str given(struct arena *arena, const struct func *func,
                        const struct func_input *input)
{
    struct str reach = func_reach(arena, func, input);
    if (input->maybe) {
        return joined(arena, "sc_has(", reach, ")");
    }
    return name_join(arena, reach,
                     str_of(input->form.present ? input->form.present : ""),
                     STR(" != NULL"));
}

/* What the input adds to the variant: at most two terms. */
static size_t variant_terms(struct arena *arena, const struct func *func,
                            const struct func_input *input, struct str terms[2])
{
    size_t n = 0;
    const struct model_param *declared = input->choice ? input->choice->declared : NULL;
    int bit = declared ? (declared->gates ? declared->gate_bit : -1)
                       : input->param->gate_bit;
    if (bit >= 0) {
        struct str test = given(arena, func, input);
        terms[n++] = str_of(
            arena_printf(arena, "SC__GIVEN(%d, %.*s)", bit, STR_ARGS(test)));
    }
    if (input->choice) {
        struct str reach = func_reach(arena, func, input);
        terms[n++] = str_of(arena_printf(arena, "SC__PICK(%d, %.*s%s)",
                                         input->choice->index, STR_ARGS(reach),
                                         input->maybe ? ".value" : ""));
    }
    return n;
}

/* "variant", which is then a local, or "0". */
static const char *emit_variant(struct writer *w, const struct unit *unit,
                                const struct func *func)
{
    struct str *terms = arena_array(unit->arena, struct str, func->ninputs * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < func->ninputs; i++) {
        n += variant_terms(unit->arena, func, &func->inputs[i], terms + n);
    }
    if (func->page) {
        terms[n++] = str_of(arena_printf(unit->arena, "SC__GIVEN(%d, after != NULL)",
                                         func->stmt->cursor_bit));
    }
    for (size_t i = 0; i < n; i++) {
        WRITE(
            w, "${before}${term}${end}\n",
            { "before", i ? STR("                   | ") : STR("uint64_t variant = ") },
            { "term", terms[i] }, { "end", i + 1 < n ? STR("") : STR(";") });
    }
    return n ? "variant" : "0";
}

/* ---- a statement's descriptor -------------------------------------------------------- */

static const char *want_of(const struct func *func)
{
    switch (func->out) {
    case FUNC_NOTHING:
    case FUNC_STREAM:
        return "SC__WANT_TOUCH";
    case FUNC_ROW:
    case FUNC_ONE_VALUE:
        return func->stmt->want == STMT_WANT_MAYBE ? "SC__WANT_MAYBE" : "SC__WANT_ONE";
    case FUNC_ROWS:
    case FUNC_VALUES:
        return "SC__WANT_MANY";
    case FUNC_TOUCHED:
        return "SC__WANT_EXEC";
    case FUNC_VALUE:
        break;
    }
    return "SC__WANT_VALUE";
}

/* ", .flags = SC__WRITE", or nothing. */
struct str body_flags(struct arena *arena, const struct stmt *stmt)
{
    static const char *const before[] = { ", .flags = ", " | " };
    const char *const names[] = { stmt->writes ? "SC__WRITE" : NULL,
                                  stmt->secret ? "SC__TOUCHES_SECRET" : NULL,
                                  stmt->same_count ? "SC__SAME_COUNT" : NULL };
    struct str text = STR("");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i]) {
            text = name_join(arena, text, str_of(before[text.n > 0]), str_of(names[i]));
        }
    }
    return text;
}

/* What follows a piece's text. */
static struct str piece_end(struct arena *arena, const struct stmt_piece *piece)
{
    struct buf text = { 0 };
    if (piece->need) {
        buf_printf(&text, ", .need = 0x%x", (unsigned)piece->need);
    }
    if (piece->choice >= 0) {
        buf_printf(&text, ", .choice = %d, .pick = %d", piece->choice + 1, piece->pick);
    }
    buf_puts(&text, " },");
    struct str end = buf_dup(&text, arena);
    buf_release(&text);
    return end;
}

static void emit_pieces(struct writer *w, const struct unit *unit,
                        const struct stmt *stmt, struct str name)
{
    WRITE(w, "static const struct sc__piece ${name}[] = {\n", { "name", name });
    w->indent++;
    for (size_t i = 0; i < stmt->pieces.n; i++) {
        const struct stmt_piece *piece = &stmt->pieces.items[i];
        struct str end = piece_end(unit->arena, piece);
        write_string(w, "{ .sql = ", piece->sql, end.s);
    }
    w->indent--;
    write_lines(w, "};\n");
}

static void emit_value_row(struct writer *w, const struct unit *unit,
                           const struct func *func, struct str row)
{
    const struct stmt_result *result = &func->stmt->results.items[0];
    const char *flags = result->nullable ? "SC__NULLABLE" : "";
    struct str column = STR("column");
    struct buf type = { 0 };
    if (func->value_take) { /* at file scope */
        column = name_join(unit->arena, row, STR("_column"), STR(""));
    }
    emit_type(&type, unit->arena, &func->value, flags);
    WRITE(w,
          "static const struct sc__column ${column} = {\n"
          "    .name = \"value\", .type = ${type},\n"
          "};\n"
          "static const struct sc__row ${row} = {\n"
          "    .columns = &${column}, .ncolumns = 1, .size = sizeof(${form}),\n"
          "};\n",
          { "column", column }, { "row", row }, { "type", buf_view(&type) },
          { "form", func->value_type });
    buf_release(&type);
}

/* What a struct sc__stmt is made of beside its statement. */
struct described {
    struct str name;   /* of the descriptor, */
    struct str pieces; /* of its pieces */
    struct str types;  /* and of its parameters' */
    struct str label;
    struct str row; /* of the descriptor; n 0: none */
    const char *want;
};

static void emit_stmt(struct writer *w, const struct unit *unit,
                      const struct stmt *stmt, struct described as)
{
    bool pieces = stmt->pieces.n > 1;
    if (pieces) {
        emit_pieces(w, unit, stmt, as.pieces);
    }
    WRITE(w,
          "static const struct sc__stmt ${name} = {\n"
          "    .label = \"${label}\",\n",
          { "name", as.name }, { "label", as.label });
    w->indent++;
    if (pieces) {
        WRITE(w, ".pieces = ${pieces}, .npieces = ${n},\n", { "pieces", as.pieces },
              { "n", body_number(unit->arena, stmt->pieces.n) });
    } else {
        write_string(w, ".sql = ", stmt->pieces.items[0].sql, ",");
    }
    if (stmt->params.n) {
        WRITE(w, ".params = ${types}, .nparams = ${n},\n", { "types", as.types },
              { "n", body_number(unit->arena, stmt->params.n) });
    }
    if (as.row.n) {
        WRITE(w, ".row = &${row},\n", { "row", as.row });
    }
    WRITE(w, ".want = ${want}${flags},\n", { "want", str_of(as.want) },
          { "flags", body_flags(unit->arena, stmt) });
    w->indent--;
    write_lines(w, "};\n");
}

/* ---- what runs a statement ----------------------------------------------------------- */

/* "rows, n": its outputs as arguments. */
static struct str outputs_of(const struct func *func)
{
    switch (func->out) {
    case FUNC_NOTHING:
    case FUNC_STREAM:
        return STR("NULL, NULL");
    case FUNC_TOUCHED:
        return STR("NULL, n");
    case FUNC_ROWS:
        return STR("rows, n");
    case FUNC_VALUES:
        return STR("values, n");
    case FUNC_ROW:
        return STR("row, NULL");
    case FUNC_VALUE:
    case FUNC_ONE_VALUE:
        break;
    }
    return STR("");
}

void body_call(struct writer *w, const struct unit *unit, const struct func *func,
               struct body_call call)
{
    const struct str items[] = {
        STR("db"),
        joined(unit->arena, "&", call.descriptor, ""),
        str_of(emit_variant(w, unit, func)),
        func->stmt->params.n ? STR("params") : STR("NULL"),
        call.out,
        STR("err"),
    };
    struct str head = joined(unit->arena, "return ", call.function, "(");
    write_wrapped(w, (struct write_list){ head, items, 6, ");" });
}

static void emit_call(struct writer *w, const struct unit *unit,
                      const struct func *func, struct body_call call)
{
    call.out = outputs_of(func);
    if (!call.out.n) {
        call.out = joined(unit->arena, "", func->out_name, ", NULL");
    }
    body_params(w, unit, func);
    body_call(w, unit, func, call);
}

/* What F and F_stream share stands before both. */
static void emit_shared(struct writer *w, const struct unit *unit,
                        const struct func *func)
{
    struct arena *arena = unit->arena;
    struct described as = { .name = func_shared(arena, func, "_stmt"),
                            .pieces = func_shared(arena, func, "_pieces"),
                            .types = func_shared(arena, func, "_types"),
                            .label = func->name,
                            .row = func->row_descriptor,
                            .want = want_of(func) };
    body_types(w, unit, func, as.types);
    emit_stmt(w, unit, func->stmt, as);
    write_blank(w);
}

static void emit_described(struct writer *w, const struct unit *unit,
                           const struct func *func)
{
    struct described as = { .name = STR("stmt"),
                            .pieces = STR("pieces"),
                            .types = STR("types"),
                            .label = func->name,
                            .row = func->row_descriptor,
                            .want = want_of(func) };
    body_types(w, unit, func, as.types);
    if (func->value_type.n && !func->value_take) {
        as.row = STR("result");
        emit_value_row(w, unit, func, as.row);
    }
    emit_stmt(w, unit, func->stmt, as);
}

static void emit_run(struct writer *w, const struct unit *unit, const struct func *func)
{
    struct body_call call = { .function = STR("sc__run"), .descriptor = STR("stmt") };
    if (func->streams) {
        call.descriptor = func_shared(unit->arena, func, "_stmt");
    } else {
        emit_described(w, unit, func);
    }
    emit_call(w, unit, func, call);
}

/* ---- rows with lists ----------------------------------------------------------------- */

void body_key(struct writer *w, const struct unit *unit, const char *name, size_t i,
              const model_columns *columns)
{
    struct str *items = arena_array(unit->arena, struct str, columns->n + 1);
    for (size_t k = 0; k < columns->n; k++) {
        items[k] = body_number(unit->arena, columns->items[k]->index);
    }
    struct str head = str_of(
        arena_printf(unit->arena, "static const uint16_t sc__%s_%zu[] = { ", name, i));
    write_wrapped(w, (struct write_list){ head, items, columns->n, " };" });
}

static void emit_relation_list(struct writer *w, const struct unit *unit,
                               const struct func *func)
{
    write_lines(w, "static const struct sc__relation relations[] = {\n");
    for (size_t i = 0; i < func->stmt->relations.n; i++) {
        const struct stmt_relation *relation = &func->stmt->relations.items[i];
        WRITE(w,
              "    {\n"
              "        .stmt = &sc__list_${i},\n"
              "        .parent_key = sc__parent_${i}, .child_key = sc__child_${i}, "
              ".nkey = ${nkey},\n"
              "        .at = offsetof(struct ${row}, ${name}),\n"
              "    },\n",
              { "i", body_number(unit->arena, i) },
              { "nkey", body_number(unit->arena, relation->foreign_key->columns.n) },
              { "row", func->row },
              { "name", name_local(unit->arena, relation->name) });
    }
    write_lines(w, "};\n");
}

static void emit_nested(struct writer *w, const struct unit *unit,
                        const struct func *func)
{
    emit_described(w, unit, func);
    for (size_t i = 0; i < func->stmt->relations.n; i++) {
        const struct stmt_relation *relation = &func->stmt->relations.items[i];
        struct described as = {
            .name = str_of(arena_printf(unit->arena, "sc__list_%zu", i)),
            .pieces = str_of(arena_printf(unit->arena, "sc__pieces_%zu", i)),
            .types = STR("types"),
            .label = func->name,
            .row = func_table_row(unit->arena, relation->child->table),
            .want = "SC__WANT_MANY",
        };
        emit_stmt(w, unit, relation->child, as);
        body_key(w, unit, "parent", i, &relation->foreign_key->target_columns);
        body_key(w, unit, "child", i, &relation->foreign_key->columns);
    }
    emit_relation_list(w, unit, func);
    WRITE(w,
          "static const struct sc__nested nested = {\n"
          "    .stmt = &stmt, .relations = relations, .nrelations = ${n},\n"
          "    .size = sizeof(struct ${row}),\n"
          "};\n",
          { "n", body_number(unit->arena, func->stmt->relations.n) },
          { "row", func->row });
    emit_call(w, unit, func,
              (struct body_call){ .function = STR("sc__run_nested"),
                                  .descriptor = STR("nested") });
}

/* ---- a function ----------------------------------------------------------------------- */

static void emit_body(struct writer *w, const struct unit *unit,
                      const struct func *func)
{
    switch (func->stmt->kind) {
    case STMT_INSERT:
        body_insert(w, unit, func,
                    "return sc__run_insert(db, &insert, values, row, err);\n");
        return;
    case STMT_INSERT_MANY:
        body_insert(
            w, unit, func,
            "return sc__insert_many(db, &insert, values, sizeof *values, count, "
            "rows, n, err);\n");
        return;
    case STMT_LOAD:
        body_insert(
            w, unit, func,
            "return sc__load(db, &insert, values, sizeof *values, count, err);\n");
        return;
    case STMT_UPSERT:
        body_upsert(w, unit, func,
                    "return sc__run_upsert(db, &upsert, values, row, err);\n");
        return;
    case STMT_UPSERT_MANY:
        body_upsert(w, unit, func,
                    "return sc__upsert_many(db, &upsert, values, sizeof *values, "
                    "count, rows, n, err);\n");
        return;
    case STMT_SCAN:
        body_scan(w, unit, func);
        return;
    case STMT_UPDATE:
        body_update(w, unit, func);
        return;
    case STMT_RELATED:
    case STMT_RELATED_MANY:
    case STMT_QUERY:
        if (func->nested) {
            emit_nested(w, unit, func);
            return;
        }
        break;
    case STMT_GET:
    case STMT_BY_KEY:
    case STMT_GET_MANY:
    case STMT_MANY_BY_KEY:
    case STMT_EXISTS:
    case STMT_EXISTS_BY_KEY:
    case STMT_COUNT:
    case STMT_COUNT_BY:
    case STMT_LIST:
    case STMT_PAGE:
    case STMT_DELETE:
    case STMT_RESTORE:
    case STMT_PURGE:
        break;
    }
    emit_run(w, unit, func);
}

void emit_func_source(struct writer *w, const struct unit *unit,
                      const struct func *func)
{
    emit_func_rows(w, unit, func);
    if (func->own_row) {
        emit_row_functions_source(w, unit, func);
    }
    if (func->page) {
        emit_cursor_source(w, unit, func);
    }
    write_blank(w);
    if (func->value_take) {
        emit_value_row(w, unit, func, func->row_descriptor);
        write_blank(w);
    }
    if (func->streams) {
        emit_shared(w, unit, func);
    }
    emit_prototype(w, unit, func, ")");
    write_lines(w, "{\n");
    w->indent++;
    emit_body(w, unit, func);
    w->indent--;
    write_lines(w, "}\n");
    if (func->value_take) {
        emit_value_take_source(w, unit, func);
    }
    emit_second_source(w, unit, func);
}
