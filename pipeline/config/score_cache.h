#ifndef HD_CONFIG_SCORE_CACHE_H
#define HD_CONFIG_SCORE_CACHE_H

/* What comparators said of two texts lately, by the texts' numbers in one pool: the levels of a
 * comparison ask the same of one pair again and again, and the pairs of a block of one value. What
 * is remembered costs 5 ns. 24 KiB; one a thread. */

#include "base/pool.h"
#include "matchers/comparator.h"

typedef struct hd_score_cache hd_score_cache;

hd_score_cache *hd_score_cache_new(void); /* given back by hd_free */
/* `comparator` takes texts; `a` and `b` are texts of `texts`, the same pool in every call. */
double hd_score_cache_compare(hd_score_cache *cache, hd_comparator_number comparator,
                              const hd_pool *texts, hd_text a, hd_text b);

#endif
