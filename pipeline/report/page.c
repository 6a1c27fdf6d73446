#include <stdio.h>

#include "base/mem.h"
#include "pipeline/config/catalogue.h"
#include "pipeline/io/file.h"
#include "pipeline/notes.h"
#include "pipeline/report/html.h"
#include "pipeline/report/report.h"

typedef struct page {
    const hd_outcome *outcome;
    const hd_by_unit *units;
    uint64_t *by_rule; /* [rule] discrepancies */
    hd_buf *out;
} page;

static hd_str text(const page *p, const char *key)
{
    return hd_report_text(p->outcome, "report", hd_str_from(key));
}

/* `numbers`: bits of the columns that hold numbers. */
static void open_table(const page *p, const char *const *keys, uint32_t n, uint32_t numbers)
{
    hd_str heads[16];
    for (uint32_t i = 0; i < n; i++)
        heads[i] = text(p, keys[i]);
    hd_html_table_open(p->out, heads, n, numbers);
}

static void add_note(const page *p, const char *key)
{
    hd_buf_add(p->out, HD_STR("<p>"));
    hd_html_text(p->out, text(p, key));
    hd_buf_add(p->out, HD_STR("</p>\n"));
}

static void add_cards(const page *p)
{
    const hd_outcome *o = p->outcome;
    uint64_t rows = 0, rejected = 0;
    for (uint32_t s = 0; s < o->ruleset->n_sources; s++) {
        rows += o->extract->records[s].n_rows_read;
        rejected += o->extract->records[s].n_rejected;
    }
    const struct {
        const char *key;
        uint64_t number;
    } cards[] = {{"rows_read", rows},
                 {"rejected", rejected},
                 {"mentions", o->mentions->n},
                 {"persons", o->persons->n},
                 {"reviews", o->clusters->n_asked},
                 {"discrepancies", o->discrepancies->n}};
    hd_buf_add(p->out, HD_STR("<div class=\"cards\">\n"));
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++)
        hd_html_card(p->out, text(p, cards[i].key), cards[i].number);
    hd_buf_add(p->out, HD_STR("</div>\n"));
}

/* A line each, so that whoever reads but the page in the morning reads them. */
static void add_notes(const page *p)
{
    hd_buf notes = {0};
    hd_notes_add(p->outcome, &notes);
    for (const char *line = notes.ptr, *end; line && *line; line = end + 1) {
        end = strchr(line, '\n');
        hd_buf_add(p->out, HD_STR("<p class=\"note\">"));
        hd_html_text(p->out, (hd_str){line, (uint32_t)(end - line)});
        hd_buf_add(p->out, HD_STR("</p>\n"));
    }
    hd_buf_release(&notes);
}

static void add_sources(const page *p)
{
    static const char *const heads[] = {"source",   "type",     "files",    "rows_read", "linked",
                                        "rejected", "filtered", "mentions", "empty"};
    const hd_outcome *o = p->outcome;
    hd_html_heading(p->out, text(p, "sources"));
    open_table(p, heads, sizeof heads / sizeof *heads, 0x1FC);
    for (uint32_t s = 0; s < o->ruleset->n_sources; s++) {
        const hd_records *r = &o->extract->records[s];
        hd_html_row_open(p->out);
        hd_html_cell(p->out, o->ruleset->sources[s].code);
        hd_html_cell(p->out, hd_report_text(o, "type", o->ruleset->sources[s].type));
        if (r->n_files)
            hd_html_number(p->out, r->n_files);
        else
            hd_html_cell(p->out, HD_STR(""));
        uint64_t numbers[] = {
            r->n_rows_read,         r->n, r->n_rejected, r->n_filtered, o->mentions->n_mentions[s],
            o->mentions->n_empty[s]};
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
            hd_html_number(p->out, numbers[i]);
        hd_html_row_close(p->out);
    }
    hd_html_table_close(p->out);
}

static hd_str rule_text(const page *p, const hd_rule *rule, const char *what)
{
    return hd_text_for(p->outcome->ruleset->catalogue, "rule", rule->code, what);
}

static hd_str severity_text(const page *p, hd_severity severity)
{
    static const char *const codes[] = {"info", "warn", "error"};
    return hd_report_text(p->outcome, "severity", hd_str_from(codes[severity]));
}

static void add_severities(const page *p)
{
    static const char *const colours[] = {"var(--calm)", "var(--warn)", "var(--error)"};
    hd_part parts[3];
    for (int i = 0; i < 3; i++) {
        hd_severity severity = (hd_severity)(HD_SEVERITY_ERROR - i);
        parts[i] = (hd_part){severity_text(p, severity), 0, colours[severity]};
    }
    hd_html_legend(p->out, parts, 3);
}

