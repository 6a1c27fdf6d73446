#include "ops/cli/thresholds.h"

#include <math.h>
#include <stdio.h>

#include "ops/cli/told.h"
#include "ops/cli/words.h"

static double bits(int32_t weight)
{
    return (double)weight / HD_WEIGHT_ONE;
}

/* ---- for people ---- */

static void first_cells(const hd_thresholds *t, uint32_t i, cli_table *table)
{
    const hd_threshold_point *p = &t->point[i];
    cli_cellf(table, "%.2f%s", bits(p->threshold), i == t->configured ? " *" : "  ");
    cli_count(table, p->n_persons);
    cli_count(table, p->largest);
}

static void measure_cells(cli_table *table, const hd_accuracy *m)
{
    cli_cellf(table, "%.4f", m->precision);
    cli_cellf(table, "%.4f", m->recall);
    cli_cellf(table, "%.4f", m->f1);
}

static void print_truth(const hd_run *run, const hd_thresholds *t)
{
    static const char *const keys[] = {
        "evaluate.threshold",      "evaluate.persons",        "evaluate.largest",
        "evaluate.pair_precision", "evaluate.pair_recall",    "evaluate.pair_f1",
        "evaluate.item_precision", "evaluate.item_recall",    "evaluate.item_f1",
        "evaluate.purity",         "evaluate.inverse_purity", "evaluate.split",
        "evaluate.merged"};
    cli_table table = {.n_columns = sizeof keys / sizeof *keys};
    cli_head(&table, run->ruleset->catalogue, keys);
    for (uint32_t i = 0; i < t->n; i++) {
        const hd_partition_measures *m = &t->point[i].measures;
        first_cells(t, i, &table);
        measure_cells(&table, &m->pairwise);
        measure_cells(&table, &m->bcubed);
        cli_cellf(&table, "%.4f", m->purity.precision);
        cli_cellf(&table, "%.4f", m->purity.recall);
        cli_count(&table, m->n_split);
        cli_count(&table, m->n_merged);
    }
    cli_table_print(&table, stdout);
}

static void estimate_cell(cli_table *table, const hd_estimate *e)
{
    if (isnan(e->value))
        cli_cell(table, HD_STR("–"));
    else
        cli_cellf(table, "%.4f [%.4f, %.4f]", e->value, e->low, e->high);
}

static void print_labels(const hd_run *run, const hd_thresholds *t)
{
    static const char *const keys[] = {"evaluate.threshold",     "evaluate.persons",
                                       "evaluate.largest",       "evaluate.precision",
                                       "evaluate.recall",        "evaluate.f1",
                                       "evaluate.labels_missed", "evaluate.labels_wrong"};
    cli_table table = {.n_columns = sizeof keys / sizeof *keys};
    cli_head(&table, run->ruleset->catalogue, keys);
    for (uint32_t i = 0; i < t->n; i++) {
        const hd_threshold_point *p = &t->point[i];
        first_cells(t, i, &table);
        estimate_cell(&table, &p->estimates.precision);
        estimate_cell(&table, &p->estimates.recall);
        estimate_cell(&table, &p->estimates.f1);
        cli_count(&table, p->n_labels_missed);
        cli_count(&table, p->n_labels_wrong);
    }
    cli_table_print(&table, stdout);
}

static void print_counts(const hd_run *run, const hd_thresholds *t)
{
    static const char *const keys[] = {"evaluate.threshold", "evaluate.persons",
                                       "evaluate.largest"};
    cli_table table = {.n_columns = 3};
    cli_head(&table, run->ruleset->catalogue, keys);
    for (uint32_t i = 0; i < t->n; i++)
        first_cells(t, i, &table);
    cli_table_print(&table, stdout);
}

/* ---- sentences around the tables ---- */

/* Numbers as the place-holders of a text. */
static const char *digits(char text[32], uint64_t n)
{
    snprintf(text, 32, "%llu", (unsigned long long)n);
    return text;
}

