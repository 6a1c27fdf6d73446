#ifndef HD_CLI_THRESHOLDS_H
#define HD_CLI_THRESHOLDS_H

/* How `evaluate` prints what each threshold gives. */

#include "pipeline/analyse/thresholds.h"

void cli_thresholds_text(const hd_run *run, const hd_thresholds *thresholds);
void cli_thresholds_json(const hd_run *run, const hd_thresholds *thresholds);

#endif
