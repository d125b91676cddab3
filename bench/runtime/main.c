/* main.c: runs the workloads on either side, or on both by turns. What it prints is for
 * run.sh. Knows neither libpq nor generated code; asserts nothing but that both sides
 * read the same.
 *
 *     bench check                        compares what both sides read
 *     bench count SIDE WORKLOAD CALLS    just runs (under callgrind)
 *     bench allocations SIDE WORKLOAD    prints allocations a call (allocations.so)
 *     bench compare WORKLOAD PAIRS MS    prints the ratio of rates, generated to hand:
 *                                        median and quartiles of PAIRS pairs of slices of
 *                                        MS milliseconds, and microseconds a call by
 *                                        hand; by the CPU time of client and server, then
 *                                        by the clock
 *     bench serve SIDE                   a peer (bench/peers/peers.py)
 *
 * The database is that of DATABASE_URL, filled by run.sh. */
#include "side.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { USERS = 100000, PAGE = 1000, FEEDBACK = 100000, MAX_PAIRS = 1001 };

/* Present when allocations.so is preloaded. */
unsigned long bench_allocations(void) __attribute__((weak));

static const char *const NAMES[WORKLOADS] = {
    "read_user",   "read_page",      "insert_session", "insert_many",
    "load",        "read_batch",     "read_many",      "read_nested",
    "read_loop",   "scan",           "scan_copy",      "stream",
    "update_user", "delete_session", "insert_three",   "tx_three"
};
/* Calls before anything is measured. */
static const long WARM_UP[WORKLOADS] = { 200, 20, 200, 1, 1,   20,  20,  200,
                                         20,  1,  1,   1, 200, 200, 200, 200 };

struct run {
    const struct side *side;
    void *self;
    enum workload workload;
    long backend;
    unsigned long next; /* number of the next call */
};

/* Seconds of CPU that the client has used, and the server for it: what the rate is when a
 * core is busy with both, whatever else the machine does meanwhile. */
static double cpu(const struct run *run)
{
    struct timespec t;
    char path[64];
    unsigned long long server = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    snprintf(path, sizeof path, "/proc/%ld/schedstat", run->backend);
    FILE *f = fopen(path, "r");
    char line[128];
    if (f && fgets(line, sizeof line, f))
        server = strtoull(line, NULL, 10);
    if (f)
        fclose(f);
    return (double)t.tv_sec + (double)(t.tv_nsec + (long long)server) / 1e9;
}

