#include "pipeline/analyse/known_matches.h"

#include "base/mem.h"
#include "base/sort.h"
#include "pipeline/pairs.h"

static void add(const hd_plan *plan, hd_mention a, hd_mention b, double weight,
                hd_known_matches *out)
{
    if (a == b || !hd_pair_possible(plan, a, b))
        return;
    HD_GROW(out->pair, out->cap, out->n + 1);
    out->pair[out->n++] = (hd_known_match){a < b ? a : b, a < b ? b : a, weight};
}

void hd_known_from_labels(const hd_plan *plan, const hd_labels *labels, hd_known_matches *out)
{
    *out = (hd_known_matches){0};
    for (uint32_t i = 0; i < labels->n; i++) {
        const hd_label *label = &labels->label[i];
        const hd_label_stratum *stratum = &labels->stratum[label->stratum];
        if (label->decision == HD_DECISION_SAME)
            add(plan, label->a, label->b, stratum->size / stratum->n_decided, out);
    }
}

/* Mentions of one person lie together once sorted by it. */
void hd_known_from_truth(const hd_plan *plan, const hd_truth *truth, hd_known_matches *out)
{
    hd_keyed *item = hd_alloc((truth->n + 1u) * sizeof *item);
    uint32_t n = 0;
    *out = (hd_known_matches){0};
    for (uint32_t i = 0; i < truth->n; i++)
        if (truth->mention[i] != HD_NO_MENTION)
            item[n++] = (hd_keyed){truth->person[i], truth->mention[i]};
    hd_sort_keyed(item, n);
    for (uint32_t i = 0, end; i < n; i = end)
        for (end = i; end < n && item[end].key == item[i].key; end++)
            for (uint32_t k = i; k < end; k++)
                add(plan, item[k].value, item[end].value, 1, out);
    hd_free(item);
}

void hd_known_matches_release(hd_known_matches *known)
{
    hd_free(known->pair);
    *known = (hd_known_matches){0};
}
