/* failing.h: an allocator that fails when it is told to, for the one file of a test that
 * includes it. Interposes malloc for the whole process, libpq included; stands aside
 * (INTERPOSED 0) under a sanitizer, which interposes it too. */
#ifndef TESTS_DB_SUPPORT_FAILING_H
#define TESTS_DB_SUPPORT_FAILING_H
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define INTERPOSED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INTERPOSED 0
#endif
#endif
#ifndef INTERPOSED
#define INTERPOSED 1
#endif

static _Atomic bool armed; /* allocations are counted, and the one at `until` fails */
static bool persistent;    /* and all after it */
static size_t until;
static _Atomic size_t seen;
/* Who asked for the one that failed. */
__attribute__((unused)) static void *failed_in;
static _Atomic long live; /* blocks that are allocated now, by any thread */

#if INTERPOSED
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

static bool fails(void)
{
    if (!armed)
        return false;
    size_t nth = ++seen;
    if (nth < until || (nth > until && !persistent))
        return false;
    errno = ENOMEM;
    return true;
}

/* As fails, and remembers the caller of the function that it stands in. */
#define FAILS_HERE() (fails() && (failed_in = __builtin_return_address(0), true))

void *malloc(size_t size)
{
    if (FAILS_HERE())
        return NULL;
    live++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (FAILS_HERE())
        return NULL;
    live++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    if (FAILS_HERE())
        return NULL;
    live += !old;
    return __libc_realloc(old, size);
}

void free(void *block)
{
    live -= block != NULL;
    __libc_free(block);
}
#endif

#endif
