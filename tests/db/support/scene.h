/* scene.h: a database with the fixture's schema and a connection to it, for each test of
 * the runtime. */
#ifndef TESTS_DB_SUPPORT_SCENE_H
#define TESTS_DB_SUPPORT_SCENE_H
#include "tests/db/support/client.h"
#include "tests/db/support/fixture.h"

static inline int scene_setup(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    *state = scene;
    if (!scene || test_db_open(&scene->test) || test_db_exec(&scene->test, fixture_sql))
        return -1;
    return sc_open(scene->test.url, &scene->db, &scene->err) == SC_OK ? 0 : -1;
}

static inline int scene_teardown(void **state)
{
    struct scene *scene = *state;
    sc_close(scene->db);
    test_db_close(&scene->test);
    free(scene);
    return 0;
}

/* From here on a session ends when it commits a person of the id "die", and nobody is told
 * whether that was kept. */
static inline void put_deadly(struct scene *scene)
{
    elsewhere(
        scene,
        "create function t.die() returns trigger language plpgsql as $$"
        " begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1);"
        " return null; end $$;"
        "create constraint trigger die after insert on t.people deferrable initially"
        " deferred for each row when (new.id = 'die') execute function t.die()");
}

#define SCENE_TEST(name) \
    cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

#endif
