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

hd_status cli_explain(hd_ctx *ctx, int argc, char **argv)
{
    hd_run_options options = {.config = "hedui.yaml"};
    const char *names[2], *threads = NULL;
    bool helped;
    const cli_option table[] = {
        {"config", "FILE", "configuration (default: hedui.yaml)", &options.config, NULL},
        {"threads", "N", "threads (default: as many as there are processors)", &threads, NULL},
    };
    const cli_syntax syntax = {"explain",
                               "SOURCE:ID[:ROLE] SOURCE:ID[:ROLE] [--config FILE]",
                               "Say why two mentions were or were not linked; values are masked.",
                               table,
                               sizeof table / sizeof *table,
                               2,
                               2};
    HD_TRY(cli_parse(ctx, argc, argv, &syntax, names, &helped));
    if (helped)
        return HD_OK;
    ctx->quiet = true;
    HD_TRY(cli_threads(ctx, threads));
    hd_run run;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_CLUSTER, &run);
    if (status == HD_OK)
        status = explain(ctx, &run, names);
    hd_run_release(&run);
    return status;
}
