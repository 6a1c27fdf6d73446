#include "base/sort.h"

#include <string.h>

#include "base/mem.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "keys are read as little-endian bytes"
#endif

_Static_assert(sizeof(hd_keyed) == 12 && offsetof(hd_keyed, key) == 0, "the key comes first");

enum { DIGITS = 256, FEW = 48 /* items: below, counting costs more than moving */ };

/* One body for all three: it is inlined into each with constant sizes, so the copies below become
 * single moves. An item begins with its key. */
#define SPECIALISED static inline __attribute__((always_inline))

SPECIALISED uint64_t key_of(const char *item, unsigned key_bytes)
{
    uint64_t key = 0;
    memcpy(&key, item, key_bytes);
    return key;
}

SPECIALISED void insertion_sort(char *items, size_t n, size_t item_bytes, unsigned key_bytes)
{
    char item[sizeof(hd_keyed)];
    for (size_t i = 1; i < n; i++) {
        memcpy(item, items + i * item_bytes, item_bytes);
        uint64_t key = key_of(item, key_bytes);
        size_t at = i;
        for (; at > 0 && key_of(items + (at - 1) * item_bytes, key_bytes) > key; at--)
            memcpy(items + at * item_bytes, items + (at - 1) * item_bytes, item_bytes);
        memcpy(items + at * item_bytes, item, item_bytes);
    }
}

/* Move items from `from` to `to` in the order of one digit; `counts` becomes the places. */
SPECIALISED void scatter(const char *from, char *to, size_t n, size_t item_bytes,
                         unsigned key_bytes, unsigned shift, size_t counts[DIGITS])
{
    size_t place = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
        size_t count = counts[digit];
        counts[digit] = place;
        place += count;
    }
    for (size_t i = 0; i < n; i++) {
        const char *item = from + i * item_bytes;
        size_t at = counts[key_of(item, key_bytes) >> shift & (DIGITS - 1)]++;
        memcpy(to + at * item_bytes, item, item_bytes);
    }
}

SPECIALISED void radix_sort(char *items, size_t n, size_t item_bytes, unsigned key_bytes)
{
    if (n <= FEW) {
        insertion_sort(items, n, item_bytes, key_bytes);
        return;
    }
    size_t counts[8][DIGITS] = {{0}};
    for (size_t i = 0; i < n; i++) {
        uint64_t key = key_of(items + i * item_bytes, key_bytes);
        for (unsigned byte = 0; byte < key_bytes; byte++)
            counts[byte][key >> byte * 8 & (DIGITS - 1)]++;
    }
    char *scratch = NULL, *from = items, *to = NULL;
    for (unsigned byte = 0; byte < key_bytes; byte++) {
        uint64_t any = key_of(items, key_bytes) >> byte * 8 & (DIGITS - 1);
        if (counts[byte][any] == n)
            continue;
        if (!scratch)
            to = scratch = hd_alloc(n * item_bytes);
        scatter(from, to, n, item_bytes, key_bytes, byte * 8, counts[byte]);
        char *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, n * item_bytes);
    hd_free(scratch);
}

void hd_sort_keyed(hd_keyed *items, size_t n)
{
    radix_sort((char *)items, n, sizeof *items, sizeof items->key);
}

void hd_sort_u64(uint64_t *items, size_t n)
{
    radix_sort((char *)items, n, sizeof *items, sizeof *items);
}

void hd_sort_u32(uint32_t *items, size_t n)
{
    radix_sort((char *)items, n, sizeof *items, sizeof *items);
}
