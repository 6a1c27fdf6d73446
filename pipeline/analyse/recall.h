#ifndef HD_ANALYSE_RECALL_H
#define HD_ANALYSE_RECALL_H

/* How many of the matches passes would find, estimated without truth.
 *
 * Seen are the pairs that the declared passes make, each counted by its probability of a match
 * under the model, by the keys on which its two mentions agree. Not seen are the matches that no
 * declared pass makes. Their number follows as in capture–recapture with several lists: given that
 * two mentions are one person, keys that read different fields agree or not independently of each
 * other, within one kind of pair (source and role of both, since what a source writes down is what
 * its mentions have in common: Sekar and Deming's strata). Each kind's shares are fitted by EM on
 * the truncated data, the cells that no pass reaches being filled in by draws with a fixed seed.
 *
 * What can be wrong: the model's probabilities; and damage that goes together (a record of which
 * name and date are both bad), which hides more matches than independence lets one think. So an
 * estimate is a little high rather than low, and matches that share none of the keys are not in it.
 * Sekar, Deming, JASA 44 (1949); Dempster, Laird, Rubin, JRSS B 39 (1977).
 * The same for any number of threads: probabilities are added as whole numbers. */

#include "pipeline/analyse/key_list.h"
#include "pipeline/stages.h"

/* Matches that agree on the same keys. */
typedef struct hd_agreement {
    uint64_t mask; /* bits of the keys */
    double matches;
} hd_agreement;

typedef struct hd_recall {
    hd_agreement *cell; /* seen ones first */
    size_t n, n_seen;
    double seen, unseen; /* matches */
} hd_recall;

hd_status hd_recall_estimate(hd_ctx *ctx, const hd_plan *plan, const hd_model *model,
                             const hd_blocks *blocks, const hd_key_list *keys, hd_recall *out);
void hd_recall_release(hd_recall *recall);

/* Share of the matches that one of the passes makes: each a set of keys. */
double hd_recall_of(const hd_recall *recall, const uint64_t *passes, uint32_t n_passes);

#endif
