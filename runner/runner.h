/* runner.h: what the runner's own files share. Never installed. Names begin with scm_, so
 * that a program that links the archive keeps its own.
 *
 * How a call goes, with the file that does it:
 *
 *   folder.c, script.c, chain.c   files become a set: headers, checks, steps, their order
 *   session.c, lock.c, layout.c   the connection is made ready, the lock taken, the
 *                                 history's tables made or brought up to date
 *   history.c, compare.c          what is recorded, and how the files compare with it
 *   apply.c, undo.c, draft.c      which migrations are run
 *   step.c, resume.c, polite.c    one step: waits, tries again, journals, resumes
 *   ask.c, fail.c, mem.c          statements, errors, memory
 *
 * Rules. Nothing is written to the error but by scm_fail and its kin. A function that
 * returns a status other than SC_OK has filled it. Every text is UTF-8 with a NUL.
 */
#ifndef RUNNER_H
#define RUNNER_H
#include "sc_migrate.h"
#include "../sqltext/sqltext.h"
#include <libpq-fe.h>
#include <stdarg.h>

#define SCM_PRINTF(a, b) __attribute__((format(printf, a, b)))
#define SCM_COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- memory (mem.c) ------------------------------------------------------------------
 * Freed all at once. After a failed allocation `failed` stays set, texts are "" and blocks
 * NULL; it is asked at the end of a piece of work. */
struct scm_block;
struct scm_arena {
    struct scm_block *blocks;
    bool failed;
};
void *scm_alloc(struct scm_arena *arena, size_t size); /* zeroed */
const char *scm_copy(struct scm_arena *arena, const char *text, size_t size);
const char *scm_printf(struct scm_arena *arena, const char *format, ...)
    SCM_PRINTF(2, 3);
void scm_release(struct scm_arena *arena);

/* A block that outlives the call, with texts of the arena that it takes over. */
void *scm_give(struct scm_arena *arena, size_t size);

/* A text that grows; sticky too. */
struct scm_text {
    char *s; /* NULL: empty */
    size_t n, room;
    bool failed;
};
void scm_put(struct scm_text *text, const char *s);
void scm_putf(struct scm_text *text, const char *format, ...) SCM_PRINTF(2, 3);
void scm_text_release(struct scm_text *text);

/* ---- files (script.c, folder.c, chain.c) ------------------------------------------- */

struct scm_statement {
    size_t start, size; /* bytes of the script's text */
    enum sc__sql_verb verb;
    bool alone;
};
struct scm_lock {
    const char *relation; /* auth.users */
    const char *mode;     /* "AccessExclusiveLock", as pg_locks has it */
};
struct scm_note { /* "--   cost: meta" */
    const char *key, *value;
};
struct scm_step {
    const char *title;
    const struct scm_note *notes; /* what the comment at its mark says */
    size_t nnotes;
    bool transaction;  /* all of it in one */
    const char *begin; /* the begin of the file; NULL: a plain one */
    const struct scm_statement *statements; /* begin and commit left out */
    size_t nstatements;
    const struct scm_lock *locks; /* SHARE and stronger */
    size_t nlocks;
    char hash[SC__SQL_HASH_SIZE];
};
/* An id that a squash stands for; by: that of an older squash that stood for it. */
struct scm_part_of {
    const char *id, *by; /* by "": it is replaced itself */
};
struct scm_check {
    const char *title;
    struct scm_statement statement;
};
/* One file. */
struct scm_script {
    const char *path;
    const char *text;
    size_t size;
    char hash[SC__SQL_HASH_SIZE]; /* of the whole text */
    const char *title, *id, *from, *to, *sum, *order, *down, *hazards, *breaks;
    bool harmless; /* the head says "hazards: none" */
    const char *parents[2];
    const char *seed;
    const struct scm_part_of *replaces; /* a squash before those that it stood for */
    size_t nreplaces;
    struct scm_check *checks;
    size_t nchecks;
    struct scm_step *steps;
    size_t nsteps;
};
/* What a script is read into; text and path are borrowed from the arena. */
enum sc_status scm_script_read(struct scm_arena *arena, const char *path,
                               const char *text, struct scm_script *script,
                               struct sc_migrate_error *err);
