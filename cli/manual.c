/* manual.c: the manual page, from the tables of options.h. Knows nothing of what commands
 * do. */
#include <string.h>

#include "options.h"
#include "options_table.h"

/* ---- what no table says ---- */

static const char top[] =
    ".TH SCHEMAC 1 \"\" \"schemac\" \"User commands\"\n"
    ".SH NAME\n"
    "schemac \\- compile a schema file into typed C, queries and migrations for "
    "PostgreSQL\n"
    ".SH SYNOPSIS\n"
    ".B schemac\n.I SCHEMA\n.RB [ \\-o\n.IR DIR ]\n.RI [ options ]\n";

static const char description[] =
    ".SH DESCRIPTION\n"
    ".B schemac\n"
    "reads one schema file and what it includes, and writes row structs, functions "
    "for\n"
    "prepared statements and the SQL migrations that make a database match. The C "
    "that\n"
    "it writes is linked against\n"
    ".IR libschemac ,\n"
    "a small layer over libpq. It needs no database to compile, and asks no question.\n"
    "Commands that work on a database say which one before they connect.\n";

static const char bottom[] =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone.\n"
    ".TP\n.B 1\nThe answer is no: with\n.BR \\-\\-check ,\n"
    "something is stale, pending or different.\n"
    ".TP\n.B 2\nThe schema has errors.\n"
    ".TP\n.B 3\nThe command line has errors.\n"
    ".TP\n.B 4\nA file, a folder, a database or the history of migrations does not "
    "allow "
    "it.\n"
    ".TP\n.B 5\nSomething would be lost that was not allowed by name.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B DATABASE_URL\n"
    "The database, as a URI or in libpq's key=value form. Without it libpq's own\n"
    "variables (PGHOST and so on) and service files count.\n"
    ".TP\n.B SCHEMAC_PROTECTED\n"
    "When set, and not to 0, the database is protected: no drafts, seeds or made-up\n"
    "rows, and nothing that loses data without\n.B \\-\\-confirm\n"
    "and a word about a backup.\n"
    ".TP\n.B SCHEMAC_PG_BIN\n"
    "The folder of initdb and pg_ctl, for servers that schemac makes.\n"
    ".TP\n.B NO_COLOR\n"
    "When set to anything, output is coloured only with\n.BR \\-\\-color=always .\n"
    ".SH FILES\n"
    ".TP\n.I schemac.conf\n"
    "Lines of\n.I name = value\nin the current folder: schema, out, migrations, seeds "
    "and "
    "history\n(the schema in the database that history and journal live in).\n"
    ".TP\n.IR .env \", \" .env.NAME\n"
    "Variables. What the process's environment sets counts over\n.IR .env ;\n"
    "with\n.BI \\-\\-env \" NAME\"\nthe file\n.I .env.NAME\ncounts over both.\n"
    ".TP\n.I gen/app.h\nThe umbrella header of\n.IR schema/app.schema .\n"
    ".TP\n.IR gen/auth_users.h \", \" gen/auth_users.c\n"
    "What belongs to the table auth.users.\n"
    ".TP\n.IR gen/migrations/0001_init.up.sql \", \" .down.sql \", \" .snapshot\n"
    "A migration. Without a snapshot it is a draft, which each compilation rewrites.\n"
    ".TP\n.I seeds/*.sql\nRows that belong to the project, for\n.BR \"schemac seed\" "
    ".\n"
    ".SH EXAMPLES\n"
    ".nf\n"
    "schemac schema/app.schema \\-o gen/\n"
    "schemac make init\n"
    "schemac db start\n"
    "schemac migrate\n"
    "cc $(pkg\\-config \\-\\-cflags schemac) main.c gen/*.c $(pkg\\-config \\-\\-libs "
    "schemac)\n"
    ".fi\n"
    ".SH SEE ALSO\n"
    ".BR psql (1),\n"
    ".BR pkg-config (1)\n";

