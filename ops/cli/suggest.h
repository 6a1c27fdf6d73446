#ifndef HD_CLI_SUGGEST_H
#define HD_CLI_SUGGEST_H

#include "pipeline/run.h"

/* `hedui blocks --suggest` over a run that has its plan. `budget`: as it was typed, or NULL. */
hd_status cli_suggest(hd_ctx *ctx, hd_run *run, const char *budget, bool json);

#endif
