#ifndef HD_MATCHERS_NUMBER_DISTANCE_H
#define HD_MATCHERS_NUMBER_DISTANCE_H

/* Comparators of numbers, and how a number is read from a text. All numbers are finite. 5 ns. */

#include "base/view.h"

double hd_number_distance(double a, double b); /* |a - b| */
/* 1 - |a - b| / the larger of |a| and |b|, 0 where they have different signs: a likeness that does
 * not depend on the unit. */
double hd_number_similarity(double a, double b);

/* A decimal number as people write it: blanks around it, a sign, digits, a point and digits; no
 * exponent, no separators of thousands. At most 15 digits, so that it is held as it was written.
 * False: anything else. */
bool hd_decimal_read(hd_str text, double *out);

#endif
