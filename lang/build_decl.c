/* build_decl.c: declarations, and what a schema block or the file holds. Must not know
 * whether names exist. */
#include "build.h"

struct ast_decl *build_decl(struct parser *p, enum ast_decl_kind kind,
                            const struct token *start)
{
    ast_decls *decls = p->schema ? &p->schema->schema->decls : &p->file->decls;
    struct ast_decl decl = { .kind = kind, .span = start->span };
    decl.doc = build_doc(p, start);
    VEC_PUSH(p->arena, decls, decl);
    return &decls->items[decls->n - 1];
}

static struct ast_decl *decl_of(struct parser *p, enum ast_decl_kind kind,
                                struct range range)
{
    struct ast_decl *decl = build_decl(p, kind, range.first);
    decl->span = range_span(range);
    return decl;
}

/* ---- schemas ------------------------------------------------------------------------- */

static void report_nested(struct parser *p, const struct token *start, const char *what)
{
    const struct ast_schema *schema = p->schema->schema;
    struct diag *diag = build_error(p, E_nested_schema, start->span,
                                    "%s inside the schema \"%.*s\"", what,
                                    STR_ARGS(schema->name.text));
    diag_hint(p->diags, diag, "is the \"}\" of the schema missing before it?");
    diag->other = schema->name.span;
    diag->note = "the schema begins here";
}

void build_schema(struct parser *p, const struct token *start, struct ast_name *name,
                  struct options *options)
{
    options_allow(p, options, 1u << OPTION_WAS | 1u << OPTION_C_NAME, "a schema");
    if (p->schema) {
        report_nested(p, start, "schema");
        return;
    }
    struct ast_schema *schema = arena_new(p->arena, struct ast_schema);
    schema->name = *name;
    schema->c_name = options->ast.c_name;
    schema->was = options->ast.was;
    p->schema = build_decl(p, AST_DECL_SCHEMA, start);
    p->schema->schema = schema;
    p->schema_depth = p->nopen;
}

/* The body of the declaration that decl is about to get. */
static void open_decl(struct parser *p, enum ast_decl_kind kind,
                      const struct token *start)
{
    p->decl = build_decl(p, kind, start);
    p->decl_depth = p->nopen;
}

void build_close(struct parser *p, const struct token *end)
{
    if (p->decl) {
        p->decl->span = span_join(p->decl->span, end->span);
        p->decl = NULL;
    } else if (p->schema && p->nopen == p->schema_depth) {
        p->schema->span = span_join(p->schema->span, end->span);
        p->schema = NULL;
    }
}

static void mark_decl_lost(struct ast_decl *decl)
{
    if (decl->kind == AST_DECL_TABLE)
        decl->table->lost = true;
    else if (decl->kind == AST_DECL_ENUM)
        decl->enum_->lost = true;
}

void build_unwind(struct parser *p)
{
    if (p->decl && p->nopen <= p->decl_depth) {
        mark_decl_lost(p->decl);
        p->decl = NULL;
    }
    if (p->schema && p->nopen <= p->schema_depth) {
        p->schema->schema->lost = true;
        p->schema = NULL;
    }
}

void build_include(struct parser *p, const struct token *start,
                   const struct token *path, const struct token *end)
{
    if (p->schema) {
        report_nested(p, start, "include");
        return;
    }
    struct ast_include include = { .span = tokens_span(start, end) };
    include.path = *build_name(p, build_word(p, path));
    VEC_PUSH(p->arena, &p->file->includes, include);
}

/* ---- dropped -------------------------------------------------------------------------- */

struct ast_qname *build_unqualified(struct parser *p, struct ast_name *name)
{
    return build_qname(p, NULL, name);
}

void build_dropped(struct parser *p, enum ast_decl_kind kind, struct ast_qname *name,
                   struct range range)
{
    struct ast_dropped *dropped = arena_new(p->arena, struct ast_dropped);
    dropped->kind = kind;
    dropped->name = *name;
    decl_of(p, AST_DECL_DROPPED, range)->dropped = dropped;
}

