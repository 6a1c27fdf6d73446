#ifndef HD_PIPELINE_BIRTHS_H
#define HD_PIPELINE_BIRTHS_H

/* Of children of one mother born on one day, who was the first: `birth_order:` in
 * rules/linkage.yaml, "1/2" and "2/2". It goes by all that is known of a person: a mother whom one
 * of a person's mentions names is the mother of all of them.
 *
 * Cost   O(n) for each order; `when` and `by` are asked only of those who share a day with another
 */

#include "pipeline/stages.h"

/* `person`: of each mention, the smallest of its cluster. Fills `order`, an hd_text a mention,
 * where it is known. Needs mentions->related of the parents. */
hd_status hd_births_order(hd_ctx *ctx, const hd_mentions *mentions, const hd_clusters *clusters,
                          const hd_mention *person, uint32_t *order);

#endif
