#ifndef HD_PIPELINE_BATCH_H
#define HD_PIPELINE_BATCH_H

/* Up to 64 pairs, compared side by side: a condition over two mentions becomes a word with a bit a
 * pair, `and` and `or` become operations on words, equal slots a comparison of two columns. What a
 * level has settled no later one looks at, so a comparator is called for those pairs only that
 * nothing cheaper decides.
 *
 * Where weights and a threshold are given, each pair has a bound: the weight that it can still
 * reach. It begins with the best of all that is known on both sides, falls with each level that
 * does not hold, and is the weight in the end. A pair whose bound is below the threshold is left:
 * so which pairs reach it, and their patterns and weights, are the same as if all had been
 * compared.
 *
 * Cost: of one thread, by bench/pairs. No allocation. One batch a thread. */

#include "base/lanes.h"
#include "pipeline/weights.h"

enum { HD_BATCH_PAIRS = HD_LANES };

/* What a model's weights come to at most; see hd_bounds_make. */
typedef struct hd_bounds {
    const hd_weights *weights;
    int32_t threshold;
    /* the most that a comparison can add: of all its levels, or as missing … */
    int32_t best[HD_COMPARISONS_MAX];
    /* … the most that levels from this one on can add, term frequencies included */
    int32_t best_from[HD_COMPARISONS_MAX][HD_LEVELS_MAX];
} hd_bounds;

void hd_bounds_make(const hd_plan *plan, const hd_weights *weights, int32_t threshold,
                    hd_bounds *out);

/* Pairs of one mention with neighbours in a piece of a block: the rows of b as columns. */
typedef struct hd_batch_columns {
    const uint32_t *slots; /* slot s of lane i at slots[s × stride + i]; readable for all lanes */
    size_t stride;
    /* bits of slot 0, turned: that of need k of lane i is bit at + i of known[k × known_stride …];
     * readable to at + 64 */
    const hd_lanes *known;
    size_t known_stride, at;
    const uint8_t *const *prepared; /* [measure] of lane i at prepared[m] + i × its bytes */
    const uint8_t *const *prepared_a;
} hd_batch_columns;

typedef struct hd_pair_batch {
    const hd_plan *plan;
    hd_env *env;
    const hd_bounds *bounds; /* NULL: none */
    /* in */
    hd_lanes lanes;                  /* that hold a pair */
    const uint32_t *const *row[2];   /* [lane] of a and of b; of empty lanes without columns any */
    const hd_batch_columns *columns; /* NULL: pairs of any mentions */
    /* out */
    hd_pattern pattern[HD_BATCH_PAIRS];
    int32_t weight[HD_BATCH_PAIRS];
    /* scratch */
    int32_t base; /* of all lanes: `weight` is less by so much until the end */
    hd_lanes found[HD_COMPARISONS_MAX][HD_LEVELS_MAX];
    uint8_t n_found[HD_COMPARISONS_MAX]; /* levels that were looked at; the others are not set */
    hd_lanes open[HD_COMPARISONS_MAX];   /* known on both sides, and no level found yet */
    uint32_t *column;                    /* [side][slot][lane] as far as fetched */
    bool *fetched;                       /* [side][slot] */
    struct hd_batch_measure {
        hd_lanes done, result[HD_MEASURE_MOST + 1];
    } * measure; /* [measure] */
} hd_pair_batch;

/* `plan`, `env` and `bounds` (may be NULL) outlive the batch. */
void hd_pair_batch_init(hd_pair_batch *batch, const hd_plan *plan, hd_env *env,
                        const hd_bounds *bounds);
void hd_pair_batch_release(hd_pair_batch *batch);

/* Compare the pairs of `lanes`. Out: the lanes that reach the threshold, with pattern and weight;
 * without `bounds` (NULL) all of them, with pattern only. */
hd_lanes hd_pair_batch_compare(hd_pair_batch *batch);

#endif
