/* impacts.h: what the files of impact.h share: what becomes of the names and types that
 * statements use. Inside migrate/impact*.c only.
 */
#ifndef MIGRATE_IMPACTS_H
#define MIGRATE_IMPACTS_H
#include "impact.h"
#include "matcher.h"

/* What happens to whoever uses a thing in some way; sqlstate NULL: nothing. */
struct blow {
    enum impact_kind kind;
    const char *sqlstate;
    const char *why;
};

/* Ways of using a column. */
enum use {
    USE_NAME,  /* it is mentioned */
    USE_READ,  /* its value comes back */
    USE_WHERE, /* it is compared with a parameter of its type */
    USE_WRITE, /* a parameter of its type is put in */
    USE_COPY,  /* the same by COPY BINARY */
    USES
};
struct column_fate {
    struct blow blows[USES]; /* of USE_NAME: what comes before any other */
};
struct table_fate {
    struct blow gone;   /* what every statement on it meets */
    struct blow insert; /* what every new row meets */
    bool columns;       /* a column has a fate */
    bool shape;         /* columns are new, gone or of another type: for `*` */
    bool indexes;       /* an index has gone or become another */
};

/* The fates of what one model has on the way to the other. What nothing happens to has
 * none. */
struct fates {
    struct arena *arena;
    const struct match *match;
    struct pairs tables;  /* struct table_fate by struct model_table */
    struct pairs columns; /* struct column_fate by struct model_column */
    struct pairs types;   /* struct blow by struct model_enum or _domain: its name */
};
/* impact_fate.c */
void fates_find(struct fates *fates);
const struct table_fate *fate_of_table(const struct fates *fates,
                                       const struct model_table *table);
struct blow fate_of_use(const struct fates *fates, const struct model_column *column,
                        enum use use);

/* impact_type.c: whether a parameter of the one type fits where a column of the other
 * stands; as PostgreSQL 15's pg_cast, pg_operator and pg_amop have it for built-in types. */
bool types_comparable(const struct match *match, const struct model_type *param,
                      const struct model_type *column);
bool types_assignable(const struct match *match, const struct model_type *param,
                      const struct model_type *column);
/* Whether statements cast the one to text when they read it, and can do so with the other:
 * what comes back is then the same as before. */
bool types_read_as_text(const struct model_type *from, const struct model_type *to);
/* Whether both travel as the same type. Enums travel as themselves. */
bool types_travel_alike(const struct match *match, const struct model_type *from,
                        const struct model_type *to);

/* impact_query.c: what the tokens of a declared query meet. */
struct blow query_blow(const struct fates *fates, const struct stmt *stmt);
/* The columns of its result's table that it compares with a parameter. */
model_columns query_equal_columns(struct arena *arena, const struct stmt *stmt);

/* impact_index.c: whether an index served the statement and none does any more. */
struct blow index_blow(const struct fates *fates, const struct stmt *stmt);

/* The worse of two, or what the server meets first; the first when they are alike. */
struct blow worse(struct blow a, struct blow b);

#endif
