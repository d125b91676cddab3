/* file.c: the text of a migration's files; must not know how plans are made nor where the
 * files stand. */
#include "file.h"

#include <stdio.h>

#include "../sql/quote.h"
#include "../sqltext/sqltext.h"
#include "fingerprint.h"

/* ---- lines of comment ---- */

/* A name may hold a line end; a comment's line may not. */
static void put_line(struct buf *out, const char *text)
{
    for (; *text; text++)
        buf_putc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
    buf_putc(out, '\n');
}

enum { KEY_WIDTH = 7, LINE_WIDTH = 88 };

/* "-- from:   0eb3": values stand below each other as far as keys are short. */
static void put_key(struct buf *out, const char *key, const char *value)
{
    buf_printf(out, "-- %s:", key);
    size_t n = strlen(key);
    do {
        buf_putc(out, ' ');
    } while (++n < KEY_WIDTH);
    put_line(out, value);
}

static void put_hash(struct buf *out, struct arena *arena, const char *key,
                     struct str hash)
{
    put_key(out, key, hash.n ? str_dup(arena, hash) : "none");
}

const char *migration_hazard(struct arena *arena, const struct plan_hazard *hazard)
{
    return arena_printf(arena, "%s:%.*s", plan_hazard_word(hazard->kind),
                        STR_ARGS(hazard->object));
}

/* Texts with ", " in between, each once. */
struct list {
    struct arena *arena;
    struct buf text;
    struct map seen;
};

static void add_text(struct list *list, const char *text)
{
    if (map_add(&list->seen, list->arena, str_of(text), list))
        return;
    buf_printf(&list->text, "%s%s", list->text.n ? ", " : "", text);
}

static const char *list_text(struct list *list)
{
    const char *text = list->text.n ? buf_dup(&list->text, list->arena).s : NULL;
    buf_release(&list->text);
    return text;
}

const char *migration_hazards(struct arena *arena, const struct plan *plan)
{
    struct list list = { .arena = arena };
    for (size_t i = 0; i < plan->steps.n; i++) {
        const struct plan_step *step = &plan->steps.items[i];
        for (size_t k = 0; k < step->hazards.n; k++)
            add_text(&list, migration_hazard(arena, &step->hazards.items[k]));
    }
    return list_text(&list);
}

const char *migration_reversal(struct arena *arena, const struct plan *plan)
{
    struct list list = { .arena = arena };
    enum plan_reversal worst = REVERSAL_LOSSLESS;
    for (size_t i = 0; i < plan->steps.n; i++) {
        if (plan->steps.items[i].reversal > worst)
            worst = plan->steps.items[i].reversal;
    }
    for (size_t i = 0; i < plan->steps.n; i++) {
        const struct plan_step *step = &plan->steps.items[i];
        if (step->reversal == worst && step->reversal_why)
            add_text(&list, step->reversal_why);
    }
    const char *why = list_text(&list);
    const char *word = plan_reversal_word(worst);
    return why ? arena_printf(arena, "%s: %s", word, why) : word;
}

/* ---- checks ---- */

/* A tag that the query does not hold. */
static const char *dollar_tag(struct arena *arena, struct str query)
{
    const char *tag = "$check$";
    const char *text = str_dup(arena, query);
    for (unsigned n = 1; strstr(text, tag); n++)
        tag = arena_printf(arena, "$check%u$", n);
    return tag;
}

static void put_check(struct buf *out, struct arena *arena,
                      const struct plan_check *check)
{
    const char *tag = dollar_tag(arena, check->query);
    struct str message = str_of(arena_printf(arena, "not so: %s", check->title));
    buf_printf(out,
               "do %s\nbegin\n    if exists (%.*s) then\n        raise exception using"
               " message = ",
               tag, STR_ARGS(check->query));
    quote_literal(out, message);
    if (check->hint) {
        buf_puts(out, ",\n            hint = ");
        quote_literal(out, str_of(check->hint));
    }
    buf_printf(out, ";\n    end if;\nend\n%s;\n", tag);
}

