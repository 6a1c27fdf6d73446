#ifndef HD_BASE_MASK_H
#define HD_BASE_MASK_H

/* The only way to show a personal value where a reader's role does not allow it in full. */

#include "base/buf.h"

typedef enum hd_mask_style {
    HD_MASK_NONE,   /* sex, codes: as it is */
    HD_MASK_NAME,   /* 张*丰: first and last character stay; of two, the first; of one, none */
    HD_MASK_NUMBER, /* 1101**********002X: first 4, last 4; of 11 (telephones, 138****5678) first 3,
                       last 4; of fewer the first 3, but never more than half */
    HD_MASK_DATE,   /* 1980-**-**: four digits of the year stay; without them, none */
    HD_MASK_TEXT    /* 曲靖市****: first 3 characters stay, but never more than half */
} hd_mask_style;

/* Appends; a null or empty value adds nothing. Stars stand for characters one by one, except in
 * HD_MASK_TEXT, where there are always four. */
void hd_mask(hd_buf *out, hd_mask_style style, hd_str value);

#endif
