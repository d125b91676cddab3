/* sc_migrate.h: apply migrations to a database, take them back, and say how it stands.
 *
 * The public face of libschemac-migrate, which the command line and applications share.
 * docs/MIGRATIONS.md is the manual. A folder of migrations, or an array of their texts
 * that a program carries, is read once; every call then compares it with the history in
 * the database, says what does not fit, and does its work under a lock.
 *
 * db is a connection of sc_open or sc_adopt that nobody else uses meanwhile; a pool or a
 * transaction is SC_MISUSE. Calls block. The library writes to no stream, never aborts and
 * never exits: what it has to tell goes to options.event.
 *
 * History and journal stand in a schema of their own, "schemac" unless options.schema
 * names another: applications that share a database each have one.
 */
#ifndef SC_MIGRATE_H
#define SC_MIGRATE_H
#include "sc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what can be wrong ----------------------------------------------------------- */

/** What stopped a call. sc_status says how it went; this says what it was about. */
enum sc_trouble {
    SC_TROUBLE_NONE = 0,
    /* the files */
    SC_TROUBLE_FILE,         /**< cannot be read, or is no migration */
    SC_TROUBLE_CHAIN,        /**< a parent that no file has, or a circle */
    SC_TROUBLE_FORKED,       /**< two heads: neither comes after the other */
    SC_TROUBLE_EDITED,       /**< changed after it was sealed or applied */
    SC_TROUBLE_MISSING,      /**< applied, and there is no such file */
    SC_TROUBLE_OUT_OF_ORDER, /**< pending, and belongs before one that is applied */
    SC_TROUBLE_UNKNOWN,      /**< there is no migration of that name */
    SC_TROUBLE_DRAFT,        /**< an applied draft stands in the way */
    /* the database */
    SC_TROUBLE_OTHER_HISTORY, /**< the history is another application's */
    SC_TROUBLE_NEWER_LAYOUT,  /**< written by a later version of this library */
    SC_TROUBLE_POOLER,        /**< a transaction pooler is between us and the server */
    SC_TROUBLE_LOCKED,        /**< another migrator is at work */
    SC_TROUBLE_BLOCKED,       /**< a table lock was not to be had */
    SC_TROUBLE_UNFINISHED, /**< a migration stopped half-way; the call needs it whole */
    SC_TROUBLE_CHECK,      /**< a precondition on the data does not hold */
    SC_TROUBLE_STATEMENT,  /**< the server refused a statement */
    SC_TROUBLE_SERVER,     /**< connection lost, no memory, no permission, ... */
    /* what was not allowed */
    SC_TROUBLE_LOSSY,      /**< taking it back loses data, and that was not accepted */
    SC_TROUBLE_IMPOSSIBLE, /**< it cannot be taken back, and that was not accepted */
    SC_TROUBLE_PROTECTED,  /**< the environment is protected */
    SC_TROUBLE_STOPPED     /**< options.event said no */
};
/** Its name in lower case, "out of order"; static text. */
SC_API const char *sc_trouble_name(enum sc_trouble trouble);

/** What went wrong, and where. Plain data, written only by a call that fails. */
struct sc_migrate_error {
    struct sc_error error; /**< status, SQLSTATE, message, detail, hint as of sc.h */
    enum sc_trouble trouble;
    char migration[80]; /**< "0002_add_phone"; "" when it is about none */
    int step;           /**< from 1; 0: none */
    char file[512];     /**< the path, or "NAME.up.sql" of an embedded one; "": none */
    int line;           /**< from 1; 0: unknown */
    int column;         /**< from 1, in characters */
    char excerpt[256];  /**< the line, cut around the place where it is too long */
    int caret;          /**< where in excerpt, in characters from 0 */
    char text[1024];    /**< the whole message, where error.message is cut */
};

/* ---- the files ------------------------------------------------------------------- */

/** One migration that a program carries. Texts are borrowed while the set lives. */
struct sc_migration_text {
    const char *id;       /**< "0001_init" */
    const char *up;       /**< text of the .up.sql file */
    const char *down;     /**< NULL: it cannot be taken back */
    const char *snapshot; /**< NULL: a draft; else its text is not read */
    /** Of the last of two branches that touch nothing in common: both are applied, as by
     *  options.forks_commute. `schemac embed` finds out and says it of both. */
    bool commutes;
};

enum sc_down { SC_DOWN_LOSSLESS = 0, SC_DOWN_LOSSY, SC_DOWN_IMPOSSIBLE };

