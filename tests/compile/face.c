/* face.c: the ways of writing that docs/GENERATED.md promises for C, on the reference
 * schema. Compiled only. */
#include "app.h"
#include <sc_async.h>
#include <sc_listen.h>

enum sc_status face(struct sc_db *db, struct sc_error *err);
enum sc_status face(struct sc_db *db, struct sc_error *err)
{
    struct auth_users *user = NULL;
    struct auth_users_new made = { .id = "u1", .email = "ada@example.org" };
    struct auth_users_patch patch = { .name = SC_NULL, .image = SC("x.png") };
    struct auth_accounts_new account = { .user_id = "u1",
                                         .type = SC(AUTH_ACCOUNT_TYPE_OAUTH) };
    struct auth_feedback_new feedback = { .rating = SC(5), .message = "fine" };
    made.email_verified = (struct sc_maybe_timestamptz)SC(sc_now());
    SC_SET(made.created_at, sc_now());
    SC_SET_NULL(patch.email_verified);
    SC_SET(patch.email, made.email);
    enum sc_status status = auth_users_insert(db, &made, &user, err);
    if (status == SC_OK) {
        patch.email_verified = user->email_verified;
    }
    switch (status == SC_UNIQUE ? err->constraint : 0) {
    case AUTH_USERS_PKEY:
    case AUTH_USERS_EMAIL_KEY:
        return status;
    default:
        break;
    }
    auth_users_free(user);
    status = auth_users_update(db, "u1", &patch, NULL, err);
    if (status == SC_OK) {
        status = auth_accounts_insert(db, &account, NULL, err);
    }
    if (status == SC_OK) {
        status = auth_feedback_insert(db, &feedback, NULL, err);
    }
    return status;
}
