/* first.h: the migration that makes a whole schema in a database without it. Gives texts;
 * writes no file and connects to nothing.
 */
#ifndef TESTS_SUPPORT_FIRST_H
#define TESTS_SUPPORT_FIRST_H
#include "migrate/file.h"

/** name: "0001_init". canonical: the schema's canonical text. Its parent is none, it comes
 *  from the empty schema. */
struct migration test_first_migration(struct arena *arena, const struct model *model,
                                      struct str canonical, struct str name);

#endif
