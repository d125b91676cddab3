/* emit.c: see emit.h. The driver: which files there are, and in which order. Must not know
 * what stands in them. */
#include "emit.h"
#include "names.h"
#include "unit.h"

struct emit {
    struct arena *arena;  /* of what outlives a unit: names */
    struct arena scratch; /* of the unit in the making */
    const struct emit_options *options;
    const struct stmts *stmts;
    size_t at;       /* the next statement of a table, */
    size_t query_at; /* and of none */
    const struct emit_sink *sink;
    struct emit_headers headers;
    struct str doc;      /* of the schema whose first file comes next */
    struct writer text;  /* of the file that is being written */
    struct writer unity; /* of the one source */
};

static void finish(struct emit *e, struct str name, const char *ending)
{
    const char *file = arena_printf(e->arena, "%.*s%s", STR_ARGS(name), ending);
    e->sink->put(e->sink->context, file, buf_view(&e->text.out));
    buf_clear(&e->text.out);
}

static void emit_unit(struct emit *e, struct unit_source source)
{
    struct unit unit = unit_make(&e->scratch, e->options, source);
    struct str file = name_join(e->arena, unit.file, STR(""), STR(""));
    VEC_PUSH(e->arena, &e->headers.list, (struct emit_listed){ file, e->doc });
    e->doc = STR("");
    emit_header(&e->text, &unit);
    finish(e, file, ".h");
    if (e->options->unity) {
        emit_source(&e->unity, &unit);
    } else {
        emit_source(&e->text, &unit);
        finish(e, file, ".c");
    }
    arena_clear(&e->scratch);
}

/* ---- which statements -------------------------------------------------------------------- */

/* Tables come in the model's order, each with its statements in a row. */
static void emit_table(struct emit *e, const struct model_table *table)
{
    size_t from = e->at;
    while (e->at < e->stmts->list.n && e->stmts->list.items[e->at]->table == table) {
        e->at++;
    }
    emit_unit(e, (struct unit_source){ table->schema, table,
                                       e->stmts->list.items + from, e->at - from });
}

/* The queries without a table come last, in the order of their schemas. */
static void emit_schema(struct emit *e, const struct model_schema *schema)
{
    struct stmt **stmts = e->stmts->list.items;
    size_t from = e->query_at;
    while (e->query_at < e->stmts->list.n &&
           stmts[e->query_at]->query->schema == schema) {
        e->query_at++;
    }
    struct unit_source source = { schema, NULL, stmts + from, e->query_at - from };
    if (unit_is_needed(&source)) {
        emit_unit(e, source);
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void emit_whole(struct emit *e)
{
    struct str base = name_file(e->arena, e->options->base);
    emit_umbrella(&e->text, e->arena, e->options, &e->headers);
    finish(e, base, ".h");
    if (e->options->unity) {
        emit_banner(&e->text, e->options);
        WRITE(&e->text, "#include \"${base}.h\"\n", { "base", base });
        buf_str(&e->text.out, buf_view(&e->unity.out));
        finish(e, base, ".c");
    }
}

void emit_model(struct arena *arena, const struct model *model,
                const struct emit_options *options, const struct emit_sink *sink)
{
    const struct stmts *stmts = options->stmts ? options->stmts
                                               : stmts_of_model(arena, model);
    struct emit e = {
        .arena = arena, .options = options, .stmts = stmts, .sink = sink
    };
    while (e.query_at < stmts->list.n && stmts->list.items[e.query_at]->table) {
        e.query_at++;
    }
    for (size_t i = 0; i < model->schemas.n; i++) {
        const struct model_schema *schema = model->schemas.items[i];
        e.doc = schema->name.doc.n
                    ? name_join(arena, schema->name.name, STR(": "), schema->name.doc)
                    : STR("");
        emit_schema(&e, schema);
        for (size_t k = 0; k < schema->tables.n; k++) {
            emit_table(&e, schema->tables.items[k]);
        }
    }
    emit_whole(&e);
    buf_release(&e.text.out);
    buf_release(&e.unity.out);
    arena_release(&e.scratch);
}
