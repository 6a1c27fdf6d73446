#ifndef HD_ANALYSE_SAMPLE_ESTIMATE_H
#define HD_ANALYSE_SAMPLE_ESTIMATE_H

/* Precision, recall and F1 of all pairs, estimated from a stratified sample of pairs that people
 * decided.
 *
 * Each is a ratio of two totals, estimated over the strata (combined ratio estimator: Cochran,
 * Sampling Techniques, 3rd ed. 1977, ch. 6.11); its variance is that of the linearised ratio, with
 * the finite population correction. Inside a stratum the share of "same" gets half a pair of either
 * kind more (Jeffreys) for the variance, so that a stratum in which all decided pairs agree is not
 * taken as certain. The interval is Wilson's (1927) for the effective sample size that the variance
 * amounts to (Korn, Graubard, Survey Methodology 24, 1998): it never leaves [0, 1].
 *
 * What holds for recall: pairs that no stratum stands for are not in it. */

#include <stdint.h>

/* What was decided in one stratum, [found][same]: found to be one person by the clusters that are
 * judged, said to be the same by people. */
typedef struct hd_stratum_counts {
    double size; /* pairs that the stratum holds */
    uint32_t n[2][2];
} hd_stratum_counts;

typedef struct hd_estimate {
    double value, low, high; /* NAN where nothing was decided that could tell; 95 % */
} hd_estimate;

typedef struct hd_sample_estimates {
    hd_estimate precision, recall, f1;
} hd_sample_estimates;

/* Strata in which nothing was decided stand for nothing. O(n). */
void hd_sample_estimate(const hd_stratum_counts *strata, uint32_t n, hd_sample_estimates *out);

/* Wilson's interval of a share `p` seen in `n` draws. */
void hd_wilson(double p, double n, double *low, double *high);

#endif
