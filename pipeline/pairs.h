#ifndef HD_PIPELINE_PAIRS_H
#define HD_PIPELINE_PAIRS_H

/* Walk over the pairs of blocks: what match weighs and train counts. No pair table and no set of
 * pairs is held: a pair belongs to the first pass in which both mentions stand in the same block,
 * which their block numbers tell. Pairs of mentions of one record are left out, since they are
 * different persons, and those that link.mode does not ask for.
 * Cost: O(pairs). Pairs are compared 64 at a time (pipeline/batch.h). Those of small blocks
 * are gathered from many; of a large block the members' rows are turned into columns once, a piece
 * at a time, and pieces are shared among threads. Of small blocks the time goes into waiting for
 * rows and block numbers, which lie anywhere, so they are fetched ahead. */

#include "pipeline/stages.h"
#include "pipeline/weights.h"

typedef struct hd_pair {
    hd_mention a, b; /* a < b */
    const uint32_t *row_a, *row_b;
    uint32_t pass;
    hd_pattern pattern;
    int32_t weight; /* hd_pairs_weigh only */
    bool first;     /* no pass before makes it */
} hd_pair;

/* Whether a walk may make the pair at all. */
static inline bool hd_pair_possible(const hd_plan *plan, hd_mention a, hd_mention b)
{
    const hd_mentions *m = plan->mentions;
    bool within = m->source[a] == m->source[b];
    if (plan->ruleset->link_mode != HD_LINK_BOTH &&
        within != (plan->ruleset->link_mode == HD_LINK_WITHIN))
        return false;
    return !within || m->record[a] != m->record[b];
}

/* Whether a pass before `pass` makes the pair, given its mentions' rows of hd_blocks.block_of. */
static inline bool hd_pair_made_before(const uint32_t *blocks_a, const uint32_t *blocks_b,
                                       uint32_t pass)
{
    for (uint32_t p = 0; p < pass; p++)
        if (blocks_a[p] == blocks_b[p] && blocks_a[p])
            return true;
    return false;
}

/* All pairs that link.mode asks for, blocked or not. */
uint64_t hd_pairs_possible(const hd_plan *plan);

/* Called by many threads; `worker` tells whose scratch to use. Order is not fixed, neither over
 * threads nor in a block. */
typedef void hd_pair_visit(void *arg, uint32_t worker, const hd_pair *pair);

/* Each pair once, in the first pass that makes it. */
hd_status hd_pairs_walk(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                        hd_pair_visit *visit, void *arg);
/* Each pair in every pass that makes it. */
hd_status hd_pairs_walk_passes(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                               hd_pair_visit *visit, void *arg);
/* Each pair once, where its weight is `threshold` or more; the others are compared only until it is
 * certain that they do not reach it. `n_pairs`: of each pass, all that it was first to make. */
hd_status hd_pairs_weigh(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                         const hd_weights *weights, int32_t threshold, hd_pair_visit *visit,
                         void *arg, uint64_t n_pairs[HD_PASSES_MAX]);

#endif
