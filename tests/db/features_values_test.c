/* features_values_test.c: each type in each form, the extremes included, read by a
 * generated function and written again by each one that writes, is the same to the
 * server. */
#include "tests/db/support/features.h"

/* ---- the tables' columns, by the form of the member ---------------------------------
 *
 * M: a struct sc_maybe_x, T: text, N: numeric, B: bytea, A: array; of v.firm F: bare. */

/* clang-format makes something else of these at each call. */
/* clang-format off */
#define KINDS_COLUMNS(M, T, N, B) \
    M(a_bool) M(a_int2) M(a_int4) M(a_int8) M(a_oid) M(a_float4) M(a_float8) \
    M(a_uuid) M(a_date) M(a_time) M(a_timetz) M(a_timestamp) M(a_timestamptz) \
    M(a_interval) M(a_inet) M(a_cidr) M(a_color) M(a_small) N(a_numeric) T(a_text) \
    T(a_varchar) T(a_char) T(a_name) T(a_json) T(a_jsonb) T(a_xml) B(a_bytea)

#define FIRM_COLUMNS(F, T, N, B, A) \
    F(a_bool) F(a_int2) F(a_int4) F(a_int8) F(a_oid) F(a_float4) F(a_float8) \
    F(a_uuid) F(a_date) F(a_time) F(a_timetz) F(a_timestamp) F(a_timestamptz) \
    F(a_interval) F(a_inet) F(a_color) N(a_numeric) T(a_text) T(a_jsonb) B(a_bytea) \
    A(a_texts)

#define LISTS_COLUMNS(A) \
    A(a_bool) A(a_int2) A(a_int4) A(a_int8) A(a_oid) A(a_float4) A(a_float8) \
    A(a_numeric) A(a_text) A(a_varchar) A(a_json) A(a_jsonb) A(a_bytea) A(a_uuid) \
    A(a_date) A(a_time) A(a_timetz) A(a_timestamp) A(a_timestamptz) A(a_interval) \
    A(a_inet) A(a_color)

#define ODD_COLUMNS(T, A) \
    T(a_money) T(a_jsonpath) T(a_macaddr) T(a_macaddr8) T(a_bit) T(a_varbit) \
    T(a_point) T(a_line) T(a_lseg) T(a_box) T(a_path) T(a_polygon) T(a_circle) \
    T(a_tsvector) T(a_tsquery) T(a_int4range) T(a_numrange) T(a_tstzrange) \
    T(a_multirange) T(a_regclass) T(a_regtype) T(a_pg_lsn) T(a_xid) T(a_xid8) \
    T(a_cid) T(a_tid) T(a_citext) A(a_points) A(a_ranges)
/* clang-format on */

#define NEW_SAME(c)   to->c = from->c;
#define NEW_FIRM(c)   SC_SET(to->c, from->c);
#define PATCH_SAME(c) to->c = from->c;
#define PATCH_POINTER(c, pointer)                            \
    to->c.is = (pointer) != NULL ? SC_IS_VALUE : SC_IS_NULL; \
    to->c.value = from->c;
#define PATCH_TEXT(c)    PATCH_POINTER(c, from->c)
#define PATCH_NUMERIC(c) PATCH_POINTER(c, from->c.text)
#define PATCH_BYTEA(c)   PATCH_POINTER(c, from->c.data)
#define PATCH_ARRAY(c)   PATCH_POINTER(c, from->c.items)
#define PATCH_FIRM(c)    SC_SET(to->c, from->c);

/* ---- one row, written in each way ------------------------------------------------ */

enum {
    INSERT = 1,
    INSERT_RETURNING,
    INSERT_MANY,
    LOAD,
    UPSERT_NEW,
    UPSERT_OLD,
    UPDATE,
    BATCH_INSERT,
    BATCH_MANY,
    BATCH_LOAD,
    BATCH_UPDATE,
    LOAD_FROM,
    UPSERT_MANY,
    SCAN,
    WAYS
};
enum { APART = 1000 }; /* a copy's id is its row's and this times the way */

