#include <stdio.h>

#include "hedui/county.h"
#include "ops/cli/cli.h"

static const char *persons = "10000", *seed = "1", *twins = "12", *out;

static hd_status generate_county(hd_ctx *ctx)
{
    if (!out)
        return HD_FAIL(ctx, HD_USAGE, "hedui generate: --out is needed");
    uint64_t n_persons, n_seed, n_twins;
    HD_TRY(cli_number(ctx, "persons", persons, HD_COUNTY_PERSONS_MIN, HD_COUNTY_PERSONS_MAX,
                      &n_persons));
    HD_TRY(cli_number(ctx, "seed", seed, 0, UINT64_MAX, &n_seed));
    HD_TRY(cli_number(ctx, "twins", twins, 1, 500, &n_twins));
    hd_county_options options = {.n_persons = (uint32_t)n_persons,
                                 .seed = n_seed,
                                 .folder = out,
                                 .twins_ppm = (uint32_t)n_twins * 1000};
    HD_TRY(hd_county_generate(ctx, &options));
    printf("%s/hedui.yaml\n", out);
    return HD_OK;
}

const cli_command cli_generate = {
    .name = "generate",
    .purpose = "make a synthetic county with known truth",
    .arguments = "--out FOLDER [--persons N] [--seed S] [--twins N]",
    .summary =
        "Make a synthetic county: the sources' CSV files, the truth, and a hedui.yaml to run.",
    .options =
        {
            {"persons", "N", "persons that live there (default: 10000)", &persons, NULL},
            {"seed", "S", "same seed, same bytes (default: 1)", &seed, NULL},
            {"twins", "N", "births of twins in a thousand (default: 12)", &twins, NULL},
            {"out", "FOLDER", "where the files go; made if it is not there", &out, NULL},
        },
    .run = generate_county,
};
