#ifndef HD_PIPELINE_FIELD_H
#define HD_PIPELINE_FIELD_H

/* What a value can be, and how good it is. */

#include "base/mask.h"

/* A kind names the standardiser of a field. X(name, type of the standard value, mask style) */
#define HD_KINDS(X)              \
    X(name, TEXT, NAME)          \
    X(id_number, TEXT, NUMBER)   \
    X(date, DATE, DATE)          \
    X(sex, TEXT, NONE)           \
    X(division, TEXT, NONE)      \
    X(phone, TEXT, NUMBER)       \
    X(address, TEXT, TEXT)       \
    X(code, TEXT, NONE)          \
    X(text, TEXT, TEXT)          \
    X(certificate, TEXT, NUMBER) \
    X(household, TEXT, TEXT)

typedef enum hd_kind {
#define X(name, type, mask) HD_KIND_##name,
    HD_KINDS(X)
#undef X
        HD_N_KINDS
} hd_kind;

/* How good a value is. Order matters: lower is better (survivorship prefers it). */
#define HD_STATES(X) \
    X(ok)            \
    X(repaired)      \
    X(suspicious)    \
    X(damaged)       \
    X(placeholder)   \
    X(invalid)       \
    X(missing)

typedef enum hd_state {
#define X(name) HD_STATE_##name,
    HD_STATES(X)
#undef X
        HD_N_STATES
} hd_state;

/* What is worse has no standard value: it is never a key, and never published. What is this bad has
 * one where it can be told. */
#define HD_STATE_LAST_WITH_VALUE HD_STATE_suspicious

/* Why a value has its state: bits, several can hold. The texts stand in rules/text.*.yaml. */
#define HD_REASONS(X)                                                                 \
    X(width)            /* full-width or compatibility characters were folded */      \
    X(blanks)           /* blanks or invisible characters inside were dropped */      \
    X(dot)              /* a middle dot other than U+00B7 was folded */               \
    X(stand_in)         /* a sign stands for a character that could not be written */ \
    X(note)             /* a note stuck to the value was cut off */                   \
    X(placeholder)      /* a text or number that stands for no value */               \
    X(id_length)        /* neither 15 nor 18 characters */                            \
    X(id_old)           /* 15 digits, written as 18 */                                \
    X(id_character)     /* a character that no number has */                          \
    X(id_checksum)      /* the check digit is wrong */                                \
    X(id_date)          /* the birth date inside does not exist */                    \
    X(lookalike)        /* O for 0, l for 1, x or × for X */                         \
    X(date_form)        /* no form of a date */                                       \
    X(date_impossible)  /* a day that does not exist */                               \
    X(date_partial)     /* month or day not known */                                  \
    X(date_two_digit)   /* the century was assumed */                                 \
    X(code_unknown)     /* not in the code table */                                   \
    X(phone_form)       /* no form of a telephone number */                           \
    X(division_form)    /* not 6, 9 or 12 digits */                                   \
    X(too_long)         /* longer than any such value */                              \
    X(division_unknown) /* a county that no edition of the codes has */               \
    X(division_old)     /* a code that has ended: no fault */                         \
    X(division_name)    /* a name stood for the code */                               \
    X(date_lunar)       /* a lunar date, converted */                                 \
    X(rounded)          /* a spreadsheet took the last digits of the number */        \
    X(phone_several)    /* several numbers in one field; the first good one counts */ \
    X(number_form)      /* no form of such a number */                                \
    X(address_repeated) /* the divisions stood twice */                               \
    X(id_area)          /* no edition of the division codes has the number's area */  \
    X(date_other)       /* a date in an unusual form, converted */

typedef enum hd_reason {
#define X(name) HD_REASON_##name,
    HD_REASONS(X)
#undef X
        HD_N_REASONS
} hd_reason;

#define HD_REASON_BIT(name) (UINT32_C(1) << HD_REASON_##name)

hd_mask_style hd_kind_mask(hd_kind kind);
/* Static storage, English identifiers as the rules write them. */
const char *hd_kind_name(hd_kind kind);
const char *hd_state_name(hd_state state);
const char *hd_reason_name(hd_reason reason);

#endif
