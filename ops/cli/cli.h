#ifndef HD_CLI_H
#define HD_CLI_H

/* The command line: argv, exit codes, printing. Each command is one file with one declaration, from
 * which parsing and --help are made, and from --help the man page and the completion of the shell
 * (ops/make-cli-docs). */

#include <stdio.h>

#include "base/buf.h"
#include "hedui/status.h"
#include "matchers/date.h"

enum { CLI_OPTIONS_MAX = 24 };

/* One option; exactly one of text, flag is set. */
typedef struct cli_option {
    const char *name;    /* without dashes */
    const char *metavar; /* what stands for its value in the help; NULL: a flag. After FILE the
                            shell completes files, after FOLDER folders */
    const char *help;
    const char **text;
    bool *flag;
} cli_option;

/* Options that mean the same in every command that has them; the target comes with its default. */
#define CLI_TEXT(name, metavar, help, text) \
    {                                       \
        name, metavar, help, &(text), NULL  \
    }
#define CLI_FLAG(name, help, flag)      \
    {                                   \
        name, NULL, help, NULL, &(flag) \
    }
#define CLI_CONFIG(text) CLI_TEXT("config", "FILE", "configuration (default: hedui.yaml)", text)
#define CLI_MODEL(text) \
    CLI_TEXT("model", "FILE", "model to use (default: link.model of the configuration)", text)
#define CLI_THREADS(text) \
    CLI_TEXT("threads", "N", "threads (default: as many as there are processors)", text)
#define CLI_JSON(flag) CLI_FLAG("json", "print one JSON object", flag)
#define CLI_QUIET(flag) CLI_FLAG("quiet", "no progress", flag)
#define CLI_SHOW_VALUES(flag) \
    CLI_FLAG("show-values", "show values in full: for who may see them", flag)

/* One command. The targets are static and hold the defaults: a process runs one command, once. */
typedef struct cli_command {
    const char *name;                        /* "run" */
    const char *purpose;                     /* for the list of commands: a few words */
    const char *arguments;                   /* "--config FILE [options]" */
    const char *summary;                     /* a sentence or two */
    cli_option options[CLI_OPTIONS_MAX + 1]; /* the first without a name ends them */
    uint32_t least, most;                    /* positional arguments */
    const char **rest;                       /* [most] gets them */
    hd_status (*run)(hd_ctx *ctx);
} cli_command;

#define X(name) extern const cli_command cli_##name;
#include "ops/cli/commands.def"
#undef X

/* Fills the targets of the options and of the positional arguments. `*helped`: --help was printed
 * and nothing is left to do. Fails with HD_USAGE. */
hd_status cli_parse(hd_ctx *ctx, int argc, char **argv, const cli_command *command, bool *helped);

hd_status cli_number(hd_ctx *ctx, const char *name, const char *text, uint64_t least, uint64_t most,
                     uint64_t *out);
/* YYYY-MM-DD; NULL: today. The command line is the only place that asks the clock. */
hd_status cli_date(hd_ctx *ctx, const char *name, const char *text, hd_date *out);
/* 0, NULL or "auto": the number of processors. */
hd_status cli_threads(hd_ctx *ctx, const char *text);

/* A table for a terminal: cells of a row, then the next row; the first row is the head. Columns are
 * as wide as their widest cell, Han characters counting two; all but the first and those of `left`
 * are right-aligned. */
typedef struct cli_table {
    hd_buf text; /* cells, NUL-separated */
    uint32_t n_columns, n_cells;
    uint32_t left; /* bits of the columns that hold words */
} cli_table;
void cli_cell(cli_table *table, hd_str text);
__attribute__((format(printf, 2, 3))) void cli_cellf(cli_table *table, const char *fmt, ...);
void cli_count(cli_table *table, uint64_t n); /* "1,234,567"; programs read --json */
void cli_table_print(cli_table *table, FILE *out);

#endif
