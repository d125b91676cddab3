/* allocations.c: counts the allocations of a program that it is preloaded into. */
#include <stddef.h>
#include <stdlib.h>

/* glibc's own names for what stands behind malloc: no dlsym, no recursion. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
unsigned long bench_allocations(void);

static unsigned long count;

unsigned long bench_allocations(void)
{
    return count;
}

void *malloc(size_t size)
{
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    count++;
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    count++;
    return __libc_realloc(p, size);
}
