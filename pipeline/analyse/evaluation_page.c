#include "pipeline/analyse/evaluation_page.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "pipeline/analyse/weight_counts.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/io/file.h"
#include "pipeline/report/chart.h"

#define BLUE "#3b7dd8"
#define AMBER "#d99a2b"
#define GREEN "#3f9c6b"
#define GREY "#8a97a5"

hd_str hd_page_word(const hd_evaluation_page *page, const char *code)
{
    return hd_text_for(page->run->ruleset->catalogue, "page", hd_str_from(code), NULL);
}

void hd_page_paragraph(hd_buf *out, hd_str text)
{
    hd_buf_add(out, HD_STR("<p>"));
    hd_html_text(out, text);
    hd_buf_add(out, HD_STR("</p>\n"));
}

static double bits(int32_t weight)
{
    return (double)weight / HD_WEIGHT_ONE;
}

/* ---- what each threshold gives ---- */

/* The thresholds as columns of numbers, which is what charts are drawn from. */
typedef struct series {
    double *threshold, *precision, *recall, *f1;
    double *low[3], *high[3]; /* of precision, recall, F1; only of estimates */
    uint32_t n;
    bool intervals;
} series;

static void fill_series(const hd_thresholds *t, hd_arena *arena, series *s)
{
    double **columns[] = {&s->threshold, &s->precision, &s->recall,  &s->f1,      &s->low[0],
                          &s->low[1],    &s->low[2],    &s->high[0], &s->high[1], &s->high[2]};
    *s = (series){.n = t->n, .intervals = !t->truth && t->labels};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        *columns[i] = HD_NEW_N(arena, double, t->n + 1);
    for (uint32_t i = 0; i < t->n; i++) {
        const hd_threshold_point *p = &t->point[i];
        const hd_accuracy *m = &p->measures.pairwise;
        const hd_estimate *e[3] = {&p->estimates.precision, &p->estimates.recall, &p->estimates.f1};
        s->threshold[i] = bits(p->threshold);
        s->precision[i] = t->truth ? m->precision : e[0]->value;
        s->recall[i] = t->truth ? m->recall : e[1]->value;
        s->f1[i] = t->truth ? m->f1 : e[2]->value;
        for (int k = 0; k < 3; k++) {
            s->low[k][i] = e[k]->low;
            s->high[k][i] = e[k]->high;
        }
    }
}

/* Where an axis begins that ends at 1: so that what differs is seen. */
static double floor_of(const double *values, uint32_t n)
{
    static const double floors[] = {0.99, 0.98, 0.95, 0.9, 0.8, 0.6, 0.4, 0.2};
    double least = 1;
    for (uint32_t i = 0; i < n; i++)
        least = values[i] < least ? values[i] : least;
    for (size_t i = 0; i < sizeof floors / sizeof *floors; i++)
        if (floors[i] < least)
            return floors[i];
    return 0;
}

static hd_chart_line line_of(const hd_evaluation_page *page, const series *s, const char *word,
                             const char *colour, const double *y, int interval)
{
    return (hd_chart_line){.label = hd_page_word(page, word),
                           .colour = colour,
                           .x = s->threshold,
                           .y = y,
                           .low = s->intervals ? s->low[interval] : NULL,
                           .high = s->intervals ? s->high[interval] : NULL,
                           .n = s->n};
}

static void add_threshold_charts(const hd_evaluation_page *page, const series *s, hd_buf *out)
{
    double configured = s->threshold[page->thresholds->configured];
    double least = fmin(floor_of(s->precision, s->n), floor_of(s->recall, s->n));
    const hd_chart_line lines[] = {line_of(page, s, "precision", BLUE, s->precision, 0),
                                   line_of(page, s, "recall", AMBER, s->recall, 1),
                                   line_of(page, s, "f1", GREEN, s->f1, 2)};
    const hd_chart_axis threshold = {hd_page_word(page, "threshold_axis"), s->threshold[0],
                                     fmax(s->threshold[s->n - 1], s->threshold[0] + 1), false};
    hd_chart_lines(out, hd_page_word(page, "threshold_chart"), threshold,
                   (hd_chart_axis){HD_STR_NULL, least, 1, false}, lines, 3, configured);
    uint32_t at = page->thresholds->configured;
    const hd_chart_line curve[] = {{.label = hd_page_word(page, "thresholds"),
                                    .colour = BLUE,
                                    .x = s->recall,
                                    .y = s->precision,
                                    .n = s->n,
                                    .dots = true},
                                   {.label = hd_page_word(page, "configured"),
                                    .colour = "#c94f4f",
                                    .x = s->recall + at,
                                    .y = s->precision + at,
                                    .n = 1,
                                    .dots = true}};
    hd_chart_lines(
        out, hd_page_word(page, "pr_curve"),
        (hd_chart_axis){hd_page_word(page, "recall"), floor_of(s->recall, s->n), 1, false},
        (hd_chart_axis){hd_page_word(page, "precision"), floor_of(s->precision, s->n), 1, false},
        curve, 2, NAN);
}

