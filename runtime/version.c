/* version.c: the name that generated objects refer to, so that they link only with a
 * runtime that serves their SC_ABI. */
#include "sc.h"

SC_API const char sc__abi_1 = 1;
