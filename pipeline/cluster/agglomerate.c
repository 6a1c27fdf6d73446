#include <string.h>

#include "base/mem.h"
#include "matchers/union_find.h"
#include "pipeline/cluster/cluster.h"

/* Two clusters join unless something keeps them apart (apart.c), all that their pairs say is on the
 * whole against it, or the edge is contested: one of its ends would as well go with a third mention
 * that is kept apart from the other end. A child without a name fits two twins; it joins neither,
 * unless one of them turns out to belong elsewhere. So contested edges wait until all others were
 * taken, and are looked at again as long as that changes anything. */

enum { SWEEPS_MAX = 8 };

/* The edge is kept at the mention whose cluster had the larger root: each join marks one mention.
 */
void hd_join(hd_joining *joining, const hd_edge *edge)
{
    uint32_t root_a = hd_union_find_root(joining->parent, edge->a);
    uint32_t root_b = hd_union_find_root(joining->parent, edge->b);
    joining->link[root_a > root_b ? root_a : root_b] = *edge;
    hd_union_find_join(joining->parent, edge->a, edge->b);
    uint32_t after_a = joining->next[edge->a];
    joining->next[edge->a] = joining->next[edge->b];
    joining->next[edge->b] = after_a;
}

/* ---- which edges touch a mention ---- */

static const uint32_t *touching(const hd_joiner *w, hd_mention i, uint32_t *n)
{
    uint32_t local = w->joining->local[i];
    *n = w->touching_start[local + 1] - w->touching_start[local];
    return w->touching + w->touching_start[local];
}

/* Numbers the mentions of the component, and counts the edges of each. */
static uint32_t number_mentions(hd_joiner *w, const uint32_t *edge, size_t n)
{
    const hd_edge *edges = w->joining->edges->edge;
    uint32_t *local = w->joining->local, *start = w->touching_start, n_local = 0;
    for (size_t i = 0; i < n; i++)
        local[edges[edge[i]].a] = local[edges[edge[i]].b] = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        hd_mention ends[2] = {edges[edge[i]].a, edges[edge[i]].b};
        for (int side = 0; side < 2; side++) {
            if (local[ends[side]] == UINT32_MAX) {
                local[ends[side]] = n_local;
                start[n_local++] = 0;
            }
            start[local[ends[side]]]++;
        }
    }
    return n_local;
}

static void index_edges(hd_joiner *w, const uint32_t *edge, size_t n)
{
    const hd_edge *edges = w->joining->edges->edge;
    HD_GROW(w->touching, w->touching_cap, 2 * n);
    HD_GROW(w->touching_start, w->touching_start_cap, 2 * n + 2);
    uint32_t n_local = number_mentions(w, edge, n);
    uint32_t *start = w->touching_start, *local = w->joining->local;
    for (uint32_t i = 0, sum = 0; i < n_local; i++)
        start[i] = sum += start[i];
    start[n_local] = (uint32_t)(2 * n);
    for (size_t i = n; i-- > 0;) { /* from the end: their order stays */
        w->touching[--start[local[edges[edge[i]].a]]] = edge[i];
        w->touching[--start[local[edges[edge[i]].b]]] = edge[i];
    }
    w->n_local = n_local;
}

/* The same two are asked about again and again, and where they have an edge it has their weight. */
static void begin_said(hd_joiner *w, const uint32_t *edge, size_t n)
{
    const uint32_t *local = w->joining->local;
    if (w->n_local > HD_SAID_MEMBERS) {
        w->n_local = 0;
        return;
    }
    if (!w->said)
        w->said = hd_alloc((size_t)HD_SAID_MEMBERS * HD_SAID_MEMBERS * sizeof *w->said);
    memset(w->said, 0, (size_t)w->n_local * w->n_local * sizeof *w->said);
    for (size_t i = 0; i < n; i++) {
        const hd_edge *e = &w->joining->edges->edge[edge[i]];
        w->said[local[e->a] * w->n_local + local[e->b]] =
            (hd_said){.pattern = e->pattern, .weight = e->weight, .compared = true};
    }
}

