#include "pipeline/analyse/blocks.h"

#include <stdio.h>

#include "ops/cli/json.h"
#include "ops/cli/known.h"
#include "ops/cli/suggest.h"
#include "ops/cli/words.h"
#include "pipeline/run.h"

enum { SHOWN = 3 }; /* blocks of a pass; programs get all that are known */

static hd_run_options options = {.config = "hedui.yaml"};
static const char *threads, *budget;
static bool json, quiet, suggest;
static cli_known known;

/* ---- for programs ---- */

static void put_count(json_t *object, const char *key, uint64_t n)
{
    json_object_set_new(object, key, cli_json_count(n));
}

static json_t *describe_shown(const hd_block_shown *shown, uint32_t n)
{
    json_t *out = json_array();
    for (uint32_t i = 0; i < n; i++) {
        json_t *block = json_object();
        json_object_set_new(block, "key", cli_json_text(shown[i].key));
        put_count(block, "mentions", shown[i].n_mentions);
        put_count(block, "pairs", shown[i].n_pairs);
        json_array_append_new(out, block);
    }
    return out;
}

static json_t *describe_pass(const hd_run *run, const hd_blocks_counted *counted, uint32_t p)
{
    const hd_pass_blocks *blocks = &run->blocks.pass[p];
    const hd_pass_counted *pass = &counted->pass[p];
    json_t *out = json_object();
    json_object_set_new(out, "pass", cli_json_text(run->ruleset->passes[p].code));
    put_count(out, "mentions_keyed", blocks->n_keyed);
    put_count(out, "blocks", blocks->n_blocks);
    put_count(out, "pairs", pass->pairs);
    put_count(out, "pairs_new", pass->fresh);
    put_count(out, "pairs_cumulative", pass->total);
    if (counted->n_known) {
        json_object_set_new(out, "recall_alone", json_real(pass->found));
        json_object_set_new(out, "recall_cumulative", json_real(pass->found_total));
    }
    put_count(out, "blocks_narrowed", blocks->n_narrowed);
    put_count(out, "mentions_left_out", blocks->n_left_out);
    put_count(out, "blocks_refused", blocks->n_refused);
    put_count(out, "pairs_refused", blocks->n_refused_pairs);
    json_object_set_new(out, "largest_blocks", describe_shown(pass->shown, pass->n_shown));
    json_object_set_new(out, "keys_over_cap", describe_shown(pass->over, pass->n_over));
    return out;
}

static void print_json(const hd_run *run, const hd_blocks_counted *counted)
{
    json_t *out = json_object(), *passes = json_array();
    put_count(out, "mentions", run->mentions.n);
    put_count(out, "block_cap_pairs", run->ruleset->block_cap_pairs);
    put_count(out, "pass_limit_pairs", run->ruleset->pass_limit_pairs);
    for (uint32_t p = 0; p < run->blocks.n_passes; p++)
        json_array_append_new(passes, describe_pass(run, counted, p));
    json_object_set_new(out, "passes", passes);
    cli_json_print(out, 17);
}

/* ---- for people ---- */

static void print_passes(const hd_run *run, const hd_blocks_counted *counted)
{
    static const char *const head[] = {"blocks.pass",     "blocks.keyed",    "blocks.blocks",
                                       "blocks.pairs",    "blocks.fresh",    "blocks.total",
                                       "blocks.narrowed", "blocks.left_out", "blocks.refused"};
    enum { N = sizeof head / sizeof *head };
    cli_table table = {.n_columns = N};
    cli_head(&table, run->ruleset->catalogue, head);
    for (uint32_t p = 0; p < run->blocks.n_passes; p++) {
        const hd_pass_blocks *blocks = &run->blocks.pass[p];
        const hd_pass_counted *pass = &counted->pass[p];
        const uint64_t row[N - 1] = {blocks->n_keyed,    blocks->n_blocks, pass->pairs,
                                     pass->fresh,        pass->total,      blocks->n_narrowed,
                                     blocks->n_left_out, blocks->n_refused};
        cli_cell(&table, run->ruleset->passes[p].code);
        for (uint32_t i = 0; i < N - 1; i++)
            cli_count(&table, row[i]);
    }
    cli_table_print(&table, stdout);
}

static void add_shown(const hd_run *run, cli_table *table, uint32_t p, const hd_block_shown *shown,
                      uint32_t n)
{
    for (uint32_t i = 0; i < n && i < SHOWN; i++) {
        cli_cell(table, run->ruleset->passes[p].code);
        cli_count(table, shown[i].n_mentions);
        cli_count(table, shown[i].n_pairs);
        cli_cell(table, shown[i].key);
    }
}

