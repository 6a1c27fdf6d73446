#include "pipeline/analyse/evaluate.h"

#include <stdio.h>

#include "ops/cli/cli.h"

static void print_json(const hd_evaluation *e)
{
    printf("{\"pairwise\":{\"precision\":%.6f,\"recall\":%.6f,\"f1\":%.6f},"
           "\"bcubed\":{\"precision\":%.6f,\"recall\":%.6f,\"f1\":%.6f},"
           "\"mentions\":%llu,\"missing_links\":%llu,\"unknown_links\":%llu,"
           "\"true_pairs\":%llu,\"linked_pairs\":%llu,\"right_pairs\":%llu,\"errors\":{",
           e->pairwise.precision, e->pairwise.recall, e->pairwise.f1, e->bcubed.precision,
           e->bcubed.recall, e->bcubed.f1, (unsigned long long)e->n_mentions,
           (unsigned long long)e->n_missing_links, (unsigned long long)e->n_unknown_links,
           (unsigned long long)e->true_pairs, (unsigned long long)e->linked_pairs,
           (unsigned long long)e->right_pairs);
    for (uint32_t i = 0; i < e->n_errors; i++) {
        const hd_error_recall *x = &e->by_error[i];
        printf("%s\"%.*s\":{\"mentions\":%llu,\"pairs\":%llu,\"recall\":%.6f}", i ? "," : "",
               HD_ARG(x->error), (unsigned long long)x->n_mentions,
               (unsigned long long)x->true_pairs,
               x->true_pairs ? (double)x->found_pairs / (double)x->true_pairs : 1.0);
    }
    printf("}}\n");
}

static void print_text(const hd_evaluation *e)
{
    cli_table table = {.n_columns = 4};
    const char *head[] = {"", "precision", "recall", "F1"};
    for (int i = 0; i < 4; i++)
        cli_cell(&table, hd_str_from(head[i]));
    const hd_measure *rows[] = {&e->pairwise, &e->bcubed};
    for (int i = 0; i < 2; i++) {
        cli_cell(&table, i ? HD_STR("B-cubed") : HD_STR("pairwise"));
        cli_cellf(&table, "%.4f", rows[i]->precision);
        cli_cellf(&table, "%.4f", rows[i]->recall);
        cli_cellf(&table, "%.4f", rows[i]->f1);
    }
    cli_table_print(&table, stdout);
    printf("\n%llu mentions; %llu of them have no link, %llu links are of none\n",
           (unsigned long long)e->n_mentions, (unsigned long long)e->n_missing_links,
           (unsigned long long)e->n_unknown_links);
    if (!e->n_errors)
        return;
    table = (cli_table){.n_columns = 4};
    const char *error_head[] = {"error", "mentions", "pairs", "recall"};
    for (int i = 0; i < 4; i++)
        cli_cell(&table, hd_str_from(error_head[i]));
    for (uint32_t i = 0; i < e->n_errors; i++) {
        const hd_error_recall *x = &e->by_error[i];
        cli_cell(&table, x->error);
        cli_cellf(&table, "%llu", (unsigned long long)x->n_mentions);
        cli_cellf(&table, "%llu", (unsigned long long)x->true_pairs);
        cli_cellf(&table, "%.4f",
                  x->true_pairs ? (double)x->found_pairs / (double)x->true_pairs : 1.0);
    }
    printf("\n");
    cli_table_print(&table, stdout);
}

static const char *truth, *links, *errors;
static bool json;

static hd_status evaluate(hd_ctx *ctx)
{
    if (!truth || !links)
        return HD_FAIL(ctx, HD_USAGE, "hedui evaluate: --truth and --links are needed");
    hd_evaluation evaluation;
    hd_status status = hd_evaluate(ctx, truth, links, errors, &evaluation);
    if (status == HD_OK)
        (json ? print_json : print_text)(&evaluation);
    hd_evaluation_release(&evaluation);
    return status;
}

const cli_command cli_evaluate = {
    .name = "evaluate",
    .purpose = "precision and recall of links, given the truth",
    .arguments = "--truth FILE --links FILE [--errors FILE] [--json]",
    .summary = "Precision, recall and F1 of pairs and of clusters (B-cubed).",
    .options =
        {
            {"truth", "FILE", "CSV with source, record_id, role, person_id: who each mention is",
             &truth, NULL},
            {"links", "FILE", "CSV with the same columns: what was found (person_link.csv)", &links,
             NULL},
            {"errors", "FILE",
             "CSV with source, record_id, role, error: recall for each error class", &errors, NULL},
            {"json", NULL, "print one JSON object", NULL, &json},
        },
    .run = evaluate,
};
