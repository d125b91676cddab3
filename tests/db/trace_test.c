/* trace_test.c: how many round trips a call of each kind takes, as libpq's own trace tells
 * it, against the table "A call of each kind" of docs/RUNTIME.md. */
#include "tests/db/support/round_trips.h"
#include "tests/support/app.h"

static int trips(struct scene *scene, struct sc_db *db, app_call *call)
{
    FILE *trace = trace_on(db);
    EXPECT(SC_OK, call(db, &scene->err));
    return trace_off(db, trace);
}

/* ---- what is promised ---------------------------------------------------------------------- */

enum { MOST = 64 };
struct promise {
    char name[64];
    int first;
    int later;
    bool met;
};

/* The rows of the table under its heading: | name | first | later |. */
static size_t read_promises(struct promise *promises)
{
    FILE *file = fopen(TEST_ROOT "/docs/RUNTIME.md", "r");
    char line[512];
    bool inside = false;
    size_t n = 0;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        struct promise *at = &promises[n];
        if (line[0] == '#')
            inside = strcmp(line, "### A call of each kind\n") == 0;
        if (!inside || n == MOST ||
            sscanf(line, "| %63[^|] | %d | %d |", at->name, &at->first, &at->later) !=
                3)
            continue;
        for (size_t end = strlen(at->name); end && at->name[end - 1] == ' '; end--)
            at->name[end - 1] = 0;
        at->met = false;
        n++;
    }
    fclose(file);
    return n;
}

static struct promise *find(struct promise *promises, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(promises[i].name, name) == 0)
            return &promises[i];
    return NULL;
}

/* ---- both ------------------------------------------------------------------------------------ */

static int check_kind(struct scene *scene, const struct app_kind *kind,
                      struct promise *promise)
{
    struct sc_db *db; /* a connection that knows nothing */
    EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
    int first = trips(scene, db, kind->call), later = trips(scene, db, kind->call),
        again = trips(scene, db, kind->call);
    sc_close(db);
    if (promise)
        promise->met = true;
    if (promise && first == promise->first && later == promise->later && again == later)
        return 0;
    print_error("it should be: | %s | %d | %d |%s\n", kind->name, first, later,
                again == later ? "" : ", and a third time another");
    return 1;
}

static void each_kind_takes_what_the_manual_says(void **state)
{
    struct scene *scene = *state;
    struct promise promises[MOST];
    size_t n = read_promises(promises);
    int wrong = 0;
    assert_int_equal(app_fill(&scene->test), 0);
    for (size_t i = 0; i < app_nkinds; i++)
        wrong += check_kind(scene, &app_kinds[i], find(promises, n, app_kinds[i].name));
    for (size_t i = 0; i < n; i++) {
        if (promises[i].met)
            continue;
        print_error("nothing is called \"%s\"\n", promises[i].name);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    *state = scene;
    return scene ? test_db_open(&scene->test) : -1;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    test_db_close(&scene->test);
    free(scene);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_takes_what_the_manual_says, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
