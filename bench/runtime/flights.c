/* flights.c: point reads by one thread, over few connections with many calls in flight and
 * over many with one: `flights PAIRS MS` prints the median ratio of rates of PAIRS pairs of
 * slices, by turns, and both rates. Asserts nothing but that every call goes well. The
 * database is that of DATABASE_URL, filled by run.sh. */
#include "app.h"
#include "examples/loops/sc_epoll.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { USERS = 10000, MOST = 16, MAX_PAIRS = 1001 };

struct side {
    int connections, flights; /* calls in flight on each */
    int set;                  /* of epoll */
    struct sc_epoll loops[MOST];
    unsigned long calls;
    bool going;
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

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
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

/* Calls a second over a slice of time; nothing is in flight before and after. */
static double run(struct side *side, struct flight *flights, int ms)
{
    int64_t begun = now(), until = begun + ms * (int64_t)1000000;
    int all = side->connections * side->flights;
    side->calls = 0;
    side->going = true;
    for (int i = 0; i < all; i++)
        depart(&flights[i]);
    while (now() < until)
        turn(side);
    side->going = false;
    size_t pending;
    do {
        pending = 0;
        for (int c = 0; c < side->connections; c++)
            pending += sc_async_pending(side->loops[c].async);
        if (pending)
            turn(side);
    } while (pending);
    return (double)side->calls * 1e9 / (double)(now() - begun);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof(*values), compare);
    return values[n / 2];
}

int main(int argc, char **argv)
{
    static double ratios[MAX_PAIRS], few_rates[MAX_PAIRS], many_rates[MAX_PAIRS];
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
    for (int i = 0; i < pairs; i++) {
        few_rates[i] = run(&few, few_flights, ms);
        many_rates[i] = run(&many, many_flights, ms);
        ratios[i] = few_rates[i] / many_rates[i];
    }
    printf("%.3f %.0f %.0f\n", median(ratios, pairs), median(few_rates, pairs),
           median(many_rates, pairs));
    return 0;
}
