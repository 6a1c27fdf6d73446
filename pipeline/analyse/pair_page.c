/* Two mentions: how they are weighed. */

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "pipeline/analyse/evaluation_page.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/naming.h"
#include "pipeline/report/chart.h"

typedef struct pair_page {
    const hd_evaluation_page *page;
    const hd_explained *x;
    hd_arena *arena;
    hd_buf *out;
} pair_page;

static double bits(int64_t weight)
{
    return (double)weight / HD_WEIGHT_ONE;
}

/* ---- the waterfall ---- */

static void add_step(hd_chart_row *row, double from, double by)
{
    row->n_bars = 1;
    row->bar[0].from = from;
    row->bar[0].to = from + by;
    row->bar[0].colour = by < 0 ? "#c94f4f" : "#3b7dd8";
    snprintf(row->bar[0].figure, sizeof row->bar[0].figure, "%+.2f", by);
}

/* The values of both sides, of the fields that the comparison looked at: "姓名 张*三 / 张*山". */
static hd_str values_of(const pair_page *p, uint32_t c)
{
    const hd_explained *x = p->x;
    const hd_run *run = p->page->run;
    hd_buf text = {0};
    for (uint32_t f = 0; f < run->ruleset->n_fields; f++) {
        const hd_value_no *column = run->mentions.column[f];
        if (!(x->comparison[c].fields >> f & 1) || !column || (!column[x->a] && !column[x->b]))
            continue;
        if (text.len_bytes)
            hd_buf_add(&text, hd_text_of(run->ruleset->catalogue, "explain.and"));
        hd_buf_add(&text, hd_text_for(run->ruleset->catalogue, "field",
                                      run->ruleset->fields[f].code, NULL));
        hd_buf_add_char(&text, ' ');
        hd_explain_value(run, p->page->style, x->a, f, &text);
        hd_buf_add(&text, HD_STR(" / "));
        hd_explain_value(run, p->page->style, x->b, f, &text);
    }
    hd_str out = hd_arena_str(p->arena, hd_buf_str(&text));
    hd_buf_release(&text);
    return out;
}

static hd_str level_text(const pair_page *p, uint32_t c)
{
    const hd_ruleset *ruleset = p->page->run->ruleset;
    const hd_comparison *comparison = &ruleset->comparisons[c];
    hd_str level = comparison->levels[p->x->comparison[c].level - 1].code;
    return hd_arena_printf(
        p->arena, "%.*s = %.*s",
        HD_ARG(hd_text_for(ruleset->catalogue, "comparison", comparison->code, NULL)),
        HD_ARG(hd_text_for(ruleset->catalogue, "level", level, NULL)));
}

static void add_waterfall(const pair_page *p)
{
    const hd_explained *x = p->x;
    hd_chart_row *rows = HD_NEW_N(p->arena, hd_chart_row, 2u * HD_COMPARISONS_MAX + 2);
    double at = bits(x->prior), least = fmin(0, at), most = fmax(0, at);
    uint32_t n = 0;
    rows[n] = (hd_chart_row){.label = hd_page_word(p->page, "prior")};
    add_step(&rows[n++], 0, at);
    for (uint32_t c = 0; c < x->n_comparisons; c++) {
        const hd_explained_comparison *e = &x->comparison[c];
        if (!e->level)
            continue;
        rows[n] = (hd_chart_row){.label = level_text(p, c)};
        add_step(&rows[n++], at, bits(e->weight + e->frequency));
        at += bits(e->weight + e->frequency);
        least = fmin(least, at);
        most = fmax(most, at);
    }
    rows[n] = (hd_chart_row){.label = hd_page_word(p->page, "weight")};
    add_step(&rows[n], 0, at);
    rows[n++].bar[0].colour = "#1c2733";
    hd_chart_rows(p->out, hd_page_word(p->page, "waterfall"), least, fmax(most, bits(x->threshold)),
                  rows, n, bits(x->threshold));
}

/* ---- beside it: the comparisons in a table ---- */

static void bits_cell(hd_buf *out, int64_t weight)
{
    hd_buf_addf(out, "<td class=\"n\">%+.2f</td>", bits(weight));
}

static void add_comparisons(const pair_page *p)
{
    hd_buf *out = p->out;
    static const char *const keys[] = {"comparison", "weight", "frequency", "values"};
    hd_str heads[4];
    for (int i = 0; i < 4; i++)
        heads[i] = hd_page_word(p->page, keys[i]);
    hd_html_table_open(out, heads, 4, 0x6);
    for (uint32_t c = 0; c < p->x->n_comparisons; c++) {
        const hd_explained_comparison *e = &p->x->comparison[c];
        if (!e->level)
            continue;
        hd_html_row_open(out);
        hd_html_cell(out, level_text(p, c));
        bits_cell(out, e->weight + e->frequency);
        bits_cell(out, e->frequency);
        hd_html_cell(out, values_of(p, c));
        hd_html_row_close(out);
    }
    hd_html_table_close(out);
}

void hd_page_pair(const hd_evaluation_page *page, hd_buf *out)
{
    hd_explained x;
    hd_arena arena = {0};
    hd_buf text = {0};
    hd_explain(page->run, page->named[0], page->named[1], &x);
    pair_page p = {page, &x, &arena, out};
    hd_mention_add_name(&text, &page->run->mentions, x.a);
    hd_buf_add(&text, HD_STR(" – "));
    hd_mention_add_name(&text, &page->run->mentions, x.b);
    hd_html_heading(out, hd_buf_str(&text));
    hd_buf_clear(&text);
    hd_explain_verdict(page->run, &x, &text);
    hd_page_paragraph(out, hd_buf_str(&text));
    hd_charts_open(out);
    add_waterfall(&p);
    hd_charts_close(out);
    add_comparisons(&p);
    hd_buf_release(&text);
    hd_arena_release(&arena);
    hd_explained_release(&x);
}
