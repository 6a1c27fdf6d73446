#include "pipeline/analyse/weight_counts.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/pairs.h"
#include "pipeline/weights.h"

enum { PIECE_MENTIONS = 4096 };

/* What one thread counts. */
typedef struct tally {
    uint64_t n[HD_WEIGHT_COUNTS];
} tally;

typedef struct counter {
    const hd_run *run;
    hd_weights weights;
    tally *tally; /* [worker] */
    hd_env *env;  /* [worker] */
} counter;

static void count(tally *t, int32_t weight)
{
    int32_t bits = weight >> 10; /* 1/1024 bit, rounded down */
    int32_t place = bits - HD_WEIGHT_COUNTS_FROM;
    _Static_assert(HD_WEIGHT_ONE == 1 << 10, "the shift is the unit");
    t->n[place < 0 ? 0 : place >= HD_WEIGHT_COUNTS ? HD_WEIGHT_COUNTS - 1 : place]++;
}

static void count_pair(void *arg, uint32_t worker, const hd_pair *pair)
{
    const counter *c = arg;
    count(&c->tally[worker],
          hd_plan_weight(&c->run->plan, &c->weights, pair->pattern, pair->row_a, pair->row_b));
}

static hd_status count_self(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const counter *c = arg;
    const hd_plan *plan = &c->run->plan;
    hd_mention end = (task + 1) * PIECE_MENTIONS;
    for (hd_mention i = task * PIECE_MENTIONS; i < end && i < c->run->mentions.n; i++) {
        const uint32_t *row = hd_plan_row(plan, i);
        hd_pattern pattern = hd_plan_pattern(plan, row, row, &c->env[worker]);
        count(&c->tally[worker], hd_plan_weight(plan, &c->weights, pattern, row, row));
    }
    return HD_OK;
}

/* Adds up what the threads counted, and empties it. */
static void collect(counter *c, unsigned n_threads, uint64_t *out, uint64_t *total)
{
    for (unsigned t = 0; t < n_threads; t++)
        for (uint32_t i = 0; i < HD_WEIGHT_COUNTS; i++) {
            out[i] += c->tally[t].n[i];
            *total += c->tally[t].n[i];
            c->tally[t].n[i] = 0;
        }
}

hd_status hd_weight_counts_make(hd_ctx *ctx, const hd_run *run, hd_weight_counts *out)
{
    *out = (hd_weight_counts){0};
    counter c = {.run = run};
    hd_weights_make(&run->plan, run->model, &c.weights);
    c.tally = hd_alloc_zero(ctx->n_threads, sizeof *c.tally);
    c.env = hd_alloc_zero(ctx->n_threads, sizeof *c.env);
    for (unsigned t = 0; t < ctx->n_threads; t++)
        c.env[t] = hd_ruleset_env(run->ruleset);
    hd_status status = hd_pairs_walk(ctx, &run->plan, &run->blocks, count_pair, &c);
    collect(&c, ctx->n_threads, out->pairs, &out->n_pairs);
    if (status == HD_OK)
        status = hd_parallel(ctx, (run->mentions.n + PIECE_MENTIONS - 1) / PIECE_MENTIONS,
                             count_self, &c);
    collect(&c, ctx->n_threads, out->self, &out->n_self);
    for (unsigned t = 0; t < ctx->n_threads; t++)
        hd_env_release(&c.env[t]);
    hd_free(c.tally);
    hd_free(c.env);
    hd_weights_release(&c.weights);
    return status;
}

double hd_unlinkable_share(const hd_weight_counts *counts, int bits)
{
    uint64_t below = 0;
    for (int i = 0; i < HD_WEIGHT_COUNTS && HD_WEIGHT_COUNTS_FROM + i < bits; i++)
        below += counts->self[i];
    return counts->n_self ? (double)below / (double)counts->n_self : 0;
}