/* Whether nobody knows what it loses: no plan made its statements, or they were changed
 * since, and its head does not say. */
bool scm_unknown(const struct scm_script *script);
/* What the comment at a step's mark says under a key; NULL: nothing. */
const char *scm_note(const struct scm_step *step, const char *key);
/* Files into an error the line and column of a byte, and the line itself. */
void scm_place(struct sc_migrate_error *err, const struct scm_script *script,
               size_t at);

struct scm_migration {
    struct sc_migration face;
    struct scm_script up, down; /* down.text NULL: none */
    int parents[2];             /* places in the set; -1: none */
    bool commutes;              /* as a head, with the other one: it is said so */
};
struct sc_migrations {
    struct scm_arena arena;
    struct scm_migration *items; /* in order; the draft last */
    size_t n;
    size_t nheads; /* of the sealed: more than one is a fork */
    size_t heads[2];
    bool forks_commute; /* both heads say so */
};
/* Puts a set in order. */
enum sc_status scm_chain(struct sc_migrations *set, struct sc_migrate_error *err);
/* The place of a migration by name; -1. */
int scm_find(const struct sc_migrations *set, const char *name);
/* Reads a whole file; NULL with *why set. */
const char *scm_read_file(struct scm_arena *arena, const char *path, const char **why);
/* Names in a folder that end in suffix, sorted; -1 with errno. */
struct scm_names {
    const char **items;
    size_t n;
};
int scm_list(struct scm_arena *arena, const char *folder, const char *suffix,
             struct scm_names *names);

/* ---- errors (fail.c) ---------------------------------------------------------------- */

enum sc_status scm_fail(struct sc_migrate_error *err, enum sc_status status,
                        enum sc_trouble trouble, const char *format, ...)
    SCM_PRINTF(4, 5);
/* Says "\"name\": why", SC_MISUSE. */
enum sc_status scm_refuse(struct sc_migrate_error *err, enum sc_trouble trouble,
                          const char *name, const char *why);
void scm_hint(struct sc_migrate_error *err, const char *format, ...) SCM_PRINTF(2, 3);
/* From the server's answer; NULL: the connection's own message. */
enum sc_status scm_fail_result(struct sc_migrate_error *err, PGconn *pg,
                               const PGresult *result, enum sc_trouble trouble);
enum sc_status scm_no_memory(struct sc_migrate_error *err);
/* 55P03, 40P01, 40001: what trying again may cure. */
bool scm_may_retry(const struct sc_migrate_error *err);

/* ---- a call under way (session.c) --------------------------------------------------- */

/* A migration as the history has it. */
struct scm_row {
    int64_t seq;
    const char *name, *id, *parents[2], *to, *up_hash, *down_hash, *down_sql, *breaks;
    const char *down_why, *applied_at, *applied_by, *sqlstate, *message;
    enum sc_down down;
    enum sc_standing standing;
    bool draft, baseline;
    int batch, steps, up_done, down_done;
    bool begun; /* a step outside a transaction has begun, or any is done */
    int64_t ms;
};
struct scm_history {
    struct scm_row *rows; /* those that were not taken back, oldest first */
    size_t n;
    const char *(*accepted)[2]; /* name, hash */
    size_t naccepted;
    int batch; /* the highest */
};
enum { SCM_SETTINGS = 8 };
struct scm_run {
    struct sc_db *db;
    PGconn *pg;
    const struct sc_migrations *set;
    struct sc_migrate_options options;
    struct sc_migrate_error *err;
    struct scm_arena arena;
    const char *command;    /* in hints of a way back: "rollback" or "redo" */
    const char *schema;     /* quoted */
    const char *schema_raw; /* as text */
    int64_t key;            /* of the advisory lock */
    int pid;
    bool locked, stopped;
    bool bare;         /* a dry run where there is no history yet */
    char blocker[256]; /* who was last found in the way of a step; "" */
    uint64_t random;
    struct scm_history history;
    const char *saved[SCM_SETTINGS]; /* what the session had; NULL: not read yet */
    const char *settings;            /* all that it has between migrations, as JSON */
    struct sc_migrate_event at;      /* where we are: what an event is made of */
};

