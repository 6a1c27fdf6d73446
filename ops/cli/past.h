#ifndef HD_CLI_PAST_H
#define HD_CLI_PAST_H

/* What `runs`, `status` and `rollback` share: a configuration, and the store that it names. */

#include "pipeline/store/store.h"

typedef struct cli_past {
    hd_ruleset *ruleset;
    hd_store *store;  /* NULL: there is none yet */
    const char *runs; /* folder of runs */
    hd_arena arena;
} cli_past;

/* HD_CONFIG where the configuration names no store. Always cli_past_close. */
hd_status cli_past_configure(hd_ctx *ctx, const char *config, cli_past *past);
hd_status cli_past_open(hd_ctx *ctx, hd_store_use use, cli_past *past);
void cli_past_close(cli_past *past);
/* All runs that the store knows, oldest first; none where there is no store. */
hd_status cli_past_runs(hd_ctx *ctx, cli_past *past, hd_stored_run **runs, uint32_t *n);
/* A figure of the run's counts (persons, discrepancies …); 0 where it is not there. */
uint64_t cli_past_count(const hd_stored_run *run, const char *name);
/* "current", "published" or "rolled_back": runs.<x> of the catalogue. */
const char *cli_past_state(const hd_stored_run *run);

#endif
