/* resolve_sequence.c: sequences: declared ones, and those of serial and identity columns:
 * how they count and whose they are. Must not choose names. */
#include "resolver.h"

/* ---- options ---------------------------------------------------------------------------- */

struct option_shape {
    const char *word;     /* with a number */
    const char *negative; /* without one */
};
static const struct option_shape shapes[] = {
    [AST_SEQUENCE_START] = { "start with", NULL },
    [AST_SEQUENCE_INCREMENT] = { "increment by", NULL },
    [AST_SEQUENCE_MINVALUE] = { "minvalue", "no minvalue" },
    [AST_SEQUENCE_MAXVALUE] = { "maxvalue", "no maxvalue" },
    [AST_SEQUENCE_CACHE] = { "cache", NULL },
    [AST_SEQUENCE_CYCLE] = { "cycle", "no cycle" },
};
enum { NOPTIONS = sizeof shapes / sizeof *shapes };

/* Between a sign and its number. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void put_option(struct buf *text, const struct ast_sequence_option *option)
{
    const struct option_shape *shape = &shapes[option->kind];
    buf_puts(text, text->n ? " " : "");
    bool cycle = option->kind == AST_SEQUENCE_CYCLE;
    if (cycle ? option->no_ : option->number.n == 0) {
        buf_puts(text, shape->negative);
        return;
    }
    buf_puts(text, shape->word);
    if (!cycle) {
        buf_putc(text, ' ');
        for (size_t i = 0; i < option->number.n; i++) {
            if (!is_blank(option->number.s[i])) {
                buf_putc(text, option->number.s[i]);
            }
        }
    }
}

static struct str option_text(struct resolver *r, const struct ast_sequence *ast)
{
    struct buf text = { 0 };
    for (size_t i = 0; ast && i < ast->options.n; i++) {
        put_option(&text, &ast->options.items[i]);
    }
    struct str result = buf_dup(&text, r->arena);
    buf_release(&text);
    return result;
}

/* The options as they are written; NULL: not, or without a number. */
struct options {
    struct resolver *r;
    const struct ast_sequence_option *at[NOPTIONS];
    int64_t value[NOPTIONS];
};

/* "-5", "- 5", "1_000"; false: no integer, or none of 64 bits. */
static bool read_number(struct str text, int64_t *value)
{
    bool negative = text.n && text.s[0] == '-';
    uint64_t most = (uint64_t)INT64_MAX + negative, n = 0;
    bool digits = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (c >= '0' && c <= '9') {
            uint64_t digit = (uint64_t)(c - '0');
            if (n > (most - digit) / 10) {
                return false;
            }
            n = n * 10 + digit;
            digits = true;
        } else if (c != '_' && (digits || (!is_blank(c) && c != '+' && c != '-'))) {
            return false;
        }
    }
    *value = negative ? (int64_t)(0 - n) : (int64_t)n;
    return digits;
}

static struct options read_options(struct resolver *r, const struct ast_sequence *ast)
{
    struct options options = { .r = r };
    for (size_t i = 0; ast && i < ast->options.n; i++) {
        const struct ast_sequence_option *option = &ast->options.items[i];
        bool cycle = option->kind == AST_SEQUENCE_CYCLE;
        if (option->number.n == 0 && !cycle) {
            continue;
        }
        if (!cycle && !read_number(option->number, &options.value[option->kind])) {
            (void)diag_error(r->diags, E_sequence_option, option->span,
                             "%.*s is no integer of 64 bits", STR_ARGS(option->number));
        } else {
            options.at[option->kind] = option;
        }
    }
    return options;
}

static void refuse_option(const struct options *options,
                          enum ast_sequence_option_kind kind, const char *why)
{
    if (options->at[kind]) {
        (void)diag_error(options->r->diags, E_sequence_option, options->at[kind]->span,
                         "%s", why);
    }
}

static int64_t value_or(const struct options *options,
                        enum ast_sequence_option_kind kind, int64_t otherwise)
{
    return options->at[kind] ? options->value[kind] : otherwise;
}

/* ---- how it counts ---------------------------------------------------------------------- */

static int64_t greatest(const struct type_info *type)
{
    return type->id == TYPE_INT2   ? INT16_MAX
           : type->id == TYPE_INT4 ? INT32_MAX
                                   : INT64_MAX;
}

/* Source: init_params in src/backend/commands/sequence.c, version 15. */
static struct model_counter counter_of(const struct options *o,
                                       const struct type_info *type)
{
    int64_t most = greatest(type);
    struct model_counter counter = { .increment = value_or(o, AST_SEQUENCE_INCREMENT,
                                                           1) };
    bool down = counter.increment < 0;
    counter.least = value_or(o, AST_SEQUENCE_MINVALUE, down ? -most - 1 : 1);
    counter.most = value_or(o, AST_SEQUENCE_MAXVALUE, down ? -1 : most);
    counter.start = value_or(o, AST_SEQUENCE_START,
                             down ? counter.most : counter.least);
    counter.cache = value_or(o, AST_SEQUENCE_CACHE, 1);
    counter.cycle = o->at[AST_SEQUENCE_CYCLE] && !o->at[AST_SEQUENCE_CYCLE]->no_;
    return counter;
}

