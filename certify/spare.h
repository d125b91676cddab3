/* spare.h: takes out of the way the rows that a migration's own checks refuse, so that the
 * rest of it can be proved. Inside certify/ only. */
#ifndef CERTIFY_SPARE_H
#define CERTIFY_SPARE_H
#include "bench.h"

/* What was done about a check. */
typedef void spare_told(void *user, const char *title);

/* Asks each check of a migration file's text (NULL: none); where one refuses, removes the
 * rows that it is about, or empties the tables that it names, or all. told: for each that
 * refused, with its title. Gives NULL, or a message. */
const char *spare_rows(struct bench *bench, const char *text, spare_told *told,
                       void *user);

#endif
