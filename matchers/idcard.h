#ifndef HD_MATCHERS_IDCARD_H
#define HD_MATCHERS_IDCARD_H

/* Citizens' identity numbers, GB 11643-1999: area 6, birth date 8, sequence 3 (odd: male), check 1;
 * and which other document a number is of. Here standard forms only: of a citizen's number 18
 * characters, digits and a last X. Pure, no allocation.
 *
 * The permits of residents of Hong Kong, Macao and Taiwan have the same layout with an area of
 * their own. The card of foreign permanent residents has 18 characters that begin with 9 and the
 * same check; what it holds inside is not published, so neither date nor sex is read from it. */

#include "base/view.h"
#include "matchers/date.h"

/* The document that a standard number is of, by its form alone. X(name) */
#define HD_ID_TYPES(X)                                                                        \
    X(none)                     /* no form that is known */                                   \
    X(citizen)                  /* 18 characters; or 15 digits that could not be converted */ \
    X(hong_kong_macao_resident) /* area 810000, 820000 */                                     \
    X(taiwan_resident)          /* area 830000 */                                             \
    X(foreign_resident)         /* 9 and 17 more; formerly three letters, 12 digits */        \
    X(hong_kong_macao_travel)   /* H or M, 8 digits */                                        \
    X(taiwan_travel)            /* 8 digits */                                                \
    X(passport)                 /* a letter or two, digits */                                 \
    X(birth_certificate)        /* a letter, 9 digits */                                      \
    X(military)                 /* 军字第…号 */                                         \
    X(armed_police)             /* 武字第…号 */

typedef enum hd_id_type {
#define X(name) HD_ID_TYPE_##name,
    HD_ID_TYPES(X)
#undef X
        HD_N_ID_TYPES
} hd_id_type;

/* How two standard numbers differ: the first that holds. A slip of the pen breaks the check digit
 * (every single wrong digit, every swap of neighbours: ISO 7064 MOD 11-2), so two right check
 * digits exclude `one_digit` and `swapped` by arithmetic and `two_digits` by definition: they are
 * neighbours in a sequence, two persons. `except_area` and `except_date` leave the check digit out,
 * as a program that made a number from a wrong area or date made its check digit too. Documents
 * without a check digit are the same or differ: one digit apart is the next in the pile. */
#define HD_ID_DIFFERENCES(X)                                      \
    X(same)                                                       \
    X(same_old) /* 15 digits against the 18 of the same person */ \
    X(one_digit)                                                  \
    X(swapped)     /* two neighbours have changed places */       \
    X(except_area) /* birth date and sequence are the same */     \
    X(except_date) /* area and sequence are the same */           \
    X(two_digits)                                                 \
    X(differs)

typedef enum hd_id_difference {
#define X(name) HD_ID_##name,
    HD_ID_DIFFERENCES(X)
#undef X
        HD_N_ID_DIFFERENCES
} hd_id_difference;

char hd_idcard_check(const char digits17[17]); /* '0' … '9' or 'X' (ISO 7064 MOD 11-2) */
bool hd_idcard_shape(hd_str id);               /* 17 digits and a digit or X */
bool hd_idcard_foreign(hd_str id);             /* shape, and begins with 9 */
bool hd_idcard_valid(hd_str id); /* shape, existing birth date (where one is read), check digit */
hd_date hd_idcard_birth_date(hd_str id); /* 0 where there is none that exists, or none is read */
char hd_idcard_sex(hd_str id);           /* '1' male, '2' female, 0 where none is read */
bool hd_idcard_has_area(hd_str id);      /* its first six digits are an area */
hd_id_type hd_idcard_type(hd_str id);
const char *hd_id_type_name(hd_id_type type); /* static storage */
/* What a mask usually leaves of a number, its area and its last four characters: of a citizen's
 * number, or of one that shows these alone (530303********0285). False: of anything else. */
enum { HD_ID_SHOWN_BYTES = 10 };
bool hd_idcard_shown(hd_str id, char out[HD_ID_SHOWN_BYTES]);
/* Symmetric; 10 ns. */
hd_id_difference hd_idcard_compare(hd_str a, hd_str b);

/* Where one number is compared with many: its characters but the first two, four bits each, the
 * first ones highest; 0: not of that shape. Of two such words hd_idcard_packed_differ says that the
 * numbers are HD_ID_differs, or nothing. About 1 ns. */
uint64_t hd_idcard_pack(hd_str id);
static inline bool hd_idcard_packed_differ(uint64_t a, uint64_t b)
{
    uint64_t bits = a ^ b, places = bits | bits >> 1;
    places = (places | places >> 2) & UINT64_C(0x1111111111111111);
    places &= places - 1;
    places &= places - 1; /* two of those that differ are taken off */
    bool other_sequence = bits & 0xFFF0;
    return a && b && places && other_sequence;
}

#endif
