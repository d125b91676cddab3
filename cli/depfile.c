/* depfile.c: writes a rule for make. */
#include "depfile.h"

/* As make wants it: "$" doubled, "\" before a blank and "#". */
static void put_path(struct buf *out, const char *path)
{
    for (const char *c = path; *c != '\0'; c++) {
        if (*c == '$') {
            buf_putc(out, '$');
        } else if (*c == ' ' || *c == '#') {
            buf_putc(out, '\\');
        }
        buf_putc(out, *c);
    }
}

void depfile_write(struct buf *out, const char *target, const char *const *paths,
                   size_t npaths)
{
    put_path(out, target);
    buf_putc(out, ':');
    for (size_t i = 0; i < npaths; i++) {
        buf_putc(out, ' ');
        put_path(out, paths[i]);
    }
    buf_putc(out, '\n');
    for (size_t i = 1; i < npaths; i++) {
        buf_putc(out, '\n');
        put_path(out, paths[i]);
        buf_puts(out, ":\n");
    }
}
