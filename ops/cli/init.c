#include "pipeline/config/init.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/cli/cli.h"
#include "pipeline/analyse/init_database.h"
#include "pipeline/config/conninfo.h"
#include "pipeline/io/file.h"

static const char *place, *out, *tls_waiver;
static bool force;

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_database(const char *text)
{
    return !is_folder(text) && (strchr(text, '=') || hd_conninfo_is_uri(hd_str_from(text)));
}

static hd_status write_file(hd_ctx *ctx, const char *path, bool database)
{
    if (!force && access(path, F_OK) == 0) {
        hd_hint(ctx, "move it away, or write over it with --force");
        return HD_FAIL(ctx, HD_USAGE, "%s is there already", path);
    }
    hd_buf yaml = {0}, told = {0};
    hd_status status = database ? hd_init_database(ctx, place, tls_waiver, path, NULL, &yaml, &told)
                                : hd_init_folder(ctx, place, NULL, &yaml, &told);
    if (status == HD_OK)
        status = hd_file_write(ctx, path, 0644, hd_buf_str(&yaml));
    if (status == HD_OK)
        printf("%s\n%.*s", path, HD_ARG(hd_buf_str(&told)));
    hd_buf_release(&told);
    hd_buf_release(&yaml);
    return status;
}

static hd_status run(hd_ctx *ctx)
{
    if (is_database(place))
        return write_file(ctx, out ? out : "hedui.yaml", true);
    /* its files are named by their way from hedui.yaml */
    if (out || tls_waiver)
        return HD_FAIL(ctx, HD_USAGE, "--%s is for databases: FOLDER/hedui.yaml is written",
                       out ? "out" : "tls-waiver");
    char path[4096];
    snprintf(path, sizeof path, "%s/hedui.yaml", place);
    return write_file(ctx, path, false);
}

const cli_command cli_init = {
    .name = "init",
    .purpose = "write a configuration from what a folder of CSV files or a database holds",
    .arguments = "FOLDER | CONNECTION [--out FILE] [--force]",
    .summary =
        "Write FOLDER/hedui.yaml from the CSV files in FOLDER, or hedui.yaml from the tables "
        "of a database\nin PostgreSQL, as \"service=police\"; guesses are marked for "
        "review.",
    .options =
        {
            {"out", "FILE", "where to write what a database holds (default: hedui.yaml)", &out,
             NULL},
            {"tls-waiver", "REASON", "why its connection needs no sslmode=verify-full", &tls_waiver,
             NULL},
            {"force", NULL, "write over a file that is there", NULL, &force},
        },
    .least = 1,
    .most = 1,
    .rest = &place,
    .run = run,
};
