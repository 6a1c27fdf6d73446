#ifndef HD_MATCHERS_DATE_H
#define HD_MATCHERS_DATE_H

/* Dates as packed integers yyyymmdd; 00 for a month or day that is not known. Proleptic Gregorian,
 * years 1 … 9999. Pure. */

#include <stdbool.h>
#include <stdint.h>

typedef int32_t hd_date; /* 0: none */

enum { HD_YEAR_FIRST = 1850 }; /* before, nobody of whom there is a record was born: a slip */

bool hd_date_exists(int year, int month, int day);
bool hd_date_complete(hd_date d); /* month and day known */
/* Days from 0000-03-01; d complete. Hinnant, "chrono-compatible low-level date algorithms". */
int32_t hd_date_to_days(hd_date d);
hd_date hd_date_from_days(int32_t days);
/* Completed years from `birth` to `at`; unknown parts count as the first of their period. */
int32_t hd_date_age(hd_date birth, hd_date at);
int32_t hd_date_days_between(hd_date a, hd_date b); /* b - a; unknown parts as above */
/* The fewest days that two dates can lie apart: of 1980 and any day of it none. */
uint32_t hd_date_days_apart(hd_date a, hd_date b);
/* Digits that differ among the parts known in both: 0 … 8. */
uint32_t hd_date_digits_differing(hd_date a, hd_date b);
/* Day and month swapped, both complete. */
bool hd_date_swapped(hd_date a, hd_date b);

#endif
