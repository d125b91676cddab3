/* fixture.h: a small schema and its generated-style descriptors, written by hand, so that
 * tests of the runtime can also hold wrong ones. Knows nothing of the compiler. */
#ifndef TESTS_DB_SUPPORT_FIXTURE_H
#define TESTS_DB_SUPPORT_FIXTURE_H
#include <sc.h>

/* people: text key, enum, arrays, numeric; notes: identity, version; keys: secret. */
static const char fixture_sql[] =
    "create schema t;"
    "create type t.mood as enum ('calm', 'cross');"
    "create table t.people ("
    " id text primary key, name text, email text not null unique,"
    " rating int2 check (rating between 1 and 5), mood t.mood not null default 'calm',"
    " moods t.mood[], tags text[], score numeric, born date,"
    " created_at timestamptz not null default now());"
    "create table t.notes ("
    " id int8 generated always as identity primary key,"
    " person_id text not null references t.people on delete cascade,"
    " body text not null default 'empty', version int4 not null default 1);"
    "create table t.keys (token text primary key, person_id text references t.people,"
    " uses int4 not null check (uses < 10));";

enum mood { MOOD_UNKNOWN = -1, MOOD_CALM = 1, MOOD_CROSS = 2 };
SC_MAYBE(maybe_mood, enum mood);
struct moods {
    const enum mood *items;
    size_t count;
    const struct sc_shape *shape;
};

static const char *const mood_labels[] = { "calm", "cross" };
static const struct sc__enum mood_enum = { "t.mood", mood_labels, 2 };

/* ---- people ------------------------------------------------------------------------ */

struct person {
    const char *id;
    const char *name;
    const char *email;
    struct sc_maybe_int2 rating;
    enum mood mood;
    struct moods moods;
    struct sc_texts tags;
    struct sc_numeric score;
    struct sc_maybe_date born;
    struct sc_timestamptz created_at;
};
struct person_new {
    const char *id;
    const char *name;
    const char *email;
    struct sc_maybe_int2 rating;
    struct maybe_mood mood;
    struct moods moods;
    struct sc_texts tags;
    struct sc_numeric score;
    struct sc_maybe_date born;
    struct sc_maybe_timestamptz created_at;
};
struct maybe_moods {
    enum sc_is is;
    struct moods value;
};
struct person_patch {
    struct sc_maybe_text name;
    struct sc_maybe_text email;
    struct sc_maybe_int2 rating;
    struct maybe_mood mood;
    struct maybe_moods moods;
    struct sc_maybe_texts tags;
    struct sc_maybe_numeric score;
    struct sc_maybe_date born;
};

