/* plan.c: the table of a connection's statements. It must not send anything but the
 * look-up of enum types. */
#include "runtime/sc_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- the table ----------------------------------------------------------------------- */

static uint64_t hash_key(const struct sc__key *key)
{
    uint64_t hash = (uint64_t)(uintptr_t)key->owner * 0x9e3779b97f4a7c15u;
    hash += (uint64_t)key->op << 1 | key->returning;
    for (uint16_t i = 0; i < key->nwords; i++)
        hash = (hash ^ key->words[i]) * 0xff51afd7ed558ccdu;
    return hash ^ hash >> 32;
}

struct sc__plan *sc__plan_look_up(struct sc__plans *plans, const struct sc__key *key,
                                  struct sc__plan **recent)
{
    if (!plans->nbuckets)
        return NULL;
    struct sc__plan *plan = plans->buckets[hash_key(key) & (plans->nbuckets - 1)];
    while (plan && !sc__key_is(&plan->key, key))
        plan = plan->next;
    if (plan)
        *recent = plan;
    return plan;
}

static bool grow(struct sc__plans *plans)
{
    size_t count = plans->nbuckets ? plans->nbuckets * 2 : 64;
    struct sc__plan **buckets = calloc(count, sizeof(struct sc__plan *));
    if (!buckets)
        return false;
    for (size_t i = 0; i < plans->nbuckets; i++)
        for (struct sc__plan *plan = plans->buckets[i], *next; plan; plan = next) {
            next = plan->next;
            plan->next = buckets[plan->hash & (count - 1)];
            buckets[plan->hash & (count - 1)] = plan;
        }
    free(plans->buckets);
    plans->buckets = buckets;
    plans->nbuckets = count;
    return true;
}

static bool insert(struct sc__plans *plans, struct sc__plan *plan)
{
    if (plans->count >= plans->nbuckets && !grow(plans))
        return false;
    struct sc__plan **bucket = &plans->buckets[plan->hash & (plans->nbuckets - 1)];
    plan->next = *bucket;
    *bucket = plan;
    plans->count++;
    return true;
}

static void plan_free(struct sc__plan *plan)
{
    if (!plan)
        return;
    free(plan->sql);
    free(plan);
}

void sc__plans_drop_unnamed(struct sc__plans *plans)
{
    for (struct sc__plan *plan = plans->unnamed, *next; plan; plan = next) {
        next = plan->next;
        plan_free(plan);
    }
    plans->unnamed = NULL;
}

void sc__plans_forget(struct sc__plans *plans)
{
    for (size_t i = 0; i < plans->nbuckets; i++)
        for (struct sc__plan *plan = plans->buckets[i]; plan; plan = plan->next) {
            plan->before = SC__PLAN_NEW;
            if (plan->state != SC__PLAN_UNLEARNT && !plan->uses_enums)
                plan->state = SC__PLAN_NEW;
            else
                plan->state = SC__PLAN_UNLEARNT;
        }
}

void sc__plans_unlearn(struct sc__plans *plans)
{
    for (size_t i = 0; i < plans->nbuckets; i++)
        for (struct sc__plan *plan = plans->buckets[i]; plan; plan = plan->next) {
            if (!plan->uses_enums || plan->state == SC__PLAN_UNLEARNT)
                continue;
            plan->before = plan->state;
            plan->state = SC__PLAN_UNLEARNT;
        }
}

void sc__plans_release(struct sc__plans *plans)
{
    for (size_t i = 0; i < plans->nbuckets; i++)
        for (struct sc__plan *plan = plans->buckets[i], *next; plan; plan = next) {
            next = plan->next;
            plan_free(plan);
        }
    sc__plans_drop_unnamed(plans);
    free(plans->buckets);
    *plans = (struct sc__plans){ 0 };
}

/* ---- texts ----------------------------------------------------------------------------- */

/* Who asks, for pg_stat_activity and the server's log. A label is a C name; whatever else
 * it may hold must not end the comment. */
static void add_comment(struct sc__text *sql, const char *label, unsigned generation)
{
    char name[64];
    size_t length = 0;
    for (; label && label[length] && length < sizeof(name) - 1; length++) {
        char c = label[length];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9');
        name[length] = is_plain ? c : '_';
    }
    name[length] = 0;
    sc__text_add(sql, "/* ");
    sc__text_add(sql, name);
    if (generation)
        sc__text_number(sql, " ", generation);
    sc__text_add(sql, " */ ");
}

/* ---- names ----------------------------------------------------------------------------- */

struct digest {
    uint64_t high;
    uint64_t low;
};

static uint64_t mix(uint64_t hash)
{
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
    return hash ^ hash >> 33;
}

