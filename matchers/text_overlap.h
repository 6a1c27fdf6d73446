#ifndef HD_MATCHERS_TEXT_OVERLAP_H
#define HD_MATCHERS_TEXT_OVERLAP_H

/* Comparators of texts by what parts they share, wherever it stands: groups of neighbouring
 * characters, words, values of a list. The contract is matchers/comparator.h's.
 *
 * Cost  groups: two texts of at most 64 characters one step a character, longer ones O(|a||b|);
 *       words and values: O(words of a × words of b), 0.1 µs for three each. */

#include "base/view.h"

/* ---- q-grams: Ukkonen 1992; a group that stands twice counts twice ----
 * A text that is too short to have a group equals itself alone. */
double hd_bigram_overlap(hd_str a, hd_str b); /* share of the shorter's pairs of characters */
double hd_bigram_dice(hd_str a, hd_str b);    /* those in common over the mean number of them */
double hd_bigram_jaccard(hd_str a, hd_str b); /* … over the number of those that either has */
double hd_trigram_jaccard(hd_str a, hd_str b);

/* ---- sets: order and repetition do not count ----
 * Their members are compared as they are written; at most the first HD_MEMBERS_MAX count. A text
 * without members equals itself alone. */
enum { HD_MEMBERS_MAX = 64 };

/* Words, parted by blanks, middle dots, hyphens and other punctuation, not by apostrophes: the
 * share of the words of either that both have (Jaccard 1901). Han is not parted into words: there
 * the groups of characters serve. */
double hd_token_set(hd_str a, hd_str b);
/* Several values in one field, parted by , ; | / 、 ， ； ／ ｜ or a line's end, blanks around them
 * cut off: how many both have, and that as a share of the shorter list. */
uint32_t hd_list_shared(hd_str a, hd_str b);
double hd_list_overlap(hd_str a, hd_str b);

#endif
