/* A small sign-in service on the generated data layer: every kind of call once, and what
 * came of it. Runs on $DATABASE_URL after the migrations; leaves no row behind. */
#include "app.h"
#include <stdio.h>
#include <string.h>

static const int64_t SECOND = 1000000;
static const int64_t DAY = 86400 * 1000000LL;

/* Says what failed, and how, and gives false; true for SC_OK. */
static bool ok(enum sc_status status, const struct sc_error *err, const char *what)
{
    if (status == SC_OK)
        return true;
    printf("FAILED %s: %s (%s)\n", what, sc_status_name(status), err->message);
    return false;
}

/* Whether a call ended with the status that the story expects. */
static bool expected(enum sc_status status, enum sc_status wanted, const char *what)
{
    printf("%-34s %s\n", what, sc_status_name(status));
    return status == wanted;
}

static bool sign_up(struct sc_db *db, struct sc_error *err)
{
    struct auth_users *ada;
    enum sc_status status = auth_users_insert(
        db, &(struct auth_users_new){ .id = "u1", .email = "ada@example.org", .name = "Ada" },
        &ada, err);
    if (!ok(status, err, "sign up"))
        return false;
    char when[SC_TIMESTAMPTZ_SIZE];
    printf("signed up %s <%s>, %s\n", ada->name, ada->email,
           sc_timestamptz_format(ada->created_at, when)[0] ? "created now" : "");
    auth_users_free(ada);

    const struct auth_users_new more[] = {
        { .id = "u2", .email = "bob@example.org", .name = "Bob", .email_verified = SC(sc_now()) },
        { .id = "u3", .email = "cleo@example.org" },
    };
    return ok(auth_users_insert_many(db, more, 2, NULL, NULL, err), err, "sign up two more");
}

/* A duplicate email is a typed error: the constraint is a constant of the schema. */
static bool duplicate_email(struct sc_db *db, struct sc_error *err)
{
    enum sc_status status = auth_users_insert(
        db, &(struct auth_users_new){ .id = "u9", .email = "ada@example.org" }, NULL, err);
    if (!expected(status, SC_UNIQUE, "the same email again"))
        return false;
    switch (err->constraint) {
    case AUTH_USERS_EMAIL_KEY:
        puts("  that email is taken");
        return true;
    default:
        return false;
    }
}

static bool link_accounts(struct sc_db *db, struct sc_error *err)
{
    struct auth_accounts_new account = {
        .user_id = "u1",
        .type = SC(AUTH_ACCOUNT_TYPE_OAUTH),
        .provider = "github",
        .provider_account_id = "1815",
        .access_token = "not-for-the-log",
    };
    if (!ok(auth_accounts_insert(db, &account, NULL, err), err, "link an account"))
        return false;
    account.provider = "google";
    SC_SET(account.type, AUTH_ACCOUNT_TYPE_OIDC);
    if (!ok(auth_accounts_insert(db, &account, NULL, err), err, "link another"))
        return false;
    account.user_id = "nobody";
    account.provider = "gitlab";
    return expected(auth_accounts_insert(db, &account, NULL, err), SC_FOREIGN_KEY,
                    "an account of nobody");
}

static bool sessions(struct sc_db *db, struct sc_error *err)
{
    struct sc_timestamptz now = sc_now();
    const struct auth_sessions_new open[] = {
        { .session_token = "t1", .user_id = "u1", .expires = SC(sc_timestamptz_add(now, DAY)) },
        { .session_token = "t2", .user_id = "u1", .expires = SC(sc_timestamptz_add(now, -DAY)) },
    };
    if (!ok(auth_sessions_insert_many(db, open, 2, NULL, NULL, err), err, "open sessions"))
        return false;

    struct auth_sessions *active;
    size_t n;
    if (!ok(auth_active_sessions(db, "u1", now, &active, &n, err), err, "active sessions"))
        return false;
    int64_t expired;
    bool done = ok(auth_expire_sessions(db, now, &expired, err), err, "expire sessions");
    printf("%zu session is active, %lld expired\n", n, (long long)expired);
    auth_sessions_free(active);
    return done && n == 1 && expired == 1;
}

static bool consume_token_once(struct sc_db *db, struct sc_error *err)
{
    struct sc_timestamptz now = sc_now();
    const struct auth_verification_tokens_new token = {
        .identifier = "ada@example.org",
        .token = "v1",
        .expires = SC(sc_timestamptz_add(now, 600 * SECOND)),
    };
    if (!ok(auth_verification_tokens_insert(db, &token, NULL, err), err, "send a token"))
        return false;
    for (int try = 1; try <= 2; try++) {
        struct auth_verification_tokens *used;
        enum sc_status status =
            auth_consume_token(db, "ada@example.org", "v1", now, &used, err);
        if (!ok(status, err, "consume a token"))
            return false;
        printf("token, time %d: %s\n", try, used ? "accepted" : "refused");
        bool as_told = (used != NULL) == (try == 1);
        auth_verification_tokens_free(used);
        if (!as_told)
            return false;
    }
    return true;
}

static bool feedback(struct sc_db *db, struct sc_error *err)
{
    struct auth_feedback_new said[5];
    static const char *const messages[] = { "fine", "slow", "better", "good", "great" };
    for (int i = 0; i < 5; i++)
        said[i] = (struct auth_feedback_new){
            .user_id = "u1", .rating = SC((int16_t)(i + 1)), .message = messages[i],
            .metadata = "{\"from\": \"example\"}",
        };
    if (!ok(auth_feedback_insert_many(db, said, 5, NULL, NULL, err), err, "feedback"))
        return false;
    struct auth_feedback_new bad = { .rating = SC(6), .message = "eleven" };
    return expected(auth_feedback_insert(db, &bad, NULL, err), SC_CHECK, "a rating of 6") &&
           err->constraint == AUTH_FEEDBACK_RATING_CHECK;
}