static void check_counter(const struct options *o, const struct model_counter *counter,
                          const struct type_info *type)
{
    int64_t most = greatest(type);
    if (counter->increment == 0) {
        refuse_option(o, AST_SEQUENCE_INCREMENT, "a sequence cannot go on by 0");
    }
    if (counter->cache < 1) {
        refuse_option(o, AST_SEQUENCE_CACHE, "a cache holds at least 1");
    }
    if (counter->least < -most - 1 || counter->least > most) {
        refuse_option(o, AST_SEQUENCE_MINVALUE,
                      "the type of the sequence cannot hold this");
    } else if (counter->most > most || counter->most < -most - 1) {
        refuse_option(o, AST_SEQUENCE_MAXVALUE,
                      "the type of the sequence cannot hold this");
    } else if (counter->least >= counter->most) {
        refuse_option(o,
                      o->at[AST_SEQUENCE_MAXVALUE] ? AST_SEQUENCE_MAXVALUE
                                                   : AST_SEQUENCE_MINVALUE,
                      "maxvalue must be greater than minvalue");
    } else if (counter->start < counter->least || counter->start > counter->most) {
        refuse_option(o, AST_SEQUENCE_START,
                      "start must be between minvalue and maxvalue");
    }
}

static void set_options(struct resolver *r, struct model_sequence *sequence,
                        const struct ast_sequence *ast)
{
    struct options options = read_options(r, ast);
    sequence->options = option_text(r, ast);
    sequence->counter = counter_of(&options, sequence->type);
    check_counter(&options, &sequence->counter, sequence->type);
}

/* ---- declared sequences ------------------------------------------------------------------ */

static const struct type_info *sequence_type(struct resolver *r,
                                             const struct sequence_work *work)
{
    const struct ast_type *type = &work->ast->type;
    if (type->name.name.text.n == 0) {
        return type_info(TYPE_INT8);
    }
    const struct type_info *info = type_find(type->name.name.text);
    bool counter = info && (info->id == TYPE_INT2 || info->id == TYPE_INT4 ||
                            info->id == TYPE_INT8);
    if (!counter || type->name.schema.text.n || type->dimensions) {
        (void)diag_error(r->diags, E_type_not_here, type->span,
                         "a sequence counts in int2, int4 or int8");
        return type_info(TYPE_INT8);
    }
    return info;
}

void resolve_sequences(struct resolver *r)
{
    for (size_t i = 0; i < r->sequences.n; i++) {
        struct sequence_work *work = r->sequences.items[i];
        work->sequence->named = true;
        work->sequence->type = sequence_type(r, work);
        resolve_was_in(
            r, &work->ast->was, work->sequence->schema,
            (struct old_names){ &work->sequence->was, &work->sequence->was_in });
        set_options(r, work->sequence, work->ast);
    }
}

/* Source: process_owned_by in src/backend/commands/sequence.c, version 15. */
static void resolve_owner(struct resolver *r, const struct sequence_work *work)
{
    const struct ast_sequence *ast = work->ast;
    struct model_table *table = resolve_table_name(r, work->scope, &ast->owned_by);
    if (!table) {
        return;
    }
    struct model_column *column = resolve_column_name(r, work_of(r, table),
                                                      &ast->owned_by_column);
    if (table->schema != work->sequence->schema) {
        (void)diag_error(r->diags, E_sequence_option, ast->owned_by.span,
                         "a sequence and the table that owns it stand in one schema");
    } else if (column) {
        work->sequence->owned_by = column;
        VEC_PUSH(r->arena, &table->sequences, work->sequence);
    }
}

void resolve_sequence_owners(struct resolver *r)
{
    for (size_t i = 0; i < r->sequences.n; i++) {
        if (r->sequences.items[i]->ast->owned_by_column.text.n) {
            resolve_owner(r, r->sequences.items[i]);
        }
    }
}

/* ---- serial and identity ------------------------------------------------------------------ */

void resolve_owned_sequence(struct resolver *r, struct model_column *column,
                            const struct ast_sequence *ast)
{
    struct model_sequence *sequence = arena_new(r->arena, struct model_sequence);
    const struct model_type *type = type_under(&column->type);
    bool counts = type_is_counter(&column->type);
    sequence->schema = column->table->schema;
    sequence->owner = column;
    sequence->type = counts ? type->builtin : type_info(TYPE_INT8);
    sequence->named = ast && ast->name.name.text.n;
    sequence->name.span = column->name.span;
    if (sequence->named) {
        sequence->name = resolve_name(r, &ast->name.name, NULL, (struct str){ 0 });
    }
    set_options(r, sequence, counts ? ast : NULL);
    column->owned = sequence;
}
