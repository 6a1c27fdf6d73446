#include "pipeline/config/name_cache.h"

#include "base/mem.h"

enum { N_NAMES = 64, N_PAIRS = 1024 }; /* powers of two */

typedef struct cached_name {
    uint64_t key; /* number + 1; 0: free */
    hd_han_name name;
} cached_name;

typedef struct cached_pair {
    uint64_t key; /* both numbers + 1, the smaller first; 0: free */
    hd_name_match match;
} cached_pair;

struct hd_name_cache {
    cached_name names[N_NAMES];
    cached_pair pairs[N_PAIRS];
};

hd_name_cache *hd_name_cache_new(void)
{
    return hd_alloc_zero(1, sizeof(hd_name_cache));
}

static uint32_t slot_of(uint64_t key, uint32_t n_slots)
{
    return (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 40) & (n_slots - 1);
}

/* Where one slot would hold both names the second is put elsewhere, or it would cover the first. */
static const hd_han_name *prepared(hd_name_cache *cache, const hd_han *han, const hd_pool *texts,
                                   hd_text text, const hd_han_name *other)
{
    uint64_t key = (uint64_t)text + 1;
    cached_name *slot = &cache->names[slot_of(key, N_NAMES)];
    if (&slot->name == other)
        slot = &cache->names[slot_of(key, N_NAMES) ^ 1];
    if (slot->key != key) {
        hd_han_name_prepare(han, hd_pool_get(texts, text), &slot->name);
        slot->key = key;
    }
    return &slot->name;
}

hd_name_match hd_name_cache_match(hd_name_cache *cache, const hd_han *han, const hd_pool *texts,
                                  hd_text a, hd_text b)
{
    hd_text low = a < b ? a : b, high = a < b ? b : a;
    uint64_t key = (((uint64_t)low << 32) | high) + 1;
    cached_pair *pair = &cache->pairs[slot_of(key, N_PAIRS)];
    if (pair->key == key)
        return pair->match;
    const hd_han_name *x = prepared(cache, han, texts, low, NULL);
    const hd_han_name *y = low == high ? x : prepared(cache, han, texts, high, x);
    pair->match = hd_han_name_compare(x, y);
    pair->key = key;
    return pair->match;
}
