#include "matchers/union_find.h"
#include "pipeline/cluster/cluster.h"

enum { PART_LEAST = 2 }; /* mentions of a part that stands by itself */

/* A cluster's members and the edges among them that could have joined it. */
static void make_graph(const hd_joiner *w, hd_mention root, const uint32_t *edge, size_t n,
                       hd_graph *graph)
{
    hd_joining *j = w->joining;
    *graph = (hd_graph){0};
    graph->n = hd_cluster_members(j, root, graph->member);
    for (uint32_t i = 0; i < graph->n; i++)
        j->local[graph->member[i]] = i;
    for (size_t i = 0; i < n; i++) {
        const hd_edge *e = &j->edges->edge[edge[i]];
        if (e->weight >= j->threshold && hd_union_find_root(j->parent, e->a) == root &&
            hd_union_find_root(j->parent, e->b) == root)
            hd_graph_add(graph, j->local[e->a], j->local[e->b]);
    }
}

/* At least half of its pairs are joined by themselves. */
static bool dense(const hd_graph *graph, uint64_t part)
{
    uint32_t n = (uint32_t)__builtin_popcountll(part);
    return 2 * hd_graph_edges(graph, part) >= n * (n - 1) / 2;
}

/* What all pairs between the two parts say, but for the bridge. */
static int64_t evidence_between(hd_joiner *w, const hd_graph *graph, uint64_t part,
                                const hd_edge *bridge)
{
    hd_joining *j = w->joining;
    int64_t sum = 0;
    for (uint32_t i = 0; i < graph->n; i++)
        for (uint32_t k = i + 1; k < graph->n; k++) {
            hd_mention a = graph->member[i], b = graph->member[k];
            if ((part >> i & 1) == (part >> k & 1))
                continue;
            sum += hd_evidence(w, a, b);
        }
    return sum - (bridge->weight - j->weights.prior);
}

static bool gives_way(hd_joiner *w, const hd_graph *graph, const hd_edge *edge, uint64_t *part)
{
    uint32_t a = w->joining->local[edge->a], b = w->joining->local[edge->b];
    if (!hd_graph_bridge(graph, a, b, part))
        return false;
    uint64_t rest = hd_graph_all(graph) & ~*part;
    return __builtin_popcountll(*part) >= PART_LEAST && __builtin_popcountll(rest) >= PART_LEAST &&
           dense(graph, *part) && dense(graph, rest) && evidence_between(w, graph, *part, edge) < 0;
}

static void take_apart(hd_joining *j, const hd_graph *graph)
{
    for (uint32_t i = 0; i < graph->n; i++) {
        hd_mention mention = graph->member[i];
        j->parent[mention] = j->next[mention] = mention;
        j->link[mention] = (hd_edge){mention, mention, HD_EDGE_NONE, 0};
    }
}

/* The cluster anew, from the edges on either side: all of them were good enough before. */
static void rejoin(hd_joining *j, const hd_graph *graph, uint64_t part, const uint32_t *edge,
                   size_t n)
{
    take_apart(j, graph);
    for (size_t i = 0; i < n; i++) {
        const hd_edge *e = &j->edges->edge[edge[i]];
        uint32_t a = j->local[e->a], b = j->local[e->b];
        if (a < graph->n && b < graph->n && graph->member[a] == e->a && graph->member[b] == e->b &&
            hd_graph_has(graph, a, b) && (part >> a & 1) == (part >> b & 1) &&
            hd_union_find_root(j->parent, e->a) != hd_union_find_root(j->parent, e->b))
            hd_join(j, e);
    }
}

/* The weakest bridge that gives way, if any. */
static bool split(hd_joiner *w, hd_mention root, const uint32_t *edge, size_t n)
{
    hd_joining *j = w->joining;
    hd_graph graph;
    make_graph(w, root, edge, n, &graph);
    for (size_t i = n; i-- > 0;) {
        const hd_edge *e = &j->edges->edge[edge[i]];
        uint64_t part;
        if (e->weight < j->threshold || hd_union_find_root(j->parent, e->a) != root ||
            hd_union_find_root(j->parent, e->b) != root || !gives_way(w, &graph, e, &part))
            continue;
        rejoin(j, &graph, part, edge, n);
        hd_review_add(w, e, HD_REVIEW_BRIDGE);
        return true;
    }
    return false;
}

void hd_split_at_bridges(hd_joiner *w, const uint32_t *edge, size_t n)
{
    hd_joining *j = w->joining;
    hd_mention member[HD_GRAPH_MAX];
    for (size_t i = 0; i < n; i++)
        j->local[j->edges->edge[edge[i]].a] = j->local[j->edges->edge[edge[i]].b] = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        hd_mention root = hd_union_find_root(j->parent, j->edges->edge[edge[i]].a);
        if (j->local[root] != UINT32_MAX)
            continue; /* looked at */
        j->local[root] = 0;
        if (hd_cluster_members(j, root, member) >= 2 * PART_LEAST)
            while (split(w, root, edge, n))
                continue;
    }
}
