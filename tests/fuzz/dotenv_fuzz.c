/* dotenv_fuzz.c: any bytes as a file of environment variables: each that is read has a name
 * and ends where its text ends, and what is wrong is said with its line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/dotenv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    dotenv_variables variables = { 0 };
    const struct str text = { (const char *)data, size };
    const char *error = dotenv_read(&arena, text, &variables);
    if (error != NULL && strncmp(error, "line ", 5) != 0 &&
        strcmp(error, "it holds a zero byte") != 0)
        abort();
    for (size_t i = 0; i < variables.n; i++) {
        if (variables.items[i].name[0] == '\0' ||
            strlen(variables.items[i].value) > size)
            abort();
    }
    arena_release(&arena);
    return 0;
}
