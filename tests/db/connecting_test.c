/* connecting_test.c: the machine that connects, against servers of every manner: it never
 * blocks, gives each address its time, finds the server that is wanted, and keeps what
 * belongs to a host's name. No PostgreSQL: see greeters.h. getaddrinfo is ours, for names
 * that answer late or with two addresses. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif
#include "tests/db/support/greeters.h"
#include "runtime/sc_internal.h"
#include "runtime/net/connecting.h"
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

static atomic_int slow_ms; /* how long slow.test takes */

typedef int resolve(const char *, const char *, const struct addrinfo *,
                    struct addrinfo **);

static void rest(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    resolve *next;
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    memcpy(&next, &symbol, sizeof(symbol));
    if (name && strcmp(name, "slow.test") == 0)
        rest(slow_ms);
    if (name && strcmp(name, "none.test") == 0)
        return EAI_NONAME;
    if (!name || (strcmp(name, "slow.test") != 0 && strcmp(name, "two.test") != 0))
        return next(name, service, hints, found);
    int status = next("127.0.0.1", service, hints, found);
    return status ? status : next("127.0.0.2", service, hints, &(*found)->ai_next);
}

/* As poll does whose look at a socket finds a signal of the program's. */
static atomic_int signals;
int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    const struct timespec time = { timeout / 1000, timeout % 1000 * 1000000L };
    if (timeout == 0 && signals > 0) {
        signals--;
        errno = EINTR;
        return -1;
    }
    return ppoll(fds, n, timeout < 0 ? NULL : &time, NULL);
}

/* ---- driving it ------------------------------------------------------------------------------ */

struct drive {
    struct greeters all;
    char url[600];
    struct sc_error err;
    PGconn *pg;
    int64_t took;    /* nanoseconds */
    int64_t longest; /* step */
    int sockets;     /* different ones */
    int timeout_ms;
};

