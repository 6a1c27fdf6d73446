#ifndef HD_PIPELINE_ROUNDS_H
#define HD_PIPELINE_ROUNDS_H

/* Rounds of linkage. The first has no relations; each further one knows from the clusters of the
 * one before who is whose mother, father, spouse and child (pipeline/relate.h), so that a child
 * without a name or a number is found through its mother. Whatever else was computed stays: only
 * the passes, and the slots of the comparison rows, that ask for persons are made anew. There are
 * link.rounds at most, and no more once nothing changes.
 *
 * In the first round the weight of a pair is a matter of its two mentions, and of nothing else that
 * is in the data; in the others also of the persons that its relations lead to. */

#include "pipeline/stages.h"

/* What the rounds work on: the run's. */
typedef struct hd_rounds {
    const hd_ruleset *ruleset;
    hd_mentions *mentions;
    hd_plan *plan;
    hd_blocks *blocks;
    const hd_given *given;
    hd_edges *edges;
    hd_clusters *clusters;
} hd_rounds;

/* Edges and clusters of the first round are there; those of the last are in their place after. */
hd_status hd_rounds_run(hd_ctx *ctx, const hd_rounds *rounds, const hd_model *model);
/* Training: the first round's model, and of comparisons that ask for persons what the second one
 * shows. `known`, `training` (of the first round): as hd_train_model has them. Leaves plan and
 * blocks as they were, edges and clusters empty. */
struct hd_known_matches;
struct hd_training;
hd_status hd_rounds_train(hd_ctx *ctx, const hd_rounds *rounds,
                          const struct hd_known_matches *known, struct hd_training *training,
                          hd_model **out);

#endif
