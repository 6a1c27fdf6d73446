#include "pipeline/analyse/person.h"

#include <stdlib.h>

#include "base/mem.h"
#include "matchers/union_find.h"
#include "pipeline/naming.h"
#include "pipeline/weights.h"

/* ---- how it came together ---- */

static int by_weight(const void *x, const void *y)
{
    const hd_edge *a = ((const hd_person_join *)x)->edge, *b = ((const hd_person_join *)y)->edge;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static uint32_t place_of(const hd_person_view *view, hd_mention i)
{
    uint32_t k = 0;
    while (view->member[k] != i)
        k++;
    return k;
}

/* The parts grow as the joins are taken. */
static void count_parts(hd_person_view *view)
{
    uint32_t *parent = HD_NEW_N(&view->arena, uint32_t, view->n);
    uint32_t *size = HD_NEW_N(&view->arena, uint32_t, view->n);
    hd_union_find_init(parent, view->n);
    for (uint32_t i = 0; i < view->n; i++)
        size[i] = 1;
    for (uint32_t i = 0; i < view->n_joins; i++) {
        hd_person_join *join = &view->join[i];
        uint32_t a = hd_union_find_root(parent, place_of(view, join->edge->a));
        uint32_t b = hd_union_find_root(parent, place_of(view, join->edge->b));
        join->n_a = size[a];
        join->n_b = size[b];
        size[hd_union_find_join(parent, a, b)] = join->n_a + join->n_b;
    }
}

static void list_joins(const hd_run *run, hd_person_view *view)
{
    view->join = HD_NEW_N(&view->arena, hd_person_join, view->n);
    for (uint32_t i = 0; i < view->n; i++) {
        const hd_edge *link = &run->clusters.link[view->member[i]];
        if (link->weight != HD_EDGE_NONE)
            view->join[view->n_joins++] =
                (hd_person_join){.edge = link, .pass = hd_explain_pass(run, link->a, link->b)};
    }
    qsort(view->join, view->n_joins, sizeof *view->join, by_weight);
    count_parts(view);
}

/* ---- how well it holds together ---- */

/* Every bridge is a join: no tree over the mentions can do without it. */
static void find_bridges(const hd_run *run, const hd_weights *weights, hd_env *env,
                         hd_person_view *view)
{
    hd_graph graph = {.n = view->n};
    int32_t threshold = (int32_t)(run->ruleset->match_threshold_bits * HD_WEIGHT_ONE);
    uint64_t part;
    if (view->n > HD_GRAPH_MAX)
        return;
    for (uint32_t i = 0; i < view->n; i++)
        for (uint32_t k = i + 1; k < view->n; k++) {
            const uint32_t *row_i = hd_plan_row(&run->plan, view->member[i]);
            const uint32_t *row_k = hd_plan_row(&run->plan, view->member[k]);
            hd_pattern pattern = hd_plan_pattern(&run->plan, row_i, row_k, env);
            if (hd_plan_weight(&run->plan, weights, pattern, row_i, row_k) >= threshold)
                hd_graph_add(&graph, i, k);
        }
    for (uint32_t i = 0; i < view->n_joins; i++) {
        uint32_t a = place_of(view, view->join[i].edge->a);
        uint32_t b = place_of(view, view->join[i].edge->b);
        view->join[i].bridge = hd_graph_has(&graph, a, b) && hd_graph_bridge(&graph, a, b, &part);
    }
}

static void measure(const hd_run *run, hd_person_view *view)
{
    hd_env env = hd_ruleset_env(run->ruleset);
    hd_weights weights;
    hd_weights_make(&run->plan, run->model, &weights);
    view->metrics = hd_graph_measure(&run->plan, &weights, &run->clusters, view->cluster, &env);
    find_bridges(run, &weights, &env, view);
    hd_weights_release(&weights);
    hd_env_release(&env);
}

/* ---- who was kept apart ---- */

static void take_review(hd_person_view *view, uint32_t other, const hd_review *review)
{
    uint32_t i = 0;
    while (i < view->n_apart && view->apart[i].cluster != other)
        i++;
    hd_person_apart *apart = &view->apart[i];
    if (i == view->n_apart)
        view->apart[view->n_apart++] = (hd_person_apart){.cluster = other, .review = review};
    apart->n_pairs++;
    if (review->weight > apart->review->weight)
        apart->review = review;
}

static int by_review(const void *x, const void *y)
{
    const hd_person_apart *a = x, *b = y;
    if (a->review->weight != b->review->weight)
        return a->review->weight > b->review->weight ? -1 : 1;
    return (a->cluster > b->cluster) - (a->cluster < b->cluster);
}

static void list_apart(const hd_run *run, hd_person_view *view)
{
    const hd_clusters *clusters = &run->clusters;
    uint32_t n = 0;
    for (size_t i = 0; i < clusters->n_review; i++)
        n += clusters->of[clusters->review[i].a] == view->cluster ||
             clusters->of[clusters->review[i].b] == view->cluster;
    view->apart = HD_NEW_N(&view->arena, hd_person_apart, n + 1u);
    for (size_t i = 0; i < clusters->n_review; i++) {
        const hd_review *review = &clusters->review[i];
        uint32_t a = clusters->of[review->a], b = clusters->of[review->b];
        if ((a == view->cluster) != (b == view->cluster))
            take_review(view, a == view->cluster ? b : a, review);
    }
    qsort(view->apart, view->n_apart, sizeof *view->apart, by_review);
}

void hd_person_look(const hd_run *run, uint32_t cluster, hd_person_view *out)
{
    const hd_clusters *clusters = &run->clusters;
    *out = (hd_person_view){.cluster = cluster};
    out->member = clusters->member + clusters->start[cluster];
    out->n = clusters->start[cluster + 1] - clusters->start[cluster];
    for (uint32_t i = 0; i < out->n; i++) /* mentions are by source */
        out->n_sources += i == 0 || run->mentions.source[out->member[i]] !=
                                        run->mentions.source[out->member[i - 1]];
    list_joins(run, out);
    measure(run, out);
    list_apart(run, out);
}

void hd_person_view_release(hd_person_view *view)
{
    hd_arena_release(&view->arena);
    *view = (hd_person_view){0};
}

/* ---- by name ---- */

static uint32_t person_with(const hd_previous *previous, hd_str id)
{
    for (uint32_t p = 0; p < previous->n_persons; p++)
        if (hd_str_eq(previous->person[p].id, id))
            return p;
    return HD_NO_PERSON;
}

/* The cluster that most of the person's mentions are in; of equal ones the first. */
static bool find_most(const hd_run *run, const hd_previous *previous, hd_str id, uint32_t *cluster,
                      uint32_t *n_published, uint32_t *n_elsewhere)
{
    uint32_t person = person_with(previous, id), n = 0, most = 0;
    if (person == HD_NO_PERSON)
        return false;
    *n_published = previous->person[person].n;
    uint32_t *of = hd_alloc(((size_t)*n_published + 1) * sizeof *of);
    for (hd_mention i = 0; i < run->mentions.n; i++)
        if (previous->of[i] == person)
            of[n++] = run->clusters.of[i];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t same = 0;
        for (uint32_t k = 0; k < n; k++)
            same += of[k] == of[i];
        if (same > most) {
            most = same;
            *cluster = of[i];
        }
    }
    *n_elsewhere = *n_published - most;
    hd_free(of);
    return most > 0;
}

