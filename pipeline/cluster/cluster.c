#include "pipeline/cluster/cluster.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "matchers/union_find.h"

/* Components first, which share nothing, so that threads work on them side by side; within one, one
 * edge after the other. Deterministic: edges come in one order, and each join looks at the same
 * pairs. */

enum { AHEAD = 16 /* edges */ };

typedef struct cluster_job {
    hd_joining joining;
    hd_components components;
    hd_joiner *joiners; /* [worker] */
} cluster_job;

/* ---- components, in parallel ---- */

/* Begin to fetch what is looked at some edges later, each of which lies anywhere: first itself,
 * then the rows of the two. */
static void fetch(const hd_joining *j, const hd_keyed *items, size_t n)
{
    if (n > 2 * AHEAD)
        __builtin_prefetch(&j->edges->edge[items[2 * AHEAD].value]);
    if (n <= AHEAD)
        return;
    const hd_edge *edge = &j->edges->edge[items[AHEAD].value];
    hd_plan_fetch_row(j->plan, edge->a);
    hd_plan_fetch_row(j->plan, edge->b);
}

static hd_status work(hd_ctx *ctx, uint32_t part, uint32_t worker, void *arg)
{
    (void)ctx;
    cluster_job *job = arg;
    hd_joiner *joiner = &job->joiners[worker];
    const hd_groups *edges = &job->components.edges;
    hd_keyed *items = edges->item + edges->start[part], *end = edges->item + edges->start[part + 1];
    for (size_t n; items < end; items += n) {
        n = hd_keyed_run(items, (size_t)(end - items));
        for (size_t i = 0; i < n; i++)
            fetch(&job->joining, items + i, (size_t)(end - items) - i);
        const uint32_t *edge = hd_component_order(joiner, items, n);
        hd_agglomerate(joiner, edge, n);
        hd_split_at_bridges(joiner, edge, n);
    }
    return HD_OK;
}

/* ---- what concerns several components ---- */

/* Last, so that each of the two has its own by then, and no rule asks about them any more. */
static void join_given(cluster_job *job)
{
    hd_joining *j = &job->joining;
    hd_joiner *w = &job->joiners[0];
    for (size_t i = 0; j->given && i < j->given->n_same; i++) {
        hd_mention a = j->given->same[i].a, b = j->given->same[i].b;
        if (hd_union_find_root(j->parent, a) == hd_union_find_root(j->parent, b))
            continue;
        hd_edge edge = hd_compared_edge(w, a, b);
        int why = hd_apart(w, a, b, NULL);
        if (why == HD_APART_NOT || why >= 0 || why == HD_REVIEW_DUPLICATE_FREE)
            hd_join(j, &edge);
        else
            hd_review_add(w, &edge, why);
    }
}

/* Edges that no component took: too light, or left out because theirs would have grown too large.
 */
static void review_rest(cluster_job *job)
{
    hd_joining *j = &job->joining;
    for (size_t i = 0; i < j->edges->n; i++) {
        const hd_edge *edge = &j->edges->edge[i];
        bool heavy = edge->weight >= j->threshold;
        if ((!heavy || job->components.of[edge->a] != job->components.of[edge->b]) &&
            hd_union_find_root(j->parent, edge->a) != hd_union_find_root(j->parent, edge->b))
            hd_review_add(&job->joiners[0], edge, heavy ? HD_REVIEW_TOO_LARGE : HD_REVIEW_BETWEEN);
    }
}

/* ---- */

/* Roots are smallest members, so counting them in mention order numbers the clusters. */
static void number_clusters(hd_joining *j, hd_clusters *out)
{
    uint32_t n = j->plan->mentions->n;
    for (hd_mention i = 0; i < n; i++) {
        uint32_t root = hd_union_find_root(j->parent, i);
        out->of[i] = root == i ? out->n++ : out->of[root];
    }
    out->start = hd_alloc_mapped(out->n + 2u, sizeof *out->start);
    for (hd_mention i = 0; i < n; i++)
        out->start[out->of[i] + 2]++;
    for (uint32_t c = 0; c < out->n; c++) {
        out->n_alarms += out->start[c + 2] > j->plan->ruleset->cluster_alarm_size;
        out->start[c + 2] += out->start[c + 1];
    }
    for (hd_mention i = 0; i < n; i++)
        out->member[out->start[out->of[i] + 1]++] = i;
}

static void begin(hd_ctx *ctx, cluster_job *job, const hd_model *model, hd_clusters *out)
{
    hd_joining *j = &job->joining;
    const hd_ruleset *ruleset = j->plan->ruleset;
    size_t n = (size_t)j->plan->mentions->n + 1;
    hd_weights_make(j->plan, model, &j->weights);
    j->threshold = (int32_t)(ruleset->match_threshold_bits * HD_WEIGHT_ONE);
    j->margin = (int32_t)(ruleset->contest_margin_bits * HD_WEIGHT_ONE);
    *out = (hd_clusters){.of = hd_alloc_mapped(n, sizeof *out->of),
                         .member = hd_alloc_mapped(n, sizeof *out->member),
                         .link = hd_alloc_mapped(n, sizeof *out->link)};
    j->next = out->member; /* the rings, until the clusters are numbered */
    j->link = out->link;
    j->local = hd_alloc(n * sizeof *j->local);
    j->parent = hd_alloc(n * sizeof *j->parent);
    hd_union_find_init(j->parent, j->plan->mentions->n);
    for (hd_mention i = 0; i < j->plan->mentions->n; i++) {
        j->next[i] = i;
        j->link[i] = (hd_edge){i, i, HD_EDGE_NONE, 0};
    }
    job->joiners = hd_alloc_zero(ctx->n_threads, sizeof *job->joiners);
    for (unsigned i = 0; i < ctx->n_threads; i++) {
        job->joiners[i].joining = j;
        job->joiners[i].env = hd_ruleset_env(ruleset);
    }
}

static void end(hd_ctx *ctx, cluster_job *job)
{
    for (unsigned i = 0; i < ctx->n_threads; i++) {
        hd_joiner *w = &job->joiners[i];
        hd_env_release(&w->env);
        hd_free(w->review);
        hd_free(w->edge);
        hd_free(w->pending);
        hd_free(w->touching);
        hd_free(w->touching_start);
        hd_free(w->said);
    }
    hd_free(job->joiners);
    hd_components_release(&job->components);
    hd_free(job->joining.local);
    hd_free(job->joining.parent);
    hd_weights_release(&job->joining.weights);
}

hd_status hd_cluster_run(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                         const hd_edges *edges, const hd_given *given, hd_clusters *out)
{
    cluster_job job = {.joining = {.plan = plan, .edges = edges, .given = given}};
    begin(ctx, &job, model, out);
    hd_status status = hd_components_find(ctx, &job.joining, &job.components);
    if (status == HD_OK)
        status = hd_parallel(ctx, HD_GROUP_PARTS, work, &job);
    join_given(&job);
    review_rest(&job);
    number_clusters(&job.joining, out);
    hd_reviews_collect(job.joiners, ctx->n_threads, out);
    end(ctx, &job);
    return status;
}

void hd_clusters_release(hd_clusters *clusters)
{
    hd_free_mapped(clusters->of);
    hd_free_mapped(clusters->start);
    hd_free_mapped(clusters->member);
    hd_free_mapped(clusters->link);
    hd_free(clusters->review);
    *clusters = (hd_clusters){0};
}
