#include "pipeline/analyse/partition.h"

#include "base/mem.h"
#include "base/sort.h"

/* What is counted of each part of one partition. */
typedef struct parts {
    uint32_t *size; /* [part] items */
    uint32_t *best; /* [part] items of the largest overlap with one part of the other */
    uint32_t *n;    /* [part] parts of the other that it overlaps */
    uint32_t limit;
} parts;

static void open_parts(parts *p, const uint32_t *of, size_t n)
{
    *p = (parts){0};
    for (size_t i = 0; i < n; i++)
        p->limit = of[i] >= p->limit ? of[i] + 1 : p->limit;
    p->size = hd_alloc_zero((size_t)p->limit + 1, sizeof *p->size);
    p->best = hd_alloc_zero((size_t)p->limit + 1, sizeof *p->best);
    p->n = hd_alloc_zero((size_t)p->limit + 1, sizeof *p->n);
    for (size_t i = 0; i < n; i++)
        p->size[of[i]]++;
}

static void release_parts(parts *p)
{
    hd_free(p->size);
    hd_free(p->best);
    hd_free(p->n);
}

static uint64_t pairs_of(uint64_t n)
{
    return n ? n * (n - 1) / 2 : 0;
}

hd_accuracy hd_accuracy_of(double right_of_found, double found, double right_of_true,
                           double all_true)
{
    hd_accuracy m = {found > 0 ? right_of_found / found : 1,
                     all_true > 0 ? right_of_true / all_true : 1, 0};
    m.f1 = m.precision + m.recall > 0 ? 2 * m.precision * m.recall / (m.precision + m.recall) : 0;
    return m;
}

static void take_overlap(parts *side, uint32_t part, uint32_t size)
{
    side->n[part]++;
    side->best[part] = size > side->best[part] ? size : side->best[part];
}

/* Counts of parts, and the pairs inside them. */
static uint64_t sum_parts(const parts *p, uint64_t counts[HD_PARTS_MAX + 1], uint64_t *n_parts,
                          uint64_t *n_several, uint64_t *n_best)
{
    uint64_t n_pairs = 0;
    for (uint32_t i = 0; i < p->limit; i++) {
        if (!p->size[i])
            continue;
        n_pairs += pairs_of(p->size[i]);
        *n_best += p->best[i];
        counts[p->n[i] < HD_PARTS_MAX ? p->n[i] : HD_PARTS_MAX]++;
        (*n_parts)++;
        *n_several += p->n[i] > 1;
    }
    return n_pairs;
}

/* Sums over items, part of an overlap by part, in the order of the overlaps. */
typedef struct item_sums {
    double precision, recall; /* B-cubed */
} item_sums;

static void write_sizes(const hd_keyed *item, size_t n, uint32_t size, uint32_t of_truth,
                        uint32_t of_found, uint32_t *const out[3])
{
    const uint32_t value[3] = {size, of_truth, of_found};
    for (int k = 0; k < 3; k++)
        for (size_t i = 0; out[k] && i < n; i++)
            out[k][item[i].value] = value[k];
}

/* Items that share both parts lie together once sorted by both. */
static void walk_overlaps(hd_keyed *item, size_t n, parts *truth, parts *found,
                          uint32_t *const sizes[3], item_sums *sums, hd_partition_measures *out)
{
    hd_sort_keyed(item, n);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && item[end].key == item[i].key; end++)
            continue;
        uint32_t t = (uint32_t)(item[i].key >> 32), f = (uint32_t)item[i].key;
        uint32_t size = (uint32_t)(end - i), of_truth = truth->size[t], of_found = found->size[f];
        take_overlap(truth, t, size);
        take_overlap(found, f, size);
        out->right_pairs += pairs_of(size);
        out->n_exact += size == of_truth && size == of_found;
        sums->precision += (double)size * size / of_found;
        sums->recall += (double)size * size / of_truth;
        write_sizes(item + i, end - i, size, of_truth, of_found, sizes);
    }
}

void hd_partition_compare(const uint32_t *truth, const uint32_t *found, size_t n, uint32_t *both,
                          uint32_t *of_truth, uint32_t *of_found, hd_partition_measures *out)
{
    parts by_truth, by_found;
    item_sums sums = {0};
    uint64_t best_truth = 0, best_found = 0;
    *out = (hd_partition_measures){.n_items = n};
    open_parts(&by_truth, truth, n);
    open_parts(&by_found, found, n);
    hd_keyed *item = hd_alloc((n + 1) * sizeof *item);
    for (size_t i = 0; i < n; i++)
        item[i] = (hd_keyed){(uint64_t)truth[i] << 32 | found[i], (uint32_t)i};
    walk_overlaps(item, n, &by_truth, &by_found, (uint32_t *[3]){both, of_truth, of_found}, &sums,
                  out);
    hd_free(item);
    out->true_pairs = sum_parts(&by_truth, out->split, &out->n_true, &out->n_split, &best_truth);
    out->found_pairs =
        sum_parts(&by_found, out->merged, &out->n_found, &out->n_merged, &best_found);
    release_parts(&by_truth);
    release_parts(&by_found);
    double right = (double)out->right_pairs, all = (double)n;
    out->pairwise = hd_accuracy_of(right, (double)out->found_pairs, right, (double)out->true_pairs);
    out->bcubed = hd_accuracy_of(sums.precision, all, sums.recall, all);
    out->purity = hd_accuracy_of((double)best_found, all, (double)best_truth, all);
}