static void add_persons_chart(const hd_evaluation_page *page, const series *s, hd_arena *arena,
                              hd_buf *out)
{
    const hd_thresholds *t = page->thresholds;
    double *persons = HD_NEW_N(arena, double, t->n + 1), least = INFINITY, most = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        persons[i] = t->point[i].n_persons;
        least = fmin(least, persons[i]);
        most = fmax(most, persons[i]);
    }
    const hd_chart_line line = {.colour = BLUE, .x = s->threshold, .y = persons, .n = t->n};
    hd_chart_lines(out, hd_page_word(page, "persons_chart"),
                   (hd_chart_axis){hd_page_word(page, "threshold_axis"), s->threshold[0],
                                   fmax(s->threshold[t->n - 1], s->threshold[0] + 1), false},
                   (hd_chart_axis){HD_STR_NULL, least * 0.98, most * 1.02 + 1, false}, &line, 1,
                   s->threshold[t->configured]);
}

/* ---- how weights are spread ---- */

static const char *colour_at(const hd_ruleset *ruleset, int from)
{
    if (from >= ruleset->match_threshold_bits)
        return BLUE;
    return from >= ruleset->review_threshold_bits ? AMBER : GREY;
}

/* First and last bin that holds anything. */
static void ends_of(const uint64_t *counts, int *first, int *last)
{
    *first = HD_WEIGHT_COUNTS;
    *last = 0;
    for (int i = 0; i < HD_WEIGHT_COUNTS; i++)
        if (counts[i]) {
            *first = i < *first ? i : *first;
            *last = i;
        }
    if (*first > *last)
        *first = *last = -HD_WEIGHT_COUNTS_FROM;
}

static void add_histogram(const hd_evaluation_page *page, const hd_weight_counts *counts,
                          hd_buf *out)
{
    hd_chart_column column[HD_WEIGHT_COUNTS];
    int first, last;
    double most = 10;
    ends_of(counts->pairs, &first, &last);
    uint32_t n = 0;
    for (int i = first; i <= last; i++) {
        int from = HD_WEIGHT_COUNTS_FROM + i;
        most = fmax(most, (double)counts->pairs[i]);
        column[n++] = (hd_chart_column){from, 1, (double)counts->pairs[i],
                                        colour_at(page->run->ruleset, from)};
    }
    hd_chart_columns(out, hd_page_word(page, "histogram"),
                     (hd_chart_axis){hd_page_word(page, "weight_axis"),
                                     HD_WEIGHT_COUNTS_FROM + first,
                                     HD_WEIGHT_COUNTS_FROM + last + 1, false},
                     (hd_chart_axis){hd_page_word(page, "pairs_axis"), 0.7, most * 1.2, true},
                     column, n, page->run->ruleset->match_threshold_bits);
}

static void add_unlinkable(const hd_evaluation_page *page, const hd_weight_counts *counts,
                           hd_buf *out)
{
    enum { N = 41 };
    double x[N], y[N];
    int from = (int)floor(page->run->ruleset->review_threshold_bits);
    double most = 0.01;
    for (int i = 0; i < N; i++) {
        x[i] = from + i;
        y[i] = 100 * hd_unlinkable_share(counts, from + i);
        most = fmax(most, y[i]);
    }
    const hd_chart_line line = {.colour = BLUE, .x = x, .y = y, .n = N};
    hd_chart_lines(out, hd_page_word(page, "unlinkable"),
                   (hd_chart_axis){hd_page_word(page, "threshold_axis"), x[0], x[N - 1], false},
                   (hd_chart_axis){hd_page_word(page, "percent_axis"), 0, most * 1.05, false},
                   &line, 1, page->run->ruleset->match_threshold_bits);
}

/* ---- the table under the charts ---- */

static void number_cell(hd_buf *out, const char *text)
{
    hd_buf_addf(out, "<td class=\"n\">%s</td>", text);
}

static void measure_cell(hd_buf *out, double value)
{
    char text[32] = "–";
    if (!isnan(value))
        snprintf(text, sizeof text, "%.4f", value);
    number_cell(out, text);
}

static void estimate_cell(hd_buf *out, const hd_estimate *e)
{
    char text[64] = "–";
    if (!isnan(e->value))
        snprintf(text, sizeof text, "%.4f<br>[%.4f, %.4f]", e->value, e->low, e->high);
    number_cell(out, text);
}

static void add_row(const hd_evaluation_page *page, uint32_t i, hd_buf *out)
{
    const hd_thresholds *t = page->thresholds;
    const hd_threshold_point *p = &t->point[i];
    const hd_partition_measures *m = &p->measures;
    char text[64];
    snprintf(text, sizeof text, "%.2f%s", bits(p->threshold), i == t->configured ? " *" : "");
    hd_html_row_open(out);
    number_cell(out, text);
    hd_html_number(out, p->n_persons);
    hd_html_number(out, p->largest);
    if (t->truth) {
        const double values[] = {m->pairwise.precision, m->pairwise.recall, m->pairwise.f1,
                                 m->bcubed.precision,   m->bcubed.recall,   m->bcubed.f1};
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            measure_cell(out, values[k]);
        hd_html_number(out, m->n_split);
        hd_html_number(out, m->n_merged);
    } else if (t->labels) {
        estimate_cell(out, &p->estimates.precision);
        estimate_cell(out, &p->estimates.recall);
        estimate_cell(out, &p->estimates.f1);
        hd_html_number(out, p->n_labels_missed);
        hd_html_number(out, p->n_labels_wrong);
    }
    hd_html_row_close(out);
}

