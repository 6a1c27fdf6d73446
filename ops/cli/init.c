#include "pipeline/config/init.h"

#include <stdio.h>
#include <unistd.h>

#include "ops/cli/cli.h"
#include "pipeline/io/file.h"

static const char *folder;
static bool force;

static hd_status init_folder(hd_ctx *ctx)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/hedui.yaml", folder);
    if (!force && access(path, F_OK) == 0) {
        hd_hint(ctx, "move it away, or write over it with --force");
        return HD_FAIL(ctx, HD_USAGE, "%s is there already", path);
    }
    hd_buf yaml = {0};
    hd_status status = hd_init_folder(ctx, folder, NULL, &yaml);
    if (status == HD_OK)
        status = hd_file_write(ctx, path, 0644, hd_buf_str(&yaml));
    if (status == HD_OK)
        printf("%s\n", path);
    hd_buf_release(&yaml);
    return status;
}

const cli_command cli_init = {
    .name = "init",
    .purpose = "write a configuration from what a folder of CSV files holds",
    .arguments = "FOLDER [--force]",
    .summary =
        "Write FOLDER/hedui.yaml from the CSV files in FOLDER; guesses are marked for review.",
    .options =
        {
            {"force", NULL, "write over a hedui.yaml that is there", NULL, &force},
        },
    .least = 1,
    .most = 1,
    .rest = &folder,
    .run = init_folder,
};