/* ---- contested edges ---- */

/* Whether two are of one family, as far as they can be compared. */
static bool are_family(hd_joiner *w, hd_mention a, hd_mention b)
{
    hd_edge edge = hd_compared_edge(w, a, b);
    return edge.weight > hd_own_weight(w->joining, &edge);
}

/* Whether `rival`, which shares the mention `shared` with `edge`, leads to a third mention with
 * which it would as well go, and not together with the other end. Between brothers and sisters what
 * their family has in common does not count: that an address differs is an accident. */
static bool is_rival(hd_joiner *w, const hd_edge *edge, const hd_edge *rival, hd_mention shared)
{
    const hd_joining *j = w->joining;
    hd_mention other = edge->a == shared ? edge->b : edge->a;
    hd_mention third = rival->a == shared ? rival->b : rival->a;
    int32_t whole = edge->weight - rival->weight;
    int32_t own = hd_own_weight(j, edge) - hd_own_weight(j, rival);
    if (whole >= j->margin && own >= j->margin)
        return false;
    if (hd_apart(w, third, other, NULL) == HD_APART_NOT ||
        hd_apart(w, third, shared, NULL) != HD_APART_NOT)
        return false;
    return (are_family(w, third, other) ? own : whole) < j->margin;
}

static bool has_rival(hd_joiner *w, const hd_edge *edge, hd_mention shared)
{
    hd_joining *j = w->joining;
    uint32_t root_a = hd_union_find_root(j->parent, edge->a), n;
    uint32_t root_b = hd_union_find_root(j->parent, edge->b);
    const uint32_t *edges = touching(w, shared, &n);
    for (uint32_t i = 0; i < n; i++) {
        const hd_edge *rival = &j->edges->edge[edges[i]];
        uint32_t root = hd_union_find_root(j->parent, rival->a == shared ? rival->b : rival->a);
        if (root != root_a && root != root_b && is_rival(w, edge, rival, shared))
            return true;
    }
    return false;
}

/* ---- one component ---- */

/* HD_APART_NOT: may join, or is contested. */
static int refuse(hd_joiner *w, const hd_edge *edge)
{
    int64_t evidence = 0;
    int why = hd_apart(w, edge->a, edge->b, &evidence);
    return why == HD_APART_NOT && evidence < 0 ? HD_REVIEW_AGAINST : why;
}

/* Takes the edges that may join; those that are contested stay, in their order. */
static size_t sweep(hd_joiner *w, size_t n_pending, bool *joined)
{
    hd_joining *j = w->joining;
    size_t n = 0;
    for (size_t i = 0; i < n_pending; i++) {
        const hd_edge *edge = &j->edges->edge[w->pending[i]];
        if (hd_union_find_root(j->parent, edge->a) == hd_union_find_root(j->parent, edge->b))
            continue;
        int why = refuse(w, edge);
        if (why != HD_APART_NOT) {
            hd_review_add(w, edge, why);
        } else if (has_rival(w, edge, edge->a) || has_rival(w, edge, edge->b)) {
            w->pending[n++] = w->pending[i];
        } else {
            hd_join(j, edge);
            *joined = true;
        }
    }
    return n;
}

void hd_agglomerate(hd_joiner *w, const uint32_t *edge, size_t n)
{
    hd_joining *j = w->joining;
    size_t n_pending = 0;
    index_edges(w, edge, n);
    begin_said(w, edge, n);
    HD_GROW(w->pending, w->pending_cap, n);
    for (size_t i = 0; i < n; i++)
        if (j->edges->edge[edge[i]].weight >= j->threshold)
            w->pending[n_pending++] = edge[i];
    bool joined = true;
    for (int i = 0; i < SWEEPS_MAX && joined && n_pending; i++) {
        joined = false;
        n_pending = sweep(w, n_pending, &joined);
    }
    for (size_t i = 0; i < n_pending; i++)
        hd_review_add(w, &j->edges->edge[w->pending[i]], HD_REVIEW_CONTESTED);
    w->n_local = 0;
}
