#include "pipeline/cluster/cluster.h"

uint32_t hd_cluster_members(const hd_joining *joining, hd_mention first, hd_mention *members)
{
    uint32_t n = 0;
    hd_mention i = first;
    do {
        members[n++] = i;
        i = joining->next[i];
    } while (i != first && n < HD_GRAPH_MAX);
    return i == first ? n : HD_GRAPH_MAX + 1;
}

int hd_pair_apart(const hd_mentions *m, const hd_given *given, hd_mention a, hd_mention b)
{
    if (m->source[a] == m->source[b]) {
        if (m->record[a] == m->record[b])
            return HD_REVIEW_ONE_RECORD;
        if (hd_mention_duplicate_free(m, a) && hd_mention_duplicate_free(m, b))
            return HD_REVIEW_DUPLICATE_FREE;
    }
    return hd_given_apart(given, a, b) ? HD_REVIEW_TOLD_APART : HD_APART_NOT;
}

/* Where what the two say of each other is kept; `own` where it is not. i < k. */
static hd_said *said_of(hd_joiner *w, hd_mention i, hd_mention k, hd_said *own)
{
    const uint32_t *local = w->joining->local;
    *own = (hd_said){0};
    return w->n_local ? &w->said[local[i] * w->n_local + local[k]] : own;
}

static void compare(hd_joiner *w, hd_mention i, hd_mention k, hd_said *said)
{
    const hd_joining *j = w->joining;
    const uint32_t *row_i = hd_plan_row(j->plan, i), *row_k = hd_plan_row(j->plan, k);
    if (said->compared)
        return;
    said->pattern = hd_plan_pattern(j->plan, row_i, row_k, &w->env);
    said->weight = hd_plan_weight(j->plan, &j->weights, said->pattern, row_i, row_k);
    said->compared = true;
}

static void contrast(hd_joiner *w, hd_mention i, hd_mention k, hd_said *said)
{
    const hd_joining *j = w->joining;
    if (said->contrasted)
        return;
    int conflict =
        hd_plan_conflict(j->plan, hd_plan_row(j->plan, i), hd_plan_row(j->plan, k), &w->env);
    bool is_apart = conflict >= 0 && !hd_given_same(j->given, i, k);
    said->conflict = (int16_t)(is_apart ? conflict : HD_APART_NOT);
    said->contrasted = true;
}

hd_edge hd_compared_edge(hd_joiner *w, hd_mention a, hd_mention b)
{
    hd_mention i = a < b ? a : b, k = a < b ? b : a;
    hd_said own, *said = said_of(w, i, k, &own);
    compare(w, i, k, said);
    return hd_edge_of(i, k, said->weight, said->pattern);
}

int32_t hd_evidence(hd_joiner *w, hd_mention a, hd_mention b)
{
    return hd_compared_edge(w, a, b).weight - w->joining->weights.prior;
}

static int values_apart(hd_joiner *w, hd_mention a, hd_mention b)
{
    hd_mention i = a < b ? a : b, k = a < b ? b : a;
    hd_said own, *said = said_of(w, i, k, &own);
    contrast(w, i, k, said);
    return said->conflict;
}

int hd_mentions_apart(hd_joiner *joiner, hd_mention a, hd_mention b)
{
    int why = hd_pair_apart(joiner->joining->plan->mentions, joiner->joining->given, a, b);
    return why == HD_APART_NOT ? values_apart(joiner, a, b) : why;
}

int hd_apart(hd_joiner *joiner, hd_mention a, hd_mention b, int64_t *evidence)
{
    hd_mention in_a[HD_GRAPH_MAX], in_b[HD_GRAPH_MAX];
    uint32_t n_a = hd_cluster_members(joiner->joining, a, in_a);
    uint32_t n_b = hd_cluster_members(joiner->joining, b, in_b);
    int why = HD_APART_NOT;
    if (n_a + n_b > HD_GRAPH_MAX)
        return HD_REVIEW_TOO_LARGE;
    for (uint32_t x = 0; x < n_a; x++)
        for (uint32_t y = 0; y < n_b; y++) {
            why = hd_mentions_apart(joiner, in_a[x], in_b[y]);
            if (why != HD_APART_NOT)
                return why;
            if (evidence)
                *evidence += hd_evidence(joiner, in_a[x], in_b[y]);
        }
    return why;
}
