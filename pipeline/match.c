#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/pairs.h"

typedef struct found {
    hd_edge *edge;
    size_t n, cap;
    uint64_t pass_pairs[HD_PASSES_MAX];
} found;

typedef struct match_job {
    const hd_plan *plan;
    hd_weights weights;
    int32_t threshold;
    found *found; /* [worker] */
} match_job;

static void score(void *arg, uint32_t worker, const hd_pair *pair)
{
    match_job *job = arg;
    found *f = &job->found[worker];
    f->pass_pairs[pair->pass]++;
    int32_t weight =
        hd_plan_weight(job->plan, &job->weights, pair->pattern, pair->row_a, pair->row_b);
    if (weight < job->threshold)
        return;
    HD_GROW(f->edge, f->cap, f->n + 1);
    f->edge[f->n++] = (hd_edge){pair->a, pair->b, weight, pair->pattern};
}

/* By weight, heaviest first, then a, then b: stable sorts from the least key to the greatest. */
static void sort_edges(hd_edges *edges)
{
    HD_ASSERT(edges->n <= UINT32_MAX);
    hd_keyed *order = hd_alloc((edges->n + 1) * sizeof *order);
    for (size_t i = 0; i < edges->n; i++)
        order[i] = (hd_keyed){(uint64_t)edges->edge[i].a << 32 | edges->edge[i].b, (uint32_t)i};
    hd_sort_keyed(order, edges->n);
    for (size_t i = 0; i < edges->n; i++)
        order[i].key = (uint64_t)((int64_t)INT32_MAX - edges->edge[order[i].value].weight);
    hd_sort_keyed(order, edges->n);
    hd_edge *sorted = hd_alloc((edges->n + 1) * sizeof *sorted);
    for (size_t i = 0; i < edges->n; i++)
        sorted[i] = edges->edge[order[i].value];
    hd_free(order);
    hd_free(edges->edge);
    edges->edge = sorted;
}

static void collect(hd_edges *out, found *f, unsigned n_threads)
{
    size_t n = 0;
    for (unsigned t = 0; t < n_threads; t++)
        n += f[t].n;
    out->edge = hd_alloc((n + 1) * sizeof *out->edge);
    for (unsigned t = 0; t < n_threads; t++) {
        if (f[t].n)
            memcpy(out->edge + out->n, f[t].edge, f[t].n * sizeof *out->edge);
        out->n += f[t].n;
        for (uint32_t p = 0; p < HD_PASSES_MAX; p++) {
            out->pass_pairs[p] += f[t].pass_pairs[p];
            out->n_pairs += f[t].pass_pairs[p];
        }
        hd_free(f[t].edge);
    }
    sort_edges(out);
}

hd_status hd_match_run(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                       const hd_blocks *blocks, hd_edges *out)
{
    *out = (hd_edges){0};
    match_job job = {.plan = plan,
                     .threshold = (int32_t)(plan->ruleset->review_threshold_bits * HD_WEIGHT_ONE)};
    hd_weights_make(plan, model, &job.weights);
    job.found = hd_alloc_zero(ctx->n_threads, sizeof *job.found);
    hd_status status = hd_pairs_walk(ctx, plan, blocks, score, &job);
    collect(out, job.found, ctx->n_threads);
    hd_free(job.found);
    hd_weights_release(&job.weights);
    return status;
}

void hd_edges_release(hd_edges *edges)
{
    hd_free(edges->edge);
    *edges = (hd_edges){0};
}
