/* codes.h: codes.def by name: E_missing_token is 201. Warnings have such a name too. */
#ifndef LANG_CODES_H
#define LANG_CODES_H

enum code {
#define CODE(number, slug, meaning) E_##slug = (number),
#include "codes.def"
};

#endif
