#ifndef HD_ANALYSE_SUGGEST_H
#define HD_ANALYSE_SUGGEST_H

/* Passes that find most matches for a budget of pairs: keys of hd_key_list alone and two or three
 * together, by their estimated recall (recall.h) and their exact number of pairs. Greedy cover: the
 * next pass is the one that finds most matches, that no pass before it finds, for what it costs:
 * its pairs, and a look at each mention. A pass of which one key makes more pairs than the cap is
 * none; one that the others make needless is left out in the end.
 * Cost: a sort of the mentions for each candidate that could be next; nothing is compared. */

#include "base/sort.h"
#include "pipeline/analyse/recall.h"

enum { HD_SUGGEST_MAX = HD_PASSES_MAX };

typedef struct hd_suggested {
    uint64_t keys;       /* bits in the key list */
    uint64_t n_pairs;    /* of this pass alone */
    double alone, total; /* recall: of this pass alone, of it and those before */
} hd_suggested;

typedef struct hd_suggestion {
    hd_suggested pass[HD_SUGGEST_MAX];
    uint32_t n;
    uint32_t n_counted; /* candidates whose pairs were counted */
} hd_suggestion;

/* `budget`: pairs of all passes, each pair as often as passes make it. `cap`: pairs of a block. */
hd_status hd_suggest_passes(hd_ctx *ctx, const hd_key_list *keys, const hd_recall *recall,
                            uint64_t budget, uint64_t cap, hd_suggestion *out);

/* Pairs that share all keys; UINT64_MAX where one value of them makes more than `cap` pairs. Two
 * mentions of one record count, too: it bounds what is compared. `scratch`: [mentions]. */
uint64_t hd_keys_count_pairs(const hd_key_list *keys, uint64_t mask, uint64_t cap,
                             hd_keyed *scratch);

#endif
