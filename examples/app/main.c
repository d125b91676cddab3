/* A small sign-in service on the generated data layer: every kind of call once, and what
 * came of it. Runs on $DATABASE_URL after the migrations; leaves no row behind. */
#include "app.h"
#include <stdio.h>

static const int64_t DAY = 86400 * 1000000LL; /* microseconds */

static struct sc_db *db;
static struct sc_error err;

/* True for SC_OK; else says what failed, and how. */
static bool ok(enum sc_status status, const char *what)
{
    if (status != SC_OK)
        printf("FAILED %s: %s (%s)\n", what, sc_status_name(status), err.message);
    return status == SC_OK;
}

/* Whether a call ended with the status that the story wants. */
static bool is(enum sc_status wanted, enum sc_status status, const char *what)
{
    printf("%-24s %s\n", what, sc_status_name(status));
    return status == wanted;
}

static bool sign_up(void)
{
    struct auth_users_new ada = { .id = "u1",
                                  .email = "ada@example.org",
                                  .name = "Ada" };
    struct auth_users *user;
    if (!ok(auth_users_insert(db, &ada, &user, &err), "sign up"))
        return false;
    char when[SC_TIMESTAMPTZ_SIZE];
    sc_timestamptz_format(user->created_at, when);
    printf("signed up %s <%s> at %.10s\n", user->name, user->email, when);
    auth_users_free(user);

    struct auth_users_new more[] = {
        { .id = "u2", .email = "bob@example.org", .email_verified = SC(sc_now()) },
        { .id = "u3", .email = "cleo@example.org" },
    };
    return ok(auth_users_insert_many(db, more, 2, NULL, NULL, &err),
              "sign up two more");
}

/* A duplicate email is a typed error: each constraint is a constant of the schema. */
static bool duplicate_email(void)
{
    struct auth_users_new again = { .id = "u9", .email = "ada@example.org" };
    if (!is(SC_UNIQUE, auth_users_insert(db, &again, NULL, &err), "same email again"))
        return false;
    if (err.constraint == AUTH_USERS_EMAIL_KEY)
        puts("  that email is taken");
    return err.constraint == AUTH_USERS_EMAIL_KEY;
}

static bool link_accounts(void)
{
    struct auth_accounts_new account = {
        .user_id = "u1",
        .type = SC(AUTH_ACCOUNT_TYPE_OAUTH),
        .provider = "github",
        .provider_account_id = "1815",
        .access_token = "not-for-the-log",
    };
    if (!ok(auth_accounts_insert(db, &account, NULL, &err), "link an account"))
        return false;
    account.provider = "google";
    SC_SET(account.type, AUTH_ACCOUNT_TYPE_OIDC);
    if (!ok(auth_accounts_insert(db, &account, NULL, &err), "link another"))
        return false;
    account.user_id = "nobody", account.provider = "gitlab";
    enum sc_status status = auth_accounts_insert(db, &account, NULL, &err);
    return is(SC_FOREIGN_KEY, status, "an account of nobody");
}

static bool sessions(void)
{
    struct sc_timestamptz now = sc_now(), later = sc_timestamptz_add(now, DAY);
    struct sc_timestamptz before = sc_timestamptz_add(now, -DAY);
    struct auth_sessions_new open[] = {
        { .session_token = "t1", .user_id = "u1", .expires = SC(later) },
        { .session_token = "t2", .user_id = "u1", .expires = SC(before) },
    };
    if (!ok(auth_sessions_insert_many(db, open, 2, NULL, NULL, &err), "open sessions"))
        return false;
    struct auth_sessions *active;
    size_t n;
    if (!ok(auth_active_sessions(db, "u1", now, &active, &n, &err), "active sessions"))
        return false;
    auth_sessions_free(active);
    int64_t expired;
    bool done = ok(auth_expire_sessions(db, now, &expired, &err), "expire sessions");
    printf("sessions: %zu active, %lld expired\n", n, (long long)expired);
    return done && n == 1 && expired == 1;
}

static bool consume_token_once(void)
{
    struct sc_timestamptz now = sc_now();
    struct auth_verification_tokens_new token = {
        .identifier = "ada@example.org",
        .token = "v1",
        .expires = SC(sc_timestamptz_add(now, DAY)),
    };
    if (!ok(auth_verification_tokens_insert(db, &token, NULL, &err), "send a token"))
        return false;
    for (int time = 1; time <= 2; time++) {
        struct auth_verification_tokens *used;
        if (!ok(auth_consume_token(db, token.identifier, "v1", now, &used, &err),
                "use it"))
            return false;
        printf("token, time %d: %s\n", time, used ? "accepted" : "refused");
        bool as_told = (used != NULL) == (time == 1);
        auth_verification_tokens_free(used);
        if (!as_told)
            return false;
    }
    return true;
}

