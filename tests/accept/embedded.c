/* embedded.c: a program as an application would be: it carries its migrations, applies
 * them when it is told to, and runs on a database that fits it only. */
#include <stdio.h>
#include <string.h>

#include <sc_migrate.h>

#include "app.h"

extern const struct sc_migration_text app_migrations[];
extern const size_t napp_migrations;

static enum sc_status migrate(struct sc_db *db, struct sc_error *err)
{
    struct sc_migrations *set = NULL;
    struct sc_migrate_error error;
    enum sc_status status = sc_migrations_embed(app_migrations, napp_migrations, &set,
                                                &error);
    if (status == SC_OK)
        status = sc_migrate(db, set, NULL, &error);
    if (status != SC_OK)
        *err = error.error;
    sc_migrations_free(set);
    return status;
}

int main(int argc, char **argv)
{
    struct sc_db *db = NULL;
    struct sc_error err = { .status = SC_OK };
    enum sc_status status = sc_open(argc > 2 ? argv[2] : "", &db, &err);
    if (status == SC_OK && strcmp(argv[1], "migrate") == 0)
        status = migrate(db, &err);
    if (status == SC_OK)
        status = sc_schema_check(db, APP_SCHEMA_FINGERPRINT, NULL, &err);
    printf("%s%s%s\n", sc_status_name(status), status != SC_OK ? ": " : "",
           err.message);
    sc_close(db);
    return status != SC_OK;
}
