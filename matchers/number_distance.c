#include "matchers/number_distance.h"

#include <float.h>
#include <math.h>

double hd_number_distance(double a, double b)
{
    return fmin(fabs(a - b), DBL_MAX);
}

double hd_number_similarity(double a, double b)
{
    if (a == b)
        return 1;
    return (a < 0) == (b < 0) ? 1 - fabs(a - b) / fmax(fabs(a), fabs(b)) : 0;
}

/* Without a library call, whose decimal point depends on the locale. Both numbers of the division
 * are exact, so its result is the nearest that there is. */
bool hd_decimal_read(hd_str text, double *out)
{
    enum { DIGITS_MAX = 15 };
    double whole = 0, scale = 1;
    uint32_t n_digits = 0, at = 0;
    bool point = false;
    text = hd_str_trim(text);
    bool negative = text.len_bytes && text.ptr[0] == '-';
    if (text.len_bytes && (negative || text.ptr[0] == '+'))
        at++;
    for (; at < text.len_bytes; at++) {
        char c = text.ptr[at];
        if (c == '.' && !point && n_digits) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++n_digits > DIGITS_MAX)
            return false;
        whole = whole * 10 + (c - '0');
        scale *= point ? 10 : 1;
    }
    if (!n_digits || text.ptr[text.len_bytes - 1] == '.')
        return false;
    *out = (negative ? 0.0 - whole : whole) / scale;
    return true;
}
