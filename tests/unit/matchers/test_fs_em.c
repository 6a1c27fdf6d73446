#include "matchers/fs_em.h"

#include <criterion/criterion.h>
#include <math.h>

/* Three comparisons of two levels whose pattern counts follow a known model exactly. */
enum { N = 3, PATTERNS = 8 };

static const double true_m[N] = {0.95, 0.9, 0.8}, true_u[N] = {0.01, 0.05, 0.2};
static const double true_lambda = 0.1;

static uint8_t levels[PATTERNS * N];
static uint64_t counts[PATTERNS];

static hd_em_data exact_data(double pairs)
{
    hd_em_data data = {N, {2, 2, 2}, PATTERNS, levels, counts};
    for (int p = 0; p < PATTERNS; p++) {
        double match = true_lambda, other = 1 - true_lambda;
        for (int c = 0; c < N; c++) {
            bool differs = p >> c & 1;
            levels[p * N + c] = (uint8_t)(differs + 1);
            match *= differs ? 1 - true_m[c] : true_m[c];
            other *= differs ? 1 - true_u[c] : true_u[c];
        }
        counts[p] = (uint64_t)llround((match + other) * pairs);
    }
    return data;
}

static hd_em_model start(void)
{
    hd_em_model model = {.lambda = 0.5};
    for (int c = 0; c < N; c++) {
        model.m[c][0] = 0.9, model.m[c][1] = 0.1;
        model.u[c][0] = true_u[c], model.u[c][1] = 1 - true_u[c];
    }
    return model;
}

static hd_em_options options_for(bool fit_m, bool fit_u)
{
    return (hd_em_options){.use = {true, true, true},
                           .fit_u = fit_u,
                           .fit_m = fit_m,
                           .max_iterations = 2000,
                           .tolerance = 1e-9};
}

Test(fs_em, finds_m_and_lambda_with_u_held)
{
    hd_em_data data = exact_data(1e9);
    hd_em_model model = start();
    hd_em_options options = options_for(true, false);
    hd_em_fit(&data, &options, &model, NULL);
    cr_assert_float_eq(model.lambda, true_lambda, 1e-4);
    for (int c = 0; c < N; c++) {
        cr_assert_float_eq(model.m[c][0], true_m[c], 1e-3, "m of comparison %d: %f", c,
                           model.m[c][0]);
        cr_assert_eq(model.u[c][0], true_u[c]);
    }
}

Test(fs_em, finds_u_too)
{
    hd_em_data data = exact_data(1e9);
    hd_em_model model = start();
    model.u[0][0] = 0.05, model.u[0][1] = 0.95;
    hd_em_options options = options_for(true, true);
    hd_em_fit(&data, &options, &model, NULL);
    cr_assert_float_eq(model.u[0][0], true_u[0], 1e-3);
}

Test(fs_em, holds_what_it_is_told_to_hold)
{
    hd_em_data data = exact_data(1e6);
    hd_em_model model = start();
    hd_em_options options = options_for(false, false);
    hd_em_fit(&data, &options, &model, NULL);
    cr_assert_eq(model.m[0][0], 0.9);
    cr_assert_neq(model.lambda, 0.5);
}

Test(fs_em, missing_weighs_nothing)
{
    hd_em_data data = exact_data(1e6);
    hd_em_model model = start();
    hd_em_options options = options_for(true, false);
    const uint8_t none[N] = {0, 0, 0}, one[N] = {1, 0, 0};
    model.lambda = 0.25;
    cr_assert_float_eq(hd_em_posterior(&data, &options, &model, none), 0.25, 1e-12);
    cr_assert_float_eq(hd_em_posterior(&data, &options, &model, one),
                       0.25 * 0.9 / (0.25 * 0.9 + 0.75 * true_u[0]), 1e-12);
    options.use[0] = false;
    cr_assert_float_eq(hd_em_posterior(&data, &options, &model, one), 0.25, 1e-12);
}

Test(fs_em, an_unseen_level_is_unlikely_but_possible)
{
    const uint8_t all_agree[] = {1};
    const uint64_t n[] = {1000};
    hd_em_data data = {1, {2}, 1, all_agree, n};
    hd_em_model model = {.lambda = 0.5, .m = {{0.9, 0.1}}, .u = {{0.1, 0.9}}};
    hd_em_options options = {.use = {true}, .fit_m = true, .max_iterations = 50, .tolerance = 1e-9};
    hd_em_fit(&data, &options, &model, NULL);
    cr_assert_gt(model.m[0][1], 0);
    cr_assert_lt(model.m[0][1], 0.001);
}

Test(fs_em, a_prior_holds_few_data_and_yields_to_many)
{
    const uint8_t none_agree[] = {2};
    hd_em_options options = {
        .use = {true}, .fit_m = true, .max_iterations = 50, .tolerance = 1e-9, .prior_pairs = 20};
    double m[2];
    for (int i = 0; i < 2; i++) {
        const uint64_t n[] = {i ? 1000000 : 2};
        hd_em_data data = {1, {2}, 1, none_agree, n};
        hd_em_model model = {.lambda = 0.9, .m = {{0.9, 0.1}}, .u = {{0.9, 0.1}}};
        hd_em_fit(&data, &options, &model, NULL);
        m[i] = model.m[0][0];
    }
    cr_assert_gt(m[0], 0.75);
    cr_assert_lt(m[1], 0.001);
}

Test(fs_em, tells_how_each_step_went)
{
    enum { MAX = 2000 };
    static hd_em_step step[MAX];
    hd_em_data data = exact_data(1e9);
    hd_em_model model = start();
    hd_em_options options = options_for(true, false);
    hd_em_fitted fitted = {.step = step};
    hd_em_fit(&data, &options, &model, &fitted);
    cr_assert(fitted.converged);
    cr_assert_gt(fitted.iterations, 2);
    cr_expect_eq(fitted.last.lambda, model.lambda);
    cr_expect_lt(fitted.last.change, options.tolerance);
    for (uint32_t i = 1; i < fitted.iterations; i++)
        cr_expect_geq(step[i].log_likelihood, step[i - 1].log_likelihood - 1e-3,
                      "EM never makes the data less likely: step %u", i);
    cr_expect_float_eq(fitted.match[0][0] / 1e9, true_lambda * true_m[0], 1e-4);
}

Test(fs_em, says_where_it_did_not_settle)
{
    hd_em_data data = exact_data(1e9);
    hd_em_model model = start();
    hd_em_options options = options_for(true, false);
    options.max_iterations = 2;
    hd_em_fitted fitted = {0};
    hd_em_fit(&data, &options, &model, &fitted);
    cr_expect_not(fitted.converged);
    cr_expect_eq(fitted.iterations, 2);
}
