#ifndef HD_PIPELINE_WEIGHTS_H
#define HD_PIPELINE_WEIGHTS_H

/* What a model's probabilities weigh, by the levels of a plan: whole numbers, so that sums are the
 * same in any order. */

#include "pipeline/model.h"
#include "pipeline/plan.h"

/* Weights of a model for a plan, in 1/1024 bit. */
typedef struct hd_weights {
    int32_t prior;
    int32_t level[HD_COMPARISONS_MAX][HD_LEVELS_MAX + 1]; /* [0]: missing, weighs 0 */
    int32_t *by_pattern; /* prior and levels summed, where patterns are few; else NULL */
    /* by comparison, level, computed value: see hd_weights_make; NULL: none */
    int32_t *frequency[HD_COMPARISONS_MAX][HD_LEVELS_MAX];
    uint32_t n_frequency;    /* values of each */
    uint32_t with_frequency; /* comparisons that have any, a bit each */
} hd_weights;

/* Convert once from probabilities; term frequency adjustments become a table by hd_text.
 *
 * A level's u is how often two at random come to it. Where they have one value, of frequency f,
 * they come to it, or to a finer level before it, as often as f, instead of as often as all these
 * levels' u. So the weight of the level is adjusted by log2(sum of u up to it / f): for "same" of
 * names f is the name's frequency, for "same_sound" that of its sound. */
void hd_weights_make(const hd_plan *plan, const hd_model *model, hd_weights *out);
void hd_weights_release(hd_weights *weights);

/* Adjustment of a level that has frequencies, by the values in its frequency slot. The rarer of the
 * two where a fuzzy level lets them differ would claim too much. */
static inline int32_t hd_weights_frequency(const hd_weights *weights, uint32_t comparison,
                                           uint32_t level, uint32_t x, uint32_t y)
{
    const int32_t *adjustment = weights->frequency[comparison][level];
    int32_t fx = x < weights->n_frequency ? adjustment[x] : 0;
    int32_t fy = y < weights->n_frequency ? adjustment[y] : 0;
    return fx < fy ? fx : fy;
}

/* Weight of a pattern, its pair's term frequencies and the prior included. */
int32_t hd_plan_weight(const hd_plan *plan, const hd_weights *weights, hd_pattern pattern,
                       const uint32_t *row_a, const uint32_t *row_b);

static inline double hd_weight_probability(int32_t weight)
{
    return 1.0 / (1.0 + __builtin_exp2(-(double)weight / HD_WEIGHT_ONE));
}

#endif