static hd_status find_id(hd_ctx *ctx, const hd_run *run, const hd_store *store,
                         const hd_previous *previous, const char *name, uint32_t *cluster,
                         uint32_t *n_published, uint32_t *n_elsewhere)
{
    hd_hint(ctx, "a person is named by its person_id in the last published run, or by one of its "
                 "mentions, SOURCE:RECORD[:ROLE]");
    if (!store)
        return HD_FAIL(ctx, HD_USAGE, "there is no store, and no person_id");
    if (find_most(run, previous, hd_str_from(name), cluster, n_published, n_elsewhere)) {
        ctx->hint[0] = '\0';
        return HD_OK;
    }
    if (*n_published)
        return HD_FAIL(ctx, HD_USAGE, "none of the person's %u mentions is in the data any more",
                       *n_published);
    return HD_FAIL(ctx, HD_USAGE, "the last published run has no such person");
}

hd_status hd_person_by_name(hd_ctx *ctx, const hd_run *run, const char *name, uint32_t *cluster,
                            uint32_t *n_published, uint32_t *n_elsewhere)
{
    hd_mention mention;
    hd_store *store = NULL;
    hd_previous previous = {0};
    *n_published = *n_elsewhere = 0;
    if (strchr(name, ':')) {
        HD_TRY(hd_mention_by_name(ctx, &run->mentions, run->key, name, &mention));
        *cluster = run->clusters.of[mention];
        return HD_OK;
    }
    hd_status status = hd_store_open(ctx, run->ruleset, HD_STORE_READ, &store);
    if (status == HD_OK)
        status = hd_previous_read(ctx, store, &run->mentions, &previous);
    if (status == HD_OK)
        status = find_id(ctx, run, store, &previous, name, cluster, n_published, n_elsewhere);
    hd_previous_release(&previous);
    hd_store_close(store);
    return status;
}
