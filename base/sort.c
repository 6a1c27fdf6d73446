#include "base/sort.h"

#include <string.h>

#include "base/mem.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "keys are read as little-endian bytes"
#endif

_Static_assert(sizeof(hd_keyed) == 12 && offsetof(hd_keyed, key) == 0, "the key comes first");

enum {
    KEY_BYTES = sizeof(uint64_t),
    DIGITS = 256,
    FEW = 48 /* items: below, counting costs more than moving */
};

/* One body for both: it is inlined into each with constant sizes, so the copies below become
 * single moves. An item begins with its key. */
#define SPECIALISED static inline __attribute__((always_inline))

static inline uint64_t key_of(const char *item)
{
    uint64_t key;
    memcpy(&key, item, sizeof key);
    return key;
}

SPECIALISED void insertion_sort(char *items, size_t n, size_t item_bytes)
{
    char item[sizeof(hd_keyed)];
    for (size_t i = 1; i < n; i++) {
        memcpy(item, items + i * item_bytes, item_bytes);
        uint64_t key = key_of(item);
        size_t at = i;
        for (; at > 0 && key_of(items + (at - 1) * item_bytes) > key; at--)
            memcpy(items + at * item_bytes, items + (at - 1) * item_bytes, item_bytes);
        memcpy(items + at * item_bytes, item, item_bytes);
    }
}

/* Move items from `from` to `to` in the order of one digit; `counts` becomes the places. */
SPECIALISED void scatter(const char *from, char *to, size_t n, size_t item_bytes, unsigned shift,
                         size_t counts[DIGITS])
{
    size_t place = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
        size_t count = counts[digit];
        counts[digit] = place;
        place += count;
    }
    for (size_t i = 0; i < n; i++) {
        const char *item = from + i * item_bytes;
        size_t at = counts[key_of(item) >> shift & (DIGITS - 1)]++;
        memcpy(to + at * item_bytes, item, item_bytes);
    }
}

/* Places of `shift` of the bytes in which keys differ, the highest first; returns how many. */
SPECIALISED unsigned differing(const char *items, size_t n, size_t item_bytes,
                               size_t counts[KEY_BYTES][DIGITS], unsigned shifts[KEY_BYTES])
{
    unsigned n_differing = 0;
    uint64_t first = key_of(items);
    memset(counts, 0, KEY_BYTES * sizeof *counts);
    for (size_t i = 0; i < n; i++) {
        uint64_t key = key_of(items + i * item_bytes);
        for (unsigned byte = 0; byte < KEY_BYTES; byte++)
            counts[byte][key >> byte * 8 & (DIGITS - 1)]++;
    }
    for (unsigned byte = KEY_BYTES; byte-- > 0;)
        if (counts[byte][first >> byte * 8 & (DIGITS - 1)] != n)
            shifts[n_differing++] = byte * 8;
    return n_differing;
}

/* So many of the highest bytes as tell most of n keys apart, if they are like random ones. */
static unsigned bytes_enough(size_t n, unsigned n_differing)
{
    unsigned n_bytes = 1;
    while (n_bytes < n_differing && n * 4 >> n_bytes * 8)
        n_bytes++;
    return n_bytes;
}

/* By the highest bytes that differ, so many as are enough; returns the place of the last of them.
 */
SPECIALISED unsigned sort_coarsely(char *items, char *scratch, size_t n, size_t item_bytes)
{
    size_t counts[KEY_BYTES][DIGITS];
    unsigned shifts[KEY_BYTES];
    unsigned n_differing = differing(items, n, item_bytes, counts, shifts);
    unsigned n_bytes = n_differing ? bytes_enough(n, n_differing) : 0;
    char *from = items, *to = scratch;
    for (unsigned i = n_bytes; i-- > 0;) {
        scatter(from, to, n, item_bytes, shifts[i], counts[shifts[i] / 8]);
        char *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, n * item_bytes);
    return n_bytes < n_differing ? shifts[n_bytes - 1] : 0;
}

typedef void sort_run(char *items, char *scratch, size_t n);

/* Keys are mostly told apart by a few bytes: runs of those that are not are sorted by themselves,
 * in the caches. `again`: this very function for items of this kind. */
SPECIALISED void radix_sort(char *items, char *scratch, size_t n, size_t item_bytes,
                            sort_run *again)
{
    if (n <= FEW) {
        insertion_sort(items, n, item_bytes);
        return;
    }
    unsigned shift = sort_coarsely(items, scratch, n, item_bytes);
    for (size_t i = 0, end; shift && i < n; i = end) {
        uint64_t key = key_of(items + i * item_bytes), any = 0, next = 0;
        for (end = i + 1; end < n; end++) {
            next = key_of(items + end * item_bytes) ^ key;
            if (next >> shift)
                break;
            any |= next;
        }
        if (any)
            again(items + i * item_bytes, scratch, end - i);
    }
}

static void sort_keyed(char *items, char *scratch, size_t n)
{
    radix_sort(items, scratch, n, sizeof(hd_keyed), sort_keyed);
}

static void sort_u64(char *items, char *scratch, size_t n)
{
    radix_sort(items, scratch, n, sizeof(uint64_t), sort_u64);
}

static void with_scratch(sort_run *sort, void *items, size_t n, size_t item_bytes)
{
    char *scratch = n > FEW ? hd_alloc(n * item_bytes) : NULL;
    sort(items, scratch, n);
    hd_free(scratch);
}

void hd_sort_keyed(hd_keyed *items, size_t n)
{
    with_scratch(sort_keyed, items, n, sizeof *items);
}

void hd_sort_keyed_in(hd_keyed *items, hd_keyed *scratch, size_t n)
{
    sort_keyed((char *)items, (char *)scratch, n);
}

void hd_sort_u64(uint64_t *items, size_t n)
{
    with_scratch(sort_u64, items, n, sizeof *items);
}
