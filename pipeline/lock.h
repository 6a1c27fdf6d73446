#ifndef HD_PIPELINE_LOCK_H
#define HD_PIPELINE_LOCK_H

/* The lock of a folder of runs: who has it may publish, and clear up what others left. It goes with
 * the process, however that ends. */

#include "hedui/status.h"

/* Makes the folder where it is not there. HD_LOCKED where another process has the lock. *fd: to be
 * closed. */
hd_status hd_runs_lock(hd_ctx *ctx, const char *runs, int *fd);
/* Whether some process has it now. */
bool hd_runs_locked(const char *runs);

#endif
