/* protos.c: prototypes of functions, and of their second forms for many rows. Must not know what their bodies do. */
#include "names.h"
#include "unit.h"

/* ---- prototypes ------------------------------------------------------------------- */

enum { MOST_ITEMS = 16 };
struct items {
    struct str list[MOST_ITEMS];
    size_t n;
};

static void add(struct items *items, struct str item)
{
    items->list[items->n++] = item;
}

static struct str joined(struct arena *arena, const char *before, struct str middle,
                         const char *after)
{
    return name_join(arena, str_of(before), middle, str_of(after));
}

static void add_inputs(struct items *items, struct arena *arena,
                       const struct func *func)
{
    if (func->args) {
        struct str args = func_name(arena, func, "_args");
        add(items, joined(arena, "const struct ", args, " *args"));
        return;
    }
    for (size_t i = 0; i < func->ninputs; i++) {
        add(items, form_declare(arena, func->inputs[i].type, func->inputs[i].name));
    }
}

static void add_given(struct items *items, const struct unit *unit,
                      const struct func *func)
{
    struct arena *arena = unit->arena;
    bool many = func->stmt->kind == STMT_INSERT_MANY ||
                func->stmt->kind == STMT_UPSERT_MANY || func->stmt->kind == STMT_LOAD;
    if (func_takes_values(func->stmt)) {
        struct str values = name_global(arena, unit->base, "_new");
        add(items, joined(arena, "const struct ", values, " *values"));
    }
    if (many) {
        add(items, STR("size_t count"));
    }
    if (func->stmt->kind == STMT_UPDATE) {
        struct str patch = name_global(arena, unit->base, "_patch");
        add(items, joined(arena, "const struct ", patch, " *patch"));
    }
    if (func->page) {
        struct str cursor = func_name(arena, func, "_cursor");
        add(items, joined(arena, "const struct ", cursor, " *after"));
        add(items, STR("int64_t limit"));
    }
}

size_t emit_value_outputs(struct arena *arena, const struct func *func,
                          struct str items[2])
{
    struct str type = func->value_type;
    bool pointer = type.s[type.n - 1] == '*';
    const char *stars = func->out == FUNC_VALUE ? " *" : " **";
    items[0] = form_declare(arena, joined(arena, "", type, stars + pointer),
                            func->out_name);
    items[1] = STR("size_t *n");
    return func->out == FUNC_VALUES ? 2 : 1;
}

static void add_outputs(struct items *items, struct arena *arena,
                        const struct func *func)
{
    struct str values[2];
    switch (func->out) {
    case FUNC_NOTHING:
        return;
    case FUNC_ROW:
        add(items, joined(arena, "struct ", func->row, " **row"));
        return;
    case FUNC_ROWS:
        add(items, joined(arena, "struct ", func->row, " **rows"));
        add(items, STR("size_t *n"));
        return;
    case FUNC_TOUCHED:
        add(items, STR("int64_t *n"));
        return;
    case FUNC_VALUE:
    case FUNC_ONE_VALUE:
    case FUNC_VALUES:
        for (size_t i = 0, n = emit_value_outputs(arena, func, values); i < n; i++) {
            add(items, values[i]);
        }
        return;
    case FUNC_STREAM:
        add(items, STR("struct sc_stream **stream"));
        return;
    }
}

void emit_prototype(struct writer *w, const struct unit *unit, const struct func *func,
                    const char *tail)
{
    struct items items = { .n = 0 };
    add(&items, STR("struct sc_db *db"));
    add_inputs(&items, unit->arena, func);
    add_given(&items, unit, func);
    add_outputs(&items, unit->arena, func);
    add(&items, STR("struct sc_error *err"));
    struct str head = joined(unit->arena, "enum sc_status ", func->name, "(");
    write_wrapped(w, (struct write_list){ head, items.list, items.n, tail });
}

/* ---- second forms ------------------------------------------------------------------- */

void emit_stream_prototype(struct writer *w, const struct unit *unit,
                           const struct func *func, const char *tail)
{
    struct items items = { .n = 0 };
    add(&items, STR("struct sc_db *db"));
    add_inputs(&items, unit->arena, func);
    add(&items, STR("struct sc_stream **stream"));
    add(&items, STR("struct sc_error *err"));
    struct str head = joined(unit->arena, "enum sc_status ",
                             func_name(unit->arena, func, "_stream"), "(");
    write_wrapped(w, (struct write_list){ head, items.list, items.n, tail });
}

void emit_load_from_prototype(struct writer *w, const struct unit *unit,
                              const struct func *func, const char *tail)
{
    struct arena *arena = unit->arena;
    const struct str items[] = {
        STR("struct sc_db *db"),
        joined(arena, "int (*next)(void *arg, struct ",
               name_global(arena, unit->base, "_new"), " *row)"),
        STR("void *arg"),
        STR("int64_t *n"),
        STR("struct sc_error *err"),
    };
    struct str head = joined(arena, "enum sc_status ", func_name(arena, func, "_from"),
                             "(");
    write_wrapped(w, (struct write_list){ head, items, 5, tail });
}

void emit_next_prototype(struct writer *w, const struct unit *unit, struct str base,
                         struct str out, const char *tail)
{
    const struct str items[] = { STR("struct sc_stream *stream"), out,
                                 STR("struct sc_error *err") };
    struct str head = joined(unit->arena, "enum sc_status ",
                             name_global(unit->arena, base, "_next"), "(");
    write_wrapped(w, (struct write_list){ head, items, 3, tail });
}