/* All pages of a user's feedback, two rows a page. */
static bool pages(struct sc_db *db, struct sc_error *err)
{
    struct auth_feedback_page_cursor after;
    const struct auth_feedback_page_cursor *from = NULL;
    size_t total = 0;
    for (size_t n = 2; n == 2;) {
        struct auth_feedback *rows;
        if (!ok(auth_feedback_page(db, "u1", from, 2, &rows, &n, err), err, "a page"))
            return false;
        printf("page:");
        for (size_t i = 0; i < n; i++)
            printf(" %lld=%s", (long long)rows[i].rating, rows[i].message);
        puts("");
        total += n;
        if (n) {
            after = auth_feedback_page_cursor_of(&rows[n - 1]);
            from = &after;
        }
        auth_feedback_free(rows);
    }

    struct auth_feedback_stats_row *stats;
    size_t n;
    if (!ok(auth_feedback_stats(db, sc_from_time(0), &stats, &n, err), err, "statistics"))
        return false;
    printf("%s said %lld things, mean %.4s\n", stats[0].email, (long long)stats[0].n,
           stats[0].mean.text);
    auth_feedback_stats_free(stats);
    return total == 5 && n == 3;
}

static bool search(struct sc_db *db, struct sc_error *err)
{
    struct auth_users *found;
    size_t n;
    struct auth_search_users_args by = { .q = "%example%", .sort = AUTH_SEARCH_USERS_SORT_EMAIL };
    if (!ok(auth_search_users(db, &by, &found, &n, err), err, "search by name"))
        return false;
    printf("by email:");
    for (size_t i = 0; i < n; i++)
        printf(" %s", found[i].email);
    puts("");
    auth_users_free(found);
    by = (struct auth_search_users_args){ .verified = SC(true) };
    if (!ok(auth_search_users(db, &by, &found, &n, err), err, "search the verified"))
        return false;
    printf("verified: %zu\n", n);
    auth_users_free(found);
    return n == 1;
}

static bool logins(struct sc_db *db, struct sc_error *err)
{
    struct auth_user_logins_row *user;
    if (!ok(auth_user_logins(db, "u1", &user, err), err, "a user with logins"))
        return false;
    printf("%s signs in by", user->users.email);
    for (size_t i = 0; i < user->accounts.count; i++)
        printf(" %s", user->accounts.items[i].provider);
    printf(", sessions: %zu\n", user->sessions.count);
    bool right = user->accounts.count == 2 && user->sessions.count == 1;
    auth_user_logins_free(user);
    return right;
}

/* One field, then one field to NULL: the others stay as they are. */
static bool update(struct sc_db *db, struct sc_error *err)
{
    struct auth_users *user;
    struct auth_users_patch patch = { .image = SC("ada.png") };
    if (!ok(auth_users_update(db, "u1", &patch, &user, err), err, "update one field"))
        return false;
    printf("%s has the image %s\n", user->name, user->image);
    auth_users_free(user);
    patch = (struct auth_users_patch){ .name = SC_NULL };
    if (!ok(auth_users_update(db, "u1", &patch, &user, err), err, "set one to NULL"))
        return false;
    printf("name: %s, image: %s\n", user->name ? user->name : "NULL", user->image);
    auth_users_free(user);
    return expected(auth_users_update(db, "nobody", &patch, NULL, err), SC_NOT_FOUND,
                    "update nobody");
}

static bool rolled_back(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *tx;
    if (!ok(sc_tx_begin(db, NULL, &tx, err), err, "begin"))
        return false;
    enum sc_status status = auth_users_delete(tx, "u1", err);
    sc_tx_rollback(tx);
    bool there = false;
    return ok(status, err, "delete in a transaction") &&
           ok(auth_users_exists(db, "u1", &there, err), err, "exists") && there &&
           puts("deleted and rolled back: still there") >= 0;
}

static bool clean_up(struct sc_db *db, struct sc_error *err)
{
    static const char *const ids[] = { "u1", "u2", "u3" };
    for (int i = 0; i < 3; i++) {
        enum sc_status status = auth_users_delete(db, ids[i], err);
        if (status != SC_OK && status != SC_NOT_FOUND)
            return ok(status, err, "clean up");
    }
    struct sc_rows *rows;
    if (!ok(sc_query(db, "delete from auth.feedback where user_id is null", NULL, 0, &rows, err),
            err, "clean up by SQL"))
        return false;
    sc_rows_free(rows);
    return true;
}

int main(void)
{
    struct sc_db *db;
    struct sc_error err;
    if (!ok(sc_open(NULL, &db, &err), &err, "open"))
        return 1;
    static bool (*const story[])(struct sc_db *, struct sc_error *) = {
        sign_up, duplicate_email, link_accounts, sessions, consume_token_once, feedback,
        pages,   search,          logins,        update,   rolled_back,
    };
    bool good = true;
    for (size_t i = 0; good && i < sizeof story / sizeof *story; i++)
        good = story[i](db, &err);
    good = clean_up(db, &err) && good;
    sc_close(db);
    puts(good ? "all as expected" : "something went wrong");
    return good ? 0 : 1;
}
