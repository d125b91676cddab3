/* features_secret_test.c: whatever fails, no byte of a secret is in the error, in what
 * hooks are told, or in a notice. */
#include "tests/db/support/features.h"

static const char TOKEN[] = "tOkEn-5eCr3t-0123456789";
static const char CODE[] = "c0De-5eCr3t-987654321";

/* Everything that the hooks were told, one after the other. */
static struct {
    char text[1 << 16];
    size_t size;
    int events;
    int notices;
} told;

static void tell(const void *data, size_t size)
{
    assert_true(told.size + size < sizeof(told.text));
    memcpy(told.text + told.size, data, size);
    told.size += size;
}

static void tell_event(void *user, const struct sc_event *event)
{
    assert_ptr_equal(user, &told);
    told.events++;
    tell(event, sizeof(*event));
    tell(event->query, strlen(event->query));
    tell(event->sql, strlen(event->sql));
    tell(event->sqlstate, strlen(event->sqlstate));
}

static void tell_notice(void *user, const char *message)
{
    assert_ptr_equal(user, &told);
    told.notices++;
    tell(message, strlen(message));
}

static void listen(struct scene *scene)
{
    struct sc_hooks hooks = {
        .user = &told, .start = tell_event, .end = tell_event, .notice = tell_notice
    };
    memset(&told, 0, sizeof(told));
    sc_set_hooks(scene->db, &hooks);
}

static bool holds(const void *data, size_t size, const char *needle)
{
    size_t length = strlen(needle);
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp((const char *)data + i, needle, length) == 0)
            return true;
    return false;
}

/* Any six bytes of a secret in a row would be a trace of it. */
static void expect_no_trace(const struct scene *scene, int line)
{
    const char *const secrets[] = { TOKEN, CODE };
    for (size_t s = 0; s < COUNT(secrets); s++)
        for (size_t i = 0; i + 6 <= strlen(secrets[s]); i++) {
            char part[7] = "";
            memcpy(part, secrets[s] + i, 6);
            if (!holds(&scene->err, sizeof(scene->err), part) &&
                !holds(told.text, told.size, part))
                continue;
            print_error("line %d: a trace of %s: %s / %s / %s\n", line, secrets[s],
                        scene->err.message, scene->err.detail, scene->err.hint);
            fail();
        }
    assert_string_equal(scene->err.detail, "");
    assert_true(scene->err.message[0]);
}
#define FAILS(wanted, call)                            \
    do {                                               \
        memset(&scene->err, 0xee, sizeof(scene->err)); \
        EXPECT(wanted, call);                          \
        assert_int_equal(scene->err.status, wanted);   \
        expect_no_trace(scene, __LINE__);              \
    } while (0)

static struct r_keys_new key(void)
{
    return (struct r_keys_new){ .token = TOKEN, .code = CODE };
}

/* ---- each way to write ----------------------------------------------------------- */

static enum sc_status in_batch(struct scene *scene, const struct r_keys_new *values,
                               size_t count)
{
    struct sc_batch *batch;
    struct sc_error item;
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    int64_t n;
    EXPECT(SC_QUEUED, r_keys_count(sc_queue(batch), &n, &scene->err));
    EXPECT(SC_QUEUED,
           r_keys_insert_many(sc_queue(batch), values, count, NULL, NULL, &scene->err));
    EXPECT(SC_QUEUED, r_keys_count(sc_queue(batch), &n, &scene->err));
    enum sc_status status = sc_batch_run(batch, &scene->err);
    assert_int_equal(scene->err.item, 1);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sc_batch_status(batch, i, &item),
                         i == 1 ? status : SC_NOT_RUN);
        assert_false(holds(&item, sizeof(item), "5eCr3t"));
    }
    sc_batch_close(batch);
    return status;
}

static enum sc_status in_transaction(struct scene *scene,
                                     const struct r_keys_new *values)
{
    struct sc_db *tx;
    struct sc_error err;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &err));
    enum sc_status status = r_keys_insert(tx, values, NULL, &scene->err);
    assert_int_equal(sc_tx_commit(tx, &err), status);
    assert_false(holds(&err, sizeof(err), "5eCr3t"));
    return status;
}

