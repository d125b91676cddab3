/* report.c: the runner's events and errors for a person. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report_json.h"
#include "say.h"

const char *report_duration(int64_t ms, char *out)
{
    enum { SIZE = 32 };
    if (ms < 1000) {
        snprintf(out, SIZE, "%" PRId64 " ms", ms);
    } else if (ms < 60000) {
        snprintf(out, SIZE, "%" PRId64 ".%" PRId64 " s", ms / 1000, ms % 1000 / 100);
    } else {
        snprintf(out, SIZE, "%" PRId64 " min %" PRId64 " s", ms / 60000,
                 ms / 1000 % 60);
    }
    return out;
}

/* ---- events ---- */

enum { TITLE_WIDTH = 68 }; /* with a duration behind it, what a terminal of 80 shows */

/* A line that the next one replaces; only ever on a terminal. */
static void put_passing(const char *text)
{
    fprintf(stderr, "\r\033[K%.200s", text);
    fflush(stderr);
}

static void clear_passing(void)
{
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
}

/* "  2/3  " */
static void put_number(struct buf *line, const struct sc_migrate_event *event)
{
    buf_printf(line, "  %d/%d  %s", event->step, event->steps, event->title);
}

/* Titles that list many objects are cut; the file has them in full. */
static void cut(struct buf *line, size_t width)
{
    static const char dots[] = "...";
    if (line->n <= width) {
        return;
    }
    line->n = width - strlen(dots);
    while (line->n > 0 && ((unsigned char)line->s[line->n] & 0xC0) == 0x80) {
        line->n--; /* inside a character */
    }
    buf_puts(line, dots);
}

/* How far the statement is, from a connection of its own; made when it is first needed,
 * and done without when it cannot be had. */
static bool ask_progress(struct session *session, int pid, struct sc_progress *progress)
{
    struct sc_error error;
    if (session->second == NULL && !session->second_failed) {
        session->second_failed = sc_open(session->conf.url, &session->second, &error) !=
                                 SC_OK;
    }
    return session->second != NULL &&
           sc_migrate_progress(session->second, pid, progress, &error) == SC_OK;
}

static void put_tick(struct session *session, const struct sc_migrate_event *event)
{
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    char time[32];
    struct buf line = { 0 };
    struct sc_progress progress;
    put_number(&line, event);
    buf_printf(&line, "  %s", report_duration(event->ms, time));
    if (ask_progress(session, session->pid, &progress)) {
        buf_printf(&line, ", %s", progress.phase);
        if (progress.total > 0) {
            buf_printf(&line, ": %d %% of %" PRId64 " %s",
                       (int)(100.0 * (double)progress.done / (double)progress.total),
                       progress.total, progress.unit);
        }
    }
    put_passing(line.s);
    buf_release(&line);
}

static void put_begin(const struct sc_migrate_event *event)
{
    fprintf(stderr, "%s%s: %d %s%s\n", event->migration, event->down ? " down" : "",
            event->steps, event->steps == 1 ? "step" : "steps",
            event->step > 1 ? ", resumed" : "");
}

static void put_step_done(const struct sc_migrate_event *event)
{
    char time[32];
    struct buf line = { 0 };
    put_number(&line, event);
    cut(&line, TITLE_WIDTH);
    fprintf(stderr, "%-*s %10s\n", TITLE_WIDTH, line.s,
            report_duration(event->ms, time));
    buf_release(&line);
}

static void put_done(const struct session *session,
                     const struct sc_migrate_event *event)
{
    char time[32];
    say_done(session->settings, "%s is %s (%s)", event->migration,
             event->down ? "taken back" : "applied", report_duration(event->ms, time));
    fflush(stdout);
}

/* The statements that a dry run would send are the answer. */
static void put_planned(const struct sc_migrate_event *event)
{
    size_t n = strlen(event->sql);
    say_answer("-- %s%s, step %d of %d: %s\n%s%s", event->migration,
               event->down ? " down" : "", event->step, event->steps, event->title,
               event->sql, n > 0 && event->sql[n - 1] == ';' ? "" : ";");
}

/* Its text says why, which need not be said again. */
static void put_retry(struct session *session, const struct sc_migrate_event *event)
{
    char time[32];
    if (session->blocked) {
        fprintf(stderr, "  attempt %d follows in %s\n", event->attempt,
                report_duration(event->ms, time));
    } else {
        fprintf(stderr, "  %s\n", event->text);
    }
    session->blocked = false;
}

