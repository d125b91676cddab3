/* dotenv.h: files of environment variables, as shells and Docker write them. Reads text;
 * touches neither files nor the process's environment.
 *
 *     # a comment
 *     DATABASE_URL=postgresql:///app          export is allowed before the name
 *     PASSWORD="two words\n"                  \n \t \" \\ and \$ are escapes; may span lines
 *     LITERAL='as $it is'                     no escapes
 *     PLAIN=value # comment                   blanks around the value do not count
 */
#ifndef CLI_DOTENV_H
#define CLI_DOTENV_H
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

struct dotenv_variable {
    const char *name;
    const char *value;
};
typedef VEC(struct dotenv_variable) dotenv_variables;

/* Reads the variables in order. Gives NULL, or what is wrong: "line 3: ..." in the arena;
 * values are never part of the message. */
const char *dotenv_read(struct arena *arena, struct str text,
                        dotenv_variables *variables);

#endif
