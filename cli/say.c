/* say.c: writes messages to the two standard streams. */
#include "say.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool say_color(const struct settings *settings, int fd)
{
    switch ((enum color_when)settings->color) {
    case COLOR_ALWAYS:
        return true;
    case COLOR_NEVER:
        return false;
    case COLOR_AUTO:
        break;
    }
    const char *no_color = getenv("NO_COLOR");
    return (no_color == NULL || no_color[0] == '\0') && isatty(fd);
}

/* One line on standard error, its kind painted. */
static void put_line(const struct settings *settings, const char *kind,
                     const char *color, const char *text)
{
    bool painted = say_color(settings, STDERR_FILENO);
    fprintf(stderr, "schemac: %s%s%s: %s\n", painted ? color : "", kind,
            painted ? "\033[0m" : "", text);
}

static void say_line(const struct settings *settings, const char *kind,
                     const char *format, va_list args)
{
    struct arena arena = { 0 };
    const char *color = kind[0] == 'e' ? "\033[1;31m" : "\033[1;36m";
    put_line(settings, kind, color, arena_vprintf(&arena, format, args));
    arena_release(&arena);
}

void say_error(const struct settings *settings, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_line(settings, "error", format, args);
    va_end(args);
}

void say_note(const struct settings *settings, const char *format, ...)
{
    if (settings->quiet) {
        return;
    }
    va_list args;
    va_start(args, format);
    say_line(settings, "note", format, args);
    va_end(args);
}

void say_done(const struct settings *settings, const char *format, ...)
{
    if (settings->quiet || settings->json || settings->format == FORMAT_JSON) {
        return;
    }
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

void say_answer(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

void say_diags(const struct settings *settings, struct diags *diags)
{
    struct buf out = { 0 };
    if (settings->format == FORMAT_JSON) {
        diag_render_json(diags, &out);
        fwrite(out.s, 1, out.n, stdout);
    } else if (diags->list.n > 0) {
        struct diag_style style = { .color = say_color(settings, STDERR_FILENO) };
        diag_render_text(diags, style, &out);
        fwrite(out.s, 1, out.n, stderr);
    }
    buf_release(&out);
}

int say_end(const struct settings *settings)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return EXIT_DONE;
    }
    say_error(settings, "cannot write to standard output");
    return EXIT_ENVIRONMENT;
}
