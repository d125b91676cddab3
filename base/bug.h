/* bug.h: the two ways in which the compiler ends before its time: our own mistakes, and no
 * memory. */
#ifndef BASE_BUG_H
#define BASE_BUG_H

/* Prints the place and aborts. For states that the program itself rules out. */
#define BUG(message) bug_at(__FILE__, __LINE__, (message))
_Noreturn void bug_at(const char *file, int line, const char *message);

/* Says so on stderr and exits with 4, the code for what the environment lacks. */
_Noreturn void out_of_memory(void);

#endif