static void print_intro(const hd_run *run, const hd_thresholds *t)
{
    char n[32], persons[32], missing[32];
    const hd_catalogue *texts = run->ruleset->catalogue;
    if (t->truth)
        cli_say(texts, "evaluate.by_truth", "n", digits(n, t->truth->n), "persons",
                digits(persons, t->point[t->configured].measures.n_true), "missing",
                digits(missing, t->truth->n_missing), NULL);
    else if (t->labels)
        cli_say(texts, t->labels->weighted ? "evaluate.by_labels" : "evaluate.by_labels_plain", "n",
                digits(n, t->labels->n), "decided", digits(persons, t->labels->n_decided), NULL);
    else
        cli_say(texts, "evaluate.only_counts", NULL);
    printf("\n");
}

static void print_legend(const hd_run *run, const hd_thresholds *t)
{
    char configured[32], best[32], f1[32];
    const hd_threshold_point *p = &t->point[t->best];
    snprintf(configured, sizeof configured, "%.2f", bits(t->point[t->configured].threshold));
    snprintf(best, sizeof best, "%.2f", bits(p->threshold));
    snprintf(f1, sizeof f1, "%.4f", t->truth ? p->measures.pairwise.f1 : p->estimates.f1.value);
    printf("\n");
    cli_say(run->ruleset->catalogue,
            t->truth || t->labels ? "evaluate.legend_best" : "evaluate.legend", "configured",
            configured, "best", best, "f1", f1, NULL);
}

/* "2 份 28, 3 份 2" */
static void add_parts(const hd_run *run, const uint64_t *counts, const char *key, hd_buf *out)
{
    uint32_t said = 0;
    for (uint32_t k = 2; k <= HD_PARTS_MAX; k++) {
        char number[32], n[32];
        hd_buf more = {0};
        if (!counts[k])
            continue;
        digits(number, k);
        if (k == HD_PARTS_MAX)
            hd_text_fill(&more, run->ruleset->catalogue, "evaluate.or_more", "k", number, NULL);
        hd_buf_add(out, said++ ? HD_STR(", ") : HD_STR(""));
        hd_text_fill(out, run->ruleset->catalogue, key, "k", more.ptr ? more.ptr : number, "n",
                     digits(n, counts[k]), NULL);
        hd_buf_release(&more);
    }
    if (!said)
        hd_buf_add(out, HD_STR("–"));
}

static void print_parts(const hd_run *run, const hd_thresholds *t)
{
    const hd_partition_measures *m = &t->point[t->configured].measures;
    char persons[32], exact[32], n[32], configured[32];
    hd_buf line = {0}, parts = {0};
    snprintf(configured, sizeof configured, "%.2f", bits(t->point[t->configured].threshold));
    hd_text_fill(&line, run->ruleset->catalogue, "evaluate.at_configured", "configured", configured,
                 NULL);
    hd_buf_add_char(&line, '\n');
    add_parts(run, m->split, "evaluate.into_parts", &parts);
    hd_text_fill(&line, run->ruleset->catalogue, "evaluate.splits", "persons",
                 digits(persons, m->n_true), "exact", digits(exact, m->n_exact), "n",
                 digits(n, m->n_split), "parts", parts.ptr, NULL);
    hd_buf_add_char(&line, '\n');
    hd_buf_clear(&parts);
    add_parts(run, m->merged, "evaluate.of_persons", &parts);
    hd_text_fill(&line, run->ruleset->catalogue, "evaluate.merges", "persons",
                 digits(persons, m->n_found), "n", digits(n, m->n_merged), "parts", parts.ptr,
                 NULL);
    printf("%s\n", line.ptr);
    hd_buf_release(&parts);
    hd_buf_release(&line);
}

void cli_thresholds_text(const hd_run *run, const hd_thresholds *t)
{
    print_intro(run, t);
    if (t->truth)
        print_truth(run, t);
    else if (t->labels)
        print_labels(run, t);
    else
        print_counts(run, t);
    print_legend(run, t);
    if (t->truth) {
        printf("%s\n", hd_text_of(run->ruleset->catalogue, "evaluate.terms").ptr);
        print_parts(run, t);
    }
}

