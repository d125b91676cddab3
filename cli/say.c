/* say.c: writes messages to the two standard streams. */
#include "say.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bug.h"

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

static void __attribute__((format(printf, 3, 0)))
say_line(const struct settings *settings, const char *kind, const char *format,
         va_list args)
{
    struct arena arena = { 0 };
    const char *color = kind[0] == 'e' ? "\033[1;31m" : "\033[1;36m";
    const char *text = arena_vprintf(&arena, format, args);
    put_line(settings, kind, color, text);
    if (kind[0] == 'e' && settings->said != NULL && settings->said->error.n == 0) {
        buf_puts(&settings->said->error, text);
    }
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

void say_json(const struct settings *settings, struct str text)
{
    fwrite(text.s, 1, text.n, stdout);
    if (settings->said != NULL) {
        settings->said->answered = true;
    }
}

void say_diags(const struct settings *settings, struct diags *diags)
{
    struct buf out = { 0 };
    if (settings->format == FORMAT_JSON || (settings->json && diags->nerrors > 0)) {
        diag_render_json(diags, &out);
        say_json(settings, buf_view(&out));
    } else if (diags->list.n > 0) {
        struct diag_style style = { .color = say_color(settings, STDERR_FILENO) };
        diag_render_text(diags, style, &out);
        fwrite(out.s, 1, out.n, stderr);
    }
    buf_release(&out);
}

/* {"error": {"message": "..."}} */
static void put_error(const struct settings *settings, struct said *said)
{
    json_t *message = json_stringn(said->error.n > 0 ? said->error.s : "",
                                   said->error.n);
    json_t *object = json_pack("{s:{s:o}}", "error", "message",
                               message != NULL ? message : json_string(""));
    char *text = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (text == NULL) {
        out_of_memory();
    }
    say_json(settings, str_of(text));
    putchar('\n');
    free(text);
}

int say_end(const struct settings *settings, int status)
{
    struct said *said = settings->said;
    if (settings->json && status != EXIT_DONE && said != NULL && !said->answered) {
        put_error(settings, said);
    }
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return status;
    }
    say_error(settings, "cannot write to standard output");
    return status != EXIT_DONE ? status : EXIT_ENVIRONMENT;
}