static double elapsed(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool is_bulk(enum workload workload)
{
    return workload == LOAD || workload == INSERT_MANY;
}

/* ---- running -------------------------------------------------------------------------- */

/* The rows are like people's: texts of 20 to 80 bytes, small documents. Kept for ever. */
static struct feedback *make_feedback(size_t n)
{
    struct feedback *rows = malloc(n * (sizeof *rows + 200)); /* texts behind them */
    char *text = (char *)(rows + n);
    for (size_t i = 0; rows && i < n; i++, text += 200) {
        snprintf(text, 20, "user%06zu", i * 7 % USERS);
        int words = (int)(i % 60);
        snprintf(text + 20, 120, "%zu: it works %.*s", i, words,
                 "and so far nobody had a reason to complain about any of it");
        snprintf(text + 140, 60, "{\"page\": \"/p/%zu\", \"v\": %zu}", i % 100, i % 7);
        rows[i] = (struct feedback){ text, (int16_t)(1 + i % 5), text + 20,
                                     text + 140 };
    }
    return rows;
}

static bool open_run(struct run *run, const struct side *side, enum workload workload)
{
    *run = (struct run){ .side = side, .workload = workload };
    run->self = side->open(getenv("DATABASE_URL"));
    if (!run->self)
        return false;
    run->backend = side->backend(run->self);
    if (!is_bulk(workload))
        return true;
    const struct feedback *rows = make_feedback(FEEDBACK);
    return rows && side->stage(run->self, rows, FEEDBACK);
}

/* Neighbours in a table of all emails or ids. */
static const char *const *keys_of(enum workload workload, unsigned long i)
{
    static char texts[2][USERS][32];
    static const char *keys[2][USERS];
    for (int u = 0; !keys[0][USERS - 1] && u < USERS; u++) {
        snprintf(texts[0][u], 32, "user%06d", u * 7 % USERS);
        snprintf(texts[1][u], 32, "user%06d@example.org", u * 7 % USERS);
        keys[0][u] = texts[0][u];
        keys[1][u] = texts[1][u];
    }
    return &keys[workload != READ_MANY][i * 7919 % (USERS - BATCH)];
}

/* The arguments of the next n calls, made outside of what is measured: different rows each
 * time, the same on both sides. Their texts stand in `texts`. */
struct plan {
    struct work *works;
    char (*texts)[64];
    long n;
};

static bool plan_calls(struct run *run, struct plan *plan, long n)
{
    plan->n = n;
    plan->works = calloc((size_t)n, sizeof *plan->works);
    plan->texts = calloc((size_t)n * 2, sizeof *plan->texts);
    for (long k = 0; plan->works && plan->texts && k < n; k++) {
        unsigned long i = run->next++;
        char *id = plan->texts[2 * k], *other = plan->texts[2 * k + 1];
        unsigned long user = i * 7919 % (USERS - PAGE);
        snprintf(id, 64, "user%06lu", user);
        if (run->workload == READ_USER)
            snprintf(other, 64, "user%06lu@example.org", user);
        else
            snprintf(other, 64, "%s-%ld-%lu", run->side->name, (long)getpid(), i);
        plan->works[k] = (struct work){
            .email = other,
            .after = id,
            .limit = PAGE,
            .token = other,
            .user_id = id,
            .expires = 800000000000000 + (int64_t)i,
            .keys = keys_of(run->workload, i),
        };
    }
    if (!plan->works || !plan->texts)
        return false;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%s-%ld", run->side->name, (long)getpid());
    return run->workload != DELETE_SESSION ||
           bench_sessions(prefix, run->next - (unsigned long)n, n);
}

static void plan_free(struct plan *plan)
{
    free(plan->works);
    free(plan->texts);
}

static bool run_calls(struct run *run, const struct plan *plan)
{
    uint64_t sum = 0;
    for (long i = 0; i < plan->n; i++)
        if (!run->side->run[run->workload](run->self, &plan->works[i], &sum))
            return false;
    return true;
}

/* What callgrind is told to look at. */
bool bench_calls(struct run *run, const struct plan *plan);
__attribute__((noinline)) bool bench_calls(struct run *run, const struct plan *plan)
{
    return run_calls(run, plan);
}

/* Seconds that calls take. */
struct took {
    double cpu, elapsed;
};

static struct took calls(struct run *run, long n)
{
    struct plan plan;
    if (!plan_calls(run, &plan, n))
        exit(1);
    struct took took = { cpu(run), elapsed() };
    if (!run_calls(run, &plan))
        exit(1);
    took = (struct took){ cpu(run) - took.cpu, elapsed() - took.elapsed };
    plan_free(&plan);
    return took;
}

/* ---- what is printed -------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The same from empty tables. */
static struct took slice(struct run *run, long n)
{
    if (!bench_reset(run->workload))
        exit(1);
    return calls(run, n);
}

/* What pairs of slices gave, of one kind of time. */
struct figures {
    double ratios[MAX_PAIRS], by_hand[MAX_PAIRS];
};

static void keep(struct figures *figures, int i, double by_hand, double generated)
{
    figures->ratios[i] = by_hand / generated;
    figures->by_hand[i] = by_hand;
}

static void print_figures(struct figures *figures, int pairs, long n, char end)
{
    qsort(figures->ratios, (size_t)pairs, sizeof(double), ascending);
    qsort(figures->by_hand, (size_t)pairs, sizeof(double), ascending);
    printf("%.3f %.3f %.3f %.2f%c", figures->ratios[pairs / 2],
           figures->ratios[pairs / 4], figures->ratios[pairs * 3 / 4],
           figures->by_hand[pairs / 2] / (double)n * 1e6, end);
}

/* Pairs of slices, the order turned round each time, so that drift cancels. */
static int compare(enum workload workload, int pairs, double seconds)
{
    static struct figures cpu_figures, clock_figures;
    struct run hand, generated;
    if (!open_run(&hand, &hand_side, workload) ||
        !open_run(&generated, &generated_side, workload))
        return 1;
    slice(&generated, WARM_UP[workload]);
    double each = slice(&hand, WARM_UP[workload]).cpu / (double)WARM_UP[workload];
    long n = is_bulk(workload) ? 1 : 1 + (long)(seconds / each);
    for (int i = 0; i < pairs; i++) {
        struct took first = slice(i % 2 ? &generated : &hand, n);
        struct took second = slice(i % 2 ? &hand : &generated, n);
        struct took by_hand = i % 2 ? second : first, other = i % 2 ? first : second;
        keep(&cpu_figures, i, by_hand.cpu, other.cpu);
        keep(&clock_figures, i, by_hand.elapsed, other.elapsed);
    }
    print_figures(&cpu_figures, pairs, n, ' ');
    print_figures(&clock_figures, pairs, n, '\n');
    hand.side->close(hand.self);
    generated.side->close(generated.self);
    return 0;
}

/* Both sides are opened and warmed up, so that the heap is the same when either is counted:
 * what malloc costs depends on what else lies there. */
static int count(const struct side *side, enum workload workload, long n)
{
    struct run runs[2];
    struct run *counted = &runs[side == &generated_side];
    struct plan plan;
    if (!open_run(&runs[0], &hand_side, workload) ||
        !open_run(&runs[1], &generated_side, workload))
        return 1;
    calls(&runs[0], WARM_UP[workload]);
    calls(&runs[1], WARM_UP[workload]);
    if (!plan_calls(counted, &plan, n) || !bench_calls(counted, &plan))
        return 1;
    plan_free(&plan);
    runs[0].side->close(runs[0].self);
    runs[1].side->close(runs[1].self);
    return 0;
}

/* ---- a peer ------------------------------------------------------------------------------- */

/* "W1 50" is answered by the calls that were made in 50 ms or a little more, and the seconds
 * that they took; what each W is: bench/peers/peers.py. */
static bool serve_slice(struct run *run, const char *line)
{
    static const enum workload PEERS[] = { READ_USER,   INSERT_SESSION, READ_PAGE,
                                           SCAN,        LOAD,           READ_BATCH,
                                           UPDATE_USER, READ_NESTED,    TX_THREE };
    int number;
    double ms, start = elapsed();
    if (sscanf(line, "W%d %lf", &number, &ms) != 2 || number < 1 || number > 9)
        return false;
    run->workload = PEERS[number - 1];
    long done = 0, step = run->workload == SCAN || is_bulk(run->workload) ? 1 : 10;
    for (; done == 0 || elapsed() < start + ms / 1e3; done += step)
        calls(run, step);
    printf("%ld %.6f\n", done, elapsed() - start);
    return true;
}

/* Says which process is the server's side, then serves a line after the other. */
static int serve(const struct side *side)
{
    char line[64];
    struct run run;
    const struct feedback *rows = make_feedback(FEEDBACK);
    if (!open_run(&run, side, READ_USER) || !rows ||
        !side->stage(run.self, rows, FEEDBACK))
        return 1;
    printf("%ld\n", run.backend);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (!serve_slice(&run, line))
            return 3;
        fflush(stdout);
    }
    side->close(run.self);
    return 0;
}

