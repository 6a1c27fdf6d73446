#include "matchers/date.h"

enum { YEARS_PER_ERA = 400, DAYS_PER_ERA = 146097 };

typedef struct parts {
    int year, month, day;
} parts;

static inline parts split(hd_date d)
{
    return (parts){d / 10000, d / 100 % 100, d % 100};
}

/* Unknown parts as the first of their period. */
static inline parts split_first(hd_date d)
{
    parts p = split(d);
    return (parts){p.year, p.month ? p.month : 1, p.day ? p.day : 1};
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_of_month(int year, int month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Unknown parts as the last of their period. */
static inline parts split_last(hd_date d)
{
    parts p = split(d);
    if (!p.month)
        return (parts){p.year, 12, 31};
    return (parts){p.year, p.month, p.day ? p.day : days_of_month(p.year, p.month)};
}

bool hd_date_exists(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days_of_month(year, month);
}

bool hd_date_complete(hd_date d)
{
    parts p = split(d);
    return p.month != 0 && p.day != 0;
}

/* Years begin in March, so that the leap day is a year's last; eras are 400 years. No year here is
 * below 0, so no division needs to round towards minus infinity. */
static int32_t to_days(parts p)
{
    int month = (p.month + 9) % 12;
    int year = p.year - (month >= 10);
    int era = year / YEARS_PER_ERA, year_of_era = year % YEARS_PER_ERA;
    int day_of_year = (153 * month + 2) / 5 + p.day - 1;
    return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year;
}

int32_t hd_date_to_days(hd_date d)
{
    return to_days(split(d));
}

hd_date hd_date_from_days(int32_t days)
{
    int era = days / DAYS_PER_ERA, day_of_era = days % DAYS_PER_ERA;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;
    int day = day_of_year - (153 * march_month + 2) / 5 + 1;
    int month = march_month < 10 ? march_month + 3 : march_month - 9;
    int year = era * YEARS_PER_ERA + year_of_era + (month <= 2);
    return year * 10000 + month * 100 + day;
}

int32_t hd_date_age(hd_date birth, hd_date at)
{
    parts b = split_first(birth), a = split_first(at);
    return a.year - b.year - (a.month * 100 + a.day < b.month * 100 + b.day);
}

int32_t hd_date_days_between(hd_date a, hd_date b)
{
    return to_days(split_first(b)) - to_days(split_first(a));
}

uint32_t hd_date_days_apart(hd_date a, hd_date b)
{
    int32_t behind = to_days(split_first(b)) - to_days(split_last(a));
    int32_t before = to_days(split_first(a)) - to_days(split_last(b));
    int32_t apart = behind > before ? behind : before;
    return apart > 0 ? (uint32_t)apart : 0;
}

static uint32_t digits_differing(int a, int b)
{
    uint32_t n = 0;
    for (; a != b; a /= 10, b /= 10)
        n += a % 10 != b % 10;
    return n;
}

uint32_t hd_date_digits_differing(hd_date a, hd_date b)
{
    if (a == b)
        return 0;
    parts x = split(a), y = split(b);
    uint32_t n = digits_differing(x.year, y.year);
    if (x.month && y.month)
        n += digits_differing(x.month, y.month);
    if (x.day && y.day)
        n += digits_differing(x.day, y.day);
    return n;
}

bool hd_date_swapped(hd_date a, hd_date b)
{
    parts x = split(a), y = split(b);
    return a != b && hd_date_complete(a) && hd_date_complete(b) && x.year == y.year &&
           x.month == y.day && x.day == y.month;
}
