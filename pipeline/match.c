#include "base/group.h"
#include "base/mem.h"
#include "pipeline/pairs.h"

typedef struct found {
    hd_edge *edge;
    size_t n, cap;
} found;

static void keep(void *arg, uint32_t worker, const hd_pair *pair)
{
    found *f = (found *)arg + worker;
    HD_GROW(f->edge, f->cap, f->n + 1);
    f->edge[f->n++] = hd_edge_of(pair->a, pair->b, pair->weight, pair->pattern);
}

/* Edges are divided by whole bits of weight, each class is sorted by itself, and classes follow
 * each other: heaviest first. */
enum { CLASSES = HD_GROUP_PARTS, LIGHTEST_BITS = -64 };

typedef struct collect_job {
    const found *found;       /* [thread] */
    size_t (*place)[CLASSES]; /* [thread][class] how many, then where the next goes */
    size_t start[CLASSES + 1];
    hd_edge *edge;
} collect_job;

static uint32_t class_of(const hd_edge *edge)
{
    int32_t bits = edge->weight / HD_WEIGHT_ONE - LIGHTEST_BITS;
    return CLASSES - 1 - (uint32_t)(bits < 0 ? 0 : bits < CLASSES ? bits : CLASSES - 1);
}

static hd_status count_classes(hd_ctx *ctx, uint32_t thread, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    collect_job *job = arg;
    for (size_t i = 0; i < job->found[thread].n; i++)
        job->place[thread][class_of(&job->found[thread].edge[i])]++;
    return HD_OK;
}

static hd_status divide(hd_ctx *ctx, uint32_t thread, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    collect_job *job = arg;
    for (size_t i = 0; i < job->found[thread].n; i++) {
        const hd_edge *edge = &job->found[thread].edge[i];
        job->edge[job->place[thread][class_of(edge)]++] = *edge;
    }
    return HD_OK;
}

/* By weight, heaviest first, then a, then b: stable sorts from the least key to the greatest. */
static hd_status sort_class(hd_ctx *ctx, uint32_t class, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const collect_job *job = arg;
    hd_edge *edge = job->edge + job->start[class];
    size_t n = job->start[class + 1] - job->start[class];
    if (n < 2)
        return HD_OK;
    HD_ASSERT(n <= UINT32_MAX);
    hd_keyed *order = hd_alloc(n * sizeof *order);
    hd_edge *copy = hd_alloc(n * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        order[i] = (hd_keyed){(uint64_t)edge[i].a << 32 | edge[i].b, (uint32_t)i};
    hd_sort_keyed(order, n);
    for (size_t i = 0; i < n; i++)
        order[i].key = (uint64_t)((int64_t)INT32_MAX - edge[order[i].value].weight);
    hd_sort_keyed(order, n);
    memcpy(copy, edge, n * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        edge[i] = copy[order[i].value];
    hd_free(copy);
    hd_free(order);
    return HD_OK;
}

static hd_status collect(hd_ctx *ctx, found *f, hd_edges *out)
{
    collect_job job = {.found = f};
    for (uint32_t t = 0; t < ctx->n_threads; t++)
        out->n += f[t].n;
    job.place = hd_alloc_zero(ctx->n_threads, sizeof *job.place);
    job.edge = out->edge = hd_alloc_mapped(out->n + 1, sizeof *out->edge);
    hd_status status = hd_parallel(ctx, ctx->n_threads, count_classes, &job);
    hd_group_places(job.place, ctx->n_threads, job.start);
    if (status == HD_OK)
        status = hd_parallel(ctx, ctx->n_threads, divide, &job);
    if (status == HD_OK)
        status = hd_parallel(ctx, CLASSES, sort_class, &job);
    hd_free(job.place);
    return status;
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
    if (status == HD_OK)
        status = collect(ctx, f, out);
    for (uint32_t t = 0; t < ctx->n_threads; t++)
        hd_free(f[t].edge);
    hd_free(f);
    hd_weights_release(&weights);
    return status;
}

void hd_edges_release(hd_edges *edges)
{
    hd_free_mapped(edges->edge);
    *edges = (hd_edges){0};
}
