/* face.cpp: the same from C++17, where members are filled by assignment. */
#include "app.h"
#include <sc_async.h>
#include <sc_listen.h>

sc_status face(sc_db *db, sc_error *err);
sc_status face(sc_db *db, sc_error *err)
{
    auth_users *user = nullptr;
    auth_users_new made{};
    made.id = "u1";
    made.email = "ada@example.org";
    made.email_verified = SC(sc_now());
    made.created_at = SC_NULL;
    auth_users_patch patch{};
    patch.name = SC_NULL;
    patch.image = SC("x.png");
    SC_SET(patch.email, made.email);
    SC_SET_NULL(patch.name);
    auth_accounts_new account{};
    account.user_id = "u1";
    account.type = SC(AUTH_ACCOUNT_TYPE_OAUTH);
    auth_feedback_new feedback{};
    feedback.rating = SC(5);
    sc_status status = auth_users_insert(db, &made, &user, err);
    if (status == SC_OK) {
        patch.email_verified = user->email_verified;
        status = auth_users_update(db, "u1", &patch, nullptr, err);
    }
    auth_users_free(user);
    return sc_has(feedback.rating) ? status
                                   : auth_accounts_insert(db, &account, nullptr, err);
}

/* The rows of a list are the other table's, though its header comes later. */
const char *first_provider(const auth_user_logins_row *logins);
const char *first_provider(const auth_user_logins_row *logins)
{
    const auth_accounts *accounts = logins->accounts.items;
    return logins->accounts.count ? accounts[0].provider : logins->users.email;
}
