#ifndef HD_MATCHERS_LUNAR_H
#define HD_MATCHERS_LUNAR_H

/* The Chinese lunisolar calendar of the years 1900 to 2100, as printed calendars have it. Village
 * registers hold lunar birthdays written like any date: 1980-01-15 for the fifteenth of the first
 * month, which was 1980-03-01. Pure; 5 to 20 ns; no ICU call, no allocation.
 *
 * Source: GB/T 33661-2017; the years as PyPI's borax 4.1.3 (MIT) has them, which a test compares
 * with ICU day by day. ICU 72 computes a few months of the years before 1929, and those whose new
 * moon is within minutes of midnight, otherwise than they were printed: the test names them. */

#include "matchers/date.h"

typedef struct hd_lunar_day {
    hd_date written; /* year, month and day as yyyymmdd; 0: outside the table */
    bool leap;       /* the month is the second of its number */
} hd_lunar_day;

/* d complete. */
hd_lunar_day hd_lunar_of(hd_date d);
/* The Gregorian date of a lunar one; 0: there is no such day, or it is outside the table. */
hd_date hd_lunar_to_date(int year, int month, bool leap, int day);
/* One of two complete dates, read as a lunar one, is the other. A leap month is written like the
 * month it follows. Symmetric; no date is its own. */
bool hd_lunar_same(hd_date a, hd_date b);

#endif