/* Begins a call: looks at the connection, makes it ready. scm_leave in any case. */
enum sc_status scm_enter(struct scm_run *run);
/* ... and takes the lock, makes the tables, reads the history. */
enum sc_status scm_enter_locked(struct scm_run *run);
enum sc_status scm_leave(struct scm_run *run, enum sc_status status);
/* After a migration or seed: what it has set for the session, its role too, is as before. */
enum sc_status scm_settle(struct scm_run *run);
/* Runs work under the lock, once more after a lost connection if that is allowed. */
typedef enum sc_status scm_work(struct scm_run *run);
enum sc_status scm_under_lock(struct scm_run *run, scm_work *work);
struct scm_run scm_run_of(struct sc_db *db, const struct sc_migrations *set,
                          const struct sc_migrate_options *options,
                          struct sc_migrate_error *err);

/* Tells the caller's callback; run->at with kind and text. */
void scm_tell(struct scm_run *run, enum sc_migrate_kind kind, const char *format, ...)
    SCM_PRINTF(3, 4);
enum sc_status scm_stop(struct scm_run *run); /* fails when the caller wants to stop */

/* ---- statements (ask.c) ------------------------------------------------------------- */

/* Runs one statement with text parameters. *result is NULL unless SC_OK. */
enum sc_status scm_ask(struct scm_run *run, const char *sql, const char *const *params,
                       int nparams, PGresult **result);
/* The same with "@" standing for the history's schema in sql, and no result wanted. */
enum sc_status scm_history_ask(struct scm_run *run, const char *sql,
                               const char *const *params, int nparams,
                               PGresult **result);
/* Runs whole statements of a script, in one message, and points an error at its place. */
enum sc_status scm_run_sql(struct scm_run *run, const struct scm_script *script,
                           const struct scm_statement *statements, size_t n);
/* Waits, telling TICKs; ends early when the caller wants to stop. */
enum sc_status scm_sleep(struct scm_run *run, int ms);
int64_t scm_clock_ms(void);
/* Between half of ms and ms and a half. */
int scm_jitter(struct scm_run *run, int ms);
bool scm_lost(const struct scm_run *run); /* the connection is gone */
int64_t scm_int(const PGresult *result, int row, int column);
bool scm_bool(const PGresult *result, int row, int column);

/* ---- lock.c, layout.c, history.c ---------------------------------------------------- */

int64_t scm_lock_key(const char *schema);
enum sc_status scm_lock(struct scm_run *run);
enum sc_status scm_unlock(struct scm_run *run);
/* Whether this server process has it still. */
enum sc_status scm_lock_held(struct scm_run *run, bool *held);
/* Who holds the lock: *pid 0 for nobody. who in the run's arena. */
enum sc_status scm_holder(struct scm_run *run, int *pid, const char **who);
enum sc_status scm_layout(struct scm_run *run); /* makes or upgrades it */
enum sc_status scm_layout_exists(struct scm_run *run, bool *exists);

enum sc_status scm_history_read(struct scm_run *run);
struct scm_row *scm_row_of(struct scm_run *run, const char *name);
/* Begins a migration: its row, state running; gives its number. */
enum sc_status scm_history_begin(struct scm_run *run, const struct scm_migration *m,
                                 int batch, bool baseline, int64_t *seq);
/* "applied", "undoing", "rolled_back", ... */
enum sc_status scm_history_state(struct scm_run *run, int64_t seq, const char *state);

/* ---- compare.c ---------------------------------------------------------------------- */

