#include "pipeline/analyse/explain.h"

#include <stdio.h>

#include "ops/cli/cli.h"

static hd_status explain(hd_ctx *ctx, const hd_run *run, const char *const *names)
{
    hd_mention mention[2];
    for (int i = 0; i < 2; i++)
        HD_TRY(hd_explain_find(ctx, run, names[i], &mention[i]));
    if (mention[0] == mention[1])
        return HD_FAIL(ctx, HD_USAGE, "both names are one mention");
    hd_buf text = {0};
    hd_explain_pair(run, mention[0], mention[1], &text);
    fputs(text.ptr, stdout);
    hd_buf_release(&text);
    return HD_OK;
}

static hd_run_options options = {.config = "hedui.yaml"};
static const char *names[2], *threads;

static hd_status explain_two(hd_ctx *ctx)
{
    ctx->quiet = true;
    HD_TRY(cli_threads(ctx, threads));
    hd_run run;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_CLUSTER, &run);
    if (status == HD_OK)
        status = explain(ctx, &run, names);
    hd_run_release(&run);
    return status;
}

const cli_command cli_explain = {
    .name = "explain",
    .purpose = "why two mentions were or were not linked",
    .arguments = "SOURCE:ID[:ROLE] SOURCE:ID[:ROLE] [--config FILE]",
    .summary = "Say why two mentions were or were not linked; values are masked.",
    .options =
        {
            {"config", "FILE", "configuration (default: hedui.yaml)", &options.config, NULL},
            {"threads", "N", "threads (default: as many as there are processors)", &threads, NULL},
        },
    .least = 2,
    .most = 2,
    .rest = names,
    .run = explain_two,
};
