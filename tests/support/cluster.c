/* cluster.c: starts or finds the test server, makes and drops databases on it. */
#include "tests/support/cluster.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libpq-fe.h>

#define CLUSTER_SCRIPT TEST_ROOT "/tests/support/cluster.sh"

/* The private server's process and the end of its pipe that keeps it alive. */
static pid_t server_pid;
static int server_keep = -1;

static void stop_server(void)
{
    if (server_keep >= 0) {
        close(server_keep);
        server_keep = -1;
        waitpid(server_pid, NULL, 0);
    }
}

static void child(int in, int out)
{
    /* Ctrl-C is for us alone: the server goes when the pipe closes. */
    setsid();
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execl(CLUSTER_SCRIPT, CLUSTER_SCRIPT, "hold", (char *)NULL);
    perror(CLUSTER_SCRIPT);
    _exit(127);
}

static int read_line(int fd, char *line, size_t size)
{
    size_t n = 0;
    char c = 0;
    while (n + 1 < size && read(fd, &c, 1) == 1 && c != '\n') {
        line[n++] = c;
    }
    line[n] = '\0';
    return c == '\n' ? 0 : -1;
}

/* Starts cluster.sh between two pipes and exports the URL that it prints. */
static int start_server(void)
{
    int to[2];
    int from[2];
    if (pipe(to) != 0 || pipe(from) != 0) {
        perror("pipe");
        return -1;
    }
    fcntl(to[1], F_SETFD, FD_CLOEXEC);
    fcntl(from[0], F_SETFD, FD_CLOEXEC);
    fflush(NULL);
    server_pid = fork();
    if (server_pid == 0) {
        child(to[0], from[1]);
    }
    close(to[0]);
    close(from[1]);
    server_keep = to[1];
    atexit(stop_server);
    char url[400];
    int got = read_line(from[0], url, sizeof url);
    close(from[0]);
    return got == 0 ? setenv("SCHEMAC_TEST_URL", url, 1) : -1;
}

static const char *server_url(void)
{
    if (getenv("SCHEMAC_TEST_URL") == NULL && start_server() != 0) {
        fprintf(stderr, "no test server\n");
    }
    return getenv("SCHEMAC_TEST_URL");
}

static int run_sql(const char *url, const char *sql)
{
    PGconn *conn = PQconnectdb(url);
    if (PQstatus(conn) != CONNECTION_OK) {
        fprintf(stderr, "%s", PQerrorMessage(conn));
        PQfinish(conn);
        return -1;
    }
    PGresult *result = PQexec(conn, "set client_min_messages = warning");
    PQclear(result);
    result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    int failed = status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
                 status != PGRES_EMPTY_QUERY;
    if (failed) {
        fprintf(stderr, "%s", PQerrorMessage(conn));
    }
    PQclear(result);
    PQfinish(conn);
    return failed ? -1 : 0;
}

/* The server's URL with another database: what stands between "///" and "?". */
static int make_url(struct test_db *db, const char *server)
{
    const char *query = strchr(server, '?');
    const char *slash = strstr(server, "://");
    slash = slash == NULL ? NULL : strchr(slash + 3, '/');
    if (slash == NULL) {
        fprintf(stderr, "SCHEMAC_TEST_URL is not postgresql://.../database?...\n");
        return -1;
    }
    int n = snprintf(db->url, sizeof db->url, "%.*s/%s%s", (int)(slash - server),
                     server, db->name, query == NULL ? "" : query);
    return n > 0 && (size_t)n < sizeof db->url ? 0 : -1;
}

int test_db_open(struct test_db *db)
{
    static unsigned count;
    const char *server = server_url();
    *db = (struct test_db){ .name = "" };
    if (server == NULL) {
        return -1;
    }
    snprintf(db->name, sizeof db->name, "test_%ld_%u", (long)getpid(), ++count);
    char sql[128];
    snprintf(sql, sizeof sql, "create database %s template template0", db->name);
    if (make_url(db, server) != 0 || run_sql(server, sql) != 0) {
        db->name[0] = '\0';
        return -1;
    }
    return 0;
}

void test_db_close(struct test_db *db)
{
    if (db->name[0] != '\0') {
        char sql[128];
        snprintf(sql, sizeof sql, "drop database if exists %s with (force)", db->name);
        run_sql(server_url(), sql);
        db->name[0] = '\0';
    }
}

int test_db_exec(const struct test_db *db, const char *sql)
{
    return run_sql(db->url, sql);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (text != NULL) {
        text[fread(text, 1, (size_t)size, file)] = '\0';
    }
    fclose(file);
    return text;
}

int test_db_exec_file(const struct test_db *db, const char *path)
{
    char *sql = read_file(path);
    int status = sql == NULL ? -1 : test_db_exec(db, sql);
    free(sql);
    return status;
}

int test_db_setup(void **state)
{
    struct test_db *db = malloc(sizeof *db);
    if (db == NULL || test_db_open(db) != 0) {
        free(db);
        return -1;
    }
    *state = db;
    return 0;
}

int test_db_teardown(void **state)
{
    test_db_close(*state);
    free(*state);
    return 0;
}
