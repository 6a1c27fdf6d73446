#include "base/lanes.h"

#include <criterion/criterion.h>

Test(lanes, the_first_ones)
{
    cr_expect_eq(hd_lanes_first(0), 0);
    cr_expect_eq(hd_lanes_first(3), 7);
    cr_expect_eq(hd_lanes_first(64), UINT64_MAX);
    cr_expect_eq(hd_lanes_first(900), UINT64_MAX);
}

Test(lanes, are_taken_from_the_first_to_the_last)
{
    hd_lanes lanes = UINT64_C(1) << 63 | 5;
    unsigned i;
    cr_assert(hd_lanes_next(&lanes, &i) && i == 0);
    cr_assert(hd_lanes_next(&lanes, &i) && i == 2);
    cr_assert(hd_lanes_next(&lanes, &i) && i == 63);
    cr_assert(!hd_lanes_next(&lanes, &i));
}

Test(lanes, equal_numbers_have_a_bit)
{
    uint32_t column[HD_LANES] = {[1] = 9, [2] = UINT32_MAX, [62] = 9, [63] = 9};
    cr_expect_eq(hd_lanes_equal(9, column), UINT64_C(3) << 62 | 2);
    cr_expect_eq(hd_lanes_equal(UINT32_MAX, column), 4);
    cr_expect_eq(hd_lanes_equal(8, column), 0);
}