/** One migration as its files say it. Hashes are 64 hexadecimal digits. */
struct sc_migration {
    const char *name;       /**< "0002_add_phone" */
    const char *title;      /**< "add column auth.users.phone; ..." */
    const char *path;       /**< of the up file; "0002_add_phone.up.sql": embedded */
    const char *id;         /**< "" in a file without a header */
    const char *parents[2]; /**< ids; "": none */
    const char *from, *to;  /**< fingerprints of the snapshots; "" as above */
    const char *sum;        /**< the up text's hash when it was sealed; "": by hand */
    const char *up_hash;    /**< the up text's hash now */
    const char *down_hash;  /**< "" when there is no down file */
    const char *order;      /**< "migrate first"; "" */
    const char *hazards;    /**< "drop:auth.users.name, rewrite:auth.users"; "" */
    const char *breaks;     /**< "auth_users_by_phone 42703, ..."; "" */
    enum sc_down down;
    const char *down_why; /**< what is lost, or why it is impossible; "" */
    bool draft;
    bool destroys;     /**< hazards hold drop, narrow or irreversible, or are unknown */
    bool unknown;      /**< written or changed by hand, and its head has no `hazards` */
    bool down_unknown; /**< the same of its down text */
    int checks, steps;
    const char *up, *down_sql; /**< the texts; down_sql "" when there is none */
};

struct sc_migrations; /* a set of migrations in the order they are applied in */

/** Reads a folder: NNNN_name.up.sql, .down.sql, .snapshot (absent: a draft); a folder
 *  that is not there is empty. The order is that of the parents, then of the names. Finds
 *  what the files alone tell: SC_TROUBLE_FILE, _CHAIN, _EDITED (of a file's own sum only,
 *  see sc_migrate_status). */
SC_API SC_NODISCARD enum sc_status sc_migrations_read(const char *folder,
                                                      struct sc_migrations **set,
                                                      struct sc_migrate_error *err);
/** The same from texts. */
SC_API SC_NODISCARD enum sc_status sc_migrations_embed(
    const struct sc_migration_text *texts, size_t ntexts, struct sc_migrations **set,
    struct sc_migrate_error *err);
SC_API void sc_migrations_free(struct sc_migrations *set);
SC_API size_t sc_migrations_count(const struct sc_migrations *set);
/** Borrowed from the set; NULL out of range. A draft is the last. */
SC_API const struct sc_migration *sc_migrations_at(const struct sc_migrations *set,
                                                   size_t i);
/** What the comment of a step (from 1) says under a key: "locks", "cost", "hazards",
 *  "down". NULL: nothing, or there is no such step. Borrowed from the set. */
SC_API const char *sc_migrations_note(const struct sc_migrations *set, size_t i,
                                      bool down, int step, const char *key);

/* ---- what a call tells while it works -------------------------------------------- */

enum sc_migrate_kind {
    SC_MIGRATE_CONNECTED, /**< pid is the server process */
    SC_MIGRATE_WAITING, /**< another migrator holds the lock: pid, who, text (since) */
    SC_MIGRATE_LOCKED,  /**< we hold it */
    SC_MIGRATE_RECONNECTED, /**< the connection was lost and made again */
    SC_MIGRATE_BEGIN,   /**< a migration: direction, steps; resumed at `step` if > 1 */
    SC_MIGRATE_CHECK,   /**< a precondition holds: text is its title */
    SC_MIGRATE_STEP,    /**< a step begins */
    SC_MIGRATE_SQL,     /**< a statement was run and is not journalled yet: sql */
    SC_MIGRATE_TICK,    /**< a statement has been running for ms; every half second */
    SC_MIGRATE_BLOCKER, /**< somebody has a lock that we need: pid, who, text */
    SC_MIGRATE_RETRY,   /**< tries again in ms: attempt, text says why */
    SC_MIGRATE_STEP_DONE, /**< ms */
    SC_MIGRATE_DONE,      /**< a migration is applied or taken back: ms */
    SC_MIGRATE_ADOPTED,   /**< marked as applied without being run (text says why) */
    SC_MIGRATE_PLANNED,   /**< dry run: a step that would be run: sql */
    SC_MIGRATE_SEED,      /**< a seed was run, skipped or has changed (text) */
    SC_MIGRATE_NOTE       /**< anything else that a person should know: text */
};
/** Texts live for the call only. Members that a kind does not speak of are 0 or "". */
struct sc_migrate_event {
    enum sc_migrate_kind kind;
    const char *migration;
    bool down; /**< direction */
    int step, steps;
    bool outside;      /**< STEP: not in a transaction */
    const char *title; /**< of the step */
    const char *sql;
    int64_t ms;
    int attempt;
    int pid;
    const char *who;  /**< "user@host, application" */
    const char *text; /**< ready to be shown */
};

