/* diag_order.h: what the renderers of diagnostics share. Only for diag*.c. */
#ifndef BASE_DIAG_ORDER_H
#define BASE_DIAG_ORDER_H
#include "diag.h"

struct diag_place {
    const struct diag *diag;
    size_t file;
};
/* What is shown, in order of file and position: at most DIAG_MAX_ERRORS errors. */
struct diag_order {
    struct diag_place *places;
    size_t n;
};
struct diag_order diag_order(const struct diags *diags);

/* "error" or "warning". */
const char *diag_severity_name(enum diag_severity severity);
/* Bytes of the well-formed UTF-8 character at s (n > 0 bytes left), 0 when there is
 * none. Source: RFC 3629, section 4. */
size_t diag_character(const char *s, size_t n);

#endif
