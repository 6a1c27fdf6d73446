#ifndef HD_ANALYSE_TERMS_H
#define HD_ANALYSE_TERMS_H

/* Term frequencies of a comparison, from the mentions: the share of each value among those that
 * have one. A value that few share is not written into a model: it would name somebody. */

#include "pipeline/plan.h"

/* `u`: of the level that they adjust. Fills the terms and the floor of the model's comparison. */
void hd_terms_count(const hd_plan *plan, uint32_t comparison, double u, hd_model *model);

#endif
