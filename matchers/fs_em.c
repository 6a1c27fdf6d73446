#include "matchers/fs_em.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* No probability is 0 or 1: one pair that was not foreseen must not decide alone. */
static const double LEAST = 1e-9;

/* Probabilities of a pair that is a match, and of one that is none, with these levels. */
typedef struct joint {
    double match, other;
} joint;

static joint joint_of(const hd_em_data *data, const hd_em_options *options,
                      const hd_em_model *model, const uint8_t *levels)
{
    joint p = {model->lambda, 1 - model->lambda};
    for (uint32_t c = 0; c < data->n_comparisons; c++) {
        if (!options->use[c] || levels[c] == 0)
            continue;
        p.match *= model->m[c][levels[c] - 1];
        p.other *= model->u[c][levels[c] - 1];
    }
    return p;
}

static double posterior(joint p)
{
    return p.match + p.other > 0 ? p.match / (p.match + p.other) : 0;
}

double hd_em_posterior(const hd_em_data *data, const hd_em_options *options,
                       const hd_em_model *model, const uint8_t *levels)
{
    return posterior(joint_of(data, options, model, levels));
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
    double matches, pairs, log_likelihood;
} sums;

static void expect(const hd_em_data *data, const hd_em_options *options, const hd_em_model *model,
                   sums *s)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < data->n_patterns; i++) {
        const uint8_t *levels = data->levels + i * data->n_comparisons;
        double n = (double)data->counts[i];
        joint p = joint_of(data, options, model, levels);
        double match = n * posterior(p);
        s->log_likelihood += n * log(fmax(p.match + p.other, DBL_MIN));
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

void hd_em_fit(const hd_em_data *data, const hd_em_options *options, hd_em_model *model,
               hd_em_fitted *out)
{
    static const double start_lambda_least = 1e-6;
    hd_em_fitted none = {0};
    const hd_em_model start = *model;
    sums s;
    out = out ? out : &none;
    out->iterations = 0;
    out->converged = false;
    out->last = (hd_em_step){0};
    if (model->lambda < start_lambda_least)
        model->lambda = start_lambda_least;
    memset(&s, 0, sizeof s);
    while (out->iterations < options->max_iterations && !out->converged) {
        expect(data, options, model, &s);
        out->last.change = maximise(data, options, &s, &start, model);
        out->last.lambda = model->lambda;
        out->last.log_likelihood = s.log_likelihood;
        out->converged = out->last.change < options->tolerance;
        if (out->step)
            out->step[out->iterations] = out->last;
        out->iterations++;
    }
    memcpy(out->match, s.match, sizeof s.match);
}
