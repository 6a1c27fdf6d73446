#ifndef HD_MATCHERS_DIVISION_NAMES_H
#define HD_MATCHERS_DIVISION_NAMES_H

/* Names of divisions as people write them, found where a text opens with one. Part of
 * hd_divisions (divisions.h), which makes it. */

#include "matchers/divisions.h"

typedef struct hd_division_names hd_division_names;

/* Spellings of each entry: its name (宁蒗彝族自治县); without what says the rank and the peoples
 * (宁蒗), which counts only below a division that is known; that with the plain rank (宁蒗县); of a
 * village the name without 村民委员会 and the like. Rows of the code list that name no place
 * (市辖区) have none. Lives in `arena`; texts are pointed to. */
const hd_division_names *hd_division_names_make(hd_arena *arena, const hd_division *entries,
                                                uint32_t n);
/* As hd_divisions_match. */
hd_division_match hd_division_names_match(const hd_division_names *names, hd_str text,
                                          hd_division_code within);

#endif
