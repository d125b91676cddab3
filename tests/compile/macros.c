/* macros.c: what is generated stands behind headers that define macros with short names
 * (I, major, minor, errno, stdin, linux under -std=gnu17 ...), and a program on it links. */
#include <complex.h>
#include <sys/sysmacros.h>
#include <errno.h>
#include <stdio.h>
#include <math.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <assert.h>

#ifndef UMBRELLA
#define UMBRELLA "app.h"
#endif
#include UMBRELLA

int main(void)
{
    return sizeof(struct sc_error) == 0;
}