static bool feedback(void)
{
    static const char *const words[] = { "fine", "slow", "better", "good", "great" };
    struct auth_feedback_new said[5];
    for (int i = 0; i < 5; i++)
        said[i] = (struct auth_feedback_new){ .user_id = "u1",
                                              .rating = SC((int16_t)(i + 1)),
                                              .message = words[i] };
    if (!ok(auth_feedback_insert_many(db, said, 5, NULL, NULL, &err), "feedback"))
        return false;
    struct auth_feedback_new bad = { .rating = SC(6), .message = "eleven" };
    return is(SC_CHECK, auth_feedback_insert(db, &bad, NULL, &err), "a rating of 6") &&
           err.constraint == AUTH_FEEDBACK_RATING_CHECK;
}

/* All of a user's feedback, two rows a page. */
static bool pages(void)
{
    struct auth_feedback_page_cursor last, *after = NULL;
    size_t total = 0;
    for (size_t n = 2; n == 2; total += n) {
        struct auth_feedback *rows;
        if (!ok(auth_feedback_page(db, "u1", after, 2, &rows, &n, &err), "a page"))
            return false;
        printf("page:");
        for (size_t i = 0; i < n; i++)
            printf(" %d=%s", rows[i].rating, rows[i].message);
        puts("");
        if (n) {
            last = auth_feedback_page_cursor_of(&rows[n - 1]);
            after = &last;
        }
        auth_feedback_free(rows);
    }
    return total == 5;
}

static bool search(void)
{
    struct auth_search_users_args by = { .q = "%example%",
                                         .sort = AUTH_SEARCH_USERS_SORT_EMAIL };
    struct auth_users *found;
    size_t n;
    if (!ok(auth_search_users(db, &by, &found, &n, &err), "search by name"))
        return false;
    printf("by email:");
    for (size_t i = 0; i < n; i++)
        printf(" %s", found[i].email);
    auth_users_free(found);
    by = (struct auth_search_users_args){ .verified = SC(true) };
    if (!ok(auth_search_users(db, &by, &found, &n, &err), "search the verified"))
        return false;
    printf("; verified: %zu\n", n);
    auth_users_free(found);
    return n == 1;
}

static bool logins(void)
{
    struct auth_user_logins_row *user;
    if (!ok(auth_user_logins(db, "u1", &user, &err), "a user with logins"))
        return false;
    printf("%s signs in by", user->users.email);
    for (size_t i = 0; i < user->accounts.count; i++)
        printf(" %s", user->accounts.items[i].provider);
    printf("; sessions: %zu\n", user->sessions.count);
    bool right = user->accounts.count == 2 && user->sessions.count == 1;
    auth_user_logins_free(user);
    return right;
}

/* One field, then one field to NULL: the others stay as they are. */
static bool update(void)
{
    struct auth_users *user;
    struct auth_users_patch patch = { .image = SC("ada.png") };
    if (!ok(auth_users_update(db, "u1", &patch, &user, &err), "update one field"))
        return false;
    printf("%s has the image %s\n", user->name, user->image);
    auth_users_free(user);
    patch = (struct auth_users_patch){ .name = SC_NULL };
    if (!ok(auth_users_update(db, "u1", &patch, &user, &err), "set one to NULL"))
        return false;
    printf("name: %s, image: %s\n", user->name ? user->name : "NULL", user->image);
    auth_users_free(user);
    return is(SC_NOT_FOUND, auth_users_update(db, "u7", &patch, NULL, &err),
              "update u7");
}

static bool rolled_back(void)
{
    struct sc_db *tx;
    if (!ok(sc_tx_begin(db, NULL, &tx, &err), "begin"))
        return false;
    enum sc_status status = auth_users_delete(tx, "u1", &err);
    sc_tx_rollback(tx);
    bool there = false;
    if (!ok(status, "delete") ||
        !ok(auth_users_exists(db, "u1", &there, &err), "exists"))
        return false;
    printf("deleted, rolled back: %s\n", there ? "still there" : "gone");
    return there;
}

static bool clean_up(void)
{
    static const char *const sql =
        "with f as (delete from auth.feedback) "
        "delete from auth.users where id in ('u1', 'u2', 'u3')";
    return ok(sc_query(db, sql, NULL, 0, NULL, &err), "clean up");
}

int main(void)
{
    if (!ok(sc_open(NULL, &db, &err), "open"))
        return 1;
    static bool (*const story[])(void) = {
        sign_up, duplicate_email, link_accounts, sessions, consume_token_once, feedback,
        pages,   search,          logins,        update,   rolled_back,
    };
    bool good = true;
    for (size_t i = 0; good && i < sizeof story / sizeof *story; i++)
        good = story[i]();
    good = clean_up() && good;
    sc_close(db);
    puts(good ? "all as expected" : "something went wrong");
    return good ? 0 : 1;
}
