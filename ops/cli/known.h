#ifndef HD_CLI_KNOWN_H
#define HD_CLI_KNOWN_H

/* Matches that are known from a file of labels or of the truth, for the commands that take one:
 * read before any work with the mentions, so that what is wrong in it costs no time. */

#include "pipeline/analyse/known_matches.h"

typedef struct cli_known {
    const char *labels, *truth; /* files, at most one; NULL: none */
    hd_labels read_labels;
    hd_truth read_truth;
    hd_known_matches matches;
} cli_known;

/* HD_USAGE where both are named; else sets options->ready. */
hd_status cli_known_ask(hd_ctx *ctx, cli_known *known, hd_run_options *options);
/* Once the run has its plan. NULL: no file is named. HD_SOURCE where it names no match. */
hd_status cli_known_matches(hd_ctx *ctx, cli_known *known, const hd_run *run,
                            const hd_known_matches **out);
void cli_known_release(cli_known *known);

#endif
