/* hosts_test.c: several addresses of which the first says nothing: connect_timeout goes on
 * to the next. No PostgreSQL: the servers are sockets of this process on 127.0.0.1, which
 * is silent, and 127.0.0.2. getaddrinfo is ours, for a name that stands for both. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif
#include "tests/db/support/greeters.h"
#include "tests/db/support/scene.h"
#include <dlfcn.h>
#include <netdb.h>

/* ---- a name with two addresses ------------------------------------------------------------- */

typedef int resolve(const char *, const char *, const struct addrinfo *,
                    struct addrinfo **);

int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    resolve *next;
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    memcpy(&next, &symbol, sizeof(symbol));
    if (!name || strcmp(name, "two.test") != 0)
        return next(name, service, hints, found);
    int status = next("127.0.0.1", service, hints, found);
    return status ? status : next("127.0.0.2", service, hints, &(*found)->ai_next);
}

/* ---- the servers ----------------------------------------------------------------------------- */

static int start(void **state)
{
    static struct greeters all;
    const enum manner manners[] = { SILENT, PRIMARY };
    greeters_open(&all, manners, 2);
    *state = &all;
    return 0;
}

static int stop(void **state)
{
    greeters_close(*state);
    return 0;
}

/* ---- tests ------------------------------------------------------------------------------------- */

static void expect_open(const struct greeters *all, const char *where, int line)
{
    struct scene here = { .db = NULL }, *scene = &here;
    char url[200];
    struct sc_db *db;
    snprintf(url, sizeof(url),
             "%s port=%d user=u dbname=d connect_timeout=2 sslmode=disable"
             " gssencmode=disable",
             where, all->port);
    expect_status(scene, sc_open(url, &db, &scene->err), SC_OK, line);
    sc_close(db);
}

static void the_next_host_is_tried(void **state)
{
    expect_open(*state, "host=127.0.0.1,127.0.0.2", __LINE__);
}

static void the_next_hostaddr_is_tried(void **state)
{
    expect_open(*state, "hostaddr=127.0.0.1,127.0.0.2", __LINE__);
}

static void the_next_address_of_a_name_is_tried(void **state)
{
    expect_open(*state, "host=two.test", __LINE__);
}

static void a_hostaddr_outranks_its_name(void **state)
{
    const struct greeters *all = *state;
    struct sc_db *db;
    struct sc_error err;
    char url[200];
    snprintf(url, sizeof(url),
             "host=two.test hostaddr=127.0.0.1 port=%d user=u dbname=d"
             " connect_timeout=2 sslmode=disable gssencmode=disable",
             all->port);
    assert_int_equal(sc_open(url, &db, &err), SC_TIMEOUT);
    assert_null(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_next_host_is_tried, start, stop),
        cmocka_unit_test_setup_teardown(the_next_hostaddr_is_tried, start, stop),
        cmocka_unit_test_setup_teardown(the_next_address_of_a_name_is_tried, start,
                                        stop),
        cmocka_unit_test_setup_teardown(a_hostaddr_outranks_its_name, start, stop),
    };
    return cmocka_run_group_tests_name("hosts", tests, NULL, NULL);
}