static void ignore(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

static void count_socket(struct drive *drive, int fd, ino_t *last)
{
    struct stat now;
    if (fd < 0 || fstat(fd, &now) != 0 || now.st_ino == *last)
        return;
    drive->sockets++;
    *last = now.st_ino;
}

/* Connects as a program would that owns the loop. */
static enum sc_status drive_it(struct drive *drive, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static enum sc_status drive_it(struct drive *drive, const char *format, ...)
{
    char where[400];
    va_list args;
    va_start(args, format);
    vsnprintf(where, sizeof(where), format, args);
    va_end(args);
    snprintf(drive->url, sizeof(drive->url),
             "port=%d user=u dbname=d gssencmode=disable sslmode=disable %s",
             drive->all.port, where);
    struct sc__connecting *c;
    struct sc__connecting_options options = { .url = drive->url,
                                              .timeout_ms = drive->timeout_ms,
                                              .notices = ignore };
    int64_t begun = sc__clock();
    ino_t last = 0;
    drive->longest = drive->sockets = 0;
    enum sc_status status = sc__connecting_new(&options, &c, &drive->err);
    if (status != SC_OK)
        return status;
    for (;;) {
        int64_t before = sc__clock();
        enum sc__connecting_state state = sc__connecting_step(c);
        int64_t after = sc__clock();
        if (after - before > drive->longest)
            drive->longest = after - before;
        if (state != SC__CONNECTING_GOES_ON)
            break;
        struct pollfd fd = { .fd = sc__connecting_fd(c),
                             .events = sc__connecting_events(c) };
        int64_t until = sc__connecting_deadline(c);
        count_socket(drive, fd.fd, &last);
        poll(&fd, 1, until == INT64_MAX ? -1 : (int)((until - after) / 1000000) + 1);
    }
    drive->pg = sc__connecting_take(c);
    drive->err = *sc__connecting_error(c);
    drive->took = sc__clock() - begun;
    sc__connecting_free(c);
    return drive->pg ? SC_OK : drive->err.status;
}

static const enum manner pair[] = { SILENT, PRIMARY };

static struct drive *begin(const enum manner *manners, int count)
{
    static struct drive drive;
    memset(&drive, 0, sizeof(drive));
    greeters_open(&drive.all, manners, count);
    return &drive;
}

static void finish(struct drive *drive)
{
    PQfinish(drive->pg);
    drive->pg = NULL;
}

static void end(struct drive *drive)
{
    finish(drive);
    greeters_close(&drive->all);
}

static void expect_ms(int64_t nanoseconds, int from, int to)
{
    if (nanoseconds / 1000000 < from || nanoseconds / 1000000 > to)
        fail_msg("%d ms, not %d to %d", (int)(nanoseconds / 1000000), from, to);
}

/* ---- time ------------------------------------------------------------------------------------- */

static void time_runs_out(void **state)
{
    (void)state;
    struct drive *drive = begin(pair, 2);
    drive->timeout_ms = 150;
    assert_int_equal(drive_it(drive, "host=127.0.0.1"), SC_TIMEOUT);
    assert_string_equal(drive->err.message, "the server did not answer in time");
    expect_ms(drive->took, 150, 1500);
    drive->timeout_ms =
        50; /* the url's own counts, and libpq makes two seconds of one */
    assert_int_equal(drive_it(drive, "host=127.0.0.1 connect_timeout=1"), SC_TIMEOUT);
    expect_ms(drive->took, 2000, 3500);
    end(drive);
}

static void each_address_has_its_time(void **state)
{
    (void)state;
    const enum manner manners[] = { SILENT, SILENT, PRIMARY };
    struct drive *drive = begin(manners, 3);
    drive->timeout_ms = 150;
    assert_int_equal(drive_it(drive, "host=127.0.0.1,127.0.0.2,127.0.0.3"), SC_OK);
    expect_ms(drive->took, 300, 2000);
    assert_string_equal(PQhost(drive->pg), "127.0.0.3");
    finish(drive);
    assert_int_equal(drive_it(drive, "host=127.0.0.1,127.0.0.2"), SC_TIMEOUT);
    assert_string_equal(drive->err.message,
                        "the server at 127.0.0.1 did not answer in time\n"
                        "the server at 127.0.0.2 did not answer in time");
    end(drive);
}

static void a_look_up_does_not_block(void **state)
{
    (void)state;
    const enum manner manners[] = { HANGUP, PRIMARY };
    struct drive *drive = begin(manners, 2);
    slow_ms = 400;
    assert_int_equal(drive_it(drive, "host=slow.test"), SC_OK);
    expect_ms(drive->took, 400, 2000);
    expect_ms(drive->longest, 0, 200);
    finish(drive);
    drive->timeout_ms = 100;
    assert_int_equal(drive_it(drive, "host=slow.test"), SC_TIMEOUT);
    expect_ms(drive->took, 100, 350);
    assert_int_equal(drive_it(drive, "host=slow.test,127.0.0.2"), SC_OK);
    rest(500); /* the abandoned threads clean up behind themselves */
    end(drive);
}

/* ---- which one ---------------------------------------------------------------------------------- */

static void a_name_keeps_its_name(void **state)
{
    (void)state;
    const enum manner manners[] = { HANGUP, PRIMARY };
    struct drive *drive = begin(manners, 2);
    assert_int_equal(drive_it(drive, "host=two.test"), SC_OK);
    assert_string_equal(PQhost(drive->pg),
                        "two.test"); /* what TLS is checked against */
    assert_string_equal(PQhostaddr(drive->pg), "127.0.0.2");
    assert_int_equal(drive->all.visits[0], 1);
    finish(drive);
    assert_int_equal(drive_it(drive, "host=one.test hostaddr=127.0.0.2"), SC_OK);
    assert_string_equal(PQhost(drive->pg), "one.test");
    finish(drive);
    assert_int_equal(drive_it(drive, "host=none.test"), SC_CONNECTION);
    assert_non_null(strstr(drive->err.message, "host \"none.test\" has no address: "));
    assert_int_equal(drive_it(drive, "host=none.test,two.test"), SC_OK);
    end(drive);
}

/* libpq gives one socket up and opens another: a loop that keeps the old one hangs. */
static void the_descriptor_changes(void **state)
{
    (void)state;
    const enum manner manners[] = { HANGUP, STARTING, PRIMARY };
    struct drive *drive = begin(manners, 3);
    drive->timeout_ms = 5000;
    assert_int_equal(drive_it(drive, "host=127.0.0.1,127.0.0.2,127.0.0.3"
                                     ""),
                     SC_OK);
    assert_int_equal(drive->sockets, 3);
    end(drive);
}

static void refusals(void **state)
{
    (void)state;
    const enum manner manners[] = { FULL, STARTING, STRANGER, PRIMARY };
    struct drive *drive = begin(manners, 4);
    const char *plain = "sslmode=disable host";
    assert_int_equal(drive_it(drive, "%s=127.0.0.1,127.0.0.2,127.0.0.4", plain), SC_OK);
    finish(drive);
    assert_int_equal(drive_it(drive, "%s=127.0.0.3,127.0.0.4", plain), SC_CONNECTION);
    assert_string_equal(drive->err.sqlstate, "28P01"); /* and nobody else is asked */
    assert_int_equal(drive->all.visits[3], 1);
    assert_int_equal(drive_it(drive, "%s=127.0.0.1,/nowhere", plain), SC_BUSY);
    assert_string_equal(drive->err.sqlstate, "53300");
    assert_int_equal(drive_it(drive, "%s=127.0.0.1,127.0.0.2", plain), SC_CONNECTION);
    assert_string_equal(drive->err.sqlstate, "57P03");
    end(drive);
}

static void the_server_that_is_wanted(void **state)
{
    (void)state;
    static const struct {
        const char *attrs;
        const char *hosts; /* their last numbers */
        const char *found; /* NULL: none */
    } cases[] = {
        { "any", "312", "127.0.0.3" },
        { "read-write", "321", "127.0.0.1" },
        { "read-write", "32", NULL },
        { "read-only", "123", "127.0.0.2" },
        { "read-only", "13", "127.0.0.3" },
        { "read-only", "1", NULL },
        { "primary", "321", "127.0.0.2" },
        { "primary", "3", NULL },
        { "standby", "123", "127.0.0.3" },
        { "standby", "12", NULL },
        { "prefer-standby", "123", "127.0.0.3" },
        { "prefer-standby", "21", "127.0.0.2" },
    };
    const enum manner manners[] = { PRIMARY, READONLY, STANDBY };
    struct drive *drive = begin(manners, 3);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char hosts[64] = "";
        for (const char *at = cases[i].hosts; *at; at++)
            snprintf(hosts + strlen(hosts), 20, "%s127.0.0.%c", *hosts ? "," : "", *at);
        enum sc_status status = drive_it(drive,
                                         "host=%s target_session_attrs=%s"
                                         "",
                                         hosts, cases[i].attrs);
        const char *found = cases[i].found;
        if ((status == SC_OK) != (found != NULL) ||
            (found && strcmp(PQhost(drive->pg), found) != 0))
            fail_msg("case %d: %s, %s", (int)i, sc_status_name(status),
                     drive->pg ? PQhost(drive->pg) : drive->err.message);
        finish(drive);
    }
    end(drive);
}

/* Nobody is waited for twice. */
static void a_second_round_skips_the_silent(void **state)
{
    (void)state;
    struct drive *drive = begin(pair, 2);
    drive->timeout_ms = 300;
    assert_int_equal(drive_it(drive, "host=127.0.0.1,127.0.0.2"
                                     " target_session_attrs=prefer-standby"),
                     SC_OK);
    expect_ms(drive->took, 300, 590);
    finish(drive);
    assert_int_equal(drive_it(drive, "host=127.0.0.1 target_session_attrs="
                                     "prefer-standby"),
                     SC_TIMEOUT);
    end(drive);
}

static void chance_spreads_the_load(void **state)
{
    (void)state;
    PQconninfoOption *options = PQconndefaults();
    bool known = false;
    for (PQconninfoOption *o = options; o && o->keyword; o++)
        known |= strcmp(o->keyword, "load_balance_hosts") == 0;
    PQconninfoFree(options);
    if (!known) {
        print_message("this libpq has no load_balance_hosts (16)\n");
        skip();
    }
    const enum manner manners[] = { PRIMARY, PRIMARY };
    struct drive *drive = begin(manners, 2);
    for (int i = 0; i < 40; i++) {
        assert_int_equal(drive_it(drive, "host=127.0.0.1,127.0.0.2"
                                         " load_balance_hosts=random"),
                         SC_OK);
        finish(drive);
    }
    assert_true(drive->all.visits[0] > 0 && drive->all.visits[1] > 0);
    end(drive);
}

/* ---- what libpq reads ------------------------------------------------------------------------------ */

static void write_file(const char *variable, char *path, const char *text)
{
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    setenv(variable, path, 1);
}

static void a_service_may_name_hosts(void **state)
{
    (void)state;
    const enum manner manners[] = { HANGUP, STANDBY, PRIMARY };
    struct drive *drive = begin(manners, 3);
    char path[] = "/tmp/sc-service-XXXXXX";
    write_file("PGSERVICEFILE", path,
               "[three]\nhost=127.0.0.1,two.test,127.0.0.3\nsslmode=disable\n"
               "target_session_attrs=primary\n");
    assert_int_equal(drive_it(drive, "service=three"), SC_OK);
    assert_string_equal(PQhost(drive->pg), "127.0.0.3");
    unlink(path);
    unsetenv("PGSERVICEFILE");
    assert_int_equal(drive_it(drive, "service=none"), SC_CONNECTION);
    assert_non_null(strstr(drive->err.message, "none"));
    end(drive);
}

static void a_password_belongs_to_a_name(void **state)
{
    (void)state;
    const enum manner manners[] = { ASKING, ASKING };
    struct drive *drive = begin(manners, 2);
    char path[] = "/tmp/sc-pgpass-XXXXXX";
    write_file("PGPASSFILE", path, "127.0.0.1:*:*:*:numbers\ntwo.test:*:*:*:letters\n");
    drive_it(drive, "host=two.test");
    assert_string_equal(drive->all.password, "letters");
    finish(drive);
    drive_it(drive, "host=127.0.0.1");
    assert_string_equal(drive->all.password, "numbers");
    unlink(path);
    unsetenv("PGPASSFILE");
    end(drive);
}

/* A server with a certificate for the name slow.test, for two visitors. */
static const char tls_server[] =
    "import socket, ssl, sys\n"
    "def message(kind, body): return kind + (len(body) + 4).to_bytes(4, 'big') + body\n"
    "context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
    "context.load_cert_chain(sys.argv[1])\n"
    "listening = socket.create_server(('127.0.0.1', 0))\n"
    "listening.settimeout(20)\n"
    "print(listening.getsockname()[1], flush=True)\n"
    "for i in range(2):\n"
    "    plain, whom = listening.accept()\n"
    "    plain.settimeout(20)\n"
    "    try:\n"
    "        plain.recv(8), plain.sendall(b'S')\n"
    "        with context.wrap_socket(plain, server_side=True) as talk:\n"
    "            talk.recv(4096)\n"
    "            talk.sendall(message(b'R', bytes(4))\n"
    "                + message(b'S', b'client_encoding\\0UTF8\\0')\n"
    "                + message(b'Z', b'I'))\n"
    "            talk.recv(4096)\n"
    "    except OSError: pass\n";

/* The name is what a certificate is for: it was looked up here, and libpq connects to an
 * address. */
static void a_certificate_is_for_a_name(void **state)
{
    (void)state;
    struct drive *drive = begin(pair, 2);
    char folder[] = "/tmp/sc-tls-XXXXXX", command[600], script[64];
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof(command),
             "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=slow.test"
             " -addext subjectAltName=DNS:slow.test -keyout %s/key -out %s/cert"
             " 2>/dev/null && cat %s/key %s/cert >%s/both",
             folder, folder, folder, folder, folder);
    assert_int_equal(system(command), 0);
    snprintf(script, sizeof(script), "%s/server.py", folder);
    FILE *file = fopen(script, "w");
    assert_non_null(file);
    assert_true(fputs(tls_server, file) >= 0);
    fclose(file);
    snprintf(command, sizeof(command), "python3 %s %s/both", script, folder);
    FILE *server = popen(command, "r");
    char said[20] = "";
    assert_non_null(server);
    assert_non_null(fgets(said, sizeof(said), server));
    int port = (int)strtol(said, NULL, 10);
    slow_ms = 0;
    const char *names[] = { "slow.test", "two.test" };
    for (int i = 0; i < 2; i++) {
        enum sc_status status = drive_it(drive,
                                         "host=%s port=%d connect_timeout=20"
                                         " sslmode=verify-full sslrootcert=%s/cert",
                                         names[i], port, folder);
        assert_int_equal(status, i ? SC_CONNECTION : SC_OK);
        if (i)
            assert_non_null(strstr(drive->err.message, "two.test"));
        finish(drive);
    }
    pclose(server);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    end(drive);
}

