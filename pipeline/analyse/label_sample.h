#ifndef HD_ANALYSE_LABEL_SAMPLE_H
#define HD_ANALYSE_LABEL_SAMPLE_H

/* A stratified sample of pairs for people to decide, from which precision and recall are estimated
 * (labels.h, sample_estimate.h).
 *
 * Drawn from: pairs that a pass makes, of a weight from `from_bits` on, and the pairs inside one
 * person that are none of these. Strata, each by the first pass that makes its pairs (of passes
 * that make less than a tenth of them, together):
 *
 *   -10..0, 0..4 …   by weight, in bits, around the thresholds
 *   conflict         weight enough, and a declared conflict between the two
 *   refused          weight enough, and other mentions of the two spoke against it
 *   inside           in one person without having been compared with enough weight themselves
 *
 * Sizes are allotted by Neyman (1934): pairs × the spread of the answers that the model expects;
 * each stratum gets a few at least.
 *
 * Inside a stratum those pairs are drawn whose keyed hash of (seed, both mentions' names) is least:
 * the same for any order of rows and number of threads, and a pair that is drawn tonight is mostly
 * drawn tomorrow, too. Cost: O(pairs kept) time, 32 bytes a pair. */

#include "pipeline/run.h"

typedef struct hd_label_pair {
    hd_mention a, b; /* a < b */
    int32_t weight;
    uint32_t stratum;
} hd_label_pair;

typedef struct hd_label_sample_stratum {
    hd_str code;      /* "4..8/name_birth" */
    uint64_t n_pairs; /* in it */
    uint32_t n_drawn;
} hd_label_sample_stratum;

typedef struct hd_label_sample {
    hd_label_pair *pair; /* in the order of their hashes: strata mixed */
    uint32_t n;
    hd_label_sample_stratum *stratum; /* that hold pairs; by kind, then pass */
    uint32_t n_strata;
    hd_arena arena;
} hd_label_sample;

/* About `n` pairs. `run` went to HD_RUN_TO_CLUSTER with edges from `from_bits` on. */
void hd_label_draw(const hd_run *run, double from_bits, uint32_t n, uint64_t seed,
                   hd_label_sample *out);
void hd_label_sample_release(hd_label_sample *sample);

/* HD_USAGE where the file is there: it may hold decisions. */
hd_status hd_label_may_write(hd_ctx *ctx, const char *path);
/* The sample as CSV (mode 0600): the names of both mentions, an empty decision, both mentions'
 * values side by side, stratum and weight_of_stratum. Fails as hd_label_may_write does. */
hd_status hd_label_write(hd_ctx *ctx, const hd_run *run, const hd_label_sample *sample,
                         bool show_values, const char *path);

#endif