struct sc_migrate_options {
    const char *schema;      /**< of the history; NULL: "schemac" */
    const char *application; /**< application_name; NULL: "schemac migrate" */
    const char *to;     /**< migrate: the last to apply; rollback: the last to stay */
    int steps;          /**< how many at most; 0: no limit */
    bool all;           /**< rollback: everything */
    bool dry_run;       /**< PLANNED events; takes no lock, makes nothing */
    bool draft;         /**< migrate: the draft too */
    bool out_of_order;  /**< apply what belongs before something applied */
    bool forks_commute; /**< the caller has found that the heads touch nothing in
                                   common: two heads are applied one after the other
                                   (embedded ones say so themselves) */
    bool is_protected;  /**< without `confirmed` no drafts, no seeds, and nothing
                                   that loses data */
    bool confirmed;     /**< the environment's name was typed */
    bool development;   /**< seeds of mode development too */
    const char *const
        *accept; /**< rollback: "lossy" accepts any loss of data that is not
                                    impossible to undo; a migration's name: that one's,
                                    impossible too; an object (auth.users.name): it */
    size_t naccept;
    int lock_wait_ms;    /**< for another migrator; 0: 60,000; negative: for ever */
    int lock_timeout_ms; /**< for a table lock, each attempt; 0: 2,000 */
    int attempts;        /**< at a step's table locks; 0: 10 */
    int statement_timeout_ms; /**< 0: none */
    int reconnects;           /**< sc_migrate: after a lost connection; 0: none */
    /** May be NULL. False ends the call as soon as possible (SC_TROUBLE_STOPPED): the
     *  statement is cancelled, its transaction rolled back; what is committed stays, and
     *  the next run resumes. It may use other connections, not db. */
    bool (*event)(void *user, const struct sc_migrate_event *event);
    void *user;
};

/* ---- doing it -------------------------------------------------------------------- */

/** Applies what is pending, under the lock, each step journalled: however it ends, the
 *  next call resumes where it stopped. options NULL: all defaults; err may be NULL. What
 *  can stop it before anything is changed: all of the files' troubles, POOLER, LOCKED,
 *  CHECK, PROTECTED, OTHER_HISTORY, NEWER_LAYOUT, UNFINISHED (a rollback stopped). */
SC_API SC_NODISCARD enum sc_status sc_migrate(struct sc_db *db,
                                              const struct sc_migrations *set,
                                              const struct sc_migrate_options *options,
                                              struct sc_migrate_error *err);
/** Takes back the last batch (what one sc_migrate applied), or what options.to, steps or
 *  all say, latest first, by the down text that was journalled when it was applied. */
SC_API SC_NODISCARD enum sc_status sc_rollback(struct sc_db *db,
                                               const struct sc_migrations *set,
                                               const struct sc_migrate_options *options,
                                               struct sc_migrate_error *err);
/** Takes back as sc_rollback does (without to, steps, all: the last migration), and
 *  applies the same again, under one lock. What sc_migrate would refuse by the files and
 *  the options alone is refused before anything is taken back. */
SC_API SC_NODISCARD enum sc_status sc_redo(struct sc_db *db,
                                           const struct sc_migrations *set,
                                           const struct sc_migrate_options *options,
                                           struct sc_migrate_error *err);
/** Marks what is pending up to options.to (NULL: all that is sealed) as applied, without
 *  running it: for a database that has it all already. */
SC_API SC_NODISCARD enum sc_status sc_baseline(struct sc_db *db,
                                               const struct sc_migrations *set,
                                               const struct sc_migrate_options *options,
                                               struct sc_migrate_error *err);

/** What sc_repair is to do with options.to's migration. */
enum sc_repair_action {
    SC_REPAIR_EXPLAIN, /**< nothing: NOTE events tell each migration's state and what to
                            do about it */
    SC_REPAIR_ACCEPT,  /**< an edited file is right as it stands */
    SC_REPAIR_APPLIED, /**< it was finished by hand: applied */
    SC_REPAIR_UNDONE,  /**< it was undone by hand: not applied */
    SC_REPAIR_FORGET   /**< a missing file's: no longer in the history */
};
SC_API SC_NODISCARD enum sc_status sc_repair(struct sc_db *db,
                                             const struct sc_migrations *set,
                                             enum sc_repair_action action,
                                             const struct sc_migrate_options *options,
                                             struct sc_migrate_error *err);

/** Frees what sc_migrate_status and sc_migrate_drift give. NULL is fine. */
SC_API void sc_migrate_free(void *block);

/* ---- how it stands --------------------------------------------------------------- */

