#ifndef HD_PIPELINE_CURRENT_H
#define HD_PIPELINE_CURRENT_H

/* runs/current: a symbolic link that names the folder of the last published run. It is made beside
 * and renamed, so that it names one run or the other at any time. `runs`: the folder of runs. */

#include "base/view.h"
#include "hedui/status.h"

hd_status hd_current_set(hd_ctx *ctx, const char *runs, hd_str run_id);
bool hd_current_is(const char *runs, hd_str run_id);
/* `run_id`: the last run that the store says was published; null: none was. A run that was lost
 * between its transaction and this link left it behind: where the run's folder is there, it is
 * set. Needs the lock of runs. */
hd_status hd_current_repair(hd_ctx *ctx, const char *runs, hd_str run_id);

#endif