/* ---- what the tables say ---- */

/* A hyphen of a command line is \-; a dot that begins a line is no request. */
static void put_text(struct buf *out, const char *text, size_t n)
{
    bool start = true;
    for (size_t i = 0; i < n; i++) {
        if (start && (text[i] == '.' || text[i] == '\'')) {
            buf_puts(out, "\\&");
        }
        if (text[i] == '-') {
            buf_puts(out, "\\-");
        } else if (text[i] == '\\') {
            buf_puts(out, "\\e");
        } else {
            buf_putc(out, text[i]);
        }
        start = text[i] == '\n';
    }
}

static void put(struct buf *out, const char *text)
{
    put_text(out, text, strlen(text));
}

/* "command<two blanks>what it does" lines. */
static void put_examples(struct buf *out, const char *examples)
{
    while (*examples != '\0') {
        size_t line = strcspn(examples, "\n");
        const char *gap = strstr(examples, "  ");
        buf_puts(out, ".IP\n.B \"");
        put_text(out, examples, (size_t)(gap - examples));
        buf_puts(out, "\"\n.br\n");
        put_text(out, gap + 2, (size_t)(examples + line - gap - 2));
        buf_putc(out, '\n');
        examples += line + 1;
    }
}

static void put_command(struct buf *out, const struct command *command)
{
    buf_puts(out, ".SS \"schemac ");
    put(out, command->name);
    buf_printf(out, "%s", command->arguments[0] != '\0' ? " " : "");
    put(out, command->arguments);
    buf_puts(out, "\"\n");
    if (command->alias != NULL) {
        buf_puts(out, "Also: ");
        put(out, command->alias);
        buf_puts(out, ".\n.PP\n");
    }
    buf_puts(out, "To ");
    put(out, command->summary);
    buf_puts(out, ".\n");
    put(out, command->details);
    put_examples(out, command->examples);
}

/* "(make, rollback)"; nothing where every command takes it. */
static void put_takers(struct buf *out, const struct option *option)
{
    size_t takers = 0;
    for (size_t i = 0; i < ncommands; i++) {
        takers += (option->commands & (1U << commands[i].id)) != 0;
    }
    if (takers == ncommands) {
        return;
    }
    const char *before = " (";
    for (size_t i = 0; i < ncommands; i++) {
        if ((option->commands & (1U << commands[i].id)) != 0) {
            buf_printf(out, "%s%s", before, commands[i].name);
            before = ", ";
        }
    }
    buf_putc(out, ')');
}

static void put_option(struct buf *out, const struct option *option)
{
    buf_puts(out, ".TP\n.B ");
    if (option->letter != 0) {
        buf_printf(out, "\\-%c, ", option->letter);
    }
    buf_puts(out, "\\-\\-");
    put(out, option->name);
    if (option->value != NULL) {
        buf_printf(out, " \\fI%s\\fR", option->value);
    }
    buf_putc(out, '\n');
    put(out, option->help);
    put_takers(out, option);
    buf_puts(out, ".\n");
}

static void put_synopsis(struct buf *out, const struct command *command)
{
    buf_puts(out, ".br\n.B schemac ");
    put(out, command->name);
    buf_putc(out, '\n');
    if (command->arguments[0] != '\0') {
        buf_puts(out, ".I ");
        put(out, command->arguments);
        buf_putc(out, '\n');
    }
    buf_puts(out, ".RI [ options ]\n");
}

void options_manual(struct buf *out)
{
    buf_puts(out, top);
    for (size_t i = 0; i < ncommands; i++) {
        put_synopsis(out, &commands[i]);
    }
    buf_puts(out, description);
    buf_puts(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < ncommands; i++) {
        put_command(out, &commands[i]);
    }
    buf_puts(out, ".SH OPTIONS\n");
    for (size_t i = 0; i < noptions; i++) {
        put_option(out, &options[i]);
    }
    buf_puts(out, bottom);
}
