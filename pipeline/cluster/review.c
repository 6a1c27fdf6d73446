#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/cluster/cluster.h"
#include "pipeline/weights.h"

const char *hd_review_code(int reason)
{
    static const char *const codes[] = {
        [-HD_REVIEW_ONE_RECORD] = "one_record",         [-HD_REVIEW_BETWEEN] = "between",
        [-HD_REVIEW_AGAINST] = "cluster_against",       [-HD_REVIEW_TOO_LARGE] = "too_large",
        [-HD_REVIEW_DUPLICATE_FREE] = "duplicate_free", [-HD_REVIEW_TOLD_APART] = "told_apart",
        [-HD_REVIEW_CONTESTED] = "contested",           [-HD_REVIEW_BRIDGE] = "bridge"};
    HD_ASSERT(reason < 0 && reason >= HD_REVIEW_LAST);
    return codes[-reason];
}

void hd_review_add(hd_joiner *w, const hd_edge *edge, int conflict)
{
    HD_GROW(w->review, w->review_cap, w->n_review + 1);
    w->review[w->n_review++] = (hd_review){
        .a = edge->a, .b = edge->b, .weight = edge->weight, .conflict = (int16_t)conflict};
}

/* How little is known of the answer, 0 to 1024. Of pairs that a rule refused in spite of their
 * weight one half: the two disagree. */
static uint64_t doubt(const hd_review *review)
{
    double p = hd_weight_probability(review->weight);
    return review->conflict == HD_REVIEW_BETWEEN ? (uint64_t)(4096 * p * (1 - p)) : 1024;
}

static uint32_t cluster_size(const hd_clusters *c, hd_mention i)
{
    return c->start[c->of[i] + 1] - c->start[c->of[i]];
}

/* What answering is worth: pairs of mentions that would be joined, by how open the question is. */
static uint64_t value_of(const hd_clusters *c, const hd_review *review)
{
    return doubt(review) * cluster_size(c, review->a) * cluster_size(c, review->b);
}

static uint64_t persons_of(const hd_clusters *c, const hd_review *review)
{
    uint32_t x = c->of[review->a], y = c->of[review->b];
    return x < y ? (uint64_t)x << 32 | y : (uint64_t)y << 32 | x;
}

static hd_review *collect(const hd_joiner *joiners, uint32_t n_joiners, const hd_clusters *c,
                          size_t *n)
{
    size_t total = 0;
    for (uint32_t i = 0; i < n_joiners; i++)
        total += joiners[i].n_review;
    hd_review *all = hd_alloc((total + 1) * sizeof *all);
    *n = 0;
    for (uint32_t i = 0; i < n_joiners; i++)
        for (size_t k = 0; k < joiners[i].n_review; k++)
            if (c->of[joiners[i].review[k].a] != c->of[joiners[i].review[k].b])
                all[(*n)++] = joiners[i].review[k];
    return all;
}

/* By persons, heaviest first, then a, b, reason: stable sorts from the least key to the greatest.
 */
static void by_persons(const hd_clusters *c, const hd_review *all, hd_keyed *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        items[i] = (hd_keyed){(uint64_t)(all[i].conflict - INT16_MIN), (uint32_t)i};
    hd_sort_keyed(items, n);
    for (size_t i = 0; i < n; i++)
        items[i].key = (uint64_t)all[items[i].value].a << 32 | all[items[i].value].b;
    hd_sort_keyed(items, n);
    for (size_t i = 0; i < n; i++)
        items[i].key = (uint64_t)((int64_t)INT32_MAX - all[items[i].value].weight);
    hd_sort_keyed(items, n);
    for (size_t i = 0; i < n; i++)
        items[i].key = persons_of(c, &all[items[i].value]);
    hd_sort_keyed(items, n);
}

/* Pairs of the same two persons become neighbours, the heaviest of them at their head, and get the
 * value of the most valuable. A pair of mentions stands here once. */
static void give_values(hd_clusters *c, hd_review *all, hd_keyed *items, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        uint64_t value = 0;
        for (end = i; end < n && items[end].key == items[i].key; end++) {
            uint64_t one = value_of(c, &all[items[end].value]);
            value = one > value ? one : value;
        }
        all[items[i].value].n_pairs = (uint32_t)(end - i);
        c->n_review_persons++;
        for (size_t k = i; k < end; k++)
            all[items[k].value].value = value;
    }
    for (size_t i = 0; i < n; i++)
        items[i].key = UINT64_MAX - all[items[i].value].value;
    hd_sort_keyed(items, n); /* stable: neighbours stay together */
}

void hd_reviews_order(const hd_joiner *joiners, uint32_t n_joiners, hd_clusters *c)
{
    size_t n;
    hd_review *all = collect(joiners, n_joiners, c, &n);
    HD_ASSERT(n <= UINT32_MAX);
    hd_keyed *items = hd_alloc((n + 1) * sizeof *items);
    by_persons(c, all, items, n);
    give_values(c, all, items, n);
    c->review = hd_alloc((n + 1) * sizeof *c->review);
    for (size_t i = 0; i < n; i++)
        c->review[i] = all[items[i].value];
    c->n_review = n;
    hd_free(items);
    hd_free(all);
}