#define COLUMN(text, ...) .name = (text), .sql = (text), .type = __VA_ARGS__
#define AT(row, member) \
    .row_at = offsetof(struct row, member), .new_at = offsetof(struct row##_new, member)
#define AT_PATCH(row, member) \
    AT(row, member), .patch_at = offsetof(struct row##_patch, member)
#define P_AT(member)          AT_PATCH(person, member)
#define P_AT_NO_PATCH(member) AT(person, member)
#define TEXT(flags)                 \
    {                               \
        NULL, 25, SC__TEXT, (flags) \
    }
#define INT8(flags)                 \
    {                               \
        NULL, 20, SC__INT8, (flags) \
    }
#define INT4(flags)                 \
    {                               \
        NULL, 23, SC__INT4, (flags) \
    }

static const struct sc__column person_columns[] = {
    { COLUMN("id", TEXT(SC__REQUIRED | SC__PLAIN_NEW | SC__NO_PATCH)),
      P_AT_NO_PATCH(id) },
    { COLUMN("name", TEXT(SC__NULLABLE | SC__PLAIN_NEW)), P_AT(name) },
    { COLUMN("email", TEXT(SC__REQUIRED | SC__PLAIN_NEW)), P_AT(email) },
    { COLUMN("rating", { NULL, 21, SC__INT2, SC__NULLABLE }), P_AT(rating) },
    { COLUMN("mood", { &mood_enum, 0, SC__ENUM, SC__HAS_DEFAULT }), P_AT(mood) },
    { COLUMN("moods",
             { &mood_enum, 0, SC__ENUM, SC__ARRAY | SC__NULLABLE | SC__PLAIN_NEW }),
      P_AT(moods), .many_cast = "::t.mood[]" },
    { COLUMN("tags",
             { NULL, 1009, SC__TEXT, SC__ARRAY | SC__NULLABLE | SC__PLAIN_NEW }),
      P_AT(tags), .many_cast = "::text[]" },
    { COLUMN("score", { NULL, 1700, SC__NUMERIC, SC__NULLABLE | SC__PLAIN_NEW }),
      P_AT(score) },
    { COLUMN("born", { NULL, 1082, SC__DATE, SC__NULLABLE }), P_AT(born) },
    { COLUMN("created_at",
             { NULL, 1184, SC__TIMESTAMPTZ, SC__HAS_DEFAULT | SC__NO_PATCH }),
      P_AT_NO_PATCH(created_at) },
};
static const struct sc__row person_row = { person_columns, 10, sizeof(struct person) };
#define P_COLS "id, name, email, rating, mood, moods, tags, score, born, created_at"

static const struct sc__type one_text[] = { TEXT(0) };

static const struct sc__stmt person_get = { .label = "person_get",
                                            .sql = "select " P_COLS
                                                   " from t.people where id = $1",
                                            .params = one_text,
                                            .row = &person_row,
                                            .nparams = 1,
                                            .want = SC__WANT_ONE };
static const struct sc__stmt person_maybe = { .label = "person_maybe",
                                              .sql = "select " P_COLS
                                                     " from t.people where email = $1",
                                              .params = one_text,
                                              .row = &person_row,
                                              .nparams = 1,
                                              .want = SC__WANT_MAYBE };
static const struct sc__stmt person_list = { .label = "person_list",
                                             .sql = "select " P_COLS
                                                    " from t.people order by id",
                                             .row = &person_row,
                                             .want = SC__WANT_MANY };
static const struct sc__stmt person_any = { /* one, but asked for without a key */
                                            .label = "person_any",
                                            .sql = "select " P_COLS " from t.people",
                                            .row = &person_row,
                                            .want = SC__WANT_ONE
};
static const struct sc__stmt person_delete = {
    .label = "person_delete",
    .sql = "delete from t.people where id = $1",
    .params = one_text,
    .nparams = 1,
    .want = SC__WANT_TOUCH,
    .flags = SC__WRITE
};
static const struct sc__stmt person_purge = {
    .label = "person_purge",
    .sql = "delete from t.people where id like $1",
    .params = one_text,
    .nparams = 1,
    .want = SC__WANT_EXEC,
    .flags = SC__WRITE
};
static const struct sc__column count_column[] = {
    { COLUMN("count", INT8(0)) },
};
static const struct sc__row count_row = { count_column, 1, sizeof(int64_t) };
static const struct sc__stmt person_count = { .label = "person_count",
                                              .sql = "select count(*) from t.people",
                                              .row = &count_row,
                                              .want = SC__WANT_VALUE };
static const struct sc__insert person_insert = { .label = "person_insert",
                                                 .name = "t.people",
                                                 .returning = P_COLS,
                                                 .row = &person_row };
static const uint16_t person_email_key[] = { 2 };
static const struct sc__upsert person_upsert = { .insert = { .label = "person_upsert",
                                                             .name = "t.people",
                                                             .returning = P_COLS,
                                                             .row = &person_row },
                                                 .target = "(email)",
                                                 .key = person_email_key,
                                                 .nkey = 1 };
static const struct sc__update person_update = { .label = "person_update",
                                                 .name = "t.people",
                                                 .where = "where id = $1",
                                                 .returning = P_COLS,
                                                 .row = &person_row,
                                                 .key = one_text,
                                                 .nkey = 1 };

/* ---- notes: an optimistic lock -------------------------------------------------------- */

struct note {
    int64_t id;
    const char *person_id;
    const char *body;
    int32_t version;
};
struct note_new {
    const char *person_id;
    const char *body;
};
struct note_patch {
    struct sc_maybe_text body;
};
static const struct sc__column note_columns[] = {
    { COLUMN("id", INT8(SC__NO_NEW | SC__NO_PATCH)),
      .row_at = offsetof(struct note, id) },
    { COLUMN("person_id", TEXT(SC__REQUIRED | SC__PLAIN_NEW | SC__NO_PATCH)),
      AT(note, person_id) },
    { COLUMN("body", TEXT(SC__HAS_DEFAULT | SC__PLAIN_NEW)), AT_PATCH(note, body) },
    { COLUMN("version", INT4(SC__NO_NEW | SC__NO_PATCH | SC__HAS_DEFAULT)),
      .row_at = offsetof(struct note, version) },
};
static const struct sc__row note_row = { note_columns, 4, sizeof(struct note) };
#define N_COLS "id, person_id, body, version"
static const struct sc__insert note_insert = {
    .label = "note_insert", .name = "t.notes", .returning = N_COLS, .row = &note_row
};
static const struct sc__type note_key[] = { INT8(0), INT4(0) };
static const struct sc__update note_update = {
    .label = "note_update",
    .head = "with hit as (",
    .name = "t.notes",
    .also = "version = version + 1",
    .where = "where id = $1 and version = $2",
    .returning = N_COLS,
    .tail = ") select exists (select 1 from t.notes where id = $1), hit.id is not null,"
            " hit.* from (select 1) x left join hit on true",
    .row = &note_row,
    .key = note_key,
    .nkey = 2
};
static const struct sc__stmt note_list = {
    .label = "note_list",
    .sql = "select " N_COLS " from t.notes where person_id = $1 order by person_id, id",
    .params = one_text,
    .row = &note_row,
    .nparams = 1,
    .want = SC__WANT_MANY
};

/* ---- a person with notes ---------------------------------------------------------------- */

struct person_notes {
    struct person person;
    struct {
        const struct note *items;
        size_t count;
    } notes;
};
static const uint16_t person_notes_parent[] = { 0 }, person_notes_child[] = { 1 };
static const struct sc__relation person_notes_relations[] = {
    { &note_list, person_notes_parent, person_notes_child, 1,
      offsetof(struct person_notes, notes) },
};
static const struct sc__nested person_notes = { &person_get, person_notes_relations, 1,
                                                sizeof(struct person_notes) };

/* ---- keys: a secret ------------------------------------------------------------------------ */

struct key {
    const char *token;
    const char *person_id;
    int32_t uses;
};
struct key_new {
    const char *token;
    const char *person_id;
    struct sc_maybe_int4 uses;
};
static const struct sc__column key_columns[] = {
    { COLUMN("token", TEXT(SC__REQUIRED | SC__PLAIN_NEW | SC__SECRET)),
      AT(key, token) },
    { COLUMN("person_id", TEXT(SC__NULLABLE | SC__PLAIN_NEW)), AT(key, person_id) },
    { COLUMN("uses", INT4(SC__REQUIRED)), AT(key, uses) },
};
static const struct sc__row key_row = { key_columns, 3, sizeof(struct key) };
static const struct sc__insert key_insert = { .label = "key_insert",
                                              .name = "t.keys",
                                              .returning = "token, person_id, uses",
                                              .row = &key_row,
                                              .flags = SC__TOUCHES_SECRET };

/* ---- calls as generated functions make them ------------------------------------------------ */

static inline enum sc_status get_person(struct sc_db *db, const char *id,
                                        struct person **out, struct sc_error *err)
{
    const void *args[] = { &id };
    return sc__run(db, &person_get, 0, args, out, NULL, err);
}

static inline enum sc_status add_person(struct sc_db *db, const char *id,
                                        const char *email, struct person **out,
                                        struct sc_error *err)
{
    const struct person_new values = { .id = id, .email = email };
    return sc__run_insert(db, &person_insert, &values, out, err);
}

static inline enum sc_status count_people(struct sc_db *db, int64_t *n,
                                          struct sc_error *err)
{
    return sc__run(db, &person_count, 0, NULL, n, NULL, err);
}

#endif
