#include <stdio.h>

#include "ops/cli/cli.h"
#include "pipeline/analyse/splink_read.h"
#include "pipeline/analyse/splink_write.h"
#include "pipeline/io/file.h"
#include "pipeline/run.h"

static hd_run_options options = {.config = "hedui.yaml"};
static const char *from, *to, *columns, *out, *threads;
static bool table, quiet;

static hd_str path_in(hd_arena *arena, const char *folder, const char *name)
{
    return hd_arena_printf(arena, "%s/%s", folder, name);
}

/* Never over a file that is there: it may be the rules or the model in use. */
static hd_status write_new(hd_ctx *ctx, const char *path, const hd_buf *text)
{
    FILE *there = fopen(path, "re");
    if (there) {
        fclose(there);
        hd_hint(ctx, "name another folder with --out, compare, then put it in its place");
        return HD_FAIL(ctx, HD_USAGE, "%s is there already", path);
    }
    return hd_file_write(ctx, path, 0644, hd_buf_str(text));
}

/* ---- from Splink ---- */

static hd_status read_texts(hd_ctx *ctx, hd_buf *settings, hd_buf *names)
{
    HD_TRY_DOING(ctx, hd_file_read(ctx, from, settings), "reading Splink's settings");
    if (columns)
        HD_TRY_DOING(ctx, hd_file_read(ctx, columns, names), "reading what the columns are");
    return HD_OK;
}

static hd_status write_rules(hd_ctx *ctx, const hd_splink_model *model, const hd_ruleset *ruleset,
                             const hd_ruleset *packaged, hd_str names)
{
    hd_arena arena = {0};
    hd_buf rules = {0};
    const char *folder = path_in(&arena, out, "rules").ptr;
    const char *linkage = path_in(&arena, folder, "linkage.yaml").ptr;
    const char *model_path = path_in(&arena, out, "model.json").ptr;
    hd_splink_rules(model, packaged, names, &rules);
    hd_status status = hd_folder_make(ctx, folder, 0755);
    if (status == HD_OK)
        status = write_new(ctx, linkage, &rules);
    if (status == HD_OK)
        status = hd_splink_save(ctx, model_path, model, ruleset);
    if (status == HD_OK)
        printf("%s%s\n%s\n", hd_buf_str(&model->notes).ptr, linkage, model_path);
    hd_buf_release(&rules);
    hd_arena_release(&arena);
    return status;
}

static hd_status import(hd_ctx *ctx, hd_ruleset *ruleset, const hd_ruleset *packaged)
{
    hd_buf settings = {0}, names = {0};
    hd_splink_model model = {0};
    hd_status status = read_texts(ctx, &settings, &names);
    if (status == HD_OK && columns)
        status = hd_splink_read_columns(ctx, columns, hd_buf_str(&names), ruleset);
    if (status == HD_OK)
        status = hd_splink_read(ctx, from, hd_buf_str(&settings), ruleset, &model);
    if (status == HD_OK)
        status = write_rules(ctx, &model, ruleset, packaged, hd_buf_str(&names));
    hd_splink_release(&model);
    hd_buf_release(&names);
    hd_buf_release(&settings);
    return status;
}

static hd_status from_splink(hd_ctx *ctx)
{
    hd_ruleset *ruleset = NULL, *packaged = NULL;
    if (!out)
        return HD_FAIL(ctx, HD_USAGE, "hedui model: --from-splink needs --out");
    hd_status status = hd_ruleset_load(ctx, options.config, NULL, &ruleset);
    if (status == HD_OK)
        status = hd_ruleset_load_packaged(ctx, NULL, NULL, &packaged);
    if (status == HD_OK)
        status = import(ctx, ruleset, packaged);
    hd_ruleset_free(packaged);
    hd_ruleset_free(ruleset);
    return status;
}

/* ---- to Splink ---- */

static hd_status write_files(hd_ctx *ctx, const hd_run *run, const hd_splink_written *written)
{
    hd_arena arena = {0};
    const char *settings = path_in(&arena, to, "settings.json").ptr;
    const char *names = path_in(&arena, to, "columns.yaml").ptr;
    const char *mentions = path_in(&arena, to, "mentions.csv").ptr;
    hd_status status = hd_folder_make(ctx, to, 0755);
    if (status == HD_OK)
        status = hd_file_write(ctx, settings, 0644, hd_buf_str(&written->settings));
    if (status == HD_OK)
        status = hd_file_write(ctx, names, 0644, hd_buf_str(&written->columns));
    if (status == HD_OK && table)
        status = hd_splink_write_table(ctx, mentions, &run->mentions, written);
    if (status == HD_OK)
        printf("%s%s\n%s\n%s%s", hd_buf_str(&written->notes).ptr, settings, names,
               table ? mentions : "", table ? "\n" : "");
    hd_arena_release(&arena);
    return status;
}

static hd_status export(hd_ctx *ctx, hd_run *run)
{
    hd_splink_written written = {0};
    HD_TRY(hd_model_load(ctx, hd_run_model_path(run), run->ruleset, &run->model));
    hd_status status = hd_splink_write(ctx, run->ruleset, run->model, &written);
    if (status == HD_OK)
        status = write_files(ctx, run, &written);
    hd_splink_written_release(&written);
    return status;
}

static hd_status to_splink(hd_ctx *ctx)
{
    hd_run run = {.options = options, .lock_fd = -1};
    hd_status status = table ? hd_run_start(ctx, &options, HD_RUN_TO_PLAN, &run)
                             : hd_ruleset_load(ctx, options.config, NULL, &run.ruleset);
    if (status == HD_OK)
        status = export(ctx, &run);
    hd_run_release(&run);
    return status;
}

static hd_status convert(hd_ctx *ctx)
{
    ctx->quiet = quiet;
    HD_TRY(cli_threads(ctx, threads));
    if (!from == !to)
        return HD_FAIL(ctx, HD_USAGE,
                       "hedui model: one of --from-splink and --to-splink is needed");
    return from ? from_splink(ctx) : to_splink(ctx);
}

const cli_command cli_model = {
    .name = "model",
    .purpose = "a model from Splink, or to it",
    .arguments = "--from-splink FILE --out FOLDER [--columns FILE] | --to-splink FOLDER [--table]",
    .summary = "Read a model in Splink's settings JSON as linkage rules and a model, or write the "
               "model in use as one, with the table of mentions that it is over.",
    .options =
        {
            CLI_CONFIG(options.config),
            {"from-splink", "FILE", "a model that Splink saved", &from, NULL},
            {"columns", "FILE",
             "what its columns are, where they are no fields: YAML, a column and an expression of "
             "the rule language a line",
             &columns, NULL},
            {"out", "FOLDER", "gets rules/linkage.yaml and model.json", &out, NULL},
            {"to-splink", "FOLDER", "gets settings.json and columns.yaml", &to, NULL},
            {"model", "FILE", "the model to write (default: link.model of the configuration)",
             &options.model, NULL},
            {"table", NULL, "and mentions.csv: one row a mention, with the columns of the model",
             NULL, &table},
            CLI_THREADS(threads),
            CLI_QUIET(quiet),
        },
    .run = convert,
};
