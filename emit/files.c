/* files.c: the order of things in a header, a source and the umbrella. Must not know how
 * any of them is written. */
#include "names.h"
#include "unit.h"

void emit_banner(struct writer *w, const struct emit_options *options)
{
    struct buf source = { 0 };
    for (size_t i = 0; i < options->source.n; i++) {
        bool ends = i > 0 && options->source.s[i] == '/' &&
                    options->source.s[i - 1] == '*';
        buf_puts(&source, ends ? " " : "");
        buf_putc(&source, options->source.s[i]);
    }
    WRITE(w, EMIT_BANNER "${source}: do not edit. */\n",
          { "source", buf_view(&source) });
    buf_release(&source);
}

/* ---- rows' own functions ---------------------------------------------------------------- */

static const char free_doc[] =
    "\n"
    "/** Frees what a call gave: a row, or a list of them. NULL is fine. */\n";
static const char take_doc[] = "/** Takes a call's rows out of a batch that has run, "
                               "and gives that call's status. n: "
                               "NULL\n"
                               " *  where one row is expected. */\n";

static struct str row_base(const struct unit *unit, const struct func *func)
{
    return func ? func->row_base : unit->base;
}

static struct str row_tag(const struct unit *unit, const struct func *func)
{
    return func ? func->row : name_global(unit->arena, unit->base, "");
}

static void put_free(struct writer *w, const struct unit *unit, const struct func *func,
                     const char *tail)
{
    WRITE(w, "void ${free}(struct ${row} *rows)${tail}\n",
          { "free", name_global(unit->arena, row_base(unit, func), "_free") },
          { "row", row_tag(unit, func) }, { "tail", str_of(tail) });
}

static void put_take(struct writer *w, const struct unit *unit, const struct func *func,
                     const char *tail)
{
    struct arena *arena = unit->arena;
    const struct str items[] = {
        STR("struct sc_batch *batch"),
        STR("size_t item"),
        name_join(arena, STR("struct "), row_tag(unit, func), STR(" **rows")),
        STR("size_t *n"),
        STR("struct sc_error *err"),
    };
    struct str take = name_global(arena, row_base(unit, func), "_take");
    struct str head = name_join(arena, STR("enum sc_status "), take, STR("("));
    write_wrapped(w, (struct write_list){ head, items, 5, tail });
}

/* Whether such rows may come in a stream. */
static bool has_next(const struct unit *unit, const struct func *func)
{
    return func ? !func->nested : unit->ncolumns > 0;
}

void emit_row_functions_header(struct writer *w, const struct unit *unit,
                               const struct func *func)
{
    write_lines(w, free_doc);
    put_free(w, unit, func, ";");
    write_lines(w, take_doc);
    put_take(w, unit, func, ");");
    if (has_next(unit, func)) {
        emit_next_header(w, unit, func);
    }
}

void emit_row_functions_source(struct writer *w, const struct unit *unit,
                               const struct func *func)
{
    struct str descriptor = func ? func->row_descriptor
                                 : func_table_row(unit->arena, unit->table);
    write_blank(w);
    put_free(w, unit, func, "");
    write_lines(w, "{\n"
                   "    sc_free(rows);\n"
                   "}\n"
                   "\n");
    put_take(w, unit, func, ")");
    WRITE(w,
          "{\n"
          "    return sc__take(batch, item, &${descriptor}, rows, n, err);\n"
          "}\n",
          { "descriptor", descriptor });
    if (has_next(unit, func)) {
        emit_next_source(w, unit, func);
    }
}

/* ---- bare values -------------------------------------------------------------------------- */

static void put_value_take(struct writer *w, const struct unit *unit,
                           const struct func *func, const char *tail)
{
    struct arena *arena = unit->arena;
    struct str items[5] = { STR("struct sc_batch *batch"), STR("size_t item") };
    size_t n = 2 + emit_value_outputs(arena, func, items + 2);
    items[n++] = STR("struct sc_error *err");
    struct str head = name_join(arena, STR("enum sc_status "),
                                func_name(arena, func, "_take"), STR("("));
    write_wrapped(w, (struct write_list){ head, items, n, tail });
}

void emit_value_take_header(struct writer *w, const struct unit *unit,
                            const struct func *func)
{
    write_lines(w, "/** The same out of a batch that has run, where the call's output "
                   "was NULL. */\n");
    put_value_take(w, unit, func, ");");
}

void emit_value_take_source(struct writer *w, const struct unit *unit,
                            const struct func *func)
{
    bool plain = func->out == FUNC_VALUE;
    struct str take = plain ? STR("sc__take_value") : STR("sc__take");
    struct str n = plain                      ? STR("")
                   : func->out == FUNC_VALUES ? STR(", n")
                                              : STR(", NULL");
    write_blank(w);
    put_value_take(w, unit, func, ")");
    WRITE(w,
          "{\n"
          "    return ${take}(batch, item, &${row}, ${out}${n}, err);\n"
          "}\n",
          { "take", take }, { "row", func->row_descriptor }, { "out", func->out_name },
          { "n", n });
}

/* ---- a header --------------------------------------------------------------------------- */

