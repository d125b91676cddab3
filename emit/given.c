/* given.c: bodies of functions whose statement is made of the columns that are given: insert,
 * upsert, update. Must not know how the runtime makes its text. */
#include "body.h"
#include "names.h"

static void put_text(struct writer *w, const char *member, struct str text)
{
    if (text.n) {
        write_string(w, member, text, ",");
    }
}

/* The members of a struct sc__insert. */
static void emit_insert_members(struct writer *w, const struct unit *unit,
                                const struct func *func)
{
    WRITE(w, ".label = \"${label}\",\n", { "label", func->name });
    put_text(w, ".name = ", func->stmt->relation);
    put_text(w, ".returning = ", func->stmt->returning);
    WRITE(w, ".row = &${row}${flags},\n", { "row", func->row_descriptor },
          { "flags", body_flags(unit->arena, func->stmt) });
}

void body_insert(struct writer *w, const struct unit *unit, const struct func *func,
                 const char *call)
{
    write_lines(w, "static const struct sc__insert insert = {\n");
    w->indent++;
    emit_insert_members(w, unit, func);
    w->indent--;
    write_lines(w, "};\n");
    write_lines(w, call);
}

/* What an upsert never sets: the key that it looks for, and the primary key, which would
 * move the row away from those that refer to it. */
static model_columns fixed_columns(struct arena *arena, const struct stmt *stmt)
{
    model_columns fixed = { 0 };
    for (size_t i = 0; i < stmt->key->columns.n; i++) {
        VEC_PUSH(arena, &fixed, stmt->key->columns.items[i]);
    }
    const struct model_constraint *primary = stmt->table->primary_key;
    for (size_t i = 0; primary && i < primary->columns.n; i++) {
        bool there = false;
        for (size_t k = 0; k < stmt->key->columns.n; k++) {
            there = there || stmt->key->columns.items[k] == primary->columns.items[i];
        }
        if (!there) {
            VEC_PUSH(arena, &fixed, primary->columns.items[i]);
        }
    }
    return fixed;
}

/* ", .nunique = 1": of many rows no two may have the same; not where the key holds among
 * some of them only. */
static struct str unique_columns(struct arena *arena, const struct stmt *stmt)
{
    bool some = stmt->key->where.ntokens || stmt->key->living_only;
    if (stmt->kind != STMT_UPSERT_MANY || some) {
        return STR("");
    }
    return str_of(arena_printf(arena, ", .nunique = %zu", stmt->key->columns.n));
}

void body_upsert(struct writer *w, const struct unit *unit, const struct func *func,
                 const char *call)
{
    const struct stmt *stmt = func->stmt;
    model_columns fixed = fixed_columns(unit->arena, stmt);
    body_key(w, unit, "key", 0, &fixed);
    write_lines(w, "static const struct sc__upsert upsert = {\n"
                   "    .insert = {\n");
    w->indent += 2;
    emit_insert_members(w, unit, func);
    w->indent--;
    write_lines(w, "},\n");
    put_text(w, ".target = ", stmt->target);
    put_text(w, ".also = ", stmt->also);
    WRITE(w, ".key = sc__key_0, .nkey = ${n}${unique},\n",
          { "n", body_number(unit->arena, fixed.n) },
          { "unique", unique_columns(unit->arena, stmt) });
    w->indent--;
    write_lines(w, "};\n");
    write_lines(w, call);
}

void body_update(struct writer *w, const struct unit *unit, const struct func *func)
{
    const struct stmt *stmt = func->stmt;
    body_types(w, unit, func, STR("types"));
    WRITE(w,
          "static const struct sc__update update = {\n"
          "    .label = \"${label}\",\n",
          { "label", func->name });
    w->indent++;
    put_text(w, ".head = ", stmt->head);
    put_text(w, ".name = ", stmt->relation);
    put_text(w, ".also = ", stmt->also);
    put_text(w, ".where = ", stmt->where);
    put_text(w, ".returning = ", stmt->returning);
    put_text(w, ".tail = ", stmt->tail);
    WRITE(w,
          ".row = &${row},\n"
          ".key = types, .nkey = ${n}${flags},\n",
          { "row", func->row_descriptor },
          { "n", body_number(unit->arena, stmt->params.n) },
          { "flags", body_flags(unit->arena, stmt) });
    w->indent--;
    write_lines(w, "};\n");
    body_params(w, unit, func);
    write_lines(w, "return sc__run_update(db, &update, params, patch, row, err);\n");
}
