#ifndef HD_PIPELINE_RELATE_H
#define HD_PIPELINE_RELATE_H

/* Between two rounds of linkage: clusters → who each mention's mother, father, spouse and child is,
 * as far as clusters tell by now:
 *   the records: a birth has a child and its mother, a marriage two spouses (rules/types.yaml);
 *   lookups (`relations:` in rules/linkage.yaml): the number or the name of a mother that stands in
 *   a child's record leads to her, where it leads to one person alone.
 *   and of children of one mother born on one day, who was the first (`birth_order:` there).
 * A mention knows what it says itself, not what others of its cluster say: that two agree must not
 * follow from their having been joined. A person goes by its smallest mention, so nothing depends
 * on how clusters were numbered.
 *
 * Shape   mentions.related[relation][n_mentions]
 * Cost    O(n) for each relation that is asked for, sorts for each lookup */

#include "pipeline/computed.h"
#include "pipeline/stages.h"

/* Fills mentions->related from the clusters of the round before; `changed` tells whether that is
 * anything else than it was. `computed`, of the mentions and new in this round, gets what lookups
 * go by. */
hd_status hd_relate_run(hd_ctx *ctx, hd_mentions *mentions, const hd_clusters *clusters,
                        hd_computed_set *computed, bool *changed);
/* As if there had been no round yet. */
void hd_relate_forget(hd_mentions *mentions);

#endif