static void digest_bytes(struct digest *digest, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) {
        digest->high = (digest->high ^ bytes[i]) * 0x100000001b3u;
        digest->low = (digest->low + bytes[i]) * 0x9e3779b97f4a7c15u;
        digest->low ^= digest->low >> 29;
    }
}

/* The same in every process: text and types, in a fixed byte order. */
static struct digest digest_of(const struct sc__plan *plan)
{
    struct digest digest = { 0xcbf29ce484222325u, 0x243f6a8885a308d3u };
    digest_bytes(&digest, plan->sql, strlen(plan->sql) + 1);
    for (uint16_t i = 0; i < plan->nparams; i++) {
        uint32_t oid = plan->params[i];
        unsigned char bytes[] = { (unsigned char)(oid >> 24),
                                  (unsigned char)(oid >> 16), (unsigned char)(oid >> 8),
                                  (unsigned char)oid };
        digest_bytes(&digest, bytes, sizeof(bytes));
    }
    return (struct digest){ mix(digest.high), mix(digest.low ^ digest.high) };
}

static void name_plan(const struct sc__conn *conn, struct sc__plan *plan)
{
    struct digest digest = digest_of(plan);
    int length = snprintf(plan->name, sizeof(plan->name), "sc_%016llx%016llx",
                          (unsigned long long)digest.high,
                          (unsigned long long)digest.low);
    char *end = plan->name + length;
    size_t room = sizeof(plan->name) - (size_t)length;
    if (conn->adopted) /* whoever had the connection before may have used the name */
        snprintf(end, room, "_a%u_%u", conn->serial, plan->generation);
    else if (plan->generation)
        snprintf(end, room, "_%u", plan->generation);
}

/* Another descriptor with the very same statement, or one whose name only happens to be
 * the same. */
static struct sc__plan *namesake(const struct sc__plans *plans,
                                 const struct sc__plan *plan)
{
    for (size_t i = 0; i < plans->nbuckets; i++)
        for (struct sc__plan *p = plans->buckets[i]; p; p = p->next)
            if (p != plan && strcmp(p->name, plan->name) == 0)
                return p;
    return NULL;
}

static bool same_statement(const struct sc__plan *a, const struct sc__plan *b)
{
    return a->nparams == b->nparams && strcmp(a->sql, b->sql) == 0 &&
           memcmp(a->params, b->params, a->nparams * sizeof(*a->params)) == 0;
}

static void choose_name(const struct sc__conn *conn, struct sc__plan *plan)
{
    name_plan(conn, plan);
    const struct sc__plan *other = namesake(&conn->plans, plan);
    if (!other)
        return;
    if (!same_statement(plan, other))
        plan->name[0] = 0;
    else if (other->state > SC__PLAN_UNLEARNT || other->before > SC__PLAN_UNLEARNT)
        plan->state = SC__PLAN_THERE;
}

/* The first ones are the same in every process. A pooler's server connections may have these,
 * too, and of before a later change: then it is one that none will have. */
static unsigned next_generation(const struct sc__plan *plan)
{
    enum { SHARED = 2 };
    struct timespec now;
    if (plan->generation < SHARED)
        return plan->generation + 1;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
    return (unsigned)mix(seed ^ mix((uint64_t)(uintptr_t)plan)) | (SHARED + 1);
}

/* Without memory it keeps its text, which all servers but poolers take under a new name. */
static void number_text(struct sc__plans *plans, struct sc__plan *plan)
{
    struct sc__text sql = { 0 };
    add_comment(&sql, plan->label, plan->generation);
    size_t comment = sql.size;
    sc__text_add(&sql, plan->sql + plan->comment);
    char *made = sc__text_take(&sql);
    struct sc__plan *past = made ? calloc(1, sizeof(*past)) : NULL;
    if (!past) {
        free(made);
        return;
    }
    past->sql = plan->sql; /* hooks may hold it until the call is over */
    past->next = plans->unnamed;
    plans->unnamed = past;
    plan->sql = made;
    plan->comment = (uint16_t)comment;
}

void sc__plan_rename(struct sc__conn *conn, struct sc__plan *plan)
{
    plan->state = SC__PLAN_NEW;
    if (!plan->name[0])
        return;
    plan->generation = next_generation(plan);
    number_text(&conn->plans, plan);
    choose_name(conn, plan);
}

static size_t variants(const struct sc__plans *plans, const void *owner)
{
    size_t count = 0;
    for (size_t i = 0; i < plans->nbuckets; i++)
        for (struct sc__plan *plan = plans->buckets[i]; plan; plan = plan->next)
            count += plan->key.owner == owner;
    return count;
}

/* ---- making one ------------------------------------------------------------------------- */

static uint16_t ncolumns(const struct sc__plan *plan)
{
    return plan->row ? plan->row->ncolumns : 0;
}

