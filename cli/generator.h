/* generator.h: which compiler this is, so that what another one made is not taken for its
 * own. The Makefile writes generator.c. */
#ifndef CLI_GENERATOR_H
#define CLI_GENERATOR_H

/* SHA-256 over the compiler's sources, in hexadecimal digits: the same wherever it was
 * built, and another one after any edit. */
extern const char generator_id[];

#endif