enum sc_standing {
    SC_STANDING_PENDING,
    SC_STANDING_APPLIED,
    SC_STANDING_UNFINISHED, /**< up stopped half-way: the next sc_migrate resumes */
    SC_STANDING_UNDOING     /**< down stopped half-way: the next sc_rollback resumes */
};
struct sc_migration_state {
    const char *name;
    const struct sc_migration *file; /**< of the set; NULL: missing */
    enum sc_standing standing;
    enum sc_trouble trouble; /**< NONE, CHAIN, FORKED, EDITED, MISSING, OUT_OF_ORDER */
    const char *problem;     /**< one sentence; "" when there is no trouble */
    bool draft, baseline;
    int batch;              /**< 0: not applied */
    const char *applied_at; /**< "2026-09-01 10:15:00+00"; "" */
    const char *applied_by; /**< "user@host"; "" */
    int64_t ms;
    int steps_done, steps;
    const char *sqlstate, *message; /**< what stopped it last; "" */
};
struct sc_migrate_state {
    size_t count;
    const struct sc_migration_state *items; /**< as applied, then pending */
    size_t applied, pending;                /**< pending: sealed and not applied */
    enum sc_trouble trouble;                /**< the first that sc_migrate would meet */
    bool exists;                            /**< there is a history */
    int lock_pid;            /**< who migrates at this moment; 0: nobody */
    const char *lock_who;    /**< "" */
    const char *fingerprint; /**< of the last applied snapshot; "" */
};
/** Compares the files with the history. Takes no lock, makes and changes nothing; works
 *  on a database without a history. *state is for sc_migrate_free; it borrows from the set.
 *  A trouble of the files is in the state and no failure. */
SC_API SC_NODISCARD enum sc_status sc_migrate_status(
    struct sc_db *db, const struct sc_migrations *set,
    const struct sc_migrate_options *options, struct sc_migrate_state **state,
    struct sc_migrate_error *err);

/** An object whose definition is not what was recorded when the last migration was
 *  applied; both are PostgreSQL's own text. Those of the schemas in which these migrations
 *  have changed anything: docs/MIGRATIONS.md, Drift. */
struct sc_drift {
    const char *kind;     /**< "column" */
    const char *identity; /**< "auth.users.phone" */
    const char *expected; /**< NULL: it was not there */
    const char *actual;   /**< NULL: it is gone */
};
/** *drift: *count items, for sc_migrate_free. SC_NOT_FOUND: nothing was recorded yet. */
SC_API SC_NODISCARD enum sc_status sc_migrate_drift(
    struct sc_db *db, const struct sc_migrate_options *options, struct sc_drift **drift,
    size_t *count, struct sc_migrate_error *err);

/** What a server process reports in pg_stat_progress_*. total 0: unknown. */
struct sc_progress {
    char what[32];  /**< "create index" */
    char phase[64]; /**< "building index: scanning table" */
    int64_t done, total;
    char unit[16]; /**< "blocks", "rows" */
};
/** Asks, on another connection than the migrating one, how far its statement is.
 *  SC_NOT_FOUND: it runs nothing that reports. */
SC_API SC_NODISCARD enum sc_status sc_migrate_progress(struct sc_db *other, int pid,
                                                       struct sc_progress *progress,
                                                       struct sc_error *err);

/* ---- seeds ----------------------------------------------------------------------- */

/** Runs a folder's *.sql in the order of their names, each in a transaction of its own with
 *  the record of it. A first comment line `-- seed: once|always|development` says when:
 *  once (the default): never again, a later change of the file is noted; always: at every
 *  call; development: with options.development, when it is new or has changed. Its
 *  `-- check` marks are honoured as a migration's are. */
SC_API SC_NODISCARD enum sc_status sc_seed(struct sc_db *db, const char *folder,
                                           const struct sc_migrate_options *options,
                                           struct sc_migrate_error *err);

/* ---- for a program that starts --------------------------------------------------- */

/** Whether the database fits a program that was compiled for the schema of this
 *  fingerprint (`to` of the migration that leads to it): SC_OK when it stands there or
 *  is ahead, and no later migration is marked as breaking statements (`breaks`).
 *  Several fingerprints, with blanks between them, are all wanted: the ends of branches
 *  that were merged. SC_SCHEMA_MISMATCH says which of behind, unknown, unfinished or
 *  broken it is. schema: of the history, NULL: "schemac". db may be a pool. Two round
 *  trips. */
SC_API SC_NODISCARD enum sc_status sc_schema_check(struct sc_db *db,
                                                   const char *fingerprint,
                                                   const char *schema,
                                                   struct sc_error *err);

#ifdef __cplusplus
}
#endif
#endif
