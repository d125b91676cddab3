/* sampler.h: a thread that looks at a server process's locks again and again. Inside
 * certify/ only; the one place where certify/ has a thread.
 *
 * A statement that builds or drops something concurrently is over before anybody has
 * looked. It waits for transactions that are older than it: one is held open until it has
 * been seen waiting.
 */
#ifndef CERTIFY_SAMPLER_H
#define CERTIFY_SAMPLER_H
#include <stdbool.h>
#include <stddef.h>

#include "../migrate/plan.h"
#include "../runtime/sc.h"

struct sample {
    char relation[16]; /* its oid */
    enum plan_lock_mode mode;
};
struct samples {
    struct sample items[512]; /* more relations in a step are not kept */
    size_t n;
};
/* Adds what the process holds at this moment of the connection's database, the strongest
 * of each relation. False when it cannot be asked. */
bool samples_add(struct samples *samples, struct sc_db *db, int pid);

struct sampler;
/* NULL: no memory, connection or thread. */
struct sampler *sampler_open(const char *url);
void sampler_close(struct sampler *sampler); /* NULL is fine */
/* From now on that process is looked at, until it is taken, and will be made to wait by a
 * transaction that has looked at every table. Gives false when that cannot be. */
bool sampler_begin(struct sampler *sampler, int pid);
void sampler_take(struct sampler *sampler, struct samples *samples);

#endif
