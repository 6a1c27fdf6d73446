#ifndef HD_ANALYSE_THRESHOLDS_H
#define HD_ANALYSE_THRESHOLDS_H

/* What each match threshold would give, on clustered results: the run's edges are clustered anew at
 * each threshold of a range, conflicts and all, and the persons are judged by a truth, by labelled
 * pairs, or by neither. Cost: a clustering and O(mentions) a threshold; nothing is compared again.
 */

#include "pipeline/analyse/labels.h"
#include "pipeline/analyse/partition.h"
#include "pipeline/analyse/sample_estimate.h"

typedef struct hd_threshold_range {
    double from, to, step; /* bits; step > 0 */
} hd_threshold_range;

typedef struct hd_threshold_point {
    int32_t threshold;           /* 1/1024 bit */
    uint32_t n_persons, largest; /* mentions of the largest person */
    uint64_t n_pairs;            /* pairs of mentions of one person */
    size_t n_review;
    hd_partition_measures measures;           /* by the truth */
    hd_sample_estimates estimates;            /* by the labels */
    uint32_t n_labels_missed, n_labels_wrong; /* "same" kept apart, "different" joined */
} hd_threshold_point;

typedef struct hd_thresholds {
    hd_threshold_point *point; /* rising; the configured threshold is one of them */
    uint32_t n, configured;
    uint32_t best;           /* by F1 of pairs, of equal ones the lowest; without truth and labels
                                the configured */
    const hd_truth *truth;   /* NULL: none */
    const hd_labels *labels; /* NULL: none */
} hd_thresholds;

/* Range of a configuration where none is asked for: from the review threshold to 16 bits over the
 * match threshold, a bit each. */
hd_threshold_range hd_threshold_range_of(const hd_ruleset *ruleset);
/* `run` went to HD_RUN_TO_CLUSTER; afterwards it stands as it did. */
hd_status hd_thresholds_run(hd_ctx *ctx, hd_run *run, hd_threshold_range range,
                            const hd_truth *truth, const hd_labels *labels, hd_thresholds *out);
void hd_thresholds_release(hd_thresholds *thresholds);

#endif
