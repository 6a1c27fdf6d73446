#include "base/mem.h"
#include "base/sort.h"
#include "matchers/union_find.h"
#include "pipeline/plan.h"
#include "pipeline/stages.h"

/* Agglomeration over edges, heaviest first. Two clusters join unless one of their mention pairs
 * forbids it: two mentions of one record, a declared conflict, or weights that on the whole speak
 * against it. Cost: the pairs between the two clusters at each join, which are few: a person has a
 * handful of mentions. Deterministic: edges come in one order, and each join looks at the same
 * pairs. */

enum {
    MEMBERS_MAX = 64, /* of each of two clusters that join: no person has so many */
    JOIN = -100       /* nothing forbids it */
};

typedef struct joiner {
    const hd_plan *plan;
    hd_weights weights;
    hd_env env;
    uint32_t *parent; /* union-find */
    uint32_t *next;   /* ring of the mentions of one cluster */
    hd_clusters *out;
    size_t review_cap;
} joiner;

static bool one_record(const hd_mentions *m, hd_mention a, hd_mention b)
{
    return m->record[a] == m->record[b] && m->source[a] == m->source[b];
}

/* Number of members; over MEMBERS_MAX only so many are listed. */
static uint32_t list_members(const joiner *j, hd_mention first, hd_mention *members)
{
    uint32_t n = 0;
    hd_mention i = first;
    do {
        members[n++] = i;
        i = j->next[i];
    } while (i != first && n < MEMBERS_MAX);
    return i == first ? n : MEMBERS_MAX + 1;
}

/* What forbids joining the clusters of `a` and `b`: hd_review.conflict, or JOIN. */
static int forbidden(joiner *j, hd_mention a, hd_mention b)
{
    hd_mention in_a[MEMBERS_MAX], in_b[MEMBERS_MAX];
    uint32_t n_a = list_members(j, a, in_a), n_b = list_members(j, b, in_b);
    int64_t sum = 0;
    if (n_a > MEMBERS_MAX || n_b > MEMBERS_MAX)
        return HD_REVIEW_TOO_LARGE;
    for (uint32_t x = 0; x < n_a; x++)
        for (uint32_t y = 0; y < n_b; y++) {
            hd_mention i = in_a[x], k = in_b[y];
            if (one_record(j->plan->mentions, i, k))
                return HD_REVIEW_ONE_RECORD;
            const uint32_t *row_i = hd_plan_row(j->plan, i < k ? i : k);
            const uint32_t *row_k = hd_plan_row(j->plan, i < k ? k : i);
            int conflict = hd_plan_conflict(j->plan, row_i, row_k, &j->env);
            if (conflict >= 0)
                return conflict;
            uint32_t pattern = hd_plan_pattern(j->plan, row_i, row_k, &j->env);
            sum += hd_plan_weight(j->plan, &j->weights, pattern, row_i, row_k);
        }
    return sum < 0 ? HD_REVIEW_AGAINST : JOIN;
}

static void add_review(joiner *j, const hd_edge *edge, int conflict)
{
    HD_GROW(j->out->review, j->review_cap, j->out->n_review + 1);
    j->out->review[j->out->n_review++] =
        (hd_review){edge->a, edge->b, edge->weight, (int16_t)conflict};
}

/* The edge is kept at the mention whose cluster had the larger root: each join marks one mention.
 */
static void join(joiner *j, const hd_edge *edge, uint32_t root_a, uint32_t root_b)
{
    uint32_t later = root_a > root_b ? root_a : root_b;
    j->out->link[later] = *edge;
    hd_union_find_join(j->parent, edge->a, edge->b);
    uint32_t after_a = j->next[edge->a];
    j->next[edge->a] = j->next[edge->b];
    j->next[edge->b] = after_a;
}

static void take_edges(joiner *j, const hd_edges *edges)
{
    int32_t threshold = (int32_t)(j->plan->ruleset->match_threshold_bits * HD_WEIGHT_ONE);
    for (size_t i = 0; i < edges->n; i++) {
        const hd_edge *edge = &edges->edge[i];
        uint32_t root_a = hd_union_find_root(j->parent, edge->a);
        uint32_t root_b = hd_union_find_root(j->parent, edge->b);
        if (root_a == root_b)
            continue;
        int why = edge->weight < threshold ? HD_REVIEW_BETWEEN : forbidden(j, edge->a, edge->b);
        if (why == JOIN)
            join(j, edge, root_a, root_b);
        else
            add_review(j, edge, why);
    }
}

/* Roots are smallest members, so counting them in mention order numbers the clusters. */
static void number_clusters(joiner *j, uint32_t n_mentions)
{
    hd_clusters *out = j->out;
    for (hd_mention i = 0; i < n_mentions; i++) {
        uint32_t root = hd_union_find_root(j->parent, i);
        out->of[i] = root == i ? out->n++ : out->of[root];
    }
    out->start = hd_alloc_zero(out->n + 2u, sizeof *out->start);
    for (hd_mention i = 0; i < n_mentions; i++)
        out->start[out->of[i] + 2]++;
    for (uint32_t c = 0; c < out->n; c++) {
        out->n_alarms += out->start[c + 2] > j->plan->ruleset->cluster_alarm_size;
        out->start[c + 2] += out->start[c + 1];
    }
    for (hd_mention i = 0; i < n_mentions; i++)
        out->member[out->start[out->of[i] + 1]++] = i;
}

hd_status hd_cluster_run(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                         const hd_edges *edges, hd_clusters *out)
{
    (void)ctx;
    uint32_t n = plan->mentions->n;
    *out = (hd_clusters){0};
    joiner j = {.plan = plan, .out = out};
    j.env = hd_ruleset_env(plan->ruleset);
    hd_weights_make(plan, model, &j.weights);
    j.parent = hd_alloc(((size_t)n + 1) * sizeof *j.parent);
    j.next = hd_alloc(((size_t)n + 1) * sizeof *j.next);
    out->of = hd_alloc(((size_t)n + 1) * sizeof *out->of);
    out->member = hd_alloc(((size_t)n + 1) * sizeof *out->member);
    out->link = hd_alloc(((size_t)n + 1) * sizeof *out->link);
    hd_union_find_init(j.parent, n);
    for (hd_mention i = 0; i < n; i++) {
        j.next[i] = i;
        out->link[i] = (hd_edge){i, i, INT32_MIN, 0};
    }
    take_edges(&j, edges);
    number_clusters(&j, n);
    hd_free(j.parent);
    hd_free(j.next);
    hd_weights_release(&j.weights);
    hd_env_release(&j.env);
    return HD_OK;
}

void hd_clusters_release(hd_clusters *clusters)
{
    hd_free(clusters->of);
    hd_free(clusters->start);
    hd_free(clusters->member);
    hd_free(clusters->link);
    hd_free(clusters->review);
    *clusters = (hd_clusters){0};
}
