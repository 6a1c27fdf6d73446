#ifndef HD_BASE_SORT_H
#define HD_BASE_SORT_H

/* Stable radix sorts by as many of the highest bytes that differ as tell n keys apart, and of the
 * runs that stay together by the rest of them. O(n) time; scratch of the same size as the items is
 * allocated and freed inside. */

#include <endian.h>

#include "base/view.h"

typedef struct hd_keyed {
    uint64_t key;
    uint32_t value;
} __attribute__((packed, aligned(4))) hd_keyed;

void hd_sort_keyed(hd_keyed *items, size_t n); /* by key; equal keys keep their order */
/* The same with scratch of the caller's, room for n, for who sorts again and again. */
void hd_sort_keyed_in(hd_keyed *items, hd_keyed *scratch, size_t n);
void hd_sort_u64(uint64_t *items, size_t n);

/* How many of the first of n sorted items have one key; n > 0. */
static inline size_t hd_keyed_run(const hd_keyed *items, size_t n)
{
    size_t run = 1;
    while (run < n && items[run].key == items[0].key)
        run++;
    return run;
}

/* Numbers 0 … n-1 into `order`, by texts[number] as bytes; equal texts keep their order. The texts
 * hold no NUL. */
void hd_sort_texts(const hd_str *texts, uint32_t n, uint32_t *order);

/* The 8 bytes from `depth` on as a number that orders as they do, with zeros behind the end. */
static inline uint64_t hd_sort_prefix(hd_str text, uint32_t depth)
{
    uint64_t key = 0;
    uint32_t left = text.len_bytes > depth ? text.len_bytes - depth : 0;
    if (left)
        memcpy(&key, text.ptr + depth, left < 8 ? left : 8);
    return be64toh(key);
}

#endif
