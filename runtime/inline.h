/* inline.h: how functions on the way of every call are compiled; knows nothing else. Not
 * installed. Compilers are told what profiles (docs/PERFORMANCE.md) showed. */
#ifndef SC_INLINE_H
#define SC_INLINE_H

#if defined(__GNUC__)
#define SC__INLINED      static inline __attribute__((always_inline))
#define SC__ALONE        static __attribute__((noinline))
#define SC__MOSTLY(test) __builtin_expect(!!(test), 1)
#else
#define SC__INLINED      static inline
#define SC__ALONE        static
#define SC__MOSTLY(test) (test)
#endif

#endif
