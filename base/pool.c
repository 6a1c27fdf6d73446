#include "base/pool.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/mem.h"
#include "hedui/status.h"

/* A number is (index within the shard) << 6 | shard. Entries lie in pages that never move, and a
 * page's pointer is written before a number in it is handed out, so reading takes no lock. */
enum {
    SHARD_BITS = 6,
    N_SHARDS = 1 << SHARD_BITS,
    PAGE_BITS = 12,
    PAGE_ENTRIES = 1 << PAGE_BITS,
    N_PAGES = 1 << (32 - SHARD_BITS - PAGE_BITS),
    /* One less than the number allows, so that hd_pool_limit fits its 32 bits. */
    SHARD_ENTRIES_MAX = (1 << (32 - SHARD_BITS)) - 1,
    SLOTS_MIN = 256,
    SHORT_BYTES = 20,     /* names, dates and ID numbers are not longer */
    BLOCK_BYTES = 8 << 10 /* texts are packed in blocks: an arena alone would round each to 16 */
};

/* A short text stands in its entry, so that comparing it is no second wait for memory. */
typedef struct entry {
    uint32_t len_bytes;
    char bytes[SHORT_BYTES]; /* of a longer text: its address */
} entry;

/* The tag is the low half of the text's hash: it places the slot, so that growing reads no text,
 * and turns away nearly every other text without touching its entry. */
typedef struct slot {
    uint32_t tag;
    uint32_t index_plus_1; /* 0: free */
} slot;

/* `slots` and `mask` are atomic for the one who fetches ahead without the lock. */
typedef struct shard {
    pthread_mutex_t lock;
    slot *_Atomic slots;
    atomic_uint mask; /* number of slots - 1 */
    atomic_uint n_entries;
    char *block_next, *block_end;
    hd_arena arena;
    atomic_size_t bytes;
} shard;

struct hd_pool {
    shard shards[N_SHARDS];
    entry *pages[N_SHARDS][N_PAGES]; /* 8 MiB of addresses; the kernel gives what is touched */
};

static void count_bytes(shard *sh, size_t more, size_t less)
{
    size_t bytes = atomic_load_explicit(&sh->bytes, memory_order_relaxed);
    atomic_store_explicit(&sh->bytes, bytes + more - less, memory_order_relaxed);
}

/* ---- entries ---- */

static const entry *entry_of(const hd_pool *pool, hd_text text)
{
    uint32_t index = text >> SHARD_BITS;
    return &pool->pages[text & (N_SHARDS - 1)][index >> PAGE_BITS][index & (PAGE_ENTRIES - 1)];
}

static hd_str text_of(const entry *e)
{
    const char *ptr = e->bytes;
    if (e->len_bytes > SHORT_BYTES)
        memcpy(&ptr, e->bytes, sizeof ptr);
    return (hd_str){ptr, e->len_bytes};
}

static const char *keep_bytes(shard *sh, hd_str s)
{
    if (s.len_bytes > (size_t)(sh->block_end - sh->block_next)) {
        bool own = s.len_bytes > BLOCK_BYTES / 8;
        size_t size_bytes = own ? s.len_bytes : BLOCK_BYTES;
        char *block = hd_arena_alloc(&sh->arena, size_bytes);
        count_bytes(sh, size_bytes, 0);
        if (own)
            return memcpy(block, s.ptr, s.len_bytes);
        sh->block_next = block;
        sh->block_end = block + BLOCK_BYTES;
    }
    char *ptr = memcpy(sh->block_next, s.ptr, s.len_bytes);
    sh->block_next += s.len_bytes;
    return ptr;
}

static void add_entry(hd_pool *pool, uint32_t shard_idx, uint32_t index, hd_str s)
{
    shard *sh = &pool->shards[shard_idx];
    entry **page = &pool->pages[shard_idx][index >> PAGE_BITS];
    if (!*page) {
        *page = hd_alloc(PAGE_ENTRIES * sizeof **page);
        count_bytes(sh, PAGE_ENTRIES * sizeof **page, 0);
    }
    entry *e = &(*page)[index & (PAGE_ENTRIES - 1)];
    e->len_bytes = s.len_bytes;
    if (s.len_bytes > SHORT_BYTES) {
        const char *kept = keep_bytes(sh, s);
        memcpy(e->bytes, &kept, sizeof kept);
    } else {
        memcpy(e->bytes, s.ptr, s.len_bytes);
    }
    atomic_store_explicit(&sh->n_entries, index + 1, memory_order_release);
}

