/* format_print.h: the formatter's own state, shared by format.c (order, blank lines,
 * comments between declarations), format_table.c (alignment), format_run.c (tokens of one
 * line) and format_role.c (what each token is). Nobody outside this room includes it. */
#ifndef LANG_FORMAT_PRINT_H
#define LANG_FORMAT_PRINT_H
#include "format.h"

enum { FORMAT_INDENT = 4, FORMAT_WIDTH = 88 };

/* What the tree says about a token. A set. */
enum token_role {
    ROLE_GLUED = 1,      /* no space before it */
    ROLE_SQL = 2,        /* inside a stretch of SQL, not its first: the gap is copied */
    ROLE_SQL_FIRST = 4,  /* the first of such a stretch */
    ROLE_LOWER = 8,      /* a word of a type's name: lower case */
    ROLE_ATTRIBUTE = 16, /* begins an attribute: two spaces before it */
    ROLE_TYPE = 32,      /* stands for a type with a shorter name, see struct marks */
    ROLE_DROPPED = 64,   /* a later word of such a type: not printed */
};

/* A type by a long spelling: its first token, and its short name. */
struct short_type {
    size_t token;
    struct str name;
};
struct marks {
    unsigned char *roles;         /* one a token */
    VEC(struct short_type) types; /* by token */
};

struct printer {
    struct arena *arena;
    const struct ast_file *file;
    struct buf *out;
    unsigned char *roles; /* one a token */
    struct marks marks;
    size_t comment;    /* index of the next comment that is not printed */
    size_t indent;     /* in blanks */
    size_t sql_indent; /* the least indentation of the SQL at hand's later lines */
    bool docs_only;    /* leave out comments that document nothing */
};

/* ---- format_role.c -------------------------------------------------------------------- */

/* Index of the first token at the offset or after it. */
size_t print_index(const struct ast_file *file, uint32_t offset);
struct marks print_marks(struct arena *arena, const struct ast_file *file);
/* The short name of the type that begins at a token with ROLE_TYPE. */
struct str print_short_type(const struct marks *marks, size_t token);

/* ---- format_run.c ---------------------------------------------------------------------- */

void print_indent(struct printer *f);
/* The tokens first to last as one line, without indentation before it or newline after.
 * Comments among them are kept: those that end a line break it. */
void print_run(struct printer *f, size_t first, size_t last);
/* How wide print_run would be; SIZE_MAX when it breaks the line. */
size_t print_width(struct printer *f, size_t first, size_t last);
/* Whether a comment stands between first and last that is not part of SQL. */
bool print_has_comment(const struct printer *f, size_t first, size_t last);
/* The lines between two braces, indented by one step; open and close are the braces. */
void print_body(struct printer *f, size_t open, size_t close);

/* ---- format.c -------------------------------------------------------------------------- */

/* The comments on lines of their own before the token, and the blank line that belongs
 * there: always when forced, never when first, else as in the source. */
enum print_blank { BLANK_NEVER, BLANK_KEEP, BLANK_FORCED };
void print_before(struct printer *f, size_t token, enum print_blank blank);
/* What stands behind the token on its line, and the newline. */
void print_after(struct printer *f, size_t token);
/* Comments before a closing brace, which stand one step further in, then the brace. */
void print_close(struct printer *f, size_t token);

/* ---- format_table.c -------------------------------------------------------------------- */

void print_table(struct printer *f, const struct ast_decl *decl);

#endif
