#include "base/mem.h"
#include "matchers/union_find.h"
#include "pipeline/cluster/cluster.h"

enum { PIECES = 64 };

typedef struct find_job {
    const hd_joining *joining;
    uint32_t n_edges;
    uint32_t *parent;
} find_job;

static size_t count_edges(const hd_joining *joining)
{
    const hd_edges *edges = joining->edges;
    size_t n = 0;
    while (n < edges->n && edges->edge[n].weight >= joining->threshold - joining->margin)
        n++; /* heaviest first */
    return n;
}

/* ---- who hangs together ---- */

static hd_status join_piece(hd_ctx *ctx, uint32_t piece, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const find_job *job = arg;
    uint64_t begin, end;
    hd_piece(job->n_edges, PIECES, piece, &begin, &end);
    for (uint64_t i = begin; i < end; i++) {
        const hd_edge *edge = &job->joining->edges->edge[i];
        hd_union_find_join_shared(job->parent, edge->a, edge->b);
    }
    return HD_OK;
}

/* Each mention's parent becomes its root: the smallest of its component. */
static hd_status flatten_piece(hd_ctx *ctx, uint32_t piece, uint32_t worker, void *arg)
{
    (void)ctx, (void)worker;
    const find_job *job = arg;
    uint64_t begin, end;
    hd_piece(job->joining->plan->mentions->n, PIECES, piece, &begin, &end);
    for (uint64_t i = begin; i < end; i++)
        __atomic_store_n(&job->parent[i], hd_union_find_root_shared(job->parent, (uint32_t)i),
                         __ATOMIC_RELAXED);
    return HD_OK;
}

/* Edges of the components that are too large, once more and one after the other. */
static void join_in_order(const find_job *job, const bool *again, uint32_t *size, uint32_t cap)
{
    uint32_t *parent = job->parent;
    for (uint32_t i = 0; i < job->n_edges; i++) {
        const hd_edge *edge = &job->joining->edges->edge[i];
        if (!again[edge->a])
            continue;
        uint32_t a = hd_union_find_root(parent, edge->a), b = hd_union_find_root(parent, edge->b);
        uint32_t both = size[a] + size[b];
        if (a != b && both <= cap)
            size[hd_union_find_join(parent, a, b)] = both;
    }
}

/* Components that are too large are taken apart again, and their edges joined in their order, as
 * far as the cap lets them. */
static void keep_to_cap(const find_job *job)
{
    uint32_t n = job->joining->plan->mentions->n;
    uint32_t cap = job->joining->plan->ruleset->component_cap, n_too_large = 0;
    uint32_t *size = hd_alloc_zero((size_t)n + 1, sizeof *size);
    for (uint32_t i = 0; i < n; i++)
        n_too_large += ++size[job->parent[i]] == cap + 1;
    if (n_too_large) {
        bool *again = hd_alloc(((size_t)n + 1) * sizeof *again);
        for (uint32_t i = 0; i < n; i++)
            again[i] = size[job->parent[i]] > cap;
        for (uint32_t i = 0; i < n; i++)
            if (again[i]) {
                job->parent[i] = i;
                size[i] = 1;
            }
        join_in_order(job, again, size, cap);
        hd_free(again);
        for (uint32_t i = 0; i < n; i++)
            job->parent[i] = hd_union_find_root(job->parent, i);
    }
    hd_free(size);
}

/* ---- their edges ---- */

/* Edges whose ends are of one component. */
static void edge_keys(void *arg, uint32_t begin, uint32_t end, uint64_t *out)
{
    const find_job *job = arg;
    for (uint32_t i = begin; i < end; i++) {
        const hd_edge *edge = &job->joining->edges->edge[i];
        uint32_t component = job->parent[edge->a];
        out[i - begin] = component == job->parent[edge->b] ? component + 1u : 0;
    }
}

hd_status hd_components_find(hd_ctx *ctx, const hd_joining *joining, hd_components *out)
{
    uint32_t n = joining->plan->mentions->n;
    size_t n_edges = count_edges(joining);
    HD_ASSERT(n_edges <= UINT32_MAX);
    *out = (hd_components){.of = hd_alloc(((size_t)n + 1) * sizeof *out->of)};
    hd_union_find_init(out->of, n);
    find_job job = {joining, (uint32_t)n_edges, out->of};
    HD_TRY(hd_parallel(ctx, PIECES, join_piece, &job));
    HD_TRY(hd_parallel(ctx, PIECES, flatten_piece, &job));
    keep_to_cap(&job);
    return hd_group(ctx, job.n_edges, edge_keys, &job, &out->edges);
}

void hd_components_release(hd_components *components)
{
    hd_groups_release(&components->edges);
    hd_free(components->of);
    *components = (hd_components){0};
}

/* ---- the order of one component's edges ---- */

int32_t hd_own_weight(const hd_joining *joining, const hd_edge *edge)
{
    const hd_plan *plan = joining->plan;
    int32_t weight = edge->weight;
    hd_pattern pattern = edge->pattern;
    for (uint32_t c = 0; c < plan->n_comparisons && pattern; c++) {
        uint32_t radix = plan->comparison[c].n_levels + 1, level = (uint32_t)(pattern % radix);
        if (level && plan->ruleset->comparisons[c].levels[level - 1].family)
            weight -= joining->weights.level[c][level];
        pattern /= radix;
    }
    return weight;
}

/* Edges come heaviest first, and the sort is stable. */
const uint32_t *hd_component_order(hd_joiner *joiner, hd_keyed *items, size_t n)
{
    const hd_joining *joining = joiner->joining;
    for (size_t i = 0; i < n; i++)
        items[i].key = (uint64_t)((int64_t)INT32_MAX -
                                  hd_own_weight(joining, &joining->edges->edge[items[i].value]));
    hd_sort_keyed(items, n);
    HD_GROW(joiner->edge, joiner->edge_cap, n);
    for (size_t i = 0; i < n; i++)
        joiner->edge[i] = items[i].value;
    return joiner->edge;
}