/* ---- slots; the lock is held ---- */

static void set_slots(shard *sh, slot *slots, uint32_t mask)
{
    atomic_store_explicit(&sh->slots, slots, memory_order_relaxed);
    atomic_store_explicit(&sh->mask, mask, memory_order_relaxed);
}

static slot *slots_of(shard *sh, uint32_t *mask)
{
    *mask = atomic_load_explicit(&sh->mask, memory_order_relaxed);
    return atomic_load_explicit(&sh->slots, memory_order_relaxed);
}

static void grow_slots(shard *sh)
{
    uint32_t mask;
    slot *old = slots_of(sh, &mask);
    uint32_t n_old = mask + 1;
    mask = n_old * 2 - 1;
    slot *slots = hd_alloc_zero((size_t)mask + 1, sizeof *slots);
    for (uint32_t i = 0; i < n_old; i++) {
        if (!old[i].index_plus_1)
            continue;
        uint32_t at = old[i].tag & mask;
        while (slots[at].index_plus_1)
            at = (at + 1) & mask;
        slots[at] = old[i];
    }
    hd_free(old);
    count_bytes(sh, ((size_t)mask + 1) * sizeof *slots, n_old * sizeof *slots);
    set_slots(sh, slots, mask);
}

static uint32_t add_text(hd_pool *pool, uint32_t shard_idx, slot *free_slot, uint32_t tag, hd_str s)
{
    shard *sh = &pool->shards[shard_idx];
    uint32_t index = atomic_load_explicit(&sh->n_entries, memory_order_relaxed), mask;
    if (index == SHARD_ENTRIES_MAX)
        hd_mem_exhausted("more than 2^32 distinct texts");
    add_entry(pool, shard_idx, index, s);
    *free_slot = (slot){tag, index + 1};
    slots_of(sh, &mask);
    if ((uint64_t)(index + 1) * 10 > ((uint64_t)mask + 1) * 7)
        grow_slots(sh);
    return index << SHARD_BITS | shard_idx;
}

/* ---- interning ---- */

static uint32_t shard_of(uint64_t hash)
{
    return (uint32_t)(hash >> (64 - SHARD_BITS));
}

/* Number of the first text of this tag, which hardly ever is another one; where there is none, the
 * text is added: `*found` false. Reads no entry, so the lock is held for no longer than a look at
 * the slots. */
static hd_text find_or_add(hd_pool *pool, hd_str s, uint64_t hash, bool *found)
{
    uint32_t shard_idx = shard_of(hash), tag = (uint32_t)hash, mask;
    shard *sh = &pool->shards[shard_idx];
    pthread_mutex_lock(&sh->lock);
    slot *slots = slots_of(sh, &mask);
    uint32_t at = tag & mask;
    while (slots[at].index_plus_1 && slots[at].tag != tag)
        at = (at + 1) & mask;
    *found = slots[at].index_plus_1 != 0;
    hd_text text = *found ? (slots[at].index_plus_1 - 1) << SHARD_BITS | shard_idx
                          : add_text(pool, shard_idx, &slots[at], tag, s);
    pthread_mutex_unlock(&sh->lock);
    return text;
}

/* The same where the first text of this tag is another one. */
static hd_text find_or_add_behind(hd_pool *pool, hd_str s, uint64_t hash)
{
    uint32_t shard_idx = shard_of(hash), tag = (uint32_t)hash, mask;
    shard *sh = &pool->shards[shard_idx];
    hd_text text = 0;
    pthread_mutex_lock(&sh->lock);
    slot *slots = slots_of(sh, &mask);
    uint32_t at = tag & mask;
    for (; slots[at].index_plus_1 && !text; at = (at + 1) & mask) {
        hd_text this = (slots[at].index_plus_1 - 1) << SHARD_BITS | shard_idx;
        if (slots[at].tag == tag && hd_str_eq(text_of(entry_of(pool, this)), s))
            text = this;
    }
    if (!text)
        text = add_text(pool, shard_idx, &slots[at], tag, s);
    pthread_mutex_unlock(&sh->lock);
    return text;
}

