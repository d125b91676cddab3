/* Written by schemac from app.schema: do not edit. */
#include "auth.h"

extern const char *const sc__auth_abi;
const char *const sc__auth_abi = &sc__abi_1;

static const char *const sc__auth_account_type_labels[] = {
    "oauth", "oidc", "email", "webauthn",
};
const struct sc__enum sc__auth_account_type_enum = {
    .type = "auth.account_type",
    .labels = sc__auth_account_type_labels,
    .nlabels = 4,
};

const char *auth_account_type_text(enum auth_account_type value)
{
    return sc__label(&sc__auth_account_type_enum, value);
}

enum auth_account_type auth_account_type_parse(const char *label)
{
    return (enum auth_account_type)sc__label_value(&sc__auth_account_type_enum, label);
}

enum sc_status auth_expire_sessions(struct sc_db *db, struct sc_timestamptz now, int64_t *n,
                                    struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1184, SC__TIMESTAMPTZ, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_expire_sessions",
        .sql = "delete from auth.sessions where expires <= $1",
        .params = types, .nparams = 1,
        .want = SC__WANT_EXEC, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &now };
    return sc__run(db, &stmt, 0, params, NULL, n, err);
}

static const struct sc__column sc__auth_feedback_stats_columns[] = {
    { .name = "user_id",
      .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_feedback_stats_row, user_id) },
    { .name = "email",
      .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_feedback_stats_row, email) },
    { .name = "n",
      .type = { NULL, 20, SC__INT8, 0 },
      .row_at = offsetof(struct auth_feedback_stats_row, n) },
    { .name = "mean",
      .type = { NULL, 1700, SC__NUMERIC, SC__NULLABLE },
      .row_at = offsetof(struct auth_feedback_stats_row, mean) },
};
const struct sc__row sc__auth_feedback_stats_row = {
    .columns = sc__auth_feedback_stats_columns, .ncolumns = 4,
    .size = sizeof(struct auth_feedback_stats_row),
};

void auth_feedback_stats_free(struct auth_feedback_stats_row *rows)
{
    sc_free(rows);
}

enum sc_status auth_feedback_stats_take(struct sc_batch *batch, size_t item,
                                        struct auth_feedback_stats_row **rows, size_t *n,
                                        struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_feedback_stats_row, rows, n, err);
}

enum sc_status auth_feedback_stats_next(struct sc_stream *stream,
                                        struct auth_feedback_stats_row **row,
                                        struct sc_error *err)
{
    return sc__next(stream, &sc__auth_feedback_stats_row, row, err);
}

static const struct sc__type sc__auth_feedback_stats_types[] = {
    { NULL, 1184, SC__TIMESTAMPTZ, 0 },
};
static const struct sc__stmt sc__auth_feedback_stats_stmt = {
    .label = "auth_feedback_stats",
    .sql = "select u.id, u.email, count(f.id), avg(f.rating) from auth.users u left join"
           " auth.feedback f on f.user_id = u.id and f.created_at >= $1 group by u.id,"
           " u.email order by count(f.id) desc",
    .params = sc__auth_feedback_stats_types, .nparams = 1,
    .row = &sc__auth_feedback_stats_row,
    .want = SC__WANT_MANY,
};

enum sc_status auth_feedback_stats(struct sc_db *db, struct sc_timestamptz since,
                                   struct auth_feedback_stats_row **rows, size_t *n,
                                   struct sc_error *err)
{
    const void *const params[] = { &since };
    return sc__run(db, &sc__auth_feedback_stats_stmt, 0, params, rows, n, err);
}

enum sc_status auth_feedback_stats_stream(struct sc_db *db, struct sc_timestamptz since,
                                          struct sc_stream **stream, struct sc_error *err)
{
    const void *const params[] = { &since };
    return sc__stream(db, &sc__auth_feedback_stats_stmt, 0, params, stream, err);
}