static void put_line(struct session *session, const struct sc_migrate_event *event)
{
    switch (event->kind) {
    case SC_MIGRATE_BEGIN:
        put_begin(event);
        return;
    case SC_MIGRATE_CHECK:
        fprintf(stderr, "  check  %s\n", event->text);
        return;
    case SC_MIGRATE_STEP_DONE:
        put_step_done(event);
        return;
    case SC_MIGRATE_DONE:
        put_done(session, event);
        return;
    case SC_MIGRATE_BLOCKER:
        session->blocked = true;
        fprintf(stderr, "  %s\n", event->text);
        return;
    case SC_MIGRATE_SEED:
        fprintf(stderr, "  %s: %s\n", event->migration, event->text);
        return;
    case SC_MIGRATE_RETRY:
        put_retry(session, event);
        return;
    case SC_MIGRATE_WAITING:
    case SC_MIGRATE_RECONNECTED:
    case SC_MIGRATE_ADOPTED:
    case SC_MIGRATE_NOTE:
        fprintf(stderr, "  %s\n", event->text);
        return;
    case SC_MIGRATE_CONNECTED:
    case SC_MIGRATE_LOCKED:
    case SC_MIGRATE_STEP:
    case SC_MIGRATE_SQL:
    case SC_MIGRATE_TICK:
    case SC_MIGRATE_PLANNED:
        return;
    }
}

bool report_event(void *user, const struct sc_migrate_event *event)
{
    struct session *session = user;
    if (event->kind == SC_MIGRATE_CONNECTED || event->kind == SC_MIGRATE_RECONNECTED) {
        session->pid = event->pid;
    }
    if (event->kind == SC_MIGRATE_PLANNED) {
        put_planned(event);
    } else if (session->settings->quiet) {
        return true;
    } else if (event->kind == SC_MIGRATE_TICK) {
        put_tick(session, event);
    } else {
        clear_passing();
        put_line(session, event);
    }
    return true;
}

/* ---- errors ---- */

/* "file:23:7: error: ..." with the line and a caret below, as diagnostics have it. */
static void put_place(const struct session *session,
                      const struct sc_migrate_error *error, const char *message)
{
    bool painted = say_color(session->settings, STDERR_FILENO);
    fprintf(stderr, "%s", error->file);
    if (error->line > 0) {
        fprintf(stderr, ":%d", error->line);
    }
    if (error->line > 0 && error->column > 0) {
        fprintf(stderr, ":%d", error->column);
    }
    fprintf(stderr, ": %serror%s: %s", painted ? "\033[1;31m" : "",
            painted ? "\033[0m" : "", message);
    if (error->error.sqlstate[0] != '\0') {
        fprintf(stderr, " [%s]", error->error.sqlstate);
    }
    fputc('\n', stderr);
    if (error->excerpt[0] != '\0') {
        fprintf(stderr, "%5d | %s\n      | %*s%s^%s\n", error->line, error->excerpt,
                error->caret, "", painted ? "\033[1;32m" : "",
                painted ? "\033[0m" : "");
    }
}

static void put_more(const char *what, const char *text)
{
    if (text[0] != '\0') {
        fprintf(stderr, "  %s: %s\n", what, text);
    }
}

static const char *whole_message(const struct sc_migrate_error *error)
{
    return error->text[0] != '\0' ? error->text : error->error.message;
}

void report_server_error(const struct settings *settings, const struct sc_error *error)
{
    const struct sc_migrate_error whole = { .error = *error };
    report_json_failure(settings, &whole);
    say_error(settings, "%s", error->message);
    put_more("detail", error->detail);
    put_more("hint", error->hint);
}

static int exit_of(enum sc_trouble trouble)
{
    return trouble == SC_TROUBLE_LOSSY || trouble == SC_TROUBLE_IMPOSSIBLE
               ? EXIT_HAZARD
               : EXIT_ENVIRONMENT;
}

int report_error(const struct session *session, const struct sc_migrate_error *error)
{
    report_json_failure(session->settings, error);
    clear_passing();
    if (error->file[0] != '\0') {
        put_place(session, error, whole_message(error));
    } else {
        say_error(session->settings, "%s", whole_message(error));
    }
    put_more("detail", error->error.detail);
    put_more("hint", error->error.hint);
    return exit_of(error->trouble);
}
