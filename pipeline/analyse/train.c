#include "pipeline/analyse/train.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "matchers/fs_em.h"
#include "pipeline/analyse/pattern_count.h"
#include "pipeline/config/functions.h"
#include "pipeline/pairs.h"

_Static_assert((int)HD_EM_COMPARISONS_MAX >= (int)HD_COMPARISONS_MAX, "EM takes every comparison");
_Static_assert((int)HD_EM_LEVELS_MAX >= (int)HD_LEVELS_MAX, "EM takes every level");

enum {
    RANDOM_PAIRS = 2000000,
    RANDOM_TASKS = 64,
    RANDOM_AHEAD = 16, /* pairs of which the rows are on their way */
    ROUNDS = 3,        /* of u without matches, m, prior: the changes after are below 1 % */
    EM_ITERATIONS = 200,
    TERM_LEAST_COUNT = 12, /* a name that fewer mentions share is not written into a model */
    TERM_FLOOR_COUNT = 4,  /* about one person's mentions */
    PRIOR_PAIRS = 20       /* matches that a session's data must outweigh, see hd_em_options */
};

typedef struct training {
    const hd_plan *plan;
    const hd_blocks *blocks;
    hd_em_model start, model;
    hd_em_data random, all, session[HD_PASSES_MAX];
    uint64_t random_pairs, blocked_pairs, total_pairs;
    double prior;
    uint32_t iterations;
    hd_arena arena;
} training;

/* ---- counting ---- */

/* What one thread counts. */
typedef struct pair_counts {
    hd_pattern_counts all, session[HD_PASSES_MAX];
} pair_counts;

static void count_pair(void *arg, uint32_t worker, const hd_pair *pair)
{
    pair_counts *counts = (pair_counts *)arg + worker;
    hd_pattern_add(&counts->session[pair->pass], pair->pattern, 1);
    if (pair->first)
        hd_pattern_add(&counts->all, pair->pattern, 1);
}

/* Threads' counts joined, sorted, and decoded into levels. */
static uint64_t to_data(training *t, hd_pattern_counts *counts, unsigned n, hd_em_data *out)
{
    for (unsigned i = 1; i < n; i++) {
        hd_pattern_merge(&counts[0], &counts[i]);
        hd_pattern_release(&counts[i]);
    }
    hd_pattern_sort(&counts[0]);
    uint32_t n_comparisons = t->plan->n_comparisons;
    uint64_t total = 0;
    *out = (hd_em_data){.n_comparisons = n_comparisons, .n_patterns = counts[0].n};
    uint8_t *levels = hd_arena_alloc(&t->arena, counts[0].n * n_comparisons + 1);
    uint64_t *count = hd_arena_alloc(&t->arena, counts[0].n * sizeof *count + 1);
    for (uint32_t c = 0; c < n_comparisons; c++)
        out->n_levels[c] = t->plan->comparison[c].n_levels;
    for (size_t i = 0; i < counts[0].n; i++) {
        count[i] = counts[0].count[i];
        total += count[i];
        for (uint32_t c = 0; c < n_comparisons; c++)
            levels[i * n_comparisons + c] =
                (uint8_t)hd_plan_level(t->plan, counts[0].pattern[i], c);
    }
    out->levels = levels;
    out->counts = count;
    hd_pattern_release(&counts[0]);
    return total;
}

typedef struct random_job {
    const hd_plan *plan;
    hd_pattern_counts *counts; /* [worker] */
    hd_env *envs;
    uint64_t n_pairs;
    bool all; /* every pair, where there are few */
} random_job;

