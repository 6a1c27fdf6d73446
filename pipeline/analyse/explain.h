#ifndef HD_ANALYSE_EXPLAIN_H
#define HD_ANALYSE_EXPLAIN_H

/* Why two mentions were or were not linked, in words and weights. Values are masked. */

#include "base/buf.h"
#include "pipeline/run.h"

/* SOURCE:ID[:ROLE]; colons inside the id are fine where a role is given. The role may be left out
 * where the record has one mention. A personal key may be given as it is or as its hash. HD_USAGE
 * where there is none such. */
hd_status hd_explain_find(hd_ctx *ctx, const hd_run *run, const char *name, hd_mention *out);

/* `run` went to HD_RUN_TO_CLUSTER. Text is appended in the run's language. */
void hd_explain_pair(const hd_run *run, hd_mention a, hd_mention b, hd_buf *out);

#endif
