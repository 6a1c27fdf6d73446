/* Two mentions: how they are weighed, and whom they belong to. */

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "pipeline/analyse/evaluation_page.h"
#include "pipeline/analyse/mention_name.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/report/chart.h"

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

/* The values of both sides, of the fields that the comparison looked at. */
static hd_str values_of(const hd_evaluation_page *page, uint32_t c, hd_arena *arena)
{
    const hd_explained *x = page->pair;
    const hd_run *run = page->run;
    hd_buf text = {0};
    for (uint32_t f = 0; f < run->ruleset->n_fields; f++) {
        const hd_value_no *column = run->mentions.column[f];
        if (!(x->comparison[c].fields >> f & 1) || !column || !column[x->a] || !column[x->b])
            continue;
        if (text.len_bytes)
            hd_buf_add(&text, HD_STR("; "));
        hd_explain_value(run, page->style, x->a, f, &text);
        hd_buf_add(&text, HD_STR(" / "));
        hd_explain_value(run, page->style, x->b, f, &text);
    }
    hd_str out = hd_arena_str(arena, hd_buf_str(&text));
    hd_buf_release(&text);
    return out;
}

static hd_str level_text(const hd_evaluation_page *page, uint32_t c, hd_arena *arena)
{
    const hd_ruleset *ruleset = page->run->ruleset;
    const hd_comparison *comparison = &ruleset->comparisons[c];
    hd_str level = comparison->levels[page->pair->comparison[c].level - 1].code;
    return hd_arena_printf(
        arena, "%.*s = %.*s",
        HD_ARG(hd_text_for(ruleset->catalogue, "comparison", comparison->code, NULL)),
        HD_ARG(hd_text_for(ruleset->catalogue, "level", level, NULL)));
}

static void add_waterfall(const hd_evaluation_page *page, hd_arena *arena, hd_buf *out)
{
    const hd_explained *x = page->pair;
    hd_chart_row *rows = HD_NEW_N(arena, hd_chart_row, 2u * HD_COMPARISONS_MAX + 2);
    double at = bits(x->prior), least = fmin(0, at), most = fmax(0, at);
    uint32_t n = 0;
    rows[n] = (hd_chart_row){.label = hd_page_word(page, "prior")};
    add_step(&rows[n++], 0, at);
    for (uint32_t c = 0; c < x->n_comparisons; c++) {
        const hd_explained_comparison *e = &x->comparison[c];
        if (!e->level)
            continue;
        rows[n] = (hd_chart_row){.label = level_text(page, c, arena)};
        add_step(&rows[n++], at, bits(e->weight + e->frequency));
        at += bits(e->weight + e->frequency);
        least = fmin(least, at);
        most = fmax(most, at);
    }
    rows[n] = (hd_chart_row){.label = hd_page_word(page, "weight")};
    add_step(&rows[n], 0, at);
    rows[n++].bar[0].colour = "#1c2733";
    hd_chart_rows(out, hd_page_word(page, "waterfall"), least, fmax(most, bits(x->threshold)), rows,
                  n, bits(x->threshold));
}

/* ---- beside it: the comparisons in a table ---- */

static void bits_cell(hd_buf *out, int64_t weight)
{
    hd_buf_addf(out, "<td class=\"n\">%+.2f</td>", bits(weight));
}

static void add_comparisons(const hd_evaluation_page *page, hd_arena *arena, hd_buf *out)
{
    static const char *const keys[] = {"comparison", "weight", "frequency", "values"};
    hd_str heads[4];
    for (int i = 0; i < 4; i++)
        heads[i] = hd_page_word(page, keys[i]);
    hd_html_table_open(out, heads, 4, 0x6);
    for (uint32_t c = 0; c < page->pair->n_comparisons; c++) {
        const hd_explained_comparison *e = &page->pair->comparison[c];
        if (!e->level)
            continue;
        hd_html_row_open(out);
        hd_html_cell(out, level_text(page, c, arena));
        bits_cell(out, e->weight + e->frequency);
        bits_cell(out, e->frequency);
        hd_html_cell(out, values_of(page, c, arena));
        hd_html_row_close(out);
    }
    hd_html_table_close(out);
}

static hd_str name_of(const hd_evaluation_page *page, hd_mention i, hd_arena *arena)
{
    hd_buf text = {0};
    hd_mention_add_name(&text, &page->run->mentions, i);
    hd_str out = hd_arena_str(arena, hd_buf_str(&text));
    hd_buf_release(&text);
    return out;
}

/* ---- a person ---- */

