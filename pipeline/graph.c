#include "pipeline/graph.h"

void hd_graph_add(hd_graph *graph, uint32_t a, uint32_t b)
{
    graph->joined[a] |= UINT64_C(1) << b;
    graph->joined[b] |= UINT64_C(1) << a;
}

uint64_t hd_graph_all(const hd_graph *graph)
{
    return graph->n == 64 ? UINT64_MAX : (UINT64_C(1) << graph->n) - 1;
}

uint32_t hd_graph_edges(const hd_graph *graph, uint64_t part)
{
    uint32_t twice = 0;
    for (uint32_t i = 0; i < graph->n; i++)
        if (part >> i & 1)
            twice += (uint32_t)__builtin_popcountll(graph->joined[i] & part);
    return twice / 2;
}

/* Neighbours of all of `part`. */
static uint64_t around(const hd_graph *graph, uint64_t part)
{
    uint64_t reached = 0;
    for (; part; part &= part - 1)
        reached |= graph->joined[__builtin_ctzll(part)];
    return reached;
}

/* Steps until nothing new is reached from `from`; `reached` gets all that is. */
static uint32_t spread(const hd_graph *graph, uint32_t from, uint64_t *reached)
{
    uint64_t fresh = UINT64_C(1) << from;
    uint32_t steps = 0;
    *reached = fresh;
    while ((fresh = around(graph, fresh) & ~*reached)) {
        *reached |= fresh;
        steps++;
    }
    return steps;
}

bool hd_graph_bridge(const hd_graph *graph, uint32_t a, uint32_t b, uint64_t *part)
{
    hd_graph without = *graph;
    without.joined[a] &= ~(UINT64_C(1) << b);
    without.joined[b] &= ~(UINT64_C(1) << a);
    spread(&without, a, part);
    return !(*part >> b & 1);
}

/* The edges, and the lightest of them. */
static void join_members(const hd_plan *plan, const hd_weights *weights, hd_env *env,
                         hd_graph *graph, hd_edge *weakest)
{
    int32_t threshold = (int32_t)(plan->ruleset->match_threshold_bits * HD_WEIGHT_ONE);
    for (uint32_t i = 0; i < graph->n; i++)
        for (uint32_t k = i + 1; k < graph->n; k++) {
            hd_mention a = graph->member[i], b = graph->member[k]; /* in mention order */
            const uint32_t *row_a = hd_plan_row(plan, a), *row_b = hd_plan_row(plan, b);
            hd_pattern pattern = hd_plan_pattern(plan, row_a, row_b, env);
            int32_t weight = hd_plan_weight(plan, weights, pattern, row_a, row_b);
            if (weight < threshold)
                continue;
            hd_graph_add(graph, i, k);
            if (weight < weakest->weight)
                *weakest = hd_edge_of(a, b, weight, pattern);
        }
}

static void count_shape(const hd_graph *graph, hd_graph_metrics *out)
{
    uint64_t part;
    for (uint32_t i = 0; i < graph->n; i++) {
        uint32_t steps = spread(graph, i, &part);
        out->diameter = steps > out->diameter ? steps : out->diameter;
        for (uint32_t k = i + 1; k < graph->n; k++)
            out->n_bridges += hd_graph_has(graph, i, k) && hd_graph_bridge(graph, i, k, &part);
    }
}

hd_graph_metrics hd_graph_measure(const hd_plan *plan, const hd_weights *weights,
                                  const hd_clusters *clusters, uint32_t cluster, hd_env *env)
{
    uint32_t begin = clusters->start[cluster], n = clusters->start[cluster + 1] - begin;
    hd_graph graph = {.n = n < HD_GRAPH_MAX ? n : HD_GRAPH_MAX};
    hd_graph_metrics out = {.n_members = n, .density = 1, .weakest.weight = HD_EDGE_MOST};
    for (uint32_t i = 0; i < graph.n; i++)
        graph.member[i] = clusters->member[begin + i];
    join_members(plan, weights, env, &graph, &out.weakest);
    out.n_edges = hd_graph_edges(&graph, hd_graph_all(&graph));
    if (graph.n > 1)
        out.density = out.n_edges / (graph.n * (graph.n - 1) / 2.0);
    count_shape(&graph, &out);
    return out;
}
