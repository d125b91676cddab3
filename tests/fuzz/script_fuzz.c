/* script_fuzz.c: any bytes as the two files of a migration, parted by a form feed: read, or
 * refused with a reason and a place inside the file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runner/sc_migrate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *copy(const char *text, size_t size)
{
    char *made = malloc(size + 1);
    if (made == NULL)
        abort();
    memcpy(made, text, size);
    made[size] = '\0';
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *cut = size > 0 ? memchr(text, '\f', size) : NULL;
    const size_t first = cut != NULL ? (size_t)(cut - text) : size;
    char *up = copy(text, first);
    char *down = cut != NULL ? copy(cut + 1, size - first - 1) : NULL;
    const struct sc_migration_text one = {
        .id = "0001_fuzz", .up = up, .down = down, .snapshot = ""
    };
    struct sc_migrations *set = NULL;
    struct sc_migrate_error err;
    if (sc_migrations_embed(&one, 1, &set, &err) == SC_OK) {
        if (sc_migrations_count(set) != 1 || sc_migrations_at(set, 0)->steps < 0)
            abort();
    } else if (err.error.message[0] == '\0' || set != NULL) {
        abort();
    }
    sc_migrations_free(set);
    free(up);
    free(down);
    return 0;
}
