/* cursors.c: what turns a row into a cursor and a cursor into text and back. Must not know
 * how pages are read. */
#include "names.h"
#include "unit.h"

enum { CURSOR_HOLES = 4 };
static void fill_holes(struct hole holes[CURSOR_HOLES], const struct unit *unit,
                       const struct func *func)
{
    struct arena *arena = unit->arena;
    struct hole made[CURSOR_HOLES] = {
        { "cursor", func_name(arena, func, "_cursor") },
        { "row", func->row },
        { "label", func->name },
        { "descriptor", name_join(arena, STR("sc__"), func->name, STR("_cursor")) },
    };
    memcpy(holes, made, sizeof made);
}

static struct str pointer_to(struct arena *arena, const char *before, struct str tag,
                             const char *after)
{
    return name_join(arena, str_of(before), tag, str_of(after));
}

static void put_text_prototype(struct writer *w, const struct unit *unit,
                               const struct func *func, const char *tail)
{
    struct arena *arena = unit->arena;
    struct str cursor = func_name(arena, func, "_cursor");
    const struct str items[] = { pointer_to(arena, "const struct ", cursor, " *cursor"),
                                 STR("char **text"), STR("struct sc_error *err") };
    struct str head = name_join(arena, STR("enum sc_status "),
                                func_name(arena, func, "_cursor_text"), STR("("));
    write_wrapped(w, (struct write_list){ head, items, 3, tail });
}

static void put_parse_prototype(struct writer *w, const struct unit *unit,
                                const struct func *func, const char *tail)
{
    struct arena *arena = unit->arena;
    struct str cursor = func_name(arena, func, "_cursor");
    const struct str items[] = { STR("const char *text"),
                                 pointer_to(arena, "struct ", cursor, " **cursor"),
                                 STR("struct sc_error *err") };
    struct str head = name_join(arena, STR("enum sc_status "),
                                func_name(arena, func, "_cursor_parse"), STR("("));
    write_wrapped(w, (struct write_list){ head, items, 3, tail });
}

static void put_of_prototype(struct writer *w, const struct unit *unit,
                             const struct func *func, const char *tail)
{
    struct arena *arena = unit->arena;
    struct str cursor = func_name(arena, func, "_cursor");
    struct str of = func_name(arena, func, "_cursor_of");
    struct str row = pointer_to(arena, "const struct ", func->row, " *row");
    struct str head = pointer_to(arena, "struct ", cursor, "");
    bool fits = head.n + of.n + row.n + 4 <= WRITER_COLUMNS;
    WRITE(w, "${head}${gap}${of}(${row})${tail}\n", { "head", head },
          { "gap", fits ? STR(" ") : STR("\n") }, { "of", of }, { "row", row },
          { "tail", str_of(tail) });
}

/* A text of it would carry a secret into URLs and logs. */
static bool has_secret(const struct func *func)
{
    for (size_t i = 0; i < func->norder; i++) {
        if (func->order[i].result->secret) {
            return true;
        }
    }
    return false;
}

void emit_cursor_header(struct writer *w, const struct unit *unit,
                        const struct func *func)
{
    write_lines(
        w, "\n"
           "/** The cursor of a row, usually a page's last. Its texts are the row's. "
           "*/\n");
    put_of_prototype(w, unit, func, ";");
    if (has_secret(func)) {
        write_lines(w,
                    "/* A column of the order is secret: the cursor has no text. */\n");
        return;
    }
    write_lines(w, "/** A cursor as URL-safe text; free it with sc_free. */\n");
    put_text_prototype(w, unit, func, ");");
    write_lines(
        w, "/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is "
           "none of these. */\n");
    put_parse_prototype(w, unit, func, ");");
}

static void emit_descriptor(struct writer *w, const struct unit *unit,
                            const struct func *func,
                            const struct hole holes[CURSOR_HOLES])
{
    struct buf type = { 0 };
    struct buf name = { 0 };
    write_template(w, "\nstatic const struct sc__column ${descriptor}_columns[] = {\n",
                   holes, CURSOR_HOLES);
    for (size_t i = 0; i < func->norder; i++) {
        const struct func_order *order = &func->order[i];
        buf_clear(&type);
        emit_type(&type, unit->arena, &order->form, "");
        buf_clear(&name);
        buf_c_string(&name, order->result->name);
        WRITE(w,
              "    { .name = ${name}, .type = ${type},\n"
              "      .row_at = offsetof(struct ${cursor}, ${member}),\n"
              "      .new_at = offsetof(struct ${row}, ${from}) },\n",
              { "name", buf_view(&name) }, { "type", buf_view(&type) }, holes[0],
              holes[1], { "member", order->member }, { "from", order->from });
    }
    buf_release(&name);
    buf_release(&type);
    WRITE(w,
          "};\n"
          "static const struct sc__cursor ${descriptor} = {\n"
          "    .label = \"${label}\",\n"
          "    .columns = ${descriptor}_columns, .ncolumns = ${n},\n"
          "    .size = sizeof(struct ${cursor}),\n"
          "};\n",
          holes[0], holes[2], holes[3],
          { "n", str_of(arena_printf(unit->arena, "%zu", func->norder)) });
}

static void emit_cursor_of(struct writer *w, const struct unit *unit,
                           const struct func *func,
                           const struct hole holes[CURSOR_HOLES])
{
    write_blank(w);
    put_of_prototype(w, unit, func, "");
    write_template(w,
                   "{\n"
                   "    struct ${cursor} cursor = {\n",
                   holes, CURSOR_HOLES);
    for (size_t i = 0; i < func->norder; i++) {
        WRITE(w, "        .${member} = row->${from},\n",
              { "member", func->order[i].member }, { "from", func->order[i].from });
    }
    write_lines(w, "    };\n"
                   "    return cursor;\n"
                   "}\n");
}

void emit_cursor_source(struct writer *w, const struct unit *unit,
                        const struct func *func)
{
    struct hole holes[CURSOR_HOLES];
    fill_holes(holes, unit, func);
    if (has_secret(func)) {
        emit_cursor_of(w, unit, func, holes);
        return;
    }
    emit_descriptor(w, unit, func, holes);
    emit_cursor_of(w, unit, func, holes);
    write_blank(w);
    put_text_prototype(w, unit, func, ")");
    write_template(w,
                   "{\n"
                   "    return sc__cursor_text(&${descriptor}, cursor, text, err);\n"
                   "}\n",
                   holes, CURSOR_HOLES);
    write_blank(w);
    put_parse_prototype(w, unit, func, ")");
    write_template(w,
                   "{\n"
                   "    return sc__cursor_parse(&${descriptor}, text, cursor, err);\n"
                   "}\n",
                   holes, CURSOR_HOLES);
}
