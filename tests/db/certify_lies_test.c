/* certify_lies_test.c: files that do not say what they do are found out: predictions that
 * are too weak, an up or down that leads elsewhere, rows that go unannounced. What is
 * asserted is the whole report. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "certify/certify.h"
#include "migrate/file.h"
#include "migrate/fingerprint.h"
#include "tests/support/cluster.h"
#include "tests/support/pair.h"

struct lie {
    struct test_pair pair;
    struct arena *arena;
    struct test_db db;
    struct draft draft;
    struct migration files;
    struct certify_report report;
};

/* ---- telling lies ---- */

static void write_files(struct lie *lie)
{
    struct migration_request request = { .name = STR("0001_change"),
                                         .from = fingerprint(lie->arena, STR("from")),
                                         .to = fingerprint(lie->arena, STR("to")),
                                         .draft = &lie->draft };
    lie->files = migration_write(lie->arena, &request);
}

static void begin(struct lie *lie, const char *from, const char *to)
{
    *lie = (struct lie){ .arena = &lie->pair.arena };
    assert_int_equal(test_db_open(&lie->db), 0);
    assert_int_equal(test_pair_parse(&lie->pair, from, to, MATCH_NO_RENAMES), 0);
    struct draft_request request = { .from = lie->pair.from.model,
                                     .to = lie->pair.to.model,
                                     .options = MATCH_NO_RENAMES };
    assert_true(draft_make(lie->arena, &request, &lie->pair.diags, &lie->draft));
    write_files(lie);
}

static void end(struct lie *lie)
{
    test_db_close(&lie->db);
    test_pair_close(&lie->pair);
}

/* Puts `new` in the place of each `old` of a file, which has to be there. */
static void edit(struct lie *lie, struct str *text, const char *old, const char *new)
{
    struct buf out = { 0 };
    const char *at = text->s, *hit = strstr(at, old);
    assert_non_null(hit);
    for (; hit; hit = strstr(at, old)) {
        buf_put(&out, at, (size_t)(hit - at));
        buf_puts(&out, new);
        at = hit + strlen(old);
    }
    buf_puts(&out, at);
    *text = buf_dup(&out, lie->arena);
    buf_release(&out);
}

static void set_sql(const struct plan *plan, size_t step, const char *sql)
{
    assert_true(step < plan->steps.n);
    plan->steps.items[step].sql = str_of(sql);
}

/* The report, as certify_put writes it. */
static void expect(struct lie *lie, const char *wanted)
{
    struct certify_migration one = { .name = "0001_change",
                                     .up = lie->files.up.s,
                                     .down = lie->files.down.s,
                                     .to = lie->pair.to.model };
    struct certify_request request = { .migrations = &one,
                                       .n = 1,
                                       .origin = lie->pair.from.model,
                                       .rows = 4,
                                       .url = lie->db.url };
    const char *error = certify(lie->arena, &request, &lie->report);
    struct buf text = { 0 };
    certify_put(&text, &lie->report);
    assert_null(error);
    assert_string_equal(text.n ? text.s : "", wanted);
    buf_release(&text);
}

/* ---- predictions ---- */

static const char PLAIN[] = "table t { id int4 primary key; n int4; }";
static const char PHONE[] = "table t { id int4 primary key; n int4; phone text?; }";
static const char WIDER[] = "table t { id int4 primary key; n int8; }";

static void test_truth(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN, PHONE);
    expect(&lie, "");
    assert_int_equal(lie.report.steps.n, 3);
    end(&lie);
}

static void test_weaker_lock(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN, PHONE);
    edit(&lie, &lie.files.up, "public.t ACCESS EXCLUSIVE", "public.t SHARE");
    edit(&lie, &lie.files.down, "public.t ACCESS EXCLUSIVE", "none");
    expect(&lie, "0001_change up, step 1: add column public.t.phone\n"
                 "  lock public.t: predicted SHARE, seen ACCESS EXCLUSIVE\n"
                 "0001_change down, step 1: drop column public.t.phone\n"
                 "  lock public.t: predicted no lock, seen ACCESS EXCLUSIVE\n"
                 "0001_change up again, step 1: add column public.t.phone\n"
                 "  lock public.t: predicted SHARE, seen ACCESS EXCLUSIVE\n");
    end(&lie);
}

