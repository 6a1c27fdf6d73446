#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/pairs.h"

typedef struct found {
    hd_edge *edge;
    size_t n, cap;
} found;

static void keep(void *arg, uint32_t worker, const hd_pair *pair)
{
    found *f = (found *)arg + worker;
    HD_GROW(f->edge, f->cap, f->n + 1);
    f->edge[f->n++] = (hd_edge){pair->a, pair->b, pair->weight, pair->pattern};
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
    hd_edge *sorted = hd_alloc_mapped(edges->n, sizeof *sorted);
    for (size_t i = 0; i < edges->n; i++)
        sorted[i] = edges->edge[order[i].value];
    hd_free(order);
    hd_free_mapped(edges->edge);
    edges->edge = sorted;
}

static void collect(hd_edges *out, found *f, unsigned n_threads)
{
    size_t n = 0;
    for (unsigned t = 0; t < n_threads; t++)
        n += f[t].n;
    out->edge = hd_alloc_mapped(n + 1, sizeof *out->edge);
    for (unsigned t = 0; t < n_threads; t++) {
        if (f[t].n)
            memcpy(out->edge + out->n, f[t].edge, f[t].n * sizeof *out->edge);
        out->n += f[t].n;
        hd_free(f[t].edge);
    }
    sort_edges(out);
}

hd_status hd_match_run(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                       const hd_blocks *blocks, hd_edges *out)
{
    *out = (hd_edges){0};
    int32_t threshold = (int32_t)(plan->ruleset->review_threshold_bits * HD_WEIGHT_ONE);
    hd_weights weights;
    hd_weights_make(plan, model, &weights);
    found *f = hd_alloc_zero(ctx->n_threads, sizeof *f);
    hd_status status =
        hd_pairs_weigh(ctx, plan, blocks, &weights, threshold, keep, f, out->pass_pairs);
    for (uint32_t p = 0; p < HD_PASSES_MAX; p++)
        out->n_pairs += out->pass_pairs[p];
    collect(out, f, ctx->n_threads);
    hd_free(f);
    hd_weights_release(&weights);
    return status;
}

void hd_edges_release(hd_edges *edges)
{
    hd_free_mapped(edges->edge);
    *edges = (hd_edges){0};
}