static void put_check_mark(struct buf *out, struct arena *arena,
                           const struct plan_check *check, size_t number)
{
    buf_printf(out, "-- check %zu: ", number);
    put_line(out, check->title);
    put_check(out, arena, check);
}

/* ---- steps ---- */

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.s[i] > 127)
            return false;
    }
    return true;
}

static void put_note(struct buf *out, const char *key, const char *value)
{
    buf_printf(out, "--   %s: ", key);
    put_line(out, value);
}

static void put_locks(struct buf *out, struct arena *arena,
                      const struct plan_step *step)
{
    struct list list = { .arena = arena };
    for (size_t i = 0; i < step->locks.n; i++) {
        const struct plan_lock *lock = &step->locks.items[i];
        add_text(&list, arena_printf(arena, "%.*s %s", STR_ARGS(lock->relation),
                                     plan_lock_word(lock->mode)));
    }
    const char *text = list_text(&list);
    put_note(out, "locks", text ? text : "none");
}

static void put_hazards(struct buf *out, struct arena *arena,
                        const struct plan_step *step)
{
    struct list list = { .arena = arena };
    for (size_t i = 0; i < step->hazards.n; i++) {
        const struct plan_hazard *hazard = &step->hazards.items[i];
        add_text(&list, arena_printf(arena, "%s (%s)", migration_hazard(arena, hazard),
                                     hazard->because));
    }
    const char *text = list_text(&list);
    if (text)
        put_note(out, "hazards", text);
}

/* "12,000,000" */
static void put_count(struct buf *out, int64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)n);
    for (int i = 0; i < length; i++) {
        buf_puts(out, i && (length - i) % 3 == 0 ? "," : "");
        buf_putc(out, digits[i]);
    }
}

static void put_bytes(struct buf *out, int64_t bytes)
{
    static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
    double n = (double)bytes;
    size_t unit = 0;
    while (n >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        n /= 1024;
        unit++;
    }
    buf_printf(out, unit && n < 10 ? "%.1f %s" : "%.0f %s", n, units[unit]);
}

/* "rewrite of about 12,000,000 rows (1.4 GB)", "rows, among about 7 rows (..)" */
static void put_cost(struct buf *out, const struct plan_step *step)
{
    buf_printf(out, "--   cost: %s", plan_cost_word(step->cost));
    if (step->size) {
        buf_puts(out, step->cost == COST_ROWS ? ", among about " : " of about ");
        put_count(out, step->size->rows);
        buf_puts(out, step->size->rows == 1 ? " row (" : " rows (");
        put_bytes(out, step->size->bytes);
        buf_puts(out, plan_is_small(step->size) ? ", small)" : ")");
    }
    buf_putc(out, '\n');
}

static void put_notes(struct buf *out, struct arena *arena,
                      const struct plan_step *step)
{
    const char *word = plan_reversal_word(step->reversal);
    put_locks(out, arena, step);
    put_cost(out, step);
    put_hazards(out, arena, step);
    put_note(out, "down",
             step->reversal_why
                 ? arena_printf(arena, "%s: %s", word, step->reversal_why)
                 : word);
    if (step->alone)
        buf_puts(out, "--   stands alone: it has no form that lets others work\n");
    if (!step->transaction)
        buf_puts(out, "--   runs outside a transaction\n");
}

/* psql on a terminal takes the encoding of its locale. */
static void put_statements(struct buf *out, const struct plan_step *step)
{
    bool ascii = is_ascii(step->sql);
    bool paragraphs = step->sql.n > 0 && strstr(step->sql.s, "\n\n") != NULL;
    const char *gap = paragraphs ? "\n" : "";
    if (step->transaction)
        buf_printf(out, "begin;\n%s", gap);
    if (!ascii)
        buf_printf(out, "set %sclient_encoding = 'UTF8';\n%s",
                   step->transaction ? "local " : "", gap);
    buf_str(out, step->sql);
    if (step->transaction)
        buf_printf(out, "%scommit;\n", gap);
}

