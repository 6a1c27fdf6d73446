#include <criterion/criterion.h>
#include <float.h>

#include "matchers/number_distance.h"

Test(number_distance, distances)
{
    cr_assert_eq(hd_number_distance(3, -4.5), 7.5);
    cr_assert_eq(hd_number_distance(-4.5, 3), 7.5);
    cr_assert_eq(hd_number_distance(-DBL_MAX, DBL_MAX), DBL_MAX);
}

Test(number_distance, similarity_is_free_of_the_unit)
{
    cr_assert_eq(hd_number_similarity(100, 75), 0.75);
    cr_assert_eq(hd_number_similarity(-75000, -100000), 0.75);
    cr_assert_eq(hd_number_similarity(0, 0), 1);
    cr_assert_eq(hd_number_similarity(0, 5), 0);
    cr_assert_eq(hd_number_similarity(-1, 1), 0);
}

Test(number_distance, reads_decimals)
{
    static const struct {
        const char *text;
        double number;
    } good[] = {
        {"0", 0},
        {"12", 12},
        {"-12.5", -12.5},
        {"+7", 7},
        {" 1980 ", 1980},
        {"0.1", 0.1},
        {"007", 7},
        {"123456789012345", 123456789012345.0},
        {"12345678.9012345", 12345678.9012345},
    };
    static const char *const bad[] = {"",    " ",    "-",     ".",     "1.",
                                      ".5",  "1e3",  "1,000", "1.2.3", "--1",
                                      "1 2", "0x10", "十",    "nan",   "1234567890123456"};
    double number;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect(hd_decimal_read(hd_str_from(good[i].text), &number), "%s", good[i].text);
        cr_expect_eq(number, good[i].number, "%s", good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(hd_decimal_read(hd_str_from(bad[i]), &number), "%s", bad[i]);
    cr_expect_not(hd_decimal_read(HD_STR_NULL, &number));
}
