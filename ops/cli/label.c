#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ops/cli/words.h"
#include "pipeline/analyse/label_sample.h"

static hd_run_options options = {.config = "hedui.yaml"};
static const char *out = "labels.csv", *pairs = "400", *seed = "1", *from, *threads;
static bool show_values;

static void print_summary(const hd_run *run, const hd_label_sample *sample)
{
    static const char *const keys[] = {"label.stratum", "label.pairs", "label.drawn"};
    cli_table table = {.n_columns = 3};
    char n[32];
    cli_head(&table, run->ruleset->catalogue, keys);
    for (uint32_t i = 0; i < sample->n_strata; i++) {
        cli_cell(&table, sample->stratum[i].code);
        cli_count(&table, sample->stratum[i].n_pairs);
        cli_count(&table, sample->stratum[i].n_drawn);
    }
    cli_table_print(&table, stdout);
    snprintf(n, sizeof n, "%u", sample->n);
    printf("\n%s\n", hd_text_of(run->ruleset->catalogue, "label.note").ptr);
    cli_say(run->ruleset->catalogue, "label.written", "n", n, "file", out, NULL);
}

/* What the sample is drawn from, by weight. */
typedef struct frame {
    double from, review; /* bits; the configured review threshold */
} frame;

/* Ten bits below the review threshold one pair in a thousand is a match: few recall is lost there.
 * Pairs are kept from the review threshold on, so that is lowered while pairs are compared. */
static hd_status widen(hd_ctx *ctx, hd_run *run, void *arg)
{
    frame *f = arg;
    char *end;
    f->review = run->ruleset->review_threshold_bits;
    f->from = from ? strtod(from, &end) : f->review - 10;
    if (from && (*end || end == from || !isfinite(f->from)))
        return HD_FAIL(ctx, HD_USAGE, "--from takes a number of bits");
    if (f->from > run->ruleset->match_threshold_bits)
        return HD_FAIL(ctx, HD_USAGE, "--from must not be above link.match_threshold, %g bits",
                       run->ruleset->match_threshold_bits);
    run->ruleset->review_threshold_bits = fmin(f->from, f->review);
    return HD_OK;
}

static hd_status draw(hd_ctx *ctx, hd_run *run, const frame *f, uint32_t n, uint64_t random)
{
    hd_label_sample sample;
    run->ruleset->review_threshold_bits = f->review;
    hd_label_draw(run, f->from, n, random, &sample);
    hd_status status = hd_label_write(ctx, run, &sample, show_values, out);
    if (status == HD_OK)
        print_summary(run, &sample);
    hd_label_sample_release(&sample);
    return status;
}

static hd_status label(hd_ctx *ctx)
{
    uint64_t n, random;
    frame f = {0};
    hd_run run;
    ctx->quiet = true;
    HD_TRY(cli_threads(ctx, threads));
    HD_TRY(cli_number(ctx, "pairs", pairs, 1, 1000000, &n));
    HD_TRY(cli_number(ctx, "seed", seed, 0, UINT64_MAX, &random));
    HD_TRY(hd_label_may_write(ctx, out));
    options.ready = widen;
    options.ready_arg = &f;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_CLUSTER, &run);
    if (status == HD_OK)
        status = draw(ctx, &run, &f, (uint32_t)n, random);
    hd_run_release(&run);
    return status;
}

const cli_command cli_label = {
    .name = "label",
    .purpose = "draw pairs for people to decide",
    .arguments = "[--config FILE] [--out FILE] [--pairs N] [--seed N] [--show-values]",
    .summary =
        "Draw a stratified sample of pairs into a CSV file, whose column decision people fill: "
        "same, different or\nunknown. hedui evaluate --labels estimates precision and recall "
        "from it. Values are masked.",
    .options =
        {
            CLI_CONFIG(options.config),
            CLI_MODEL(options.model),
            {"out", "FILE", "the sample; must not be there yet (default: labels.csv)", &out, NULL},
            {"pairs", "N", "about so many pairs (default: 400)", &pairs, NULL},
            {"seed", "N", "another seed, another sample (default: 1)", &seed, NULL},
            {"from", "BITS",
             "draw from pairs of this weight on (default: ten bits below the review threshold)",
             &from, NULL},
            {"show-values", NULL, "write values in full: for who may see them", NULL, &show_values},
            CLI_THREADS(threads),
        },
    .run = label,
};
