#include "matchers/lunar.h"

enum { YEAR_FIRST = 1900, YEAR_LAST = 2100, MONTHS_BITS = 13, LEAP_BITS = 4 };

/* A year: bit i of the lowest 13 is set where its month i (0: the first; a leap month counts) has
 * 30 days, else it has 29; then 4 bits: the month after which the leap month stands, 0: none; then
 * the days from 1 January to its first day. */
static const uint32_t years[YEAR_LAST - YEAR_FIRST + 1] = {
    0x3D16D2, 0x620752, 0x4C0EA5, 0x38B64A, 0x5C064B, 0x440A9B, 0x309556, 0x56056A, 0x400B59,
    0x2A5752, 0x500752, 0x3ADB25, 0x600B25, 0x480A4B, 0x32B4AB, 0x5802AD, 0x42056B, 0x2C4B69,
    0x520DA9, 0x3EFD92, 0x640E92, 0x4C0D25, 0x36BA4D, 0x5C0A56, 0x4602B6, 0x2E95B5, 0x5606D4,
    0x400EA9, 0x2C5E92, 0x500E92, 0x3ACD26, 0x5E052B, 0x480A57, 0x32B2B6, 0x580B5A, 0x4406D4,
    0x2E6EC9, 0x520749, 0x3CF693, 0x620A93, 0x4C052B, 0x34CA5B, 0x5A0AAD, 0x46056A, 0x309B55,
    0x560BA4, 0x400B49, 0x2A5A93, 0x500A95, 0x38F52D, 0x5E0536, 0x480AAD, 0x34B5AA, 0x5805B2,
    0x420DA5, 0x2E7D4A, 0x540D4A, 0x3D0A95, 0x600A97, 0x4C0556, 0x36CAB5, 0x5A0AD5, 0x4606D2,
    0x308EA5, 0x560EA5, 0x40064A, 0x286C97, 0x4E0A9B, 0x3AF55A, 0x5E056A, 0x480B69, 0x34B752,
    0x5A0B52, 0x420B25, 0x2C964B, 0x520A4B, 0x3D14AB, 0x6002AD, 0x4A056D, 0x36CB69, 0x5C0DA9,
    0x460D92, 0x309D25, 0x560D25, 0x415A4D, 0x640A56, 0x4E02B6, 0x38C5B5, 0x5E06D5, 0x480EA9,
    0x34BE92, 0x5A0E92, 0x440D26, 0x2C6A56, 0x500A57, 0x3D14D6, 0x62035A, 0x4A06D5, 0x36B6C9,
    0x5C0749, 0x460693, 0x2E952B, 0x54052B, 0x3E0A5B, 0x2A555A, 0x4E056A, 0x38FB55, 0x600BA4,
    0x4A0B49, 0x32BA93, 0x580A95, 0x42052D, 0x2C8AAD, 0x500AB5, 0x3D35AA, 0x6205D2, 0x4C0DA5,
    0x36DD4A, 0x5C0D4A, 0x460C95, 0x30952E, 0x540556, 0x3E0AB5, 0x2A55B2, 0x5006D2, 0x38CEA5,
    0x5E0725, 0x48064B, 0x32AC97, 0x560CAB, 0x42055A, 0x2C6AD6, 0x520B69, 0x3D7752, 0x620B52,
    0x4C0B25, 0x36DA4B, 0x5A0A4B, 0x4404AB, 0x2EA55B, 0x5405AD, 0x3E0B6A, 0x2A5B52, 0x500D92,
    0x3AFD25, 0x5E0D25, 0x480A55, 0x32B4AD, 0x5804B6, 0x4005B5, 0x2C6DAA, 0x520EC9, 0x3F1E92,
    0x620E92, 0x4C0D26, 0x36CA56, 0x5A0A57, 0x4404D6, 0x2E86D5, 0x540755, 0x400749, 0x286E93,
    0x4E0693, 0x38F52B, 0x5E052B, 0x460A5B, 0x32B55A, 0x58056A, 0x420B65, 0x2C974A, 0x520B4A,
    0x3D1A95, 0x620A95, 0x4A052D, 0x34CAAD, 0x5A0AB5, 0x4605AA, 0x2E8BA5, 0x540DA5, 0x400D4A,
    0x2A7C95, 0x4E0C96, 0x38F94E, 0x5E0556, 0x480AB5, 0x32B5B2, 0x5806D2, 0x420EA5, 0x2E8E4A,
    0x50064B, 0x3B0C97, 0x6004AB, 0x4A055B, 0x34CAD6, 0x5A0B6A, 0x460752, 0x309725, 0x540B25,
    0x3E0A8B, 0x28549B, 0x4E04AB,
};

typedef struct lunar_year {
    int32_t first;         /* day number of its first day */
    uint32_t months, leap; /* as in `years` */
} lunar_year;

static lunar_year year_of(int year)
{
    uint32_t bits = years[year - YEAR_FIRST];
    int32_t new_year = hd_date_to_days(year * 10000 + 101);
    return (lunar_year){new_year + (int32_t)(bits >> (MONTHS_BITS + LEAP_BITS)),
                        bits & ((1U << MONTHS_BITS) - 1),
                        bits >> MONTHS_BITS & ((1U << LEAP_BITS) - 1)};
}

static int32_t days_in(const lunar_year *year, uint32_t month)
{
    return 29 + (int32_t)(year->months >> month & 1);
}

hd_lunar_day hd_lunar_of(hd_date d)
{
    int year = d / 10000;
    int32_t day = hd_date_to_days(d);
    if (year < YEAR_FIRST || year > YEAR_LAST + 1)
        return (hd_lunar_day){0, false};
    if (year > YEAR_LAST || day < year_of(year).first)
        year--;
    if (year < YEAR_FIRST)
        return (hd_lunar_day){0, false};
    lunar_year y = year_of(year);
    int32_t left = day - y.first;
    uint32_t month = 0, n_months = y.leap ? 13 : 12;
    while (month < n_months && left >= days_in(&y, month))
        left -= days_in(&y, month++);
    if (month == n_months)
        return (hd_lunar_day){0, false};
    bool after_leap = y.leap && month >= y.leap;
    int number = (int)month + !after_leap;
    return (hd_lunar_day){year * 10000 + number * 100 + left + 1, y.leap && month == y.leap};
}

hd_date hd_lunar_to_date(int year, int month, bool leap, int day)
{
    if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 || day < 1)
        return 0;
    lunar_year y = year_of(year);
    if (leap && y.leap != (uint32_t)month)
        return 0;
    uint32_t at = (uint32_t)month - 1 + (leap || (y.leap && (uint32_t)month > y.leap));
    if (day > days_in(&y, at))
        return 0;
    int32_t days = y.first + day - 1;
    for (uint32_t i = 0; i < at; i++)
        days += days_in(&y, i);
    return hd_date_from_days(days);
}

/* A lunar date, read as any other, lies 19 to 55 days before the day that it is, so that most pairs
 * need no table. */
static bool is_lunar_of(hd_date written, hd_date day)
{
    int months = (day / 10000 - written / 10000) * 12 + day / 100 % 100 - written / 100 % 100;
    if (months < 0 || months > 3)
        return false; /* and most of those no count of days */
    int32_t behind = hd_date_days_between(written, day);
    return behind >= 15 && behind <= 60 && hd_lunar_of(day).written == written;
}

bool hd_lunar_same(hd_date a, hd_date b)
{
    return hd_date_complete(a) && hd_date_complete(b) && (is_lunar_of(a, b) || is_lunar_of(b, a));
}