/* One allocation: the plan, then words, parameter types, and the two lists of OIDs. */
static struct sc__plan *allocate(const struct sc__ask *ask)
{
    size_t ncols = ask->row ? ask->row->ncolumns : 0;
    size_t words = ask->key.nwords * sizeof(uint64_t);
    size_t types = ask->nparams * sizeof(struct sc__param);
    size_t oids = (ask->nparams + ncols) * sizeof(uint32_t);
    struct sc__plan *plan = calloc(1, sizeof(*plan) + words + types + oids);
    if (!plan)
        return NULL;
    uint64_t *copy = (uint64_t *)(void *)(plan + 1);
    if (words)
        memcpy(copy, ask->key.words, words);
    plan->key = ask->key;
    plan->key.words = copy;
    plan->param_types = (struct sc__param *)(void *)((char *)(plan + 1) + words);
    plan->params = (uint32_t *)(void *)((char *)plan->param_types + types);
    plan->columns = plan->params + ask->nparams;
    plan->hash = hash_key(&ask->key);
    plan->label = ask->label;
    plan->row = ask->row;
    plan->first = ask->first;
    plan->nparams = ask->nparams;
    plan->state = SC__PLAN_UNLEARNT;
    return plan;
}

static bool compose(const struct sc__ask *ask, struct sc__plan *plan)
{
    struct sc__text sql = { 0 };
    const char *fixed = sc__ask_text(ask);
    add_comment(&sql, plan->label, 0);
    plan->comment = (uint16_t)sql.size;
    sc__ask_compose(ask, &sql, plan->param_types);
    if (fixed)
        sc__text_add(&sql, fixed);
    plan->sql = sc__text_take(&sql);
    if (!plan->sql)
        return false;
    plan->changes = sc__session_text_changes(plan->sql);
    plan->quick = !plan->changes && plan->nparams <= SC__PLAN_FEW;
    return true;
}

static void fill_oids(const struct sc__types *types, struct sc__plan *plan)
{
    plan->uses_enums = false;
    plan->enum_arrays = false;
    for (uint16_t i = 0; i < plan->nparams; i++) {
        const struct sc__param *param = &plan->param_types[i];
        plan->params[i] = sc__types_oid(types, param->type, param->as_list);
        plan->uses_enums |= param->type->kind == SC__ENUM;
        plan->enum_arrays |= sc__types_element(types, param->type, param->as_list) != 0;
    }
    plan->flat = true;
    for (uint16_t c = 0; c < ncolumns(plan); c++) {
        const struct sc__type *type = &plan->row->columns[c].type;
        plan->flat &= !(type->flags & SC__ARRAY) && type->kind != SC__NUMERIC;
        plan->columns[c] = sc__types_oid(types, type, false);
        plan->uses_enums |= type->kind == SC__ENUM;
    }
}

/* All types of its parameters and columns. types is from malloc; NULL: no memory. */
static struct sc__type_list types_of(const struct sc__plan *plan)
{
    size_t count = (size_t)plan->nparams + ncolumns(plan);
    const struct sc__type **types = malloc((count + 1) * sizeof(*types));
    for (uint16_t i = 0; types && i < plan->nparams; i++)
        types[i] = plan->param_types[i].type;
    for (uint16_t c = 0; types && c < ncolumns(plan); c++)
        types[plan->nparams + c] = &plan->row->columns[c].type;
    return (struct sc__type_list){ types, count, plan->label };
}

/* The name holds the parameters' types: a plan with others is not prepared yet. */
static void name_again(const struct sc__conn *conn, struct sc__plan *plan)
{
    char before[SC__PLAN_NAME];
    memcpy(before, plan->name, sizeof(before));
    uint8_t state = plan->state;
    plan->state = SC__PLAN_NEW;
    choose_name(conn, plan);
    if (strcmp(before, plan->name) == 0)
        plan->state = state == SC__PLAN_READY ? SC__PLAN_THERE : state;
}

/* All its types are known. */
static enum sc_status set_oids(struct sc__conn *conn, struct sc__plan *plan,
                               struct sc_error *err)
{
    size_t size = ((size_t)plan->nparams + ncolumns(plan)) * sizeof(*plan->params);
    uint32_t *old = malloc(size + 1);
    if (!old)
        return sc__fail_memory(err, plan->label);
    memcpy(old, plan->params, size);
    fill_oids(&conn->types, plan);
    plan->changed = plan->settled && memcmp(old, plan->params, size) != 0;
    free(old);
    plan->state = plan->before;
    plan->before = SC__PLAN_NEW;
    if (plan->nameless)
        plan->name[0] = 0;
    else if (!plan->settled)
        choose_name(conn, plan);
    else if (plan->changed && plan->name[0])
        name_again(conn, plan);
    plan->settled = true;
    return SC_OK;
}

