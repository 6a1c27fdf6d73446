#ifndef HD_MATCHERS_TEXT_DISTANCE_H
#define HD_MATCHERS_TEXT_DISTANCE_H

/* Distances of two texts, by code points, never bytes. Symmetric, pure, thread-safe, no allocation.
 * Texts longer than HD_DISTANCE_MAX code points are compared on their first HD_DISTANCE_MAX. */

#include "base/view.h"

enum { HD_DISTANCE_MAX = 64 };

uint32_t hd_levenshtein(hd_str a, hd_str b); /* insert, delete, replace; Myers 1999 bit-parallel */
uint32_t hd_damerau(hd_str a, hd_str b);     /* optimal string alignment: adjacent swap counts 1 */
double hd_jaro(hd_str a, hd_str b);          /* 1: equal; two empty texts: 1. Jaro 1989 */
double hd_jaro_winkler(hd_str a,
                       hd_str b); /* prefix scale 0.1, at most 4 characters, Winkler 1990 */
uint32_t hd_positions_differing(hd_str a, hd_str b); /* Hamming; the longer's rest counts */
/* Share of the shorter text's code point bigrams that the longer has too (multiset), 0 … 1. */
double hd_bigram_overlap(hd_str a, hd_str b);

#endif
