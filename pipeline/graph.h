#ifndef HD_PIPELINE_GRAPH_H
#define HD_PIPELINE_GRAPH_H

/* A cluster as a graph: its mentions, and the pairs of them that would have been judged a match by
 * themselves. Small enough for a word a mention: no person has more mentions.
 * Cost: O(n²) words. */

#include "pipeline/stages.h"
#include "pipeline/weights.h"

enum { HD_GRAPH_MAX = 64 }; /* mentions of a cluster */

typedef struct hd_graph {
    uint32_t n;
    hd_mention member[HD_GRAPH_MAX];
    uint64_t joined[HD_GRAPH_MAX]; /* [member] bits of the members that it is joined to */
} hd_graph;

/* How well a cluster holds together. */
typedef struct hd_graph_metrics {
    uint32_t n_members, n_edges;
    double density;     /* edges over pairs; 1 of a single mention */
    uint32_t n_bridges; /* edges without which it would fall apart */
    uint32_t diameter;  /* longest of the shortest ways; 0 of a single mention */
    hd_edge weakest;    /* lightest edge; weight HD_EDGE_MOST: none */
} hd_graph_metrics;

void hd_graph_add(hd_graph *graph, uint32_t a, uint32_t b); /* an edge between two members */
static inline bool hd_graph_has(const hd_graph *graph, uint32_t a, uint32_t b)
{
    return graph->joined[a] >> b & 1;
}
uint64_t hd_graph_all(const hd_graph *graph);
uint32_t hd_graph_edges(const hd_graph *graph, uint64_t part); /* within these members */
/* Whether the members fall apart without this edge; `part`: those that stay with `a`. */
bool hd_graph_bridge(const hd_graph *graph, uint32_t a, uint32_t b, uint64_t *part);

/* Of a cluster of a run that was clustered; its pairs are compared anew. `env`: scratch of the
 * calling thread. Of a cluster larger than HD_GRAPH_MAX the first mentions. */
hd_graph_metrics hd_graph_measure(const hd_plan *plan, const hd_weights *weights,
                                  const hd_clusters *clusters, uint32_t cluster, hd_env *env);

#endif
