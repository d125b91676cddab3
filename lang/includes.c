/* includes.c: see includes.h. Must not know the grammar but for its one declaration. */
#include "includes.h"
#include "lexer.h"
#include "token.h"

/* ---- paths ----------------------------------------------------------------------------- */

struct str includes_normal_path(struct arena *arena, struct str path)
{
    VEC(struct str) parts = { 0 };
    bool absolute = path.n && path.s[0] == '/';
    for (size_t at = 0; at < path.n;) {
        size_t end = at;
        while (end < path.n && path.s[end] != '/') {
            end++;
        }
        struct str part = { path.s + at, end - at };
        at = end + 1;
        if (part.n == 0 || str_eq_c(part, ".")) {
            continue;
        }
        bool up = str_eq_c(part, "..");
        if (up && parts.n && !str_eq_c(parts.items[parts.n - 1], "..")) {
            parts.n--;
        } else {
            VEC_PUSH(arena, &parts, part);
        }
    }
    struct buf text = { 0 };
    for (size_t i = 0; i < parts.n; i++) {
        buf_puts(&text, i || absolute ? "/" : "");
        buf_str(&text, parts.items[i]);
    }
    struct str normal = buf_dup(&text, arena);
    buf_release(&text);
    return normal;
}

struct str includes_path(struct arena *arena, const char *from, struct str path)
{
    const char *slash = strrchr(from, '/');
    if (!slash || (path.n && path.s[0] == '/')) {
        return includes_normal_path(arena, path);
    }
    char *joined = arena_printf(arena, "%.*s/%.*s", (int)(slash - from), from,
                                STR_ARGS(path));
    return includes_normal_path(arena, str_of(joined));
}

/* ---- declarations ---------------------------------------------------------------------- */

static const char WORD[] = "include";

static bool holds_word(const struct source *source)
{
    const size_t n = sizeof WORD - 1;
    for (size_t i = 0; i + n <= source->size; i++) {
        if ((source->text[i] | 0x20) == 'i' &&
            str_eq_nocase((struct str){ source->text + i, n }, WORD)) {
            return true;
        }
    }
    return false;
}

static int depth_change(enum token_kind kind)
{
    if (kind == TOKEN_LBRACE || kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET) {
        return 1;
    }
    return -(kind == TOKEN_RBRACE || kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET);
}

void includes_find(struct arena *arena, struct source *source, includes_list *paths)
{
    if (!holds_word(source)) {
        return;
    }
    struct ast_file file = { .source = source };
    struct diags unheard = { .arena = arena };
    lex_file(arena, &file, &unheard);
    int depth = 0;
    for (size_t i = 0; i + 2 < file.ntokens; i++) {
        const struct token *token = &file.tokens[i];
        depth += depth_change(token->kind);
        if (depth == 0 && token_is_word(token, WORD) && token[1].kind == TOKEN_QUOTED &&
            token[2].kind == TOKEN_SEMICOLON) {
            VEC_PUSH(arena, paths, token_value(arena, &token[1]));
        }
    }
}
