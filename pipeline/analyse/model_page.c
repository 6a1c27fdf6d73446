/* What the model says, level by level. */

#include <math.h>
#include <stdio.h>

#include "pipeline/analyse/evaluation_page.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/report/chart.h"

static const char *const for_colour = "#3b7dd8", *const against_colour = "#c94f4f",
                         *const m_colour = "#3b7dd8", *const u_colour = "#d99a2b";

/* One scale for all, so that comparisons can be compared. */
typedef struct scale {
    double least, most;
} scale;

static double weight_of(const hd_model_level *level)
{
    return log2(level->m / level->u);
}

static scale find_scale(const hd_run *run, double prior)
{
    scale s = {fmin(-1, prior), 1};
    for (uint32_t c = 0; c < run->ruleset->n_comparisons; c++)
        for (uint32_t l = 0; l < run->ruleset->comparisons[c].n_levels; l++) {
            double weight = weight_of(&run->model->comparison[c].level[l]);
            s.least = fmin(s.least, weight);
            s.most = fmax(s.most, weight);
        }
    return s;
}

static hd_chart_row level_of(const hd_run *run, uint32_t c, uint32_t level)
{
    hd_str code = run->ruleset->comparisons[c].levels[level].code;
    hd_str name = hd_text_for(run->ruleset->catalogue, "level", code, NULL);
    return (hd_chart_row){.label = name, .note = hd_str_eq(name, code) ? HD_STR_NULL : code};
}

static void set_weight(hd_chart_row *row, double weight)
{
    row->n_bars = 1;
    row->bar[0].to = weight;
    row->bar[0].colour = weight < 0 ? against_colour : for_colour;
    snprintf(row->bar[0].figure, sizeof row->bar[0].figure, "%+.1f", weight);
}

static void set_share(hd_chart_row *row, double share, const char *colour)
{
    struct hd_chart_row_bar *bar = &row->bar[row->n_bars++];
    bar->to = share;
    bar->colour = colour;
    snprintf(bar->figure, sizeof bar->figure, share < 0.001 ? "%.1e" : "%.3f", share);
}

static hd_str title_of(const hd_run *run, uint32_t c)
{
    return hd_text_for(run->ruleset->catalogue, "comparison", run->ruleset->comparisons[c].code,
                       NULL);
}

static void add_weights(const hd_evaluation_page *page, double prior, hd_buf *out)
{
    const hd_run *run = page->run;
    scale s = find_scale(run, prior);
    hd_chart_row rows[HD_LEVELS_MAX] = {{.label = hd_page_word(page, "prior_help")}};
    set_weight(&rows[0], prior);
    hd_html_heading(out, hd_page_word(page, "level_weights"));
    hd_page_paragraph(out, hd_page_word(page, "model_note"));
    hd_charts_open(out);
    hd_chart_rows(out, hd_page_word(page, "prior"), s.least, s.most, rows, 1, NAN);
    for (uint32_t c = 0; c < run->ruleset->n_comparisons; c++) {
        uint32_t n = run->ruleset->comparisons[c].n_levels;
        for (uint32_t l = 0; l < n; l++) {
            rows[l] = level_of(run, c, l);
            set_weight(&rows[l], weight_of(&run->model->comparison[c].level[l]));
        }
        hd_chart_rows(out, title_of(run, c), s.least, s.most, rows, n, NAN);
    }
    hd_charts_close(out);
}

static void add_shares(const hd_evaluation_page *page, hd_buf *out)
{
    const hd_run *run = page->run;
    const hd_part parts[] = {{hd_page_word(page, "m"), 0, m_colour},
                             {hd_page_word(page, "u"), 0, u_colour}};
    hd_chart_row rows[HD_LEVELS_MAX];
    hd_html_heading(out, hd_page_word(page, "level_shares"));
    hd_html_legend(out, parts, 2);
    hd_charts_open(out);
    for (uint32_t c = 0; c < run->ruleset->n_comparisons; c++) {
        uint32_t n = run->ruleset->comparisons[c].n_levels;
        for (uint32_t l = 0; l < n; l++) {
            rows[l] = level_of(run, c, l);
            set_share(&rows[l], run->model->comparison[c].level[l].m, m_colour);
            set_share(&rows[l], run->model->comparison[c].level[l].u, u_colour);
        }
        hd_chart_rows(out, title_of(run, c), 0, 1, rows, n, NAN);
    }
    hd_charts_close(out);
}

void hd_page_model(const hd_evaluation_page *page, hd_buf *out)
{
    double prior = page->run->model->prior;
    add_weights(page, log2(prior / (1 - prior)), out);
    add_shares(page, out);
}