static struct sc_db *queue(struct scene *scene, struct sc_batch **batch)
{
    EXPECT(SC_OK, sc_batch_open(scene->db, batch, &scene->err));
    return sc_queue(*batch);
}

/* Copies of rows that exist, empty but for their key, in which the copies are to be. */
static void make_room(struct scene *scene, const char *table, int way)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
             "insert into v.%s (id) select id + %d from v.%s where id < %d", table,
             way * APART, table, APART);
    elsewhere(scene, sql);
}

static void expect_copies(struct scene *scene, const char *table, size_t n, int ways)
{
    char sql[640], want[32];
    snprintf(want, sizeof(want), "%zu", n * (size_t)ways);
    snprintf(sql, sizeof(sql),
             "select count(*) from v.%s a join v.%s b"
             " on b.id %% %d = a.id and b.id > a.id where a.id < %d and"
             " substr(a::text, strpos(a::text, ',')) ="
             " substr(b::text, strpos(b::text, ','))",
             table, table, APART, APART);
    SEE(sql, want);
}

/* Rows for a load_from. */
struct supply {
    const void *rows;
    size_t size;
    size_t count;
};

static int supply_next(struct supply *supply, void *row)
{
    if (!supply->count)
        return 0;
    memcpy(row, supply->rows, supply->size);
    supply->rows = (const char *)supply->rows + supply->size;
    supply->count--;
    return 1;
}

