/* hostile_test.c: a server that answers what no server should: each answer ends in a
 * status, never in a read or write beside what was sent.
 *
 * The server is a thread that takes one connection and refuses further ones, answers the
 * start-up as PostgreSQL does, and then sends what the test scripted whenever a message has
 * come in. */
#include "tests/db/support/mute.h"
#include "tests/db/support/scene.h"
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>

/* ---- messages ---------------------------------------------------------------------------- */

struct bytes {
    char data[2048];
    size_t size;
};

static void add(struct bytes *to, const void *data, size_t size)
{
    assert_true(to->size + size <= sizeof(to->data));
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

static void add16(struct bytes *to, int value)
{
    uint16_t wire = htons((uint16_t)value);
    add(to, &wire, 2);
}

static void add32(struct bytes *to, int64_t value)
{
    uint32_t wire = htonl((uint32_t)value);
    add(to, &wire, 4);
}

/* A message of one type byte around a body. */
static void message(struct bytes *to, char type, const struct bytes *body)
{
    add(to, &type, 1);
    add32(to, (int64_t)body->size + 4);
    add(to, body->data, body->size);
}

static void plain(struct bytes *to, char type, const char *body, size_t size)
{
    struct bytes bytes = { .size = 0 };
    add(&bytes, body, size);
    message(to, type, &bytes);
}
#define PLAIN(to, type, text) plain((to), (type), (text), sizeof(text) - 1)

/* `count` columns, all of one type and format. */
static void columns(struct bytes *to, int count, int64_t oid, int format)
{
    struct bytes body = { .size = 0 };
    add16(&body, count);
    for (int i = 0; i < count; i++) {
        add(&body, "c", 2);
        add32(&body, 0);
        add16(&body, 0);
        add32(&body, oid);
        add16(&body, -1);
        add32(&body, -1);
        add16(&body, format);
    }
    message(to, 'T', &body);
}

/* A row whose fields are all the same `size` bytes. */
static void row(struct bytes *to, int count, const char *field, int size)
{
    struct bytes body = { .size = 0 };
    add16(&body, count);
    for (int i = 0; i < count; i++) {
        add32(&body, size);
        if (size > 0)
            add(&body, field, (size_t)size);
    }
    message(to, 'D', &body);
}

static void done(struct bytes *to, const char *tag)
{
    plain(to, 'C', tag, strlen(tag) + 1);
    PLAIN(to, 'Z', "I");
}

/* ---- the server --------------------------------------------------------------------------- */

struct server {
    struct mute mute;
    pthread_t thread;
    const struct bytes *script; /* one answer a turn */
    size_t turns;
};

/* Takes whatever has come, until nothing more comes for a moment. False: the end. */
static bool take_turn(int fd)
{
    char room[4096];
    struct pollfd at = { .fd = fd, .events = POLLIN };
    if (recv(fd, room, sizeof(room), 0) <= 0)
        return false;
    while (poll(&at, 1, 20) > 0)
        if (recv(fd, room, sizeof(room), 0) <= 0)
            return false;
    return true;
}

static void *serve(void *arg)
{
    const struct server *server = arg;
    struct bytes hello = { .size = 0 };
    PLAIN(&hello, 'R', "\0\0\0\0");
    PLAIN(&hello, 'S', "client_encoding\0UTF8\0");
    PLAIN(&hello, 'S',
          "server_version\0"
          "15.0\0");
    PLAIN(&hello, 'Z', "I");
    int fd = accept(server->mute.listener, NULL, NULL);
    shutdown(server->mute.listener, SHUT_RDWR);
    if (fd < 0)
        return NULL;
    if (take_turn(fd) && send(fd, hello.data, hello.size, MSG_NOSIGNAL) > 0)
        for (size_t i = 0; i < server->turns && take_turn(fd); i++)
            if (send(fd, server->script[i].data, server->script[i].size, MSG_NOSIGNAL) <
                0)
                break;
    close(fd);
    return NULL;
}

static void start(struct server *server, const struct bytes *script, size_t turns)
{
    *server = (struct server){ .script = script, .turns = turns };
    mute_open(&server->mute);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void stop(struct server *server)
{
    shutdown(server->mute.listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    mute_close(&server->mute);
}

/* ---- statements ------------------------------------------------------------------------------ */

struct pair {
    const char *a;
    const char *b;
};
static const struct sc__column pair_columns[] = {
    { COLUMN("a", TEXT(0)), .row_at = offsetof(struct pair, a) },
    { COLUMN("b", TEXT(0)), .row_at = offsetof(struct pair, b) },
};
static const struct sc__row pair_row = { pair_columns, 2, sizeof(struct pair) };
static const struct sc__stmt pair_get = { .label = "pair_get",
                                          .sql = "select a, b from x",
                                          .row = &pair_row,
                                          .want = SC__WANT_ONE };
static const struct sc__stmt pair_list = { .label = "pair_list",
                                           .sql = "select a, b from y",
                                           .row = &pair_row,
                                           .want = SC__WANT_MANY };

static enum sc_status get_pair(struct sc_db *db, struct sc_error *err)
{
    struct pair *pair = (void *)1;
    enum sc_status st = sc__run(db, &pair_get, 0, NULL, &pair, NULL, err);
    assert_true((st == SC_OK) == (pair != NULL));
    if (pair)
        assert_true(strlen(pair->a) + strlen(pair->b) < 100);
    sc_free(pair);
    return st;
}

static enum sc_status list_pairs(struct sc_db *db, struct sc_error *err)
{
    struct pair *pairs = (void *)1;
    size_t n = 9;
    enum sc_status st = sc__run(db, &pair_list, 0, NULL, &pairs, &n, err);
    assert_true(st == SC_OK || (!pairs && n == 0));
    sc_free(pairs);
    return st;
}

/* Parse and Bind answered, and then what is asked for. */
static void first_use(struct bytes *to)
{
    PLAIN(to, '1', "");
    PLAIN(to, '2', "");
}

static void good_pair(struct bytes *to, bool first)
{
    if (first)
        first_use(to);
    else
        PLAIN(to, '2', "");
    columns(to, 2, 25, 1);
    row(to, 2, "good", 4);
    done(to, "SELECT 1");
}

/* ---- tests ------------------------------------------------------------------------------------- */

/* One good use, then one that answers with `second`. */
static void expect_second(const struct bytes *second, enum sc_status want, int line)
{
    struct scene here = { .db = NULL }, *scene = &here;
    struct bytes script[2] = { { .size = 0 }, *second };
    struct server server;
    struct sc_db *db;
    good_pair(&script[0], true);
    start(&server, script, 2);
    EXPECT(SC_OK, sc_open(server.mute.url, &db, &scene->err));
    EXPECT(SC_OK, get_pair(db, &scene->err));
    expect_status(scene, get_pair(db, &scene->err), want, line);
    sc_close(db);
    stop(&server);
}
#define EXPECT_SECOND(want, second) expect_second((second), (want), __LINE__)

static void a_later_answer_with_fewer_columns(void **state)
{
    (void)state;
    struct bytes answer = { .size = 0 };
    PLAIN(&answer, '2', "");
    columns(&answer, 1, 25, 1);
    row(&answer, 1, "good", 4);
    done(&answer, "SELECT 1");
    EXPECT_SECOND(SC_SCHEMA_MISMATCH, &answer);
}

static void a_later_answer_without_columns(void **state)
{
    (void)state;
    struct bytes answer = { .size = 0 };
    PLAIN(&answer, '2', "");
    PLAIN(&answer, 'n', "");
    done(&answer, "INSERT 0 1");
    EXPECT_SECOND(SC_NOT_FOUND, &answer);
}

static void null_where_there_is_none(void **state)
{
    (void)state;
    struct bytes answer = { .size = 0 };
    PLAIN(&answer, '2', "");
    columns(&answer, 2, 25, 1);
    row(&answer, 2, NULL, -1);
    done(&answer, "SELECT 1");
    EXPECT_SECOND(SC_SCHEMA_MISMATCH, &answer);
}

static void a_row_of_another_width(void **state)
{
    (void)state;
    struct bytes answer = { .size = 0 };
    PLAIN(&answer, '2', "");
    columns(&answer, 2, 25, 1);
    row(&answer, 3, "good", 4);
    done(&answer, "SELECT 1");
    EXPECT_SECOND(SC_CONNECTION, &answer);
}

static void a_copy_that_nobody_asked_for(void **state)
{
    (void)state;
    struct bytes in = { .size = 0 }, out = { .size = 0 }, both = { .size = 0 };
    PLAIN(&in, 'G', "\1\0\1\0\1");
    EXPECT_SECOND(SC_MISUSE, &in);
    PLAIN(&out, 'H', "\1\0\1\0\1");
    EXPECT_SECOND(SC_MISUSE, &out);
    PLAIN(&both, 'W', "\1\0\1\0\1");
    EXPECT_SECOND(SC_MISUSE, &both);
}

static void a_message_that_is_none(void **state)
{
    (void)state;
    struct bytes odd = { .size = 0 }, cut = { .size = 0 };
    PLAIN(&odd, '~', "what");
    EXPECT_SECOND(SC_CONNECTION, &odd);
    PLAIN(&cut, '2', "");
    add(&cut, "T\0\0\0", 4);
    EXPECT_SECOND(SC_CONNECTION, &cut);
}

/* What rows came before it are not kept. */
static void an_error_among_the_rows(void **state)
{
    (void)state;
    struct bytes answer = { .size = 0 };
    PLAIN(&answer, '2', "");
    columns(&answer, 2, 25, 1);
    row(&answer, 2, "good", 4);
    PLAIN(&answer, 'E', "SERROR\0C22012\0Mhalf-way\0\0");
    PLAIN(&answer, 'Z', "I");
    EXPECT_SECOND(SC_BAD_VALUE, &answer);
}

/* Said by nobody's request, between any two messages. */
static void notices_everywhere(void **state)
{
    (void)state;
    struct bytes answer = { .size = 0 };
    PLAIN(&answer, '2', "");
    for (int i = 0; i < 20; i++)
        PLAIN(&answer, 'N', "SNOTICE\0C00000\0Mwhat\0\0");
    columns(&answer, 2, 25, 1);
    for (int i = 0; i < 20; i++)
        PLAIN(&answer, 'N', "SNOTICE\0C00000\0Mwhat\0\0");
    row(&answer, 2, "good", 4);
    PLAIN(&answer, 'N', "SNOTICE\0C00000\0Mwhat\0\0");
    done(&answer, "SELECT 1");
    EXPECT_SECOND(SC_OK, &answer);
}

/* The look-up of an enum is numbered 0; what comes back is far from it. */
static void types_of_other_numbers(void **state)
{
    (void)state;
    struct scene here = { .db = NULL }, *scene = &here;
    const char *const numbers[] = { "1", "4000000000", "-1", "999999999999", "" };
    const struct person_new values = { .id = "a", .email = "b", .mood = SC(MOOD_CALM) };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        struct bytes script[1] = { { .size = 0 } };
        struct server server;
        struct sc_db *db;
        columns(script, 3, 25, 0);
        row(script, 3, numbers[i], (int)strlen(numbers[i]));
        done(script, "SELECT 1");
        start(&server, script, 1);
        EXPECT(SC_OK, sc_open(server.mute.url, &db, &scene->err));
        enum sc_status st = sc__run_insert(db, &person_insert, &values, NULL,
                                           &scene->err);
        assert_true(st == SC_SCHEMA_MISMATCH || st == SC_CONNECTION);
        sc_close(db);
        stop(&server);
    }
}

static void types_in_one_column(void **state)
{
    (void)state;
    struct scene here = { .db = NULL }, *scene = &here;
    const struct person_new values = { .id = "a", .email = "b", .mood = SC(MOOD_CALM) };
    struct bytes script[1] = { { .size = 0 } };
    struct server server;
    struct sc_db *db;
    columns(script, 1, 25, 0);
    row(script, 1, "0", 1);
    done(script, "SELECT 1");
    start(&server, script, 1);
    EXPECT(SC_OK, sc_open(server.mute.url, &db, &scene->err));
    enum sc_status st = sc__run_insert(db, &person_insert, &values, NULL, &scene->err);
    assert_true(st != SC_OK && st == scene->err.status);
    sc_close(db);
    stop(&server);
}

/* At the first use of a list: rows that are not what their description says. */
static void a_list_of_something_else(void **state)
{
    (void)state;
    struct scene here = { .db = NULL }, *scene = &here;
    const int widths[] = { 0, 1, 3 };
    for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
        struct bytes script[1] = { { .size = 0 } };
        struct server server;
        struct sc_db *db;
        first_use(script);
        columns(script, widths[i], 25, 1);
        row(script, widths[i], "x", 1);
        done(script, "SELECT 1");
        start(&server, script, 1);
        EXPECT(SC_OK, sc_open(server.mute.url, &db, &scene->err));
        EXPECT(SC_SCHEMA_MISMATCH, list_pairs(db, &scene->err));
        sc_close(db);
        stop(&server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_answer_with_fewer_columns),
        cmocka_unit_test(a_later_answer_without_columns),
        cmocka_unit_test(null_where_there_is_none),
        cmocka_unit_test(a_row_of_another_width),
        cmocka_unit_test(a_copy_that_nobody_asked_for),
        cmocka_unit_test(a_message_that_is_none),
        cmocka_unit_test(an_error_among_the_rows),
        cmocka_unit_test(notices_everywhere),
        cmocka_unit_test(types_of_other_numbers),
        cmocka_unit_test(types_in_one_column),
        cmocka_unit_test(a_list_of_something_else),
    };
    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