/* ---- tables --------------------------------------------------------------------------- */

void build_table(struct parser *p, const struct token *start, struct ast_qname *name,
                 struct options *options)
{
    struct ast_table *table = arena_new(p->arena, struct ast_table);
    table->name = *name;
    table->c_name = options->ast.c_name;
    table->unlogged = start->keyword == TOKEN_UNLOGGED;
    table->was = options->ast.was;
    table->with = options->ast.with;
    table->tablespace = options->ast.tablespace;
    open_decl(p, AST_DECL_TABLE, start);
    p->decl->table = table;
}

/* ---- enums ---------------------------------------------------------------------------- */

void build_enum(struct parser *p, const struct token *start, struct ast_qname *name,
                struct options *options)
{
    options_allow(p, options, 1u << OPTION_WAS | 1u << OPTION_C_NAME, "an enum");
    struct ast_enum *enum_ = arena_new(p->arena, struct ast_enum);
    enum_->name = *name;
    enum_->c_name = options->ast.c_name;
    enum_->was = options->ast.was;
    open_decl(p, AST_DECL_ENUM, start);
    p->decl->enum_ = enum_;
}

struct value_options *value_c_name(const struct parser *p,
                                   struct value_options *options,
                                   const struct ast_c_name *c_name)
{
    options->c_name = *c_name;
    options->last = last_token_of(p, c_name->span);
    return options;
}

struct value_options *value_was(struct parser *p, struct value_options *options,
                                struct ast_name *name)
{
    build_names(p, &options->was, name);
    options->last = last_token_of(p, name->span);
    return options;
}

static struct ast_value *add_value(struct parser *p, struct ast_name *name,
                                   const struct token *label)
{
    struct ast_value value = { .name = *name, .span = name->span };
    value.doc = build_doc_at(p, name->span);
    value.label = name->text;
    if (label) {
        value.has_label = true;
        value.label = token_value(p->arena, label);
        value.span = span_join(name->span, label->span);
        if (label->kind == TOKEN_STRING) {
            struct diag *diag = build_error(p, E_label_quotes, label->span,
                                            "a label stands in double quotes");
            diag_hint(p->diags, diag, "write \"%.*s\"", STR_ARGS(value.label));
        }
    }
    struct ast_enum *enum_ = p->decl->enum_;
    VEC_PUSH(p->arena, &enum_->values, value);
    return &enum_->values.items[enum_->values.n - 1];
}

void build_value(struct parser *p, struct ast_name *name, const struct token *label,
                 struct value_options *options)
{
    struct ast_value *value = add_value(p, name, label);
    value->c_name = options->c_name;
    value->was = options->was;
    if (options->last)
        value->span = span_join(name->span, options->last->span);
}

void build_dropped_value(struct parser *p, struct ast_name *name,
                         const struct token *label, struct ast_name *as)
{
    struct ast_value *value = add_value(p, name, label);
    value->dropped = true;
    value->dropped_as = *as;
    value->span = span_join(name->span, as->span);
}

/* ---- domains -------------------------------------------------------------------------- */

void build_domain(struct parser *p, struct ast_qname *name, struct ast_type *type,
                  struct attrs *attrs, struct range range)
{
    struct ast_domain *domain = arena_new(p->arena, struct ast_domain);
    domain->name = *name;
    domain->type = *type;
    for (size_t i = 0; i < attrs->list.n; i++) {
        const struct ast_attr *attr = &attrs->list.items[i];
        bool fits = attr->kind == AST_ATTR_DEFAULT || attr->kind == AST_ATTR_CHECK ||
                    attr->kind == AST_ATTR_COLLATE || attr->kind == AST_ATTR_WAS ||
                    attr->kind == AST_ATTR_NOT_NULL;
        if (fits)
            VEC_PUSH(p->arena, &domain->attrs, *attr);
        else
            build_error(p, E_option_not_here, attr->span, "a domain takes no \"%.*s\"",
                        STR_ARGS(token_text(last_token_of(
                            p, (struct span){ attr->span.source, attr->span.start,
                                              attr->span.start + 1 }))));
    }
    decl_of(p, AST_DECL_DOMAIN, range)->domain = domain;
}