static void count_two(const random_job *job, uint32_t worker, hd_mention a, hd_mention b)
{
    if (a == b || !hd_pair_possible(job->plan, a, b))
        return;
    uint32_t pattern = hd_plan_pattern(job->plan, hd_plan_row(job->plan, a < b ? a : b),
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
    uint64_t n = job->plan->mentions->n, r = hd_hash64(&i, sizeof i, 20250101);
    two[0] = (hd_mention)((r >> 32) * n >> 32);
    two[1] = (hd_mention)((r & UINT32_MAX) * n >> 32);
}

static void count_drawn(const random_job *job, uint32_t worker, uint64_t begin, uint64_t end)
{
    hd_mention two[2];
    for (uint64_t i = begin; i < end + RANDOM_AHEAD; i++) {
        if (i < end) {
            draw(job, i, two);
            hd_plan_fetch_row(job->plan, two[0]);
            hd_plan_fetch_row(job->plan, two[1]);
        }
        if (i >= begin + RANDOM_AHEAD) {
            draw(job, i - RANDOM_AHEAD, two);
            count_two(job, worker, two[0], two[1]);
        }
    }
}

static hd_status count_random(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const random_job *job = arg;
    uint64_t begin, end;
    hd_piece(job->all ? job->plan->mentions->n : job->n_pairs, RANDOM_TASKS, task, &begin, &end);
    if (job->all)
        count_all(job, worker, begin, end);
    else
        count_drawn(job, worker, begin, end);
    return HD_OK;
}

static hd_status random_counts(hd_ctx *ctx, training *t)
{
    random_job job = {.plan = t->plan, .n_pairs = RANDOM_PAIRS};
    job.all = t->total_pairs <= RANDOM_PAIRS;
    job.counts = hd_alloc_zero(ctx->n_threads, sizeof *job.counts);
    job.envs = hd_alloc_zero(ctx->n_threads, sizeof *job.envs);
    for (unsigned i = 0; i < ctx->n_threads; i++)
        job.envs[i] = hd_ruleset_env(t->plan->ruleset);
    hd_status status = hd_parallel(ctx, RANDOM_TASKS, count_random, &job);
    t->random_pairs = to_data(t, job.counts, ctx->n_threads, &t->random);
    for (unsigned i = 0; i < ctx->n_threads; i++) {
        hd_env_release(&job.envs[i]);
    }
    hd_free(job.envs);
    hd_free(job.counts);
    return status;
}

static hd_status blocked_counts(hd_ctx *ctx, training *t)
{
    pair_counts *counts = hd_alloc_zero(ctx->n_threads, sizeof *counts);
    hd_pattern_counts *one = hd_alloc(ctx->n_threads * sizeof *one);
    hd_status status = hd_pairs_walk_passes(ctx, t->plan, t->blocks, count_pair, counts);
    for (unsigned i = 0; i < ctx->n_threads; i++)
        one[i] = counts[i].all;
    t->blocked_pairs = to_data(t, one, ctx->n_threads, &t->all);
    for (uint32_t p = 0; p < t->blocks->n_passes; p++) {
        for (unsigned i = 0; i < ctx->n_threads; i++)
            one[i] = counts[i].session[p];
        to_data(t, one, ctx->n_threads, &t->session[p]);
    }
    hd_free(one);
    hd_free(counts);
    return status;
}

/* ---- which comparisons a pass fixes ---- */

/* Fields that an expression reads first: of first(a, b) only a, since b seldom decides. */
static uint64_t first_fields(const hd_expr *expr)
{
    if (expr->op == HD_OP_REF)
        return expr->ref.what == HD_REF_BUILTIN ? 0 : UINT64_C(1) << expr->ref.index;
    uint32_t n = expr->op == HD_OP_CALL && expr->function == HD_FUNCTION_first ? 1 : expr->n_args;
    uint64_t fields = 0;
    for (uint32_t i = 0; i < n; i++)
        fields |= first_fields(expr->args[i]);
    return fields;
}

static void find_used(const hd_ruleset *ruleset, const hd_pass *pass, bool *use)
{
    uint64_t fixed = 0;
    for (uint32_t k = 0; k < pass->n_keys; k++)
        fixed |= first_fields(pass->keys[k]);
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++) {
        uint64_t reads = 0;
        for (uint32_t i = 0; i < ruleset->comparisons[c].n_needs; i++)
            reads |= first_fields(ruleset->comparisons[c].needs[i]);
        use[c] = !(reads & fixed);
    }
}

/* ---- estimating ---- */

/* Before anything is known: of matches nine tenths agree best, the rest is shared. */
static void start_model(training *t)
{
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++) {
        uint32_t n = t->plan->comparison[c].n_levels;
        for (uint32_t l = 0; l < n; l++)
            t->start.m[c][l] = l == 0 ? 0.9 : 0.1 / (n - 1);
    }
    t->model = t->start;
    t->prior = 1.0 / ((double)t->plan->mentions->n + 1);
}

static hd_em_options all_comparisons(const hd_plan *plan)
{
    hd_em_options options = {.max_iterations = 1};
    for (uint32_t c = 0; c < plan->n_comparisons; c++)
        options.use[c] = true;
    return options;
}

/* u: shares of the levels among random pairs, each counted by its probability of no match. */
static void estimate_u(training *t, bool first)
{
    hd_em_options options = all_comparisons(t->plan);
    const hd_em_data *data = &t->random;
    double sum[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX] = {{0}};
    t->model.lambda = t->prior;
    for (size_t i = 0; i < data->n_patterns; i++) {
        const uint8_t *levels = data->levels + i * data->n_comparisons;
        double match = first ? 0 : hd_em_posterior(data, &options, &t->model, levels);
        for (uint32_t c = 0; c < data->n_comparisons; c++)
            if (levels[c])
                sum[c][levels[c] - 1] += (double)data->counts[i] * (1 - match);
    }
    for (uint32_t c = 0; c < data->n_comparisons; c++) {
        double total = 0;
        for (uint32_t l = 0; l < data->n_levels[c]; l++)
            total += sum[c][l] + 0.5;
        for (uint32_t l = 0; l < data->n_levels[c]; l++)
            t->model.u[c][l] = (sum[c][l] + 0.5) / total;
    }
}