static void expect_each_way(struct scene *scene, const struct r_keys_new *values,
                            enum sc_status want, int constraint)
{
    struct r_keys_new two[] = { { .token = "other", .owner = values->owner }, *values };
    struct r_keys *rows;
    size_t n;
    listen(scene);
#define FAILS_SO(call) \
    FAILS(want, call); \
    assert_int_equal(scene->err.constraint, constraint)
    FAILS_SO(r_keys_insert(scene->db, values, NULL, &scene->err));
    FAILS_SO(r_keys_insert(scene->db, values, &rows, &scene->err));
    assert_null(rows);
    FAILS_SO(r_keys_insert_many(scene->db, values, 1, &rows, &n, &scene->err));
    FAILS_SO(r_keys_insert_many(scene->db, two, 2, NULL, NULL, &scene->err));
    FAILS_SO(r_keys_load(scene->db, two, 2, &scene->err));
    FAILS_SO(in_batch(scene, two, 2));
    FAILS_SO(in_transaction(scene, values));
#undef FAILS_SO
    assert_true(told.events >= 14);
    SEE("select count(*) from r.keys where token = 'other'", "0");
}

static void a_duplicate_token(void **state)
{
    struct scene *scene = *state;
    struct r_keys_new values = key();
    EXPECT(SC_OK, r_keys_insert(scene->db, &values, NULL, &scene->err));
    values.code = NULL;
    expect_each_way(scene, &values, SC_UNIQUE, R_KEYS_PKEY);
    assert_string_equal(scene->err.constraint_name, "keys_pkey");
    assert_string_equal(scene->err.table, "keys");
    assert_string_equal(scene->err.sqlstate, "23505");
    values = (struct r_keys_new){ .token = "t", .code = CODE };
    expect_each_way(scene, &values, SC_UNIQUE, R_KEYS_CODE_KEY);
    values = (struct r_keys_new){ .token = TOKEN, .code = "new" };
    FAILS(SC_UNIQUE, r_keys_upsert_by_code(scene->db, &values, NULL, &scene->err));
    values = (struct r_keys_new){ .token = "t", .code = CODE };
    FAILS(SC_UNIQUE, r_keys_upsert(scene->db, &values, NULL, &scene->err));
}

/* The server's DETAIL is the whole row, whichever column the check is about. */
static void a_check_violation(void **state)
{
    struct scene *scene = *state;
    struct r_keys_new values = key();
    SC_SET(values.pin, 11);
    expect_each_way(scene, &values, SC_CHECK, R_KEYS_PIN_CHECK);
    values = key();
    values.marker = "bad";
    expect_each_way(scene, &values, SC_CHECK, R_KEYS_MARKER_CHECK);
    FAILS(SC_CHECK, r_keys_upsert(scene->db, &values, NULL, &scene->err));
    values.marker = NULL;
    EXPECT(SC_OK, r_keys_insert(scene->db, &values, NULL, &scene->err));
    struct r_keys_patch patch = { .marker = SC("bad") };
    FAILS(SC_CHECK, r_keys_update(scene->db, TOKEN, &patch, NULL, &scene->err));
    int64_t n;
    FAILS(SC_CHECK, r_spoil_key(scene->db, TOKEN, 12, &n, &scene->err));
}

static void a_null_that_the_server_refuses(void **state)
{
    struct scene *scene = *state;
    struct r_keys_new values = key();
    elsewhere(scene, "alter table r.keys alter marker set not null");
    expect_each_way(scene, &values, SC_NOT_NULL, 0);
    assert_string_equal(scene->err.column, "marker");
    assert_string_equal(scene->err.sqlstate, "23502");
}

