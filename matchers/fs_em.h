#ifndef HD_MATCHERS_FS_EM_H
#define HD_MATCHERS_FS_EM_H

/* Estimation of the Fellegi–Sunter model by expectation–maximisation over counts of agreement
 * patterns: the cost is in distinct patterns, not pairs. Dempster, Laird, Rubin 1977; Winkler,
 * "Using the EM Algorithm for Weight Computation in the Fellegi–Sunter Model", 1988.
 *
 * Comparisons are taken as independent given match or non-match; a missing comparison says nothing
 * (its factor is 1). Sums run in the order of the patterns given: give them sorted, and the result
 * does not depend on threads. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HD_EM_COMPARISONS_MAX = 24, HD_EM_LEVELS_MAX = 12 };

typedef struct hd_em_data {
    uint32_t n_comparisons;
    uint32_t n_levels[HD_EM_COMPARISONS_MAX];
    size_t n_patterns;
    const uint8_t *levels;  /* [pattern * n_comparisons + c]: level + 1, 0 missing */
    const uint64_t *counts; /* [pattern] pairs */
} hd_em_data;

typedef struct hd_em_model {
    double m[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX];
    double u[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX];
    double lambda; /* share of matches among the pairs of the data */
} hd_em_model;

typedef struct hd_em_options {
    bool use[HD_EM_COMPARISONS_MAX]; /* others take no part: a pass fixes them */
    bool fit_u;                      /* else u is held */
    bool fit_m;                      /* else m is held, and only lambda is fitted */
    uint32_t max_iterations;
    double tolerance;   /* largest change of a probability at which it ends */
    double prior_pairs; /* as if so many matches had been seen that follow the m it starts from: few
                           data do not run away from what is plausible, many do not notice */
} hd_em_options;

/* Where an iteration stood. */
typedef struct hd_em_step {
    double change;         /* largest of a probability, or relative of lambda, that the step made */
    double lambda;         /* after it */
    double log_likelihood; /* of the data before it, natural; by the comparisons in use */
} hd_em_step;

typedef struct hd_em_fitted {
    uint32_t iterations;
    bool converged; /* the change fell below the tolerance */
    hd_em_step last;
    double match[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX]; /* expected matches, of the last step */
    hd_em_step *step; /* the caller's, room for max_iterations; NULL: not asked for */
} hd_em_fitted;

/* Fits `model` in place, from where it stands. `out` may be NULL. */
void hd_em_fit(const hd_em_data *data, const hd_em_options *options, hd_em_model *model,
               hd_em_fitted *out);

/* Probability that a pair with this pattern is a match, by the comparisons in use. */
double hd_em_posterior(const hd_em_data *data, const hd_em_options *options,
                       const hd_em_model *model, const uint8_t *levels);

#endif
