#ifndef HD_CONFIG_INIT_H
#define HD_CONFIG_INIT_H

/* A first configuration for the CSV files that lie in a folder. */

#include "base/buf.h"
#include "hedui/status.h"

/* Looks at the header and the first rows of each *.csv and *.csv.gz in `folder`, guesses by
 * rules/columns.yaml what they are, and appends the text of a hedui.yaml that belongs into that
 * folder: every guess is marked, columns that are not used are listed. The text loads with
 * hd_ruleset_load. HD_CONFIG where there is no such file, or none in which a column is recognised.
 * `told_out` (may be NULL) gets lines in the words of the catalogue: what sources of their types
 * should have and was not found, and what to look at. `rules_dir` as in hd_ruleset_load. */
hd_status hd_init_folder(hd_ctx *ctx, const char *folder, const char *rules_dir, hd_buf *yaml_out,
                         hd_buf *told_out);

#endif
