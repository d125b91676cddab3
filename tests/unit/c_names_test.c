/* c_names_test.c: words, names of objects and numbers of emit/names.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "emit/names.h"

static struct arena arena;

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void expect(struct str name, const char *text)
{
    assert_string_equal(str_dup(&arena, name), text);
}

static void lists_are_sorted(void **state)
{
    (void)state;
#define WORD(name) #name,
    static const char *const words[] = {
#include "emit/names.def"
    };
#define FUNCTION(name) #name,
    static const char *const functions[] = {
#include "emit/names.def"
    };
#define HEADER(name) #name,
    static const char *const headers[] = {
#include "emit/names.def"
    };
#define SORTED(list)                                        \
    for (size_t i = 1; i < sizeof list / sizeof *list; i++) \
    assert_true(strcmp(list[i - 1], list[i]) < 0)
    SORTED(words);
    SORTED(functions);
    SORTED(headers);
}

/* name_global trusts in it. */
static void no_word_ends_in_a_suffix(void **state)
{
    (void)state;
    static const char *const words[] = {
#define WORD(name) #name,
#include "emit/names.def"
#define FUNCTION(name) #name,
#include "emit/names.def"
    };
    static const char *const suffixes[] = {
        "_new",   "_patch",  "_constraint",  "_free",         "_take",      "_text",
        "_parse", "_args",   "_row",         "_cursor",       "_cursor_of", "_row",
        "_maybe", "_insert", "_cursor_text", "_cursor_parse",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
            size_t n = strlen(words[i]);
            size_t end = strlen(suffixes[k]);
            assert_true(n < end || strcmp(words[i] + n - end, suffixes[k]) != 0);
        }
    }
}

static void mangles_words(void **state)
{
    (void)state;
    static const char *const words[] = {
        "linux", "unix", "major",  "minor", "makedev", "errno", "stdin",     "stdout",
        "NULL",  "I",    "assert", "min",   "max",     "OUT",   "IN",        "ERROR",
        "small", "bool", "true",   "EOF",   "TRUE",    "FALSE", "interface", "signals",
        "slots", "near", "far",    "and",   "or",      "not",   "xor",       "DELETE",
        "class", "new",  "typeof", "this",  "int",     "_Bool", "nullptr",   "co_await",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str mangled = name_local(&arena, str_of(words[i]));
        assert_int_equal(mangled.n, strlen(words[i]) + 1);
        assert_int_equal(mangled.s[mangled.n - 1], '_');
        mangled = name_global(&arena, str_of(words[i]), "");
        assert_int_equal(mangled.s[mangled.n - 1], '_');
    }
    expect(name_local(&arena, STR("email")), "email");
    expect(name_local(&arena, STR("time")), "time");
    expect(name_global(&arena, STR("time"), ""), "time_");
    expect(name_global(&arena, STR("va"), "_list"), "va_list_");
    expect(name_global(&arena, STR("auth_users"), "_free"), "auth_users_free");
    expect(name_constant(&arena, STR("int"), STR("max")), "INT_MAX_");
    expect(name_file(&arena, STR("string")), "string_");
    expect(name_guard(&arena, STR("2my-app")), "_MY_APP_H");
}

static struct model_schema auth = { .name = { .name = { "auth", 4 } } };
static struct model_table users = { .name = { .name = { "users", 5 } },
                                    .schema = &auth };

static void names_tables_and_enums(void **state)
{
    (void)state;
    struct model_enum type = { .name.name = STR("account_type"), .schema = &auth };
    struct model_label label = { .name.name = STR("in progress"),
                                 .ident = STR("in_progress") };
    expect(name_table(&arena, &users), "auth_users");
    expect(name_enum(&arena, &type), "auth_account_type");
    expect(name_enum_maybe(&arena, &type, "_list"), "auth_maybe_account_type_list");
    expect(name_label(&arena, &type, &label), "AUTH_ACCOUNT_TYPE_IN_PROGRESS");

    struct model_schema bare = { .name.name = STR("public"), .name.has_c_name = true };
    struct model_table people = {
        .name = { .name = STR("users"), .c_name = STR("class"), .has_c_name = true },
        .schema = &bare
    };
    expect(name_prefix(&arena, &bare), "");
    expect(name_table(&arena, &people), "class");
    expect(name_global(&arena, name_table(&arena, &people), ""), "class_");
    expect(name_global(&arena, name_table(&arena, &people), "_new"), "class_new");
}

static void names_constraints_behind_their_table(void **state)
{
    (void)state;
    struct model_constraint key = { .name.name = STR("users_email_key"),
                                    .table = &users };
    expect(name_constraint(&arena, &key), "AUTH_USERS_EMAIL_KEY");
    key.name.name = STR("one_email");
    expect(name_constraint(&arena, &key), "AUTH_USERS_ONE_EMAIL");
    key.name.c_name = STR("unique_email");
    key.name.has_c_name = true;
    expect(name_constraint(&arena, &key), "AUTH_USERS_UNIQUE_EMAIL");
}

/* PostgreSQL's own name holds the column's, which is no C name; the column has one. */
static void names_constraints_by_their_columns(void **state)
{
    (void)state;
    struct model_column column = { .name = { .name = STR("gr\xc3\xb6\xc3\x9f"
                                                         "e"),
                                             .c_name = STR("size"),
                                             .has_c_name = true } };
    struct model_constraint key = { .name.name = STR("users_gr\xc3\xb6\xc3\x9f"
                                                     "e_key1"),
                                    .table = &users };
    VEC_PUSH(&arena, &key.columns, &column);
    expect(name_constraint(&arena, &key), "AUTH_USERS_SIZE_KEY1");
}

/* The numbers that the runtime makes of what the server says; see runtime/error.h. */
static void numbers_constraints(void **state)
{
    (void)state;
    assert_int_equal(name_constraint_id(&users, STR("users_email_key")), 0x34582420);
    assert_int_equal(name_constraint_id(&users, STR("users_pkey")), 0x02ed169b);
}

static void keeps_the_umbrella_and_a_schema_apart(void **state)
{
    (void)state;
    expect(name_schema_file(&arena, &auth, STR("app")), "auth");
    expect(name_schema_file(&arena, &auth, STR("auth")), "auth_schema");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_sorted),
        cmocka_unit_test(no_word_ends_in_a_suffix),
        cmocka_unit_test(mangles_words),
        cmocka_unit_test(names_tables_and_enums),
        cmocka_unit_test(names_constraints_behind_their_table),
        cmocka_unit_test(names_constraints_by_their_columns),
        cmocka_unit_test(numbers_constraints),
        cmocka_unit_test(keeps_the_umbrella_and_a_schema_apart),
    };
    return cmocka_run_group_tests_name("c_names", tests, NULL, release);
}
