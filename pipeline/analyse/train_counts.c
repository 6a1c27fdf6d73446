#include "pipeline/analyse/train_counts.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "pipeline/analyse/pattern_count.h"
#include "pipeline/pairs.h"

_Static_assert((int)HD_EM_COMPARISONS_MAX >= (int)HD_COMPARISONS_MAX, "EM takes every comparison");
_Static_assert((int)HD_EM_LEVELS_MAX >= (int)HD_LEVELS_MAX, "EM takes every level");

enum {
    TASKS = 64,
    AHEAD = 16 /* pairs of which the rows are on their way */
};

/* Threads' counts joined, sorted, and decoded into levels. Returns the pairs. */
static uint64_t to_data(const hd_plan *plan, hd_arena *arena, hd_pattern_counts *counts, unsigned n,
                        hd_em_data *out)
{
    for (unsigned i = 1; i < n; i++) {
        hd_pattern_merge(&counts[0], &counts[i]);
        hd_pattern_release(&counts[i]);
    }
    hd_pattern_sort(&counts[0]);
    uint32_t n_comparisons = plan->n_comparisons;
    uint64_t total = 0;
    *out = (hd_em_data){.n_comparisons = n_comparisons, .n_patterns = counts[0].n};
    uint8_t *levels = hd_arena_alloc(arena, counts[0].n * n_comparisons + 1);
    uint64_t *count = hd_arena_alloc(arena, counts[0].n * sizeof *count + 1);
    for (uint32_t c = 0; c < n_comparisons; c++)
        out->n_levels[c] = plan->comparison[c].n_levels;
    for (size_t i = 0; i < counts[0].n; i++) {
        count[i] = counts[0].count[i];
        total += count[i];
        for (uint32_t c = 0; c < n_comparisons; c++)
            levels[i * n_comparisons + c] = (uint8_t)hd_plan_level(plan, counts[0].pattern[i], c);
    }
    out->levels = levels;
    out->counts = count;
    hd_pattern_release(&counts[0]);
    return total;
}

/* ---- pairs drawn at random, or all there are ---- */

typedef struct random_job {
    const hd_plan *plan;
    hd_pattern_counts *counts; /* [worker] */
    hd_env *envs;
    uint64_t n; /* to share between the tasks: pairs drawn, or mentions */
    bool all;
} random_job;

static void count_two(const random_job *job, uint32_t worker, hd_mention a, hd_mention b)
{
    if (a == b || !hd_pair_possible(job->plan, a, b))
        return;
    hd_pattern pattern = hd_plan_pattern(job->plan, hd_plan_row(job->plan, a < b ? a : b),
                                         hd_plan_row(job->plan, a < b ? b : a), &job->envs[worker]);
    hd_pattern_add(&job->counts[worker], pattern, 1);
}

static void count_all(const random_job *job, uint32_t worker, uint64_t begin, uint64_t end)
{
    for (uint64_t a = begin; a < end; a++)
        for (uint64_t b = a + 1; b < job->plan->mentions->n; b++)
            count_two(job, worker, (hd_mention)a, (hd_mention)b);
}

/* The i-th random pair. */
static void draw(const random_job *job, uint64_t i, hd_mention two[2])
{
    uint64_t n = job->plan->mentions->n, r = hd_hash64(&i, sizeof i, HD_TRAIN_SEED);
    two[0] = (hd_mention)((r >> 32) * n >> 32);
    two[1] = (hd_mention)((r & UINT32_MAX) * n >> 32);
}

static void count_drawn(const random_job *job, uint32_t worker, uint64_t begin, uint64_t end)
{
    hd_mention two[2];
    for (uint64_t i = begin; i < end + AHEAD; i++) {
        if (i < end) {
            draw(job, i, two);
            hd_plan_fetch_row(job->plan, two[0]);
            hd_plan_fetch_row(job->plan, two[1]);
        }
        if (i >= begin + AHEAD) {
            draw(job, i - AHEAD, two);
            count_two(job, worker, two[0], two[1]);
        }
    }
}