/* ---- for programs ---- */

static json_t *describe_measure(const hd_accuracy *m)
{
    return json_pack("{s:f,s:f,s:f}", "precision", m->precision, "recall", m->recall, "f1", m->f1);
}

static json_t *describe_counts(const uint64_t *counts)
{
    json_t *out = json_object();
    for (uint32_t k = 1; k <= HD_PARTS_MAX; k++) {
        char key[16];
        snprintf(key, sizeof key, "%u%s", k, k == HD_PARTS_MAX ? "+" : "");
        json_object_set_new(out, key, cli_json_count(counts[k]));
    }
    return out;
}

static void add_measures(json_t *out, const hd_partition_measures *m)
{
    json_object_set_new(out, "pairwise", describe_measure(&m->pairwise));
    json_object_set_new(out, "bcubed", describe_measure(&m->bcubed));
    json_object_set_new(out, "purity", json_real(m->purity.precision));
    json_object_set_new(out, "inverse_purity", json_real(m->purity.recall));
    json_object_set_new(out, "true_persons", cli_json_count(m->n_true));
    json_object_set_new(out, "exact_persons", cli_json_count(m->n_exact));
    json_object_set_new(out, "true_persons_in_parts", describe_counts(m->split));
    json_object_set_new(out, "found_persons_of_several", describe_counts(m->merged));
    json_object_set_new(out, "true_pairs", cli_json_count(m->true_pairs));
    json_object_set_new(out, "found_pairs", cli_json_count(m->found_pairs));
    json_object_set_new(out, "right_pairs", cli_json_count(m->right_pairs));
}

static json_t *describe_estimate(const hd_estimate *e)
{
    if (isnan(e->value))
        return json_null();
    return json_pack("{s:f,s:f,s:f}", "value", e->value, "low", e->low, "high", e->high);
}

static json_t *describe_point(const hd_thresholds *t, const hd_threshold_point *p)
{
    json_t *out = json_object();
    json_object_set_new(out, "threshold", cli_json_bits(p->threshold));
    json_object_set_new(out, "persons", json_integer(p->n_persons));
    json_object_set_new(out, "largest", json_integer(p->largest));
    json_object_set_new(out, "pairs", cli_json_count(p->n_pairs));
    json_object_set_new(out, "review", cli_json_count(p->n_review));
    if (t->truth)
        add_measures(out, &p->measures);
    if (!t->labels)
        return out;
    json_object_set_new(out, "estimates",
                        json_pack("{s:o,s:o,s:o}", "precision",
                                  describe_estimate(&p->estimates.precision), "recall",
                                  describe_estimate(&p->estimates.recall), "f1",
                                  describe_estimate(&p->estimates.f1)));
    json_object_set_new(out, "same_apart", json_integer(p->n_labels_missed));
    json_object_set_new(out, "different_joined", json_integer(p->n_labels_wrong));
    return out;
}

void cli_thresholds_json(const hd_run *run, const hd_thresholds *t)
{
    json_t *out = json_object(), *points = json_array();
    for (uint32_t i = 0; i < t->n; i++)
        json_array_append_new(points, describe_point(t, &t->point[i]));
    json_object_set_new(out, "mentions", json_integer(run->mentions.n));
    json_object_set_new(out, "configured", cli_json_bits(t->point[t->configured].threshold));
    json_object_set_new(out, "best", cli_json_bits(t->point[t->best].threshold));
    if (t->truth)
        json_object_set_new(out, "missing_mentions", json_integer(t->truth->n_missing));
    if (t->labels) {
        json_object_set_new(out, "labels", json_integer(t->labels->n));
        json_object_set_new(out, "decided_labels", json_integer(t->labels->n_decided));
    }
    json_object_set_new(out, "thresholds", points);
    cli_json_print(out, CLI_TOLD_DIGITS);
}
