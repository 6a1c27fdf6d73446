#ifndef HD_PIPELINE_GIVEN_CLUSTERS_H
#define HD_PIPELINE_GIVEN_CLUSTERS_H

/* Clusters that were not found but said: by a rule's examples, by a known truth. */

#include "pipeline/stages.h"

/* In: `person` of each of `n` mentions, any numbers; equal numbers are one person. Out: as the
 * cluster stage hands on, without links (all weights HD_EDGE_NONE) and reviews; release with
 * hd_clusters_release. O(n). */
void hd_clusters_given(const uint32_t *person, uint32_t n, hd_clusters *out);

#endif
