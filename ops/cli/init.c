#include "pipeline/config/init.h"

#include <stdio.h>
#include <unistd.h>

#include "ops/cli/cli.h"
#include "pipeline/io/file.h"

hd_status cli_init(hd_ctx *ctx, int argc, char **argv)
{
    const char *folder = NULL;
    bool helped, force = false;
    const cli_option table[] = {
        {"force", NULL, "write over a hedui.yaml that is there", NULL, &force},
    };
    const cli_syntax syntax = {
        "init",
        "FOLDER [--force]",
        "Write FOLDER/hedui.yaml from the CSV files in FOLDER; guesses are marked for review.",
        table,
        sizeof table / sizeof *table,
        1,
        1};
    HD_TRY(cli_parse(ctx, argc, argv, &syntax, &folder, &helped));
    if (helped)
        return HD_OK;
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
