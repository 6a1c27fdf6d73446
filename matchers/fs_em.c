#include "matchers/fs_em.h"

#include <math.h>
#include <string.h>

/* No probability is 0 or 1: one pair that was not foreseen must not decide alone. */
static const double LEAST = 1e-9;

double hd_em_posterior(const hd_em_data *data, const hd_em_options *options,
                       const hd_em_model *model, const uint8_t *levels)
{
    double match = model->lambda, other = 1 - model->lambda;
    for (uint32_t c = 0; c < data->n_comparisons; c++) {
        if (!options->use[c] || levels[c] == 0)
            continue;
        match *= model->m[c][levels[c] - 1];
        other *= model->u[c][levels[c] - 1];
    }
    return match + other > 0 ? match / (match + other) : 0;
}

/* Shares of the levels, with `added` pairs of the given shares and half a pair for each level, so
 * that none is impossible. Returns the largest change. */
static double set_shares(double *probability, const double *sum, uint32_t n_levels, double added,
                         const double *shares)
{
    double total = 0, change = 0;
    for (uint32_t l = 0; l < n_levels; l++)
        total += sum[l] + 0.5 + added * shares[l];
    for (uint32_t l = 0; l < n_levels; l++) {
        double p = (sum[l] + 0.5 + added * shares[l]) / total;
        p = fmin(fmax(p, LEAST), 1 - LEAST);
        change = fmax(change, fabs(p - probability[l]));
        probability[l] = p;
    }
    return change;
}

typedef struct sums {
    double match[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX];
    double other[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX];
    double matches, pairs;
} sums;

static void expect(const hd_em_data *data, const hd_em_options *options, const hd_em_model *model,
                   sums *s)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < data->n_patterns; i++) {
        const uint8_t *levels = data->levels + i * data->n_comparisons;
        double n = (double)data->counts[i];
        double match = n * hd_em_posterior(data, options, model, levels);
        s->matches += match;
        s->pairs += n;
        for (uint32_t c = 0; c < data->n_comparisons; c++) {
            if (levels[c] == 0)
                continue;
            s->match[c][levels[c] - 1] += match;
            s->other[c][levels[c] - 1] += n - match;
        }
    }
}

static double maximise(const hd_em_data *data, const hd_em_options *options, const sums *s,
                       const hd_em_model *start, hd_em_model *model)
{
    double lambda = s->pairs > 0 ? s->matches / s->pairs : model->lambda;
    lambda = fmin(fmax(lambda, LEAST), 1 - LEAST);
    double change = fabs(lambda - model->lambda) / lambda;
    model->lambda = lambda;
    for (uint32_t c = 0; c < data->n_comparisons; c++) {
        if (!options->use[c])
            continue;
        if (options->fit_m)
            change = fmax(change, set_shares(model->m[c], s->match[c], data->n_levels[c],
                                             options->prior_pairs, start->m[c]));
        if (options->fit_u)
            change = fmax(change,
                          set_shares(model->u[c], s->other[c], data->n_levels[c], 0, start->u[c]));
    }
    return change;
}

uint32_t hd_em_fit(const hd_em_data *data, const hd_em_options *options, hd_em_model *model,
                   double weight[HD_EM_COMPARISONS_MAX][HD_EM_LEVELS_MAX])
{
    static const double start_lambda_least = 1e-6;
    const hd_em_model start = *model;
    sums s;
    uint32_t iterations = 0;
    if (model->lambda < start_lambda_least)
        model->lambda = start_lambda_least;
    memset(&s, 0, sizeof s);
    while (iterations < options->max_iterations) {
        iterations++;
        expect(data, options, model, &s);
        if (maximise(data, options, &s, &start, model) < options->tolerance)
            break;
    }
    if (weight)
        memcpy(weight, s.match, sizeof s.match);
    return iterations;
}
