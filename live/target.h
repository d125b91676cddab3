/* target.h: which server and database a URL means, for telling it before connecting. Asks
 * libpq's own rules (environment, service files); connects to nothing. */
#ifndef LIVE_TARGET_H
#define LIVE_TARGET_H
#include "base/arena.h"

/* Texts in the arena; never a password. */
struct target {
    const char *host; /* "db.example.org:5433", "/run/postgresql"; several with "," */
    const char *database; /* the user's name where none is given, as libpq does */
    const char *user;
};

/* url: as sc_open takes it; NULL: $DATABASE_URL, else libpq's environment. Gives NULL, or
 * libpq's message in the arena. */
const char *target_find(struct arena *arena, const char *url, struct target *target);

/* Puts all that the URL says into libpq's environment variables (PGHOST, PGPASSWORD, ...),
 * where psql and pg_dump find it; on a command line everybody could read it. url and the
 * answer as above. */
const char *target_export(struct arena *arena, const char *url);

#endif
