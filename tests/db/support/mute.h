/* mute.h: a Unix socket in a folder of its own that takes connections as far as the kernel
 * does it; nobody answers there, unless the test does. */
#ifndef TESTS_DB_SUPPORT_MUTE_H
#define TESTS_DB_SUPPORT_MUTE_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct mute {
    char folder[64];
    char path[96];
    char url[160];
    int listener;
};

static inline void mute_open(struct mute *mute)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    snprintf(mute->folder, sizeof(mute->folder), "/tmp/schemac-mute.XXXXXX");
    assert_non_null(mkdtemp(mute->folder));
    snprintf(mute->path, sizeof(mute->path), "%s/.s.PGSQL.5432", mute->folder);
    snprintf(mute->url, sizeof(mute->url),
             "host=%s port=5432 dbname=d user=u sslmode=disable gssencmode=disable",
             mute->folder);
    snprintf(at.sun_path, sizeof(at.sun_path), "%s", mute->path);
    mute->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(mute->listener, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(mute->listener, 16), 0);
}

static inline void mute_close(struct mute *mute)
{
    close(mute->listener);
    unlink(mute->path);
    rmdir(mute->folder);
}

#endif
