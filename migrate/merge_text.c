/* merge_text.c: the declarations of both heads in one text: what one of them has written
 * anew against the parent comes from it, all else stays as it was. Must not know what a
 * declaration means: it is told from others by its kind and name, and is the same when its
 * tokens are. */
#include "../lang/token.h"
#include "merges.h"

/* A declaration or member. One with members (a schema, a table) has a head of its own. */
struct piece;
struct pieces {
    struct piece *items;
    size_t n, cap;
};
struct piece {
    const char *key;      /* "table users", "column id" */
    const ast_names *was; /* older names; NULL: none */
    struct str doc;       /* cleaned */
    const struct ast_file *file;
    struct span span; /* of the whole, or of the head with its "{" */
    bool block;
    bool alone; /* only the first head has it */
    struct pieces pieces;
};

/* ---- from the tree ---- */

struct cutter {
    struct arena *arena;
    const struct ast_file *file;
};

static const char *named(struct cutter *c, const char *kind,
                         const struct ast_qname *name)
{
    bool schema = name->schema.text.n;
    return arena_printf(c->arena, "%s %.*s%s%.*s", kind, STR_ARGS(name->schema.text),
                        schema ? "." : "", STR_ARGS(name->name.text));
}

static const char *plain(struct cutter *c, const char *kind, struct str name)
{
    return arena_printf(c->arena, "%s %.*s", kind, STR_ARGS(name));
}

