#ifndef HD_EXTRACT_TEXT_CACHE_H
#define HD_EXTRACT_TEXT_CACHE_H

/* The texts that one thread interned last, before the pool itself: sexes, divisions, surnames and
 * dates repeat, and then neither a lock nor the pool's memory is touched. Direct-mapped. A column
 * in which hardly anything repeats switches its cache off. Zero-initialise to start empty; one a
 * thread and column; valid as long as the pool. */

#include "base/pool.h"

enum { HD_TEXT_CACHE_BITS = 10, HD_TEXT_CACHE_TRIAL = 8192 };

typedef struct hd_text_cache {
    struct hd_text_cached {
        const char *ptr; /* in the pool */
        uint32_t len_bytes;
        hd_text text;
    } entry[1 << HD_TEXT_CACHE_BITS];
    uint32_t n_asked, n_found; /* of the first HD_TEXT_CACHE_TRIAL */
    bool off;
} hd_text_cache;

/* Length, first and last eight bytes: enough to spread what real columns hold. */
static inline uint32_t hd_text_cache_slot(hd_str s)
{
    uint64_t first = 0, last = 0;
    if (s.len_bytes >= 8) {
        memcpy(&first, s.ptr, 8);
        memcpy(&last, s.ptr + s.len_bytes - 8, 8);
    } else {
        memcpy(&first, s.ptr, s.len_bytes);
    }
    uint64_t mixed = (first ^ s.len_bytes) * UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 29 ^ last) * UINT64_C(0xBF58476D1CE4E5B9);
    return (uint32_t)(mixed >> (64 - HD_TEXT_CACHE_BITS));
}

static inline void hd_text_cache_judge(hd_text_cache *cache, bool found)
{
    cache->n_found += found;
    if (++cache->n_asked == HD_TEXT_CACHE_TRIAL)
        cache->off = cache->n_found < HD_TEXT_CACHE_TRIAL / 8;
}

/* Whether the cache knows the text's number; where it does not, ask the pool and tell it. */
static inline bool hd_text_cache_find(hd_text_cache *cache, hd_str s, hd_text *out)
{
    if (cache->off)
        return false;
    const struct hd_text_cached *e = &cache->entry[hd_text_cache_slot(s)];
    bool found = hd_str_eq((hd_str){e->ptr, e->len_bytes}, s);
    if (cache->n_asked < HD_TEXT_CACHE_TRIAL)
        hd_text_cache_judge(cache, found);
    if (found)
        *out = e->text;
    return found;
}

static inline void hd_text_cache_tell(hd_text_cache *cache, const hd_pool *pool, hd_text text)
{
    if (cache->off)
        return;
    hd_str s = hd_pool_get(pool, text);
    cache->entry[hd_text_cache_slot(s)] = (struct hd_text_cached){s.ptr, s.len_bytes, text};
}

/* hd_pool_intern through the cache. */
static inline hd_text hd_text_cache_intern(hd_text_cache *cache, hd_pool *pool, hd_str s)
{
    hd_text text = 0;
    if (!hd_text_cache_find(cache, s, &text)) {
        text = hd_pool_intern(pool, s);
        hd_text_cache_tell(cache, pool, text);
    }
    return text;
}

#endif
