/* bug.h: our own mistakes, in the compiler only. */
#ifndef BASE_BUG_H
#define BASE_BUG_H

/* Prints the place and aborts. For states that the program itself rules out. */
#define BUG(message) bug_at(__FILE__, __LINE__, (message))
_Noreturn void bug_at(const char *file, int line, const char *message);

#endif
