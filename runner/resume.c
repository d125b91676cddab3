/* resume.c: whether a statement outside a transaction, which was begun before, has been
 * done; and the INVALID index that half a CREATE INDEX CONCURRENTLY leaves. It reads the
 * names in a statement by its tokens and must not run the statement. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

/* ---- names in a statement ------------------------------------------------------------- */

struct reader {
    struct scm_run *run;
    const struct scm_script *script;
    size_t end;
    struct sc__sql_scan scan;
    struct sc__sql_token token;
};

static void next(struct reader *r)
{
    r->token = sc__sql_token(&r->scan);
    if (r->token.start >= r->end)
        r->token.kind = SC__SQL_END;
}

static struct reader reader_of(struct scm_run *run, const struct scm_script *script,
                               const struct scm_statement *statement)
{
    struct reader r = { .run = run, .script = script };
    r.end = statement->start + statement->size;
    r.scan = sc__sql_begin(script->text, script->size);
    r.scan.at = statement->start;
    next(&r);
    return r;
}

static bool take(struct reader *r, const char *word)
{
    if (!sc__sql_is(&r->scan, r->token, word))
        return false;
    next(r);
    return true;
}

/* Passes everything up to the word and the word; false at the end. */
static bool skip_to(struct reader *r, const char *word)
{
    while (r->token.kind != SC__SQL_END && r->token.kind != SC__SQL_BAD) {
        if (take(r, word))
            return true;
        next(r);
    }
    return false;
}

static void skip_if_exists(struct reader *r)
{
    if (take(r, "if")) {
        take(r, "not");
        take(r, "exists");
    }
}

/* A name as it is written, dots included, for to_regclass; "" when there is none. */
static const char *take_name(struct reader *r)
{
    size_t start = r->token.start, end = start;
    while (r->token.kind == SC__SQL_WORD || r->token.kind == SC__SQL_NAME) {
        end = r->token.start + r->token.size;
        next(r);
        if (r->token.kind != SC__SQL_DOT)
            break;
        next(r);
    }
    return scm_copy(&r->run->arena, r->script->text + start, end - start);
}

static const char *get(struct scm_run *run, const PGresult *result, int column)
{
    return scm_copy(&run->arena, PQgetvalue(result, 0, column),
                    (size_t)PQgetlength(result, 0, column));
}

static enum sc_status ask_bool(struct scm_run *run, const char *sql,
                               const char *const *params, int n, bool *yes)
{
    PGresult *result = NULL;
    enum sc_status status = scm_ask(run, sql, params, n, &result);
    if (status == SC_OK)
        *yes = PQntuples(result) > 0 && scm_bool(result, 0, 0);
    PQclear(result);
    return status;
}

/* ---- create index concurrently --------------------------------------------------------- */

struct index {
    const char *name, *table; /* as written; "" when it is named by the server */
    const char *rest;         /* of the statement, behind the table */
    bool unique;
    bool exists, valid, fits;
    const char *found; /* quoted and with its schema */
    const char *oid, *space,
        *likeness; /* of what was found; its schema and its table */
};

static struct index index_of(struct scm_run *run, const struct scm_script *script,
                             const struct scm_statement *statement)
{
    struct reader r = reader_of(run, script, statement);
    struct index index = { .name = "", .table = "", .rest = "", .found = "" };
    take(&r, "create");
    index.unique = take(&r, "unique");
    take(&r, "index");
    take(&r, "concurrently");
    skip_if_exists(&r);
    if (!sc__sql_is(&r.scan, r.token, "on"))
        index.name = take_name(&r);
    if (take(&r, "on")) {
        take(&r, "only");
        index.table = take_name(&r);
        index.rest = scm_copy(&run->arena, script->text + r.token.start,
                              r.end > r.token.start ? r.end - r.token.start : 0);
    }
    return index;
}

