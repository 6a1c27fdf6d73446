#ifndef HD_MATCHERS_IDCARD_H
#define HD_MATCHERS_IDCARD_H

/* Citizens' identity numbers, GB 11643-1999: area 6, birth date 8, sequence 3 (odd: male), check 1.
 * Here the standard form only: 18 characters, digits and a last X. Pure. */

#include "base/view.h"
#include "matchers/date.h"

char hd_idcard_check(const char digits17[17]); /* '0' … '9' or 'X' (ISO 7064 MOD 11-2) */
bool hd_idcard_shape(hd_str id);               /* 17 digits and a digit or X */
bool hd_idcard_valid(hd_str id);               /* shape, existing birth date, check digit */
hd_date hd_idcard_birth_date(hd_str id);       /* 0 where there is none that exists */
char hd_idcard_sex(hd_str id);                 /* '1' male, '2' female, 0 where shape is wrong */

#endif
