#ifndef HD_CLI_VALUES_H
#define HD_CLI_VALUES_H

/* What `standardise` and `compare` share: rules without a county, rows without a source, and output
 * that is as long as its input. */

#include "ops/cli/cli.h"
#include "pipeline/config/ruleset.h"
#include "pipeline/io/csv.h"

#define CLI_FIELD(text)                                                                            \
    CLI_TEXT("field", "FIELD", "a field of rules/fields.yaml, or a kind: name, id_number, date …", \
             text)
#define CLI_ENCODING(text) \
    CLI_TEXT("encoding", "NAME", "auto, utf-8 or gb18030 (default: auto)", text)

/* The rules of a configuration; of none (NULL) the packaged ones, with texts in `language`. */
hd_status cli_rules(hd_ctx *ctx, const char *config, const char *language, hd_ruleset **out);

/* A CSV file, or lines; NULL or "-": standard input. `encoding`: auto, utf-8, gb18030. */
hd_status cli_open_rows(hd_ctx *ctx, const char *path, const char *encoding, bool lines,
                        hd_csv **out);
/* The place of a column in the header; HD_USAGE where it is not there, with the nearest name. */
hd_status cli_find_column(hd_ctx *ctx, const hd_csv *csv, hd_str name, uint32_t *out);
/* Why a row cannot be read, as reject.csv says it: columns, encoding, quote, too_long. */
const char *cli_fault_name(hd_csv_fault fault);

/* One row to be answered: what stands in the columns asked for, or why it cannot be read. */
enum { CLI_COLUMNS_MAX = 2 };
typedef struct cli_row {
    hd_csv_fault fault;
    hd_str raw;                    /* only where there is a fault */
    hd_str value[CLI_COLUMNS_MAX]; /* only where there is none */
} cli_row;

/* Writes what is to be said of a row; `worker` is the calling thread's own. */
typedef void cli_answer(void *worker, const cli_row *row, hd_buf *out);

/* `head`, then the answers to all rows of `csv` in their order to standard output. Rows are
 * answered by ctx->n_threads threads, a few thousand at a time: memory does not depend on how many
 * come. `workers` [ctx->n_threads]. */
hd_status cli_answer_rows(hd_ctx *ctx, hd_csv *csv, const uint32_t *columns, uint32_t n_columns,
                          hd_str head, cli_answer *answer, void *const *workers);

/* Bytes as text: what is no UTF-8, and NUL, as U+FFFD. */
void cli_add_valid(hd_buf *out, hd_str bytes);

#endif
