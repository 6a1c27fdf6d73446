/* A person: its mentions, the pairs among them, and who was kept apart. */

#include <stdio.h>

#include "pipeline/analyse/evaluation_page.h"
#include "pipeline/analyse/person.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/naming.h"
#include "pipeline/report/chart.h"

typedef struct person_page {
    const hd_evaluation_page *page;
    hd_person_view view;
    hd_buf *out;
} person_page;

static double bits(int32_t weight)
{
    return (double)weight / HD_WEIGHT_ONE;
}

static void mention_cell(const person_page *p, hd_mention i)
{
    hd_buf name = {0};
    hd_mention_add_name(&name, &p->page->run->mentions, i);
    hd_html_cell(p->out, hd_buf_str(&name));
    hd_buf_release(&name);
}

static void bits_cell(const person_page *p, double weight)
{
    hd_buf_addf(p->out, "<td class=\"n\">%+.2f</td>", weight);
}

/* ---- its mentions ---- */

static void add_members(const person_page *p)
{
    const hd_run *run = p->page->run;
    hd_str heads[2 + HD_WHO_MAX] = {HD_STR("#"), hd_page_word(p->page, "mention")};
    uint32_t field[HD_WHO_MAX], n_fields = hd_who_fields(&run->mentions, field);
    for (uint32_t i = 0; i < n_fields; i++)
        heads[2 + i] = hd_text_for(run->ruleset->catalogue, "field",
                                   run->ruleset->fields[field[i]].code, NULL);
    hd_html_table_open(p->out, heads, 2 + n_fields, 1);
    for (uint32_t k = 0; k < p->view.n; k++) {
        hd_html_row_open(p->out);
        hd_html_number(p->out, k + 1);
        mention_cell(p, p->view.member[k]);
        for (uint32_t i = 0; i < n_fields; i++) {
            hd_buf value = {0};
            hd_explain_value(run, p->page->style, p->view.member[k], field[i], &value);
            hd_html_cell(p->out, hd_buf_str(&value));
            hd_buf_release(&value);
        }
        hd_html_row_close(p->out);
    }
    hd_html_table_close(p->out);
}

/* ---- the pairs among them ---- */

static uint32_t node_of(const person_page *p, hd_mention i)
{
    uint32_t k = 0;
    while (p->view.member[k] != i)
        k++;
    return k;
}

static bool joined(const person_page *p, const hd_edge *edge)
{
    for (uint32_t i = 0; i < p->view.n_joins; i++)
        if (p->view.join[i].edge->a == edge->a && p->view.join[i].edge->b == edge->b)
            return true;
    return false;
}

/* The run's edges inside the person; those that joined it are strong. */
static uint32_t list_edges(person_page *p, hd_chart_edge **out)
{
    const uint32_t *of = p->page->run->clusters.of;
    const hd_edges *edges = &p->page->run->edges;
    uint32_t n = 0, most = 0;
    for (size_t i = 0; i < edges->n; i++)
        most += of[edges->edge[i].a] == p->view.cluster && of[edges->edge[i].b] == p->view.cluster;
    *out = HD_NEW_N(&p->view.arena, hd_chart_edge, most + 1);
    for (size_t i = 0; i < edges->n; i++) {
        const hd_edge *edge = &edges->edge[i];
        if (of[edge->a] == p->view.cluster && of[edge->b] == p->view.cluster)
            (*out)[n++] = (hd_chart_edge){node_of(p, edge->a), node_of(p, edge->b),
                                          bits(edge->weight), joined(p, edge)};
    }
    return n;
}

static void add_edge_table(const person_page *p, const hd_chart_edge *edges, uint32_t n)
{
    hd_str heads[3] = {hd_page_word(p->page, "edge"), hd_page_word(p->page, "weight"),
                       hd_page_word(p->page, "joined")};
    char text[32];
    hd_html_table_open(p->out, heads, 3, 0x2);
    for (uint32_t i = 0; i < n; i++) {
        hd_html_row_open(p->out);
        snprintf(text, sizeof text, "%u – %u", edges[i].a + 1, edges[i].b + 1);
        hd_html_cell(p->out, hd_str_from(text));
        bits_cell(p, edges[i].weight);
        hd_html_cell(p->out, edges[i].strong ? HD_STR("●") : HD_STR(""));
        hd_html_row_close(p->out);
    }
    hd_html_table_close(p->out);
}

static void add_edges(person_page *p)
{
    enum { DRAWN_MAX = 40 }; /* nodes on a circle */
    hd_chart_edge *edges;
    hd_buf metrics = {0};
    uint32_t n = list_edges(p, &edges);
    hd_person_metrics_text(p->page->run, &p->view, &metrics);
    hd_page_paragraph(p->out, hd_buf_str(&metrics));
    hd_buf_release(&metrics);
    hd_beside_open(p->out);
    if (p->view.n <= DRAWN_MAX)
        hd_chart_graph(p->out, hd_page_word(p->page, "graph"), p->view.n, edges, n);
    hd_buf_add(p->out, HD_STR("<div>"));
    add_edge_table(p, edges, n);
    hd_buf_add(p->out, HD_STR("</div>"));
    hd_charts_close(p->out);
}

/* ---- who was kept apart ---- */

static void add_apart(const person_page *p)
{
    const hd_run *run = p->page->run;
    hd_str heads[4] = {hd_page_word(p->page, "weight"), HD_STR("#"),
                       hd_page_word(p->page, "kept_apart"), hd_page_word(p->page, "why")};
    if (!p->view.n_apart)
        return;
    hd_html_table_open(p->out, heads, 4, 0x3);
    for (uint32_t i = 0; i < p->view.n_apart; i++) {
        const hd_review *r = p->view.apart[i].review;
        bool first = run->clusters.of[r->a] == p->view.cluster;
        hd_html_row_open(p->out);
        bits_cell(p, bits(r->weight));
        hd_html_number(p->out, node_of(p, first ? r->a : r->b) + 1);
        mention_cell(p, first ? r->b : r->a);
        hd_html_cell(p->out, hd_explain_review(run, r->conflict));
        hd_html_row_close(p->out);
    }
    hd_html_table_close(p->out);
}

void hd_page_person(const hd_evaluation_page *page, hd_mention of, hd_buf *out)
{
    person_page p = {.page = page, .out = out};
    hd_buf heading = {0};
    hd_buf_add(&heading, hd_page_word(page, "person_of"));
    hd_buf_add_char(&heading, ' ');
    hd_mention_add_name(&heading, &page->run->mentions, of);
    hd_html_heading(out, hd_buf_str(&heading));
    hd_buf_release(&heading);
    hd_person_look(page->run, page->run->clusters.of[of], &p.view);
    add_members(&p);
    if (p.view.n > 1)
        add_edges(&p);
    add_apart(&p);
    hd_person_view_release(&p.view);
}
