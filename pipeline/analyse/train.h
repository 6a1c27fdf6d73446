#ifndef HD_ANALYSE_TRAIN_H
#define HD_ANALYSE_TRAIN_H

/* Propose a model from the data at hand, without truth:
 *   u from pairs drawn at random with a fixed seed (all pairs where there are few), matches among
 *     them taken out by their posterior;
 *   m by EM on the counts of agreement patterns over all pairs of each pass, u held; what a pass's
 *     keys fix takes no part in its session; sessions are joined by their expected matches;
 *   the prior from all blocked pairs;
 *   term frequencies from the mentions, without the values that few share.
 * The same for any number of threads and any order of rows.
 * Method: Linacre et al., "Splink", IJPDS 7 (2022), with counts in place of samples. */

#include "pipeline/plan.h"
#include "pipeline/stages.h"

hd_status hd_train_run(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks, hd_model **out);

#endif