static void add_members(const hd_evaluation_page *page, uint32_t cluster, hd_arena *arena,
                        hd_buf *out)
{
    static const char *const shown[] = {"name", "sex", "birth_date", "id_number"};
    const hd_run *run = page->run;
    const hd_clusters *clusters = &run->clusters;
    hd_str heads[6] = {HD_STR("#"), hd_page_word(page, "mention")};
    int field[4];
    for (int i = 0; i < 4; i++) {
        hd_str code = hd_str_from(shown[i]);
        field[i] = hd_field_find(run->ruleset, code);
        heads[2 + i] = hd_text_for(run->ruleset->catalogue, "field", code, NULL);
    }
    hd_html_table_open(out, heads, 6, 1);
    for (uint32_t k = clusters->start[cluster]; k < clusters->start[cluster + 1]; k++) {
        hd_mention m = clusters->member[k];
        hd_html_row_open(out);
        hd_html_number(out, k - clusters->start[cluster] + 1);
        hd_html_cell(out, name_of(page, m, arena));
        for (int i = 0; i < 4; i++) {
            hd_buf value = {0};
            if (field[i] >= 0)
                hd_explain_value(run, page->style, m, (uint32_t)field[i], &value);
            hd_html_cell(out, hd_buf_str(&value));
            hd_buf_release(&value);
        }
        hd_html_row_close(out);
    }
    hd_html_table_close(out);
}

static uint32_t node_of(const hd_clusters *clusters, uint32_t cluster, hd_mention i)
{
    uint32_t k = clusters->start[cluster];
    while (clusters->member[k] != i)
        k++;
    return k - clusters->start[cluster];
}

/* Edges of the run inside the person; those that joined it are strong. */
static uint32_t list_edges(const hd_evaluation_page *page, uint32_t cluster, hd_arena *arena,
                           hd_chart_edge **out)
{
    const hd_clusters *clusters = &page->run->clusters;
    const hd_edges *edges = &page->run->edges;
    uint32_t n = 0, most = 0;
    for (size_t i = 0; i < edges->n; i++)
        most +=
            clusters->of[edges->edge[i].a] == cluster && clusters->of[edges->edge[i].b] == cluster;
    *out = HD_NEW_N(arena, hd_chart_edge, most + 1);
    for (size_t i = 0; i < edges->n; i++) {
        const hd_edge *edge = &edges->edge[i];
        if (clusters->of[edge->a] != cluster || clusters->of[edge->b] != cluster)
            continue;
        bool strong = false;
        for (uint32_t k = clusters->start[cluster]; k < clusters->start[cluster + 1]; k++) {
            const hd_edge *link = &clusters->link[clusters->member[k]];
            strong |= link->weight != INT32_MIN && link->a == edge->a && link->b == edge->b;
        }
        (*out)[n++] =
            (hd_chart_edge){node_of(clusters, cluster, edge->a),
                            node_of(clusters, cluster, edge->b), bits(edge->weight), strong};
    }
    return n;
}

static void add_edges(const hd_evaluation_page *page, const hd_chart_edge *edges, uint32_t n,
                      hd_buf *out)
{
    hd_str heads[3] = {hd_page_word(page, "edge"), hd_page_word(page, "weight"),
                       hd_page_word(page, "joined")};
    char text[32];
    hd_html_table_open(out, heads, 3, 0x2);
    for (uint32_t i = 0; i < n; i++) {
        hd_html_row_open(out);
        snprintf(text, sizeof text, "%u – %u", edges[i].a + 1, edges[i].b + 1);
        hd_html_cell(out, hd_str_from(text));
        hd_buf_addf(out, "<td class=\"n\">%+.2f</td>", edges[i].weight);
        hd_html_cell(out, edges[i].strong ? HD_STR("●") : HD_STR(""));
        hd_html_row_close(out);
    }
    hd_html_table_close(out);
}

static void add_person(const hd_evaluation_page *page, hd_mention of, hd_arena *arena, hd_buf *out)
{
    enum { DRAWN_MAX = 40 }; /* nodes on a circle */
    const hd_clusters *clusters = &page->run->clusters;
    uint32_t cluster = clusters->of[of];
    uint32_t n = clusters->start[cluster + 1] - clusters->start[cluster];
    hd_chart_edge *edges;
    uint32_t n_edges = list_edges(page, cluster, arena, &edges);
    hd_str heading = hd_arena_printf(arena, "%.*s %.*s", HD_ARG(hd_page_word(page, "person_of")),
                                     HD_ARG(name_of(page, of, arena)));
    hd_html_heading(out, heading);
    add_members(page, cluster, arena, out);
    if (n < 2)
        return;
    hd_charts_open(out);
    if (n <= DRAWN_MAX)
        hd_chart_graph(out, hd_page_word(page, "graph"), n, edges, n_edges);
    hd_buf_add(out, HD_STR("<div>"));
    add_edges(page, edges, n_edges, out);
    hd_buf_add(out, HD_STR("</div>"));
    hd_charts_close(out);
}

void hd_page_pair(const hd_evaluation_page *page, hd_buf *out)
{
    const hd_explained *x = page->pair;
    hd_arena arena = {0};
    hd_buf verdict = {0};
    hd_str heading = hd_arena_printf(&arena, "%.*s – %.*s", HD_ARG(name_of(page, x->a, &arena)),
                                     HD_ARG(name_of(page, x->b, &arena)));
    hd_html_heading(out, heading);
    hd_explain_verdict(page->run, x, &verdict);
    hd_page_paragraph(out, hd_buf_str(&verdict));
    hd_buf_release(&verdict);
    hd_charts_open(out);
    add_waterfall(page, &arena, out);
    hd_charts_close(out);
    add_comparisons(page, &arena, out);
    add_person(page, x->a, &arena, out);
    if (!x->path)
        add_person(page, x->b, &arena, out);
    hd_arena_release(&arena);
}
