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

Test(lanes, at_least_is_signed)
{
    int32_t column[HD_LANES] = {[0] = -5, [1] = -4, [40] = 7};
    cr_expect_eq(hd_lanes_at_least(column, 1), UINT64_C(1) << 40);
    cr_expect_eq(hd_lanes_at_least(column, -4), UINT64_MAX & ~UINT64_C(1));
    cr_expect_eq(hd_lanes_at_least(column, 8), 0);
}

#ifdef HD_LANES_WIDE
Test(lanes, wide_and_narrow_say_the_same)
{
    uint32_t column[HD_LANES];
    if (!__builtin_cpu_supports("avx2"))
        return;
    for (uint32_t round = 0; round < 200; round++) {
        for (uint32_t i = 0; i < HD_LANES; i++)
            column[i] = (i * 2654435761u + round * 40503u) >> 28;
        for (uint32_t x = 0; x < 17; x++) {
            const int32_t *numbers = (const int32_t *)column;
            cr_assert_eq(hd_lanes_equal_wide(x, column), hd_lanes_equal_narrow(x, column));
            cr_assert_eq(hd_lanes_at_least_wide(numbers, (int32_t)x),
                         hd_lanes_at_least_narrow(numbers, (int32_t)x));
        }
    }
}
#endif
