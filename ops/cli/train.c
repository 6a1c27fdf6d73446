#include "pipeline/analyse/train.h"

#include <stdio.h>
#include <unistd.h>

#include "ops/cli/cli.h"
#include "pipeline/run.h"

static void print_model(const hd_run *run, const hd_model *model)
{
    cli_table table = {.n_columns = 4};
    const char *head[] = {"comparison = level", "m", "u", "bits"};
    for (int i = 0; i < 4; i++)
        cli_cell(&table, hd_str_from(head[i]));
    for (uint32_t c = 0; c < run->ruleset->n_comparisons; c++) {
        const hd_comparison *comparison = &run->ruleset->comparisons[c];
        for (uint32_t l = 0; l < comparison->n_levels; l++) {
            const hd_model_level *level = &model->comparison[c].level[l];
            cli_cellf(&table, "%.*s = %.*s", HD_ARG(comparison->code),
                      HD_ARG(comparison->levels[l].code));
            cli_cellf(&table, "%.6f", level->m);
            cli_cellf(&table, "%.3g", level->u);
            cli_cellf(&table, "%+.2f", __builtin_log2(level->m / level->u));
        }
    }
    cli_table_print(&table, stdout);
    printf("prior %.3g (%+.2f bits)\n", model->prior, __builtin_log2(model->prior));
}

static hd_run_options options = {.config = "hedui.yaml"};
static const char *threads, *out;
static bool quiet;

static hd_status train_model(hd_ctx *ctx)
{
    ctx->quiet = quiet;
    HD_TRY(cli_threads(ctx, threads));
    hd_run run;
    hd_model *model = NULL;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_PLAN, &run);
    if (status == HD_OK && !out && access(hd_run_model_path(&run), F_OK) == 0) {
        hd_hint(ctx, "write the new one beside it with --out, compare, then put it in its place");
        status = HD_FAIL(ctx, HD_USAGE, "%s is the model in use", hd_run_model_path(&run));
    }
    if (status == HD_OK)
        status = hd_blocks_check(ctx, run.ruleset, &run.blocks);
    if (status == HD_OK)
        status = hd_train_run(ctx, &run.plan, &run.blocks, &model);
    if (status == HD_OK) {
        const char *path = out ? out : hd_run_model_path(&run);
        status = hd_model_save(ctx, path, run.ruleset, model);
        if (status == HD_OK) {
            print_model(&run, model);
            printf("%s\n", path);
        }
    }
    hd_model_free(model);
    hd_run_release(&run);
    return status;
}

const cli_command cli_train = {
    .name = "train",
    .purpose = "propose a linkage model from the data at hand",
    .arguments = "[--config FILE] [--out FILE]",
    .summary = "Estimate a linkage model from the sources, for review.",
    .options =
        {
            {"config", "FILE", "configuration (default: hedui.yaml)", &options.config, NULL},
            {"out", "FILE",
             "where the model goes (default: link.model of the configuration, where there is none "
             "yet)",
             &out, NULL},
            {"threads", "N", "threads (default: as many as there are processors)", &threads, NULL},
            {"quiet", NULL, "no progress", NULL, &quiet},
        },
    .run = train_model,
};
