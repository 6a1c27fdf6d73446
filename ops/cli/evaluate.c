#include "pipeline/analyse/evaluate.h"

#include <stdio.h>
#include <unistd.h>

#include "ops/cli/cli.h"
#include "ops/cli/thresholds.h"
#include "ops/cli/words.h"
#include "pipeline/analyse/evaluation_page.h"
#include "pipeline/config/key.h"
#include "pipeline/naming.h"

static void print_json(const hd_evaluation *e)
{
    printf("{\"pairwise\":{\"precision\":%.6f,\"recall\":%.6f,\"f1\":%.6f},"
           "\"bcubed\":{\"precision\":%.6f,\"recall\":%.6f,\"f1\":%.6f},"
           "\"mentions\":%llu,\"missing_links\":%llu,\"unknown_links\":%llu,"
           "\"true_pairs\":%llu,\"linked_pairs\":%llu,\"right_pairs\":%llu,\"errors\":{",
           e->measures.pairwise.precision, e->measures.pairwise.recall, e->measures.pairwise.f1,
           e->measures.bcubed.precision, e->measures.bcubed.recall, e->measures.bcubed.f1,
           (unsigned long long)e->measures.n_items, (unsigned long long)e->n_missing_links,
           (unsigned long long)e->n_unknown_links, (unsigned long long)e->measures.true_pairs,
           (unsigned long long)e->measures.found_pairs,
           (unsigned long long)e->measures.right_pairs);
    for (uint32_t i = 0; i < e->n_errors; i++) {
        const hd_error_recall *x = &e->by_error[i];
        printf("%s\"%.*s\":{\"mentions\":%llu,\"pairs\":%llu,\"recall\":%.6f}", i ? "," : "",
               HD_ARG(x->error), (unsigned long long)x->n_mentions,
               (unsigned long long)x->true_pairs,
               x->true_pairs ? (double)x->found_pairs / (double)x->true_pairs : 1.0);
    }
    printf("}}\n");
}

static void print_errors(const hd_catalogue *texts, const hd_evaluation *e)
{
    static const char *const head[] = {"evaluate.error", "evaluate.mentions", "evaluate.pairs",
                                       "evaluate.recall"};
    cli_table table = {.n_columns = 4};
    cli_head(&table, texts, head);
    for (uint32_t i = 0; i < e->n_errors; i++) {
        const hd_error_recall *x = &e->by_error[i];
        cli_cell(&table, x->error);
        cli_count(&table, x->n_mentions);
        cli_count(&table, x->true_pairs);
        cli_cellf(&table, "%.4f",
                  x->true_pairs ? (double)x->found_pairs / (double)x->true_pairs : 1.0);
    }
    printf("\n");
    cli_table_print(&table, stdout);
}

static void say_counts(const hd_catalogue *texts, const hd_evaluation *e)
{
    char mentions[32], missing[32], unknown[32];
    snprintf(mentions, sizeof mentions, "%llu", (unsigned long long)e->measures.n_items);
    snprintf(missing, sizeof missing, "%llu", (unsigned long long)e->n_missing_links);
    snprintf(unknown, sizeof unknown, "%llu", (unsigned long long)e->n_unknown_links);
    cli_say(texts, "evaluate.links", "mentions", mentions, "missing", missing, "unknown", unknown,
            NULL);
}

static void print_text(const hd_catalogue *texts, const hd_evaluation *e)
{
    static const char *const head[] = {"evaluate.by", "evaluate.precision", "evaluate.recall",
                                       "evaluate.f1"};
    const hd_accuracy *rows[] = {&e->measures.pairwise, &e->measures.bcubed};
    cli_table table = {.n_columns = 4};
    cli_head(&table, texts, head);
    for (int i = 0; i < 2; i++) {
        cli_cell(&table, hd_text_of(texts, i ? "evaluate.bcubed" : "evaluate.pairwise"));
        cli_cellf(&table, "%.4f", rows[i]->precision);
        cli_cellf(&table, "%.4f", rows[i]->recall);
        cli_cellf(&table, "%.4f", rows[i]->f1);
    }
    cli_table_print(&table, stdout);
    printf("\n");
    say_counts(texts, e);
    if (e->n_errors)
        print_errors(texts, e);
}

