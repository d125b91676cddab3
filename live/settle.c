/* settle.c: see settle.h. Must not know catalogs. */
#include "settle.h"

#include "base/diag.h"
#include "clean.h"
#include "compare.h"
#include "lang/format.h"
#include "lang/resolve.h"
#include "put.h"

enum {
    MAX_ROUNDS = 200, /* each takes something away or gives it another name */
    MAX_C_NAMES = 9,  /* tried for one object */
    FIRST_C_CODE = 401,
    C_CODE_OF_RUNTIME = 403
};

struct round {
    struct put put;
    struct source source;
    struct resolve_input input;
    struct model *model;
    struct diags diags;
};

static void compile(struct round *round, struct arena *arena, const struct shape *shape,
                    const struct live_options *options)
{
    *round = (struct round){ .put = { .arena = arena }, .diags = { .arena = arena } };
    put_shape(&round->put, shape);
    struct str text = buf_dup(&round->put.out, arena);
    round->source = (struct source){ .path = "pulled", .text = text.s, .size = text.n };
    round->input = resolve_read(arena, &round->source, NULL, &round->diags);
    round->model = resolve_files(arena, round->input.files, round->input.nfiles,
                                 &round->diags);
    if (round->diags.nerrors == 0 && options->judge != NULL) {
        options->judge(options->context, round->model, &round->diags);
    }
}

/* ---- what the compiler says -------------------------------------------------------------- */

/* Another name in C: its own letters, then numbered; one of the runtime's prefix gets a
 * letter before it. */
static void rename_in_c(struct shape *shape, struct item *item, bool runtime)
{
    struct str word = clean_word(shape->arena, item->name);
    bool fresh = runtime || !clean_is_word(item->name);
    unsigned number = ++item->tries + (fresh ? 0 : 1);
    char *name = arena_printf(shape->arena, "%s%.*s", runtime ? "x" : "",
                              STR_ARGS(word));
    if (number > 1) {
        name = arena_printf(shape->arena, "%s_%u", name, number);
    }
    item->c_name = str_of(name);
}

static bool refers_to(const struct shape_table *table, const struct item *target)
{
    for (size_t i = 0; i < table->constraints.n; i++) {
        const struct shape_table *other = table->constraints.items[i]->target;
        if (other != NULL && &other->item == target) {
            return true;
        }
    }
    return false;
}

/* Functions of a table are named after those that refer to it, too: when no name of its own
 * helps, one of theirs may. */
static void rename_referring(struct shape *shape, struct item *target)
{
    for (size_t i = 0; i < shape->schemas.n; i++) {
        struct shape_schema *schema = shape->schemas.items[i];
        for (size_t k = 0; k < schema->tables.n; k++) {
            struct shape_table *table = schema->tables.items[k];
            if (refers_to(table, target) && table->item.tries < MAX_C_NAMES) {
                rename_in_c(shape, &table->item, false);
            }
        }
    }
    target->tries++;
}

/* What cannot be said of a part cannot be left out of the whole: a table without one of its
 * columns is another table. */
static void lose(struct shape *shape, struct item *item, const char *message)
{
    if (item->kind == ITEM_COLUMN || item->kind == ITEM_LABEL) {
        struct str name = item->name;
        shape_lose(shape, item->owner, "its %s \"%.*s\": %s", item_kind_word(item),
                   STR_ARGS(name), message);
    } else {
        shape_lose(shape, item, "%s", message);
    }
}

static const char *mend(struct shape *shape, const struct round *round,
                        const struct diag *diag)
{
    struct item *item = put_find(&round->put, diag->span.start);
    if (diag->span.source != &round->source || item == NULL) {
        return arena_printf(shape->arena, "what was read does not compile: %s",
                            diag->message);
    }
    bool of_c = diag->code >= FIRST_C_CODE && diag->code <= C_CODE_OF_RUNTIME;
    if (of_c && item->kind != ITEM_EXTENSION && item->tries < MAX_C_NAMES) {
        rename_in_c(shape, item, diag->code == C_CODE_OF_RUNTIME);
    } else if (of_c && item->kind == ITEM_TABLE && item->tries == MAX_C_NAMES) {
        rename_referring(shape, item);
    } else {
        lose(shape, item, diag->message);
    }
    return NULL;
}

static const char *mend_all(struct shape *shape, const struct round *round)
{
    const char *error = NULL;
    for (size_t i = 0; i < round->diags.list.n && error == NULL; i++) {
        const struct diag *diag = &round->diags.list.items[i];
        if (diag->severity == DIAG_ERROR) {
            error = mend(shape, round, diag);
        }
    }
    return error;
}

/* ---- labels ---------------------------------------------------------------------------------- */

static void name_labels(struct arena *arena, struct shape_enum *type)
{
    struct map taken = { 0 };
    for (size_t i = 0; i < type->labels.n; i++) {
        struct shape_label *label = type->labels.items[i];
        struct str word = clean_word(arena, label->item.name);
        label->ident = word;
        for (unsigned n = 2; map_add(&taken, arena, label->ident, label) != NULL; n++) {
            label->ident = str_of(arena_printf(arena, "%.*s_%u", STR_ARGS(word), n));
        }
        if (!str_eq(label->ident, word)) {
            label->item.c_name = label->ident;
        }
    }
}

static void name_all_labels(struct arena *arena, struct shape *shape)
{
    for (size_t i = 0; i < shape->schemas.n; i++) {
        struct shape_schema *schema = shape->schemas.items[i];
        for (size_t k = 0; k < schema->enums.n; k++) {
            name_labels(arena, schema->enums.items[k]);
        }
    }
}

/* ---- together -------------------------------------------------------------------------------- */

const char *settle_shape(struct arena *arena, struct shape *shape,
                         const struct live_options *options)
{
    name_all_labels(arena, shape);
    for (int i = 0; i < MAX_ROUNDS; i++) {
        struct round round;
        compile(&round, arena, shape, options);
        bool settled = false;
        const char *error = NULL;
        if (round.diags.nerrors > 0) {
            error = mend_all(shape, &round);
        } else {
            settled = compare_shape(shape, round.model);
        }
        buf_release(&round.put.out);
        if (settled || error != NULL) {
            return error;
        }
    }
    return "what was read does not settle";
}

struct str settle_text(struct arena *arena, struct shape *shape, struct str comment)
{
    struct put put = { .arena = arena };
    buf_str(&put.out, comment);
    put_shape(&put, shape);
    struct str text = buf_dup(&put.out, arena);
    buf_clear(&put.out);
    struct source source = { .path = "pulled", .text = text.s, .size = text.n };
    struct diags diags = { .arena = arena };
    struct resolve_input input = resolve_read(arena, &source, NULL, &diags);
    format_file(arena, input.files[0], &put.out);
    text = buf_dup(&put.out, arena);
    buf_release(&put.out);
    return text;
}