/* libpq would take a socket that is not connected yet for one that is, and wait for it. */
static void a_signal_is_no_answer(void **state)
{
    (void)state;
    enum { VISITORS = 4 };
    struct drive *drive = begin(pair, 2);
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t size = sizeof(at);
    int visitors[VISITORS], deaf = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(deaf, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(deaf, 0), 0); /* and is full soon */
    assert_int_equal(getsockname(deaf, (struct sockaddr *)&at, &size), 0);
    for (int i = 0; i < VISITORS; i++) {
        visitors[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(visitors[i], (struct sockaddr *)&at, sizeof(at));
    }
    signals = 1;
    assert_int_equal(
        drive_it(drive, "host=127.0.0.1 port=%d connect_timeout=2", ntohs(at.sin_port)),
        SC_TIMEOUT);
    assert_int_equal(signals, 0);
    assert_true(drive->longest < 1000000000);
    for (int i = 0; i < VISITORS; i++)
        close(visitors[i]);
    close(deaf);
    end(drive);
}

static void what_cannot_be_read(void **state)
{
    (void)state;
    struct drive *drive = begin(pair, 2);
    assert_int_equal(drive_it(drive, "host=a,b hostaddr=127.0.0.1"), SC_CONNECTION);
    assert_int_equal(drive_it(drive, "secret=s3cr3t"), SC_CONNECTION);
    assert_null(strstr(drive->err.message, "s3cr3t"));
    assert_int_equal(drive_it(drive, "host=127.0.0.2 target_session_attrs=x"),
                     SC_CONNECTION);
    end(drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_runs_out),
        cmocka_unit_test(each_address_has_its_time),
        cmocka_unit_test(a_look_up_does_not_block),
        cmocka_unit_test(a_name_keeps_its_name),
        cmocka_unit_test(the_descriptor_changes),
        cmocka_unit_test(refusals),
        cmocka_unit_test(the_server_that_is_wanted),
        cmocka_unit_test(a_second_round_skips_the_silent),
        cmocka_unit_test(chance_spreads_the_load),
        cmocka_unit_test(a_service_may_name_hosts),
        cmocka_unit_test(a_password_belongs_to_a_name),
        cmocka_unit_test(a_certificate_is_for_a_name),
        cmocka_unit_test(a_signal_is_no_answer),
        cmocka_unit_test(what_cannot_be_read),
    };
    return cmocka_run_group_tests_name("connecting", tests, NULL, NULL);
}
