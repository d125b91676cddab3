/* options_table.c: every command and option there is. Holds no logic. */
#include "options_table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

const struct command commands[] = {
    { .id = COMMAND_COMPILE,
      .name = "compile",
      .arguments = "[SCHEMA]",
      .most = 1,
      .summary = "write C, headers and the draft of the next migration",
      .details =
          "Reads SCHEMA (default: the only schema/*.schema) and what it includes,\n"
          "and writes typed C into the output folder and the draft of the next\n"
          "migration beside it. Either all files are written or none; a file that\n"
          "has not changed is left alone, and generated files of tables that have\n"
          "gone are removed. The output folder must hold no C files of other\n"
          "people or of another schema. This is what schemac does when no command\n"
          "is named.\n",
      .examples = "schemac schema/app.schema -o gen/  compile into gen/\n"
                  "schemac schema/app.schema -o gen/ --check  is gen/ up to date?\n"
                  "schemac app.schema -o gen/ --depfile gen.d  for make and ninja\n" },
    { .id = COMMAND_MAKE,
      .name = "make",
      .arguments = "NAME",
      .least = 1,
      .most = 1,
      .summary = "seal the draft under a name, for review",
      .details =
          "Compiles, then makes the draft a migration that is never rewritten:\n"
          "its up and down files get the name, and a snapshot of the schema is\n"
          "put beside them. NAME is made of lower-case letters, digits and \"_\".\n"
          "Where the schema does not differ from the newest snapshot there is\n"
          "nothing to seal, which is no error.\n",
      .examples = "schemac make init  seal the first migration as 0001_init\n" },
    { .id = COMMAND_FMT,
      .name = "fmt",
      .arguments = "FILE...",
      .least = 1,
      .most = (size_t)-1,
      .summary = "rewrite schema files in the one canonical form",
      .details =
          "Formats each FILE in place; comments are kept. A file that is in the\n"
          "canonical form is left alone, and one with syntax errors is reported\n"
          "and left alone. The file \"-\" formats standard input to standard\n"
          "output.\n",
      .examples =
          "schemac fmt schema/*.schema  format in place\n"
          "schemac fmt --check schema/*.schema  name those that are not formatted\n" },
    { .id = COMMAND_DB,
      .name = "db",
      .arguments = "start|stop|psql [ARGUMENT...]",
      .least = 1,
      .most = (size_t)-1,
      .summary = "run a private PostgreSQL for development",
      .details =
          "start makes a server for the current folder out of the installed\n"
          "PostgreSQL, unless it is there, starts it and prints its DATABASE_URL;\n"
          "where there is no .env, the line is written there. It listens on a Unix\n"
          "socket only. stop stops it and keeps its data. psql runs psql on the\n"
          "database that DATABASE_URL names, else on this server.\n",
      .examples = "schemac db start  make and start the server of this folder\n"
                  "schemac db psql  look into the database\n"
                  "schemac db psql -- -c \"select 1\"  what follows -- is psql's\n" },
    { .id = COMMAND_PULL,
      .name = "pull",
      .arguments = "",
      .summary = "write the schema file of a running database",
      .details =
          "Reads the catalogs in one transaction that cannot write, and writes the\n"
          "schema file that makes the same database; without -o to standard output.\n"
          "What the language cannot say is listed on standard error and in a\n"
          "comment at the top of the file; --strict then exits with 4. --baseline\n"
          "adopts the database: the migration 0001_baseline and its snapshot are\n"
          "written, and it counts as applied.\n",
      .examples = "schemac pull -o schema/app.schema  of the database DATABASE_URL names\n"
                  "schemac pull --schemas auth --strict  one schema; is it all in the file?\n"
                  "schemac pull -o schema/app.schema --baseline  take a database over\n" },
    { .id = COMMAND_HELP,
      .name = "help",
      .arguments = "[COMMAND]",
      .most = 1,
      .summary = "tell about schemac or one of its commands",
      .details = "",
      .examples = "schemac help make  what make does and takes\n" },
};
const size_t ncommands = COUNT(commands);

#define ON(command) (1U << COMMAND_##command)
#define CONNECTS    (ON(DB) | ON(PULL))
#define ALL         (ON(COMPILE) | ON(MAKE) | ON(FMT) | ON(HELP) | CONNECTS)

const struct option options[] = {
    { OPTION_TEXT, 'o', "out", "PATH", NULL,
      "the folder for generated C (gen); of pull, the schema file",
      ON(COMPILE) | ON(MAKE) | ON(PULL), offsetof(struct settings, out) },
    { OPTION_TEXT, 0, "migrations", "DIR", NULL,
      "the folder for migrations (migrations in the output folder)",
      ON(COMPILE) | ON(MAKE) | ON(PULL), offsetof(struct settings, migrations) },
    { OPTION_TEXT, 0, "schema", "FILE", NULL, "the schema (the only schema/*.schema)",
      ON(MAKE), offsetof(struct settings, schema) },
    { OPTION_FLAG, 0, "unity", NULL, NULL, "write one .c file instead of one a table",
      ON(COMPILE) | ON(MAKE), offsetof(struct settings, unity) },
    { OPTION_TEXT, 0, "depfile", "FILE", NULL,
      "also write what was read, as a rule for make and ninja", ON(COMPILE),
      offsetof(struct settings, depfile) },
    { OPTION_FLAG, 0, "check", NULL, NULL,
      "write nothing; exit with 1 when something is stale, pending or different",
      ON(COMPILE) | ON(FMT), offsetof(struct settings, check) },
    { OPTION_WORD, 0, "format", "FORMAT", "text json",
      "how errors in the schema are printed: text or json",
      ON(COMPILE) | ON(MAKE) | ON(FMT), offsetof(struct settings, format) },
    { OPTION_FLAG, 0, "json", NULL, NULL, "print JSON, for scripts", ON(PULL),
      offsetof(struct settings, json) },
    { OPTION_TEXT, 0, "url", "URL", NULL,
      "the database (DATABASE_URL, else libpq's variables)", CONNECTS,
      offsetof(struct settings, url) },
    { OPTION_TEXT, 0, "env", "NAME", NULL,
      "the environment: .env.NAME counts over .env and the variables that are set",
      CONNECTS, offsetof(struct settings, env) },
    { OPTION_LIST, 0, "schemas", "NAME", NULL,
      "only this schema; may be given more than once", ON(PULL),
      offsetof(struct settings, schemas) },
    { OPTION_FLAG, 0, "baseline", NULL, NULL,
      "also write the first migration, and mark it as applied", ON(PULL),
      offsetof(struct settings, baseline) },
    { OPTION_FLAG, 0, "strict", NULL, NULL,
      "exit with 4 when there is something that the language cannot say", ON(PULL),
      offsetof(struct settings, strict) },
    { OPTION_WORD, 0, "color", "WHEN", "auto always never",
      "auto (on a terminal, unless NO_COLOR is set), always or never", ALL,
      offsetof(struct settings, color) },
    { OPTION_FLAG, 'q', "quiet", NULL, NULL, "print nothing when all is well",
      ON(COMPILE) | ON(MAKE) | ON(FMT) | CONNECTS, offsetof(struct settings, quiet) },
    { OPTION_FLAG, 'h', "help", NULL, NULL, "tell about the command", ALL,
      offsetof(struct settings, help) },
    { OPTION_FLAG, 'V', "version", NULL, NULL, "print the version", ALL,
      offsetof(struct settings, version) },
};
const size_t noptions = COUNT(options);
