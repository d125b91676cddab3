/* streams.c: the second forms of functions: rows one by one, rows from a callback. Must not
 * know how a statement is written. */
#include "body.h"
#include "names.h"

/* ---- what gives the next row ------------------------------------------------------- */

static const char next_doc[] =
    "/** Gives a stream's next row, NULL after the last; it lives until the next call. "
    "*/\n";

/* A row's, or a bare value's. */
static struct str next_base(const struct unit *unit, const struct func *func)
{
    return !func ? unit->base : func->value_take ? func->name : func->row_base;
}

static void put_next(struct writer *w, const struct unit *unit, const struct func *func,
                     const char *tail)
{
    struct arena *arena = unit->arena;
    struct str out;
    if (func && func->value_take) {
        bool pointer = func->value_type.s[func->value_type.n - 1] == '*';
        const char *stars = " **";
        struct str type = name_join(arena, func->value_type, str_of(stars + pointer),
                                    STR(""));
        out = form_declare(arena, type, STR("value"));
    } else {
        struct str row = func ? func->row : name_global(arena, unit->base, "");
        out = name_join(arena, STR("struct "), row, STR(" **row"));
    }
    emit_next_prototype(w, unit, next_base(unit, func), out, tail);
}

void emit_next_header(struct writer *w, const struct unit *unit,
                      const struct func *func)
{
    write_lines(w, next_doc);
    put_next(w, unit, func, ");");
}

void emit_next_source(struct writer *w, const struct unit *unit,
                      const struct func *func)
{
    bool value = func && func->value_take;
    struct str row = func ? func->row_descriptor
                          : func_table_row(unit->arena, unit->table);
    write_blank(w);
    put_next(w, unit, func, ")");
    WRITE(w,
          "{\n"
          "    return sc__next(stream, &${row}, ${out}, err);\n"
          "}\n",
          { "row", row }, { "out", value ? STR("value") : STR("row") });
}

/* ---- streams ------------------------------------------------------------------------ */

static void put_stream_source(struct writer *w, const struct unit *unit,
                              const struct func *func)
{
    write_blank(w);
    emit_stream_prototype(w, unit, func, ")");
    write_lines(w, "{\n");
    w->indent++;
    body_params(w, unit, func);
    body_call(w, unit, func,
              (struct body_call){ .function = STR("sc__stream"),
                                  .descriptor = func_shared(unit->arena, func, "_stmt"),
                                  .out = STR("stream") });
    w->indent--;
    write_lines(w, "}\n");
}

void body_scan(struct writer *w, const struct unit *unit, const struct func *func)
{
    WRITE(w,
          "static const struct sc__scan scan = {\n"
          "    .label = \"${label}\",\n",
          { "label", func->name });
    w->indent++;
    write_string(w, ".select = ", func->stmt->pieces.items[0].sql, ",");
    WRITE(w, ".row = &${row}${flags},\n", { "row", func->row_descriptor },
          { "flags", body_flags(unit->arena, func->stmt) });
    w->indent--;
    write_lines(w, "};\n"
                   "return sc__run_scan(db, &scan, stream, err);\n");
}

/* ---- rows from a callback ------------------------------------------------------------- */

static void put_load_from_source(struct writer *w, const struct unit *unit,
                                 const struct func *func)
{
    struct str values = name_global(unit->arena, unit->base, "_new");
    WRITE(w,
          "\n"
          "struct sc__${base}_source {\n"
          "    int (*next)(void *arg, struct ${new} *row);\n"
          "    void *arg;\n"
          "};\n"
          "\n"
          "static int sc__${base}_pull(void *source, void *row)\n"
          "{\n"
          "    const struct sc__${base}_source *from = source;\n"
          "    return from->next(from->arg, row);\n"
          "}\n"
          "\n",
          { "base", unit->base }, { "new", values });
    emit_load_from_prototype(w, unit, func, ")");
    write_lines(w, "{\n");
    w->indent++;
    struct func from = *func;
    from.name = func_name(unit->arena, func, "_from");
    body_insert(w, unit, &from, "");
    WRITE(
        w,
        "struct sc__${base}_source source = { next, arg };\n"
        "const struct sc__supply rows = {\n"
        "    .next = sc__${base}_pull, .arg = &source, .size = sizeof(struct ${new}),\n"
        "};\n"
        "return sc__load_from(db, &insert, &rows, n, err);\n",
        { "base", unit->base }, { "new", values });
    w->indent--;
    write_lines(w, "}\n");
}

/* ---- both --------------------------------------------------------------------------------- */

void emit_second_header(struct writer *w, const struct unit *unit,
                        const struct func *func)
{
    if (func->streams) {
        write_lines(w, "/** The same, row by row, in constant memory; sc_stream_close "
                       "ends it. */\n");
        emit_stream_prototype(w, unit, func, ");");
        if (func->value_take) {
            emit_next_header(w, unit, func);
        }
    }
    if (func->stmt->kind == STMT_LOAD) {
        write_lines(w, "/** The same of the rows that next gives: 1 with one in *row, "
                       "which is zeroed before, 0 after the\n"
                       " *  last, negative to stop: SC_CANCELLED, nothing is kept. *n: "
                       "how many; NULL is fine. */\n");
        emit_load_from_prototype(w, unit, func, ");");
    }
}

void emit_second_source(struct writer *w, const struct unit *unit,
                        const struct func *func)
{
    if (func->streams) {
        put_stream_source(w, unit, func);
        if (func->value_take) {
            emit_next_source(w, unit, func);
        }
    }
    if (func->stmt->kind == STMT_LOAD) {
        put_load_from_source(w, unit, func);
    }
}
