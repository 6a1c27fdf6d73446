#include <criterion/criterion.h>

#include "matchers/date.h"

Test(date, exists_in_the_proleptic_calendar)
{
    cr_assert(hd_date_exists(2000, 2, 29));
    cr_assert(hd_date_exists(2024, 2, 29));
    cr_assert(hd_date_exists(1600, 2, 29));
    cr_assert_not(hd_date_exists(1900, 2, 29));
    cr_assert_not(hd_date_exists(2100, 2, 29));
    cr_assert_not(hd_date_exists(2023, 2, 29));
    cr_assert_not(hd_date_exists(2000, 2, 30));
    cr_assert(hd_date_exists(1582, 10, 10)); /* left out of the calendar of the day, not of ours */
    cr_assert(hd_date_exists(1, 1, 1));
    cr_assert(hd_date_exists(9999, 12, 31));
    cr_assert_not(hd_date_exists(0, 12, 31));
    cr_assert_not(hd_date_exists(10000, 1, 1));
    cr_assert_not(hd_date_exists(-4, 1, 1));
    cr_assert_not(hd_date_exists(1980, 0, 1));
    cr_assert_not(hd_date_exists(1980, 13, 1));
    cr_assert_not(hd_date_exists(1980, 1, 0));
    cr_assert_not(hd_date_exists(1980, 1, 32));
    cr_assert_not(hd_date_exists(1980, 4, 31));
    cr_assert(hd_date_exists(1980, 4, 30));
}

Test(date, complete_needs_month_and_day)
{
    cr_assert(hd_date_complete(19800102));
    cr_assert_not(hd_date_complete(19800100));
    cr_assert_not(hd_date_complete(19800000));
    cr_assert_not(hd_date_complete(19800002));
    cr_assert_not(hd_date_complete(0));
}

/* Every day from 0001-01-01 to 9999-12-31: one more than the day before, and back again. */
Test(date, days_count_without_a_gap)
{
    int32_t days = hd_date_to_days(10101);
    cr_assert_eq(days, 306);
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; hd_date_exists(year, month, day); day++, days++) {
                hd_date d = year * 10000 + month * 100 + day;
                if (hd_date_to_days(d) != days || hd_date_from_days(days) != d)
                    cr_assert_fail("%d", d);
            }
        }
    }
    cr_assert_eq(days, 306 + 3652059);
}

Test(date, known_days)
{
    cr_assert_eq(hd_date_to_days(19700101), 719468);
    cr_assert_eq(hd_date_from_days(719468), 19700101);
    cr_assert_eq(hd_date_from_days(60), 430); /* year 0: the 30th of April */
    cr_assert_eq(hd_date_days_between(15821004, 15821015), 11);
    cr_assert_eq(hd_date_days_between(20000228, 20000301), 2);
    cr_assert_eq(hd_date_days_between(19000228, 19000301), 1);
    cr_assert_eq(hd_date_days_between(20000301, 20000228), -2);
}

Test(date, unknown_parts_are_the_first_of_their_period)
{
    cr_assert_eq(hd_date_days_between(19800000, 19800101), 0);
    cr_assert_eq(hd_date_days_between(19800200, 19800201), 0);
    cr_assert_eq(hd_date_days_between(19791231, 19800000), 1);
    cr_assert_eq(hd_date_age(19800000, 20000101), 20);
    cr_assert_eq(hd_date_age(19800101, 20000000), 20);
    cr_assert_eq(hd_date_age(19800102, 20000000), 19);
    cr_assert_eq(hd_date_age(19800600, 20000531), 19);
    cr_assert_eq(hd_date_age(19800600, 20000601), 20);
}

Test(date, age_is_completed_years)
{
    cr_assert_eq(hd_date_age(19800615, 20000614), 19);
    cr_assert_eq(hd_date_age(19800615, 20000615), 20);
    cr_assert_eq(hd_date_age(19800615, 20001231), 20);
    cr_assert_eq(hd_date_age(19800615, 19800615), 0);
    cr_assert_eq(hd_date_age(19800615, 19800614), -1);
    /* of a leap day, on the first of March */
    cr_assert_eq(hd_date_age(20000229, 20010228), 0);
    cr_assert_eq(hd_date_age(20000229, 20010301), 1);
    cr_assert_eq(hd_date_age(20000229, 20040229), 4);
}

Test(date, digits_differ_among_parts_known_in_both)
{
    cr_assert_eq(hd_date_digits_differing(19800102, 19800102), 0);
    cr_assert_eq(hd_date_digits_differing(19800102, 19800201), 4 - 2);
    cr_assert_eq(hd_date_digits_differing(19800102, 19800112), 1);
    cr_assert_eq(hd_date_digits_differing(19800102, 18800102), 1);
    cr_assert_eq(hd_date_digits_differing(11111111, 22222222), 8);
    cr_assert_eq(hd_date_digits_differing(19991231, 20000102), 4 + 2 + 2);
    cr_assert_eq(hd_date_digits_differing(19800000, 19801231), 0);
    cr_assert_eq(hd_date_digits_differing(19800100, 19801231), 2);
    cr_assert_eq(hd_date_digits_differing(19810100, 19801231), 3);
    cr_assert_eq(hd_date_digits_differing(19801231, 19810100), 3);
    cr_assert_eq(hd_date_digits_differing(19801231, 19800000), 0);
    cr_assert_eq(hd_date_digits_differing(19800015, 19800116), 1);
}

Test(date, swapped_day_and_month)
{
    cr_assert(hd_date_swapped(19800102, 19800201));
    cr_assert(hd_date_swapped(19801211, 19801112));
    cr_assert_not(hd_date_swapped(19800102, 19810201));
    cr_assert_not(hd_date_swapped(19800101, 19800101));
    cr_assert_not(hd_date_swapped(19800102, 19800102));
    cr_assert_not(hd_date_swapped(19800102, 19800301));
    cr_assert_not(hd_date_swapped(19800102, 19800202));
    cr_assert_not(hd_date_swapped(19800100, 19800001));
    cr_assert_not(hd_date_swapped(19800001, 19800100));
    cr_assert_not(hd_date_swapped(19800102, 19800200));
}

Test(date, fewest_days_apart)
{
    cr_assert_eq(hd_date_days_apart(19800102, 19800102), 0);
    cr_assert_eq(hd_date_days_apart(19800102, 19800202), 31);
    cr_assert_eq(hd_date_days_apart(19800202, 19800102), 31);
    cr_assert_eq(hd_date_days_apart(19800000, 19800704), 0);
    cr_assert_eq(hd_date_days_apart(19800000, 19810103), 3);
    cr_assert_eq(hd_date_days_apart(20000200, 20000301), 1);
    cr_assert_eq(hd_date_days_apart(20000200, 19000200), 36524 - 27);
    cr_assert_eq(hd_date_days_apart(19800015, 19801231), 0);
}
