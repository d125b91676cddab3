/* ask.c: the texts of statements, out of descriptors. It must not quote or change a name:
 * descriptors carry them as SQL writes them. */
#include "runtime/sc_internal.h"

bool sc__mask_has(const uint64_t *words, size_t column)
{
    return words[column / 64] >> (column % 64) & 1;
}

void sc__mask_add(uint64_t *words, size_t column)
{
    words[column / 64] |= (uint64_t)1 << (column % 64);
}

size_t sc__mask_count(const uint64_t *words, size_t nwords)
{
    size_t count = 0;
    for (size_t i = 0; i < nwords; i++)
        for (uint64_t word = words[i]; word; word &= word - 1)
            count++;
    return count;
}

/* ---- sc__stmt ---------------------------------------------------------------------- */

static bool piece_counts(const struct sc__piece *piece, uint64_t variant)
{
    if ((variant & piece->need) != piece->need)
        return false;
    if (!piece->choice)
        return true;
    return (uint8_t)(variant >> (32 + 8 * (piece->choice - 1))) == piece->pick;
}

static void compose_run(const struct sc__ask *ask, struct sc__text *sql,
                        struct sc__param *params)
{
    const struct sc__stmt *stmt = ask->key.owner;
    for (uint16_t i = 0; i < stmt->npieces; i++)
        if (piece_counts(&stmt->pieces[i], ask->key.words[0]))
            sc__text_add(sql, stmt->pieces[i].sql);
    for (uint16_t i = 0; i < stmt->nparams; i++)
        params[i] = (struct sc__param){ .type = &stmt->params[i] };
}

const char *sc__ask_text(const struct sc__ask *ask)
{
    if (ask->key.op != SC__OP_RUN)
        return NULL;
    return ((const struct sc__stmt *)ask->key.owner)->sql;
}

/* ---- sc__insert, sc__upsert -------------------------------------------------------- */

static void columns_list(const struct sc__row *row, const uint64_t *mask,
                         struct sc__text *sql)
{
    const char *before = " (";
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        if (!sc__mask_has(mask, c))
            continue;
        sc__text_add(sql, before);
        sc__text_add(sql, row->columns[c].sql);
        before = ", ";
    }
    sc__text_add(sql, ")");
}

static void values_list(const struct sc__row *row, const uint64_t *mask,
                        struct sc__text *sql)
{
    unsigned n = 0;
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        if (!sc__mask_has(mask, c))
            continue;
        sc__text_number(sql, n ? ", $" : " values ($", n + 1);
        if (row->columns[c].cast)
            sc__text_add(sql, row->columns[c].cast);
        n++;
    }
    sc__text_add(sql, ")");
}

static void select_unnest(const struct sc__row *row, const uint64_t *mask,
                          struct sc__text *sql)
{
    unsigned n = 0;
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        if (!sc__mask_has(mask, c))
            continue;
        sc__text_number(sql, n ? ", x.c" : " select x.c", n + 1);
        if (row->columns[c].many_cast)
            sc__text_add(sql, row->columns[c].many_cast);
        n++;
    }
    for (unsigned i = 0; i < n; i++)
        sc__text_number(sql, i ? ", $" : " from unnest($", i + 1);
    for (unsigned i = 0; i < n; i++)
        sc__text_number(sql, i ? ", c" : ") as x(c", i + 1);
    sc__text_add(sql, ")");
}

static void compose_insert(const struct sc__ask *ask, const struct sc__insert *insert,
                           struct sc__text *sql, struct sc__param *params)
{
    const uint64_t *mask = ask->key.words;
    bool many = ask->key.op == SC__OP_INSERT_MANY || ask->key.op == SC__OP_UPSERT_MANY;
    sc__text_add(sql, "insert into ");
    sc__text_add(sql, insert->name);
    if (!sc__mask_count(mask, ask->key.nwords)) {
        sc__text_add(sql, " default values");
        return;
    }
    columns_list(insert->row, mask, sql);
    if (many)
        select_unnest(insert->row, mask, sql);
    else
        values_list(insert->row, mask, sql);
    size_t n = 0;
    for (uint16_t c = 0; c < insert->row->ncolumns; c++)
        if (sc__mask_has(mask, c))
            params[n++] = (struct sc__param){ &insert->row->columns[c].type, many };
}

