#include "pipeline/analyse/thresholds.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { POINTS_MAX = 1000 };

hd_threshold_range hd_threshold_range_of(const hd_ruleset *ruleset)
{
    return (hd_threshold_range){ruleset->review_threshold_bits, ruleset->match_threshold_bits + 16,
                                1};
}

/* ---- one threshold ---- */

/* The threshold is the ruleset's: what clusters reads no other. */
static hd_status cluster_at(hd_ctx *ctx, hd_run *run, int32_t threshold, hd_clusters *out)
{
    double configured = run->ruleset->match_threshold_bits;
    run->ruleset->match_threshold_bits = (double)threshold / HD_WEIGHT_ONE;
    hd_status status = hd_cluster_run(ctx, &run->plan, run->model, &run->edges, &run->given, out);
    if (status == HD_OK)
        status = hd_review_run(ctx, &run->plan, run->model, &run->given, out);
    run->ruleset->match_threshold_bits = configured;
    return status;
}

static void count_persons(const hd_clusters *clusters, hd_threshold_point *out)
{
    out->n_persons = clusters->n;
    out->n_review = clusters->n_asked;
    for (uint32_t c = 0; c < clusters->n; c++) {
        uint64_t size = clusters->start[c + 1] - clusters->start[c];
        out->largest = size > out->largest ? (uint32_t)size : out->largest;
        out->n_pairs += size * (size - 1) / 2;
    }
}

/* What the truth names and the data lacks was found by nobody: it is alone. */
static void judge_by_truth(const hd_truth *truth, const hd_clusters *clusters,
                           hd_threshold_point *out)
{
    uint32_t *found = hd_alloc(((size_t)truth->n + 1) * sizeof *found), alone = clusters->n;
    for (uint32_t i = 0; i < truth->n; i++) {
        hd_mention mention = truth->mention[i];
        found[i] = mention == HD_NO_MENTION ? alone++ : clusters->of[mention];
    }
    hd_partition_compare(truth->person, found, truth->n, NULL, NULL, NULL, &out->measures);
    hd_free(found);
}

static void judge_by_labels(const hd_labels *labels, const hd_clusters *clusters,
                            hd_threshold_point *out)
{
    hd_stratum_counts *strata = hd_alloc_zero(labels->n_strata + 1u, sizeof *strata);
    for (uint32_t h = 0; h < labels->n_strata; h++)
        strata[h].size = labels->stratum[h].size;
    for (uint32_t i = 0; i < labels->n; i++) {
        const hd_label *label = &labels->label[i];
        if (label->decision == HD_DECISION_UNKNOWN)
            continue;
        bool found = clusters->of[label->a] == clusters->of[label->b];
        bool same = label->decision == HD_DECISION_SAME;
        strata[label->stratum].n[found][same]++;
        out->n_labels_missed += same && !found;
        out->n_labels_wrong += found && !same;
    }
    hd_sample_estimate(strata, labels->n_strata, &out->estimates);
    hd_free(strata);
}

/* ---- all of them ---- */

static int by_threshold(const void *x, const void *y)
{
    const hd_threshold_point *a = x, *b = y;
    return (a->threshold > b->threshold) - (a->threshold < b->threshold);
}

static hd_status list_points(hd_ctx *ctx, const hd_run *run, hd_threshold_range range,
                             hd_thresholds *out)
{
    double least = run->ruleset->review_threshold_bits;
    if (!(range.step > 0 && range.from <= range.to) ||
        (range.to - range.from) / range.step > POINTS_MAX)
        return HD_FAIL(ctx, HD_USAGE,
                       "thresholds must be FROM:TO:STEP in bits, with at most %d of them",
                       POINTS_MAX);
    if (range.from < least) {
        hd_hint(ctx, "lower link.review_threshold to look further down");
        return HD_FAIL(ctx, HD_USAGE,
                       "pairs below link.review_threshold (%g bits) are not kept: thresholds "
                       "cannot begin at %g",
                       least, range.from);
    }
    uint32_t n = (uint32_t)floor((range.to - range.from) / range.step + 1e-9) + 1;
    int32_t configured = (int32_t)(run->ruleset->match_threshold_bits * HD_WEIGHT_ONE);
    bool among = false;
    out->point = hd_alloc_zero(n + 1u, sizeof *out->point);
    for (uint32_t i = 0; i < n; i++) {
        int32_t threshold = (int32_t)lround((range.from + i * range.step) * HD_WEIGHT_ONE);
        out->point[out->n++].threshold = threshold;
        among |= threshold == configured;
    }
    if (!among)
        out->point[out->n++].threshold = configured;
    qsort(out->point, out->n, sizeof *out->point, by_threshold);
    while (out->point[out->configured].threshold != configured)
        out->configured++;
    return HD_OK;
}

static double f1_of(const hd_thresholds *t, uint32_t i)
{
    double f1 = t->truth ? t->point[i].measures.pairwise.f1 : t->point[i].estimates.f1.value;
    return isnan(f1) ? -1 : f1;
}

static void find_best(hd_thresholds *t)
{
    t->best = t->configured;
    if (!t->truth && !t->labels)
        return;
    t->best = 0;
    for (uint32_t i = 1; i < t->n; i++)
        if (f1_of(t, i) > f1_of(t, t->best))
            t->best = i;
}

hd_status hd_thresholds_run(hd_ctx *ctx, hd_run *run, hd_threshold_range range,
                            const hd_truth *truth, const hd_labels *labels, hd_thresholds *out)
{
    *out = (hd_thresholds){.truth = truth, .labels = labels};
    HD_TRY(list_points(ctx, run, range, out));
    for (uint32_t i = 0; i < out->n; i++) {
        hd_clusters clusters;
        hd_threshold_point *point = &out->point[i];
        HD_TRY(cluster_at(ctx, run, point->threshold, &clusters));
        count_persons(&clusters, point);
        if (truth)
            judge_by_truth(truth, &clusters, point);
        if (labels)
            judge_by_labels(labels, &clusters, point);
        hd_clusters_release(&clusters);
    }
    find_best(out);
    return HD_OK;
}

void hd_thresholds_release(hd_thresholds *thresholds)
{
    hd_free(thresholds->point);
    *thresholds = (hd_thresholds){0};
}
