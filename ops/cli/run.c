#include "pipeline/run.h"

#include <stdio.h>

#include "ops/cli/words.h"
#include "pipeline/notes.h"

static void count_cells(cli_table *table, const uint64_t *counts, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        cli_count(table, counts[i]);
}

/* Rows read = linked + rejected + filtered, for each source. */
static void print_sources(const hd_run *run)
{
    static const char *const head[] = {"summary.source",   "summary.rows_read", "summary.linked",
                                       "summary.rejected", "summary.filtered",  "summary.mentions"};
    enum { N = sizeof head / sizeof *head };
    const hd_ruleset *ruleset = run->ruleset;
    cli_table table = {.n_columns = N};
    uint64_t total[N - 1] = {0};
    cli_head(&table, ruleset->catalogue, head);
    for (uint32_t s = 0; s < ruleset->n_sources; s++) {
        const hd_records *r = &run->extract.records[s];
        uint64_t row[N - 1] = {r->n_rows_read, r->n, r->n_rejected, r->n_filtered,
                               run->mentions.n_mentions[s]};
        cli_cell(&table, ruleset->sources[s].code);
        count_cells(&table, row, N - 1);
        for (uint32_t i = 0; i < N - 1; i++)
            total[i] += row[i];
    }
    cli_cell(&table, hd_text_of(ruleset->catalogue, "summary.total"));
    count_cells(&table, total, N - 1);
    cli_table_print(&table, stdout);
}

static void print_results(const hd_run *run)
{
    const hd_catalogue *texts = run->ruleset->catalogue;
    const struct {
        const char *key;
        uint64_t count;
    } rows[] = {
        {"summary.pairs", run->edges.n_pairs},           {"summary.persons", run->persons.n},
        {"summary.relations", run->persons.n_relations}, {"summary.reviews", run->clusters.n_asked},
        {"summary.discrepancies", run->discrepancies.n},
    };
    cli_table table = {.n_columns = 2};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cli_cell(&table, hd_text_of(texts, rows[i].key));
        cli_count(&table, rows[i].count);
    }
    printf("\n");
    cli_table_print(&table, stdout);
}

static void print_notes(const hd_run *run)
{
    hd_buf notes = {0};
    if (run->model_written) {
        hd_text_fill(&notes, run->ruleset->catalogue, "summary.model_trained", "path",
                     run->model_written, NULL);
        hd_buf_add_char(&notes, '\n');
    }
    hd_notes_add(&run->outcome, &notes);
    fwrite(hd_buf_str(&notes).ptr, 1, notes.len_bytes, stdout);
    hd_buf_release(&notes);
}

static hd_run_options options = {.config = "hedui.yaml"};
static const char *as_of, *threads;
static bool quiet;

static void print_report(const hd_run *run)
{
    hd_buf path = {0}, line = {0};
    hd_buf_addf(&path, "%s/report.html", run->folder);
    hd_text_fill(&line, run->ruleset->catalogue, "summary.report", "path", path.ptr, NULL);
    printf("%s\n", line.ptr);
    hd_buf_release(&line);
    hd_buf_release(&path);
}

/* Neither a store nor --csv: who is new here looks for what came out, and there is nothing. */
static void print_nowhere(const hd_run *run)
{
    hd_str line = hd_text_of(run->ruleset->catalogue, "summary.nowhere");
    printf("%.*s\n", HD_ARG(line));
}

static void print_run(const hd_run *run)
{
    if (!run->done) {
        print_sources(run);
        print_results(run);
    }
    print_notes(run);
    if (run->note.len_bytes)
        printf("%s\n", run->note.ptr);
    if (options.dry_run)
        return;
    if (run->folder)
        print_report(run);
    else if (!options.csv)
        print_nowhere(run);
}

static hd_status run_pipeline(hd_ctx *ctx)
{
    ctx->quiet = quiet;
    HD_TRY(cli_threads(ctx, threads));
    HD_TRY(cli_date(ctx, "as-of", as_of, &options.as_of));
    hd_run run;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_PUBLISH, &run);
    if (status == HD_OK)
        print_run(&run);
    hd_run_release(&run);
    return status;
}

const cli_command cli_run = {
    .name = "run",
    .purpose = "the whole pipeline, from sources to persons and discrepancies",
    .arguments = "[--config FILE] [options]",
    .summary = "Read the sources, link, reconcile, check, report and publish.",
    .options =
        {
            CLI_CONFIG(options.config),
            CLI_THREADS(threads),
            {"csv", "FOLDER", "write the tables as CSV too", &options.csv, NULL},
            {"as-of", "DATE", "the day for which the run counts (default: today)", &as_of, NULL},
            {"dry-run", NULL, "do all but publish", NULL, &options.dry_run},
            {"fresh", NULL,
             "do all of it, even where a run that was lost could be continued, or one is done",
             NULL, &options.fresh},
            CLI_QUIET(quiet),
        },
    .run = run_pipeline,
};