static const char default_config[] = "hedui.yaml";
static hd_run_options options;
static const char *truth, *links, *errors, *labels, *range, *threads;
static const char *html, *named[2];
static hd_explain_style style;
static bool json;

/* ---- links that were found, given as a file ---- */

static bool has_personal_key(const hd_ruleset *ruleset)
{
    for (uint32_t i = 0; i < ruleset->n_sources; i++)
        if (ruleset->sources[i].key_is_personal)
            return true;
    return false;
}

/* Links of another program need no configuration; those of a run hide personal keys as it says. */
static hd_status load_names(hd_ctx *ctx, hd_ruleset **ruleset, hd_evaluate_names *names)
{
    if (!options.config && access(default_config, F_OK) != 0)
        return hd_ruleset_load_packaged(ctx, NULL, NULL, ruleset);
    HD_TRY(hd_ruleset_load(ctx, options.config ? options.config : default_config, NULL, ruleset));
    if (!has_personal_key(*ruleset))
        return HD_OK;
    names->ruleset = *ruleset;
    return hd_site_key(ctx, *ruleset, names->key);
}

static hd_status evaluate_links(hd_ctx *ctx)
{
    if (!truth || labels || range || html)
        return HD_FAIL(ctx, HD_USAGE,
                       "hedui evaluate: --links goes with --truth, and without "
                       "--labels, --thresholds and --html");
    hd_evaluation evaluation = {0};
    hd_evaluate_names names = {0};
    hd_ruleset *ruleset = NULL;
    hd_status status = load_names(ctx, &ruleset, &names);
    if (status == HD_OK)
        status = hd_evaluate(ctx, &names, truth, links, errors, &evaluation);
    if (status == HD_OK && json)
        print_json(&evaluation);
    else if (status == HD_OK)
        print_text(ruleset->catalogue, &evaluation);
    hd_evaluation_release(&evaluation);
    hd_ruleset_free(ruleset);
    return status;
}

/* ---- what a run would find at each threshold ---- */

/* What the run is judged by, and at which thresholds. */
typedef struct judges {
    hd_truth truth;
    hd_labels labels;
    hd_threshold_range range;
    hd_mention named[2];
    uint32_t n_named;
} judges;

/* FROM:TO:STEP, or FROM:TO; NULL: as the configuration has it. */
static hd_status read_range(hd_ctx *ctx, const hd_run *run, hd_threshold_range *out)
{
    int end = 0, n;
    *out = hd_threshold_range_of(run->ruleset);
    if (!range)
        return HD_OK;
    n = sscanf(range, "%lf:%lf%n:%lf%n", &out->from, &out->to, &end, &out->step, &end);
    if (n < 2 || range[end])
        return HD_FAIL(ctx, HD_USAGE, "--thresholds takes FROM:TO or FROM:TO:STEP, in bits");
    return HD_OK;
}

static hd_status find_named(hd_ctx *ctx, const hd_run *run, judges *j)
{
    for (; j->n_named < 2 && named[j->n_named]; j->n_named++)
        HD_TRY(hd_mention_by_name(ctx, &run->mentions, run->key, named[j->n_named],
                                  &j->named[j->n_named]));
    if (j->n_named == 2 && j->named[0] == j->named[1])
        return HD_FAIL(ctx, HD_USAGE, "both names are one mention");
    return HD_OK;
}

/* Pairs are kept from the review threshold on: who asks for less gets it lowered. */
static hd_status read_judges(hd_ctx *ctx, hd_run *run, void *arg)
{
    judges *j = arg;
    HD_TRY(find_named(ctx, run, j));
    HD_TRY(read_range(ctx, run, &j->range));
    if (j->range.from < run->ruleset->review_threshold_bits)
        run->ruleset->review_threshold_bits = j->range.from;
    if (truth)
        HD_TRY(hd_truth_read(ctx, run, truth, &j->truth));
    return labels ? hd_labels_read(ctx, run, labels, &j->labels) : HD_OK;
}