static hd_text settle(hd_pool *pool, hd_str s, uint64_t hash, hd_text first)
{
    return hd_str_eq(text_of(entry_of(pool, first)), s) ? first : find_or_add_behind(pool, s, hash);
}

hd_text hd_pool_intern(hd_pool *pool, hd_str s)
{
    if (s.len_bytes == 0)
        return 0;
    bool found;
    uint64_t hash = hd_hash64(s.ptr, s.len_bytes, 0);
    hd_text first = find_or_add(pool, s, hash, &found);
    return found ? settle(pool, s, hash, first) : first;
}

/* What lies at an address that was true a moment ago may be gone, which does no harm here. */
static void fetch_slot(hd_pool *pool, uint64_t hash)
{
    uint32_t mask;
    slot *slots = slots_of(&pool->shards[shard_of(hash)], &mask);
    __builtin_prefetch(slots + ((uint32_t)hash & mask));
}

void hd_pool_intern_many(hd_pool_ask *asks, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        asks[i].hash = hd_hash64(asks[i].text.ptr, asks[i].text.len_bytes, 0);
        fetch_slot(asks[i].pool, asks[i].hash);
    }
    for (uint32_t i = 0; i < n; i++) {
        hd_pool_ask *ask = &asks[i];
        if (ask->text.len_bytes == 0) {
            ask->number = 0;
            ask->found = false;
            continue;
        }
        ask->number = find_or_add(ask->pool, ask->text, ask->hash, &ask->found);
        __builtin_prefetch(entry_of(ask->pool, ask->number));
    }
    for (uint32_t i = 0; i < n; i++) {
        hd_pool_ask *ask = &asks[i];
        if (ask->found)
            ask->number = settle(ask->pool, ask->text, ask->hash, ask->number);
    }
}

/* ---- the pool ---- */

hd_pool *hd_pool_new(void)
{
    hd_pool *pool = hd_alloc_zero(1, sizeof *pool);
    for (uint32_t i = 0; i < N_SHARDS; i++) {
        shard *sh = &pool->shards[i];
        int rc = pthread_mutex_init(&sh->lock, NULL);
        HD_ASSERT(rc == 0);
        set_slots(sh, hd_alloc_zero(SLOTS_MIN, sizeof(slot)), SLOTS_MIN - 1);
        count_bytes(sh, SLOTS_MIN * sizeof(slot), 0);
    }
    add_entry(pool, 0, 0, HD_STR("")); /* number 0; in no slot, hd_pool_intern does not look */
    return pool;
}

void hd_pool_free(hd_pool *pool)
{
    if (!pool)
        return;
    for (uint32_t i = 0; i < N_SHARDS; i++) {
        shard *sh = &pool->shards[i];
        for (uint32_t page = 0; page < N_PAGES && pool->pages[i][page]; page++)
            hd_free(pool->pages[i][page]);
        hd_free(sh->slots);
        hd_arena_release(&sh->arena);
        pthread_mutex_destroy(&sh->lock);
    }
    hd_free(pool);
}

void hd_pool_fetch(const hd_pool *pool, hd_text text)
{
    __builtin_prefetch(entry_of(pool, text));
}

hd_str hd_pool_get(const hd_pool *pool, hd_text text)
{
    return text_of(entry_of(pool, text));
}

uint32_t hd_pool_limit(const hd_pool *pool)
{
    uint32_t limit = 0;
    for (uint32_t i = 0; i < N_SHARDS; i++) {
        uint32_t n = atomic_load_explicit(&pool->shards[i].n_entries, memory_order_acquire);
        uint32_t above = n ? ((n - 1) << SHARD_BITS | i) + 1 : 0;
        if (above > limit)
            limit = above;
    }
    return limit;
}

bool hd_pool_has(const hd_pool *pool, hd_text text)
{
    const shard *sh = &pool->shards[text & (N_SHARDS - 1)];
    return text >> SHARD_BITS < atomic_load_explicit(&sh->n_entries, memory_order_acquire);
}

/* Neither the table of pages nor what arenas hold in store is counted: until it is touched, that is
 * addresses, not memory. */
size_t hd_pool_bytes(const hd_pool *pool)
{
    size_t total = sizeof pool->shards;
    for (uint32_t i = 0; i < N_SHARDS; i++)
        total += atomic_load_explicit(&pool->shards[i].bytes, memory_order_relaxed);
    return total;
}
