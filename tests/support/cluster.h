/* cluster.h: a fresh database for a test that needs one.
 *
 * Knows of libpq and of cluster.sh; knows nothing of what is being tested. The server is
 * the one that SCHEMAC_TEST_URL names (tests/run starts it); when that is unset, the
 * first database that is opened starts a private server, which goes when this process
 * does, so that a test binary also runs by hand.
 */
#ifndef TESTS_SUPPORT_CLUSTER_H
#define TESTS_SUPPORT_CLUSTER_H

struct test_db {
    char name[64]; /* of the database, unique among all runs on the server */
    char url[512]; /* for sc_open or PQconnectdb */
};

/** Creates an empty database. Returns 0, or -1 after saying on stderr what is wrong. */
int test_db_open(struct test_db *db);

/** Drops the database, cutting off whoever is still connected to it. */
void test_db_close(struct test_db *db);

/** Runs SQL, several statements at once if need be, on a connection of its own. Returns
 *  0, or -1 after saying on stderr which error the server gave. */
int test_db_exec(const struct test_db *db, const char *sql);

/** Runs a file of SQL such as a migration, as test_db_exec does. */
int test_db_exec_file(const struct test_db *db, const char *path);

/* For cmocka's setup and teardown: *state is a struct test_db * in between. */
int test_db_setup(void **state);
int test_db_teardown(void **state);

#endif
