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

static bool duplicate_free(const hd_mentions *m, hd_mention i)
{
    return m->ruleset->sources[m->source[i]].roles[m->role[i]].duplicate_free;
}

/* Of two mentions, whatever they say. */
static int pair_apart(const hd_joining *joining, hd_mention a, hd_mention b)
{
    const hd_mentions *m = joining->plan->mentions;
    if (m->source[a] == m->source[b]) {
        if (m->record[a] == m->record[b])
            return HD_REVIEW_ONE_RECORD;
        if (duplicate_free(m, a) && duplicate_free(m, b))
            return HD_REVIEW_DUPLICATE_FREE;
    }
    return hd_given_apart(joining->given, a, b) ? HD_REVIEW_TOLD_APART : HD_APART_NOT;
}

static int compare(hd_joiner *joiner, hd_mention i, hd_mention k, int64_t *evidence)
{
    const hd_joining *joining = joiner->joining;
    const hd_plan *plan = joining->plan;
    const uint32_t *row_i = hd_plan_row(plan, i < k ? i : k);
    const uint32_t *row_k = hd_plan_row(plan, i < k ? k : i);
    int conflict = hd_plan_conflict(plan, row_i, row_k, &joiner->env);
    if (conflict >= 0 && !hd_given_same(joining->given, i, k))
        return conflict;
    if (evidence) {
        uint32_t pattern = hd_plan_pattern(plan, row_i, row_k, &joiner->env);
        *evidence += hd_plan_weight(plan, &joining->weights, pattern, row_i, row_k);
        *evidence -= joining->weights.prior;
    }
    return HD_APART_NOT;
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
            why = pair_apart(joiner->joining, in_a[x], in_b[y]);
            if (why == HD_APART_NOT)
                why = compare(joiner, in_a[x], in_b[y], evidence);
            if (why != HD_APART_NOT)
                return why;
        }
    return why;
}
