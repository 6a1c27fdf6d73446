#ifndef HD_ANALYSE_WEIGHT_COUNTS_H
#define HD_ANALYSE_WEIGHT_COUNTS_H

/* How many pairs have which weight: all that the passes make, and each mention with itself, which
 * is the most that it could reach with any other; one whose own weight is under the threshold can
 * be linked to nothing. Cost: as matching. */

#include "pipeline/run.h"

enum { HD_WEIGHT_COUNTS_FROM = -100, HD_WEIGHT_COUNTS = 256 }; /* bits: the first, and how many */

typedef struct hd_weight_counts {
    uint64_t pairs[HD_WEIGHT_COUNTS]; /* of a weight in [FROM + i, FROM + i + 1) bits; the ends hold
                                         what lies beyond, too */
    uint64_t self[HD_WEIGHT_COUNTS];
    uint64_t n_pairs, n_self;
} hd_weight_counts;

/* `run` went to HD_RUN_TO_CLUSTER. */
hd_status hd_weight_counts_make(hd_ctx *ctx, const hd_run *run, hd_weight_counts *out);
/* Share of the mentions whose weight with themselves is under `bits` (whole ones). */
double hd_unlinkable_share(const hd_weight_counts *counts, int bits);

#endif
