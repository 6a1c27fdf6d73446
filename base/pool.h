#ifndef HD_BASE_POOL_H
#define HD_BASE_POOL_H

/* Interned texts: each distinct text once, named by a number.
 *
 * hd_text 0 is the empty text. Numbers depend on the order in which texts came and on threads, so
 * nothing that is written may depend on them; equal texts of one pool have equal numbers, and that
 * is all. Interning is thread-safe (sharded, one lock a shard); reading is lock-free for any number
 * that the reading thread got from its own call or through a join. Bytes and numbers stay valid
 * until the pool is freed.
 * Cost: 24 bytes a text, which hold one of up to 20 bytes, and its slot; the bytes of a longer one
 * beside them. Past 2^32 texts refused (HD_SPACE exit). Time is spent waiting for memory: of texts
 * that are asked for together the waits overlap. */

#include "base/view.h"

typedef uint32_t hd_text;
typedef struct hd_pool hd_pool;

hd_pool *hd_pool_new(void);
void hd_pool_free(hd_pool *pool);
hd_text hd_pool_intern(hd_pool *pool, hd_str s); /* null and empty: 0 */

/* The same for several texts at once, of any pools: `number` is filled. */
typedef struct hd_pool_ask {
    hd_pool *pool;
    hd_str text;
    hd_text number;
    uint64_t hash; /* scratch of the call */
    bool found;    /* the same */
} hd_pool_ask;
void hd_pool_intern_many(hd_pool_ask *asks, uint32_t n);

/* Begins to fetch what hd_pool_get reads of a text, so that it waits less a few texts later. */
void hd_pool_fetch(const hd_pool *pool, hd_text text);
hd_str hd_pool_get(const hd_pool *pool, hd_text text);
/* Every number handed out so far is below this. Numbers are dense but for the imbalance of shards
 * (limit / texts was 1.04 at 10^5 texts, 1.01 at 10^6), so arrays may be indexed by hd_text;
 * hd_pool_has says whether a number is in use. */
uint32_t hd_pool_limit(const hd_pool *pool);
bool hd_pool_has(const hd_pool *pool, hd_text text);
size_t hd_pool_bytes(const hd_pool *pool);

#endif
