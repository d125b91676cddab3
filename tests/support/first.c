/* first.c: the first migration, up and down; must not know of files or of later changes. */
#include "tests/support/first.h"

#include "base/bug.h"
#include "migrate/fingerprint.h"

struct migration test_first_migration(struct arena *arena, const struct model *model,
                                      struct str canonical, struct str name)
{
    struct diags diags = { .arena = arena };
    struct draft draft;
    struct draft_request change = { .to = model };
    /* There is nothing yet that a hint could be wanted for. */
    if (!draft_make(arena, &change, &diags, &draft))
        BUG("the first migration cannot be planned");
    struct migration_request request = { .name = name,
                                         .from = fingerprint(arena, STR("")),
                                         .to = fingerprint(arena, canonical),
                                         .draft = &draft };
    return migration_write(arena, &request);
}
