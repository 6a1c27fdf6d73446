#ifndef HD_BASE_SORT_H
#define HD_BASE_SORT_H

/* Stable radix sorts by as many of the highest bytes that differ as tell n keys apart, and of the
 * runs that stay together by the rest of them. O(n) time; scratch of the same size as the items is
 * allocated and freed inside. */

#include <stddef.h>
#include <stdint.h>

typedef struct hd_keyed {
    uint64_t key;
    uint32_t value;
} __attribute__((packed, aligned(4))) hd_keyed;

void hd_sort_keyed(hd_keyed *items, size_t n); /* by key; equal keys keep their order */
/* The same with scratch of the caller's, room for n, for who sorts again and again. */
void hd_sort_keyed_in(hd_keyed *items, hd_keyed *scratch, size_t n);
void hd_sort_u64(uint64_t *items, size_t n);

#endif