/* Outside a transaction, where locks are sampled. */
static void test_weaker_lock_of_a_build(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN, "table t { id int4 primary key; n int4; index (n); }");
    edit(&lie, &lie.files.up, "locks: public.t SHARE UPDATE EXCLUSIVE", "locks: none");
    edit(&lie, &lie.files.up, "cost: build", "cost: meta");
    expect(&lie, "0001_change up, step 1: create index public.t_n_idx\n"
                 "  lock public.t: predicted no lock, seen SHARE UPDATE EXCLUSIVE\n"
                 "  cost public.t: predicted meta, seen building index \"t_n_idx\" on "
                 "table \"t\" serially\n"
                 "0001_change up again, step 1: create index public.t_n_idx\n"
                 "  lock public.t: predicted no lock, seen SHARE UPDATE EXCLUSIVE\n"
                 "  cost public.t: predicted meta, seen building index \"t_n_idx\" on "
                 "table \"t\" serially\n");
    end(&lie);
}

static void test_silent_rewrite(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN, WIDER);
    edit(&lie, &lie.files.up, "cost: rewrite", "cost: scan");
    edit(&lie, &lie.files.down, "rewrite:public.t (", "drop:public.t (");
    expect(&lie,
           "0001_change up, step 1: change the type of public.t.n\n"
           "  cost public.t: predicted scan, seen rewriting table \"public.t\"\n"
           "0001_change down, step 1: change the type of public.t.n\n"
           "  cost public.t: predicted no hazard, seen rewriting table \"public.t\"\n"
           "0001_change up again, step 1: change the type of public.t.n\n"
           "  cost public.t: predicted scan, seen rewriting table \"public.t\"\n");
    end(&lie);
}

static void test_silent_scan(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN,
          "table t { id int4 primary key; n int4 check (n is not null); }");
    edit(&lie, &lie.files.up, "cost: scan", "cost: meta");
    expect(&lie, "0001_change up, step 2: validate check public.t.t_n_check\n"
                 "  cost public.t: predicted meta, seen verifying table \"t\"\n"
                 "0001_change up again, step 2: validate check public.t.t_n_check\n"
                 "  cost public.t: predicted meta, seen verifying table \"t\"\n");
    end(&lie);
}

/* ---- where it leads ---- */

static void test_wrong_up(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN, PHONE);
    set_sql(lie.draft.up, 0, "alter table public.t add column phone varchar(9);\n");
    write_files(&lie);
    expect(&lie, "0001_change up\n"
                 "  catalog column public.t.phone: predicted text, seen character "
                 "varying(9)\n");
    end(&lie);
}

static void test_wrong_down(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN, PHONE);
    set_sql(lie.draft.down, 0,
            "alter table public.t alter column phone set default '';\n");
    write_files(&lie);
    expect(&lie,
           "0001_change down\n"
           "  catalog column public.t.phone: predicted not there, seen text default "
           "''::text\n"
           "0001_change up again, step 1: add column public.t.phone\n"
           "  refused 42701: predicted that it can be run, seen column \"phone\" of "
           "relation \"t\" already exists\n");
    end(&lie);
}

static void test_refused(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN, PHONE);
    set_sql(lie.draft.up, 0, "alter table public.u add column phone text;\n");
    write_files(&lie);
    expect(&lie, "0001_change up, step 1: add column public.t.phone\n"
                 "  refused 42P01: predicted that it can be run, seen relation "
                 "\"public.u\" does not exist\n");
    end(&lie);
}

/* ---- rows ---- */

/* A sequence that begins anew gives numbers that are taken. */
static void test_position_lost(void **state)
{
    (void)state;
    struct lie lie;
    static const char SERIAL[] = "table t { id serial4 primary key; n int4?; }";
    static const char IDENTITY[] =
        "table t { id int4 identity (increment by 2) primary key; n int4?; }";
    begin(&lie, SERIAL, IDENTITY);
    expect(&lie, "");
    end(&lie);
    begin(&lie, SERIAL, IDENTITY);
    edit(&lie, &lie.draft.up->steps.items[0].sql, "s.last_value, s.is_called)",
         "77, true)");
    write_files(&lie);
    expect(&lie,
           "0001_change up\n"
           "  rows public.t.id: predicted numbers after 7, seen numbers after 77\n"
           "0001_change down\n"
           "  rows public.t.id: predicted numbers after 7, seen numbers after 77\n");
    end(&lie);
}

