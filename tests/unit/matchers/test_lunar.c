#include <criterion/criterion.h>
#include <unicode/ucal.h>

#include "matchers/lunar.h"

static void check(hd_date day, hd_date written, bool leap)
{
    hd_lunar_day found = hd_lunar_of(day);
    cr_expect_eq(found.written, written, "%d: %d", day, found.written);
    cr_expect_eq(found.leap, leap, "%d", day);
    hd_date back = hd_lunar_to_date(written / 10000, written / 100 % 100, leap, written % 100);
    cr_expect_eq(back, day, "%d: %d", written, back);
}

Test(lunar, days_of_printed_calendars)
{
    check(19000131, 19000101, false); /* the first of the table */
    check(21010128, 21001229, false); /* and the last */
    check(19491001, 19490810, false);
    check(19540203, 19540101, false); /* 春节; ICU 72 has the day after */
    check(19800301, 19800115, false);
    check(19800215, 19791229, false); /* the year before, still */
    check(19840220, 19840119, false);
    check(19841123, 19841001, true); /* 闰十月 */
    check(19870726, 19870601, true); /* 闰六月; ICU 72 has 闰七月 */
    check(20200523, 20200401, true); /* 闰四月 */
    check(20230322, 20230201, true); /* 闰二月 */
    check(20331222, 20331101, true); /* 闰冬月, which old tables put elsewhere */
}

Test(lunar, days_that_are_not)
{
    cr_expect_eq(hd_lunar_of(19000130).written, 0);
    cr_expect_eq(hd_lunar_of(21010129).written, 0);
    cr_expect_eq(hd_lunar_of(18500101).written, 0);
    cr_expect_eq(hd_lunar_of(30000101).written, 0);
    cr_expect_eq(hd_lunar_to_date(1980, 1, true, 1), 0); /* no leap month there */
    cr_expect_eq(hd_lunar_to_date(1979, 12, false, 30), 0);
    cr_expect_eq(hd_lunar_to_date(1980, 13, false, 1), 0);
    cr_expect_eq(hd_lunar_to_date(1980, 0, false, 1), 0);
    cr_expect_eq(hd_lunar_to_date(1980, 1, false, 0), 0);
    cr_expect_eq(hd_lunar_to_date(1899, 1, false, 1), 0);
    cr_expect_eq(hd_lunar_to_date(2101, 1, false, 1), 0);
}

/* Each day follows the one before, and comes back as itself. */
Test(lunar, every_day_has_one_name)
{
    hd_lunar_day before = hd_lunar_of(19000131);
    for (int32_t day = hd_date_to_days(19000201); day <= hd_date_to_days(21010128); day++) {
        hd_date d = hd_date_from_days(day);
        hd_lunar_day now = hd_lunar_of(d);
        int32_t number = now.written % 100, last = before.written % 100;
        cr_assert(number == last + 1 || (number == 1 && last >= 29), "%d", d);
        cr_assert_eq(
            hd_lunar_to_date(now.written / 10000, now.written / 100 % 100, now.leap, number), d,
            "%d", d);
        before = now;
    }
}

/* ICU computes; calendars were printed. Where they are not one, in these Gregorian years: */
static bool is_known_difference(int32_t year)
{
    static const int32_t known[] = {1917, 1922, 1954, 1955, 1987, 1999, 2012,
                                    2018, 2027, 2030, 2070, 2089, 2097};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (year == known[i])
            return true;
    }
    return false;
}

Test(lunar, agrees_with_icu)
{
    UErrorCode error = U_ZERO_ERROR;
    UCalendar *chinese =
        ucal_open(u"Asia/Shanghai", -1, "zh@calendar=chinese", UCAL_DEFAULT, &error);
    UCalendar *gregorian =
        ucal_open(u"Asia/Shanghai", -1, "zh@calendar=gregorian", UCAL_DEFAULT, &error);
    uint32_t n_other = 0;
    for (int32_t day = hd_date_to_days(19000131); day <= hd_date_to_days(21010128); day++) {
        hd_date d = hd_date_from_days(day);
        ucal_setDateTime(gregorian, d / 10000, d / 100 % 100 - 1, d % 100, 12, 0, 0, &error);
        ucal_setMillis(chinese, ucal_getMillis(gregorian, &error), &error);
        hd_date written = (ucal_get(chinese, UCAL_EXTENDED_YEAR, &error) - 2637) * 10000 +
                          (ucal_get(chinese, UCAL_MONTH, &error) + 1) * 100 +
                          ucal_get(chinese, UCAL_DATE, &error);
        bool leap = ucal_get(chinese, UCAL_IS_LEAP_MONTH, &error) != 0;
        hd_lunar_day found = hd_lunar_of(d);
        if (found.written == written && found.leap == leap)
            continue;
        n_other++;
        cr_expect(is_known_difference(d / 10000), "%d: %d, ICU has %d", d, found.written, written);
    }
    cr_expect(U_SUCCESS(error));
    cr_expect_leq(n_other, 500);
    ucal_close(chinese);
    ucal_close(gregorian);
}

Test(lunar, dates_that_are_one_day)
{
    cr_expect(hd_lunar_same(19800301, 19800115));
    cr_expect(hd_lunar_same(19800115, 19800301)); /* symmetric */
    cr_expect(hd_lunar_same(19800215, 19791229)); /* over the turn of the year */
    cr_expect(hd_lunar_same(19870726, 19870601)); /* a leap month is written like the other one */
    cr_expect(hd_lunar_same(19870626, 19870601));
    cr_expect_not(hd_lunar_same(19800301, 19800301));
    cr_expect_not(hd_lunar_same(19800301, 19800116));
    cr_expect_not(hd_lunar_same(19800301, 19810115));
    cr_expect_not(hd_lunar_same(19800301, 19800100));
    cr_expect_not(hd_lunar_same(19800300, 19800115));
    cr_expect_not(hd_lunar_same(0, 0));
    cr_expect_not(hd_lunar_same(18500301, 18500115));
}
