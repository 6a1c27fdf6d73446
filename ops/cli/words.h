#ifndef HD_CLI_WORDS_H
#define HD_CLI_WORDS_H

/* What commands say in the words of rules/text.*.yaml. Keys stand whole in the sources, so that a
 * text is found from its key. */

#include "ops/cli/cli.h"
#include "pipeline/config/catalogue.h"

/* The head of a table: a cell for each of its columns. `keys` [table->n_columns]. */
void cli_head(cli_table *table, const hd_catalogue *texts, const char *const *keys);
/* One line to standard output; place-holders as hd_text_fill takes them. */
__attribute__((sentinel)) void cli_say(const hd_catalogue *texts, const char *key, ...);

#endif
