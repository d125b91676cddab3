/* func.h: what a statement's C function looks like, decided before a line of it is
 * written: its inputs, its outputs, the structs it needs. Knows statements and names;
 * writes nothing.
 */
#ifndef EMIT_FUNC_H
#define EMIT_FUNC_H
#include "../sql/stmt.h"
#include "form.h"

/* A parameter of the function, or a member of its args struct. */
struct func_input {
    struct str name;
    struct str plain;               /* its name before mangling */
    struct str type;                /* "struct sc_maybe_int8", "enum auth_x_sort" */
    struct form form;               /* not of a choice */
    bool maybe;                     /* a struct sc_maybe_x */
    const struct stmt_param *param; /* or */
    const struct stmt_choice *choice;
};

/* A column of a cursor. */
struct func_order {
    struct str member; /* in the cursor */
    struct str from;   /* in the row: "id", "users.id" */
    struct form form;
    const struct stmt_result *result;
};

enum func_out {
    FUNC_NOTHING,   /* delete and its like, load */
    FUNC_ROW,       /* struct T **row */
    FUNC_ROWS,      /* struct T **rows, size_t *n */
    FUNC_TOUCHED,   /* int64_t *n */
    FUNC_VALUE,     /* T *value: a value that needs no owner */
    FUNC_ONE_VALUE, /* T **value: a block */
    FUNC_VALUES,    /* T **values, size_t *n */
    FUNC_STREAM     /* struct sc_stream **stream */
};

struct func {
    const struct stmt *stmt;
    struct str name;
    struct func_input
        *inputs; /* signature order; a page's cursor and limit not counted */
    size_t ninputs;
    bool args; /* they travel in a struct NAME_args */
    bool page;
    bool nested;     /* its row is a struct of its own, with lists */
    bool own_row;    /* NAME_row is this function's own struct */
    bool value_take; /* NAME_take gives its bare value out of a batch */
    bool streams;    /* NAME_stream gives its rows one by one */
    enum func_out out;
    struct str out_name;       /* "row", "rows", "n", "exists", "value", "values" */
    struct str row;            /* tag of the row's struct; n 0: none */
    struct str row_base;       /* what _free and _take are made from */
    struct str row_descriptor; /* sc__..._row; n 0: a local one or none */
    struct form value;         /* FUNC_VALUE and its like */
    struct str value_type;
    struct func_order *order;
    size_t norder;
};

/* base is the table's or query's own name; forms and names live in the arena. */
struct func func_decide(struct arena *arena, const struct stmt *stmt);

/* Names that belong to a function: NAME_args, NAME_cursor, NAME_SORT ... */
struct str func_name(struct arena *arena, const struct func *func, const char *suffix);
/* The choice's enum tag, the struct of one that may be left out, the constant of a pick. */
struct str func_choice(struct arena *arena, const struct func *func,
                       const struct stmt_choice *choice);
struct str func_maybe_choice(struct arena *arena, const struct func *func,
                             const struct stmt_choice *choice);
struct str func_pick(struct arena *arena, const struct func *func,
                     const struct stmt_choice *choice, size_t pick);
/* How the body reaches an input: "id", "args->id". */
struct str func_reach(struct arena *arena, const struct func *func,
                      const struct func_input *input);
/* The static descriptors that NAME and NAME_stream share: sc__NAME_stmt, _types, _pieces. */
struct str func_shared(struct arena *arena, const struct func *func,
                       const char *ending);
/* Whether the statement is one of those made of the columns that are given. */
bool func_takes_values(const struct stmt *stmt);
/* Member of the nested struct that holds the row itself. */
struct str func_own_member(struct arena *arena, const struct func *func);
/* The row descriptor of a table: sc__auth_users_row. */
struct str func_table_row(struct arena *arena, const struct model_table *table);

#endif