/* The functions of a table: OLD says that rows may be empty but for their key. */
#define DEFINE_TRIP(table, TO_NEW, TO_PATCH, OLD)                                      \
    static void table##_to_new(const struct v_##table *from,                           \
                               struct v_##table##_new *to)                             \
    {                                                                                  \
        TO_NEW                                                                         \
    }                                                                                  \
    static void table##_to_patch(const struct v_##table *from,                         \
                                 struct v_##table##_patch *to)                         \
    {                                                                                  \
        TO_PATCH                                                                       \
    }                                                                                  \
    static void table##_write(struct scene *scene, const struct v_##table *from,       \
                              struct v_##table##_new *to)                              \
    {                                                                                  \
        struct v_##table##_patch patch = { 0 };                                        \
        struct v_##table *row;                                                         \
        struct sc_batch *batch;                                                        \
        *to = (struct v_##table##_new){ 0 };                                           \
        table##_to_new(from, to);                                                      \
        table##_to_patch(from, &patch);                                                \
        SC_SET(to->id, from->id + INSERT * APART);                                     \
        EXPECT(SC_OK, v_##table##_insert(scene->db, to, NULL, &scene->err));           \
        SC_SET(to->id, from->id + INSERT_RETURNING * APART);                           \
        EXPECT(SC_OK, v_##table##_insert(scene->db, to, &row, &scene->err));           \
        assert_int_equal(row->id, from->id + INSERT_RETURNING * APART);                \
        v_##table##_free(row);                                                         \
        SC_SET(to->id, from->id + UPSERT_NEW * APART);                                 \
        EXPECT(SC_OK, v_##table##_upsert(scene->db, to, NULL, &scene->err));           \
        SC_SET(to->id, from->id + (OLD ? UPSERT_OLD : UPSERT_NEW) * APART);            \
        EXPECT(SC_OK, v_##table##_upsert(scene->db, to, &row, &scene->err));           \
        v_##table##_free(row);                                                         \
        EXPECT(SC_OK, v_##table##_update(scene->db,                                    \
                                         from->id + (OLD ? UPDATE : INSERT) * APART,   \
                                         &patch, NULL, &scene->err));                  \
        struct sc_db *later = queue(scene, &batch);                                    \
        SC_SET(to->id, from->id + BATCH_INSERT * APART);                               \
        EXPECT(SC_QUEUED, v_##table##_insert(later, to, &row, &scene->err));           \
        EXPECT(SC_QUEUED, v_##table##_update(                                          \
                              later, from->id + (OLD ? BATCH_UPDATE : INSERT) * APART, \
                              &patch, NULL, &scene->err));                             \
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));                               \
        sc_batch_close(batch);                                                         \
        assert_int_equal(row->id, from->id + BATCH_INSERT * APART);                    \
        v_##table##_free(row);                                                         \
    }                                                                                  \
    static int table##_next_new(void *arg, struct v_##table##_new *row)                \
    {                                                                                  \
        return supply_next(arg, row);                                                  \
    }                                                                                  \
    static void table##_read_on(struct scene *scene)                                   \
    {                                                                                  \
        struct sc_db *other;                                                           \
        struct sc_stream *stream;                                                      \
        struct v_##table *row;                                                         \
        EXPECT(SC_OK, sc_open(scene->test.url, &other, &scene->err));                  \
        EXPECT(SC_OK, v_##table##_scan(scene->db, &stream, &scene->err));              \
        EXPECT(SC_OK, v_##table##_next(stream, &row, &scene->err));                    \
        while (row) {                                                                  \
            struct v_##table##_new to = { 0 };                                         \
            table##_to_new(row, &to);                                                  \
            SC_SET(to.id, row->id + SCAN * APART);                                     \
            if (row->id < APART)                                                       \
                EXPECT(SC_OK, v_##table##_insert(other, &to, NULL, &scene->err));      \
            EXPECT(SC_OK, v_##table##_next(stream, &row, &scene->err));                \
        }                                                                              \
        sc_stream_close(stream);                                                       \
        sc_close(other);                                                               \
    }                                                                                  \
    static void table##_trip(struct scene *scene, size_t count)                        \
    {                                                                                  \
        struct v_##table##_new news[16];                                               \
        struct v_##table *rows, *back;                                                 \
        struct sc_batch *batch;                                                        \
        size_t n, nback;                                                               \
        static const int olds[] = { UPSERT_OLD, UPDATE, BATCH_UPDATE };                \
        for (size_t i = 0; OLD && i < COUNT(olds); i++)                                \
            make_room(scene, #table, olds[i]);                                         \
        EXPECT(SC_OK, v_##table##_page_in_id(scene->db, NULL, (int64_t)count, &rows,   \
                                             &n, &scene->err));                        \
        assert_int_equal(n, count);                                                    \
        assert_true(n <= COUNT(news));                                                 \
        for (size_t i = 0; i < n; i++)                                                 \
            table##_write(scene, &rows[i], &news[i]);                                  \
        for (size_t i = 0; i < n; i++)                                                 \
            SC_SET(news[i].id, rows[i].id + INSERT_MANY * APART);                      \
        EXPECT(SC_OK, v_##table##_insert_many(scene->db, news, n, &back, &nback,       \
                                              &scene->err));                           \
        assert_int_equal(nback, n);                                                    \
        v_##table##_free(back);                                                        \
        for (size_t i = 0; i < n; i++)                                                 \
            SC_SET(news[i].id, rows[i].id + LOAD * APART);                             \
        EXPECT(SC_OK, v_##table##_load(scene->db, news, n, &scene->err));              \
        for (size_t i = 0; i < n; i++)                                                 \
            SC_SET(news[i].id, rows[i].id + LOAD_FROM * APART);                        \
        struct supply supply = { news, sizeof(*news), n };                             \
        int64_t loaded = 0;                                                            \
        EXPECT(SC_OK, v_##table##_load_from(scene->db, table##_next_new, &supply,      \
                                            &loaded, &scene->err));                    \
        assert_int_equal(loaded, n);                                                   \
        for (size_t i = 0; i < n; i++)                                                 \
            SC_SET(news[i].id, rows[i].id + UPSERT_MANY * APART);                      \
        EXPECT(SC_OK,                                                                  \
               v_##table##_upsert_many(scene->db, news, n, NULL, NULL, &scene->err));  \
        EXPECT(SC_OK, v_##table##_upsert_many(scene->db, news, n, &back, &nback,       \
                                              &scene->err));                           \
        assert_int_equal(nback, n);                                                    \
        v_##table##_free(back);                                                        \
        table##_read_on(scene);                                                        \
        struct sc_db *later = queue(scene, &batch);                                    \
        for (size_t i = 0; i < n; i++)                                                 \
            SC_SET(news[i].id, rows[i].id + BATCH_MANY * APART);                       \
        EXPECT(SC_QUEUED,                                                              \
               v_##table##_insert_many(later, news, n, NULL, NULL, &scene->err));      \
        for (size_t i = 0; i < n; i++)                                                 \
            SC_SET(news[i].id, rows[i].id + BATCH_LOAD * APART);                       \
        EXPECT(SC_QUEUED, v_##table##_load(later, news, n, &scene->err));              \
        memset(news, 0, sizeof(news)); /* arguments were copied */                     \
        v_##table##_free(rows);                                                        \
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));                               \
        sc_batch_close(batch);                                                         \
        expect_copies(scene, #table, n, WAYS - 1 - (OLD ? 0 : (int)COUNT(olds)));      \
    }

DEFINE_TRIP(kinds, KINDS_COLUMNS(NEW_SAME, NEW_SAME, NEW_SAME, NEW_SAME),
            KINDS_COLUMNS(PATCH_SAME, PATCH_TEXT, PATCH_NUMERIC, PATCH_BYTEA), true)
DEFINE_TRIP(firm, FIRM_COLUMNS(NEW_FIRM, NEW_SAME, NEW_SAME, NEW_SAME, NEW_SAME),
            FIRM_COLUMNS(PATCH_FIRM, PATCH_TEXT, PATCH_NUMERIC, PATCH_BYTEA,
                         PATCH_ARRAY),
            false)
DEFINE_TRIP(lists, LISTS_COLUMNS(NEW_SAME), LISTS_COLUMNS(PATCH_ARRAY), true)
DEFINE_TRIP(odd, ODD_COLUMNS(NEW_SAME, NEW_SAME), ODD_COLUMNS(PATCH_TEXT, PATCH_ARRAY),
            true)

/* ---- what is written ------------------------------------------------------------- */

/* NULL; the least; the greatest; infinity; -infinity and NaN; what is hard to quote. */
static const char kinds_rows[] =
    "insert into v.kinds values (1);"
    "insert into v.kinds values (2, false, -32768, -2147483648, -9223372036854775808, "
    "0,"
    " '-3.4028235e38', '-1.7976931348623157e308',"
    " '00000000-0000-0000-0000-000000000000', '4714-11-24 BC', '00:00', "
    "'00:00+15:59:59',"
    " '4714-11-24 00:00 BC', '4714-11-24 00:00+00 BC',"
    " '-178000000 years -2147483648 days -00:00:00.000001', '0.0.0.0/0', '0.0.0.0/0',"
    " 'red', -2147483648, '-0.000000000000000000001', '', '', '', '', 'null', 'null', "
    "'',"
    " '');"
    "insert into v.kinds values (3, true, 32767, 2147483647, 9223372036854775807,"
    " 4294967295, '3.4028235e38', '1.7976931348623157e308',"
    " 'ffffffff-ffff-ffff-ffff-ffffffffffff', '5874897-12-31', '24:00', "
    "'24:00-15:59:59',"
    " '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999+00',"
    " '178000000 years 2147483647 days 2562047788:00:54.775807',"
    " 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',"
    " 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128', 'deep blue', 999,"
    " repeat('9', 131072)::numeric, repeat('x', 1000000), repeat('\303\251', 40), "
    "'abcd',"
    " repeat('n', 63), to_json(repeat('j', 100000)), to_jsonb(repeat('b', 100000)),"
    " xmlparse(content '<a>\303\251</a>'),"
    " decode(repeat('00ff', 500000), 'hex'));"
    "insert into v.kinds (id, a_float4, a_float8, a_date, a_timestamp, a_timestamptz,"
    " a_numeric) values (4, 'infinity', 'infinity', 'infinity', 'infinity', 'infinity',"
    " 'infinity');"
    "insert into v.kinds (id, a_float4, a_float8, a_date, a_timestamp, a_timestamptz,"
    " a_numeric) values (5, 'nan', '-infinity', '-infinity', '-infinity', '-infinity',"
    " 'nan');"
    "insert into v.kinds (id, a_float4, a_float8, a_timetz, a_inet, a_cidr, a_color,"
    " a_numeric, a_text, a_varchar, a_char, a_name, a_json, a_jsonb, a_xml, a_bytea)"
    " values (6, '-0', '4.9e-324', '12:34:56.789+05:30', '192.168.1.5/24', "
    "'10.0.0.0/8',"
    " 'green', '1e-16383', E'a\\tb\\n\"c''\\\\,{}NULL', '\342\202\254', '\303\251',"
    " '\"n\"', E' {\"a\" :\\n[1, 2, \"x\\\\u0041\"], \"a\": null } ',"
    " '{\"b\": [1.50, true, \"\\\\ \\\" \342\202\254\"], \"a\": {}}',"
    " '<?xml version=\"1.0\"?><a b=\"c\">&lt;</a>',"
    " '\\x0001027f80ff5c2c227b');";

static void scalars(void **state)
{
    elsewhere(*state, kinds_rows);
    kinds_trip(*state, 6);
}

static void scalars_that_are_not_null(void **state)
{
    elsewhere(*state, kinds_rows);
    elsewhere(
        *state,
        "insert into v.firm select n + k.id, l.a_bool, l.a_int2, l.a_int4, l.a_int8,"
        " l.a_oid, coalesce(k.a_float4, 1), coalesce(k.a_float8, 1), l.a_uuid,"
        " coalesce(k.a_date, l.a_date), l.a_time, l.a_timetz,"
        " coalesce(k.a_timestamp, l.a_timestamp),"
        " coalesce(k.a_timestamptz, l.a_timestamptz), l.a_interval, l.a_inet,"
        " l.a_color, coalesce(left(k.a_numeric::text, 999)::numeric, 1),"
        " left(l.a_text, 999), l.a_jsonb, substr(l.a_bytea, 1, 999),"
        " array[left(l.a_text, 999)]"
        " from (values (2, 0), (3, 6)) as v (source, n)"
        " join v.kinds l on l.id = v.source, v.kinds k where k.id > 1");
    firm_trip(*state, 10);
}

/* NULL; empty; a NULL; NULLs and values; two dimensions; three; other bounds; many. */
static const char lists_rows[] =
    "insert into v.lists values (1);"
    "insert into v.lists select 2, " /* {}, of each */
    "'{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{"
    "}',"
    "'{}','{}','{}','{}','{}';"
    "insert into v.lists select 3, "
    "'{NULL}','{NULL}','{NULL}','{NULL}','{NULL}','{NULL}','{NULL}','{NULL}','{NULL}',"
    "'{NULL}','{NULL}','{NULL}','{NULL}','{NULL}','{NULL}','{NULL}','{NULL}','{NULL}',"
    "'{NULL}','{NULL}','{NULL}','{NULL}';"
#define AGGREGATE(id, f, g, where)                                                     \
    "insert into v.lists select " id ", " f "a_bool" g f "a_int2" g f "a_int4" g f     \
    "a_int8" g f "a_oid" g f "a_float4" g f "a_float8" g f "a_numeric" g f             \
    "a_text" g f "a_varchar" g f "a_json" g f "a_jsonb" g f "a_bytea" g f "a_uuid" g f \
    "a_date" g f "a_time" g f "a_timetz" g f "a_timestamp" g f "a_timestamptz" g f     \
    "a_interval" g f "a_inet" g                                                        \
    "array_agg(a_color order by id) from v.kinds where " where ";"
    AGGREGATE("4", "array_agg(", " order by id), ", "id in (1, 2, 4, 5, 6)") AGGREGATE(
        "5", "array_agg(array[", "] order by id), ",
        "id in (1, 2, 6)") "update v.lists set a_color = '{{red,NULL},{\"deep "
                           "blue\",green}}' where id = 5;"
                           "insert into v.lists (id, a_int4, a_text, a_numeric, "
                           "a_date, a_color) values (6,"
                           " '[0:1]={1,2}', '[-3:-2][5:5]={{a},{NULL}}', "
                           "'[7:7]={1.0}', '[2:3]={infinity,NULL}',"
                           " '[0:0]={green}');"
                           "insert into v.lists (id, a_int4, a_text, a_jsonb, a_bool) "
                           "values (7,"
                           " '{{{1,2},{3,4}},{{5,6},{7,NULL}}}',"
                           " '{{{a,\"b "
                           "c\"},{\"NULL\",NULL}},{{\"\",\"\\\\\"},{\"{}\",\"\\\"\"}}}'"
                           ","
                           " '{{{\"{}\"}},{{\"[1]\"}}}', '{{{{{{t}}}}}}');"
                           "insert into v.lists (id, a_int8, a_text, a_float8) select "
                           "8,"
                           " array_agg(n), array_agg(n::text), array_agg(n / 3.0) from "
                           "generate_series(1, 20000)"
                           " n;";

static void arrays(void **state)
{
    elsewhere(*state, kinds_rows);
    elsewhere(*state, lists_rows);
    lists_trip(*state, 8);
}

static const char odd_rows[] =
    "insert into v.odd values (1);"
    "insert into v.odd values (2, '-92233720368547758.08', '$', '00:00:00:00:00:00',"
    " '00:00:00:00:00:00:00:00', '00000', '', '(-1e300,nan)', '{1,2,3}', "
    "'((0,0),(1,1))',"
    " '((2,2),(1,1))', '[(0,0),(1,1)]', '((0,0),(1,1),(2,0))', '<(0,0),1>', '', '',"
    " 'empty', 'empty', 'empty', '{}', 'pg_class', 'int4', '0/0', '0', '0', '0', "
    "'(0,0)',"
    " '', '{}', '{}');"
    "insert into v.odd values (3, '92233720368547758.07', '$.\"a b\"[*] ? (@ > 1)',"
    " 'ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff:ff:ff', '11111', '101',"
    " '(infinity,-infinity)', '{-1,0,0.1}', '((-1,2),(3,-4))', '((4,5),(-6,-7))',"
    " '((0,0),(1,1))', '((0,0),(1,1),(2,0),(3,3))', '<(1e-300,2),1e300>',"
    " '''a b'':1A,2B c:3', '''a'' & !b:AB <-> c', '[1,)', '(,2.5]',"
    " '[2020-01-01,infinity)', '{[1,3),[7,)}', 'v.kinds', 'v.color', "
    "'FFFFFFFF/FFFFFFFF',"
    " '4294967295', '18446744073709551615', '4294967295', '(4294967295,65535)', "
    "'CiText',"
    " '{\"(1,2)\",NULL,\"(3,4)\"}', '{empty,\"[1,2)\",NULL,\"(,)\"}');";

static void types_that_travel_as_text(void **state)
{
    elsewhere(*state, odd_rows);
    odd_trip(*state, 3);
}

/* ---- what C makes of them -------------------------------------------------------- */

static void extremes_in_c(void **state)
{
    struct scene *scene = *state;
    struct v_kinds *k;
    size_t n;
    elsewhere(scene, kinds_rows);
    EXPECT(SC_OK, v_kinds_page_in_id(scene->db, NULL, 10, &k, &n, &scene->err));
    assert_int_equal(k[0].a_bool.is, SC_IS_NULL);
    assert_null(k[0].a_numeric.text);
    assert_null(k[0].a_bytea.data);
    assert_null(k[0].a_text);
    assert_int_equal(k[1].a_int8.value, INT64_MIN);
    assert_int_equal(k[1].a_int2.value, INT16_MIN);
    assert_string_equal(k[1].a_text, "");
    assert_non_null(k[1].a_bytea.data);
    assert_int_equal(k[1].a_bytea.size, 0);
    assert_string_equal(k[1].a_numeric.text, "-0.000000000000000000001");
    assert_int_equal(k[2].a_oid.value, UINT32_MAX);
    assert_int_equal(k[2].a_color.value, V_COLOR_DEEP_BLUE);
    assert_int_equal(strlen(k[2].a_numeric.text), 131072);
    assert_int_equal(strlen(k[2].a_text), 1000000);
    assert_int_equal(k[2].a_bytea.size, 1000000);
    assert_int_equal(((const uint8_t *)k[2].a_bytea.data)[999999], 255);
    assert_int_equal(k[2].a_time.value.usec, INT64_C(86400000000));
    assert_true(k[3].a_float8.value > 1e308);
    assert_int_equal(k[3].a_date.value.days, SC_DATE_INFINITY);
    assert_true(k[3].a_timestamptz.value.usec == SC_TIMESTAMP_INFINITY);
    assert_string_equal(k[3].a_numeric.text, "Infinity");
    assert_true(k[4].a_float4.value != k[4].a_float4.value);
    assert_true(k[4].a_timestamp.value.usec == SC_TIMESTAMP_MINUS_INFINITY);
    assert_string_equal(k[4].a_numeric.text, "NaN");
    assert_string_equal(k[5].a_text, "a\tb\n\"c'\\,{}NULL");
    assert_int_equal(k[5].a_inet.value.bits, 24);
    assert_int_equal(k[5].a_cidr.value.is_cidr, 1);
    assert_string_equal(k[5].a_char, "\303\251   ");
    v_kinds_free(k);
}

static void arrays_in_c(void **state)
{
    struct scene *scene = *state;
    struct v_lists *l;
    size_t n;
    elsewhere(scene, kinds_rows);
    elsewhere(scene, lists_rows);
    EXPECT(SC_OK, v_lists_page_in_id(scene->db, NULL, 10, &l, &n, &scene->err));
    assert_null(l[0].a_text.items);
    assert_non_null(l[1].a_text.items);
    assert_int_equal(l[1].a_text.count, 0);
    assert_int_equal(l[2].a_text.count, 1);
    assert_true(l[2].a_int4.shape->nulls[0]);
    assert_null(l[2].a_text.items[0]);
    assert_int_equal(l[3].a_color.items[1], V_COLOR_RED);
    assert_int_equal(l[4].a_color.shape->ndims, 2);
    assert_int_equal(l[4].a_color.items[2], V_COLOR_DEEP_BLUE);
    assert_true(l[4].a_color.shape->nulls[1]);
    assert_int_equal(l[5].a_int4.shape->lower_bounds[0], 0);
    assert_string_equal(l[6].a_text.items[2], "NULL");
    assert_null(l[6].a_text.items[3]);
    assert_int_equal(l[7].a_int8.count, 20000);
    assert_null(l[7].a_int8.shape);
    assert_int_equal(l[7].a_int8.items[19999], 20000);
    v_lists_free(l);
}

static void domains_and_lengths_hold(void **state)
{
    struct scene *scene = *state;
    struct v_kinds_new values = { .id = SC(1), .a_small = SC(1000) };
    EXPECT(SC_CHECK, v_kinds_insert(scene->db, &values, NULL, &scene->err));
    assert_string_equal(scene->err.constraint_name, "small_check");
    values = (struct v_kinds_new){ .id = SC(1), .a_char = "abcde" };
    EXPECT(SC_BAD_VALUE, v_kinds_insert(scene->db, &values, NULL, &scene->err));
    assert_string_equal(scene->err.sqlstate, "22001");
    values = (struct v_kinds_new){ .id = SC(1), .a_text = "\377" };
    EXPECT(SC_BAD_VALUE, v_kinds_insert(scene->db, &values, NULL, &scene->err));
    SEE("select count(*) from v.kinds", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(scalars),
        FEATURE_TEST(scalars_that_are_not_null),
        FEATURE_TEST(arrays),
        FEATURE_TEST(types_that_travel_as_text),
        FEATURE_TEST(extremes_in_c),
        FEATURE_TEST(arrays_in_c),
        FEATURE_TEST(domains_and_lengths_hold),
    };
    return RUN_FEATURES("features_values", tests);
}
