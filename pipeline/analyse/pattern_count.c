#include "pipeline/analyse/pattern_count.h"

#include "base/mem.h"
#include "base/sort.h"

static void grow(hd_pattern_counts *counts)
{
    hd_pattern_counts larger = {.n_slots = counts->n_slots ? counts->n_slots * 2 : 1024};
    larger.pattern = hd_alloc_zero(larger.n_slots, sizeof *larger.pattern);
    larger.count = hd_alloc_zero(larger.n_slots, sizeof *larger.count);
    hd_pattern_merge(&larger, counts);
    hd_pattern_release(counts);
    *counts = larger;
}

void hd_pattern_add(hd_pattern_counts *counts, hd_pattern pattern, uint64_t n)
{
    if (counts->n * 2 >= counts->n_slots)
        grow(counts);
    size_t mask = counts->n_slots - 1;
    size_t slot = (pattern * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
    while (counts->count[slot] && counts->pattern[slot] != pattern)
        slot = (slot + 1) & mask;
    if (!counts->count[slot]) {
        counts->pattern[slot] = pattern;
        counts->n++;
    }
    counts->count[slot] += n;
}

void hd_pattern_merge(hd_pattern_counts *into, const hd_pattern_counts *from)
{
    for (size_t i = 0; i < from->n_slots; i++)
        if (from->count[i])
            hd_pattern_add(into, from->pattern[i], from->count[i]);
}

void hd_pattern_sort(hd_pattern_counts *counts)
{
    hd_keyed *order = hd_alloc((counts->n + 1) * sizeof *order);
    uint64_t *count = hd_alloc((counts->n + 1) * sizeof *count);
    size_t n = 0;
    for (size_t i = 0; i < counts->n_slots; i++)
        if (counts->count[i])
            order[n++] = (hd_keyed){counts->pattern[i], (uint32_t)i};
    hd_sort_keyed(order, n);
    for (size_t i = 0; i < n; i++)
        count[i] = counts->count[order[i].value];
    for (size_t i = 0; i < n; i++)
        counts->pattern[i] = order[i].key;
    hd_free(counts->count);
    hd_free(order);
    counts->count = count;
    counts->n_slots = n;
}

void hd_pattern_release(hd_pattern_counts *counts)
{
    hd_free(counts->pattern);
    hd_free(counts->count);
    *counts = (hd_pattern_counts){0};
}