/* ---- sequences ------------------------------------------------------------------------ */

void build_sequence(struct parser *p, struct ast_qname *name,
                    struct ast_sequence *sequence, struct range range)
{
    sequence->name = *name;
    decl_of(p, AST_DECL_SEQUENCE, range)->sequence = sequence;
}

struct ast_sequence *build_counter(struct parser *p, struct ast_name *name,
                                   struct ast_sequence *sequence,
                                   const struct token *close)
{
    if (name)
        sequence->name = *build_unqualified(p, name);
    sequence->options_span = close->span;
    return sequence;
}

struct ast_sequence *sequence_owner(struct parser *p, struct ast_sequence *sequence,
                                    struct ast_qname *table, struct ast_name *column)
{
    if (sequence->owned_by_column.text.n > 0)
        build_error(p, E_option_not_here, span_join(table->span, column->span),
                    "an option of the sequence is written twice");
    sequence->owned_by = *table;
    sequence->owned_by_column = *column;
    return sequence;
}

static enum ast_sequence_option_kind option_kind(const struct token *word)
{
    switch (word->keyword) {
    case TOKEN_START:
        return AST_SEQUENCE_START;
    case TOKEN_INCREMENT:
        return AST_SEQUENCE_INCREMENT;
    case TOKEN_MINVALUE:
        return AST_SEQUENCE_MINVALUE;
    case TOKEN_MAXVALUE:
        return AST_SEQUENCE_MAXVALUE;
    case TOKEN_CACHE:
        return AST_SEQUENCE_CACHE;
    default:
        return AST_SEQUENCE_CYCLE;
    }
}

struct ast_sequence *sequence_of_type(struct parser *p, const struct ast_type *type)
{
    struct ast_sequence *sequence = arena_new(p->arena, struct ast_sequence);
    sequence->type = *type;
    return sequence;
}

struct ast_sequence *sequence_option(struct parser *p, struct ast_sequence *sequence,
                                     struct ast_sequence_option option)
{
    for (size_t i = 0; i < sequence->options.n; i++)
        if (sequence->options.items[i].kind == option.kind)
            build_error(p, E_option_not_here, option.span,
                        "an option of the sequence is written twice");
    VEC_PUSH(p->arena, &sequence->options, option);
    sequence->options_span = span_join(sequence->options.items[0].span, option.span);
    return sequence;
}

struct ast_sequence_option option_number(const struct token *first, struct range number)
{
    return (struct ast_sequence_option){ .kind = option_kind(first),
                                         .number = span_text(range_span(number)),
                                         .span = tokens_span(first, number.last) };
}

struct ast_sequence_option option_word(const struct token *first,
                                       const struct token *word)
{
    return (struct ast_sequence_option){ .kind = option_kind(word),
                                         .no_ = first != word,
                                         .span = tokens_span(first, word) };
}

/* ---- extensions ----------------------------------------------------------------------- */

void build_extension(struct parser *p, const struct token *start, struct ast_name *name,
                     struct ast_extension *options)
{
    options->name = *name;
    open_decl(p, AST_DECL_EXTENSION, start);
    p->decl->extension = options;
}

void build_extension_type(struct parser *p, struct ast_name *name, struct ast_type *as,
                          struct range range)
{
    struct ast_extension_type type = { .name = *name, .span = range_span(range) };
    type.doc = build_doc(p, range.first);
    if (as)
        type.as = *as;
    VEC_PUSH(p->arena, &p->decl->extension->types, type);
}