/* The first token at or after the offset. */
static size_t token_from(const struct ast_file *file, uint32_t offset)
{
    size_t low = 0, high = file->ntokens;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->tokens[middle].span.start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Up to its opening brace, with it. */
static struct span head_of(const struct ast_file *file, struct span whole)
{
    size_t i = token_from(file, whole.start);
    while (file->tokens[i].kind != TOKEN_LBRACE && file->tokens[i].span.end < whole.end)
        i++;
    return (struct span){ whole.source, whole.start, file->tokens[i].span.end };
}

/* The tokens with one blank in between: blanks for alignment are no difference. */
static const char *tokens_of(struct arena *arena, const struct ast_file *file,
                             struct span span)
{
    struct buf text = { 0 };
    buf_puts(&text, "");
    for (size_t i = token_from(file, span.start);
         i < file->ntokens && file->tokens[i].span.end <= span.end &&
         file->tokens[i].kind != TOKEN_END;
         i++) {
        buf_str(&text, token_text(&file->tokens[i]));
        buf_putc(&text, ' ');
    }
    struct str copy = buf_dup(&text, arena);
    buf_release(&text);
    return copy.s;
}

/* What has no name is known by what it says. */
static const char *member_key(struct cutter *c, const char *kind,
                              const struct ast_name *name, struct span span)
{
    return name->text.n ? plain(c, kind, name->text)
                        : tokens_of(c->arena, c->file, span);
}

static const ast_names *column_was(const struct ast_column *column)
{
    for (size_t i = 0; i < column->attrs.n; i++) {
        if (column->attrs.items[i].kind == AST_ATTR_WAS)
            return &column->attrs.items[i].names;
    }
    return NULL;
}

static struct piece cut_member(struct cutter *c, const struct ast_member *member)
{
    struct piece piece = { .doc = member->doc, .file = c->file, .span = member->span };
    const struct ast_name *name = NULL;
    const char *kind = NULL;
    switch (member->kind) {
    case AST_MEMBER_COLUMN:
        kind = "column";
        piece.was = column_was(member->column);
        name = &member->column->name;
        break;
    case AST_MEMBER_DROPPED:
        kind = "dropped";
        name = &member->dropped;
        break;
    case AST_MEMBER_KEY:
        kind = "constraint";
        piece.was = &member->key->options.was;
        name = &member->key->name;
        break;
    case AST_MEMBER_FOREIGN_KEY:
        kind = "constraint";
        piece.was = &member->foreign_key->options.was;
        name = &member->foreign_key->name;
        break;
    case AST_MEMBER_CHECK:
        kind = "constraint";
        piece.was = &member->check->options.was;
        name = &member->check->name;
        break;
    case AST_MEMBER_EXCLUDE:
        kind = "constraint";
        piece.was = &member->exclude->options.was;
        name = &member->exclude->name;
        break;
    case AST_MEMBER_INDEX:
        kind = "index";
        piece.was = &member->index->options.was;
        name = &member->index->name;
        break;
    }
    piece.key = member_key(c, kind, name, member->span);
    return piece;
}

static void cut_decls(struct cutter *c, const ast_decls *decls, struct pieces *list);

static void cut_table(struct cutter *c, const struct ast_decl *decl,
                      struct piece *piece)
{
    const struct ast_table *table = decl->table;
    piece->block = true;
    piece->span = head_of(c->file, decl->span);
    piece->was = &table->was;
    piece->key = named(c, "table", &table->name);
    for (size_t i = 0; i < table->members.n; i++)
        VEC_PUSH(c->arena, &piece->pieces, cut_member(c, &table->members.items[i]));
}

static void cut_schema(struct cutter *c, const struct ast_decl *decl,
                       struct piece *piece)
{
    piece->block = true;
    piece->span = head_of(c->file, decl->span);
    piece->was = &decl->schema->was;
    piece->key = plain(c, "schema", decl->schema->name.text);
    cut_decls(c, &decl->schema->decls, &piece->pieces);
}

static struct piece cut_decl(struct cutter *c, const struct ast_decl *decl)
{
    struct piece piece = { .doc = decl->doc, .file = c->file, .span = decl->span };
    switch (decl->kind) {
    case AST_DECL_SCHEMA:
        cut_schema(c, decl, &piece);
        break;
    case AST_DECL_TABLE:
        cut_table(c, decl, &piece);
        break;
    case AST_DECL_ENUM:
        piece.was = &decl->enum_->was;
        piece.key = named(c, "enum", &decl->enum_->name);
        break;
    case AST_DECL_DOMAIN:
        piece.key = named(c, "domain", &decl->domain->name);
        break;
    case AST_DECL_SEQUENCE:
        piece.was = &decl->sequence->was;
        piece.key = named(c, "sequence", &decl->sequence->name);
        break;
    case AST_DECL_EXTENSION:
        piece.key = plain(c, "extension", decl->extension->name.text);
        break;
    case AST_DECL_QUERY:
        piece.key = named(c, "query", &decl->query->name);
        break;
    case AST_DECL_DROPPED:
        piece.key = tokens_of(c->arena, c->file, decl->span);
        break;
    }
    return piece;
}

/* The pieces of a block that is opened again come after those of its first. */
static void cut_decls(struct cutter *c, const ast_decls *decls, struct pieces *list)
{
    struct map first = { 0 };
    for (size_t i = 0; i < decls->n; i++) {
        struct piece piece = cut_decl(c, &decls->items[i]);
        size_t seen = (size_t)(uintptr_t)map_find(&first, str_of(piece.key));
        if (seen && piece.block) {
            struct piece *block = &list->items[seen - 1];
            for (size_t k = 0; k < piece.pieces.n; k++)
                VEC_PUSH(c->arena, &block->pieces, piece.pieces.items[k]);
            continue;
        }
        VEC_PUSH(c->arena, list, piece);
        (void)map_add(&first, c->arena, str_of(piece.key), (void *)(uintptr_t)list->n);
    }
}

static struct pieces cut(struct arena *arena, const struct ast_file *file)
{
    struct cutter cutter = { arena, file };
    struct pieces list = { 0 };
    cut_decls(&cutter, &file->decls, &list);
    return list;
}

/* ---- what is the same ---- */

static bool spans_same(const struct piece *a, const struct piece *b)
{
    size_t i = token_from(a->file, a->span.start);
    size_t k = token_from(b->file, b->span.start);
    for (;; i++, k++) {
        const struct token *x = &a->file->tokens[i], *y = &b->file->tokens[k];
        bool ended = x->kind == TOKEN_END || x->span.end > a->span.end;
        bool other = y->kind == TOKEN_END || y->span.end > b->span.end;
        if (ended || other)
            return ended == other;
        if (!str_eq(token_text(x), token_text(y)))
            return false;
    }
}

static bool heads_same(const struct piece *a, const struct piece *b)
{
    return str_eq(a->doc, b->doc) && spans_same(a, b);
}

static bool pieces_same(const struct piece *a, const struct piece *b)
{
    bool same = heads_same(a, b) && a->pieces.n == b->pieces.n;
    for (size_t i = 0; same && i < a->pieces.n; i++)
        same = pieces_same(&a->pieces.items[i], &b->pieces.items[i]);
    return same;
}

/* ---- three lists ---- */

/* A list of a head beside the parent's. */
struct branch {
    const struct pieces *list;
    struct map by_key;    /* its own pieces */
    struct map by_parent; /* the same by the key of what they were */
};

/* The key that an older name would have: only the last name is another. */
static const char *older_key(struct arena *arena, const struct piece *piece,
                             struct str name)
{
    const char *end = strrchr(piece->key, '.');
    end = end ? end : strchr(piece->key, ' ');
    return arena_printf(arena, "%.*s%.*s", (int)(end + 1 - piece->key), piece->key,
                        STR_ARGS(name));
}

static const struct piece *parent_of(struct arena *arena, const struct map *parent,
                                     const struct branch *branch,
                                     const struct piece *piece)
{
    const struct piece *found = map_find(parent, str_of(piece->key));
    for (size_t i = 0; !found && piece->was && i < piece->was->n; i++) {
        const char *key = older_key(arena, piece, piece->was->items[i].text);
        if (!map_find(&branch->by_key, str_of(key)))
            found = map_find(parent, str_of(key));
    }
    return found;
}

static struct map map_of(struct arena *arena, const struct pieces *list)
{
    struct map map = { 0 };
    for (size_t i = 0; i < list->n; i++)
        (void)map_add(&map, arena, str_of(list->items[i].key), &list->items[i]);
    return map;
}

static struct branch branch_of(struct arena *arena, const struct map *parent,
                               const struct pieces *list)
{
    struct branch branch = { .list = list, .by_key = map_of(arena, list) };
    for (size_t i = 0; i < list->n; i++) {
        const struct piece *was = parent_of(arena, parent, &branch, &list->items[i]);
        if (was)
            (void)map_add(&branch.by_parent, arena, str_of(was->key), &list->items[i]);
    }
    return branch;
}

struct weave {
    struct merging *m;
    struct map parent;
    struct branch a, b;
    struct pieces out; /* what the first head has */
    struct map places; /* of struct pieces */
};

static struct pieces weave(struct merging *m, const struct pieces *parent,
                           const struct pieces *a, const struct pieces *b);

static void both(struct merging *m, const struct piece *piece, const char *what)
{
    merge_conflict(m, piece->key,
                   arena_printf(m->arena, "%s and %s %s", m->heads[0].version.id,
                                m->heads[1].version.id, what));
}

/* What stands in all three. */
static struct piece merged(struct merging *m, const struct piece *was,
                           const struct piece *a, const struct piece *b)
{
    bool mine = !heads_same(was, a), theirs = !heads_same(was, b);
    if (mine && theirs && !heads_same(a, b))
        both(m, was, "each write it anew");
    struct piece piece = theirs ? *b : *a;
    piece.key = a->key;
    piece.pieces = weave(m, &was->pieces, &a->pieces, &b->pieces);
    return piece;
}

static void emit(struct weave *w, const struct piece *piece)
{
    VEC_PUSH(w->m->arena, &w->out, *piece);
}

static void weave_mine(struct weave *w, const struct piece *mine)
{
    struct arena *arena = w->m->arena;
    const struct piece *was = parent_of(arena, &w->parent, &w->a, mine);
    const struct piece *other = was ? map_find(&w->b.by_parent, str_of(was->key))
                                    : map_find(&w->b.by_key, str_of(mine->key));
    if (was && other) {
        struct piece piece = merged(w->m, was, mine, other);
        emit(w, &piece);
    } else if (was) {
        if (!pieces_same(was, mine))
            both(w->m, was, "change and remove it");
    } else {
        if (other && !pieces_same(mine, other))
            both(w->m, mine, "each add it");
        struct piece piece = *mine;
        piece.alone = !other;
        emit(w, &piece);
    }
}

/* What only the other head has, by the key of the piece that stands before it there; what
 * only the first has at that place comes before it. */
static struct pieces *place_after(struct weave *w, const struct piece *mine)
{
    struct pieces *place = map_find(&w->places, str_of(mine->key));
    if (!place) {
        place = arena_new(w->m->arena, struct pieces);
        (void)map_add(&w->places, w->m->arena, str_of(mine->key), place);
    }
    return place;
}

static void weave_theirs(struct weave *w, struct pieces *first)
{
    struct pieces *place = first;
    for (size_t i = 0; i < w->b.list->n; i++) {
        const struct piece *theirs = &w->b.list->items[i];
        const struct piece *was = parent_of(w->m->arena, &w->parent, &w->b, theirs);
        const struct piece *mine = was ? map_find(&w->a.by_parent, str_of(was->key))
                                       : map_find(&w->a.by_key, str_of(theirs->key));
        if (mine)
            place = place_after(w, mine);
        else if (!was)
            VEC_PUSH(w->m->arena, place, *theirs);
        else if (!pieces_same(was, theirs))
            both(w->m, was, "remove and change it");
    }
}

static void append(struct arena *arena, struct pieces *to, const struct pieces *from)
{
    for (size_t i = 0; from && i < from->n; i++)
        VEC_PUSH(arena, to, from->items[i]);
}

static struct pieces weave(struct merging *m, const struct pieces *parent,
                           const struct pieces *a, const struct pieces *b)
{
    struct weave w = { .m = m, .parent = map_of(m->arena, parent) };
    struct pieces first = { 0 }, list = { 0 };
    w.a = branch_of(m->arena, &w.parent, a);
    w.b = branch_of(m->arena, &w.parent, b);
    for (size_t i = 0; i < a->n; i++)
        weave_mine(&w, &a->items[i]);
    weave_theirs(&w, &first);
    const struct pieces *waiting = &first;
    for (size_t i = 0; i < w.out.n; i++) {
        const struct piece *piece = &w.out.items[i];
        if (!piece->alone) {
            append(m->arena, &list, waiting);
            waiting = map_find(&w.places, str_of(piece->key));
        }
        VEC_PUSH(m->arena, &list, *piece);
    }
    append(m->arena, &list, waiting);
    return list;
}

/* ---- to text ---- */

static void put_doc(struct buf *out, struct str doc)
{
    while (doc.n) {
        const char *end = memchr(doc.s, '\n', doc.n);
        size_t n = end ? (size_t)(end - doc.s) : doc.n;
        buf_printf(out, "/// %.*s\n", (int)n, doc.s);
        doc.s += end ? n + 1 : n;
        doc.n -= end ? n + 1 : n;
    }
}

static void put_pieces(struct buf *out, const struct pieces *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct piece *piece = &list->items[i];
        put_doc(out, piece->doc);
        buf_str(out, span_text(piece->span));
        buf_putc(out, '\n');
        put_pieces(out, &piece->pieces);
        buf_puts(out, piece->block ? "}\n" : "");
    }
}

struct str merge_texts(struct merging *m)
{
    struct pieces parent = cut(m->arena, m->parent.file);
    struct pieces a = cut(m->arena, m->heads[0].version.file);
    struct pieces b = cut(m->arena, m->heads[1].version.file);
    struct pieces list = weave(m, &parent, &a, &b);
    struct buf out = { 0 };
    put_pieces(&out, &list);
    struct str copy = buf_dup(&out, m->arena);
    buf_release(&out);
    return copy;
}