/* Which blocks, or which keys over the cap: nothing where there are none. */
static void print_shown(const hd_run *run, const hd_blocks_counted *counted, const char *title,
                        bool over)
{
    static const char *const head[] = {"blocks.pass", "blocks.mentions", "blocks.pairs",
                                       "blocks.key"};
    cli_table table = {.n_columns = 4, .left = 0x8};
    cli_head(&table, run->ruleset->catalogue, head);
    for (uint32_t p = 0; p < run->blocks.n_passes; p++) {
        const hd_pass_counted *pass = &counted->pass[p];
        if (over)
            add_shown(run, &table, p, pass->over, pass->n_over);
        else
            add_shown(run, &table, p, pass->shown, pass->n_shown);
    }
    if (table.n_cells == table.n_columns) {
        hd_buf_release(&table.text);
        return;
    }
    printf("\n%.*s\n\n", HD_ARG(hd_text_of(run->ruleset->catalogue, title)));
    cli_table_print(&table, stdout);
}

/* How many of the matches that are known the passes find. */
static void print_found(const hd_run *run, const hd_blocks_counted *counted)
{
    static const char *const head[] = {"blocks.pass", "blocks.found", "blocks.found_total"};
    cli_table table = {.n_columns = 3};
    if (!counted->n_known)
        return;
    cli_head(&table, run->ruleset->catalogue, head);
    for (uint32_t p = 0; p < run->blocks.n_passes; p++) {
        cli_cell(&table, run->ruleset->passes[p].code);
        cli_cellf(&table, "%.4f", counted->pass[p].found);
        cli_cellf(&table, "%.4f", counted->pass[p].found_total);
    }
    char n[24];
    snprintf(n, sizeof n, "%zu", counted->n_known);
    printf("\n");
    cli_say(run->ruleset->catalogue, "blocks.known", "n", n, NULL);
    printf("\n");
    cli_table_print(&table, stdout);
}

static void print_text(const hd_run *run, const hd_blocks_counted *counted)
{
    print_passes(run, counted);
    print_found(run, counted);
    print_shown(run, counted, "blocks.largest", false);
    print_shown(run, counted, "blocks.over_cap", true);
    printf("\n");
    cli_say(run->ruleset->catalogue, "blocks.note", NULL);
}

static hd_status count(hd_ctx *ctx, const hd_run *run, hd_blocks_counted *counted)
{
    const hd_known_matches *matches;
    HD_TRY(cli_known_matches(ctx, &known, run, &matches));
    HD_TRY(hd_blocks_count(ctx, &run->plan, &run->blocks, counted));
    if (matches)
        hd_blocks_find(&run->blocks, matches, counted);
    return HD_OK;
}

static hd_status show_blocks(hd_ctx *ctx)
{
    ctx->quiet = quiet;
    HD_TRY(cli_threads(ctx, threads));
    HD_TRY(cli_known_ask(ctx, &known, &options));
    if (suggest && (known.truth || known.labels))
        return HD_FAIL(ctx, HD_USAGE, "hedui blocks: --suggest goes without --truth and --labels");
    hd_run run;
    hd_blocks_counted counted = {0};
    hd_status status =
        hd_run_start(ctx, &options, suggest ? HD_RUN_TO_CLUSTER : HD_RUN_TO_PLAN, &run);
    if (status == HD_OK && suggest)
        status = cli_suggest(ctx, &run, budget, json);
    else if (status == HD_OK)
        status = count(ctx, &run, &counted);
    if (status == HD_OK && !suggest)
        (json ? print_json : print_text)(&run, &counted);
    hd_blocks_counted_release(&counted);
    cli_known_release(&known);
    hd_run_release(&run);
    return status;
}

const cli_command cli_blocks = {
    .name = "blocks",
    .purpose = "what the blocking passes make of the sources",
    .arguments = "[--config FILE] [--truth FILE | --labels FILE | --suggest [--budget PAIRS]] "
                 "[--json]",
    .summary =
        "Count the pairs of each blocking pass, by itself and over the passes before it, and "
        "show\nthe largest blocks; or propose passes. Keys are masked.",
    .options =
        {
            CLI_CONFIG(options.config),
            {"truth", "FILE",
             "CSV with source, record_id, role, person_id: how many of its pairs the passes find",
             &known.truth, NULL},
            {"labels", "FILE", "the same of pairs that people decided, as hedui label writes them",
             &known.labels, NULL},
            {"suggest", NULL,
             "propose passes by their estimated recall and their pairs, and estimate the recall of "
             "those declared: links first, by the model, or by one trained in passing",
             NULL, &suggest},
            {"budget", "PAIRS", "of --suggest: pairs of all passes (default: 20 a mention)",
             &budget, NULL},
            CLI_JSON(json),
            CLI_THREADS(threads),
            CLI_QUIET(quiet),
        },
    .run = show_blocks,
};