static const char header_head[] =
    "#ifndef ${guard}\n"
    "#define ${guard}\n"
    "#include <sc.h>\n"
    "#if SC_ABI < 1 || SC_ABI_OLDEST > 1\n"
    "#error \"${file}.h and the installed sc.h do not fit: compile the schema again\"\n"
    "#endif\n";
static const char header_rules[] =
    "\n"
    "/* Of every function here: when it fails, its outputs are NULL or 0. Beside the "
    "statuses "
    "that\n"
    " * stand at each, a call may give SC_CONNECTION, SC_TIMEOUT, SC_CANCELLED, "
    "SC_SERIALIZATION,\n"
    " * SC_DEADLOCK, SC_SCHEMA_MISMATCH, SC_NO_MEMORY, SC_MISUSE, SC_BAD_VALUE, "
    "SC_SERVER; "
    "sc.h and\n"
    " * docs/RUNTIME.md say when. A call is one round trip (two the first time, where "
    "it "
    "writes and\n"
    " * gives rows). One thread at a time may use a connection, any number a pool. On "
    "a "
    "batch\n"
    " * (sc_queue) every function gives SC_QUEUED and does its work in sc_batch_run. "
    "*/\n";
static const char extern_open[] = "#ifdef __cplusplus\n"
                                  "extern \"C\" {\n"
                                  "#endif\n";
static const char extern_close[] = "\n"
                                   "#ifdef __cplusplus\n"
                                   "}\n"
                                   "#endif\n";

/* The headers of other files that declare the enums used here. */
static void emit_includes(struct writer *w, const struct unit *unit,
                          const struct unit_enums *enums)
{
    struct map seen = { 0 };
    map_add(&seen, unit->arena, unit->file, w);
    for (size_t i = 0; i < enums->list.n; i++) {
        struct str file = unit_enum_file(unit, enums->list.items[i]);
        if (!map_add(&seen, unit->arena, file, w)) {
            WRITE(w, "#include \"${file}.h\"\n", { "file", file });
        }
    }
}

/* Rows of other files that functions give: their structs are declared there. */
static void emit_forward(struct writer *w, const struct unit *unit)
{
    struct map seen = { 0 };
    for (size_t i = 0; i < unit->nfuncs; i++) {
        const struct func *func = &unit->funcs[i];
        bool foreign = func->row.n && !func->own_row &&
                       func->stmt->table != unit->table;
        bool shared = func->row.n && !func->own_row &&
                      func->stmt->row == STMT_ROW_FIELDS;
        if ((foreign || shared) && !map_add(&seen, unit->arena, func->row, w)) {
            WRITE(w, "${gap}struct ${row};\n",
                  { "gap", seen.n == 1 ? STR("\n") : STR("") }, { "row", func->row });
        }
    }
}

static void emit_funcs_header(struct writer *w, const struct unit *unit)
{
    for (size_t i = 0; i < unit->nfuncs; i++) {
        const struct func *func = &unit->funcs[i];
        emit_func_structs(w, unit, func);
        if (func->own_row) {
            emit_row_functions_header(w, unit, func);
        }
        write_blank(w);
        write_doc(w, doc_func(unit, func));
        emit_prototype(w, unit, func, ");");
        if (func->value_take) {
            emit_value_take_header(w, unit, func);
        }
        if (func->page) {
            emit_cursor_header(w, unit, func);
        }
        emit_second_header(w, unit, func);
    }
}

/* What only generated code refers to. */
static void emit_private(struct writer *w, const struct unit *unit)
{
    write_lines(w, "\n/* For generated code only. */\n");
    if (unit->table) {
        WRITE(w, "extern const struct sc__row ${row};\n",
              { "row", func_table_row(unit->arena, unit->table) });
    }
    for (size_t i = 0; i < unit->nfuncs; i++) {
        const struct func *func = &unit->funcs[i];
        if (func->own_row && !func->nested) {
            WRITE(w, "extern const struct sc__row ${row};\n",
                  { "row", func->row_descriptor });
        }
    }
}

static bool uses_others(const struct unit *unit, const struct unit_enums *enums)
{
    for (size_t i = 0; i < enums->list.n; i++) {
        if (enums->list.items[i]->schema != unit->schema) {
            return true;
        }
    }
    return false;
}

static void emit_table_part(struct writer *w, const struct unit *unit,
                            const struct unit_enums *enums)
{
    emit_includes(w, unit, enums);
    write_lines(w, header_rules);
    write_lines(w, extern_open);
    emit_forward(w, unit);
    emit_table_structs(w, unit);
    emit_constraints(w, unit);
    emit_row_functions_header(w, unit, NULL);
}

/* The enums stand before the includes, so that two schemas can use each other's. */
static void emit_schema_part(struct writer *w, const struct unit *unit,
                             const struct unit_enums *enums)
{
    write_lines(w, extern_open);
    for (size_t i = 0; i < unit->schema->enums.n; i++) {
        emit_enum_header(w, unit, unit->schema->enums.items[i]);
    }
    if (uses_others(unit, enums)) {
        write_lines(w, extern_close);
        emit_includes(w, unit, enums);
        write_lines(w, extern_open);
    }
    emit_forward(w, unit);
    if (unit->nfuncs) {
        write_lines(w, header_rules);
    }
}