static hd_status write_page(hd_ctx *ctx, hd_run *run, const judges *j,
                            const hd_thresholds *thresholds)
{
    const hd_evaluation_page page = {.run = run,
                                     .thresholds = thresholds,
                                     .n_named = j->n_named,
                                     .named = {j->named[0], j->named[1]},
                                     .style = style};
    HD_TRY(hd_evaluation_page_write(ctx, &page, html));
    printf("%s\n", html);
    return HD_OK;
}

static hd_status judge(hd_ctx *ctx, hd_run *run, const judges *j)
{
    hd_thresholds thresholds = {0};
    hd_status status = hd_thresholds_run(ctx, run, j->range, truth ? &j->truth : NULL,
                                         labels ? &j->labels : NULL, &thresholds);
    if (status == HD_OK && html)
        status = write_page(ctx, run, j, &thresholds);
    else if (status == HD_OK)
        (json ? cli_thresholds_json : cli_thresholds_text)(run, &thresholds);
    hd_thresholds_release(&thresholds);
    return status;
}

static hd_status evaluate_run(hd_ctx *ctx)
{
    if (errors)
        return HD_FAIL(ctx, HD_USAGE, "hedui evaluate: --errors goes with --links");
    if (named[0] && !html)
        return HD_FAIL(ctx, HD_USAGE, "hedui evaluate: mentions are named for --html only");
    judges j = {0};
    hd_run run;
    ctx->quiet = true;
    options.config = options.config ? options.config : default_config;
    HD_TRY(cli_threads(ctx, threads));
    options.ready = read_judges;
    options.ready_arg = &j;
    hd_status status = hd_run_start(ctx, &options, HD_RUN_TO_CLUSTER, &run);
    if (status == HD_OK)
        status = judge(ctx, &run, &j);
    hd_truth_release(&j.truth);
    hd_labels_release(&j.labels);
    hd_run_release(&run);
    return status;
}

static hd_status evaluate(hd_ctx *ctx)
{
    return links ? evaluate_links(ctx) : evaluate_run(ctx);
}

const cli_command cli_evaluate = {
    .name = "evaluate",
    .purpose = "precision and recall by threshold, or of links, given the truth or labels",
    .arguments = "[--config FILE] [--truth FILE | --labels FILE] | --truth FILE --links FILE "
                 "[--json | --html FILE [A [B]]]",
    .summary =
        "Link, cluster anew at each threshold, and say how good the persons are, by the truth or "
        "by an estimate\nfrom labelled pairs (hedui label). With --links: precision, recall "
        "and F1 of links that were found.",
    .options =
        {
            {"config", "FILE",
             "configuration of the run that is judged (default: hedui.yaml; with --links where "
             "there is one)",
             &options.config, NULL},
            CLI_MODEL(options.model),
            {"truth", "FILE", "CSV with source, record_id, role, person_id: who each mention is",
             &truth, NULL},
            {"labels", "FILE", "pairs that people decided, as hedui label writes them", &labels,
             NULL},
            {"thresholds", "RANGE",
             "FROM:TO:STEP in bits (default: from the review threshold on, a bit each)", &range,
             NULL},
            {"links", "FILE", "CSV as the truth: what was found (person_link.csv)", &links, NULL},
            {"errors", "FILE",
             "CSV with source, record_id, role, error: recall for each error class", &errors, NULL},
            CLI_JSON(json),
            {"html", "FILE",
             "write one page with charts instead, and print its name; with two mentions A and B "
             "also "
             "how they are weighed",
             &html, NULL},
            {"show-values", NULL, "show values in full on it: for who may see them", NULL,
             &style.show_values},
            CLI_THREADS(threads),
        },
    .most = 2,
    .rest = named,
    .run = evaluate,
};
