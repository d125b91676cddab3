/* rows.c: the descriptors that the runtime reads rows by. Must not know of statements'
 * texts. */
#include "names.h"
#include "unit.h"

void emit_type(struct buf *out, struct arena *arena, const struct form *form,
               const char *flags)
{
    buf_puts(out, "{ ");
    if (form->enum_) {
        buf_putc(out, '&');
        buf_str(out, form_enum_descriptor(arena, form->enum_));
    } else {
        buf_puts(out, "NULL");
    }
    buf_puts(out, ", ");
    if (form->oid) {
        char digits[12];
        size_t at = sizeof digits;
        for (uint32_t rest = form->oid; rest; rest /= 10) {
            digits[--at] = (char)('0' + rest % 10);
        }
        buf_put(out, digits + at, sizeof digits - at);
    } else {
        buf_putc(out, '0');
    }
    buf_puts(out, ", ");
    buf_puts(out, form->kind);
    buf_puts(out, ", ");
    buf_puts(out, form->array ? "SC__ARRAY" : "");
    buf_puts(out, form->array && *flags ? " | " : "");
    buf_puts(out, form->array || *flags ? flags : "0");
    buf_puts(out, " }");
}

/* ---- a column --------------------------------------------------------------------- */

struct flag {
    bool set;
    const char *name;
};

static void join_flags(struct buf *out, const struct flag *flags, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (flags[i].set) {
            buf_puts(out, out->n ? " | " : "");
            buf_puts(out, flags[i].name);
        }
    }
}

static void column_flags(struct buf *out, const struct unit_column *column)
{
    const struct flag flags[] = {
        { column->column->nullable, "SC__NULLABLE" },
        { column->column->secret, "SC__SECRET" },
        { column->sql.required, "SC__REQUIRED" },
        { column->plain_new, "SC__PLAIN_NEW" },
        { !column->sql.insertable, "SC__NO_NEW" },
        { !column->sql.updatable, "SC__NO_PATCH" },
        { column->sql.has_default, "SC__HAS_DEFAULT" },
    };
    join_flags(out, flags, sizeof flags / sizeof *flags);
}

static void put_offset(struct writer *w, const char *member, struct str tag,
                       struct str name, const char *end)
{
    WRITE(w, "  ${member} = offsetof(struct ${tag}, ${name})${end}\n",
          { "member", str_of(member) }, { "tag", tag }, { "name", name },
          { "end", str_of(end) });
}

struct column_texts {
    struct buf type, flags, names;
    struct str row, new_, patch; /* tags */
};

static void texts_release(struct column_texts *texts)
{
    buf_release(&texts->type);
    buf_release(&texts->flags);
    buf_release(&texts->names);
}

/* { .name = "id", .sql = "id" ... */
static void put_named(struct buf *out, const char *member, struct str value)
{
    if (value.n) {
        buf_puts(out, out->n ? ", " : "");
        buf_puts(out, member);
        buf_c_string(out, value);
    }
}

static void put_head(struct writer *w, struct arena *arena, struct column_texts *texts,
                     const struct form *form)
{
    buf_clear(&texts->type);
    emit_type(&texts->type, arena, form,
              texts->flags.n ? buf_view(&texts->flags).s : "");
    WRITE(w,
          "{ ${names},\n"
          "  .type = ${type},\n",
          { "names", buf_view(&texts->names) }, { "type", buf_view(&texts->type) });
}

static void emit_column(struct writer *w, const struct unit *unit,
                        const struct unit_column *column, struct column_texts *texts)
{
    bool in_new = unit->has_new && column->new_type.n;
    bool in_patch = unit->has_patch && column->patch_type.n;
    buf_clear(&texts->names);
    put_named(&texts->names, ".name = ", column->column->name.name);
    put_named(&texts->names, ".sql = ", column->sql.sql);
    put_named(&texts->names, ".cast = ", column->sql.cast);
    put_named(&texts->names, ".many_cast = ", column->sql.many_cast);
    buf_clear(&texts->flags);
    column_flags(&texts->flags, column);
    put_head(w, unit->arena, texts, &column->form);
    put_offset(w, ".row_at", texts->row, column->member,
               in_new || in_patch ? "," : " },");
    if (in_new) {
        put_offset(w, ".new_at", texts->new_, column->member, in_patch ? "," : " },");
    }
    if (in_patch) {
        put_offset(w, ".patch_at", texts->patch, column->member, " },");
    }
}

