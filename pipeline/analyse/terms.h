#ifndef HD_ANALYSE_TERMS_H
#define HD_ANALYSE_TERMS_H

/* Term frequencies of a level: the share of each value among all that have one; and a floor, for
 * values that are not listed.
 *   From the mentions: a value that few share is not written into a model: it would name somebody.
 *   From the table of a reference population, where the rules name one: a CSV file, UTF-8, with the
 * columns value, as the level's expression gives it, and count. */

#include "pipeline/model.h"
#include "pipeline/plan.h"

/* Fills `out` from the mentions. */
void hd_terms_count(const hd_plan *plan, int32_t slot, hd_arena *arena, hd_model_level *out);

/* Fills `out` from `table`, relative to the configuration. HD_SOURCE with file and line: a column
 * that is not there, a count that is no number above 0, a value twice, no value at all. */
hd_status hd_terms_read(hd_ctx *ctx, const hd_ruleset *ruleset, hd_str table, hd_arena *arena,
                        hd_model_level *out);

#endif
