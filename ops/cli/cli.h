#ifndef HD_CLI_H
#define HD_CLI_H

/* The command line: argv, exit codes, printing. Each command is one file with one table of options,
 * from which parsing and --help are made. */

#include <stdio.h>

#include "base/buf.h"
#include "hedui/status.h"
#include "matchers/date.h"

/* One option; exactly one of text, flag is set. */
typedef struct cli_option {
    const char *name;    /* without dashes */
    const char *metavar; /* what stands for its value in the help; NULL: a flag */
    const char *help;
    const char **text;
    bool *flag;
} cli_option;

typedef struct cli_syntax {
    const char *command;   /* "run" */
    const char *arguments; /* "--config FILE [options]" */
    const char *summary;   /* one sentence */
    const cli_option *options;
    uint32_t n_options;
    uint32_t least, most; /* positional arguments */
} cli_syntax;

/* Fills the options' targets. `rest` gets the positional arguments (room for `most`). `*helped`:
 * --help was printed and nothing is left to do. Fails with HD_USAGE. */
hd_status cli_parse(hd_ctx *ctx, int argc, char **argv, const cli_syntax *syntax, const char **rest,
                    bool *helped);

hd_status cli_number(hd_ctx *ctx, const char *name, const char *text, uint64_t least, uint64_t most,
                     uint64_t *out);
/* YYYY-MM-DD; NULL: today. The command line is the only place that asks the clock. */
hd_status cli_date(hd_ctx *ctx, const char *name, const char *text, hd_date *out);
/* 0, NULL or "auto": the number of processors. */
hd_status cli_threads(hd_ctx *ctx, const char *text);

/* A table for a terminal: cells of a row, then the next row; the first row is the head. Columns are
 * as wide as their widest cell, Han characters counting two; all but the first are right-aligned.
 */
typedef struct cli_table {
    hd_buf text; /* cells, NUL-separated */
    uint32_t n_columns, n_cells;
} cli_table;
void cli_cell(cli_table *table, hd_str text);
__attribute__((format(printf, 2, 3))) void cli_cellf(cli_table *table, const char *fmt, ...);
void cli_table_print(cli_table *table, FILE *out);

typedef hd_status cli_command(hd_ctx *ctx, int argc, char **argv);
cli_command cli_run, cli_generate, cli_evaluate, cli_init, cli_lint, cli_train, cli_explain;

#endif