static void put_step(struct buf *out, struct arena *arena, const struct plan *plan,
                     size_t i)
{
    const struct plan_step *step = &plan->steps.items[i];
    buf_printf(out, "-- step %zu of %zu: ", i + 1, plan->steps.n);
    put_line(out, step->title);
    put_notes(out, arena, step);
    put_statements(out, step);
}

void migration_put_plan(struct buf *out, struct arena *arena, const struct plan *plan)
{
    for (size_t i = 0; i < plan->checks.n; i++) {
        buf_puts(out, i ? "\n" : "");
        put_check_mark(out, arena, &plan->checks.items[i], i + 1);
    }
    for (size_t i = 0; i < plan->steps.n; i++) {
        buf_puts(out, i || plan->checks.n ? "\n" : "");
        put_step(out, arena, plan, i);
    }
}

/* ---- a file a step ---- */

/* "add column auth.users.phone" as a file's name has it. */
static const char *slug(struct arena *arena, const char *title)
{
    enum { SLUG_MAX = 40 };
    char name[SLUG_MAX + 1];
    size_t n = 0;
    for (; *title && *title != ';' && n < SLUG_MAX; title++) {
        bool plain = (*title >= 'a' && *title <= 'z') ||
                     (*title >= '0' && *title <= '9');
        if (plain || (n && name[n - 1] != '_'))
            name[n++] = plain ? *title : '_';
    }
    while (n && name[n - 1] == '_')
        n--;
    name[n] = '\0';
    return arena_copy(arena, name, n);
}

/* Without begin and commit: whoever runs the file has them around it, or must not. */
static struct str step_text(struct arena *arena, const struct plan_step *step)
{
    struct buf out = { 0 };
    struct plan_step bare = *step;
    buf_puts(&out, "-- ");
    put_line(&out, step->title);
    put_notes(&out, arena, step);
    bare.transaction = false;
    put_statements(&out, &bare);
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text;
}

struct migration_pieces migration_split(struct arena *arena, const struct plan *plan)
{
    struct migration_pieces pieces = { .list = { 0 } };
    size_t n = plan->checks.n + plan->steps.n;
    int width = n < 100 ? 2 : n < 1000 ? 3 : 6;
    for (size_t i = 0; i < n; i++) {
        const struct plan_step *step = NULL;
        struct migration_piece piece;
        if (i >= plan->checks.n)
            step = &plan->steps.items[i - plan->checks.n];
        const char *title = step ? step->title : plan->checks.items[i].title;
        piece.name = arena_printf(arena, "%0*zu_%s%s%s.sql", width, i + 1,
                                  step ? "" : "check_", slug(arena, title),
                                  step && !step->transaction ? ".no_transaction" : "");
        struct buf out = { 0 };
        if (!step)
            put_check_mark(&out, arena, &plan->checks.items[i], i + 1);
        piece.text = step ? step_text(arena, step) : buf_dup(&out, arena);
        buf_release(&out);
        VEC_PUSH(arena, &pieces.list, piece);
    }
    return pieces;
}

/* ---- the head of a file ---- */

struct way {
    const char *suffix;      /* up */
    struct str from, to;     /* fingerprints */
    const struct plan *plan; /* NULL: by hand */
    struct str body, sum;
    struct str hazards; /* by hand: what its head says; n 0: nothing */
};

