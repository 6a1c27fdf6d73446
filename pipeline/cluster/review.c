#include "base/mem.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "pipeline/cluster/cluster.h"

enum { PERSONS_A_TASK = 256 }; /* pairs of them */

typedef struct order_job {
    hd_joiner *joiners; /* [worker] */
    hd_clusters *clusters;
    hd_review *all;
    hd_keyed *items; /* [n] persons and number in `all` */
    uint32_t *head;  /* [n_heads] items at which two other persons begin */
    size_t n;
    uint32_t n_heads;
} order_job;

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

static uint64_t persons_of(const hd_clusters *c, const hd_review *review)
{
    uint32_t x = c->of[review->a], y = c->of[review->b];
    return x < y ? (uint64_t)x << 32 | y : (uint64_t)y << 32 | x;
}

void hd_reviews_collect(const hd_joiner *joiners, uint32_t n_joiners, hd_clusters *c)
{
    size_t total = 0;
    for (uint32_t i = 0; i < n_joiners; i++)
        total += joiners[i].n_review;
    HD_ASSERT(total <= UINT32_MAX);
    c->review = hd_alloc((total + 1) * sizeof *c->review);
    for (uint32_t i = 0; i < n_joiners; i++)
        for (size_t k = 0; k < joiners[i].n_review; k++)
            if (c->of[joiners[i].review[k].a] != c->of[joiners[i].review[k].b])
                c->review[c->n_review++] = joiners[i].review[k];
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

/* Pairs of the same two persons are neighbours, the heaviest of them at their head. */
static uint32_t find_heads(order_job *job)
{
    uint32_t n_heads = 0;
    for (uint32_t i = 0, end; i < job->n; i = end) {
        for (end = i; end < job->n && job->items[end].key == job->items[i].key;)
            end++;
        job->all[job->items[i].value].n_pairs = end - i;
        job->head[n_heads++] = i;
    }
    return n_heads;
}

static hd_status value_task(hd_ctx *ctx, uint32_t task, uint32_t worker, void *arg)
{
    (void)ctx;
    const order_job *job = arg;
    uint32_t begin = task * PERSONS_A_TASK;
    uint32_t end = hd_task_end(job->n_heads, begin, PERSONS_A_TASK);
    for (uint32_t h = begin; h < end; h++) {
        hd_keyed head = job->items[job->head[h]];
        job->all[head.value].value = hd_worth(&job->joiners[worker], job->clusters,
                                              (uint32_t)(head.key >> 32), (uint32_t)head.key);
    }
    return HD_OK;
}

/* All pairs of two persons have the value of their head. A pair of mentions stands here once. */
static void sort_by_value(order_job *job)
{
    for (uint32_t i = 0, head = 0; i < job->n; i++) {
        hd_review *review = &job->all[job->items[i].value];
        if (review->n_pairs)
            head = job->items[i].value;
        review->value = job->all[head].value;
        job->items[i].key = UINT64_MAX - review->value;
    }
    hd_sort_keyed(job->items, job->n); /* stable: neighbours stay together */
}

static void hand_over(const order_job *job)
{
    hd_clusters *c = job->clusters;
    c->n_review_persons = job->n_heads;
    c->n_asked = 0;
    c->review = hd_alloc((job->n + 1) * sizeof *c->review);
    for (uint32_t i = 0; i < job->n; i++) {
        c->review[i] = job->all[job->items[i].value];
        c->n_asked += c->review[i].n_pairs && c->review[i].value;
    }
    hd_free(job->all);
}

static hd_status order(hd_ctx *ctx, order_job *job)
{
    job->items = hd_alloc((job->n + 1) * sizeof *job->items);
    job->head = hd_alloc((job->n + 1) * sizeof *job->head);
    by_persons(job->clusters, job->all, job->items, job->n);
    job->n_heads = find_heads(job);
    uint32_t n_tasks = hd_tasks_of(job->n_heads, PERSONS_A_TASK);
    hd_status status = hd_parallel(ctx, n_tasks, value_task, job);
    sort_by_value(job);
    hand_over(job);
    hd_free(job->head);
    hd_free(job->items);
    return status;
}

hd_status hd_review_run(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                        const hd_given *given, hd_clusters *clusters)
{
    hd_joining joining = {.plan = plan, .given = given};
    hd_joiner *joiners = hd_alloc_zero(ctx->n_threads, sizeof *joiners);
    order_job job = {
        .joiners = joiners, .clusters = clusters, .all = clusters->review, .n = clusters->n_review};
    hd_weights_make(plan, model, &joining.weights);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        joiners[i] = (hd_joiner){.joining = &joining, .env = hd_ruleset_env(plan->ruleset)};
    hd_status status = order(ctx, &job);
    for (uint32_t i = 0; i < ctx->n_threads; i++)
        hd_env_release(&joiners[i].env);
    hd_free(joiners);
    hd_weights_release(&joining.weights);
    return status;
}