static hd_status count_random(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const random_job *job = arg;
    uint64_t begin, end;
    hd_piece(job->n, TASKS, task, &begin, &end);
    if (job->all)
        count_all(job, worker, begin, end);
    else
        count_drawn(job, worker, begin, end);
    return HD_OK;
}

static hd_status random_counts(hd_ctx *ctx, const hd_plan *plan, hd_train_counts *out)
{
    uint64_t n = plan->mentions->n;
    out->random_is_all = n == 0 || n * (n - 1) / 2 <= HD_TRAIN_RANDOM_PAIRS;
    random_job job = {.plan = plan,
                      .all = out->random_is_all,
                      .n = out->random_is_all ? n : HD_TRAIN_RANDOM_PAIRS};
    job.counts = hd_alloc_zero(ctx->n_threads, sizeof *job.counts);
    job.envs = hd_alloc_zero(ctx->n_threads, sizeof *job.envs);
    for (unsigned i = 0; i < ctx->n_threads; i++)
        job.envs[i] = hd_ruleset_env(plan->ruleset);
    hd_status status = hd_parallel(ctx, TASKS, count_random, &job);
    out->random_pairs = to_data(plan, &out->arena, job.counts, ctx->n_threads, &out->random);
    for (unsigned i = 0; i < ctx->n_threads; i++)
        hd_env_release(&job.envs[i]);
    hd_free(job.envs);
    hd_free(job.counts);
    return status;
}

/* ---- the pairs of the passes ---- */

/* What one thread counts. */
typedef struct pass_counts {
    const hd_plan *plan;
    hd_env env;
    uint64_t ruled_out;
    hd_pattern_counts all, session[HD_PASSES_MAX];
} pass_counts;

static void count_pair(void *arg, uint32_t worker, const hd_pair *pair)
{
    pass_counts *counts = (pass_counts *)arg + worker;
    if (hd_plan_conflict(counts->plan, pair->row_a, pair->row_b, &counts->env) >= 0) {
        counts->ruled_out += pair->first;
        return;
    }
    hd_pattern_add(&counts->session[pair->pass], pair->pattern, 1);
    if (pair->first)
        hd_pattern_add(&counts->all, pair->pattern, 1);
}

static hd_status blocked_counts(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                                hd_train_counts *out)
{
    pass_counts *counts = hd_alloc_zero(ctx->n_threads, sizeof *counts);
    hd_pattern_counts *one = hd_alloc(ctx->n_threads * sizeof *one);
    for (unsigned i = 0; i < ctx->n_threads; i++) {
        counts[i].plan = plan;
        counts[i].env = hd_ruleset_env(plan->ruleset);
    }
    hd_status status = hd_pairs_walk_passes(ctx, plan, blocks, count_pair, counts);
    for (unsigned i = 0; i < ctx->n_threads; i++)
        one[i] = counts[i].all;
    out->blocked_pairs = to_data(plan, &out->arena, one, ctx->n_threads, &out->all);
    for (uint32_t p = 0; p < blocks->n_passes; p++) {
        for (unsigned i = 0; i < ctx->n_threads; i++)
            one[i] = counts[i].session[p];
        out->session_pairs[p] = to_data(plan, &out->arena, one, ctx->n_threads, &out->session[p]);
    }
    for (unsigned i = 0; i < ctx->n_threads; i++) {
        out->ruled_out_pairs += counts[i].ruled_out;
        hd_env_release(&counts[i].env);
    }
    hd_free(one);
    hd_free(counts);
    return status;
}

/* ---- */

hd_status hd_train_count(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                         hd_train_counts *out)
{
    *out = (hd_train_counts){0};
    HD_TRY(random_counts(ctx, plan, out));
    return blocked_counts(ctx, plan, blocks, out);
}

void hd_train_counts_release(hd_train_counts *counts)
{
    hd_arena_release(&counts->arena);
    *counts = (hd_train_counts){0};
}
