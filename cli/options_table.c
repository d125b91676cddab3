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
          "nothing to seal, which is no error. A step that loses data has to be\n"
          "allowed: without it nothing is written, the exit code is 5 and the\n"
          "options to pass are printed. --certify first takes it up, down and up\n"
          "again on a throw-away server and compares what that does with what\n"
          "the files say; where it differs nothing is written (exit code 4).\n"
          "--empty makes a migration without statements, to be written by hand.\n",
      .examples = "schemac make init  seal the first migration as 0001_init\n"
                  "schemac make drop_fax --allow drop:crm.people.fax  its values go\n"
                  "schemac make wider --certify  prove it first\n"
                  "schemac make fill_scores --empty  write the SQL by hand\n" },
    { .id = COMMAND_DIFF,
      .name = "diff",
      .arguments = "FROM TO",
      .least = 2,
      .most = 2,
      .summary = "print the SQL from one schema file to another",
      .details =
          "Reads two schema files, or snapshots, and prints the plan of the change:\n"
          "what is asked of the data, then the steps with what they lock, cost and\n"
          "lose. Nothing is printed when both make the same database. Either file\n"
          "may be empty. Hazards are told, none is refused.\n",
      .examples = "schemac diff old.schema new.schema  the SQL that leads there\n"
                  "schemac diff old.schema new.schema --down  and back\n"
                  "schemac diff old.schema new.schema --check  is there a difference?\n"
                  "schemac diff old.schema new.schema --split steps  a file a step\n" },
    { .id = COMMAND_MIGRATE,
      .name = "migrate",
      .arguments = "",
      .summary = "apply the sealed migrations that are pending",
      .details =
          "Takes the migrators' lock, tests each migration's preconditions on the\n"
          "data, and runs it step by step; each step is journalled, so that a run\n"
          "that stopped, in whatever way, is resumed by the next. Drafts are left\n"
          "alone without --draft, which first takes the previous draft back. In a\n"
          "protected environment (SCHEMAC_PROTECTED=1) what loses data needs\n"
          "--confirm with the environment's name, and --backup or --no-backup.\n",
      .examples = "schemac migrate  apply what is pending to $DATABASE_URL\n"
                  "schemac migrate --dry-run  print the statements, run none\n"
                  "schemac migrate --env production --backup before.dump  dump first\n"
                  "schemac migrate --draft  try the draft in development\n" },
    { .id = COMMAND_ROLLBACK,
      .name = "rollback",
      .alias = "down",
      .arguments = "",
      .summary = "take back the last batch of migrations",
      .details =
          "A batch is what one `schemac migrate` applied. Latest first, each by the\n"
          "down SQL that was kept in the database when it was applied. Where that\n"
          "loses data it says what, and has to be allowed by name.\n",
      .examples = "schemac rollback  the last batch\n"
                  "schemac rollback --steps 1  the last migration\n"
                  "schemac rollback --to 0004_orders  all that came after it\n"
                  "schemac rollback --allow drop:auth.users.phone  accept that its "
                  "data goes\n" },
    { .id = COMMAND_REDO,
      .name = "redo",
      .arguments = "",
      .summary = "take the last migration back and apply it again",
      .details = "With --steps N the last N. Both ways under one lock.\n",
      .examples = "schemac redo  down and up of the last migration\n" },
    { .id = COMMAND_STATUS,
      .name = "status",
      .arguments = "",
      .summary = "say which migrations are applied, pending or in trouble",
      .details =
          "Reads the folder and the history in the database; changes nothing.\n"
          "--drift compares the database with what was recorded when the last\n"
          "migration was applied. --stats writes sizes and row counts for `schemac\n"
          "make --stats`. --check exits with 1 when something is pending, in\n"
          "trouble, or (with --drift) different.\n",
      .examples =
          "schemac status  a table of all migrations\n"
          "schemac status --check -q  may the service start?\n"
          "schemac status --drift  what was changed by hand?\n"
          "schemac status --stats sizes.json --env production  for planning\n" },
    { .id = COMMAND_BASELINE,
      .name = "baseline",
      .arguments = "",
      .summary = "mark migrations as applied without running them",
      .details =
          "For a database that has what they make already; --to names the last.\n",
      .examples = "schemac baseline --to 0001_init  the database has it all\n" },
    { .id = COMMAND_REPAIR,
      .name = "repair",
      .arguments = "",
      .summary = "explain what is wrong with the history, and put it right",
      .details =
          "Alone it explains each migration's state and what can be done, and\n"
          "changes nothing. --accept takes an edited file as it stands. --applied\n"
          "and --undone tell that a migration was finished, or undone, by hand.\n"
          "--forget takes one whose file is gone out of the history.\n",
      .examples = "schemac repair  explain\n"
                  "schemac repair --accept 0003_totals  the edited file is right\n" },
    { .id = COMMAND_SQUASH,
      .name = "squash",
      .arguments = "NAME",
      .least = 1,
      .most = 1,
      .summary = "put one migration in the place of all of them",
      .details =
          "The new migration makes the whole schema at once; with --to it stands for\n"
          "the migrations up to that one. Before the old files go, both ways are "
          "tried\n"
          "on a throw-away server and have to make the same database. Databases that\n"
          "have all the old ones take the new one as applied. What a migration that\n"
          "was written by hand does to rows is lost, and has to be allowed.\n",
      .examples = "schemac squash base  one file for the whole history\n"
                  "schemac squash base --to 0040_orders  for the first forty\n" },
    { .id = COMMAND_SEED,
      .name = "seed",
      .arguments = "",
      .summary = "run the seeds that are due",
      .details =
          "Runs seeds/*.sql in the order of their names, each in a transaction. A\n"
          "first line `-- seed: once` (the default), `always` or `development`\n"
          "says when: once and never again, at every run, or, where the environment\n"
          "is not protected, when it is new or has changed. --fake N makes rows up\n"
          "from the schema instead: keys, lengths and checks are respected, and the\n"
          "same numbers give the same rows.\n",
      .examples =
          "schemac seed  run what is due\n"
          "schemac seed --fake 1000  a thousand made-up rows in every table\n" },
    { .id = COMMAND_EMBED,
      .name = "embed",
      .arguments = "[FILE]",
      .most = 1,
      .summary = "write the sealed migrations as a C source",
      .details =
          "For a program that carries its migrations and calls sc_migrate: FILE (or\n"
          "standard output) defines an array of struct sc_migration_text, called\n"
          "app_migrations unless --name says otherwise, and its length with an n\n"
          "before the name.\n",
      .examples =
          "schemac embed build/migrations.c  link it with -lschemac-migrate\n" },
    { .id = COMMAND_REBASE,
      .name = "rebase",
      .arguments = "MIGRATION",
      .least = 1,
      .most = 1,
      .summary = "plan a migration anew behind another branch's",
      .details =
          "When two branches that were merged each have a migration after the same\n"
          "one, the chain ends in two places. Two that touch different things stand\n"
          "beside each other, and the next one comes after both. Else MIGRATION and\n"
          "those of its branch are taken out, and what the schema then differs from\n"
          "the other branch's end is sealed under its name with the next number.\n"
          "What was written by hand follows as it is. A database that has applied\n"
          "MIGRATION has to roll it back before, with its old file.\n",
      .examples = "schemac rebase 0003_add_phone  it becomes 0004_add_phone\n" },
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
      .examples =
          "schemac pull -o schema/app.schema  of the database DATABASE_URL names\n"
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

