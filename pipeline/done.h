#ifndef HD_PIPELINE_DONE_H
#define HD_PIPELINE_DONE_H

/* Whether the night that begins has been done: the run as whose work the tables stand was for the
 * same day, read the same rows, and had the same rules, model, decided pairs, site key and program,
 * so that another would make the same tables again. */

#include "pipeline/stages.h"

/* Of `outcome` what was read, the ruleset, the model and as_of count. `runs`: the folder of runs; a
 * run whose report is no longer there is not done. `last` may be NULL: there is none.
 * Cost: that of writing two short texts. */
bool hd_done_already(const hd_outcome *outcome, const hd_stored_run *last, const char *runs);

#endif