/* "-- breaks: 42703 auth_users_get, auth_users_by_email", wrapped. */
static void put_names(struct buf *out, const struct impact *impact,
                      const struct impact_item *like)
{
    size_t start = out->n;
    buf_printf(out, "-- %s: %s", impact_kind_word(like->kind), like->sqlstate);
    size_t width = out->n - start;
    for (size_t i = (size_t)(like - impact->items.items); i < impact->items.n; i++) {
        const struct impact_item *item = &impact->items.items[i];
        if (item->kind != like->kind || strcmp(item->sqlstate, like->sqlstate) != 0)
            continue;
        buf_puts(out, item == like ? "" : ",");
        width += item->name.n + 2;
        if (width > LINE_WIDTH && item != like) {
            buf_puts(out, "\n--  ");
            width = item->name.n + 6;
        }
        buf_printf(out, " %.*s", STR_ARGS(item->name));
    }
    buf_putc(out, '\n');
}

/* A line, or a few, for each code. */
static void put_impacts(struct buf *out, struct arena *arena,
                        const struct impact *impact, enum impact_kind kind)
{
    struct map codes = { 0 };
    for (size_t i = 0; i < impact->items.n; i++) {
        struct impact_item *item = &impact->items.items[i];
        if (item->kind == kind && !map_add(&codes, arena, str_of(item->sqlstate), item))
            put_names(out, impact, item);
    }
}

static void put_allowed(struct buf *out, struct arena *arena,
                        const struct migration_request *request)
{
    struct list list = { .arena = arena };
    for (size_t i = 0; i < request->nallowed; i++)
        add_text(&list, migration_hazard(arena, &request->allowed[i]));
    const char *text = list_text(&list);
    if (text)
        put_key(out, "allowed", text);
}

/* What is true of the change as a whole stands in the up file. */
static void put_whole(struct buf *out, struct arena *arena,
                      const struct migration_request *request)
{
    const struct impact *impact = request->draft->impact;
    put_key(out, "order",
            impact ? impact_order_word(impact->order)
                   : impact_order_word(IMPACT_MIGRATE_FIRST));
    put_key(out, "down", migration_reversal(arena, request->draft->up));
}

static void put_head(struct buf *out, struct arena *arena,
                     const struct migration_request *request, const struct way *way,
                     struct str id)
{
    const char *command = *way->suffix == 'u' ? "migrate" : "rollback";
    bool up = *way->suffix == 'u';
    buf_printf(out, "-- %.*s, %s: ", STR_ARGS(request->name), way->suffix);
    put_line(out, way->plan ? plan_summary(arena, way->plan) : "written by hand");
    buf_printf(out,
               "--\n-- Apply with: schemac %s, or"
               " psql -v ON_ERROR_STOP=1 -f %.*s.%s.sql\n--\n",
               command, STR_ARGS(request->name), way->suffix);
    put_hash(out, arena, "id", id);
    put_hash(out, arena, "parent", request->parents[0]);
    if (request->parents[1].n)
        put_hash(out, arena, "parent", request->parents[1]);
    for (size_t i = 0; i < request->nreplaces; i++)
        put_hash(out, arena, "replaces", request->replaces[i]);
    put_hash(out, arena, "from", way->from);
    put_hash(out, arena, "to", way->to);
    put_hash(out, arena, "sum", way->sum);
    if (up && way->plan)
        put_whole(out, arena, request);
    const char *hazards = way->plan ? migration_hazards(arena, way->plan) : NULL;
    if (hazards)
        put_key(out, "hazards", hazards);
    if (!way->plan)
        put_key(out, "hazards",
                way->hazards.n ? str_dup(arena, way->hazards) : "unknown");
    if (up)
        put_allowed(out, arena, request);
    if (up && way->plan && request->draft->impact) {
        put_impacts(out, arena, request->draft->impact, IMPACT_BREAKS);
        put_impacts(out, arena, request->draft->impact, IMPACT_INVALIDATES);
        put_impacts(out, arena, request->draft->impact, IMPACT_SLOWS);
    }
    buf_putc(out, '\n');
}

/* ---- the files ---- */

static const char nothing_yet[] =
    "begin;\n\n"
    "-- Write the statements here. One that cannot run inside"
    " a transaction, such as\n"
    "-- CREATE INDEX CONCURRENTLY, wants a file without begin"
    " and commit. What they\n"
    "-- lose stands in the head: \"hazards: none\", or drop:NAME and"
    " the like.\n\n"
    "commit;\n";

