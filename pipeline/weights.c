#include "pipeline/weights.h"

#include <math.h>

#include "base/mem.h"

enum { FEW_PATTERNS = 65536 /* their weights, 256 KiB, stay in the second cache */ };

/* Prior and levels of a pattern, without term frequencies. */
static int32_t levels_weight(const hd_plan *plan, const hd_weights *weights, hd_pattern pattern)
{
    int32_t weight = weights->prior;
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        uint32_t radix = plan->comparison[c].n_levels + 1;
        weight += weights->level[c][pattern % radix];
        pattern /= radix;
    }
    return weight;
}

int32_t hd_plan_weight(const hd_plan *plan, const hd_weights *weights, hd_pattern pattern,
                       const uint32_t *row_a, const uint32_t *row_b)
{
    int32_t weight =
        weights->by_pattern ? weights->by_pattern[pattern] : levels_weight(plan, weights, pattern);
    for (uint32_t rest = weights->with_frequency; rest; rest &= rest - 1) {
        uint32_t c = (uint32_t)__builtin_ctz(rest), level = hd_plan_level(plan, pattern, c);
        if (level && weights->frequency[c][level - 1]) {
            int32_t slot = plan->comparison[c].frequency_slot[level - 1];
            weight += hd_weights_frequency(weights, c, level - 1, row_a[slot], row_b[slot]);
        }
    }
    return weight;
}

static int32_t fixed(double bits)
{
    return (int32_t)lround(bits * HD_WEIGHT_ONE);
}

/* Adjustment of each value's weight; a value that the model does not know has the floor. */
static void make_frequencies(const hd_model_comparison *comparison, uint32_t l, hd_weights *out,
                             int32_t **table)
{
    const hd_model_level *level = &comparison->level[l];
    double u = 0;
    for (uint32_t i = 0; i <= l; i++)
        u += comparison->level[i].u;
    *table = hd_alloc((size_t)(out->n_frequency ? out->n_frequency : 1) * sizeof **table);
    int32_t unseen = fixed(log2(u / level->frequency_floor));
    for (uint32_t t = 0; t < out->n_frequency; t++)
        (*table)[t] = unseen;
    for (uint32_t i = 0; i < level->n_terms; i++)
        (*table)[level->terms[i].text] =
            fixed(log2(u / fmax(level->terms[i].frequency, level->frequency_floor)));
}

void hd_weights_make(const hd_plan *plan, const hd_model *model, hd_weights *out)
{
    *out = (hd_weights){.prior = fixed(log2(model->prior / (1 - model->prior))),
                        .n_frequency = hd_pool_limit(plan->ruleset->texts)};
    for (uint32_t c = 0; c < plan->n_comparisons; c++) {
        for (uint32_t l = 0; l < plan->comparison[c].n_levels; l++) {
            const hd_model_level *level = &model->comparison[c].level[l];
            out->level[c][l + 1] = fixed(log2(level->m / level->u));
            if (plan->comparison[c].frequency_slot[l] < 0 || !(level->frequency_floor > 0))
                continue;
            make_frequencies(&model->comparison[c], l, out, &out->frequency[c][l]);
            out->with_frequency |= UINT32_C(1) << c;
        }
    }
    if (plan->n_patterns > FEW_PATTERNS)
        return;
    out->by_pattern = hd_alloc(plan->n_patterns * sizeof *out->by_pattern);
    for (uint32_t p = 0; p < plan->n_patterns; p++)
        out->by_pattern[p] = levels_weight(plan, out, p);
}

void hd_weights_release(hd_weights *weights)
{
    for (uint32_t c = 0; c < HD_COMPARISONS_MAX; c++)
        for (uint32_t l = 0; l < HD_LEVELS_MAX; l++)
            hd_free(weights->frequency[c][l]);
    hd_free(weights->by_pattern);
    *weights = (hd_weights){0};
}