static bool is_key(const struct sc__upsert *upsert, uint16_t column)
{
    for (uint16_t i = 0; i < upsert->nkey; i++)
        if (upsert->key[i] == column)
            return true;
    return false;
}

static void set_excluded(const struct sc__column *column, bool first,
                         struct sc__text *sql)
{
    sc__text_add(sql, first ? " do update set " : ", ");
    sc__text_add(sql, column->sql);
    sc__text_add(sql, " = excluded.");
    sc__text_add(sql, column->sql);
}

static void compose_conflict(const struct sc__ask *ask, struct sc__text *sql)
{
    const struct sc__upsert *upsert = ask->key.owner;
    const struct sc__row *row = upsert->insert.row;
    bool first = true;
    sc__text_word(sql, "on conflict");
    sc__text_word(sql, upsert->target);
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        if (!sc__mask_has(ask->key.words, c) || is_key(upsert, c) ||
            (row->columns[c].type.flags & SC__NO_PATCH))
            continue;
        set_excluded(&row->columns[c], first, sql);
        first = false;
    }
    if (first) /* nothing to change: the key onto itself, so that the row comes back */
        set_excluded(&row->columns[upsert->key[0]], true, sql);
    if (upsert->also) {
        sc__text_add(sql, ", ");
        sc__text_add(sql, upsert->also);
    }
}

static void add_returning(const struct sc__ask *ask, const char *returning,
                          struct sc__text *sql)
{
    if (!ask->key.returning)
        return;
    sc__text_word(sql, "returning");
    sc__text_word(sql, returning);
}

/* ---- sc__update --------------------------------------------------------------------- */

static void set_columns(const struct sc__ask *ask, struct sc__text *sql,
                        struct sc__param *params)
{
    const struct sc__update *update = ask->key.owner;
    unsigned n = update->nkey;
    const char *before = " set ";
    for (uint16_t c = 0; c < update->row->ncolumns; c++) {
        const struct sc__column *column = &update->row->columns[c];
        if (!sc__mask_has(ask->key.words, c))
            continue;
        params[n] = (struct sc__param){ .type = &column->type };
        sc__text_add(sql, before);
        sc__text_add(sql, column->sql);
        sc__text_number(sql, " = $", ++n);
        if (column->cast)
            sc__text_add(sql, column->cast);
        before = ", ";
    }
    if (update->also) {
        sc__text_add(sql, before);
        sc__text_add(sql, update->also);
    }
}

static void compose_update(const struct sc__ask *ask, struct sc__text *sql,
                           struct sc__param *params)
{
    const struct sc__update *update = ask->key.owner;
    for (uint16_t i = 0; i < update->nkey; i++)
        params[i] = (struct sc__param){ .type = &update->key[i] };
    if (update->head)
        sc__text_add(sql, update->head);
    sc__text_add(sql, "update ");
    sc__text_add(sql, update->name);
    set_columns(ask, sql, params);
    sc__text_word(sql, update->where);
    add_returning(ask, update->returning, sql);
    if (update->tail)
        sc__text_add(sql, update->tail);
}

void sc__ask_compose(const struct sc__ask *ask, struct sc__text *sql,
                     struct sc__param *params)
{
    const struct sc__upsert *upsert = ask->key.owner;
    const struct sc__insert *insert = ask->key.owner;
    switch ((enum sc__op)ask->key.op) {
    case SC__OP_RUN:
        compose_run(ask, sql, params);
        break;
    case SC__OP_INSERT:
    case SC__OP_INSERT_MANY:
        compose_insert(ask, insert, sql, params);
        sc__text_word(sql, insert->tail);
        add_returning(ask, insert->returning, sql);
        break;
    case SC__OP_UPSERT:
    case SC__OP_UPSERT_MANY:
        compose_insert(ask, &upsert->insert, sql, params);
        compose_conflict(ask, sql);
        add_returning(ask, upsert->insert.returning, sql);
        break;
    case SC__OP_UPDATE:
        compose_update(ask, sql, params);
        break;
    }
}
