#include "pipeline/analyse/given_clusters.h"

#include "base/mem.h"
#include "base/sort.h"

/* of[i] becomes the smallest mention of the same person. */
static void find_roots(const uint32_t *person, uint32_t n, uint32_t *of)
{
    hd_keyed *items = hd_alloc((size_t)n * sizeof *items);
    for (uint32_t i = 0; i < n; i++)
        items[i] = (hd_keyed){person[i], i};
    hd_sort_keyed(items, n); /* stable: a person's first item is its smallest mention */
    for (uint32_t k = 0, first = 0; k < n; k++) {
        if (items[k].key != items[first].key)
            first = k;
        of[items[k].value] = items[first].value;
    }
    hd_free(items);
}

static void fill_members(hd_clusters *out, uint32_t n)
{
    uint32_t *next = hd_alloc_zero((size_t)out->n + 1, sizeof *next);
    for (hd_mention i = 0; i < n; i++)
        out->start[out->of[i] + 1]++;
    for (uint32_t c = 0; c < out->n; c++) {
        out->start[c + 1] += out->start[c];
        next[c] = out->start[c];
    }
    for (hd_mention i = 0; i < n; i++)
        out->member[next[out->of[i]]++] = i;
    hd_free(next);
}

void hd_clusters_given(const uint32_t *person, uint32_t n, hd_clusters *out)
{
    *out = (hd_clusters){0};
    out->of = hd_alloc_mapped(n, sizeof *out->of);
    out->member = hd_alloc_mapped(n, sizeof *out->member);
    out->link = hd_alloc_mapped(n, sizeof *out->link);
    find_roots(person, n, out->of);
    for (hd_mention i = 0; i < n; i++) {
        out->of[i] = out->of[i] == i ? out->n++ : out->of[out->of[i]];
        out->link[i] = (hd_edge){i, i, HD_EDGE_NONE, 0};
    }
    out->start = hd_alloc_mapped((size_t)out->n + 1, sizeof *out->start);
    fill_members(out, n);
}
