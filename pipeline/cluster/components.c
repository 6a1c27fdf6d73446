#include "base/mem.h"
#include "base/sort.h"
#include "matchers/union_find.h"
#include "pipeline/cluster/cluster.h"

static size_t count_edges(const hd_joining *joining)
{
    const hd_edges *edges = joining->edges;
    size_t n = 0;
    while (n < edges->n && edges->edge[n].weight >= joining->threshold - joining->margin)
        n++; /* heaviest first */
    return n;
}

/* Edges whose ends are of one component afterwards: those that were left out in the beginning may
 * be among them. */
static void join_all(const hd_joining *joining, size_t n, uint32_t *parent)
{
    uint32_t n_mentions = joining->plan->mentions->n, cap = joining->plan->ruleset->component_cap;
    uint32_t *size = hd_alloc(((size_t)n_mentions + 1) * sizeof *size);
    for (uint32_t i = 0; i < n_mentions; i++)
        size[i] = 1;
    for (size_t i = 0; i < n; i++) {
        uint32_t a = hd_union_find_root(parent, joining->edges->edge[i].a);
        uint32_t b = hd_union_find_root(parent, joining->edges->edge[i].b);
        if (a == b || size[a] + size[b] > cap)
            continue;
        uint32_t both = size[a] + size[b];
        size[hd_union_find_join(parent, a, b)] = both;
    }
    hd_free(size);
}

int32_t hd_own_weight(const hd_joining *joining, const hd_edge *edge)
{
    const hd_plan *plan = joining->plan;
    int32_t weight = edge->weight;
    uint32_t pattern = edge->pattern;
    for (uint32_t c = 0; c < plan->n_comparisons && pattern; c++) {
        uint32_t radix = plan->comparison[c].n_levels + 1, level = pattern % radix;
        if (level && plan->ruleset->comparisons[c].levels[level - 1].family)
            weight -= joining->weights.level[c][level];
        pattern /= radix;
    }
    return weight;
}

void hd_components_find(const hd_joining *joining, hd_components *out)
{
    uint32_t n_mentions = joining->plan->mentions->n;
    size_t n_edges = count_edges(joining), n = 0;
    *out = (hd_components){.of = hd_alloc(((size_t)n_mentions + 1) * sizeof *out->of)};
    hd_union_find_init(out->of, n_mentions);
    join_all(joining, n_edges, out->of);
    for (uint32_t i = 0; i < n_mentions; i++)
        out->of[i] = hd_union_find_root(out->of, i);
    hd_keyed *items = hd_alloc((n_edges + 1) * sizeof *items);
    for (size_t i = 0; i < n_edges; i++) {
        const hd_edge *edge = &joining->edges->edge[i];
        uint64_t key = (uint64_t)((int64_t)INT32_MAX - hd_own_weight(joining, edge));
        if (out->of[edge->a] == out->of[edge->b])
            items[n++] = (hd_keyed){key, (uint32_t)i};
    }
    hd_sort_keyed(items, n); /* stable: heaviest first where the own weight is the same */
    for (size_t i = 0; i < n; i++)
        items[i].key = out->of[joining->edges->edge[items[i].value].a];
    hd_sort_keyed(items, n);
    out->edge = hd_alloc((n + 1) * sizeof *out->edge);
    out->start = hd_alloc((n + 1) * sizeof *out->start);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || items[i].key != items[i - 1].key)
            out->start[out->n++] = i;
        out->edge[i] = items[i].value;
    }
    out->start[out->n] = n;
    hd_free(items);
}

void hd_components_release(hd_components *components)
{
    hd_free(components->start);
    hd_free(components->edge);
    hd_free(components->of);
    *components = (hd_components){0};
}
