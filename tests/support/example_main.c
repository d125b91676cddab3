/* example_main.c: runs one example of a manual, that of a line, on the database that the
 * environment names. It must not know what the example does.
 *
 * Prints what the example prints. Fails where the example has left an error.
 */
#include "tests/support/example.h"
#include <stdio.h>
#include <stdlib.h>

static const struct example *find(int line)
{
    const struct example *at = examples;
    while (at->line && at->line != line)
        at++;
    return at->line ? at : NULL;
}

int main(int argc, char **argv)
{
    const struct example *example = argc == 2 ? find((int)strtol(argv[1], NULL, 10))
                                              : NULL;
    struct sc_error err = { .status = SC_OK };
    struct sc_db *db;
    if (!example)
        return fprintf(stderr, "there is no such example\n"), 2;
    if (sc_open(NULL, &db, &err) == SC_OK)
        example->run(db, &err);
    sc_close(db);
    if (err.status == SC_OK)
        return 0;
    fprintf(stderr, "%s: %s: %s\n", err.query, sc_status_name(err.status), err.message);
    return 1;
}
