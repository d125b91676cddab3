/* flights.c: point reads by one thread, over few connections with many calls in flight and
 * over many with one. `flights PAIRS MS` compares PAIRS pairs of slices of MS milliseconds, by
 * turns: prints the ratio of their rates, its quartiles, and microseconds a call of the
 * many; by the CPU time of client and server, then by the clock. Asserts nothing but that
 * every call goes well. The database is that of DATABASE_URL, filled by run.sh. */
#include "app.h"
#include "examples/loops/sc_epoll.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { USERS = 100000, MOST = 16, MAX_PAIRS = 1001 };

struct side {
    int connections, flights; /* calls in flight on each */
    int set;                  /* of epoll */
    struct sc_epoll loops[MOST];
    unsigned long calls;
    bool going;
};

/* What calls of a slice took: nanoseconds a call. */
struct took {
    double cpu, clock;
};

struct flight {
    struct side *side;
    struct sc_batch *batch;
    unsigned long next;
};

static void die(const char *what, const struct sc_error *err)
{
    fprintf(stderr, "flights: %s: %s\n", what, err->message);
    exit(1);
}

static int64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Nanoseconds of CPU of the servers' side, all of its processes; their ids are asked once. */
static long backends[2 * MOST];

static void find_backends(void)
{
    struct sc_db *db;
    struct sc_rows *rows;
    struct sc_error err;
    if (sc_open(NULL, &db, &err) != SC_OK ||
        sc_query(
            db,
            "select pid from pg_stat_activity where backend_type = 'client backend'",
            NULL, 0, &rows, &err) != SC_OK)
        die("backends", &err);
    for (size_t i = 0; i < sc_rows_count(rows) && i < 2 * MOST; i++)
        backends[i] = strtol(sc_rows_value(rows, i, 0), NULL, 10);
    sc_rows_free(rows);
    sc_close(db);
}

static int64_t server_cpu(void)
{
    int64_t sum = 0;
    for (int i = 0; i < 2 * MOST && backends[i]; i++) {
        char path[64], line[128];
        snprintf(path, sizeof(path), "/proc/%ld/schedstat", backends[i]);
        FILE *f = fopen(path, "r");
        if (f && fgets(line, sizeof(line), f))
            sum += strtoll(line, NULL, 10);
        if (f)
            fclose(f);
    }
    return sum;
}

static void done(struct sc_batch *batch, enum sc_status status,
                 const struct sc_error *err, void *arg);

static void depart(struct flight *flight)
{
    struct sc_error err;
    char id[20];
    snprintf(id, sizeof(id), "user%06lu", flight->next++ * 7919 % USERS);
    sc_batch_reset(flight->batch);
    (void)!auth_users_get(sc_queue(flight->batch), id, NULL, NULL);
    if (sc_async_submit(flight->batch, 0, done, flight, &err) != SC_OK)
        die("submit", &err);
}

static void done(struct sc_batch *batch, enum sc_status status,
                 const struct sc_error *err, void *arg)
{
    struct flight *flight = arg;
    struct auth_users *user;
    if (status != SC_OK)
        die("read", err);
    if (auth_users_take(batch, 0, &user, NULL, NULL) != SC_OK)
        abort();
    auth_users_free(user);
    flight->side->calls++;
    if (flight->side->going)
        depart(flight);
}

static void open_side(struct side *side, struct flight *flights)
{
    struct sc_error err;
    side->set = epoll_create1(0);
    for (int c = 0; c < side->connections; c++) {
        side->loops[c] = (struct sc_epoll){ .set = side->set, .fd = -1 };
        if (sc_async_open(NULL, NULL, &side->loops[c].async, &err) != SC_OK)
            die("open", &err);
        for (int i = 0; i < side->flights; i++) {
            struct flight *flight = &flights[c * side->flights + i];
            *flight = (struct flight){ .side = side, .next = (unsigned long)i * 31 };
            if (sc_async_batch(side->loops[c].async, &flight->batch, &err) != SC_OK)
                die("batch", &err);
        }
    }
}

static void turn(struct side *side)
{
    struct epoll_event events[MOST];
    int left = -1;
    for (int c = 0; c < side->connections; c++) {
        int ms = sc_epoll_prepare(&side->loops[c]);
        if (ms >= 0 && (left < 0 || ms < left))
            left = ms;
    }
    int ready = epoll_wait(side->set, events, MOST, left);
    for (int i = 0; i < ready; i++)
        sc_epoll_ready(events[i].data.ptr, events[i].events);
}

static void land(struct side *side)
{
    size_t pending;
    side->going = false;
    do {
        pending = 0;
        for (int c = 0; c < side->connections; c++)
            pending += sc_async_pending(side->loops[c].async);
        if (pending)
            turn(side);
    } while (pending);
}

/* A slice of time; nothing is in flight before and after. */
static struct took run(struct side *side, struct flight *flights, int ms)
{
    int64_t begun = now(CLOCK_MONOTONIC), until = begun + ms * (int64_t)1000000;
    int64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID) + server_cpu();
    side->calls = 0;
    side->going = true;
    for (int i = 0; i < side->connections * side->flights; i++)
        depart(&flights[i]);
    while (now(CLOCK_MONOTONIC) < until)
        turn(side);
    land(side);
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) + server_cpu() - cpu;
    return (struct took){ (double)cpu / (double)side->calls,
                          (double)(now(CLOCK_MONOTONIC) - begun) /
                              (double)side->calls };
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct figures {
    double ratios[MAX_PAIRS], many[MAX_PAIRS];
};

static void print_figures(struct figures *figures, int pairs, char end)
{
    qsort(figures->ratios, (size_t)pairs, sizeof(double), compare);
    qsort(figures->many, (size_t)pairs, sizeof(double), compare);
    printf("%.3f %.3f %.3f %.2f%c", figures->ratios[pairs / 2],
           figures->ratios[pairs / 4], figures->ratios[pairs * 3 / 4],
           figures->many[pairs / 2] / 1e3, end);
}

int main(int argc, char **argv)
{
    static struct figures cpu, clock;
    static struct flight few_flights[MOST], many_flights[MOST];
    static struct side few = { .connections = 2, .flights = 8 },
                       many = { .connections = 8, .flights = 1 };
    int pairs = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 21,
        ms = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 100;
    if (pairs < 1 || pairs > MAX_PAIRS)
        pairs = MAX_PAIRS;
    open_side(&few, few_flights);
    open_side(&many, many_flights);
    run(&few, few_flights, ms);
    run(&many, many_flights, ms);
    find_backends();
    for (int i = 0; i < pairs; i++) {
        struct took a = run(&few, few_flights, ms), b = run(&many, many_flights, ms);
        cpu.ratios[i] = b.cpu / a.cpu;
        clock.ratios[i] = b.clock / a.clock;
        cpu.many[i] = b.cpu;
        clock.many[i] = b.clock;
    }
    print_figures(&cpu, pairs, ' ');
    print_figures(&clock, pairs, '\n');
    return 0;
}