/* Fills states: rows first, then what is pending; room for rows + files. */
size_t scm_compare(struct scm_run *run, struct sc_migration_state *states);
/* How much of what a squash stands for the history has. */
struct scm_standing_for {
    size_t all, applied; /* of those that it replaces itself */
    bool any;            /* one of all ids is in the history */
};
struct scm_standing_for scm_replaced(struct scm_run *run,
                                     const struct scm_migration *m);
/* Fails with the first trouble of the states that concerns a run. */
enum sc_status scm_judge(struct scm_run *run, const struct sc_migration_state *states,
                         size_t n);

/* ---- running (step.c, resume.c, polite.c) ------------------------------------------- */

/* A script being run for a row of the history. */
struct scm_job {
    int64_t seq;
    const struct scm_script *script;
    const char *name;
    bool down;
    int done; /* steps that are done already */
};
/* Runs what is left of the steps; the last one's transaction gives the row its new state. */
enum sc_status scm_steps(struct scm_run *run, const struct scm_job *job,
                         const char *state);
enum sc_status scm_checks(struct scm_run *run, const struct scm_job *job);
/* Whether a statement that may have been run already was: *done; cleans up what is left
 * of half of it. */
enum sc_status scm_resume(struct scm_run *run, const struct scm_script *script,
                          const struct scm_statement *statement, bool begun,
                          bool *done);
/* Before create index concurrently: whether the name is another whole index's. */
enum sc_status scm_index_taken(struct scm_run *run, const struct scm_script *script,
                               const struct scm_statement *statement, bool *taken);
/* After create index concurrently: that it is valid. */
enum sc_status scm_assert_valid(struct scm_run *run, const struct scm_script *script,
                                const struct scm_statement *statement);
/* Tells of old transactions that hold what the step needs: *blocked. */
enum sc_status scm_blockers(struct scm_run *run, const struct scm_step *step,
                            bool *blocked);

/* ---- apply.c, draft.c, undo.c, drift.c ---------------------------------------------- */

/* Applies what is pending as the options say, the history being read. */
enum sc_status scm_apply_pending(struct scm_run *run);
/* Whether it would be refused: asks nobody and changes nothing. */
enum sc_status scm_may_apply(struct scm_run *run);
/* Whether a table or column, by its plain name, holds anything; what is neither does. */
enum sc_status scm_holds(struct scm_run *run, const char *object, bool *holds);
enum sc_status scm_undo_row(struct scm_run *run, struct scm_row *row);
/* The applied draft's row; NULL: none. */
struct scm_row *scm_draft_row(struct scm_run *run);
/* Before `next` is run: a draft in its way is undone, or is `next` itself (*adopted). */
enum sc_status scm_draft_settle(struct scm_run *run, const struct scm_migration *next,
                                bool *adopted);
/* In a protected environment: whether that undoes one. */
enum sc_status scm_draft_guard(struct scm_run *run, const struct scm_migration *next);
/* Marks a migration as applied that replaces applied ones. */
enum sc_status scm_adopt_replacement(struct scm_run *run,
                                     const struct scm_migration *m);
/* Tells what would be run. */
void scm_show_steps(struct scm_run *run, const struct scm_job *job);
/* Runs work between begin and commit. */
enum sc_status scm_in_transaction(struct scm_run *run, scm_work *work);
const char *scm_number(struct scm_run *run, int64_t value);
/* What the catalog says now becomes what it should say, in the schemas in which a run of
 * these migrations has ever changed anything. What had drifted before and was not touched
 * since stays drifted: look before the first step. */
enum sc_status scm_catalog_look(struct scm_run *run);
enum sc_status scm_catalog_record(struct scm_run *run);
/* The same in all schemas that there are: what was made otherwise is marked as ours. */
enum sc_status scm_catalog_adopt(struct scm_run *run);
/* Records it when the last run was cut off before it did. */
enum sc_status scm_catalog_catch_up(struct scm_run *run);

#endif
