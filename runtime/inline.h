/* inline.h: how functions on the way of every call are compiled; knows nothing else. Not
 * installed. Compilers are told what profiles (docs/PERFORMANCE.md) showed. */
#ifndef SC_INLINE_H
#define SC_INLINE_H
#include <string.h>

#if defined(__GNUC__)
#define SC__INLINED      static inline __attribute__((always_inline))
#define SC__ALONE        static __attribute__((noinline))
#define SC__MOSTLY(test) __builtin_expect(!!(test), 1)
#else
#define SC__INLINED      static inline
#define SC__ALONE        static
#define SC__MOSTLY(test) (test)
#endif

/* Clears a struct of up to some 150 bytes. By halves: what is more than 80 bytes, gcc clears by
 * `rep stos`, which takes longer than much of a call. */
SC__INLINED void sc__wipe(void *what, size_t size)
{
    const size_t half = size / 2 & ~(size_t)15;
    memset(what, 0, half);
    memset((char *)what + half, 0, size - half);
}

#endif
