#ifndef HD_ANALYSE_RECALL_H
#define HD_ANALYSE_RECALL_H

/* How many of the matches passes would find, estimated without truth.
 *
 * Matches are the pairs of mentions that clustering joined, by the keys on which the two agree:
 * those that a declared pass makes, and those that none makes and that others led to (a and c, by
 * way of b). To them come matches that nothing led to. How many pairs no pass makes follows as in
 * capture–recapture with several lists: given that two mentions are one person, keys that read
 * different fields agree or not independently of each other, within one kind of pair (source and
 * role of both, since what a source writes down is what its mentions have in common: Sekar and
 * Deming's strata). Each kind's shares are fitted by EM to the pairs that passes make, the cells
 * that no pass reaches being filled in by draws with a fixed seed; where that gives more than were
 * joined, the rest is added.
 *
 * What can be wrong: clusters; and damage that goes together (a record of which name and date are
 * both bad), which hides more matches than independence lets one think. So an estimate is a little
 * high rather than low, and mentions that share none of the keys with their own are not in it.
 * Sekar, Deming, JASA 44 (1949); Dempster, Laird, Rubin, JRSS B 39 (1977).
 * Cost: a look at each pair of a cluster and each key; draws for each kind. */

#include "pipeline/analyse/key_list.h"
#include "pipeline/plan.h"
#include "pipeline/stages.h"

/* Matches that agree on the same keys. */
typedef struct hd_agreement {
    uint64_t mask; /* bits of the keys */
    double matches;
} hd_agreement;

typedef struct hd_recall {
    hd_agreement *cell; /* by mask */
    size_t n;
    double made, joined,
        guessed; /* matches: by a declared pass, by others in between, by nothing */
} hd_recall;

void hd_recall_estimate(const hd_plan *plan, const hd_clusters *clusters, const hd_key_list *keys,
                        hd_recall *out);
void hd_recall_release(hd_recall *recall);

static inline double hd_recall_matches(const hd_recall *recall)
{
    return recall->made + recall->joined + recall->guessed;
}

/* Share of the matches that one of the passes makes: each a set of keys. */
double hd_recall_of(const hd_recall *recall, const uint64_t *passes, uint32_t n_passes);

#endif
