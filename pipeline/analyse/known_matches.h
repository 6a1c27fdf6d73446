#ifndef HD_ANALYSE_KNOWN_MATCHES_H
#define HD_ANALYSE_KNOWN_MATCHES_H

/* Pairs of mentions that are known to be one person: from labels, decisions or the truth. What a
 * model's m is estimated from, and passes are measured by. Pairs that are never compared (two of
 * one record) are left out. */

#include "pipeline/analyse/labels.h"

typedef struct hd_known_match {
    hd_mention a, b; /* a < b */
    double weight;   /* pairs that it stands for */
} hd_known_match;

typedef struct hd_known_matches {
    hd_known_match *pair;
    size_t n, cap;
} hd_known_matches;

/* Those that were labelled as same, in their order; each stands for its part of its stratum. */
void hd_known_from_labels(const hd_plan *plan, const hd_labels *labels, hd_known_matches *out);
/* All pairs of mentions of one person. */
void hd_known_from_truth(const hd_plan *plan, const hd_truth *truth, hd_known_matches *out);
void hd_known_matches_release(hd_known_matches *known);

#endif
