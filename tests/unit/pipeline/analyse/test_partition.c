#include "pipeline/analyse/partition.h"

#include <criterion/criterion.h>

/* Two persons of three and two mentions; found as 2 and 1 + 2. */
static const uint32_t TRUTH[] = {7, 7, 7, 3, 3}, FOUND[] = {0, 0, 1, 1, 1};

Test(partition, measures_by_hand)
{
    hd_partition_measures m;
    hd_partition_compare(TRUTH, FOUND, 5, NULL, NULL, NULL, &m);
    cr_expect_eq(m.n_items, 5);
    cr_expect_eq(m.n_true, 2);
    cr_expect_eq(m.n_found, 2);
    cr_expect_eq(m.true_pairs, 4);
    cr_expect_eq(m.found_pairs, 4);
    cr_expect_eq(m.right_pairs, 2);
    cr_expect_float_eq(m.pairwise.f1, 0.5, 1e-12);
    /* precision: 1, 1, 1/3, 2/3, 2/3; recall: 2/3, 2/3, 1/3, 1, 1 */
    cr_expect_float_eq(m.bcubed.precision, 11.0 / 15, 1e-12);
    cr_expect_float_eq(m.bcubed.recall, 11.0 / 15, 1e-12);
    /* best matches: found 2 and 2 of 5; true 2 and 2 of 5 */
    cr_expect_float_eq(m.purity.precision, 0.8, 1e-12);
    cr_expect_float_eq(m.purity.recall, 0.8, 1e-12);
}

Test(partition, splits_and_merges_are_counted)
{
    hd_partition_measures m;
    hd_partition_compare(TRUTH, FOUND, 5, NULL, NULL, NULL, &m);
    cr_expect_eq(m.n_exact, 0);
    cr_expect_eq(m.n_split, 1);
    cr_expect_eq(m.split[1], 1);
    cr_expect_eq(m.split[2], 1);
    cr_expect_eq(m.n_merged, 1);
    cr_expect_eq(m.merged[2], 1);
}

Test(partition, many_parts_are_counted_together)
{
    enum { N = 9 };
    uint32_t truth[N] = {0}, found[N];
    for (uint32_t i = 0; i < N; i++)
        found[i] = i;
    hd_partition_measures m;
    hd_partition_compare(truth, found, N, NULL, NULL, NULL, &m);
    cr_expect_eq(m.split[HD_PARTS_MAX], 1);
    cr_expect_eq(m.merged[1], N);
    cr_expect_float_eq(m.purity.precision, 1, 1e-12);
    cr_expect_float_eq(m.purity.recall, 1.0 / N, 1e-12);
    cr_expect_float_eq(m.pairwise.precision, 1, 1e-12, "nothing was found, so nothing wrongly");
}

Test(partition, the_same_is_perfect_by_any_numbers)
{
    static const uint32_t other[] = {900, 900, 900, 5, 5};
    hd_partition_measures m;
    hd_partition_compare(TRUTH, other, 5, NULL, NULL, NULL, &m);
    cr_expect_float_eq(m.pairwise.f1, 1, 1e-12);
    cr_expect_float_eq(m.bcubed.f1, 1, 1e-12);
    cr_expect_float_eq(m.purity.f1, 1, 1e-12);
    cr_expect_eq(m.n_exact, 2);
}

Test(partition, each_item_learns_what_it_shares)
{
    uint32_t both[5], of_truth[5], of_found[5];
    hd_partition_measures m;
    hd_partition_compare(TRUTH, FOUND, 5, both, of_truth, of_found, &m);
    static const uint32_t shares[] = {2, 2, 1, 2, 2}, truth[] = {3, 3, 3, 2, 2},
                          found[] = {2, 2, 3, 3, 3};
    cr_expect_arr_eq(both, shares, sizeof shares);
    cr_expect_arr_eq(of_truth, truth, sizeof truth);
    cr_expect_arr_eq(of_found, found, sizeof found);
}

Test(partition, nothing_at_all)
{
    hd_partition_measures m;
    hd_partition_compare(NULL, NULL, 0, NULL, NULL, NULL, &m);
    cr_expect_eq(m.n_items, 0);
    cr_expect_float_eq(m.pairwise.f1, 1, 1e-12);
}
