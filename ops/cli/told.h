#ifndef HD_CLI_TOLD_H
#define HD_CLI_TOLD_H

/* What explain, person and evaluate tell programs in the same words. */

enum { CLI_TOLD_DIGITS = 9 };

#include "ops/cli/json.h"
#include "pipeline/analyse/explain.h"

json_t *cli_json_bits(int64_t weight); /* a weight in bits */
json_t *cli_json_level(const hd_run *run, uint32_t comparison, uint32_t level);
json_t *cli_json_mention(const hd_run *run, hd_mention i);     /* {source, record_id, role} */
json_t *cli_json_edge(const hd_run *run, const hd_edge *edge); /* {a, b, weight} */
/* null where nothing was written */
json_t *cli_json_value(const hd_run *run, hd_explain_style style, hd_mention i, uint32_t field);

#endif
