/* scratch.h: a fresh folder under $TMPDIR that goes away with all that is in it. */
#ifndef TESTS_SUPPORT_SCRATCH_H
#define TESTS_SUPPORT_SCRATCH_H
#include <stdio.h>
#include <stdlib.h>

struct scratch {
    char path[200];
};

/* 0, or -1. */
static inline int scratch_open(struct scratch *scratch)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(scratch->path, sizeof scratch->path, "%s/schemac-test.XXXXXX",
             tmp ? tmp : "/tmp");
    return mkdtemp(scratch->path) ? 0 : -1;
}

/* 0, or what else rm said. */
static inline int scratch_close(const struct scratch *scratch)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch->path);
    return system(command);
}

#endif
