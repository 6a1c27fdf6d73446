#ifndef HD_ANALYSE_PATTERN_COUNT_H
#define HD_ANALYSE_PATTERN_COUNT_H

/* How many pairs have each agreement pattern. Open addressing; sorted on request, so that what is
 * computed from it does not depend on the order of counting. Zero-initialise to start empty. */

#include "pipeline/plan.h"

typedef struct hd_pattern_counts {
    hd_pattern *pattern; /* slots */
    uint64_t *count;     /* 0: free slot */
    size_t n, n_slots;   /* n_slots: 0 or a power of two */
} hd_pattern_counts;

void hd_pattern_add(hd_pattern_counts *counts, hd_pattern pattern, uint64_t n);
void hd_pattern_merge(hd_pattern_counts *into, const hd_pattern_counts *from);
/* After this the first n slots are by pattern, rising, and nothing may be added. */
void hd_pattern_sort(hd_pattern_counts *counts);
void hd_pattern_release(hd_pattern_counts *counts);

#endif
