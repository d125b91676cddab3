/* hosts_test.c: several addresses of which the first says nothing: connect_timeout goes on
 * to the next. No PostgreSQL: the servers are sockets of this process on 127.0.0.1, which
 * is silent, and 127.0.0.2. getaddrinfo is ours, for a name that stands for both. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif
#include "tests/db/support/scene.h"
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

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

struct pair {
    int silent;
    int talking;
    int port;
    pthread_t thread;
};

/* Greets whoever comes, and waits until they leave. */
static void *greet(void *arg)
{
    static const char hello[] = "R\0\0\0\10\0\0\0\0"
                                "S\0\0\0\31client_encoding\0UTF8\0"
                                "Z\0\0\0\5I";
    const struct pair *pair = arg;
    char room[4096];
    int fd = accept(pair->talking, NULL, NULL);
    if (fd < 0)
        return NULL;
    if (recv(fd, room, sizeof(room), 0) > 0 &&
        send(fd, hello, sizeof(hello) - 1, MSG_NOSIGNAL) > 0)
        while (recv(fd, room, sizeof(room), 0) > 0)
            continue;
    close(fd);
    return NULL;
}

/* -1: the port is taken there. */
static int listen_at(const char *address, int *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)*port) };
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(inet_pton(AF_INET, address, &at.sin_addr), 1);
    if (bind(fd, (struct sockaddr *)&at, size) != 0 || listen(fd, 4) != 0) {
        close(fd);
        return -1;
    }
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static int start(void **state)
{
    static struct pair pair;
    *state = &pair;
    pair.talking = -1;
    for (int i = 0; i < 20 && pair.talking < 0; i++) {
        pair.port = 0;
        pair.silent = listen_at("127.0.0.1", &pair.port);
        pair.talking = listen_at("127.0.0.2", &pair.port);
        if (pair.talking < 0)
            close(pair.silent);
    }
    return pair.talking < 0 || pthread_create(&pair.thread, NULL, greet, &pair) != 0;
}

static int stop(void **state)
{
    struct pair *pair = *state;
    shutdown(pair->talking, SHUT_RDWR);
    pthread_join(pair->thread, NULL);
    close(pair->talking);
    close(pair->silent);
    return 0;
}

/* ---- tests ------------------------------------------------------------------------------------- */

static void expect_open(const struct pair *pair, const char *where, int line)
{
    struct scene here = { .db = NULL }, *scene = &here;
    char url[200];
    struct sc_db *db;
    snprintf(url, sizeof(url),
             "%s port=%d user=u dbname=d connect_timeout=2 sslmode=disable"
             " gssencmode=disable",
             where, pair->port);
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
    struct pair *pair = *state;
    struct sc_db *db;
    struct sc_error err;
    char url[200];
    snprintf(url, sizeof(url),
             "host=two.test hostaddr=127.0.0.1 port=%d user=u dbname=d"
             " connect_timeout=2 sslmode=disable gssencmode=disable",
             pair->port);
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
