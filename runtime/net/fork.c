/* fork.c: counts forks. It must not touch a connection. */
#include "fork.h"
#include <pthread.h>

unsigned sc__forks;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool watching;

static void in_child(void)
{
    sc__forks++; /* the child has one thread */
}

static void watch(void)
{
    watching = pthread_atfork(NULL, NULL, in_child) == 0;
}

bool sc__forks_watch(void)
{
    return pthread_once(&once, watch) == 0 && watching;
}
