/* format_table.c: tables: names, types and attributes in columns. Must not know other
 * declarations. */
#include "format_print.h"

/* A column's cells as ranges of tokens. */
struct cells {
    size_t name, type, attrs, end; /* the first token of each; end: the ";" */
    bool plain;                    /* a comment stands inside: not aligned */
    bool flag;                     /* its first attribute stays beside its type */
    size_t name_width, type_width; /* type_width without "?" */
    bool nullable;
};
struct layout {
    size_t name, type; /* widths of the cells, gaps included */
};

/* Words that say more about the type than about the column's place in the table. */
static bool is_flag(const struct ast_attr *attr)
{
    return attr->kind == AST_ATTR_SECRET || attr->kind == AST_ATTR_VERSION ||
           attr->kind == AST_ATTR_SOFT_DELETE;
}

static struct cells find_cells(struct printer *f, const struct ast_member *member)
{
    const struct ast_column *column = member->column;
    struct cells cells = { 0 };
    cells.name = print_index(f->file, member->span.start);
    cells.type = print_index(f->file, column->type.span.start);
    cells.attrs = print_index(f->file, column->type.span.end);
    /* A ";" that was left out is an error, so the last token is it. */
    cells.end = print_index(f->file, member->span.end - 1);
    cells.plain = print_has_comment(f, cells.name, cells.end);
    cells.flag = column->attrs.n > 0 && is_flag(&column->attrs.items[0]);
    cells.nullable = column->type.nullable;
    cells.name_width = print_width(f, cells.name, cells.type - 1);
    cells.type_width = print_width(f, cells.type, cells.attrs - 1) -
                       (column->type.nullable ? 1 : 0);
    return cells;
}

static bool has_aligned_attrs(const struct cells *cells)
{
    return cells->attrs < cells->end && !cells->flag;
}

/* "?" counts only where attributes follow it: else it may hang into the gap. */
static void widen(struct layout *layout, const struct cells *cells)
{
    size_t type = cells->type_width + 2;
    if (cells->nullable && has_aligned_attrs(cells))
        type++;
    if (cells->name_width + 2 > layout->name)
        layout->name = cells->name_width + 2;
    if (type > layout->type)
        layout->type = type;
}

static struct layout measure(struct printer *f, const struct ast_table *table)
{
    struct layout layout = { 0, 0 };
    for (size_t i = 0; i < table->members.n; i++) {
        if (table->members.items[i].kind != AST_MEMBER_COLUMN)
            continue;
        struct cells cells = find_cells(f, &table->members.items[i]);
        if (!cells.plain)
            widen(&layout, &cells);
    }
    return layout;
}

static void pad(struct printer *f, size_t from, size_t width)
{
    for (; from < width; from++)
        buf_putc(f->out, ' ');
}

static void print_column(struct printer *f, const struct ast_member *member,
                         const struct layout *layout)
{
    struct cells cells = find_cells(f, member);
    if (cells.plain) {
        print_run(f, cells.name, cells.end);
        return;
    }
    print_run(f, cells.name, cells.type - 1);
    pad(f, cells.name_width, layout->name);
    print_run(f, cells.type, cells.attrs - 1);
    if (cells.attrs < cells.end) {
        size_t width = cells.type_width + (cells.nullable ? 1 : 0);
        pad(f, width, cells.flag ? width + 2 : layout->type);
        print_run(f, cells.attrs, cells.end - 1);
    }
    buf_putc(f->out, ';');
}

static bool is_column(const struct ast_member *member)
{
    return member->kind == AST_MEMBER_COLUMN || member->kind == AST_MEMBER_DROPPED;
}

static enum print_blank blank_before(const struct ast_table *table, size_t i)
{
    if (i == 0)
        return BLANK_NEVER;
    bool keys_begin = is_column(&table->members.items[i - 1]) &&
                      !is_column(&table->members.items[i]);
    return keys_begin ? BLANK_FORCED : BLANK_KEEP;
}

void print_table(struct printer *f, const struct ast_decl *decl)
{
    const struct ast_table *table = decl->table;
    struct layout layout = measure(f, table);
    f->indent += FORMAT_INDENT;
    for (size_t i = 0; i < table->members.n; i++) {
        const struct ast_member *member = &table->members.items[i];
        size_t first = print_index(f->file, member->span.start);
        size_t last = print_index(f->file, member->span.end - 1);
        print_before(f, first, blank_before(table, i));
        print_indent(f);
        if (member->kind == AST_MEMBER_COLUMN)
            print_column(f, member, &layout);
        else
            print_run(f, first, last);
        print_after(f, last);
    }
    f->indent -= FORMAT_INDENT;
    print_close(f, print_index(f->file, decl->span.end - 1));
}