/* These are quoted in the message itself. */
static void a_text_that_is_no_value(void **state)
{
    struct scene *scene = *state;
    struct r_keys_new values = { .token = "t", .address = TOKEN };
    expect_each_way(scene, &values, SC_BAD_VALUE, 0);
    assert_string_equal(scene->err.sqlstate, "22P02");
    values = (struct r_keys_new){ .token = "t", .payload = TOKEN };
    expect_each_way(scene, &values, SC_BAD_VALUE, 0);
    values = (struct r_keys_new){ .token = "tOkEn-5eCr3t\xff", .code = CODE };
    expect_each_way(scene, &values, SC_BAD_VALUE, 0);
    values = (struct r_keys_new){ .token = TOKEN,
                                  .code = "c0De-5eCr3t-987654321-too-long" };
    expect_each_way(scene, &values, SC_BAD_VALUE, 0);
    values = key();
    EXPECT(SC_OK, r_keys_insert(scene->db, &values, NULL, &scene->err));
    struct r_keys_patch patch = { .address = SC(CODE) };
    FAILS(SC_BAD_VALUE, r_keys_update(scene->db, TOKEN, &patch, NULL, &scene->err));
    int32_t *numbers;
    size_t n;
    FAILS(SC_BAD_VALUE, r_guess_key(scene->db, CODE, &numbers, &n, &scene->err));
}

/* A statement that names no secret column still meets rows that have one. */
static void a_row_whose_secret_is_not_named(void **state)
{
    struct scene *scene = *state;
    const struct r_docs_new values = {
        .slug = "s", .owner = "o", .title = "t", .password = TOKEN
    };
    struct r_docs *doc;
    EXPECT(SC_OK, r_docs_insert(scene->db, &values, &doc, &scene->err));
    elsewhere(scene, "alter table r.docs add constraint undying check"
                     " (deleted_at is null and title <> '')");
    listen(scene);
    FAILS(SC_CHECK, r_docs_delete(scene->db, doc->id, &scene->err));
    assert_string_equal(scene->err.constraint_name, "undying");
    int64_t n;
    FAILS(SC_CHECK, r_close_docs(scene->db, "o", &n, &scene->err));
    const struct r_docs_patch patch = { .title = SC("") };
    FAILS(SC_CHECK, r_docs_update(scene->db, doc->id, 1, &patch, NULL, &scene->err));
    elsewhere(scene, "alter table r.docs drop constraint undying;"
                     "update r.docs set deleted_at = now();"
                     "alter table r.docs add check (deleted_at is not null)");
    FAILS(SC_CHECK, r_docs_restore(scene->db, doc->id, &scene->err));
    r_docs_free(doc);
}