/* m: one session a pass; the sessions' expected matches are added up. */
static void estimate_m(training *t)
{
    const hd_plan *plan = t->plan;
    double sum[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX] = {{0}};
    double weight[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX];
    for (uint32_t p = 0; p < t->blocks->n_passes; p++) {
        hd_em_options options = {.fit_m = true,
                                 .max_iterations = EM_ITERATIONS,
                                 .tolerance = 1e-5,
                                 .prior_pairs = PRIOR_PAIRS};
        find_used(plan->ruleset, &plan->ruleset->passes[p], options.use);
        if (t->session[p].n_patterns < 2)
            continue;
        hd_em_model model = t->model;
        memcpy(model.m, t->start.m, sizeof model.m);
        model.lambda = 0.5;
        t->iterations += hd_em_fit(&t->session[p], &options, &model, weight);
        for (uint32_t c = 0; c < plan->n_comparisons; c++)
            for (uint32_t l = 0; options.use[c] && l < plan->comparison[c].n_levels; l++)
                sum[c][l] += weight[c][l];
    }
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        double total = 0;
        for (uint32_t l = 0; l < plan->comparison[c].n_levels; l++)
            total += sum[c][l];
        for (uint32_t l = 0; l < plan->comparison[c].n_levels; l++)
            t->model.m[c][l] = (sum[c][l] + PRIOR_PAIRS * t->start.m[c][l]) / (total + PRIOR_PAIRS);
    }
}

/* Prior: expected matches among the blocked pairs, over all pairs; pairs that no pass makes are
 * taken as no matches. */
static void estimate_prior(training *t)
{
    hd_em_options options = all_comparisons(t->plan);
    const hd_em_data *data = &t->all;
    for (int i = 0; i < 100; i++) {
        double matches = 0.5;
        t->model.lambda = t->prior;
        for (size_t k = 0; k < data->n_patterns; k++)
            matches +=
                (double)data->counts[k] *
                hd_em_posterior(data, &options, &t->model, data->levels + k * data->n_comparisons);
        double prior = fmin(matches / (double)(t->total_pairs + 1), 0.5);
        bool settled = fabs(prior - t->prior) < 1e-4 * prior;
        t->prior = prior;
        if (settled)
            break;
    }
}

/* ---- term frequencies ---- */

static int by_text_number(const void *x, const void *y)
{
    hd_text a = ((const hd_term *)x)->text, b = ((const hd_term *)y)->text;
    return (a > b) - (a < b);
}

static void count_terms(const training *t, uint32_t c, hd_model *model)
{
    hd_model_comparison *out = &model->comparison[c];
    int32_t slot = t->plan->comparison[c].frequency_slot;
    uint32_t limit = hd_pool_limit(t->plan->ruleset->texts), n_known = 0;
    uint32_t *count = hd_alloc_zero(limit + 1u, sizeof *count);
    for (hd_mention i = 0; i < t->plan->mentions->n; i++) {
        uint32_t text = hd_plan_row(t->plan, i)[slot];
        if (text < limit) {
            count[text]++;
            n_known++;
        }
    }
    for (uint32_t text = 0; text < limit; text++)
        out->n_terms += count[text] >= TERM_LEAST_COUNT;
    out->terms = HD_NEW_N(&model->arena, hd_term, out->n_terms + 1u);
    out->n_terms = 0;
    for (uint32_t text = 0; text < limit; text++)
        if (count[text] >= TERM_LEAST_COUNT)
            out->terms[out->n_terms++] = (hd_term){text, (double)count[text] / n_known};
    qsort(out->terms, out->n_terms, sizeof *out->terms, by_text_number);
    /* what few share is no commoner than what two at random agree on: that bounds it in few data */
    out->frequency_floor = fmin((double)TERM_FLOOR_COUNT / (n_known + 1.0),
                                t->model.u[c][t->plan->comparison[c].frequency_level]);
    hd_free(count);
}

static hd_model *make_model(training *t)
{
    hd_model *model = hd_alloc_zero(1, sizeof *model);
    model->prior = t->prior;
    for (uint32_t c = 0; c < t->plan->n_comparisons; c++) {
        for (uint32_t l = 0; l < t->plan->comparison[c].n_levels; l++)
            model->comparison[c].level[l] = (hd_model_level){t->model.m[c][l], t->model.u[c][l]};
        if (t->plan->comparison[c].frequency_slot >= 0)
            count_terms(t, c, model);
    }
    model->provenance = hd_arena_printf(
        &model->arena,
        "{\"mentions\": %u, \"random_pairs\": %llu, \"blocked_pairs\": %llu, \"passes\": %u, "
        "\"iterations\": %u}",
        t->plan->mentions->n, (unsigned long long)t->random_pairs,
        (unsigned long long)t->blocked_pairs, t->blocks->n_passes, t->iterations);
    return model;
}

hd_status hd_train_run(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks, hd_model **out)
{
    training *t = hd_alloc_zero(1, sizeof *t);
    t->plan = plan;
    t->blocks = blocks;
    t->total_pairs = hd_pairs_possible(plan);
    start_model(t);
    hd_status status = random_counts(ctx, t);
    if (status == HD_OK)
        status = blocked_counts(ctx, t);
    for (int round = 0; round < ROUNDS && status == HD_OK; round++) {
        estimate_u(t, round == 0);
        estimate_m(t);
        estimate_prior(t);
    }
    if (status == HD_OK)
        *out = make_model(t);
    hd_arena_release(&t->arena);
    hd_free(t);
    return status;
}