void emit_header(struct writer *w, const struct unit *unit)
{
    struct unit_enums enums = { 0 };
    unit_collect_enums(unit, &enums);
    emit_banner(w, unit->options);
    WRITE(w, header_head, { "guard", name_guard(unit->arena, unit->file) },
          { "file", unit->file });
    if (unit->table) {
        emit_table_part(w, unit, &enums);
    } else {
        emit_schema_part(w, unit, &enums);
    }
    emit_funcs_header(w, unit);
    emit_private(w, unit);
    write_lines(w, extern_close);
    write_lines(w, "#endif\n");
}

/* ---- a source ----------------------------------------------------------------------------- */

static void include_once(struct writer *w, const struct unit *unit, struct map *seen,
                         struct str file)
{
    if (!map_add(seen, unit->arena, file, w)) {
        WRITE(w, "#include \"${file}.h\"\n", { "file", file });
    }
}

/* The unit's own header, and those whose row descriptors its functions refer to. */
static void emit_source_includes(struct writer *w, const struct unit *unit)
{
    struct map seen = { 0 };
    include_once(w, unit, &seen, unit->file);
    for (size_t i = 0; i < unit->nfuncs; i++) {
        const struct func *func = &unit->funcs[i];
        const struct stmt *stmt = func->stmt;
        for (size_t k = 0; k < stmt->relations.n; k++) {
            const struct model_table *child = stmt->relations.items[k].child->table;
            include_once(w, unit, &seen,
                         name_file(unit->arena, name_table(unit->arena, child)));
        }
        if (stmt->row == STMT_ROW_FIELDS && !func->own_row) {
            include_once(w, unit, &seen,
                         name_schema_file(unit->arena, stmt->query->shape->schema,
                                          unit->options->base));
        }
    }
}

void emit_source(struct writer *w, const struct unit *unit)
{
    if (!unit->options->unity) {
        emit_banner(w, unit->options);
        emit_source_includes(w, unit);
    }
    /* What does not fit the runtime does not link. */
    WRITE(w,
          "\n"
          "extern const char *const sc__${file}_abi;\n"
          "const char *const sc__${file}_abi = &sc__abi_1;\n",
          { "file", unit->file });
    if (unit->table) {
        emit_table_rows(w, unit);
        emit_row_functions_source(w, unit, NULL);
    } else {
        for (size_t i = 0; i < unit->schema->enums.n; i++) {
            emit_enum_source(w, unit, unit->schema->enums.items[i]);
        }
    }
    for (size_t i = 0; i < unit->nfuncs; i++) {
        emit_func_source(w, unit, &unit->funcs[i]);
    }
}

/* ---- the umbrella --------------------------------------------------------------------------- */

#define STAMP_BEFORE "/* Stamp: "
#define STAMP_AFTER  " */\n#endif\n"

size_t emit_stamp_at(struct str text)
{
    const size_t before = sizeof STAMP_BEFORE - 1;
    const size_t after = sizeof STAMP_AFTER - 1;
    const size_t all = before + EMIT_STAMP_SIZE + after;
    if (text.n <= all) {
        return 0;
    }
    const char *line = text.s + text.n - all;
    const char *digits = line + before;
    bool is = memcmp(line, STAMP_BEFORE, before) == 0 &&
              memcmp(digits + EMIT_STAMP_SIZE, STAMP_AFTER, after) == 0;
    for (size_t i = 0; is && i < EMIT_STAMP_SIZE; i++) {
        bool digit = (digits[i] >= '0' && digits[i] <= '9') ||
                     (digits[i] >= 'a' && digits[i] <= 'f');
        is = EMIT_NO_STAMP[i] == ' ' ? digits[i] == ' ' : digit;
    }
    return is ? (size_t)(digits - text.s) : 0;
}

void emit_umbrella(struct writer *w, struct arena *arena,
                   const struct emit_options *options,
                   const struct emit_headers *headers)
{
    struct str file = name_file(arena, options->base);
    struct str guard = name_guard(arena, file);
    emit_banner(w, options);
    WRITE(w, header_head, { "guard", guard }, { "file", file });
    for (size_t i = 0; i < headers->list.n; i++) {
        const struct emit_listed *header = &headers->list.items[i];
        if (header->doc.n) {
            write_blank(w);
            write_doc(w, header->doc);
        }
        WRITE(w, "#include \"${file}.h\"\n", { "file", header->file });
    }
    if (options->fingerprint.n) {
        WRITE(w,
              "\n"
              "/** For sc_schema_check(db, ${macro}, NULL, &err) of\n"
              " *  <sc_migrate.h>: does the database have what this code needs? */\n"
              "#define ${macro} \"${fingerprint}\"\n",
              { "macro", name_fingerprint(arena, options->base) },
              { "fingerprint", options->fingerprint });
    }
    write_lines(w, STAMP_BEFORE EMIT_NO_STAMP STAMP_AFTER);
}