/* Nor does one of another table, whose foreign key leads here. */
static void a_row_that_a_foreign_key_changes(void **state)
{
    struct scene *scene = *state;
    const struct r_locks_new lock = { .door_id = SC(1), .code = CODE };
    const struct r_doors_new door = { .id = SC(1), .color = "red" };
    const struct r_doors_patch patch = { .id = SC(10) };
    EXPECT(SC_OK, r_doors_insert(scene->db, &door, NULL, &scene->err));
    EXPECT(SC_OK, r_locks_insert(scene->db, &lock, NULL, &scene->err));
    listen(scene);
    FAILS(SC_CHECK, r_doors_delete(scene->db, 1, &scene->err));
    assert_int_equal(scene->err.constraint, R_LOCKS_PLACED);
    FAILS(SC_CHECK, r_doors_update(scene->db, 1, &patch, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, R_LOCKS_DOOR_ID_CHECK);
}

static void a_row_that_a_declared_query_reaches(void **state)
{
    struct scene *scene = *state;
    const struct r_locks_new lock = { .door_id = SC(1), .code = CODE };
    const struct r_doors_new door = { .id = SC(1), .color = "red" };
    int64_t n;
    EXPECT(SC_OK, r_doors_insert(scene->db, &door, NULL, &scene->err));
    EXPECT(SC_OK, r_locks_insert(scene->db, &lock, NULL, &scene->err));
    listen(scene);
    FAILS(SC_CHECK, r_remove_doors(scene->db, "red", &n, &scene->err));
    FAILS(SC_CHECK, r_move_doors(scene->db, "red", 10, &n, &scene->err));
}

static void a_value_that_we_refuse(void **state)
{
    struct scene *scene = *state;
    struct r_keys_new values = key();
    values.amount = (struct sc_numeric){ TOKEN };
    listen(scene);
    FAILS(SC_BAD_VALUE, r_keys_insert(scene->db, &values, NULL, &scene->err));
    FAILS(SC_BAD_VALUE,
          r_keys_insert_many(scene->db, &values, 1, NULL, NULL, &scene->err));
    FAILS(SC_BAD_VALUE, r_keys_load(scene->db, &values, 1, &scene->err));
    values.token = NULL;
    values.amount.text = NULL;
    FAILS(SC_NOT_NULL, r_keys_insert(scene->db, &values, NULL, &scene->err));
}

static void a_row_that_is_not_there(void **state)
{
    struct scene *scene = *state;
    struct r_keys *row;
    struct r_keys_patch patch = { .code = SC(CODE) };
    listen(scene);
    FAILS(SC_NOT_FOUND, r_keys_get(scene->db, TOKEN, &row, &scene->err));
    FAILS(SC_NOT_FOUND, r_keys_by_code(scene->db, CODE, &row, &scene->err));
    FAILS(SC_NOT_FOUND, r_keys_delete(scene->db, TOKEN, &scene->err));
    FAILS(SC_NOT_FOUND, r_keys_update(scene->db, TOKEN, &patch, &row, &scene->err));
    assert_true(told.events >= 8);
}

/* ---- what a trigger says --------------------------------------------------------- */

static const char loud[] =
    "create function r.loud() returns trigger language plpgsql as $$ begin"
    " raise notice 'a row with % and %', new.token, new.code;"
    " if new.owner = 'raise' then"
    "  raise exception 'no % here', new.token"
    "   using detail = new.token, hint = new.token;"
    " end if; return new; end $$;"
    "create trigger loud before insert or update on r.keys for each row"
    " execute function r.loud();";

static void a_notice(void **state)
{
    struct scene *scene = *state;
    struct r_keys_new values = key();
    struct r_keys *row;
    struct sc_batch *batch;
    elsewhere(scene, loud);
    listen(scene);
    EXPECT(SC_OK, r_keys_insert(scene->db, &values, &row, &scene->err));
    assert_string_equal(row->token, TOKEN); /* where it belongs */
    r_keys_free(row);
    values = (struct r_keys_new){ .token = "tOkEn-5eCr3t" };
    EXPECT(SC_OK, r_keys_insert_many(scene->db, &values, 1, NULL, NULL, &scene->err));
    values.token = "tOkEn-5eCr3t-0";
    EXPECT(SC_OK, r_keys_load(scene->db, &values, 1, &scene->err));
    values.token = "tOkEn-5eCr3t-1";
    EXPECT(SC_OK, r_keys_upsert(scene->db, &values, NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    values.token = "tOkEn-5eCr3t-2";
    EXPECT(SC_QUEUED, r_keys_insert(sc_queue(batch), &values, NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    int64_t n;
    EXPECT(SC_OK, r_spoil_key(scene->db, TOKEN, 1, &n, &scene->err));
    assert_int_equal(n, 1);
    assert_int_equal(told.notices, 6);
    assert_false(holds(told.text, told.size, "5eCr3t"));
}

static void an_exception(void **state)
{
    struct scene *scene = *state;
    struct r_keys_new values = key();
    elsewhere(scene, loud);
    values.owner = "raise";
    expect_each_way(scene, &values, SC_SERVER, 0);
    assert_string_equal(scene->err.sqlstate, "P0001");
    assert_true(told.notices > 0);
}

/* ---- at the commit --------------------------------------------------------------- */

/* The duplicate is found, or the trigger speaks, when the server commits. */
static void expect_secret_commit(struct scene *scene, enum sc_status want)
{
    const struct r_seals_new values = { .token = TOKEN };
    struct sc_batch *batch;
    struct sc_db *tx, *inner;
    int64_t n;
    listen(scene);
    for (int use = 0; use < 2; use++)
        FAILS(want, r_seals_insert(scene->db, &values, NULL, &scene->err));
    FAILS(want, r_seals_load(scene->db, &values, 1, &scene->err));
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_QUEUED, r_seals_insert(sc_queue(batch), &values, NULL, &scene->err));
    EXPECT(SC_QUEUED, q_people_count(sc_queue(batch), &n, &scene->err));
    FAILS(want, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(tx, NULL, &inner, &scene->err));
    EXPECT(SC_OK, r_seals_insert(inner, &values, NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(inner, &scene->err));
    EXPECT(SC_OK, q_people_count(tx, &n, &scene->err));
    FAILS(want, sc_tx_commit(tx, &scene->err));
}

static void a_failure_at_the_commit(void **state)
{
    struct scene *scene = *state;
    const struct r_seals_new values = { .token = TOKEN };
    EXPECT(SC_OK, r_seals_insert(scene->db, &values, NULL, &scene->err));
    expect_secret_commit(scene, SC_UNIQUE);
    assert_int_equal(scene->err.constraint, R_SEALS_TOKEN);
    elsewhere(scene, "delete from r.seals; "
                     "create function r.late() returns trigger language plpgsql as $$"
                     " begin raise notice 'late %', new.token;"
                     " raise exception 'too late for %', new.token; end $$;"
                     "create constraint trigger late after insert on r.seals deferrable"
                     " initially deferred for each row execute function r.late()");
    expect_secret_commit(scene, SC_SERVER);
    assert_int_equal(told.notices, 5);
}

/* What another transaction did is no reason to be silent. */
static void a_commit_without_secrets_tells_all(void **state)
{
    struct scene *scene = *state;
    const struct r_seals_new seal = { .token = TOKEN };
    const struct q_bookings_new values[] = {
        { .id = SC(1), .room = SC(1), .during = "[1,2)", .name = "same" },
        { .id = SC(2), .room = SC(2), .during = "[2,3)", .name = "same" }
    };
    struct sc_db *tx;
    EXPECT(SC_OK, r_seals_insert(scene->db, &seal, NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, q_bookings_insert(tx, &values[0], NULL, &scene->err));
    EXPECT(SC_OK, q_bookings_insert(tx, &values[1], NULL, &scene->err));
    EXPECT(SC_UNIQUE, sc_tx_commit(tx, &scene->err));
    assert_string_equal(scene->err.detail, "Key (name)=(same) already exists.");
}

/* ---- cursors --------------------------------------------------------------------- */

static bool declares(const char *header, const char *name)
{
    static char text[1 << 17];
    char path[4096];
    snprintf(path, sizeof(path), FEATURES "/%s", header);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof(text), file);
    assert_true(size > 0 && size < sizeof(text));
    fclose(file);
    return holds(text, size, name);
}

/* Pages there are, and cursors; but no text of them for a URL. */
static void a_secret_cursor_has_no_text(void **state)
{
    (void)state;
    assert_true(declares("r_keys.h", "r_keys_page_in_token("));
    assert_true(declares("r_keys.h", "r_keys_page_in_token_cursor_of("));
    assert_false(declares("r_keys.h", "_cursor_text"));
    assert_false(declares("r_keys.h", "_cursor_parse"));
    assert_true(declares("r_docs.h", "r_docs_page_in_id_cursor_text("));
}

/* ---- and where nothing is secret ------------------------------------------------- */

static void other_tables_tell_all(void **state)
{
    struct scene *scene = *state;
    struct q_people_new person = { .email = "a@x" };
    EXPECT(SC_OK, q_people_insert(scene->db, &person, NULL, &scene->err));
    EXPECT(SC_UNIQUE, q_people_insert(scene->db, &person, NULL, &scene->err));
    assert_string_equal(scene->err.detail, "Key (email)=(a@x) already exists.");
    assert_string_equal(scene->err.message, "duplicate key value violates unique "
                                            "constraint \"people_email_key\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(a_duplicate_token),
        FEATURE_TEST(a_check_violation),
        FRESH_TEST(a_null_that_the_server_refuses),
        FEATURE_TEST(a_text_that_is_no_value),
        FRESH_TEST(a_row_whose_secret_is_not_named),
        FRESH_TEST(a_row_that_a_foreign_key_changes),
        FRESH_TEST(a_row_that_a_declared_query_reaches),
        FEATURE_TEST(a_value_that_we_refuse),
        FEATURE_TEST(a_row_that_is_not_there),
        FRESH_TEST(a_notice),
        FRESH_TEST(an_exception),
        FRESH_TEST(a_failure_at_the_commit),
        FEATURE_TEST(a_commit_without_secrets_tells_all),
        FEATURE_TEST(a_secret_cursor_has_no_text),
        FEATURE_TEST(other_tables_tell_all),
    };
    return RUN_FEATURES("features_secret", tests);
}
