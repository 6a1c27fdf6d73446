#ifndef HD_PIPELINE_NOTES_H
#define HD_PIPELINE_NOTES_H

/* What a run has to say beside its figures: blocks that it did not compare, a model whose rules
 * have changed, what gates warn of. All of it follows from what the run was given, so the page that
 * repeats it is the same where a lost run is done again. */

#include "pipeline/stages.h"

/* Appended in the county's language, a line each; nothing: there is nothing to beware of. */
void hd_notes_add(const hd_outcome *outcome, hd_buf *out);

#endif