static void test_rows_changed(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PLAIN, PHONE);
    set_sql(lie.draft.up, 0,
            "alter table public.t add column phone text;\n"
            "update public.t set n = n / 2 + 100000;\n");
    write_files(&lie);
    expect(&lie, "0001_change up\n"
                 "  rows public.t: predicted the same rows, seen 8 rows that differ\n"
                 "  rows public.t.n: predicted the same values, seen others\n"
                 "0001_change down\n"
                 "  rows public.t: predicted the same rows, seen 8 rows that differ\n"
                 "  rows public.t.n: predicted the same values, seen others\n");
    end(&lie);
}

static void test_rows_gone(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, PHONE, PLAIN);
    edit(&lie, &lie.files.up, "-- hazards: drop:public.t.phone\n", "");
    edit(&lie, &lie.files.up, "-- down:   lossy: public.t.phone",
         "-- down:   lossless");
    expect(
        &lie,
        "0001_change up\n"
        "  rows public.t.phone: predicted that its values stay, seen they have gone\n"
        "0001_change down\n"
        "  rows public.t.phone: predicted that its values stay, seen they have gone\n");
    end(&lie);
}

static void test_rows_in_the_way(void **state)
{
    (void)state;
    struct lie lie;
    begin(&lie, "table t { id int4 primary key; n int4?; }", PLAIN);
    expect(&lie,
           "note: 0001_change up: \"no NULL in public.t.n\" is not so of the made-up "
           "rows: those in the way were removed\n");
    end(&lie);
}

/* ---- by hand, after another one ---- */

static void prove_second(struct lie *lie, const char *up, const char *down)
{
    struct certify_migration both[] = {
        { .name = "0001_change",
          .up = lie->files.up.s,
          .down = lie->files.down.s,
          .to = lie->pair.to.model },
        { .name = "0002_hand", .up = up, .down = down, .to = lie->pair.to.model }
    };
    struct certify_request request = { .migrations = both,
                                       .n = 2,
                                       .first = 1,
                                       .origin = lie->pair.to.model,
                                       .run_earlier = true,
                                       .rows = 4,
                                       .url = lie->db.url };
    assert_null(certify(lie->arena, &request, &lie->report));
}

static void test_by_hand(void **state)
{
    (void)state;
    struct lie lie;
    struct buf text = { 0 };
    begin(&lie, "", PLAIN);
    prove_second(&lie, "create view public.v as select id from public.t;\n",
                 "drop view public.v;\n");
    certify_put(&text, &lie.report);
    assert_int_equal(text.n, 0);
    end(&lie);
}

static void test_by_hand_wrong_down(void **state)
{
    (void)state;
    struct lie lie;
    struct buf text = { 0 };
    begin(&lie, "", PLAIN);
    prove_second(&lie, "create or replace view public.v as select 1 as id;\n",
                 "select 1;\n");
    certify_put(&text, &lie.report);
    assert_string_equal(
        text.s, "0002_hand down\n"
                "  catalog view public.v: predicted not there, seen SELECT 1 AS id;\n"
                "  catalog column public.v.id: predicted not there, seen integer\n");
    buf_release(&text);
    end(&lie);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth),
        cmocka_unit_test(test_weaker_lock),
        cmocka_unit_test(test_weaker_lock_of_a_build),
        cmocka_unit_test(test_silent_rewrite),
        cmocka_unit_test(test_silent_scan),
        cmocka_unit_test(test_wrong_up),
        cmocka_unit_test(test_wrong_down),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_position_lost),
        cmocka_unit_test(test_rows_changed),
        cmocka_unit_test(test_rows_gone),
        cmocka_unit_test(test_rows_in_the_way),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_by_hand_wrong_down),
    };
    return cmocka_run_group_tests_name("certify_lies", tests, NULL, NULL);
}
