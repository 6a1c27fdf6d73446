#ifndef HD_ANALYSE_BLOCKS_H
#define HD_ANALYSE_BLOCKS_H

/* What the declared passes make of the mentions, before any pair is compared: exact counts of each
 * pass by itself and over the passes before it, and the blocks that cost most. Keys of blocks are
 * masked by the kinds of the fields that they read.
 * Cost: a look at two rows of block numbers a pair of each pass; nothing is compared. */

#include "pipeline/analyse/known_matches.h"
#include "pipeline/stages.h"

enum { HD_BLOCKS_SHOWN = 5 }; /* largest blocks of a pass that are told */

/* One block, or mentions of one key that are over the cap. */
typedef struct hd_block_shown {
    uint32_t n_mentions;
    uint64_t n_pairs;
    hd_mention first;
    hd_str key; /* masked, its parts set apart by " · " */
} hd_block_shown;

typedef struct hd_pass_counted {
    uint64_t pairs; /* of this pass alone, as far as they are compared: hd_pair_possible */
    uint64_t fresh; /* of which no pass before makes */
    uint64_t total; /* distinct, of the passes up to this one */
    hd_block_shown shown[HD_BLOCKS_SHOWN]; /* largest first, then by first mention */
    uint32_t n_shown;
    double found, found_total; /* shares of known matches: by this pass, by those up to it */
    hd_block_shown over[HD_BLOCKS_SHOWN]; /* keys over the cap as they were before narrowing */
    uint32_t n_over;
} hd_pass_counted;

typedef struct hd_blocks_counted {
    hd_pass_counted *pass; /* [pass] */
    size_t n_known;        /* matches; 0: hd_blocks_find was not called */
    hd_arena arena;
} hd_blocks_counted;

hd_status hd_blocks_count(hd_ctx *ctx, const hd_plan *plan, const hd_blocks *blocks,
                          hd_blocks_counted *out);
/* Measures the passes by matches that are known. */
void hd_blocks_find(const hd_blocks *blocks, const hd_known_matches *known, hd_blocks_counted *out);
void hd_blocks_counted_release(hd_blocks_counted *counted);

#endif
