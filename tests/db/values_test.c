/* values_test.c: values to a real server and back: every kind, at random, alone, in arrays
 * and in array literals; and the types that have no C form, through their text. */
#include <libpq-fe.h>
#include <time.h>

#include "runtime/value/civil.h"
#include "tests/support/cluster.h"
#include "tests/support/codec_text.h"
#include "tests/support/vectors.h"

/* ---- random values ------------------------------------------------------------------ */

static uint64_t seed = 20240229;

static uint64_t next(void)
{
    seed ^= seed << 13; /* xorshift64: the same values in every run */
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* One of `count` (0: of all), the two ends much more often than chance would. */
static uint64_t pick(uint64_t count)
{
    uint64_t any = next();
    if (any % 8 == 0) {
        return 0;
    }
    if (any % 8 == 1) {
        return count - 1;
    }
    return count == 0 ? next() : next() % count;
}

static const char *random_number(char *to)
{
    char *p = to;
    int whole = (int)pick(25), fraction = (int)pick(20);
    p = sc__put_text(p, next() % 2 ? "-" : "");
    for (int i = 0; i < whole; i++) {
        *p++ = (char)('0' + (next() % 3 ? next() % 10 : 0));
    }
    if (fraction > 0 || whole == 0) {
        *p++ = '.';
        *p++ = (char)('0' + next() % 10);
    }
    for (int i = 1; i < fraction; i++) {
        *p++ = (char)('0' + (next() % 3 ? next() % 10 : 0));
    }
    if (next() % 4 == 0) {
        p += snprintf(p, 8, "e%d", (int)pick(60) - 30);
    }
    *p = '\0';
    static const char *const special[] = { "NaN", "Infinity", "-Infinity", "1e131071",
                                           "-1e-16383" };
    return next() % 16 == 0 ? special[next() % 5] : to;
}

static const char *random_text(char *to, size_t most)
{
    static const char letters[] = "ab \\\"{},\n\t'$Nul";
    size_t length = (size_t)pick(most);
    for (size_t i = 0; i < length; i++) {
        to[i] = letters[next() % (sizeof letters - 1)];
    }
    to[length] = '\0';
    return to;
}

static int64_t random_timestamp(void)
{
    static const int64_t ends[] = { INT64_MIN, INT64_MAX, SC__TIMESTAMP_MIN,
                                    SC__TIMESTAMP_END - 1 };
    if (next() % 4 == 0) {
        return ends[next() % 4];
    }
    /* The whole range, and the years around now. */
    int64_t wide = (int64_t)((uint64_t)SC__TIMESTAMP_MIN +
                             next() % UINT64_C(9435184819200000000));
    return next() % 2 ? wide
                      : (int64_t)(next() % UINT64_C(4000000000000000)) -
                            INT64_C(2000000000000000);
}

static int64_t random_integer(void)
{
    return (int64_t)(next() % 2 ? pick(0) : UINT64_C(1) << 63 >> next() % 64);
}

static const char *random_json(char *to, size_t size)
{
    snprintf(to, size, "{\"a\": [%d, \"\\\\\\\"{}\"]}", (int)(next() % 1000));
    return to;
}

static struct sc_bytea random_bytea(char *to)
{
    uint64_t bits = pick(0);
    memcpy(to, &bits, sizeof bits);
    return (struct sc_bytea){ to, (size_t)pick(sizeof bits + 1) };
}

static int32_t random_date(void)
{
    if (next() % 16 == 0) {
        return next() % 2 ? INT32_MAX : INT32_MIN;
    }
    return SC__DATE_MIN + (int32_t)pick(SC__DATE_END - SC__DATE_MIN);
}

static struct sc_timetz random_timetz(void)
{
    return (struct sc_timetz){ .usec = (int64_t)pick(SC__DAY_USEC + 1),
                               .zone = (int32_t)pick(2 * 57599 + 1) - 57599 };
}

static struct sc_interval random_interval(void)
{
    return (struct sc_interval){ .usec = next() % 2 ? (int64_t)pick(0) : 0,
                                 .days = (int32_t)(next() % 2000) - 1000,
                                 .months = next() % 2 ? (int32_t)next() : 0 };
}

static struct sc_inet random_address(bool network)
{
    struct sc_inet a = { .family = next() % 2 ? 4 : 6, .is_cidr = network };
    int size = a.family == 4 ? 4 : 16;
    a.bits = (uint8_t)pick((uint64_t)size * 8 + 1);
    for (int i = 0; i < size; i++) {
        a.bytes[i] = next() % 2 ? 0 : (uint8_t)next();
    }
    if (next() % 8 == 0 && size == 16) { /* ::ffff:1.2.3.4 */
        memset(a.bytes, 0, 10);
        memset(a.bytes + 10, 0xff, 2);
    }
    for (int bit = a.bits; network && bit < size * 8; bit++) {
        a.bytes[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
    }
    return a;
}

/* A place for any C form, and for the bytes that it points to. */
struct any {
    union {
        bool boolean;
        int16_t int2;
        int32_t int4;
        int64_t int8;
        float float4;
        double float8;
        const char *text;
        struct sc_bytea bytea;
        struct sc_uuid uuid;
        struct sc_timetz timetz;
        struct sc_interval interval;
        struct sc_inet inet;
    } form;
    char bytes[128];
};

static void randomize(const struct sc__type *type, bool network, struct any *any)
{
    memset(any, 0, sizeof *any);
    switch ((enum sc__kind)type->kind) {
    case SC__BOOL:
        any->form.boolean = next() % 2;
        break;
    case SC__INT2:
    case SC__INT4:
    case SC__INT8:
    case SC__OID:
        any->form.int8 = random_integer();
        break;
    case SC__FLOAT4:
        any->form.float4 = (float)(int64_t)next() * 1e-9f;
        break;
    case SC__FLOAT8:
        any->form.float8 = next() % 8 ? (double)(int64_t)next() * 1e-300 : HUGE_VAL;
        break;
    case SC__NUMERIC:
        any->form.text = random_number(any->bytes);
        break;
    case SC__TEXT:
        any->form.text = random_text(any->bytes, 100);
        break;
    case SC__JSONB:
        any->form.text = random_json(any->bytes, sizeof any->bytes);
        break;
    case SC__BYTEA:
        any->form.bytea = random_bytea(any->bytes);
        break;
    case SC__UUID:
        assert_true(sc_uuid_random(&any->form.uuid));
        break;
    case SC__DATE:
        any->form.int4 = random_date();
        break;
    case SC__TIME:
        any->form.int8 = (int64_t)pick(SC__DAY_USEC + 1);
        break;
    case SC__TIMETZ:
        any->form.timetz = random_timetz();
        break;
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
        any->form.int8 = random_timestamp();
        break;
    case SC__INTERVAL:
        any->form.interval = random_interval();
        break;
    case SC__INET:
        any->form.inet = random_address(network);
        break;
    case SC__ENUM:
        any->form.int4 = 1 + (int)(next() % 3);
        break;
    }
}

/* ---- the server ---------------------------------------------------------------------- */

struct session {
    struct test_db *db;
    PGconn *conn;
};

static struct session open_session(void **state)
{
    struct session s = { *state, NULL };
    s.conn = PQconnectdb(s.db->url);
    assert_int_equal(PQstatus(s.conn), CONNECTION_OK);
    PQclear(PQexec(s.conn,
                   "set timezone to 'UTC'; set client_min_messages to error; "
                   "create schema vec; create domain vec.email as text; "
                   "create type vec.mood as enum ('sad', 'ok', "
                   "'with \"space\" \\'); "
                   "create type vec.addr as (num int4, street text, tags int4[]); "
                   "create type vec.nest as (a vec.addr, x numeric)"));
    return s;
}

/* Asks with the parameters given, for binary results; what fails ends the test. */
static PGresult *ask(const struct session *s, const char *sql, const Oid *types,
                     const struct sc__wire *wires, int n)
{
    const char *values[2];
    int lengths[2], formats[2];
    for (int i = 0; i < n; i++) {
        values[i] = wires[i].value;
        lengths[i] = wires[i].length;
        formats[i] = wires[i].format;
    }
    PGresult *r = PQexecParams(s->conn, sql, n, types, values, lengths, formats, 1);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
        fail_msg("%s: %s", sql, PQerrorMessage(s->conn));
    }
    return r;
}

static Oid find_oid(const struct session *s, const char *type)
{
    char sql[100];
    snprintf(sql, sizeof sql, "select '%s'::regtype::oid::text", type);
    PGresult *r = ask(s, sql, NULL, NULL, 0);
    Oid oid = (Oid)strtoul(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    return oid;
}

static const char *const names[] = {
    "bool",        "int2",     "int4", "int8",    "oid",       "float4",
    "float8",      "numeric",  "text", "varchar", "vec.email", "jsonb",
    "bytea",       "uuid",     "date", "time",    "timetz",    "timestamp",
    "timestamptz", "interval", "inet", "cidr",    "vec.mood",
};
#define NNAMES ((int)(sizeof names / sizeof *names))

static struct sc__bytes cell(const PGresult *r, int column)
{
    struct sc__bytes bytes = { PQgetvalue(r, 0, column), PQgetlength(r, 0, column) };
    return bytes;
}

/* Floats are held against each other as numbers: there may be several shortest texts. */
static bool same_text(const struct sc__type *type, const char *a, const char *b)
{
    if (type->kind == SC__FLOAT4) {
        return strtof(a, NULL) == strtof(b, NULL);
    }
    return type->kind == SC__FLOAT8 ? strtod(a, NULL) == strtod(b, NULL)
                                    : strcmp(a, b) == 0;
}

static void compare_text(const struct sc__type *type, const void *form,
                         const char *text)
{
    static char ours[200000];
    write_scalar(type, form, ours, sizeof ours);
    if (!same_text(type, ours, text)) {
        fail_msg("kind %d: \"%.100s\" is \"%.100s\" to the server", type->kind, ours,
                 text);
    }
}

/* What the parsers make of the server's text is the value. */
static void check_parsers(const struct sc__type *type, const struct any *v,
                          const char *text)
{
    struct any read;
    bool ok = true;
    memset(&read, 0, sizeof read);
    if (type->kind == SC__UUID) {
        ok = sc_uuid_parse(text, &read.form.uuid);
    } else if (type->kind == SC__DATE) {
        ok = sc_date_parse(text, (struct sc_date *)&read.form.int4);
    } else if (type->kind == SC__TIME) {
        ok = sc_time_parse(text, (struct sc_time *)&read.form.int8);
    } else if (type->kind == SC__TIMETZ) {
        ok = sc_timetz_parse(text, &read.form.timetz);
    } else if (type->kind == SC__TIMESTAMP) {
        ok = sc_timestamp_parse(text, (struct sc_timestamp *)&read.form.int8);
    } else if (type->kind == SC__TIMESTAMPTZ) {
        ok = sc_timestamptz_parse(text, (struct sc_timestamptz *)&read.form.int8);
    } else if (type->kind == SC__INTERVAL) {
        ok = sc_interval_parse(text, &read.form.interval);
    } else if (type->kind == SC__INET) {
        ok = sc_inet_parse(text, &read.form.inet);
        read.form.inet.is_cidr = v->form.inet.is_cidr;
    } else {
        return;
    }
    if (!ok || memcmp(&read.form, &v->form, sc__form_size(type, false)) != 0) {
        fail_msg("kind %d: \"%.100s\" is not read as it was written", type->kind, text);
    }
}

/* Sends a random value, and takes it back in binary and in text. */
static void check_scalar(const struct session *s, int i, Oid oid)
{
    const struct sc__type type = TYPE(vectors_type(names[i]).kind, 0, oid);
    struct any sent, got = { 0 };
    struct scratch scratch = open_scratch();
    char sql[100];
    snprintf(sql, sizeof sql, "select $1::%s, format('%%s', $1::%s)", names[i],
             names[i]);
    randomize(&type, strcmp(names[i], "cidr") == 0, &sent);
    struct sc__source from = { .type = &type, .value = &sent.form };
    const struct sc__fault *fault = sc__encode(&from, &scratch.arena, &scratch.wire);
    if (fault != NULL) {
        fail_msg("%s %s", names[i], fault->text);
    }
    PGresult *r = ask(s, sql, &oid, &scratch.wire, 1);
    struct sc__bytes bytes = cell(r, 0);
    char *tail = decode(&type, bytes.data, bytes.length, &got.form);
    compare_text(&type, &got.form, PQgetvalue(r, 0, 1));
    check_parsers(&type, &got, PQgetvalue(r, 0, 1));

    /* What came is what went, to the byte. */
    struct sc__wire went, came;
    from.value = &got.form;
    assert_null(sc__encode_binary(&from, &scratch.arena, &came));
    assert_int_equal(came.length, bytes.length);
    assert_memory_equal(came.value, bytes.data, (size_t)bytes.length);
    from.value = &sent.form;
    assert_null(sc__encode_binary(&from, &scratch.arena, &went));
    assert_int_equal(went.length, came.length);
    assert_memory_equal(went.value, came.value, (size_t)came.length);
    free(tail);
    PQclear(r);
    sc__scratch_release(&scratch.arena);
}

static void test_random_values(void **state)
{
    struct session s = open_session(state);
    for (int i = 0; i < NNAMES; i++) {
        Oid oid = find_oid(&s, names[i]);
        for (int n = 0; n < 60; n++) {
            check_scalar(&s, i, oid);
        }
    }
    PQfinish(s.conn);
}

/* Twelve elements of random shape, as a parameter and as a literal within a text[]. */
static void check_array(const struct session *s, int i, Oid element, Oid array)
{
    static const int32_t lengths[][3] = { { 12, 0, 0 }, { 3, 4, 0 }, { 2, 3, 2 } };
    static const int32_t lower[] = { -3, 1, 7 };
    const struct sc__type type = TYPE(vectors_type(names[i]).kind, SC__ARRAY, array);
    static struct any values[12];
    char items[12 * 32] = { 0 };
    bool nulls[12];
    struct sc__type item = type;
    item.flags = 0;
    size_t size = sc__form_size(&item, false);
    for (size_t n = 0; n < 12; n++) {
        randomize(&item, strcmp(names[i], "cidr") == 0, &values[n]);
        memcpy(items + n * size, &values[n].form, size);
        nulls[n] = next() % 4 == 0;
    }
    int ndims = (int)(next() % 4);
    struct sc_shape shape = { nulls, ndims, ndims > 0 ? lengths[ndims - 1] : NULL,
                              next() % 2 ? lower : NULL };
    struct any_array list = { items, next() % 8 == 0 ? 0 : 12,
                              next() % 4 == 0 ? NULL : &shape };

    char sql[120];
    snprintf(sql, sizeof sql, "select $1::%s[], ($2::text[])[1]::%s[]", names[i],
             names[i]);
    struct sc__scratch scratch;
    struct sc__wire wires[2];
    const Oid types[2] = { array, 1009 };
    sc__scratch_init(&scratch, NULL, 0);
    struct sc__source from = { &type, &list, element, false };
    struct sc__strided literals = {
        .type = &type, .base = &list, .count = 1, .stride = sizeof list
    };
    assert_null(sc__encode(&from, &scratch, &wires[0]));
    assert_null(sc__encode_strided(&literals, &scratch, &wires[1]));
    PGresult *r = ask(s, sql, types, wires, 2);
    for (int column = 0; column < 2; column++) {
        struct sc__bytes bytes = cell(r, column);
        if (bytes.length != wires[0].length ||
            memcmp(bytes.data, wires[0].value, (size_t)bytes.length) != 0) {
            fail_msg("%s[] is another array in %s", names[i],
                     column == 0 ? "binary" : "its literal");
        }
        struct any out;
        free(decode(&type, bytes.data, bytes.length, &out.form));
    }
    PQclear(r);
    sc__scratch_release(&scratch);
}

static void test_random_arrays(void **state)
{
    struct session s = open_session(state);
    for (int i = 0; i < NNAMES; i++) {
        char array[40];
        snprintf(array, sizeof array, "%s[]", names[i]);
        Oid element_oid = find_oid(&s, names[i]), array_oid = find_oid(&s, array);
        for (int n = 0; n < 25; n++) {
            check_array(&s, i, element_oid, array_oid);
        }
    }
    PQfinish(s.conn);
}

/* Types without a C form travel as text, cast in the SQL. */
static void test_types_without_a_form(void **state)
{
    struct vectors *vectors = vectors_open();
    struct session s = open_session(state);
    struct vector v;
    int checked = 0;
    while (vectors_next(vectors, &v)) {
        if (v.type.kind != 0) {
            continue;
        }
        char sql[100];
        struct sc__wire wire = { .value = v.text };
        const Oid text = 25;
        snprintf(sql, sizeof sql, "select ($1::text::%s)::text", v.name);
        PGresult *r = ask(&s, sql, &text, &wire, 1);
        if (strcmp(PQgetvalue(r, 0, 0), v.text) != 0) {
            fail_msg("%s \"%s\" comes back as \"%s\"", v.name, v.text,
                     PQgetvalue(r, 0, 0));
        }
        PQclear(r);
        checked++;
    }
    assert_true(checked > 40);
    vectors_close(vectors);
    PQfinish(s.conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_values, test_db_setup,
                                        test_db_teardown),
        cmocka_unit_test_setup_teardown(test_random_arrays, test_db_setup,
                                        test_db_teardown),
        cmocka_unit_test_setup_teardown(test_types_without_a_form, test_db_setup,
                                        test_db_teardown),
    };
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
