#include "pipeline/analyse/terms.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
    LEAST_COUNT = 12, /* a name that fewer mentions share is not written into a model */
    FLOOR_COUNT = 4   /* about one person's mentions */
};

static uint32_t *count_texts(const hd_plan *plan, int32_t slot, uint32_t limit, uint32_t *n_known)
{
    uint32_t *count = hd_alloc_zero(limit + 1u, sizeof *count);
    *n_known = 0;
    for (hd_mention i = 0; i < plan->mentions->n; i++) {
        uint32_t text = hd_plan_row(plan, i)[slot];
        if (text < limit) {
            count[text]++;
            ++*n_known;
        }
    }
    return count;
}

void hd_terms_count(const hd_plan *plan, uint32_t comparison, double u, hd_model *model)
{
    hd_model_comparison *out = &model->comparison[comparison];
    uint32_t limit = hd_pool_limit(plan->ruleset->texts), n_known;
    uint32_t *count =
        count_texts(plan, plan->comparison[comparison].frequency_slot, limit, &n_known);
    for (uint32_t text = 0; text < limit; text++)
        out->n_terms += count[text] >= LEAST_COUNT;
    out->terms = HD_NEW_N(&model->arena, hd_term, out->n_terms + 1u);
    out->n_terms = 0;
    for (uint32_t text = 0; text < limit; text++)
        if (count[text] >= LEAST_COUNT)
            out->terms[out->n_terms++] = (hd_term){text, (double)count[text] / n_known};
    /* what few share is no commoner than what two at random agree on: that bounds it in few data */
    out->frequency_floor = fmin((double)FLOOR_COUNT / (n_known + 1.0), u);
    hd_free(count);
}
