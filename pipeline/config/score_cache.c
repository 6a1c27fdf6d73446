#include "pipeline/config/score_cache.h"

#include "base/mem.h"

enum { N_SCORES = 1024 }; /* a power of two */

typedef struct remembered {
    hd_text low, high;   /* the texts, the smaller number first: comparators are symmetric */
    uint32_t comparator; /* number + 1; 0: free */
    double score;
} remembered;

struct hd_score_cache {
    remembered scores[N_SCORES];
};

hd_score_cache *hd_score_cache_new(void)
{
    return hd_alloc_zero(1, sizeof(hd_score_cache));
}

static uint32_t slot_of(hd_text low, hd_text high, uint32_t comparator)
{
    uint64_t key = ((uint64_t)high << 32 | low) + ((uint64_t)comparator << 58);
    return (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 40) & (N_SCORES - 1);
}

double hd_score_cache_compare(hd_score_cache *cache, hd_comparator_number number,
                              const hd_pool *texts, hd_text a, hd_text b)
{
    const hd_comparator *comparator = &hd_comparators[number];
    if (a == b)
        return comparator->gives == HD_LIKENESS;
    hd_text low = a < b ? a : b, high = a < b ? b : a;
    uint32_t wanted = (uint32_t)number + 1;
    remembered *slot = &cache->scores[slot_of(low, high, wanted)];
    if (slot->low == low && slot->high == high && slot->comparator == wanted)
        return slot->score;
    hd_operand x = {.text = hd_pool_get(texts, low)}, y = {.text = hd_pool_get(texts, high)};
    *slot = (remembered){low, high, wanted, comparator->compare(&x, &y)};
    return slot->score;
}
