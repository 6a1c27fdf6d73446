#include "ops/cli/known.h"

static hd_status read_file(hd_ctx *ctx, hd_run *run, void *arg)
{
    cli_known *known = arg;
    if (known->labels)
        return hd_labels_read(ctx, run, known->labels, &known->read_labels);
    return known->truth ? hd_truth_read(ctx, run, known->truth, &known->read_truth) : HD_OK;
}

hd_status cli_known_ask(hd_ctx *ctx, cli_known *known, hd_run_options *options)
{
    if (known->labels && known->truth)
        return HD_FAIL(ctx, HD_USAGE, "--labels and --truth: one of them");
    options->ready = read_file;
    options->ready_arg = known;
    return HD_OK;
}

hd_status cli_known_matches(hd_ctx *ctx, cli_known *known, const hd_run *run,
                            const hd_known_matches **out)
{
    *out = NULL;
    if (!known->labels && !known->truth)
        return HD_OK;
    if (known->labels)
        hd_known_from_labels(&run->plan, &known->read_labels, &known->matches);
    else
        hd_known_from_truth(&run->plan, &known->read_truth, &known->matches);
    *out = &known->matches;
    if (!known->matches.n)
        return HD_FAIL(ctx, HD_SOURCE, "%s names no two mentions that are one person",
                       known->labels ? known->labels : known->truth);
    return HD_OK;
}

void cli_known_release(cli_known *known)
{
    hd_labels_release(&known->read_labels);
    hd_truth_release(&known->read_truth);
    hd_known_matches_release(&known->matches);
}
