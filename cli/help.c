/* help.c: prints the tables of options.h as text. */
#include <string.h>

#include "base/str.h"
#include "options.h"
#include "options_table.h"

/* The column at which explanations begin. */
enum { HELP_COLUMN = 24 };

/* Two blanks, the left side, padding, the right side. */
static void put_row(struct buf *out, struct str left, const char *right)
{
    if (left.n > HELP_COLUMN - 4) {
        buf_printf(out, "  %.*s\n%*s%s\n", STR_ARGS(left), HELP_COLUMN, "", right);
    } else {
        buf_printf(out, "  %-*.*s%s\n", HELP_COLUMN - 2, STR_ARGS(left), right);
    }
}

static void put_option(struct buf *out, const struct option *option)
{
    struct buf left = { 0 };
    if (option->letter != 0) {
        buf_printf(&left, "-%c, ", option->letter);
    }
    buf_printf(&left, "--%s", option->name);
    if (option->value != NULL) {
        buf_printf(&left, " %s", option->value);
    }
    put_row(out, buf_view(&left), option->help);
    buf_release(&left);
}

static void put_options(struct buf *out, const struct command *command)
{
    buf_puts(out, "\noptions:\n");
    for (size_t i = 0; i < noptions; i++) {
        if ((options[i].commands & (1U << command->id)) != 0) {
            put_option(out, &options[i]);
        }
    }
}

/* Lines "command  meaning", the command on a line of its own. */
static void put_examples(struct buf *out, const char *examples)
{
    buf_puts(out, "\nexamples:\n");
    while (*examples != '\0') {
        size_t line = strcspn(examples, "\n");
        const char *gap = strstr(examples, "  ");
        buf_printf(out, "  %.*s\n", (int)(gap - examples), examples);
        buf_printf(out, "      %.*s\n", (int)(examples + line - gap - 2), gap + 2);
        examples += line + 1;
    }
}

static void put_command(struct buf *out, const struct command *command)
{
    buf_printf(out, "schemac %s: %s\n\n", command->name, command->summary);
    buf_printf(out, "usage: schemac %s%s%s [options]\n", command->name,
               command->arguments[0] != '\0' ? " " : "", command->arguments);
    if (command->alias != NULL) {
        buf_printf(out, "       schemac %s ... is the same\n", command->alias);
    }
    if (command->id == COMMAND_COMPILE) {
        buf_puts(out, "       schemac SCHEMA [options]\n");
    }
    if (command->details[0] != '\0') {
        buf_printf(out, "\n%s", command->details);
    }
    put_options(out, command);
    put_examples(out, command->examples);
}

static void put_overview(struct buf *out)
{
    buf_puts(out, "schemac: one schema file in; typed C, queries and migrations for\n"
                  "PostgreSQL out\n\n"
                  "usage: schemac SCHEMA [-o DIR] [options]\n"
                  "       schemac COMMAND [arguments] [options]\n\n"
                  "commands:\n");
    for (size_t i = 0; i < ncommands; i++) {
        struct buf left = { 0 };
        buf_printf(&left, "%s %s", commands[i].name, commands[i].arguments);
        put_row(out, buf_view(&left), commands[i].summary);
        buf_release(&left);
    }
    buf_puts(out,
             "\n`schemac help COMMAND` tells what a command takes, with examples.\n"
             "\nexit status:\n"
             "  0 done   1 the answer is no (--check)   2 the schema has errors\n"
             "  3 usage  4 a file, a database or the history does not allow it\n"
             "  5 something would be lost that was not allowed by name\n");
}

void options_help(struct buf *out, const struct command *command)
{
    if (command == NULL) {
        put_overview(out);
    } else {
        put_command(out, command);
    }
}