static void write_body(struct arena *arena, struct way *way)
{
    struct buf out = { 0 };
    char hash[SC__SQL_HASH_SIZE];
    if (!way->plan) {
        way->body = way->body.n ? way->body : str_of(nothing_yet);
        return;
    }
    migration_put_plan(&out, arena, way->plan);
    way->body = buf_dup(&out, arena);
    sc__sql_hash(way->body.s ? way->body.s : "", way->body.n, hash);
    way->sum = str_of(arena_copy(arena, hash, strlen(hash)));
    buf_release(&out);
}

static struct str identify(struct arena *arena, const struct migration_request *request,
                           const struct way *up, const struct way *down)
{
    const struct str end = STR("\n");
    const struct str texts[] = { request->name,
                                 end,
                                 request->parents[0],
                                 end,
                                 request->parents[1],
                                 end,
                                 request->from,
                                 end,
                                 request->to,
                                 end,
                                 up->sum,
                                 end,
                                 down->sum };
    return fingerprint_of(arena, texts, sizeof texts / sizeof *texts);
}

static struct str write_way(struct arena *arena,
                            const struct migration_request *request,
                            const struct way *way, struct str id)
{
    struct buf out = { 0 };
    put_head(&out, arena, request, way, id);
    buf_str(&out, way->body);
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text;
}

struct migration migration_write(struct arena *arena,
                                 const struct migration_request *request)
{
    const struct draft *draft = request->draft;
    struct way up = { .suffix = "up",
                      .from = request->from,
                      .to = request->to,
                      .plan = draft ? draft->up : NULL };
    struct way down = { .suffix = "down",
                        .from = request->to,
                        .to = request->from,
                        .plan = draft ? draft->down : NULL };
    if (!draft && request->by_hand) {
        up.body = request->by_hand[0].body;
        up.hazards = request->by_hand[0].hazards;
        down.body = request->by_hand[1].body;
        down.hazards = request->by_hand[1].hazards;
    }
    write_body(arena, &up);
    write_body(arena, &down);
    struct migration migration = { .id = identify(arena, request, &up, &down) };
    migration.up = write_way(arena, request, &up, migration.id);
    migration.down = write_way(arena, request, &down, migration.id);
    return migration;
}

struct str migration_body(struct str text)
{
    const char *at = text.s, *end = text.s + text.n;
    while (at < end && at[0] == '-' && at + 1 < end && at[1] == '-') {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        at = line ? line + 1 : end;
    }
    while (at < end && *at == '\n')
        at++;
    return (struct str){ at, (size_t)(end - at) };
}

struct str migration_head_word(struct str text, const char *key)
{
    size_t n = strlen(key);
    const char *at = text.s, *end = text.s + text.n;
    while (at < end && at[0] == '-') {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        line = line ? line : end;
        if ((size_t)(line - at) > n + 4 && memcmp(at + 3, key, n) == 0 &&
            at[n + 3] == ':') {
            const char *value = at + n + 4;
            while (value < line && *value == ' ')
                value++;
            return (struct str){ value, (size_t)(line - value) };
        }
        at = line < end ? line + 1 : end;
    }
    return (struct str){ NULL, 0 };
}

struct str migration_head_value(struct str text, const char *key)
{
    struct str word = migration_head_word(text, key);
    return str_eq_c(word, "none") ? (struct str){ NULL, 0 } : word;
}

struct str migration_head_next(struct str *rest, const char *key)
{
    struct str value = migration_head_value(*rest, key);
    if (!value.n) {
        *rest = (struct str){ NULL, 0 };
        return value;
    }
    const char *end = rest->s + rest->n;
    const char *behind = value.s + value.n;
    behind += behind < end;
    *rest = (struct str){ behind, (size_t)(end - behind) };
    return value;
}
