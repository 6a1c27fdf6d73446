#ifndef HD_CLUSTER_H
#define HD_CLUSTER_H

/* Private to the stage cluster: what its parts share.
 *
 *   components.c   edges → components, which know nothing of each other: the unit of work
 *   apart.c        what keeps two clusters apart
 *   agglomerate.c  one component: edges, heaviest first, join clusters that nothing keeps apart
 *   bridges.c      one component: a cluster that one weak edge holds together is split there
 *   worth.c        what it is worth to know whether two clusters are one person
 *   review.c       what did not join, in the order in which an answer is worth most
 *   cluster.c      all of it, and the clusters' numbers */

#include "base/group.h"
#include "pipeline/graph.h"
#include "pipeline/stages.h"
#include "pipeline/weights.h"

/* Clusters while they grow. Components are worked on by several threads: each touches what belongs
 * to its own mentions only. */
typedef struct hd_joining {
    const hd_plan *plan;
    const hd_edges *edges;
    const hd_given *given;
    hd_weights weights;
    int32_t threshold, margin; /* 1/1024 bit */
    uint32_t *parent;          /* union-find; roots are smallest members */
    uint32_t *next;            /* ring of the mentions of one cluster */
    uint32_t *local;           /* scratch of the component that the mention is in */
    hd_edge *link;             /* hd_clusters.link */
} hd_joining;

/* What two mentions of a component say of each other, as far as somebody asked. */
typedef struct hd_said {
    hd_pattern pattern;
    int32_t weight;            /* 1/1024 bit */
    int16_t conflict;          /* HD_APART_NOT: none */
    bool compared, contrasted; /* pattern and weight are known; conflict is */
} hd_said;
enum { HD_SAID_MEMBERS = 64 };

/* Scratch of a thread, and what it found for review. */
typedef struct hd_joiner {
    hd_joining *joining;
    hd_env env;
    hd_review *review;
    size_t n_review, review_cap;
    uint32_t *edge, *pending, *touching, *touching_start;
    size_t edge_cap, pending_cap, touching_cap, touching_start_cap;
    /* [local × n_local + local], the smaller mention first, of the component that is at hand;
     * n_local 0: it has more than HD_SAID_MEMBERS, or there is none */
    hd_said *said;
    uint32_t n_local;
} hd_joiner;

/* ---- components.c ---- */

/* Edges that can decide a join (of the match threshold less the margin, or more), by component. No
 * component has more than link.component_cap mentions: edges are taken heaviest first, and one that
 * would make a component larger is not taken. */
typedef struct hd_components {
    hd_groups edges; /* numbers of edges, by the component's number plus 1 */
    uint32_t *of;    /* [mention] smallest mention of its component: its number */
} hd_components;

hd_status hd_components_find(hd_ctx *ctx, const hd_joining *joining, hd_components *out);
void hd_components_release(hd_components *components);
/* The weight of an edge without what a family has in common. */
int32_t hd_own_weight(const hd_joining *joining, const hd_edge *edge);
/* The n edges of one component in the order in which they are taken: by what they say of the two
 * themselves, then by weight. What a family has in common leads to the right family, and only then
 * is the question who of it. The items lose their keys; the result is the joiner's, until the next
 * call. */
const uint32_t *hd_component_order(hd_joiner *joiner, hd_keyed *items, size_t n);

/* ---- apart.c ---- */

/* What keeps the clusters of `a` and `b` apart, whatever the weights say: hd_review.conflict, or
 * HD_APART_NOT. `evidence` (may be NULL) gets the sum over their pairs of all that the comparisons
 * say, in 1/1024 bit: without the prior, since that nothing is known of a pair speaks against
 * nothing. Cost: the pairs between the two, which are few. */
int hd_apart(hd_joiner *joiner, hd_mention a, hd_mention b, int64_t *evidence);
/* The same of two mentions, whatever their clusters hold. */
int hd_mentions_apart(hd_joiner *joiner, hd_mention a, hd_mention b);
/* The two compared, as if there were an edge between them. */
hd_edge hd_compared_edge(hd_joiner *joiner, hd_mention a, hd_mention b);
/* What the comparisons say of the two, in 1/1024 bit, without the prior. */
int32_t hd_evidence(hd_joiner *joiner, hd_mention a, hd_mention b);
/* Members of the cluster of `first`; HD_GRAPH_MAX + 1: more than that, not all are listed. */
uint32_t hd_cluster_members(const hd_joining *joining, hd_mention first, hd_mention *members);

/* ---- agglomerate.c ---- */

/* `edge`: numbers of the component's edges, in their order. */
void hd_agglomerate(hd_joiner *joiner, const uint32_t *edge, size_t n);
void hd_join(hd_joining *joining, const hd_edge *edge);

/* ---- bridges.c ---- */

void hd_split_at_bridges(hd_joiner *joiner, const uint32_t *edge, size_t n);

/* ---- worth.c ---- */

/* What it is worth to learn whether clusters x and y are one person: p(1 - p), p the chance of it
 * given all that their pairs say, times how much hangs on it; 0: nothing. Clusters have their
 * numbers. Cost: at most 256 pairs. */
uint64_t hd_worth(hd_joiner *joiner, const hd_clusters *clusters, uint32_t x, uint32_t y);

/* ---- review.c ---- */

void hd_review_add(hd_joiner *joiner, const hd_edge *edge, int conflict);
/* Those that did not become one person into `clusters`, which have their numbers; hd_review_run
 * orders them. */
void hd_reviews_collect(const hd_joiner *joiners, uint32_t n, hd_clusters *clusters);

#endif