/* A rule about a field that no source has is passed over: of other persons than a county's it would
 * stand there for nothing. */
static bool is_listed(const page *p, uint32_t rule)
{
    int16_t field = p->outcome->ruleset->rules[rule].field;
    return p->by_rule[rule] || field < 0 || p->outcome->mentions->column[field];
}

static void add_rules(const page *p)
{
    static const char *const heads[] = {"rule", "discrepancies", "severity", "kind"};
    const hd_ruleset *ruleset = p->outcome->ruleset;
    hd_html_heading(p->out, text(p, "by_rule"));
    hd_bar *bars = hd_alloc((ruleset->n_rules + 1) * sizeof *bars);
    for (uint32_t i = 0; i < ruleset->n_rules; i++)
        bars[i] = (hd_bar){rule_text(p, &ruleset->rules[i], "name"), p->by_rule[i],
                           (uint8_t)ruleset->rules[i].severity};
    hd_html_bars(p->out, text(p, "by_rule"), bars, ruleset->n_rules);
    hd_free(bars);
    if (p->outcome->discrepancies->n)
        add_severities(p);
    open_table(p, heads, sizeof heads / sizeof *heads, 0x2);
    for (uint32_t i = 0; i < ruleset->n_rules; i++) {
        const hd_rule *rule = &ruleset->rules[i];
        if (!is_listed(p, i))
            continue;
        hd_html_row_open(p->out);
        hd_html_help_cell(p->out, rule_text(p, rule, "name"), rule->code,
                          rule_text(p, rule, "help"));
        hd_html_number(p->out, p->by_rule[i]);
        hd_html_cell(p->out, severity_text(p, rule->severity));
        hd_html_cell(p->out, hd_report_text(p->outcome, "kind", rule->kind));
        hd_html_row_close(p->out);
    }
    hd_html_table_close(p->out);
}

/* Of a township that no list names, its county's; null: unknown, too. */
static hd_str division_name(const page *p, hd_str digits)
{
    const hd_divisions *divisions = p->outcome->ruleset->divisions;
    hd_division_code code = hd_division_read(digits);
    const hd_division *found = code ? hd_divisions_find(divisions, code) : NULL;
    if (code && !found)
        found = hd_divisions_find(divisions, hd_division_county(code));
    return found ? found->name : HD_STR_NULL;
}

static void add_units(const page *p)
{
    static const char *const heads[] = {"unit", "unit_name", "discrepancies", "error", "file"};
    const hd_outcome *o = p->outcome;
    hd_html_heading(p->out, text(p, "by_unit"));
    open_table(p, heads, sizeof heads / sizeof *heads, 0xC);
    for (uint32_t u = 0; u < p->units->n_units; u++) {
        uint64_t errors = 0;
        for (uint32_t i = p->units->start[u]; i < p->units->start[u + 1]; i++) {
            const hd_discrepancy *d = &o->discrepancies->item[p->units->order[i]];
            errors += o->ruleset->rules[d->rule].severity == HD_SEVERITY_ERROR;
        }
        bool known = !hd_str_empty(p->units->unit[u]);
        hd_str unit = known ? p->units->unit[u] : HD_STR("unknown");
        hd_html_row_open(p->out);
        hd_html_cell(p->out, known ? unit : HD_STR("–"));
        hd_html_cell(p->out, known ? division_name(p, unit) : text(p, "unit_unknown"));
        hd_html_number(p->out, p->units->start[u + 1] - p->units->start[u]);
        hd_html_number(p->out, errors);
        hd_buf_addf(p->out, "<td><a href=\"discrepancies/%.*s.csv\">%.*s.csv</a></td>",
                    HD_ARG(unit), HD_ARG(unit));
        hd_html_row_close(p->out);
    }
    hd_html_table_close(p->out);
}

static void add_review_note(const page *p)
{
    const hd_outcome *o = p->outcome;
    hd_buf line = {0};
    char n[24];
    snprintf(n, sizeof n, "%zu", o->clusters->n_review_persons - o->clusters->n_asked);
    hd_text_fill(&line, o->ruleset->catalogue, "report.review_note", "n", n, NULL);
    hd_buf_add(p->out, HD_STR("<p>"));
    hd_html_text(p->out, hd_buf_str(&line));
    hd_buf_add(p->out, HD_STR("</p>\n"));
    hd_buf_release(&line);
}

