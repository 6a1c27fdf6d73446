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

Test(lanes, adds_to_the_numbers_of_lanes_alone)
{
    uint32_t column[HD_LANES] = {[0] = 5, [1] = 1, [63] = UINT32_MAX};
    hd_lanes_add(column, UINT64_C(1) << 63 | 1, 3);
    cr_expect_eq(column[0], 8);
    cr_expect_eq(column[1], 1);
    cr_expect_eq(column[62], 0);
    cr_expect_eq(column[63], 2);
}

#ifdef HD_LANES_WIDE
typedef struct length {
    bool there;
    hd_lanes (*equal)(uint32_t x, const uint32_t column[HD_LANES]);
    hd_lanes (*at_least)(const int32_t column[HD_LANES], int32_t least);
    void (*add)(uint32_t column[HD_LANES], hd_lanes lanes, uint32_t add);
} length;

static void expect_as_narrow(const length *of, const uint32_t column[HD_LANES], uint32_t x)
{
    const int32_t *numbers = (const int32_t *)column;
    hd_lanes lanes = x * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t sum[HD_LANES], narrow_sum[HD_LANES];
    memcpy(sum, column, sizeof sum);
    memcpy(narrow_sum, column, sizeof sum);
    of->add(sum, lanes, x - 5);
    hd_lanes_add_narrow(narrow_sum, lanes, x - 5);
    cr_assert_arr_eq(sum, narrow_sum, sizeof sum);
    cr_assert_eq(of->equal(x, column), hd_lanes_equal_narrow(x, column));
    cr_assert_eq(of->at_least(numbers, (int32_t)x - 3),
                 hd_lanes_at_least_narrow(numbers, (int32_t)x - 3));
}

Test(lanes, vectors_of_any_length_say_the_same)
{
    const length lengths[] = {
        {__builtin_cpu_supports("avx2"), hd_lanes_equal_wide, hd_lanes_at_least_wide,
         hd_lanes_add_wide},
        {__builtin_cpu_supports("avx512f"), hd_lanes_equal_masked, hd_lanes_at_least_masked,
         hd_lanes_add_masked},
    };
    uint32_t column[HD_LANES];
    for (uint32_t round = 0; round < 200; round++) {
        for (uint32_t i = 0; i < HD_LANES; i++)
            column[i] = (uint32_t)((int32_t)((i * 2654435761u + round * 40503u) >> 28) - 4);
        for (uint32_t x = 0; x < 34; x++)
            if (lengths[x % 2].there)
                expect_as_narrow(&lengths[x % 2], column, x / 2);
    }
}
#endif
