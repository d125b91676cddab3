/* bug.c: the only place of base that writes to a stream. Must not return. */
#include "bug.h"

#include <stdio.h>
#include <stdlib.h>

void bug_at(const char *file, int line, const char *message)
{
    (void)fprintf(stderr, "schemac: bug at %s:%d: %s\n", file, line, message);
    abort();
}

void out_of_memory(void)
{
    (void)fputs("schemac: out of memory\n", stderr);
    exit(4);
}
