#ifndef HD_CONFIG_NAME_CACHE_H
#define HD_CONFIG_NAME_CACHE_H

/* Names that were prepared and pairs that were compared lately, by their numbers in one pool: the
 * levels of a comparison ask for one pair again and again, and the pairs of a block for one name.
 * A pair that is remembered costs 5 ns, another 0.1 to 0.3 µs. 250 KiB; one a thread. */

#include "base/pool.h"
#include "matchers/han_name.h"

typedef struct hd_name_cache hd_name_cache;

hd_name_cache *hd_name_cache_new(void); /* given back by hd_free */
/* `a` and `b` are texts of `texts`, the same pool in every call, and so is `han`. */
hd_name_match hd_name_cache_match(hd_name_cache *cache, const hd_han *han, const hd_pool *texts,
                                  hd_text a, hd_text b);

#endif
