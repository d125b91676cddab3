/* diag.h: what the compiler has to say about the user's files. Collects, sorts by
 * position, renders as text with the source line and a caret, or as JSON. Knows nothing
 * of schemas; writes to no stream. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H
#include "arena.h"
#include "buf.h"
#include "source.h"
#include "vec.h"

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

enum { DIAG_MAX_ERRORS = 20 }; /* shown in one run; the rest is counted */

struct diag {
    enum diag_severity severity;
    int code; /* 231 is shown as E0231 (W0231 for a warning) */
    struct span span;
    const char *message; /* arena; lower case, no full stop */
    const char *hint;    /* arena or NULL; a sentence */
    struct span other;   /* zeroed, or a second place ... */
    const char *note;    /* ... and what it is: "first declared here" */
};
struct diags {
    struct arena *arena;
    VEC(struct diag) list;
    size_t nerrors, nwarnings;
    struct map places; /* of errors, so that each place has one */
    struct diag spare; /* what a dropped error is written to */
};

/* Records one and returns it, so that the caller may add hint, other and note. An error
 * at the very same start as an earlier error is dropped (the returned struct is then a
 * scratch one): one mistake, one message. */
struct diag *diag_error(struct diags *diags, int code, struct span span,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));
struct diag *diag_warning(struct diags *diags, int code, struct span span,
                          const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_hint(struct diags *diags, struct diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct diag_style {
    bool color;
};
/* All of them, sorted by file (first seen first) and position, at most DIAG_MAX_ERRORS
 * errors, then a closing line "2 errors" / "1 error, 3 warnings". Form:
 *
 *   app.schema:12:17: error[E0231]: table "auth.users" has no column "emial"
 *      12 |     unique (emial);
 *         |             ^^^^^ did you mean "email"?
 */
void diag_render_text(struct diags *diags, struct diag_style style, struct buf *out);
/* {"diagnostics": [{"code", "severity", "message", "hint", "file", "line", "column",
 * "end_line", "end_column", "related": [...]}], "errors": n, "warnings": n} */
void diag_render_json(struct diags *diags, struct buf *out);

#endif