/* Those that go to the database by way of the migrations' history. */
#define CHANGES  (ON(MIGRATE) | ON(ROLLBACK) | ON(REDO))
#define RUNNER   (CHANGES | ON(STATUS) | ON(BASELINE) | ON(REPAIR) | ON(SEED))
#define CONNECTS (RUNNER | ON(DB) | ON(PULL))
#define ALL                                                                            \
    (ON(SQUASH) | ON(EMBED) | ON(COMPILE) | ON(MAKE) | ON(DIFF) | ON(FMT) | ON(HELP) | \
     CONNECTS)

const struct option options[] = {
    { OPTION_TEXT, 'o', "out", "PATH", NULL,
      "the folder for generated C (gen); of pull, the schema file",
      ON(COMPILE) | ON(MAKE) | ON(REBASE) | ON(PULL) | RUNNER | ON(EMBED) | ON(SQUASH),
      offsetof(struct settings, out) },
    { OPTION_TEXT, 0, "migrations", "DIR", NULL,
      "the folder for migrations (migrations in the output folder)",
      ON(COMPILE) | ON(MAKE) | ON(REBASE) | RUNNER | ON(EMBED) | ON(PULL) | ON(SQUASH),
      offsetof(struct settings, migrations) },
    { OPTION_TEXT, 0, "schema", "FILE", NULL, "the schema (the only schema/*.schema)",
      ON(MAKE) | ON(REBASE) | ON(SEED), offsetof(struct settings, schema) },
    { OPTION_FLAG, 0, "unity", NULL, NULL, "write one .c file instead of one a table",
      ON(COMPILE) | ON(MAKE) | ON(REBASE), offsetof(struct settings, unity) },
    { OPTION_TEXT, 0, "depfile", "FILE", NULL,
      "also write what was read, as a rule for make and ninja", ON(COMPILE),
      offsetof(struct settings, depfile) },
    { OPTION_FLAG, 0, "check", NULL, NULL,
      "write nothing; exit with 1 when something is stale, pending or different",
      ON(COMPILE) | ON(DIFF) | ON(FMT) | ON(STATUS), offsetof(struct settings, check) },
    { OPTION_FLAG, 0, "no-renames", NULL, NULL,
      "what has gone is dropped, even beside something new of its kind",
      ON(COMPILE) | ON(MAKE) | ON(REBASE) | ON(DIFF),
      offsetof(struct settings, no_renames) },
    { OPTION_LIST, 0, "allow", "HAZARD:OBJECT", NULL,
      "go on although this is lost; may be given more than once",
      ON(MAKE) | ON(REBASE) | ON(ROLLBACK) | ON(REDO) | ON(SQUASH),
      offsetof(struct settings, allow) },
    { OPTION_FLAG, 0, "empty", NULL, NULL,
      "make a migration without statements, to be written by hand", ON(MAKE),
      offsetof(struct settings, empty) },
    { OPTION_FLAG, 0, "certify", NULL, NULL,
      "first apply, take back and apply again on a server made for it, and compare",
      ON(MAKE) | ON(MIGRATE), offsetof(struct settings, certify) },
    { OPTION_FLAG, 0, "down", NULL, NULL, "print the way back", ON(DIFF),
      offsetof(struct settings, down) },
    { OPTION_TEXT, 0, "split", "DIR", NULL,
      "write a file a step into an empty folder, for runners of their own", ON(DIFF),
      offsetof(struct settings, split) },
    { OPTION_FLAG, 0, "json", NULL, NULL, "print JSON, for scripts",
      ON(MAKE) | ON(DIFF) | ON(PULL) | ON(SQUASH) | RUNNER,
      offsetof(struct settings, json) },
    { OPTION_WORD, 0, "format", "FORMAT", "text json",
      "how errors in the schema are printed: text or json",
      ON(COMPILE) | ON(MAKE) | ON(REBASE) | ON(DIFF) | ON(FMT),
      offsetof(struct settings, format) },
    { OPTION_TEXT, 0, "to", "NAME", NULL, "the last migration to apply, or to keep",
      CHANGES | ON(BASELINE) | ON(SQUASH), offsetof(struct settings, to) },
    { OPTION_NUMBER, 0, "steps", "N", NULL, "how many migrations", CHANGES,
      offsetof(struct settings, steps) },
    { OPTION_FLAG, 0, "all", NULL, NULL, "every migration", ON(ROLLBACK) | ON(REDO),
      offsetof(struct settings, all) },
    { OPTION_FLAG, 0, "dry-run", NULL, NULL,
      "print the statements instead of running them", ON(MIGRATE) | ON(ROLLBACK),
      offsetof(struct settings, dry_run) },
    { OPTION_FLAG, 0, "draft", NULL, NULL, "apply the draft too", ON(MIGRATE),
      offsetof(struct settings, draft) },
    { OPTION_FLAG, 0, "out-of-order", NULL, NULL,
      "also apply what belongs before a migration that is applied", ON(MIGRATE),
      offsetof(struct settings, out_of_order) },
    { OPTION_TEXT, 0, "confirm", "NAME", NULL,
      "the protected environment's name, to say that it is meant", CHANGES | ON(SEED),
      offsetof(struct settings, confirm) },
    { OPTION_TEXT, 0, "backup", "FILE", NULL,
      "dump the database into FILE first (pg_dump, custom format)", CHANGES,
      offsetof(struct settings, backup) },
    { OPTION_FLAG, 0, "no-backup", NULL, NULL, "go without a dump", CHANGES,
      offsetof(struct settings, no_backup) },
    { OPTION_NUMBER, 0, "lock-wait", "SECONDS", NULL,
      "how long to wait for another migrator (60)", RUNNER,
      offsetof(struct settings, lock_wait) },
    { OPTION_NUMBER, 0, "lock-timeout", "MS", NULL,
      "how long one attempt waits for a table's lock, in milliseconds (2000)", CHANGES,
      offsetof(struct settings, lock_timeout) },
    { OPTION_FLAG, 0, "drift", NULL, NULL,
      "compare the database with what was recorded", ON(STATUS),
      offsetof(struct settings, drift) },
    { OPTION_TEXT, 0, "stats", "FILE", NULL,
      "the tables' sizes: status writes them, make and diff weigh steps by them",
      ON(STATUS) | ON(MAKE) | ON(DIFF), offsetof(struct settings, stats) },
    { OPTION_TEXT, 0, "sarif", "FILE", NULL,
      "write the hazards to FILE as SARIF, for code review", ON(MAKE) | ON(DIFF),
      offsetof(struct settings, sarif) },
    { OPTION_TEXT, 0, "accept", "NAME", NULL, "the edited file is right", ON(REPAIR),
      offsetof(struct settings, accept) },
    { OPTION_TEXT, 0, "applied", "NAME", NULL, "it was finished by hand", ON(REPAIR),
      offsetof(struct settings, applied) },
    { OPTION_TEXT, 0, "undone", "NAME", NULL, "it was undone by hand", ON(REPAIR),
      offsetof(struct settings, undone) },
    { OPTION_TEXT, 0, "forget", "NAME", NULL, "its file is gone for good", ON(REPAIR),
      offsetof(struct settings, forget) },
    { OPTION_NUMBER, 0, "fake", "N", NULL,
      "put N made-up rows into every table instead", ON(SEED),
      offsetof(struct settings, fake) },
    { OPTION_NUMBER, 0, "seed", "NUMBER", NULL,
      "another number makes other rows, the same number the same (1)", ON(SEED),
      offsetof(struct settings, seed) },
    { OPTION_TEXT, 0, "name", "IDENTIFIER", NULL, "the array's name (app_migrations)",
      ON(EMBED), offsetof(struct settings, name) },
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
      ON(COMPILE) | ON(MAKE) | ON(REBASE) | ON(DIFF) | ON(FMT) | CONNECTS | ON(EMBED) |
          ON(SQUASH),
      offsetof(struct settings, quiet) },
    { OPTION_FLAG, 0, "man", NULL, NULL, "print the manual page, for man(1)", ON(HELP),
      offsetof(struct settings, man) },
    { OPTION_FLAG, 'h', "help", NULL, NULL, "tell about the command", ALL,
      offsetof(struct settings, help) },
    { OPTION_FLAG, 'V', "version", NULL, NULL, "print the version", ALL,
      offsetof(struct settings, version) },
};
const size_t noptions = COUNT(options);
