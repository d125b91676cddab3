/* cmd_fmt.c: schemac fmt FILE... */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/outputs.h"
#include "commands.h"
#include "lang/format.h"
#include "lang/parser.h"
#include "say.h"

struct formatting {
    struct arena *arena;
    const struct settings *settings;
    struct diags diags;
    struct outputs outputs;
};

static int read_input(struct arena *arena, struct str *text)
{
    struct buf input = { 0 };
    char piece[4096];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, stdin)) > 0 && input.n <= FILE_MAX) {
        buf_put(&input, piece, n);
    }
    *text = (struct str){ arena_copy(arena, input.s ? input.s : "", input.n), input.n };
    buf_release(&input);
    if (text->n > FILE_MAX) {
        return EFBIG;
    }
    return ferror(stdin) ? EIO : 0;
}

/* Gives the formatted text; n 0 and s NULL after syntax errors. */
static struct str format_text(struct formatting *f, const char *path, struct str text)
{
    struct source *source = arena_new(f->arena, struct source);
    source->path = path;
    source->text = text.s;
    source->size = text.n;
    size_t errors = f->diags.nerrors;
    struct ast_file *file = parse_source(f->arena, source, &f->diags);
    if (f->diags.nerrors > errors) {
        return (struct str){ 0 };
    }
    struct buf out = { 0 };
    format_file(f->arena, file, &out);
    struct str formatted = buf_dup(&out, f->arena);
    buf_release(&out);
    return formatted;
}

static bool is_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* Standard input goes straight to standard output; a file becomes an output. */
static int format_one(struct formatting *f, const char *path)
{
    if (outputs_has(&f->outputs, path)) {
        return EXIT_DONE;
    }
    struct str text;
    int error = is_input(path) ? read_input(f->arena, &text)
                               : file_read(f->arena, path, &text);
    if (error != 0) {
        say_error(f->settings, "cannot read \"%s\": %s", path, strerror(error));
        return EXIT_ENVIRONMENT;
    }
    const char *shown = is_input(path) ? "standard input" : path;
    struct str formatted = format_text(f, shown, text);
    if (formatted.s == NULL) {
        return EXIT_DONE;
    }
    if (!is_input(path)) {
        outputs_add(&f->outputs, path, formatted, NULL);
    } else if (!f->settings->check) {
        fwrite(formatted.s, 1, formatted.n, stdout);
    } else if (!str_eq(text, formatted)) {
        say_answer("%s is not formatted", shown);
        return EXIT_NO;
    }
    return EXIT_DONE;
}

static int finish(struct formatting *f)
{
    const struct settings *settings = f->settings;
    const char *error = f->outputs.error;
    if (error == NULL && !settings->check) {
        error = outputs_commit(&f->outputs);
    }
    if (error != NULL) {
        say_error(settings, "%s", error);
        return EXIT_ENVIRONMENT;
    }
    int status = EXIT_DONE;
    for (size_t i = 0; i < f->outputs.files.n; i++) {
        const struct output *file = &f->outputs.files.items[i];
        if (file->state == OUTPUT_UNCHANGED) {
            continue;
        }
        if (settings->check) {
            say_answer("%s is not formatted", file->path);
            status = EXIT_NO;
        } else {
            say_done(settings, "%s: formatted", file->path);
        }
    }
    return status;
}

int cmd_fmt(struct arena *arena, const struct settings *settings)
{
    struct formatting f = { .arena = arena,
                            .settings = settings,
                            .diags = { .arena = arena },
                            .outputs = { .arena = arena } };
    int worst = EXIT_DONE;
    for (size_t i = 0; i < settings->narguments; i++) {
        int status = format_one(&f, settings->arguments[i]);
        worst = status > worst ? status : worst;
    }
    say_diags(settings, &f.diags);
    if (f.diags.nerrors > 0 && worst < EXIT_SCHEMA) {
        worst = EXIT_SCHEMA;
    }
    int status = finish(&f);
    return status > worst ? status : worst;
}