enum sc_status sc__plan_settle(struct sc__conn *conn, struct sc__plan *plan,
                               struct sc_error *err)
{
    if (plan->state != SC__PLAN_UNLEARNT)
        return SC_OK;
    struct sc__type_list list = types_of(plan);
    if (!list.types)
        return sc__fail_memory(err, plan->label);
    enum sc_status status = sc__types_check(&conn->types, &list, err);
    free((void *)(uintptr_t)list.types);
    return status == SC_OK ? set_oids(conn, plan, err) : status;
}

/* Settles it when nothing is unknown. */
enum sc_status sc__plan_want(struct sc__conn *conn, struct sc__plan *plan,
                             struct sc_error *err)
{
    if (plan->state != SC__PLAN_UNLEARNT)
        return SC_OK;
    bool unknown;
    struct sc__type_list list = types_of(plan);
    if (!list.types)
        return sc__fail_memory(err, plan->label);
    enum sc_status status = sc__types_want(&conn->types, &list, &unknown, err);
    free((void *)(uintptr_t)list.types);
    return status == SC_OK && !unknown ? set_oids(conn, plan, err) : status;
}

/* Puts a plan where it is found again; one too many stays unnamed. */
static bool keep(struct sc__conn *conn, struct sc__plan *plan)
{
    if (variants(&conn->plans, plan->key.owner) < SC__PLAN_VARIANTS)
        return insert(&conn->plans, plan);
    plan->nameless = true;
    plan->next = conn->plans.unnamed;
    conn->plans.unnamed = plan;
    return true;
}

enum sc_status sc__plan_make(struct sc__conn *conn, struct sc__ask *ask,
                             struct sc_error *err)
{
    ask->plan = sc__plan_find(&conn->plans, &ask->key);
    if (ask->plan) {
        conn->changed |= ask->plan->changes;
        return sc__plan_want(conn, ask->plan, err);
    }
    struct sc__plan *plan = allocate(ask);
    if (plan) {
        plan->nameless = sc__conn_is_nameless(conn);
        plan->wary = plan->row && sc__conn_is_pooled(conn);
    }
    if (!plan || !compose(ask, plan) || !keep(conn, plan)) {
        plan_free(plan);
        return sc__fail_memory(err, ask->label);
    }
    ask->plan = plan;
    conn->changed |= plan->changes;
    return sc__plan_want(conn, plan, err);
}

enum sc_status sc__plan_get(struct sc__conn *conn, struct sc__ask *ask,
                            struct sc_error *err)
{
    enum sc_status status = sc__plan_make(conn, ask, err);
    if (status != SC_OK || ask->plan->state != SC__PLAN_UNLEARNT)
        return status;
    struct sc__type_list list = types_of(ask->plan);
    if (!list.types)
        return sc__fail_memory(err, ask->label);
    status = sc__types_learn(conn, &list, err);
    free((void *)(uintptr_t)list.types);
    return status == SC_OK ? sc__plan_settle(conn, ask->plan, err) : status;
}

/* ---- comparing ---------------------------------------------------------------------------- */

static enum sc_status mismatch(const struct sc__plan *plan, const PGresult *result,
                               uint16_t column, struct sc_error *err)
{
    const struct sc__column *c = &plan->row->columns[column];
    int at = plan->first + column;
    if (at >= PQnfields(result))
        sc__fail(err, plan->label, SC_SCHEMA_MISMATCH,
                 "column \"%s\" is missing: the result has %d columns, not %d", c->name,
                 PQnfields(result), plan->first + plan->row->ncolumns);
    else
        sc__fail(err, plan->label, SC_SCHEMA_MISMATCH,
                 "column \"%s\" was generated for type OID %u, but the server gives %u",
                 c->name, plan->columns[column], PQftype(result, at));
    if (err)
        SC__ERROR_SET(err, column, c->name);
    return SC_SCHEMA_MISMATCH;
}

enum sc_status sc__plan_compare(const struct sc__plan *plan, const PGresult *result,
                                struct sc_error *err)
{
    if (!plan->row)
        return SC_OK;
    uint16_t count = plan->row->ncolumns;
    for (uint16_t c = 0; c < count; c++)
        if (!sc__types_alike(PQftype(result, plan->first + c), plan->columns[c]))
            return mismatch(plan, result, c, err);
    if (PQnfields(result) == plan->first + count)
        return SC_OK;
    return sc__fail(err, plan->label, SC_SCHEMA_MISMATCH,
                    "the result has %d columns, but the code was generated for %d",
                    PQnfields(result), plan->first + count);
}
