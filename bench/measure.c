/* measure.c: runs a command several times and prints, on one line, the median and the
 * least wall time in milliseconds, the median CPU time, and the peak memory in KiB.
 *
 *     measure RUNS BEFORE COMMAND...
 *
 * BEFORE is a shell command run (and not measured) ahead of each; "" for none. The
 * command's output is thrown away. Knows nothing of schemac. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNS = 101 };

static double wall_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double children_cpu_ms(void)
{
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

_Noreturn static void run_child(char **command)
{
    int null = open("/dev/null", O_WRONLY);
    if (null >= 0)
        dup2(null, STDOUT_FILENO);
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}

/* The time that one run took; ends the program when it fails. */
static double run(char **command)
{
    double start = wall_ms();
    pid_t pid = fork();
    if (pid == 0)
        run_child(command);
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "measure: %s failed\n", command[0]);
        exit(1);
    }
    return wall_ms() - start;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    int runs = argc > 3 ? (int)strtol(argv[1], NULL, 10) : 0;
    if (runs < 1 || runs > MAX_RUNS) {
        fputs("usage: measure RUNS BEFORE COMMAND...\n", stderr);
        return 3;
    }
    static double wall[MAX_RUNS], cpu[MAX_RUNS];
    for (int i = 0; i < runs; i++) {
        if (argv[2][0] && system(argv[2]) != 0)
            return 4;
        double before = children_cpu_ms();
        wall[i] = run(argv + 3);
        cpu[i] = children_cpu_ms() - before;
    }
    qsort(wall, (size_t)runs, sizeof *wall, compare);
    qsort(cpu, (size_t)runs, sizeof *cpu, compare);
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    printf("%.1f %.1f %.1f %ld\n", wall[runs / 2], wall[0], cpu[runs / 2], u.ru_maxrss);
    return 0;
}