static void add_table(const hd_evaluation_page *page, hd_buf *out)
{
    static const char *const truth[] = {
        "threshold",      "persons",     "largest", "pair_precision", "pair_recall", "pair_f1",
        "item_precision", "item_recall", "item_f1", "split",          "merged"};
    static const char *const labels[] = {"threshold", "persons", "largest",       "precision",
                                         "recall",    "f1",      "labels_missed", "labels_wrong"};
    const hd_thresholds *t = page->thresholds;
    const char *const *keys = t->truth ? truth : labels;
    uint32_t n = t->truth ? 11 : t->labels ? 8 : 3;
    hd_str heads[11];
    for (uint32_t i = 0; i < n; i++)
        heads[i] =
            hd_text_for(page->run->ruleset->catalogue, "evaluate", hd_str_from(keys[i]), NULL);
    hd_html_table_open(out, heads, n, UINT32_MAX);
    for (uint32_t i = 0; i < t->n; i++)
        add_row(page, i, out);
    hd_html_table_close(out);
}

/* ---- the page ---- */

static void add_cards(const hd_evaluation_page *page, const hd_weight_counts *counts, hd_buf *out)
{
    const hd_run *run = page->run;
    const struct {
        const char *key;
        uint64_t number;
    } cards[] = {{"mentions", run->mentions.n},
                 {"pairs", counts->n_pairs},
                 {"edges", run->edges.n},
                 {"persons", run->clusters.n},
                 {"review", run->clusters.n_asked}};
    hd_buf_add(out, HD_STR("<div class=\"cards\">\n"));
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++)
        hd_html_card(out, hd_page_word(page, cards[i].key), cards[i].number);
    hd_buf_add(out, HD_STR("</div>\n"));
}

static void add_thresholds(const hd_evaluation_page *page, hd_buf *out)
{
    hd_arena arena = {0};
    series s;
    fill_series(page->thresholds, &arena, &s);
    hd_html_heading(out, hd_page_word(page, "thresholds"));
    hd_charts_open(out);
    if (page->thresholds->truth || page->thresholds->labels)
        add_threshold_charts(page, &s, out);
    else
        add_persons_chart(page, &s, &arena, out);
    hd_charts_close(out);
    add_table(page, out);
    hd_page_paragraph(out, hd_page_word(page, "mark"));
    if (page->thresholds->truth)
        hd_page_paragraph(out, hd_text_of(page->run->ruleset->catalogue, "evaluate.terms"));
    hd_arena_release(&arena);
}

static void add_weights(const hd_evaluation_page *page, const hd_weight_counts *counts, hd_buf *out)
{
    hd_html_heading(out, hd_page_word(page, "weights"));
    hd_charts_open(out);
    add_histogram(page, counts, out);
    add_unlinkable(page, counts, out);
    hd_charts_close(out);
    hd_page_paragraph(out, hd_page_word(page, "weights_note"));
}

static void add_all(const hd_evaluation_page *page, const hd_weight_counts *counts, hd_buf *out)
{
    bool chinese = hd_str_eq(page->run->ruleset->language, HD_STR("zh"));
    const uint32_t *of = page->run->clusters.of;
    char site[64];
    hd_buf subtitle = {0};
    hd_html_site(site, sizeof site, HD_STR_NULL, page->run->ruleset->site);
    hd_text_fill(&subtitle, page->run->ruleset->catalogue, "page.subtitle", "site", site, NULL);
    hd_html_open(out, hd_page_word(page, "title"), chinese ? "zh-CN" : "en");
    hd_page_paragraph(out, hd_buf_str(&subtitle));
    hd_buf_release(&subtitle);
    add_cards(page, counts, out);
    add_thresholds(page, out);
    add_weights(page, counts, out);
    hd_page_model(page, out);
    if (page->n_named == 2)
        hd_page_pair(page, out);
    for (uint32_t i = 0; i < page->n_named; i++)
        if (i == 0 || of[page->named[0]] != of[page->named[1]])
            hd_page_person(page, page->named[i], out);
    hd_html_close(out);
}

hd_status hd_evaluation_page_write(hd_ctx *ctx, const hd_evaluation_page *page, const char *path)
{
    hd_weight_counts counts;
    hd_buf out = {0};
    HD_TRY(hd_weight_counts_make(ctx, page->run, &counts));
    add_all(page, &counts, &out);
    hd_status status = hd_file_write(ctx, path, 0600, hd_buf_str(&out));
    hd_buf_release(&out);
    return status;
}
