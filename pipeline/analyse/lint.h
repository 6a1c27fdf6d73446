#ifndef HD_PIPELINE_LINT_H
#define HD_PIPELINE_LINT_H

/* Run the examples that the rules carry, without any source: an example's values are standardised
 * and checked by the real stages, its person numbers are the clusters.
 *
 * There is one source a type, with that type as its code. A mention belongs to the same record as
 * the one before it of its type, unless that record has its role already: so a child and its mother
 * stand in one birth record, two `self` in two records. What a type fills in from other roles is
 * not filled in: an example says itself what its mentions hold. */

#include "base/buf.h"
#include "pipeline/stages.h"

/* In: `ruleset` (its texts grow, else it is not changed). Out: how many examples were run; added to
 * `failures`, a line for each that failed:
 * "rules/checks.yaml:12: example 2 of id.checksum: expected found, was clean". */
hd_status hd_lint_examples(hd_ctx *ctx, hd_ruleset *ruleset, uint32_t *n_run, hd_buf *failures);

#endif