static int allocations(const struct side *side, enum workload workload)
{
    long n = WARM_UP[workload] == 1 ? 2 : 100;
    struct run run;
    struct plan plan;
    if (!bench_allocations || !open_run(&run, side, workload))
        return 1;
    calls(&run, WARM_UP[workload]);
    if (!plan_calls(&run, &plan, n))
        return 1;
    unsigned long before = bench_allocations();
    bool done = run_calls(&run, &plan);
    printf("%.2f\n", (double)(bench_allocations() - before) / (double)n);
    plan_free(&plan);
    side->close(run.self);
    return !done;
}

static int check(void)
{
    uint64_t sums[2] = { 0, 0 };
    const struct side *const sides[2] = { &hand_side, &generated_side };
    for (int i = 0; i < 2; i++) {
        void *self = sides[i]->open(getenv("DATABASE_URL"));
        if (!self ||
            !sides[i]->check(self, &(struct work){ .after = "", .limit = USERS / 10 },
                             &sums[i]))
            return 1;
        sides[i]->close(self);
    }
    if (sums[0] != sums[1])
        fputs("bench: the two sides do not read the same\n", stderr);
    return sums[0] != sums[1];
}

static int workload_of(const char *name)
{
    for (int i = 0; i < WORKLOADS; i++)
        if (!strcmp(name, NAMES[i]))
            return i;
    return -1;
}

static const struct side *side_of(const char *name)
{
    return strcmp(name, hand_side.name) == 0 ? &hand_side : &generated_side;
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "check"))
        return check();
    if (argc == 3 && !strcmp(argv[1], "serve"))
        return serve(side_of(argv[2]));
    const char *name = argc <= 3                         ? ""
                       : strcmp(argv[1], "compare") == 0 ? argv[2]
                                                         : argv[3];
    int workload = workload_of(name);
    if (workload < 0) {
        fputs("bench: see the head of main.c\n", stderr);
        return 3;
    }
    if (argc == 5 && !strcmp(argv[1], "count"))
        return count(side_of(argv[2]), (enum workload)workload,
                     strtol(argv[4], NULL, 10));
    if (argc == 4 && !strcmp(argv[1], "allocations"))
        return allocations(side_of(argv[2]), (enum workload)workload);
    int pairs = argc == 5 ? (int)strtol(argv[3], NULL, 10) : 0;
    if (pairs < 1 || pairs > MAX_PAIRS)
        return 3;
    return compare((enum workload)workload, pairs, strtod(argv[4], NULL) / 1e3);
}