static struct str count_of(struct arena *arena, size_t n)
{
    return str_of(arena_printf(arena, "%zu", n));
}

/* A struct sc__row in the making. */
struct described_row {
    const char *head; /* "static ", or nothing */
    struct str descriptor;
    struct str columns; /* its array; without a column there is none */
    size_t ncolumns;
    struct str tag; /* of the C struct */
};

static void emit_row(struct writer *w, const struct unit *unit,
                     struct described_row row)
{
    WRITE(w, "${head}const struct sc__row ${descriptor} = {\n",
          { "head", str_of(row.head) }, { "descriptor", row.descriptor });
    if (row.ncolumns) {
        WRITE(w, "    .columns = ${columns}, .ncolumns = ${n},\n",
              { "columns", row.columns }, { "n", count_of(unit->arena, row.ncolumns) });
    }
    WRITE(w,
          "    .size = sizeof(struct ${tag}),\n"
          "};\n",
          { "tag", row.tag });
}

static struct str table_columns(const struct unit *unit)
{
    return name_join(unit->arena, STR("sc__"), unit->base, STR("_columns"));
}

void emit_table_rows(struct writer *w, const struct unit *unit)
{
    struct column_texts texts = { .row = name_global(unit->arena, unit->base, ""),
                                  .new_ = name_global(unit->arena, unit->base, "_new"),
                                  .patch = name_global(unit->arena, unit->base,
                                                       "_patch") };
    struct str columns = table_columns(unit);
    write_blank(w);
    if (unit->ncolumns) {
        WRITE(w, "static const struct sc__column ${columns}[] = {\n",
              { "columns", columns });
        w->indent++;
        for (size_t i = 0; i < unit->ncolumns; i++) {
            emit_column(w, unit, &unit->columns[i], &texts);
        }
        w->indent--;
        write_lines(w, "};\n");
    }
    emit_row(w, unit,
             (struct described_row){ "", func_table_row(unit->arena, unit->table),
                                     columns, unit->ncolumns, texts.row });
    texts_release(&texts);
}

/* ---- a function's own row ----------------------------------------------------------- */

static void emit_field(struct writer *w, const struct unit *unit,
                       const struct func *func, const struct stmt_result *result,
                       struct column_texts *texts)
{
    struct form form = form_of(unit->arena, &result->type, false);
    const struct flag flags[] = { { result->nullable, "SC__NULLABLE" },
                                  { result->secret, "SC__SECRET" } };
    buf_clear(&texts->names);
    put_named(&texts->names, ".name = ", result->name);
    buf_clear(&texts->flags);
    join_flags(&texts->flags, flags, 2);
    put_head(w, unit->arena, texts, &form);
    put_offset(w, ".row_at", func->row, name_local(unit->arena, result->name), " },");
}

void emit_func_rows(struct writer *w, const struct unit *unit, const struct func *func)
{
    const struct stmt *stmt = func->stmt;
    if (!func->own_row) {
        return;
    }
    write_blank(w);
    if (func->nested) {
        /* The row itself stands first in the struct: its offsets are the table's. */
        emit_row(w, unit,
                 (struct described_row){ "static ", func->row_descriptor,
                                         table_columns(unit), unit->ncolumns,
                                         func->row });
        return;
    }
    struct column_texts texts = { .row = func->row };
    struct str columns = name_join(unit->arena, STR("sc__"), func->name,
                                   STR("_columns"));
    WRITE(w, "static const struct sc__column ${columns}[] = {\n",
          { "columns", columns });
    w->indent++;
    for (size_t i = 0; i < stmt->results.n; i++) {
        emit_field(w, unit, func, &stmt->results.items[i], &texts);
    }
    w->indent--;
    write_lines(w, "};\n");
    emit_row(w, unit,
             (struct described_row){ "", func->row_descriptor, columns, stmt->results.n,
                                     func->row });
    texts_release(&texts);
}