static void add_lists(const page *p)
{
    static const char *const lists[][2] = {{"review_list", "review.csv"},
                                           {"reject_list", "reject.csv"}};
    hd_html_heading(p->out, text(p, "lists"));
    for (int i = 0; i < 2; i++) {
        hd_buf_addf(p->out, "<p><a href=\"%s\">", lists[i][1]);
        hd_html_text(p->out, text(p, lists[i][0]));
        hd_buf_add(p->out, HD_STR("</a></p>\n"));
    }
    add_review_note(p);
    add_note(p, "answer_note");
    add_note(p, "lists_note");
}

static void add_passes(const page *p)
{
    static const char *const heads[] = {"pass",      "keyed",    "blocks",   "largest", "pairs",
                                        "new_pairs", "narrowed", "left_out", "refused"};
    const hd_outcome *o = p->outcome;
    hd_html_heading(p->out, text(p, "linkage"));
    open_table(p, heads, sizeof heads / sizeof *heads, 0x1FE);
    for (uint32_t i = 0; i < o->blocks->n_passes; i++) {
        const hd_pass_blocks *b = &o->blocks->pass[i];
        hd_html_row_open(p->out);
        hd_html_cell(p->out, o->ruleset->passes[i].code);
        uint64_t numbers[] = {
            b->n_keyed,    b->n_blocks,   b->largest,  b->n_pairs, o->edges->pass_pairs[i],
            b->n_narrowed, b->n_left_out, b->n_refused};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            hd_html_number(p->out, numbers[k]);
        hd_html_row_close(p->out);
    }
    hd_html_table_close(p->out);
    add_note(p, "linkage_note");
}

static void add_times(const page *p)
{
    static const char *const heads[] = {"stage", "seconds", "peak_mib"};
    const hd_outcome *o = p->outcome;
    hd_html_heading(p->out, text(p, "times"));
    open_table(p, heads, sizeof heads / sizeof *heads, 0x6);
    for (uint32_t i = 0; i < o->n_stages; i++) {
        hd_html_row_open(p->out);
        hd_html_cell(p->out, hd_report_text(o, "stage", hd_str_from(o->stage[i].stage)));
        hd_buf_addf(p->out, "<td class=\"n\">%.2f</td>", o->stage[i].seconds);
        hd_html_number(p->out, o->stage[i].peak_bytes >> 20);
        hd_html_row_close(p->out);
    }
    hd_html_table_close(p->out);
}

static void add_page(const page *p)
{
    const hd_outcome *o = p->outcome;
    hd_str place = division_name(p, o->ruleset->site);
    char day[16], site[128];
    snprintf(day, sizeof day, "%04d-%02d-%02d", o->as_of / 10000, o->as_of / 100 % 100,
             o->as_of % 100);
    hd_html_site(site, sizeof site, place, o->ruleset->site);
    hd_buf line = {0};
    hd_html_open(p->out, text(p, "title"),
                 hd_str_eq(o->ruleset->language, HD_STR("en")) ? "en" : "zh-CN");
    hd_text_fill(&line, o->ruleset->catalogue, "report.subtitle", "site", site, "day", day, "run",
                 o->run_id.ptr, NULL);
    hd_buf_add(p->out, HD_STR("<p>"));
    hd_html_text(p->out, hd_buf_str(&line));
    hd_buf_add(p->out, HD_STR("</p>\n"));
    hd_buf_release(&line);
    add_cards(p);
    add_notes(p);
    add_sources(p);
    add_rules(p);
    add_units(p);
    add_lists(p);
    add_passes(p);
    add_times(p);
    add_note(p, "masked_note");
    hd_html_close(p->out);
}

hd_status hd_report_page(hd_ctx *ctx, const hd_outcome *outcome, const hd_by_unit *units,
                         const char *folder)
{
    hd_buf out = {0};
    page p = {outcome, units, NULL, &out};
    p.by_rule = hd_alloc_zero(outcome->ruleset->n_rules + 1u, sizeof *p.by_rule);
    for (size_t i = 0; i < outcome->discrepancies->n; i++)
        p.by_rule[outcome->discrepancies->item[i].rule]++;
    add_page(&p);
    char path[4096];
    snprintf(path, sizeof path, "%s/report.html", folder);
    hd_status status = hd_file_write(ctx, path, 0600, hd_buf_str(&out));
    hd_free(p.by_rule);
    hd_buf_release(&out);
    return status;
}