/* An index stands in the schema of its table; its name is its own. */
static enum sc_status find(struct scm_run *run, struct index *index)
{
    PGresult *result = NULL;
    const char *params[] = { index->name, index->table, index->unique ? "t" : "f" };
    enum sc_status status = scm_ask(
        run,
        "select i.indisvalid and i.indisready,"
        " i.indrelid = t.oid and i.indisunique = $3::bool,"
        " quote_ident(n.nspname) || '.' || quote_ident(c.relname),"
        " c.oid, quote_ident(n.nspname),"
        " quote_ident(n.nspname) || '.' || quote_ident(t.relname)"
        " from pg_catalog.pg_class t join pg_catalog.pg_class c"
        " on c.relnamespace = t.relnamespace join pg_catalog.pg_index i"
        " on i.indexrelid = c.oid join pg_catalog.pg_namespace n"
        " on n.oid = c.relnamespace where t.oid = to_regclass($2)"
        " and c.relname = (parse_ident($1))[1]",
        params, 3, &result);
    if (status == SC_OK && PQntuples(result)) {
        index->exists = true;
        index->valid = scm_bool(result, 0, 0);
        index->fits = scm_bool(result, 0, 1);
        index->found = get(run, result, 2);
        index->oid = get(run, result, 3);
        index->space = get(run, result, 4);
        index->likeness = get(run, result, 5);
    }
    PQclear(result);
    return status;
}

/* The server's text of an index without its name and its table's. Of an index of ours it
 * is known how long those are; the other's hold no "using". */
static const char SAME[] =
    "select substr(pg_catalog.pg_get_indexdef(i.indexrelid), length(format("
    "'CREATE %sINDEX %I ON %I.%I', case when i.indisunique then 'UNIQUE ' end,"
    " c.relname, n.nspname, t.relname)) + 1) = substr(other.text,"
    " strpos(other.text, ' USING '))"
    " from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid"
    " join pg_catalog.pg_class t on t.oid = i.indrelid"
    " join pg_catalog.pg_namespace n on n.oid = t.relnamespace,"
    " pg_catalog.pg_get_indexdef($2::regclass) other (text)"
    " where i.indexrelid = $1::oid";

static enum sc_status make_likeness(struct scm_run *run, const struct index *index)
{
    enum sc_status status = scm_ask(run, "begin", NULL, 0, NULL);
    if (status == SC_OK)
        status = scm_ask(run,
                         scm_printf(&run->arena,
                                    "create table %s.schemac_likeness (like %s)",
                                    index->space, index->likeness),
                         NULL, 0, NULL);
    if (status == SC_OK)
        status = scm_ask(run,
                         scm_printf(&run->arena,
                                    "create %sindex schemac_likeness_index on"
                                    " %s.schemac_likeness %s",
                                    index->unique ? "unique " : "", index->space,
                                    index->rest),
                         NULL, 0, NULL);
    return status;
}

/* Whether the index that was found is what the statement would make: it makes another, on
 * an empty table with the same columns, that nobody sees and that does not stay. Where that
 * cannot be done, it is not. */
static enum sc_status compare(struct scm_run *run, struct index *index)
{
    struct sc_migrate_error before = *run->err;
    const char *params[] = {
        index->oid, scm_printf(&run->arena, "%s.schemac_likeness_index", index->space)
    };
    enum sc_status status = make_likeness(run, index);
    index->fits = false;
    if (status == SC_OK)
        status = ask_bool(run, SAME, params, 2, &index->fits);
    if (scm_lost(run))
        return status;
    if (status == SC_OK || !scm_may_retry(run->err)) {
        *run->err = before;
        return scm_ask(run, "rollback", NULL, 0, NULL);
    }
    before = *run->err;
    if (scm_ask(run, "rollback", NULL, 0, NULL) == SC_OK)
        *run->err = before;
    return status;
}

static enum sc_status look(struct scm_run *run, struct index *index)
{
    if (!*index->name || !*index->table)
        return SC_OK;
    enum sc_status status = find(run, index);
    return status == SC_OK && index->fits ? compare(run, index) : status;
}

