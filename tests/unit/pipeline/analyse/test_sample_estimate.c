#include "pipeline/analyse/sample_estimate.h"

#include <criterion/criterion.h>
#include <math.h>

Test(sample_estimate, wilson_by_the_book)
{
    double low, high;
    hd_wilson(0.9, 100, &low, &high); /* Newcombe 1998: 0.8256 to 0.9448 */
    cr_expect_float_eq(low, 0.8256, 5e-4);
    cr_expect_float_eq(high, 0.9448, 5e-4);
    hd_wilson(1, 20, &low, &high);
    cr_expect_float_eq(low, 0.8389, 5e-4);
    cr_expect_float_eq(high, 1, 1e-12);
}

Test(sample_estimate, strata_count_by_their_size)
{
    /* 900 pairs of which half of the found are wrong, 100 of which none is */
    const hd_stratum_counts strata[] = {{900, {{0, 0}, {5, 5}}}, {100, {{0, 0}, {0, 10}}}};
    hd_sample_estimates e;
    hd_sample_estimate(strata, 2, &e);
    cr_expect_float_eq(e.precision.value, 0.55, 1e-12);
    cr_expect_float_eq(e.recall.value, 1, 1e-12);
}

Test(sample_estimate, recall_counts_what_was_not_found)
{
    /* of 1000 pairs that were not found one in ten is the same; of 100 found all are */
    const hd_stratum_counts strata[] = {{1000, {{9, 1}, {0, 0}}}, {100, {{0, 0}, {0, 10}}}};
    hd_sample_estimates e;
    hd_sample_estimate(strata, 2, &e);
    cr_expect_float_eq(e.recall.value, 0.5, 1e-12);
    cr_expect_float_eq(e.precision.value, 1, 1e-12);
    cr_expect_float_eq(e.f1.value, 2.0 / 3, 1e-12);
    cr_expect_lt(e.recall.low, 0.3);
    cr_expect_gt(e.recall.high, 0.7);
}

Test(sample_estimate, a_sample_that_agrees_is_not_certain)
{
    const hd_stratum_counts strata[] = {{10000, {{0, 0}, {0, 20}}}};
    hd_sample_estimates e;
    hd_sample_estimate(strata, 1, &e);
    cr_expect_float_eq(e.precision.value, 1, 1e-12);
    cr_expect_lt(e.precision.low, 0.9);
    cr_expect_gt(e.precision.low, 0.7);
}

Test(sample_estimate, what_was_taken_whole_is_certain)
{
    const hd_stratum_counts strata[] = {{20, {{0, 0}, {5, 15}}}};
    hd_sample_estimates e;
    hd_sample_estimate(strata, 1, &e);
    cr_expect_float_eq(e.precision.value, 0.75, 1e-12);
    cr_expect_float_eq(e.precision.low, 0.75, 1e-12);
    cr_expect_float_eq(e.precision.high, 0.75, 1e-12);
}

Test(sample_estimate, more_labels_narrow_it)
{
    const hd_stratum_counts few[] = {{10000, {{0, 0}, {2, 18}}}},
                            many[] = {{10000, {{0, 0}, {40, 360}}}};
    hd_sample_estimates a, b;
    hd_sample_estimate(few, 1, &a);
    hd_sample_estimate(many, 1, &b);
    cr_expect_lt(b.precision.high - b.precision.low, (a.precision.high - a.precision.low) / 3);
}

Test(sample_estimate, without_labels_nothing_is_known)
{
    const hd_stratum_counts strata[] = {{100, {{0, 0}, {0, 0}}}};
    hd_sample_estimates e;
    hd_sample_estimate(strata, 1, &e);
    cr_expect(isnan(e.precision.value));
    cr_expect(isnan(e.recall.value));
}

/* Drawn a thousand times from a population that is known, the intervals hold the true value about
 * as often as they say. */
Test(sample_estimate, intervals_cover)
{
    enum { RUNS = 1000, DRAWN = 40 };
    const double share[2] = {0.97, 0.6}, size[2] = {9000, 1000};
    const double truth = (share[0] * size[0] + share[1] * size[1]) / (size[0] + size[1]);
    uint64_t state = 42;
    uint32_t covered = 0;
    for (int run = 0; run < RUNS; run++) {
        hd_stratum_counts strata[2] = {{.size = size[0]}, {.size = size[1]}};
        for (int h = 0; h < 2; h++)
            for (int i = 0; i < DRAWN; i++) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                bool same = (double)(state >> 11) / 9007199254740992.0 < share[h];
                strata[h].n[1][same]++;
            }
        hd_sample_estimates e;
        hd_sample_estimate(strata, 2, &e);
        covered += e.precision.low <= truth && truth <= e.precision.high;
    }
    cr_expect_gt(covered, 0.92 * RUNS, "%u", covered);
    cr_expect_lt(covered, RUNS, "%u", covered);
}
