/* follow_up.c: see follow_up.h. Must not know the language. */
#include "follow_up.h"

enum { FIRST_RULE = 220 };

/* A line that has an error of the syntax. */
struct bad_line {
    const struct source *source;
    size_t line;
};
typedef VEC(struct bad_line) bad_lines;

static size_t line_of(struct diags *diags, struct span span)
{
    return source_position(span.source, span.start, diags->arena).line;
}

static bad_lines find_bad_lines(struct diags *diags)
{
    bad_lines lines = { 0 };
    for (size_t i = 0; i < diags->list.n; i++) {
        const struct diag *diag = &diags->list.items[i];
        if (diag->code >= FIRST_RULE || !diag->span.source)
            continue;
        struct bad_line line = { diag->span.source, line_of(diags, diag->span) };
        VEC_PUSH(diags->arena, &lines, line);
        /* Nobody reads more than these, and the search below is one by one. */
        if (lines.n > 2 * DIAG_MAX_ERRORS)
            break;
    }
    return lines;
}

static bool is_follow_up(struct diags *diags, const struct diag *diag,
                         const bad_lines *lines)
{
    if (diag->code < FIRST_RULE || !diag->span.source)
        return false;
    size_t line = line_of(diags, diag->span);
    for (size_t i = 0; i < lines->n; i++)
        if (lines->items[i].source == diag->span.source && lines->items[i].line == line)
            return true;
    return false;
}

void follow_up_drop(struct diags *diags)
{
    bad_lines lines = find_bad_lines(diags);
    size_t kept = 0;
    for (size_t i = 0; lines.n > 0 && i < diags->list.n; i++) {
        struct diag *diag = &diags->list.items[i];
        if (!is_follow_up(diags, diag, &lines))
            diags->list.items[kept++] = *diag;
        else if (diag->severity == DIAG_ERROR)
            diags->nerrors--;
        else
            diags->nwarnings--;
    }
    if (lines.n > 0)
        diags->list.n = kept;
}
