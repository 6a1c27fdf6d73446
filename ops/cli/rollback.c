#include <stdio.h>
#include <unistd.h>

#include "ops/cli/past.h"
#include "ops/cli/words.h"
#include "pipeline/current.h"
#include "pipeline/lock.h"

static const char *config = "hedui.yaml", *run_id;

static uint32_t count_published(const hd_stored_run *runs, uint32_t n)
{
    uint32_t n_published = 0;
    for (uint32_t i = 0; i < n; i++)
        n_published += hd_str_eq(runs[i].state, HD_STR("published"));
    return n_published;
}

static void tell(const cli_past *past, uint32_t n_taken_back)
{
    char n[16];
    snprintf(n, sizeof n, "%u", n_taken_back);
    cli_say(past->ruleset->catalogue, "runs.went_back", "run", run_id, "n", n, NULL);
}

/* The next run goes on from there: `current` says the same as the tables. */
static hd_status go_back(hd_ctx *ctx, cli_past *past)
{
    hd_stored_run *before, *after;
    uint32_t n;
    HD_TRY(cli_past_runs(ctx, past, &before, &n));
    uint32_t n_published = count_published(before, n);
    HD_TRY(hd_store_rollback(ctx, past->store, hd_str_from(run_id)));
    HD_TRY(hd_current_repair(ctx, past->runs, hd_str_from(run_id)));
    HD_TRY(cli_past_runs(ctx, past, &after, &n));
    tell(past, n_published - count_published(after, n));
    return HD_OK;
}

static hd_status rollback(hd_ctx *ctx)
{
    cli_past past;
    int lock = -1;
    hd_status status = cli_past_configure(ctx, config, &past);
    if (status == HD_OK)
        status = hd_runs_lock(ctx, past.runs, &lock);
    if (status == HD_OK)
        status = cli_past_open(ctx, HD_STORE_WRITE, &past);
    if (status == HD_OK)
        status = go_back(ctx, &past);
    cli_past_close(&past);
    if (lock >= 0)
        close(lock);
    return status;
}

const cli_command cli_rollback = {
    .name = "rollback",
    .purpose = "make the tables again what an earlier run left",
    .arguments = "RUN [--config FILE]",
    .summary =
        "Take back the runs after RUN, newest first, in one transaction. Files stay; the next run "
        "goes on from RUN's tables. `hedui runs` shows how far back one can go.",
    .options = {CLI_CONFIG(config)},
    .least = 1,
    .most = 1,
    .rest = &run_id,
    .run = rollback,
};
