/* A person in words. */

#include <stdio.h>

#include "base/utf8.h"
#include "pipeline/analyse/person.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/naming.h"

typedef struct writer {
    const hd_run *run;
    const hd_person_view *view;
    hd_explain_style style;
    hd_buf *out;
} writer;

static double bits(int32_t weight)
{
    return (double)weight / HD_WEIGHT_ONE;
}

static void line(writer *w, const char *key)
{
    hd_buf_add(w->out, hd_text_of(w->run->ruleset->catalogue, key));
    hd_buf_add_char(w->out, '\n');
}

static const char *digits(char text[16], uint32_t n)
{
    snprintf(text, 16, "%u", n);
    return text;
}

/* From 1, as members are listed. */
static uint32_t number_of(const writer *w, hd_mention i)
{
    uint32_t k = 0;
    while (w->view->member[k] != i)
        k++;
    return k + 1;
}

/* Letters of "source:record:role". */
static uint32_t name_width(const writer *w, hd_mention i)
{
    hd_buf name = {0};
    hd_mention_add_name(&name, &w->run->mentions, i);
    uint32_t width = hd_utf8_count(hd_buf_str(&name));
    hd_buf_release(&name);
    return width;
}

static uint32_t widest_name(const writer *w)
{
    uint32_t widest = 0;
    for (uint32_t i = 0; i < w->view->n; i++) {
        uint32_t width = name_width(w, w->view->member[i]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void add_members(writer *w)
{
    uint32_t field[HD_WHO_MAX], n_fields = hd_who_fields(&w->run->mentions, field);
    uint32_t widest = widest_name(w);
    char n[16], sources[16];
    hd_text_fill(w->out, w->run->ruleset->catalogue, "person.members", "n", digits(n, w->view->n),
                 "sources", digits(sources, w->view->n_sources), NULL);
    hd_buf_add_char(w->out, '\n');
    for (uint32_t i = 0; i < w->view->n; i++) {
        hd_buf_addf(w->out, "  #%-3u ", i + 1);
        hd_mention_add_name(w->out, &w->run->mentions, w->view->member[i]);
        hd_buf_addf(w->out, "%*s", (int)(widest - name_width(w, w->view->member[i])), "");
        for (uint32_t k = 0; k < n_fields; k++) {
            hd_buf_add(w->out, HD_STR("  "));
            hd_explain_value(w->run, w->style, w->view->member[i], field[k], w->out);
        }
        hd_buf_add_char(w->out, '\n');
    }
}

/* "姓名=相同 …": what was known on both sides. */
static void add_levels(writer *w, hd_pattern pattern)
{
    const hd_ruleset *ruleset = w->run->ruleset;
    for (uint32_t c = 0; c < ruleset->n_comparisons; c++) {
        uint32_t level = hd_plan_level(&w->run->plan, pattern, c);
        if (!level)
            continue;
        const hd_comparison *comparison = &ruleset->comparisons[c];
        hd_str name = hd_text_for(ruleset->catalogue, "comparison", comparison->code, NULL);
        hd_str text =
            hd_text_for(ruleset->catalogue, "level", comparison->levels[level - 1].code, NULL);
        hd_buf_addf(w->out, "  %.*s=%.*s", HD_ARG(name), HD_ARG(text));
    }
    hd_buf_add_char(w->out, '\n');
}

static void add_join(writer *w, uint32_t i)
{
    const hd_person_join *join = &w->view->join[i];
    hd_str pass = join->pass < 0 ? hd_text_of(w->run->ruleset->catalogue, "person.no_pass")
                                 : w->run->ruleset->passes[join->pass].code;
    hd_buf_addf(w->out, "  %3u. %+7.2f  #%u – #%u  (%u + %u)  %.*s", i + 1,
                bits(join->edge->weight), number_of(w, join->edge->a), number_of(w, join->edge->b),
                join->n_a, join->n_b, HD_ARG(pass));
    if (join->bridge) {
        hd_buf_add(w->out, HD_STR("  "));
        hd_buf_add(w->out, hd_text_of(w->run->ruleset->catalogue, "person.bridge"));
    }
    hd_buf_addf(w->out, "\n      ");
    add_levels(w, join->edge->pattern);
}

void hd_person_metrics_text(const hd_run *run, const hd_person_view *view, hd_buf *out)
{
    const hd_graph_metrics *m = &view->metrics;
    const writer w = {.run = run, .view = view};
    char edges[16], pairs[16], density[16], bridges[16], diameter[16], weakest[32], between[48];
    if (view->n < 2)
        return;
    snprintf(density, sizeof density, "%.2f", m->density);
    bool none = m->weakest.weight == HD_EDGE_MOST;
    snprintf(weakest, sizeof weakest, "%+.2f", none ? 0 : bits(m->weakest.weight));
    snprintf(between, sizeof between, "#%u – #%u", none ? 0 : number_of(&w, m->weakest.a),
             none ? 0 : number_of(&w, m->weakest.b));
    hd_text_fill(out, run->ruleset->catalogue, none ? "person.metrics_none" : "person.metrics",
                 "edges", digits(edges, m->n_edges), "pairs",
                 digits(pairs, view->n * (view->n - 1) / 2), "density", density, "bridges",
                 digits(bridges, m->n_bridges), "diameter", digits(diameter, m->diameter),
                 "weakest", weakest, "between", between, NULL);
    hd_buf_add_char(out, '\n');
}

static void add_apart(writer *w, const hd_person_apart *apart)
{
    const hd_clusters *clusters = &w->run->clusters;
    const hd_review *r = apart->review;
    bool own_first = clusters->of[r->a] == w->view->cluster;
    hd_mention own = own_first ? r->a : r->b, other = own_first ? r->b : r->a;
    hd_str why = hd_explain_review(w->run, r->conflict);
    hd_buf_addf(w->out, "  %+7.2f  #%u – ", bits(r->weight), number_of(w, own));
    hd_mention_add_name(w->out, &w->run->mentions, other);
    hd_buf_addf(w->out, " (%u)  %.*s\n",
                clusters->start[apart->cluster + 1] - clusters->start[apart->cluster], HD_ARG(why));
}

void hd_person_text(const hd_run *run, const hd_person_view *view, hd_explain_style style,
                    hd_buf *out)
{
    writer w = {run, view, style, out};
    add_members(&w);
    if (view->n_joins)
        line(&w, "person.grew");
    for (uint32_t i = 0; i < view->n_joins; i++)
        add_join(&w, i);
    hd_person_metrics_text(run, view, out);
    line(&w, view->n_apart ? "person.apart" : "person.apart_none");
    for (uint32_t i = 0; i < view->n_apart; i++)
        add_apart(&w, &view->apart[i]);
}