enum sc_status scm_index_taken(struct scm_run *run, const struct scm_script *script,
                               const struct scm_statement *statement, bool *taken)
{
    struct index index = index_of(run, script, statement);
    enum sc_status status = look(run, &index);
    *taken = index.exists && (index.valid || !index.fits);
    return status;
}

static enum sc_status drop_invalid(struct scm_run *run, const struct index *index)
{
    scm_tell(run, SC_MIGRATE_NOTE,
             "the index %s is INVALID: dropped, to be built again", index->found);
    return scm_ask(
        run,
        scm_printf(&run->arena, "drop index concurrently if exists %s", index->found),
        NULL, 0, NULL);
}

static enum sc_status resume_index(struct scm_run *run, const struct scm_script *script,
                                   const struct scm_statement *statement, bool begun,
                                   bool *done)
{
    struct index index = index_of(run, script, statement);
    enum sc_status status = look(run, &index);
    if (status != SC_OK || !index.exists)
        return status;
    if (!index.valid && index.fits)
        return drop_invalid(run, &index);
    *done = begun && index.valid && index.fits;
    return SC_OK; /* what is somebody else's the server will refuse by its name */
}

enum sc_status scm_assert_valid(struct scm_run *run, const struct scm_script *script,
                                const struct scm_statement *statement)
{
    struct index index = index_of(run, script, statement);
    enum sc_status status = look(run, &index);
    if (status == SC_OK && index.exists && !(index.valid && index.fits)) {
        status = scm_fail(run->err, SC_SERVER, SC_TROUBLE_STATEMENT,
                          "the index %s is not what the statement says: it was there "
                          "before, or is INVALID",
                          index.found);
        scm_place(run->err, script, statement->start);
    }
    return status;
}

/* ---- the others ------------------------------------------------------------------------- */

static enum sc_status resume_drop(struct scm_run *run, const struct scm_script *script,
                                  const struct scm_statement *statement, bool *done)
{
    struct reader r = reader_of(run, script, statement);
    if (!skip_to(&r, "concurrently"))
        return SC_OK;
    skip_if_exists(&r);
    const char *name = take_name(&r);
    if (r.token.kind == SC__SQL_COMMA)
        return SC_OK;
    return ask_bool(run, "select to_regclass($1) is null", &name, 1, done);
}

/* Detached, or half of it: then it is brought to its end. */
static enum sc_status resume_detach(struct scm_run *run,
                                    const struct scm_script *script,
                                    const struct scm_statement *statement, bool *done)
{
    struct reader r = reader_of(run, script, statement);
    bool pending = false;
    if (!skip_to(&r, "table"))
        return SC_OK;
    skip_if_exists(&r);
    take(&r, "only");
    const char *table = take_name(&r);
    if (!skip_to(&r, "partition"))
        return SC_OK;
    const char *params[] = { table, take_name(&r) };
    enum sc_status status = ask_bool(
        run,
        "select not exists (select from pg_catalog.pg_inherits"
        " where inhparent = to_regclass($1) and inhrelid = to_regclass($2))",
        params, 2, done);
    if (status != SC_OK || *done)
        return status;
    status = ask_bool(
        run,
        "select inhdetachpending from pg_catalog.pg_inherits"
        " where inhparent = to_regclass($1) and inhrelid = to_regclass($2)",
        params, 2, &pending);
    if (status != SC_OK || !pending)
        return status;
    *done = true;
    return scm_ask(run,
                   scm_printf(&run->arena,
                              "alter table %s detach partition %s finalize", params[0],
                              params[1]),
                   NULL, 0, NULL);
}

enum sc_status scm_resume(struct scm_run *run, const struct scm_script *script,
                          const struct scm_statement *statement, bool begun, bool *done)
{
    *done = false;
    if (statement->verb == SC__SQL_CREATE_INDEX)
        return resume_index(run, script, statement, begun, done);
    if (begun && statement->verb == SC__SQL_DROP_INDEX)
        return resume_drop(run, script, statement, done);
    if (begun && statement->verb == SC__SQL_DETACH)
        return resume_detach(run, script, statement, done);
    return SC_OK;
}
